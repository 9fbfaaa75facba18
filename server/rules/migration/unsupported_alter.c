/* O10: what SQLite's ALTER TABLE cannot do. */
#include "rules/advice.h"
#include "rules/around.h"

/* What SQLite cannot do to a table, in words; NULL where it can. */
static const char *unsupported(OperationKind kind)
{
    static const struct {
        OperationKind kind;
        const char *what;
    } changes[] = {
        {OP_ADD_CONSTRAINT, "add a constraint to"},
        {OP_DROP_CONSTRAINT, "drop a constraint of"},
        {OP_RENAME_CONSTRAINT, "rename a constraint of"},
        {OP_SET_COLUMN_TYPE, "change the type of a column of"},
        {OP_REPLACE_COLUMN, "change the definition of a column of"},
        {OP_SET_COLUMN_DEFAULT, "change the default of a column of"},
        {OP_SET_NOT_NULL, "change whether a column may be null in"},
        {OP_DROP_NOT_NULL, "change whether a column may be null in"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (changes[i].kind == kind)
            return changes[i].what;
    }
    return NULL;
}

static bool has_key(const ColumnDef *column, const char **what)
{
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        ConstraintKind kind = column->constraints.items[i].kind;
        if (kind == CONSTRAINT_PRIMARY_KEY || kind == CONSTRAINT_UNIQUE) {
            *what = kind == CONSTRAINT_UNIQUE ? "a UNIQUE column" : "a column of the primary key";
            return true;
        }
    }
    if (column->default_value && column->default_value->kind == EXPRESSION_CURRENT) {
        *what = "a column whose default is computed";
        return true;
    }
    return false;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    const Table *table = NULL;
    if (operation->is_batch || !context->in_migration || context->in_seed)
        return;
    Arena *out = rule_arena(context);
    if (operation->kind == OP_ADD_COLUMN) {
        const char *what = NULL;
        if (!has_key(&operation->as.add_column, &what) ||
            !around_table_in_use(context, operation, before, &table))
            return;
        Finding *finding =
            report(context, operation->place,
                   "SQLite cannot add %s to " STR_FMT ": the table must be made anew", what,
                   STR_ARG(advice_title(out, &operation->target)));
        report_table(context, finding, table, NULL);
        return;
    }
    const char *what = unsupported(operation->kind);
    if (!what ||
        (place_is_set(operation->place) && rule_language(context, operation->place) == FILE_PRISMA))
        return;
    table = schema_find_table(before, &operation->target);
    if (table && !rule_same_source(context, table->place, operation->place) &&
        !table_is_base(table))
        return;
    Finding *finding = report(context, operation->place,
                              "SQLite cannot %s " STR_FMT ": the table must be made anew", what,
                              STR_ARG(advice_title(out, &operation->target)));
    report_table(context, finding, table, NULL);
}

const Rule rule_unsupported_alter = {
    .id = "unsupported-alter",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_SQLITE,
    .what = "a change of a table that SQLite's ALTER TABLE does not have",
    .why = "SQLite renames tables and columns, adds and drops plain columns, and nothing else: no "
           "constraint is added or dropped, no type, default or NOT NULL changed, and the "
           "migration stops.",
    .instead = "Make a new table, copy the rows, drop the old one and rename. Tools do it: "
               "Alembic in `with op.batch_alter_table(…)`.",
    .bad = "CREATE TABLE customers (id integer PRIMARY KEY, email text);\n"
           "-- next migration\n"
           "ALTER TABLE customers ADD COLUMN phone text UNIQUE;\n",
    .good = "CREATE TABLE customers (id integer PRIMARY KEY, email text);\n"
            "-- next migration\n"
            "ALTER TABLE customers ADD COLUMN phone text;\n"
            "CREATE UNIQUE INDEX customers_phone_idx ON customers (phone);\n",
    .sources = "https://www.sqlite.org/lang_altertable.html "
               "https://alembic.sqlalchemy.org/en/latest/batch.html",
    .on_operation = on_operation,
};
