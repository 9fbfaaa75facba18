/* M25: the rows are gone, and what still reads the table fails. */
#include "rules/advice.h"
#include "rules/around.h"

enum { SHOWN_DEPENDENTS = 5 }; /* enough to see what goes with it */

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind != OP_DROP_TABLE)
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table))
        return;
    if (!table && operation->if_exists && before->tables.n > 0)
        return; /* the files show the tables, and this is none of them any more */
    /* A table built anew: its rows went into another one, which takes its name or its place. */
    if (around_copied_before(context, &operation->target) ||
        around_replaced_later(context, &operation->target))
        return;
    if (!table && around_made_later(context, &operation->target))
        return; /* a dump: it drops what it is about to create */

    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    Finding *finding =
        table && table->referenced_by.n > 0 && operation->cascade
            ? report(context, operation->place,
                     "drops " STR_FMT " with all its rows, and the foreign keys that reference it",
                     STR_ARG(on))
            : report(context, operation->place, "drops " STR_FMT " with all its rows", STR_ARG(on));
    report_table(context, finding, table, NULL);
    if (table)
        report_related(context, finding, table->name.place, STR_FMT " is created here",
                       STR_ARG(on));
    DependentVec dependents = operation_dependents(out, before, operation);
    for (uint32_t i = 0; i < dependents.n && i < SHOWN_DEPENDENTS; i++)
        report_related(context, finding, dependents.items[i].place,
                       operation->cascade ? STR_FMT " goes with it" : STR_FMT " depends on it",
                       STR_ARG(dependents.items[i].what));
}

const Rule rule_drop_table = {
    .id = "drop-table",
    .squawk = "ban-drop-table",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "DROP TABLE of a table that an earlier migration made",
    .why = "Its rows are gone, and only a backup brings them back. The version of the program "
           "that still runs while the migration is deployed fails on every query of it.",
    .instead = "First release a version that no longer reads or writes the table. Then rename it "
               "for a while, or keep a dump, and drop it in a later migration.",
    .bad = "CREATE TABLE carts (id bigint PRIMARY KEY);\n"
           "-- next migration\n"
           "DROP TABLE carts;\n",
    .good = "CREATE TABLE carts (id bigint PRIMARY KEY);\n"
            "-- next migration\n"
            "CREATE TABLE import_rows (line text);\n"
            "DROP TABLE import_rows;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-droptable.html",
    .on_operation = on_operation,
};
