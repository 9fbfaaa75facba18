#include "engine/completion_place.h"

#include "engine/occurrences.h"
#include "model/identifier.h"
#include "syntax/sql_lex.h"

enum { MAX_TOKENS = 4096 };

typedef Vec(SqlToken) SqlTokenVec;

/* The tokens of a statement up to the name that is being typed. */
typedef struct {
    Arena *scratch;
    Str text;
    Dialect dialect;
    SqlTokenVec tokens;
} Words;

static bool is_word(const Words *w, uint32_t back, const char *word)
{
    return back < w->tokens.n &&
           sql_token_is(w->text, w->tokens.items[w->tokens.n - 1 - back], word);
}

static bool starts_with(const Words *w, uint32_t index, const char *word)
{
    return index < w->tokens.n && sql_token_is(w->text, w->tokens.items[index], word);
}

static bool is_symbol(const Words *w, uint32_t index, char symbol)
{
    return index < w->tokens.n && sql_token_is_symbol(w->text, w->tokens.items[index], symbol);
}

/* ---- names ---- */

static bool read_part(const Words *w, uint32_t index, Str *name)
{
    if (index >= w->tokens.n)
        return false;
    SqlToken token = w->tokens.items[index];
    Str text = sql_token_text(w->text, token);
    if (token.kind == SQL_TOKEN_QUOTED_NAME) {
        Range inside = sql_token_inside(w->text, token);
        *name = str_slice(w->text, inside.start, inside.end);
        return true;
    }
    if (token.kind != SQL_TOKEN_WORD)
        return false;
    *name = w->dialect == DIALECT_POSTGRESQL ? str_lower(w->scratch, text) : text;
    return true;
}

/* The name that ends before token `end`: "t" or "s.t". Leaves `*start` at its first token. */
static bool read_name_before(const Words *w, uint32_t end, uint32_t *start, CompletionPlace *place)
{
    if (end == 0 || !read_part(w, end - 1, &place->table))
        return false;
    *start = end - 1;
    if (end >= 3 && is_symbol(w, end - 2, '.') && read_part(w, end - 3, &place->schema))
        *start = end - 3;
    return true;
}

/* ---- contexts ---- */

/* CREATE [UNIQUE] INDEX … */
static bool is_index(const Words *w)
{
    return starts_with(w, 0, "CREATE") &&
           (starts_with(w, 1, "INDEX") ||
            (starts_with(w, 1, "UNIQUE") && starts_with(w, 2, "INDEX")));
}

static bool is_before_table(const Words *w)
{
    static const char *const words[] = {"REFERENCES", "FROM", "JOIN", "INTO", "UPDATE", "TRUNCATE"};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
        /* ON UPDATE and FOR UPDATE are of no table. */
        if (is_word(w, 0, words[i]) && !is_word(w, 1, "ON") && !is_word(w, 1, "FOR"))
            return true;
    }
    if (is_word(w, 0, "ON"))
        return is_index(w) || (starts_with(w, 0, "CREATE") &&
                               (starts_with(w, 1, "POLICY") || starts_with(w, 1, "TRIGGER")));
    uint32_t back = is_word(w, 0, "ONLY") ? 1 : 0;
    if (is_word(w, back, "EXISTS") && is_word(w, back + 1, "IF"))
        back += 2;
    return is_word(w, back, "TABLE") &&
           (is_word(w, back + 1, "ALTER") || is_word(w, back + 1, "DROP") ||
            is_word(w, back + 1, "TRUNCATE"));
}

/* Where squawk's server offers the tables of the file by itself, as of its version 2.66: behind
 * DELETE FROM only before a letter is typed. */
static bool is_squawks(const Words *w, Range typed)
{
    uint32_t back = is_word(w, 0, "TABLE") ? 1 : 0;
    return is_word(w, back, "TRUNCATE") ||
           (is_word(w, 0, "FROM") && is_word(w, 1, "DELETE") && range_is_empty(typed));
}

/* The parenthesis that is open at the end; UINT32_MAX: none. */
static uint32_t open_parenthesis(const Words *w)
{
    uint32_t depth = 0;
    for (uint32_t i = w->tokens.n; i-- > 0;) {
        if (is_symbol(w, i, ')'))
            depth++;
        else if (is_symbol(w, i, '(') && depth-- == 0)
            return i;
    }
    return UINT32_MAX;
}

/* ALTER TABLE [ONLY] [IF EXISTS] t: its name, and the token behind it. */
static bool read_altered(const Words *w, uint32_t *behind, CompletionPlace *place)
{
    if (!starts_with(w, 0, "ALTER") || !starts_with(w, 1, "TABLE"))
        return false;
    uint32_t i = 2;
    if (starts_with(w, i, "IF") && starts_with(w, i + 1, "EXISTS"))
        i += 2;
    i += starts_with(w, i, "ONLY");
    if (is_symbol(w, i + 1, '.'))
        i += 2;
    *behind = i + 1;
    uint32_t start;
    return read_name_before(w, i + 1, &start, place);
}

/* In the list of a reference, an index, an INSERT, a key of an altered table. */
static bool is_in_column_list(const Words *w, CompletionPlace *place)
{
    uint32_t open = open_parenthesis(w), last = w->tokens.n - 1, start, behind;
    if (open == UINT32_MAX || open == 0 || (last != open && !is_symbol(w, last, ',')))
        return false;
    if (starts_with(w, open - 1, "KEY") || starts_with(w, open - 1, "UNIQUE"))
        return read_altered(w, &behind, place);
    uint32_t end = open;
    if (is_index(w) && end >= 3 && starts_with(w, end - 2, "USING"))
        end -= 2;
    if (!read_name_before(w, end, &start, place) || start == 0)
        return false;
    return starts_with(w, start - 1, "REFERENCES") || starts_with(w, start - 1, "INTO") ||
           (is_index(w) && starts_with(w, start - 1, "ON"));
}

/* ALTER TABLE t DROP COLUMN, ALTER COLUMN, RENAME COLUMN. */
static bool is_altered_column(const Words *w, CompletionPlace *place)
{
    uint32_t behind;
    bool is_column = is_word(w, 0, "COLUMN") &&
                     (is_word(w, 1, "DROP") || is_word(w, 1, "ALTER") || is_word(w, 1, "RENAME"));
    return is_column && read_altered(w, &behind, place);
}

/* UPDATE t SET */
static bool is_set_column(const Words *w, CompletionPlace *place)
{
    uint32_t start;
    return is_word(w, 0, "SET") && starts_with(w, 0, "UPDATE") &&
           read_name_before(w, w->tokens.n - 1, &start, place) && start == 1;
}

static CompletionPlace judge(const Words *w, Range typed)
{
    CompletionPlace place = {.typed = typed};
    if (w->tokens.n == 0)
        return place;
    if (is_before_table(w)) {
        place.kind = COMPLETE_TABLES;
        place.is_squawks = is_squawks(w, typed);
    } else if (is_in_column_list(w, &place) || is_altered_column(w, &place) ||
               is_set_column(w, &place)) {
        place.kind = COMPLETE_COLUMNS;
    }
    return place;
}

static CompletionPlace place_in_sql(Arena *scratch, const Source *source, uint32_t at)
{
    Words w = {.scratch = scratch, .dialect = source->file->dialect};
    Str bytes = text_bytes(source->file->text);
    uint32_t end = at; /* a statement ends before the white space behind it */
    while (end > 0 && strchr(" \t\r\n", bytes.data[end - 1]))
        end--;
    const PlacedFragment *placed = source_fragment_at(source, end);
    uint32_t start = placed ? placed->start : at;
    if (at - start > COMPLETION_MAX_BYTES)
        return (CompletionPlace){0};
    w.text = str_slice(bytes, start, at);
    Range typed = {at, at};
    for (uint32_t next = 0;;) {
        SqlToken token = sql_lex(w.text, next, w.dialect);
        if (token.kind == SQL_TOKEN_END)
            break;
        if (token.is_open || w.tokens.n == MAX_TOKENS)
            return (CompletionPlace){0}; /* in a comment, a string, a quoted name */
        next = token.end;
        if (token.kind == SQL_TOKEN_COMMENT)
            continue;
        if (token.kind == SQL_TOKEN_WORD && token.end == w.text.length)
            typed.start = start + token.start; /* it is the one being typed */
        else
            VEC_PUSH(scratch, &w.tokens, token);
    }
    return judge(&w, typed);
}

/* ---- Python ---- */

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || (unsigned char)c >= 0x80;
}

/* The string of ForeignKey("…": its text is a name so far, and what is before it says so. */
static CompletionPlace place_in_python(const Source *source, uint32_t at)
{
    Str bytes = text_bytes(source->file->text);
    uint32_t start = at;
    while (start > 0 && is_name_byte(bytes.data[start - 1]) && at - start < 256)
        start--;
    CompletionPlace place = {.typed = {start, at}};
    if (start == 0 || (bytes.data[start - 1] != '"' && bytes.data[start - 1] != '\''))
        return place;
    Str before = str_trim(str_slice(bytes, start > 256 ? start - 256 : 0, start - 1));
    if (str_ends_with(before, STR("ForeignKey(")))
        place.kind = COMPLETE_TABLE_COLUMNS;
    return place;
}

CompletionPlace completion_place(Arena *scratch, const Source *source, uint32_t at)
{
    switch (source->file->language) {
    case FILE_SQL:
        return place_in_sql(scratch, source, at);
    case FILE_PYTHON:
        return place_in_python(source, at);
    case FILE_PRISMA:
        break; /* its own server completes it */
    }
    return (CompletionPlace){0};
}
