#include "model/identifier.h"

#include "base/hash.h"
#include "base/panic.h"
#include "model/reserved_words.h"

static bool is_plain(Dialect dialect, Str name)
{
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || c == '_' ||
                         (c >= 'A' && c <= 'Z' && dialect_ignores_case(dialect));
        bool is_later = (c >= '0' && c <= '9') || (c == '$' && dialect == DIALECT_MYSQL);
        if (!is_letter && !(is_later && i > 0))
            return false;
    }
    return name.length > 0;
}

/* `text` between quotes, with the closing quote doubled inside. */
static Str quoted(Arena *out, Str text, char open, char close, bool doubles_backslash)
{
    char *result = arena_alloc_raw(out, (size_t)text.length * 2 + 2);
    size_t n = 0;
    result[n++] = open;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] == close || (doubles_backslash && text.data[i] == '\\'))
            result[n++] = text.data[i];
        result[n++] = text.data[i];
    }
    result[n++] = close;
    return str_of(result, n);
}

bool identifier_is_template(Str name)
{
    static const char *const pairs[][2] = {{"{{", "}}"}, {"${", "}"}, {"#{", "}"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        Str open = str_from(pairs[i][0]), close = str_from(pairs[i][1]);
        if (!str_starts_with(name, open) || name.length < open.length + close.length)
            continue;
        Str inside = str_slice(name, open.length, name.length);
        return str_find(inside, close, 0) == inside.length - close.length &&
               !str_contains(inside, STR(";")) && !str_contains(inside, STR("--")) &&
               !str_contains(inside, STR("/*")) && !str_contains(inside, STR("\n"));
    }
    return false;
}

Str sql_identifier(Arena *out, Dialect dialect, Str name)
{
    if ((is_plain(dialect, name) && !reserved_word_is(dialect, name)) ||
        identifier_is_template(name))
        return name;
    if (dialect == DIALECT_MYSQL)
        return quoted(out, name, '`', '`', false);
    if (dialect == DIALECT_SQLSERVER)
        return quoted(out, name, '[', ']', false);
    return quoted(out, name, '"', '"', false);
}

Str sql_string(Arena *out, Dialect dialect, Str text)
{
    return quoted(out, text, '\'', '\'', dialect == DIALECT_MYSQL);
}

bool identifier_equal(Dialect dialect, Str a, Str b)
{
    return dialect_ignores_case(dialect) ? str_equal_ignore_case(a, b) : str_equal(a, b);
}

void identifier_key_add(IdentifierKey *key, Dialect dialect, Str name)
{
    enum { LONGEST = 300, SUFFIX = 8 }; /* three names fit */
    CHECK(key->length + LONGEST + SUFFIX + 1 <= sizeof key->bytes);
    bool folds = dialect_ignores_case(dialect);
    if (key->length > 0)
        key->bytes[key->length++] = '\x1f';
    uint32_t n = name.length < LONGEST ? name.length : LONGEST;
    if (n > 0)
        memcpy(key->bytes + key->length, name.data, n);
    for (uint32_t i = key->length; folds && i < key->length + n; i++) {
        char c = key->bytes[i];
        key->bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    key->length += n;
    if (n < name.length) {
        uint64_t hash = hash_str(name);
        memcpy(key->bytes + key->length, &hash, sizeof hash);
        key->length += (uint32_t)sizeof hash;
    }
}
