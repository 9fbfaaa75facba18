/* SQL within Python's strings, with the places of its parts
 *
 *     op.execute("UPDATE orders "            UPDATE orders
 *                "SET note = 'it\'s'")                   SET note = 'it 's'    <- not the same
 *
 * The SQL is written into a text as long as the Python that holds it, each byte where it stands;
 * quotes, prefixes, gaps between the pieces and the first bytes of escapes are blanks. Then every
 * place that the SQL frontend makes is right by construction. It fails where a blank falls inside a
 * token: a word cut in two by a piece's end, an escape within an SQL string. So the tokens of that
 * text are held against those of the string's value; where they differ the value itself is lowered
 * and places only stand near.
 *
 * A hole of an f-string is something that only the running program knows: it is filled up with a
 * word, and the statement around it is opaque. */
#include "frontends/python/sql_literal.h"

#include <string.h>

#include "syntax/sql_lex.h"

typedef struct {
    Str source; /* the Python text of the literal */
    uint32_t at;
    char *blanked; /* as long as source */
    char *value;   /* what has been put together */
    uint32_t length;
    SqlHoleVec holes; /* in `blanked` */
    Arena *out;
    bool has_unknown_escape;
} Unquoting;

/* --- Python's literals --- */

static char source_at(const Unquoting *u, uint32_t at)
{
    return at < u->source.length ? u->source.data[at] : '\0';
}

static void put(Unquoting *u, uint32_t at, char byte)
{
    u->blanked[at] = byte;
    u->value[u->length++] = byte;
}

/* At a backslash: what it stands for goes to the end of what is written. */
static void take_escape(Unquoting *u)
{
    static const char letters[] = "n\nt\tr\rb\bf\fv\va\a";
    uint32_t start = u->at;
    char c = source_at(u, start + 1);
    u->at += 2;
    if (c == '\n' || (c == '\r' && source_at(u, u->at) != '\n'))
        return; /* a continued line */
    if (c == '\r') {
        u->at++;
        return;
    }
    if (c == '\\' || c == '\'' || c == '"') {
        put(u, start + 1, c);
        return;
    }
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if (letters[i] == c) {
            put(u, start + 1, letters[i + 1]);
            return;
        }
    }
    uint32_t value;
    if (c == 'x' && str_hex(u->source, start + 2, 2, &value) && value < 0x80 && value != 0) {
        put(u, start + 3, (char)value);
        u->at = start + 4;
        return;
    }
    /* Unicode and octal escapes, \N{…}: rare in SQL */
    u->has_unknown_escape |= c == 'x' || c == 'u' || c == 'U' || c == 'N' || (c >= '0' && c <= '7');
    put(u, start, '\\'); /* unknown ones keep their backslash */
    put(u, start + 1, c);
}

/* At an opening brace of an f-string. */
static void take_hole(Unquoting *u)
{
    uint32_t start = u->at, depth = 0;
    for (; u->at < u->source.length; u->at++) {
        char c = source_at(u, u->at);
        depth += c == '{';
        if (c == '}' && --depth == 0)
            break;
    }
    uint32_t end = u->at < u->source.length ? ++u->at : u->at;
    for (uint32_t i = start; i < end; i++)
        put(u, i, 'x');
    VEC_PUSH(u->out, &u->holes, ((Range){start, end}));
}

static void take_literal(Unquoting *u, bool is_raw, bool is_formatted)
{
    char quote = source_at(u, u->at);
    bool is_triple = source_at(u, u->at + 1) == quote && source_at(u, u->at + 2) == quote;
    u->at += is_triple ? 3 : 1;
    while (u->at < u->source.length) {
        char c = source_at(u, u->at);
        bool is_end =
            c == quote &&
            (!is_triple || (source_at(u, u->at + 1) == quote && source_at(u, u->at + 2) == quote));
        if (is_end) {
            u->at += is_triple ? 3 : 1;
            return;
        }
        bool is_brace = is_formatted && (c == '{' || c == '}');
        if (c == '\\' && !is_raw && u->at + 1 < u->source.length) {
            take_escape(u);
        } else if (is_brace && source_at(u, u->at + 1) == c) {
            put(u, u->at + 1, c);
            u->at += 2;
        } else if (is_brace && c == '{') {
            take_hole(u);
        } else if (c == '\\' && is_raw && u->at + 1 < u->source.length) {
            put(u, u->at, c);
            put(u, u->at + 1, source_at(u, u->at + 1));
            u->at += 2;
        } else {
            put(u, u->at, c);
            u->at++;
        }
    }
}

/* All pieces of "a" 'b' f"c"; false where the text is no such thing. */
static bool unquote(Unquoting *u)
{
    while (u->at < u->source.length) {
        char c = source_at(u, u->at);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\\') {
            u->at++;
        } else if (c == '#') {
            while (u->at < u->source.length && source_at(u, u->at) != '\n')
                u->at++;
        } else {
            bool is_raw = false, is_formatted = false;
            for (uint32_t i = 0; i < 2 && c != '"' && c != '\''; i++) {
                is_raw |= (c | 0x20) == 'r';
                is_formatted |= (c | 0x20) == 'f';
                c = source_at(u, ++u->at);
            }
            if (c != '"' && c != '\'')
                return false;
            take_literal(u, is_raw, is_formatted);
        }
    }
    return !u->has_unknown_escape;
}

/* text() lets a colon be written "\:". */
static void drop_colon_escapes(char *text, uint32_t *length, bool keeps_length)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < *length; i++) {
        bool is_escape = text[i] == '\\' && i + 1 < *length && text[i + 1] == ':';
        if (!is_escape)
            text[n++] = text[i];
        else if (keeps_length)
            text[n++] = ' ';
    }
    *length = n;
}

static bool same_tokens(Str a, Str b, Dialect dialect)
{
    uint32_t at_a = 0, at_b = 0;
    for (;;) {
        SqlToken one = sql_lex_code(a, at_a, dialect), other = sql_lex_code(b, at_b, dialect);
        if (one.kind != other.kind || !str_equal(sql_token_text(a, one), sql_token_text(b, other)))
            return false;
        if (one.kind == SQL_TOKEN_END)
            return true;
        at_a = one.end;
        at_b = other.end;
    }
}

SqlLiteral python_sql_literal(Fragment *fragment, const PythonTerm *term, Dialect dialect)
{
    Range range = term->place.range;
    Str source = str_slice(fragment->text, range.start, range.end);
    Unquoting u = {.source = source, .out = &fragment->arena};
    u.blanked = arena_alloc_raw(&fragment->arena, (size_t)source.length + 1);
    u.value = arena_alloc_raw(&fragment->arena, (size_t)source.length + 1);
    memset(u.blanked, ' ', source.length);
    bool is_literal = term->place.fragment == fragment && unquote(&u);
    Str value = str_of(u.value, u.length);
    /* A string that was put together has its value, but its text is another. */
    bool is_here = is_literal && (term->kind == TERM_FORMATTED || str_equal(value, term->text));
    uint32_t length = source.length;
    drop_colon_escapes(u.blanked, &length, true);
    drop_colon_escapes(u.value, &u.length, false);
    value = str_of(u.value, u.length);
    Str blanked = str_of(u.blanked, source.length);
    if (is_here && same_tokens(blanked, value, dialect))
        return (SqlLiteral){blanked, range.start, u.holes};
    if (term->kind == TERM_FORMATTED)
        return (SqlLiteral){0};
    char *copy = arena_alloc_raw(&fragment->arena, (size_t)term->text.length + 1);
    uint32_t n = term->text.length;
    memcpy(copy, term->text.data, n);
    drop_colon_escapes(copy, &n, false);
    uint32_t room = fragment->text.length;
    uint32_t base = n > room ? UINT32_MAX : range.start + n > room ? room - n : range.start;
    if (base == UINT32_MAX)
        return (SqlLiteral){0};
    return (SqlLiteral){str_of(copy, n), base, (SqlHoleVec){0}};
}

/* The words of an order, last ones first. */
Str sql_without_order(Str text, SortOrder *order, NullsOrder *nulls)
{
    static const struct {
        Str words;
        SortOrder order;
        NullsOrder nulls;
    } endings[] = {{STR_INIT(" nulls last"), ORDER_UNSPECIFIED, NULLS_LAST},
                   {STR_INIT(" nulls first"), ORDER_UNSPECIFIED, NULLS_FIRST},
                   {STR_INIT(" desc"), ORDER_DESCENDING, NULLS_UNSPECIFIED},
                   {STR_INIT(" asc"), ORDER_ASCENDING, NULLS_UNSPECIFIED}};
    text = str_trim(text);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (!str_ends_with_ignore_case(text, endings[i].words))
            continue;
        text = str_trim(str_slice(text, 0, text.length - endings[i].words.length));
        if (endings[i].order != ORDER_UNSPECIFIED)
            *order = endings[i].order;
        else
            *nulls = endings[i].nulls;
    }
    return text;
}
