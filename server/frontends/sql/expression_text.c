/* An expression is no statement, so it is parsed as the end of one, before which it stands in a
 * copy. The copy's places count from before the expression by the length of what is put there;
 * that difference may wrap around zero, and wraps back when an offset is added. */
#include "frontends/sql/lower.h"
#include "frontends/sql/sql.h"

const Expression *sql_expression(Parser *parser, Fragment *fragment, Str text, uint32_t base,
                                 Dialect dialect)
{
    static const Str before = STR_INIT("ALTER TABLE t ALTER COLUMN c SET DEFAULT ");
    Lowering l = {.parser = parser,
                  .fragment = fragment,
                  .out = &fragment->arena,
                  .scratch = parser_scratch(parser),
                  .dialect = dialect};
    uint32_t n_operations = fragment->operations.n, n_queries = fragment->queries.n;
    Str statement = str_join(l.out, (const Str[]){before, text}, 2, STR(""));
    lower_text(&l, statement, base - before.length);
    const Expression *expression = NULL;
    if (fragment->operations.n > n_operations) {
        const Operation *operation = &fragment->operations.items[n_operations];
        if (operation->kind == OP_SET_COLUMN_DEFAULT)
            expression = operation->as.set_default.value;
    }
    fragment->operations.n = n_operations;
    fragment->queries.n = n_queries;
    arena_reset(l.scratch);
    return expression;
}
