/* M33: the old and the new version of a program never agree on the name. */
#include "rules/advice.h"
#include "rules/around.h"

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind != OP_RENAME_TABLE)
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table))
        return;
    /* The old name stays: a view stands in for it, or another table takes its place. */
    if (around_made_later(context, &operation->target))
        return;
    Str to = operation->as.rename.to.text;
    if (str_equal(operation->target.name.text, to))
        return;

    Str on = advice_title(rule_arena(context), &operation->target);
    Finding *finding =
        report(context, operation->place,
               "programs that still say " STR_FMT " fail as soon as it is called " STR_FMT,
               STR_ARG(on), STR_ARG(to));
    report_table(context, finding, table, NULL);
    if (table)
        report_related(context, finding, table->name.place, STR_FMT " is created here",
                       STR_ARG(on));
}

const Rule rule_rename_table = {
    .id = "rename-table",
    .squawk = "renaming-table",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a table that is in use is renamed, and nothing keeps its old name",
    .why = "Migration and release never happen at the same instant. The version that runs before "
           "it, or the one that is rolled back to, asks for the old name and fails.",
    .instead = "In the same transaction, create a view with the old name that selects from the "
               "new table: simple views take inserts and updates as well. Drop it once nothing "
               "uses it. Or keep the name in the database and change it in the program's mapping "
               "only.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "-- next migration\n"
           "ALTER TABLE customers RENAME TO accounts;\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "-- next migration\n"
            "BEGIN;\n"
            "ALTER TABLE customers RENAME TO accounts;\n"
            "CREATE VIEW customers AS SELECT * FROM accounts;\n"
            "COMMIT;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html "
               "https://www.postgresql.org/docs/current/"
               "sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS",
    .on_operation = on_operation,
};
