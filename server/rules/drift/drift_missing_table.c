/* A table that is declared and not migrated. */
#include "rules/drift/drift.h"

/* All that the table needs is there already. */
static bool can_make(const Database *database, const Table *table)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (key->target != table &&
            (!key->target || !schema_counterpart(database->migrated, key->target)))
            return false;
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Type *type = table->columns.items[i]->user_type;
        if (type && !schema_type_counterpart(database->migrated, type))
            return false;
    }
    return database->dialect == DIALECT_POSTGRESQL || database->dialect == DIALECT_MYSQL;
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Table *table = difference->to.table;
    if (difference->way != DIFFERENCE_MISSING)
        return;
    Str title = drift_table_title(context, database, difference);
    Finding *finding =
        drift_report(context, table->name.place, (Place){0},
                     STR_FMT " is declared, but no migration makes it", STR_ARG(title));
    report_table(context, finding, table, NULL);
    if (!can_make(database, table))
        return;
    Arena *out = rule_arena(context);
    Remedy *remedy =
        report_remedy(context, finding, str_format(out, "Create " STR_FMT, STR_ARG(title)),
                      drift_print_table(context, database->declared, table));
    remedy->undo = str_format(out, "DROP TABLE " STR_FMT ";",
                              STR_ARG(sql_table_name(out, database->declared, table)));
    remedy->risk = STR("a new table: nothing waits for it");
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_TABLE, visit);
}

const Rule rule_drift_missing_table = {
    .id = "drift-missing-table",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a declared table that no migration makes",
    .why = "The program expects a table that a database made by the migrations does not have: "
           "the first query of it fails, and in a test that builds the schema from the models "
           "it does not.",
    .instead = "Make the migration: prisma migrate dev, alembic revision --autogenerate, or the "
               "statement that the report shows.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "-- schema.sql\n"
           "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
            "-- schema.sql\n"
            "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
