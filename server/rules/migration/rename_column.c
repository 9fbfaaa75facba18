/* M34: the old and the new version of a program never agree on the name. */
#include "rules/advice.h"
#include "rules/around.h"

/* A column of the old name comes back later in the migration: the program still finds it. */
static bool is_added_again(const RuleContext *context, const Operation *operation, Str old)
{
    enum { LOOK_AHEAD = 256 }; /* operations: the same change, not the same file */
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = context->operation_index + 1;
         all && i < all->n && i - context->operation_index < LOOK_AHEAD; i++) {
        const Operation *later = all->items[i];
        if (later->kind == OP_ADD_COLUMN &&
            around_same_name(context, &later->target, &operation->target) &&
            around_names_equal(context, later->as.add_column.name.text, old))
            return true;
    }
    return false;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    Name from = {0};
    Name to = {0};
    if (operation->kind == OP_RENAME_COLUMN) {
        from = operation->as.rename.from;
        to = operation->as.rename.to;
    } else if (operation->kind == OP_REPLACE_COLUMN) { /* MySQL CHANGE */
        from = operation->as.replace_column.old_name;
        to = operation->as.replace_column.column.name;
    }
    if (name_is_absent(from) || around_names_equal(context, from.text, to.text))
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table) ||
        around_column_added_before(context, &operation->target, from.text) ||
        is_added_again(context, operation, from.text))
        return;

    Str on = advice_title(rule_arena(context), &operation->target);
    Finding *finding = report(context, operation->place,
                              "programs that still say " STR_FMT "." STR_FMT
                              " fail as soon as it is called " STR_FMT,
                              STR_ARG(on), STR_ARG(from.text), STR_ARG(to.text));
    const Column *column = table ? table_column(table, from.text) : NULL;
    report_table(context, finding, table, column);
    if (column)
        report_related(context, finding, column->name.place, STR_FMT " is defined here",
                       STR_ARG(from.text));
}

const Rule rule_rename_column = {
    .id = "rename-column",
    .squawk = "renaming-column",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a column of a table that is in use is renamed",
    .why = "Migration and release never happen at the same instant. The version that runs before "
           "it, or the one that is rolled back to, asks for the old name and fails.",
    .instead = "Keep the column's name in the database and change it in the program's mapping. "
               "Where the name must change: add the new column, write both, fill the old rows, "
               "read the new one, and drop the old one in a later release.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, mail text);\n"
           "-- next migration\n"
           "ALTER TABLE users RENAME COLUMN mail TO email;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, mail text);\n"
            "-- next migration\n"
            "ALTER TABLE users ADD COLUMN email text;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html",
    .on_operation = on_operation,
};
