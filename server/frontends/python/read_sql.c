/* SQL in a module's strings, read when its syntax tree is gone. */
#include "frontends/python/read.h"
#include "frontends/python/sql_literal.h"
#include "frontends/sql/sql.h"
#include "syntax/sql_split.h"

enum {
    EXPRESSION_MAX_BYTES = 4000, /* longer texts are statements, not defaults or checks */
    QUERY_MAX_BYTES = 64 * 1024,
};

/* MySQL's DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP is written in one text. */
static const Expression *read_expression(Parser *parser, Fragment *fragment,
                                         const PythonTerm *string, Dialect dialect)
{
    Str text = string->text;
    if (text.length > EXPRESSION_MAX_BYTES)
        return NULL;
    SortOrder order;
    NullsOrder nulls;
    Str ordered = sql_without_order(text, &order, &nulls);
    if (ordered.length && ordered.length < text.length && str_starts_with(text, ordered))
        text = ordered;
    Str lower = dialect == DIALECT_MYSQL ? str_lower(&fragment->arena, text) : (Str){0};
    uint32_t update = str_find(lower, STR(" on update "), 0);
    if (dialect == DIALECT_MYSQL && update != UINT32_MAX)
        text = str_slice(text, 0, update);
    return sql_expression(parser, fragment, text, string->text_place.range.start, dialect);
}

/* By its first word: SELECT …, WITH …, UPDATE …; not "select_me" and "updated_at". */
static bool is_query(Str text)
{
    static const Str verbs[] = {STR_INIT("select"), STR_INIT("insert"), STR_INIT("update"),
                                STR_INIT("delete"), STR_INIT("with")};
    text = str_trim(text);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        uint32_t n = verbs[i].length;
        if (str_starts_with_ignore_case(text, verbs[i]) && text.length > n &&
            (unsigned char)text.data[n] <= ' ')
            return true;
    }
    return false;
}

static void read_query(Reading *r, Parser *parser, const PythonTerm *string, Dialect dialect)
{
    if (string->text.length > QUERY_MAX_BYTES)
        return;
    SqlLiteral sql = python_sql_literal(r->fragment, string, dialect);
    if (str_is_absent(sql.text))
        return;
    PieceVec pieces = sql_split(r->out, sql.text, dialect);
    for (uint32_t i = 0; i < pieces.n; i++) {
        const Piece *piece = &pieces.items[i];
        Str text = str_slice(sql.text, piece->range.start, piece->range.end);
        if (piece->kind == PIECE_STATEMENT)
            sql_lower_program_query(parser, r->fragment, text, sql.base + piece->range.start,
                                    dialect);
    }
}

void read_sql_strings(Reading *r, Parser *parser, Dialect dialect)
{
    for (uint32_t i = 0; i < r->sql_strings.n; i++) {
        const PythonTerm *string = r->sql_strings.items[i];
        if (!is_query(string->text))
            string->sql->expression = read_expression(parser, r->fragment, string, dialect);
        else if (!r->reads_whole) /* a revision's statements are its operations */
            read_query(r, parser, string, dialect);
    }
    for (uint32_t i = 0; i < r->executed.n && !r->reads_whole; i++) {
        if (is_query(r->executed.items[i]->text))
            read_query(r, parser, r->executed.items[i], dialect);
    }
}
