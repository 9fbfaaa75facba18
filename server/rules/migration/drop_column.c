/* M26: the values are gone, and the running program still names the column. */
#include "rules/advice.h"
#include "rules/around.h"

enum { SHOWN_DEPENDENTS = 5 }; /* enough to see what goes with it */

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind != OP_DROP_COLUMN)
        return;
    Name name = operation->as.drop_column.column;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table) ||
        around_column_added_before(context, &operation->target, name.text))
        return;
    /* Rebuilt: another column, filled from it, takes its name. */
    if (around_column_replaced_later(context, &operation->target, name.text))
        return;
    const Column *column = table ? table_column(table, name.text) : NULL;
    if (table && !column && operation->if_exists)
        return; /* gone already */

    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    Finding *finding = report(context, operation->place,
                              "drops " STR_FMT "." STR_FMT
                              " with its values, and programs that still name it fail",
                              STR_ARG(on), STR_ARG(name.text));
    report_table(context, finding, table, column);
    if (column)
        report_related(context, finding, column->name.place, STR_FMT " is defined here",
                       STR_ARG(name.text));
    DependentVec dependents = operation_dependents(out, before, operation);
    for (uint32_t i = 0; i < dependents.n && i < SHOWN_DEPENDENTS; i++)
        report_related(context, finding, dependents.items[i].place,
                       operation->cascade ? STR_FMT " goes with it" : STR_FMT " depends on it",
                       STR_ARG(dependents.items[i].what));
}

const Rule rule_drop_column = {
    .id = "drop-column",
    .squawk = "ban-drop-column",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "DROP COLUMN of a column that an earlier migration made",
    .why = "Its values are gone, and indexes and constraints that use it go too. The version of "
           "the program that still runs while the migration is deployed, and every prepared "
           "SELECT *, fails.",
    .instead = "First release a version that no longer reads or writes the column (an ORM must "
               "be told to ignore it). If it is NOT NULL without a default, make it nullable "
               "first. Then drop it in a later migration.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, nickname text);\n"
           "-- next migration\n"
           "ALTER TABLE users DROP COLUMN nickname;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, nickname text);\n"
            "-- next migration\n"
            "ALTER TABLE users ADD COLUMN scratch text;\n"
            "ALTER TABLE users DROP COLUMN scratch;\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-REMOVING-A-COLUMN",
    .on_operation = on_operation,
};
