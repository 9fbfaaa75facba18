/* A column that is migrated and not declared. */
#include "rules/drift/drift.h"

/* Inserts that do not name it fail. */
static bool is_required(const Column *column)
{
    return !column->is_nullable && !column->default_value && !column_is_numbered(column) &&
           column->generated == GENERATED_NONE;
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *column = difference->from.column;
    if (difference->way != DIFFERENCE_EXTRA)
        return;
    Finding *finding =
        drift_report(context, (Place){0}, column->name.place,
                     is_required(column) ? STR_FMT
                         " is NOT NULL without a default, but not declared: inserts fail"
                                         : STR_FMT " is made by a migration, but not declared",
                     STR_ARG(drift_column_title(context, database, difference)));
    report_table(context, finding, difference->from.table, column);
    drift_relate_table(context, finding, difference);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_COLUMN, visit);
}

const Rule rule_drift_extra_column = {
    .id = "drift-extra-column",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a column of the migrations that nothing declares",
    .why = "A tool that compares the declaration with the database proposes to drop the "
           "column, with its data. One that is NOT NULL without a default makes every insert "
           "of the program fail.",
    .instead = "Declare it, or drop it in a migration of its own once nothing reads it.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, old_note text);\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, old_note text);\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, old_note text);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
