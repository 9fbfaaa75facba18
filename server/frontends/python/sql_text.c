/* SQL that a revision runs: strings, text(…) and what wraps it. */
#include "frontends/python/alembic_run.h"
#include "frontends/python/sql_literal.h"
#include "frontends/sql/sql.h"
#include "syntax/sql_split.h"

enum { UNWRAP_MAX = 8 };

static bool has_hole(const SqlHoleVec *holes, Range range)
{
    for (uint32_t i = 0; i < holes->n; i++) {
        if (range_overlaps(holes->items[i], range))
            return true;
    }
    return false;
}

static void lower_pieces(AlembicRun *run, const SqlLiteral *sql)
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
    SqlLiteral inner =
        is_text ? python_sql_literal(run->fragment, term, run->scope.dialect) : (SqlLiteral){0};
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
