#include "consult/check/shapes.h"

#include "model/reserved_words.h"

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

/* An identifier, bare or quoted, at `at`; its end, or `at`. */
static uint32_t identifier_end(Str text, uint32_t at)
{
    if (at >= text.length)
        return at;
    char quote = text.data[at];
    if (quote == '"' || quote == '[') {
        char close = quote == '[' ? ']' : quote;
        uint32_t end = at + 1;
        while (end < text.length && text.data[end] != close)
            end++;
        return end < text.length && end > at + 1 ? end + 1 : at;
    }
    uint32_t end = at;
    while (end < text.length && is_name_byte(text.data[end]))
        end++;
    return end > at && !(text.data[at] >= '0' && text.data[at] <= '9') ? end : at;
}

static Str unquoted(Str name)
{
    return name.length >= 2 && strchr("\"[", name.data[0]) ? str_slice(name, 1, name.length - 1)
                                                           : name;
}

bool shape_dotted(Str text, Dotted *dotted)
{
    uint32_t at = 0;
    *dotted = (Dotted){0};
    for (;;) {
        uint32_t end = identifier_end(text, at);
        if (end == at && dotted->n > 0 && at < text.length && text.data[at] == '*')
            end = at + 1;
        if (end == at || dotted->n == 3)
            return false;
        dotted->parts[dotted->n++] = unquoted(str_slice(text, at, end));
        at = end;
        if (at >= text.length || text.data[at] != '.')
            break;
        at++;
    }
    dotted->end = at;
    return true;
}

bool shape_is_file_ending(Str word)
{
    static const char *const endings[] = {
        "sql",  "py",   "ts",   "js",  "tsx", "jsx",  "mjs",  "cjs", "prisma", "md",   "json",
        "yml",  "yaml", "toml", "csv", "sh",  "txt",  "lock", "ini", "cfg",    "conf", "env",
        "html", "css",  "rs",   "go",  "rb",  "java", "xml",  "log", "mako",   "io",   "com",
        "org",  "dev",  "net",  "gz",  "zip", "dump", "key",  "pem"};
    return str_is_among_ignore_case(word, endings, sizeof endings / sizeof *endings);
}

bool shape_is_shouted(Str word)
{
    for (uint32_t i = 0; i < word.length; i++)
        if (word.data[i] >= 'a' && word.data[i] <= 'z')
            return false;
    return true;
}

/* Words of SQL: types, methods of indexes, keywords. */
bool shape_is_language(Arena *scratch, Dialect dialect, Str word)
{
    static const char *const words[] = {
        "btree",         "hash",        "gin",          "gist",      "brin",      "spgist",
        "bloom",         "unique",      "partial",      "serial",    "bigserial", "enum",
        "cascade",       "restrict",    "concurrently", "identity",  "now",       "uuid",
        "jsonb",         "timestamptz", "null",         "default",   "rowid",     "fulltext",
        "spatial",       "generated",   "covering",     "composite", "postgres",  "postgresql",
        "mysql",         "sqlite",      "public",       "true",      "false",     "anon",
        "authenticated", "service_role"};
    if (str_is_among_ignore_case(word, words, sizeof words / sizeof *words))
        return true;
    ColumnType type = type_parse(scratch, dialect, word);
    return reserved_word_is(dialect, word) ||
           (type.family != TYPE_OTHER && type.family != TYPE_UNKNOWN);
}

/* What an ORM puts on each of its classes. */
bool shape_is_of_every_class(Str word)
{
    static const char *const words[] = {
        "query",   "objects",   "metadata",   "registry", "session",    "model",      "schema",
        "id",      "c",         "columns",    "create",   "createMany", "update",     "updateMany",
        "upsert",  "delete",    "deleteMany", "findMany", "findFirst",  "findUnique", "count",
        "groupBy", "aggregate", "select",     "find",     "save",       "where",      "all"};
    return str_is_among(word, words, sizeof words / sizeof *words) ||
           str_starts_with(word, STR("__"));
}

/* ---- lists ---- */

bool shape_next_item(Str list, uint32_t *at, Str *item)
{
    uint32_t start = *at, depth = 0, i = start;
    if (start >= list.length)
        return false;
    for (; i < list.length; i++) {
        char c = list.data[i];
        depth += c == '(';
        depth -= c == ')' && depth > 0;
        if (c == ',' && depth == 0)
            break;
    }
    *item = str_trim(str_slice(list, start, i));
    *at = i + 1;
    return true;
}

Str shape_item_column(Str item)
{
    uint32_t end = identifier_end(item, 0);
    Str rest = str_trim(str_slice(item, end, item.length));
    static const char *const words[] = {"", "asc", "desc", "nulls", "desc nulls", "asc nulls"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        Str word = str_from(words[i]);
        if (end > 0 &&
            (word.length == 0 ? rest.length == 0
                              : str_equal_ignore_case(str_slice(rest, 0, word.length), word)))
            return unquoted(str_slice(item, 0, end));
    }
    return (Str){0};
}
