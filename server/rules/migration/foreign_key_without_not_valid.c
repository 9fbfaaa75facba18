/* M10: a foreign key that is added valid reads its table while writes to both tables wait. */
#include "rules/advice.h"
#include "rules/around.h"
#include "rules/migration/not_valid.h"

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_ADD_CONSTRAINT)
        return;
    const ConstraintDef *added = &operation->as.add_constraint;
    if (added->kind != CONSTRAINT_FOREIGN_KEY || added->not_valid || added->not_enforced)
        return;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table))
        return;
    if (table && !str_is_absent(table->partition_by.strategy))
        return; /* a partitioned table cannot have one that is not valid */

    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    Str target = advice_title(out, &added->references);
    StrVec columns = {0};
    for (uint32_t i = 0; i < added->parts.n; i++)
        VEC_PUSH(out, &columns, added->parts.items[i].column.text);
    Str list = str_join(out, columns.items, columns.n, STR(", "));
    if (context->dialect == DIALECT_MYSQL) {
        Finding *finding = report(context, added->place,
                                  "this foreign key on " STR_FMT " (" STR_FMT ") copies " STR_FMT
                                  " and blocks writes to it meanwhile",
                                  STR_ARG(on), STR_ARG(list), STR_ARG(on));
        report_table(context, finding, table, NULL);
        return;
    }
    Finding *finding =
        str_equal(on, target)
            ? report(context, added->place,
                     "this foreign key on " STR_FMT " (" STR_FMT
                     ") blocks writes to it while every row is checked",
                     STR_ARG(on), STR_ARG(list))
            : report(context, added->place,
                     "this foreign key on " STR_FMT " (" STR_FMT ") blocks writes to " STR_FMT
                     " and " STR_FMT " while every row is checked",
                     STR_ARG(on), STR_ARG(list), STR_ARG(on), STR_ARG(target));
    report_table(context, finding, table, NULL);
    fix_not_valid(context, finding, operation, transaction, table, &columns, "fkey");
}

const Rule rule_foreign_key_without_not_valid = {
    .id = "foreign-key-without-not-valid",
    .squawk = "adding-foreign-key-constraint constraint-missing-not-valid",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL,
    .what = "a foreign key added to a table that is in use, checked at once",
    .why = "PostgreSQL looks up every existing row in the referenced table while it holds SHARE "
           "ROW EXCLUSIVE on both tables: writes to either wait. MySQL copies the table unless "
           "foreign_key_checks is off.",
    .instead = "PostgreSQL: add it NOT VALID, which takes an instant and already holds for new "
               "rows, then VALIDATE CONSTRAINT in a transaction of its own, which lets writes "
               "through. MySQL: a quiet hour, or a tool that changes tables online.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
           "-- next migration\n"
           "ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey\n"
           "    FOREIGN KEY (customer_id) REFERENCES customers (id);\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
            "-- next migration\n"
            "ALTER TABLE orders ADD CONSTRAINT orders_customer_id_fkey\n"
            "    FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\n"
            "-- next migration\n"
            "ALTER TABLE orders VALIDATE CONSTRAINT orders_customer_id_fkey;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES "
               "https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html",
    .on_operation = on_operation,
};
