/* M16: a NOT NULL column without a default has no value for the rows that are there. */
#include "rules/advice.h"
#include "rules/around.h"

static bool is_required(const ColumnDef *column)
{
    if (column->not_null)
        return true;
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        ConstraintKind kind = column->constraints.items[i].kind;
        if (kind == CONSTRAINT_PRIMARY_KEY || kind == CONSTRAINT_NOT_NULL)
            return true;
    }
    return false;
}

static bool has_value(const ColumnDef *column, const Schema *before)
{
    if (column->identity != IDENTITY_NONE || column->auto_increment || column->type.is_serial ||
        column->generated != GENERATED_NONE || column->default_is_unknown)
        return true;
    if (column->default_value)
        return column->default_value->kind != EXPRESSION_NULL;
    const Type *domain = schema_find_type(before, column->type.schema, column->type.name);
    return domain && domain->kind == TYPE_DEF_DOMAIN && domain->default_value;
}

/* What MySQL fills in. */
static const char *implicit_value(const ColumnType *type)
{
    if (type_is_text(type->family) || type->family == TYPE_BLOB)
        return "''";
    if (type_is_integer(type->family) || type_is_float(type->family) ||
        type->family == TYPE_NUMERIC || type->family == TYPE_BOOLEAN)
        return "0";
    if (type->family == TYPE_DATE || type->family == TYPE_TIMESTAMP)
        return "a zero date";
    return "a value that the type makes up";
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind != OP_ADD_COLUMN)
        return;
    const ColumnDef *column = &operation->as.add_column;
    const Table *table = NULL;
    if (!is_required(column) || has_value(column, before) ||
        !around_table_in_use(context, operation, before, &table) ||
        around_emptied_before(context, &operation->target))
        return;
    if (table && operation->if_not_exists && table_column(table, column->name.text))
        return;

    Str on = advice_title(rule_arena(context), &operation->target);
    Place place = place_is_set(column->not_null_place) ? column->not_null_place : operation->place;
    Finding *finding = NULL;
    switch (context->dialect) {
    case DIALECT_MYSQL:
        finding = report(context, place,
                         "existing rows of " STR_FMT " get %s in " STR_FMT
                         ", and inserts that do not name it fail: it is NOT NULL without a default",
                         STR_ARG(on), implicit_value(&column->type), STR_ARG(column->name.text));
        report_at_most(finding, SEVERITY_WARNING);
        break;
    case DIALECT_SQLITE:
        if (operation->is_batch) { /* the rows are copied into a new table */
            finding = report(context, place,
                             "adding " STR_FMT "." STR_FMT
                             " fails when the table has rows: they would have no value",
                             STR_ARG(on), STR_ARG(column->name.text));
            break;
        }
        finding = report(context, place,
                         "SQLite refuses to add " STR_FMT "." STR_FMT
                         ": it is NOT NULL and has no default",
                         STR_ARG(on), STR_ARG(column->name.text));
        break;
    case DIALECT_POSTGRESQL:
    case DIALECT_SQLSERVER:
        finding = report(context, place,
                         "adding " STR_FMT "." STR_FMT
                         " fails when the table has rows: existing rows would have no value",
                         STR_ARG(on), STR_ARG(column->name.text));
        break;
    }
    if (finding)
        report_table(context, finding, table, NULL);
}

const Rule rule_add_not_null_column = {
    .id = "add-not-null-column",
    .squawk = "adding-required-field",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "ADD COLUMN … NOT NULL without a default on a table that may have rows",
    .why = "The rows that are there have no value for the column, so PostgreSQL, SQL Server and "
           "SQLite refuse it; it only works on the empty table of a test. MySQL fills in '' or "
           "0, which nobody meant. And the version of the program that still runs does not know "
           "the column: its inserts fail.",
    .instead = "Give it a constant DEFAULT, which costs nothing since PostgreSQL 11 (where an ORM "
               "writes the migration: `server_default`, for a default that the program fills in "
               "does not reach the rows that are there). Or add it "
               "nullable, let the program write it, fill the old rows in batches, and make it "
               "NOT NULL last.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY);\n"
           "-- next migration\n"
           "ALTER TABLE users ADD COLUMN country text NOT NULL;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY);\n"
            "-- next migration\n"
            "ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN "
               "https://www.sqlite.org/lang_altertable.html",
    .on_operation = on_operation,
};
