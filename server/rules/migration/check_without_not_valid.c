/* M09: a CHECK that is added valid reads the whole table under ACCESS EXCLUSIVE. */
#include "rules/advice.h"
#include "rules/around.h"
#include "rules/migration/not_valid.h"

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_ADD_CONSTRAINT)
        return;
    const ConstraintDef *added = &operation->as.add_constraint;
    if (added->kind != CONSTRAINT_CHECK || added->not_valid || added->not_enforced)
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table))
        return;
    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    Str title = name_is_absent(added->name) ? STR("this check") : added->name.text;
    if (context->dialect == DIALECT_MYSQL) {
        Finding *finding =
            report(context, added->place,
                   "adding " STR_FMT " copies " STR_FMT " and blocks writes meanwhile",
                   STR_ARG(title), STR_ARG(on));
        report_table(context, finding, table, NULL);
        return;
    }
    Finding *finding =
        report(context, added->place,
               "adding " STR_FMT " reads every row of " STR_FMT " while nobody else can use it",
               STR_ARG(title), STR_ARG(on));
    report_table(context, finding, table, NULL);
    StrVec columns = {0};
    if (added->check && added->check->columns.n == 1)
        VEC_PUSH(out, &columns, added->check->columns.items[0].column.text);
    fix_not_valid(context, finding, operation, transaction, table, &columns, "check");
}

const Rule rule_check_without_not_valid = {
    .id = "check-without-not-valid",
    .squawk = "constraint-missing-not-valid",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL,
    .what = "a CHECK constraint added to a table that is in use, checked at once",
    .why = "PostgreSQL verifies the rows that are there while it holds ACCESS EXCLUSIVE: reads "
           "and writes wait until the whole table has been read. MySQL copies the table and "
           "blocks writes.",
    .instead = "PostgreSQL: add it NOT VALID, which is instant and already holds for new rows, "
               "then VALIDATE CONSTRAINT in a transaction of its own, which lets reads and "
               "writes through. MySQL: a quiet hour, or a tool that changes tables online.",
    .bad = "CREATE TABLE orders (id bigint PRIMARY KEY, quantity integer);\n"
           "-- next migration\n"
           "ALTER TABLE orders ADD CONSTRAINT orders_quantity_check CHECK (quantity > 0);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, quantity integer);\n"
        "-- next migration\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_quantity_check CHECK (quantity > 0) NOT VALID;\n"
        "-- next migration\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT orders_quantity_check;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES "
               "https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html",
    .on_operation = on_operation,
};
