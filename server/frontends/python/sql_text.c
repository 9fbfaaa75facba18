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
#include "frontends/python/alembic_run.h"
#include "frontends/sql/sql.h"
#include "syntax/sql_lex.h"
#include "syntax/sql_split.h"

enum { UNWRAP_MAX = 8 };

typedef struct {
    Str source; /* the Python text of the literal */
    uint32_t at;
    char *blanked; /* as long as source */
    char *value;   /* what has been put together */
    uint32_t length;
    RangeVec holes; /* in `blanked` */
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

/* --- lowering --- */

typedef struct {
    Str text;
    uint32_t base; /* in the fragment */
    RangeVec holes;
} InnerSql;

static InnerSql sql_of_literal(AlembicRun *run, const PythonTerm *term)
{
    Range range = term->place.range;
    Str source = str_slice(run->fragment->text, range.start, range.end);
    Unquoting u = {.source = source, .out = run->out};
    u.blanked = arena_alloc_raw(run->out, (size_t)source.length + 1);
    u.value = arena_alloc_raw(run->out, (size_t)source.length + 1);
    memset(u.blanked, ' ', source.length);
    bool is_literal = term->place.fragment == run->fragment && unquote(&u);
    Str value = str_of(u.value, u.length);
    /* A string that was put together has its value, but its text is another. */
    bool is_here = is_literal && (term->kind == TERM_FORMATTED || str_equal(value, term->text));
    uint32_t length = source.length;
    drop_colon_escapes(u.blanked, &length, true);
    drop_colon_escapes(u.value, &u.length, false);
    value = str_of(u.value, u.length);
    Str blanked = str_of(u.blanked, source.length);
    if (is_here && same_tokens(blanked, value, run->scope.dialect))
        return (InnerSql){blanked, range.start, u.holes};
    if (term->kind == TERM_FORMATTED)
        return (InnerSql){0};
    char *copy = arena_alloc_raw(run->out, (size_t)term->text.length + 1);
    uint32_t n = term->text.length;
    memcpy(copy, term->text.data, n);
    drop_colon_escapes(copy, &n, false);
    uint32_t room = run->fragment->text.length;
    uint32_t base = n > room ? UINT32_MAX : range.start + n > room ? room - n : range.start;
    if (base == UINT32_MAX)
        return (InnerSql){0};
    return (InnerSql){str_of(copy, n), base, (RangeVec){0}};
}

static bool has_hole(const RangeVec *holes, Range range)
{
    for (uint32_t i = 0; i < holes->n; i++) {
        if (range_overlaps(holes->items[i], range))
            return true;
    }
    return false;
}

static void lower_pieces(AlembicRun *run, const InnerSql *sql)
{
    PieceVec pieces = sql_split(run->out, sql->text, run->scope.dialect);
    for (uint32_t i = 0; i < pieces.n; i++) {
        const Piece *piece = &pieces.items[i];
        if (piece->kind != PIECE_STATEMENT)
            continue;
        Range range = {sql->base + piece->range.start, sql->base + piece->range.end};
        Place place = {run->fragment, range};
        if (has_hole(&sql->holes, piece->range)) {
            (void)alembic_emit(run, OP_OPAQUE, place);
            continue;
        }
        uint32_t first = run->fragment->operations.n;
        sql_lower_within(run->parser, run->fragment,
                         str_slice(sql->text, piece->range.start, piece->range.end), range.start,
                         run->scope.dialect);
        for (uint32_t k = first; k < run->fragment->operations.n; k++) {
            Operation *operation = &run->fragment->operations.items[k];
            operation->statement_index = run->n_statements;
            operation->is_conditional |= run->is_conditional;
        }
        run->n_statements++;
    }
}

/* text("…"), DDL("…"), dedent("…"), text("…").bindparams(…): what they are about. */
static const PythonTerm *unwrap(AlembicRun *run, const PythonTerm *term)
{
    for (uint32_t i = 0; i < UNWRAP_MAX && term; i++) {
        term = python_value(&run->scope, term);
        if (term->kind != TERM_CALL || !term->left)
            return term;
        bool is_method = term->left->kind == TERM_ATTRIBUTE &&
                         (str_equal(term->left->text, STR("bindparams")) ||
                          str_equal(term->left->text, STR("execution_options")) ||
                          str_equal(term->left->text, STR("columns")) ||
                          str_equal(term->left->text, STR("strip")));
        Str name = python_sqlalchemy_name(&run->scope, term->left);
        Str dotted = alembic_dotted(run, term->left);
        bool is_wrapper = str_equal(name, STR("text")) || str_equal(name, STR("DDL")) ||
                          str_equal(dotted, STR("textwrap.dedent")) ||
                          str_equal(dotted, STR("inspect.cleandoc"));
        if (is_wrapper)
            term = call_argument(term, 0, NULL);
        else if (is_method)
            term = term->left->left;
        else
            return term;
    }
    return term;
}

void alembic_execute(AlembicRun *run, const PythonTerm *sql, Place place)
{
    const PythonTerm *term = unwrap(run, alembic_fold(run, sql));
    if (!term)
        return;
    bool is_text = term->kind == TERM_STRING || term->kind == TERM_FORMATTED;
    Str value;
    if (!is_text && term_string(&run->scope, term, &value)) { /* "a" + "b" */
        PythonTerm *joined = ARENA_NEW(run->out, PythonTerm);
        *joined = (PythonTerm){.kind = TERM_STRING, .place = term->place, .text = value};
        term = joined;
        is_text = true;
    }
    InnerSql inner = is_text ? sql_of_literal(run, term) : (InnerSql){0};
    if (str_is_absent(inner.text))
        (void)alembic_emit(run, OP_OPAQUE, place); /* an expression of SQLAlchemy's, mostly */
    else
        lower_pieces(run, &inner);
}

const Expression *alembic_expression(AlembicRun *run, const PythonTerm *term)
{
    const PythonTerm *value = python_value(&run->scope, term);
    bool is_unread = value && value->kind == TERM_STRING &&
                     !(value->sql && value->sql->expression) && value->text.length > 0 &&
                     value->text.length <= run->fragment->text.length;
    if (!is_unread)
        return python_sql_expression(&run->scope, term);
    Place place = value->text_place;
    uint32_t last = run->fragment->text.length - value->text.length;
    uint32_t base = place.fragment == run->fragment ? place.range.start : 0;
    return sql_expression(run->parser, run->fragment, value->text, base < last ? base : last,
                          run->scope.dialect);
}
