/* The name that PostgreSQL gives to an output column or index element without an alias.
 *
 * FigureColname() walks the parse tree; here it is read off the text, which is all that is
 * kept of an expression. Names have strengths: a column's or function's is firm, a cast's
 * type and "case" give way to a firm name inside. */
#include "model/generated_name.h"

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static Str strip_parentheses(Str text)
{
    for (;;) {
        text = str_trim(text);
        if (text.length < 2 || text.data[0] != '(' || text.data[text.length - 1] != ')')
            return text;
        uint32_t depth = 0;
        for (uint32_t i = 0; i + 1 < text.length; i++) {
            if (text.data[i] == '(')
                depth++;
            else if (text.data[i] == ')' && --depth == 0)
                return text;
        }
        text = str_slice(text, 1, text.length - 1);
    }
}

/* The end of the parenthesis that opens at `at`, after it; 0 where it does not close. */
static uint32_t after_parenthesis(Str text, uint32_t at)
{
    uint32_t depth = 0;
    for (; at < text.length; at++) {
        char c = text.data[at];
        if (c == '\'') {
            uint32_t close = str_find(text, STR("'"), at + 1);
            if (close == UINT32_MAX)
                return 0;
            at = close;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && --depth == 0) {
            return at + 1;
        }
    }
    return 0;
}

/* Reads a name with its qualifiers; returns its last part and moves *at behind it. */
static Str read_last_name(Arena *out, Str text, uint32_t *at)
{
    Str name = {0};
    for (;;) {
        uint32_t start = *at;
        if (*at < text.length && text.data[*at] == '"') {
            uint32_t close = str_find(text, STR("\""), *at + 1);
            if (close == UINT32_MAX)
                return (Str){0};
            name = str_slice(text, start + 1, close);
            *at = close + 1;
        } else {
            while (*at < text.length && is_name_char(text.data[*at]))
                (*at)++;
            if (*at == start)
                return (Str){0};
            name = str_lower(out, str_slice(text, start, *at));
        }
        if (*at >= text.length || text.data[*at] != '.')
            return name;
        (*at)++;
    }
}

/* PostgreSQL's catalog name of a type, which is what a cast's column is called. */
static Str catalog_type_name(Arena *out, Str type)
{
    static const char *const pairs[][2] = {
        {"integer", "int4"},     {"int", "int4"},    {"bigint", "int8"},   {"smallint", "int2"},
        {"boolean", "bool"},     {"real", "float4"}, {"double", "float8"}, {"decimal", "numeric"},
        {"character", "bpchar"}, {"char", "bpchar"}, {"float", "float8"},
    };
    uint32_t at = 0;
    type = str_trim(type);
    Str name = read_last_name(out, type, &at);
    if (str_equal(name, STR("character")) && str_contains(str_lower(out, type), STR("varying")))
        return STR("varchar");
    if (str_starts_with(name, STR("time")) && str_contains(str_lower(out, type), STR("with time")))
        return str_equal(name, STR("time")) ? STR("timetz") : STR("timestamptz");
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (str_equal(name, str_from(pairs[i][0])))
            return str_from(pairs[i][1]);
    }
    return name;
}

/* Finds a `::` outside parentheses and quotes, the last one; UINT32_MAX where there is none. */
static uint32_t find_cast(Str text)
{
    uint32_t found = UINT32_MAX, depth = 0;
    char quote = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' || c == '[') {
            depth++;
        } else if ((c == ')' || c == ']') && depth > 0) {
            depth--;
        } else if (depth == 0 && c == ':' && i + 1 < text.length && text.data[i + 1] == ':') {
            found = i++;
        } else if (depth == 0 && str_find(STR("+-*/<>=|&^%~!#?"), str_of(&c, 1), 0) != UINT32_MAX) {
            return UINT32_MAX - 1; /* an operator: no name at all */
        }
    }
    return found;
}

typedef enum { NAMELESS, WEAK, FIRM } Strength;

typedef struct {
    Str name;
    Strength strength;
} Figured;

static Figured name_of_text(Arena *out, Str text, uint32_t depth);

static Figured weak(Str name)
{
    return (Figured){.name = name, .strength = WEAK};
}

static Figured firm(Str name)
{
    return (Figured){.name = name, .strength = FIRM};
}

/* Where `word` stands by itself outside parentheses and quotes, from `at` on; UINT32_MAX: nowhere.
 */
static uint32_t find_word(Str text, Str word, uint32_t at, bool last)
{
    uint32_t found = UINT32_MAX, depth = 0;
    char quote = 0;
    for (uint32_t i = at; i < text.length; i++) {
        char c = text.data[i];
        if (quote) {
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(') {
            depth++;
        } else if (c == ')' && depth > 0) {
            depth--;
        } else if (depth == 0 && is_name_char(c)) {
            uint32_t end = i;
            while (end < text.length && is_name_char(text.data[end]))
                end++;
            if (str_equal_ignore_case(str_slice(text, i, end), word)) {
                found = i;
                if (!last)
                    return found;
            }
            i = end - 1;
        }
    }
    return found;
}

static bool starts_with_word(Str text, const char *word)
{
    uint32_t length = (uint32_t)strlen(word);
    return str_equal_ignore_case(str_slice(text, 0, length), str_from(word)) &&
           (text.length == length || !is_name_char(text.data[length]));
}

/* CASE … ELSE x END: x's name where it is firm. */
static Figured name_of_case(Arena *out, Str text, uint32_t depth)
{
    uint32_t end = find_word(text, STR("end"), 0, true);
    uint32_t otherwise = find_word(text, STR("else"), 0, true);
    if (end == UINT32_MAX || str_trim(str_slice(text, end + 3, text.length)).length > 0)
        return (Figured){.strength = NAMELESS};
    if (otherwise != UINT32_MAX && otherwise < end) {
        Figured inner = name_of_text(out, str_slice(text, otherwise + 4, end), depth + 1);
        if (inner.strength == FIRM)
            return inner;
    }
    return weak(STR("case"));
}

/* (SELECT x …): the name of its only output. */
static Figured name_of_subselect(Arena *out, Str text, uint32_t depth)
{
    uint32_t from = find_word(text, STR("from"), 0, false);
    Str list = str_trim(str_slice(text, 6, from == UINT32_MAX ? text.length : from));
    uint32_t as = find_word(list, STR("as"), 0, true);
    if (as != UINT32_MAX) {
        uint32_t at = 0;
        return firm(read_last_name(out, str_trim(str_slice(list, as + 2, list.length)), &at));
    }
    return name_of_text(out, list, depth + 1);
}

/* What SQL's own forms of functions are called inside. */
static Str catalog_function(Arena *out, Str name, Str arguments)
{
    if (!str_equal(name, STR("trim")))
        return name;
    Str lower = str_lower(out, str_trim(arguments));
    if (str_starts_with(lower, STR("leading")))
        return STR("ltrim");
    return str_starts_with(lower, STR("trailing")) ? STR("rtrim") : STR("btrim");
}

static Figured name_of_call(Arena *out, Str text, Str name, uint32_t open, uint32_t depth)
{
    uint32_t end = after_parenthesis(text, open);
    if (end == 0)
        return (Figured){.strength = NAMELESS};
    Str inside = str_slice(text, open + 1, end - 1);
    Str rest = str_trim(str_slice(text, end, text.length));
    bool goes_on = rest.length == 0 || starts_with_word(rest, "over") ||
                   starts_with_word(rest, "filter") || starts_with_word(rest, "within") ||
                   starts_with_word(rest, "collate");
    if (starts_with_word(rest, "at"))
        return firm(STR("timezone"));
    if (!goes_on)
        return (Figured){.strength = NAMELESS};
    if (!str_equal(name, STR("cast")))
        return firm(catalog_function(out, name, inside));
    uint32_t as = find_word(inside, STR("as"), 0, true);
    if (as == UINT32_MAX)
        return (Figured){.strength = NAMELESS};
    Figured own = name_of_text(out, str_slice(inside, 0, as), depth + 1);
    if (own.strength == FIRM)
        return own;
    return weak(catalog_type_name(out, str_slice(inside, as + 2, inside.length)));
}

static Figured name_of_word(Arena *out, Str text, uint32_t depth)
{
    uint32_t at = 0;
    Str name = read_last_name(out, text, &at);
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\n'))
        at++;
    Str rest = str_slice(text, at, text.length);
    bool is_quoted = text.data[0] == '"';
    if (rest.length == 0) {
        if (!is_quoted && str_equal(name, STR("null")))
            return (Figured){.strength = NAMELESS};
        if (!is_quoted && (str_equal(name, STR("true")) || str_equal(name, STR("false"))))
            return weak(STR("bool"));
        return firm(name);
    }
    if (rest.data[0] == '(')
        return name_of_call(out, text, name, at, depth);
    if (rest.data[0] == '[') /* an element of an array is called like the array */
        return str_ends_with(str_trim(rest), STR("]")) ? firm(name)
                                                       : (Figured){.strength = NAMELESS};
    if (starts_with_word(rest, "collate"))
        return firm(name);
    if (starts_with_word(rest, "at") && !is_quoted)
        return firm(STR("timezone"));
    if (rest.data[0] == '\'' && name.length > 1) /* date '2020-01-01' */
        return weak(catalog_type_name(out, name));
    return (Figured){.strength = NAMELESS};
}

/* a IS NULL, a AND b: conditions have no name. */
static bool is_condition(Str text)
{
    static const char *const words[] = {"and",   "or",      "not",    "is",      "in",     "like",
                                        "ilike", "between", "isnull", "notnull", "similar"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (find_word(text, str_from(words[i]), 0, false) != UINT32_MAX)
            return true;
    }
    return false;
}

static Figured name_of_text(Arena *out, Str text, uint32_t depth)
{
    enum { NESTING = 16, LONGEST = 4096 /* nobody's column */ };
    text = strip_parentheses(text);
    if (text.length == 0 || text.length > LONGEST || depth > NESTING)
        return (Figured){.strength = NAMELESS};
    if (starts_with_word(text, "case"))
        return name_of_case(out, text, depth);
    if (starts_with_word(text, "select"))
        return name_of_subselect(out, text, depth);
    uint32_t cast = find_cast(text);
    if (cast == UINT32_MAX - 1 || is_condition(text))
        return (Figured){.strength = NAMELESS};
    if (cast != UINT32_MAX) {
        Figured own = name_of_text(out, str_slice(text, 0, cast), depth + 1);
        if (own.strength == FIRM)
            return own;
        return weak(catalog_type_name(out, str_slice(text, cast + 2, text.length)));
    }
    bool is_name = text.data[0] == '"' ||
                   (is_name_char(text.data[0]) && !(text.data[0] >= '0' && text.data[0] <= '9'));
    return is_name ? name_of_word(out, text, depth) : (Figured){.strength = NAMELESS};
}

Str generated_expression_name(Arena *out, const Expression *expression)
{
    if (expression->kind == EXPRESSION_COLUMN && expression->columns.n > 0)
        return expression->columns.items[expression->columns.n - 1].column.text;
    return name_of_text(out, expression->text, 0).name;
}
