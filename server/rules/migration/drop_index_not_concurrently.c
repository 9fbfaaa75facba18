/* M02: DROP INDEX needs ACCESS EXCLUSIVE on the table: everything queues behind it. */
#include "rules/advice.h"
#include "rules/around.h"

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_DROP_INDEX || operation->concurrently || !context->in_migration ||
        context->in_seed)
        return;
    const Index *index = schema_find_index(before, &operation->target, NULL);
    const Table *table = index ? index->table : NULL;
    if (!index && operation->if_exists && before->tables.n > 0 && before->indexes.n > 0)
        return; /* the files show the tables but not this index: nothing to drop */
    if (table && (table->is_temporary || table_is_new(before, table) || index->constraint))
        return;
    if (index && rule_same_source(context, index->place, operation->place))
        return; /* made and dropped by one migration: nobody uses it yet */

    Arena *out = rule_arena(context);
    Str title = advice_title(out, &operation->target);
    Finding *finding =
        table ? report(context, operation->place,
                       "dropping " STR_FMT " locks all of " STR_FMT
                       ", reads too, and waits for every query that runs on it",
                       STR_ARG(title), STR_ARG(table_title(out, before, table)))
              : report(context, operation->place,
                       "dropping " STR_FMT
                       " locks its table, reads too, and waits for every query that runs on it",
                       STR_ARG(title));
    report_table(context, finding, table, NULL);
    if (index)
        report_related(context, finding, index->place, "the index is made here");
    bool is_partitioned = table && !str_is_absent(table->partition_by.strategy);
    if (is_partitioned || operation->cascade || !place_is_set(operation->keyword) ||
        around_n_actions(context, operation) > 1 ||
        !around_can_split(context, operation, transaction))
        return;
    Fix *fix = report_fix(context, finding, "Drop the index concurrently");
    fix_replace(context, fix, place_after(operation->keyword), STR(" CONCURRENTLY"));
}

const Rule rule_drop_index_not_concurrently = {
    .id = "drop-index-not-concurrently",
    .squawk = "require-concurrent-index-deletion",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "DROP INDEX without CONCURRENTLY on a table that is in use",
    .why = "DROP INDEX takes an ACCESS EXCLUSIVE lock on the table. The drop is quick, but it "
           "waits for the longest running query, and every later query, even a SELECT, waits "
           "behind it.",
    .instead = "DROP INDEX CONCURRENTLY, outside a transaction and one index at a time.",
    .bad = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
           "CREATE INDEX orders_note_idx ON orders (note);\n"
           "-- next migration\n"
           "DROP INDEX orders_note_idx;\n",
    .good = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
            "CREATE INDEX orders_note_idx ON orders (note);\n"
            "-- next migration\n"
            "DROP INDEX CONCURRENTLY orders_note_idx;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-dropindex.html",
    .on_operation = on_operation,
};
