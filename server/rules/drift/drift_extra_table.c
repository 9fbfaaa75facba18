/* A table that is migrated and not declared. */
#include "rules/drift/drift.h"

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Table *table = difference->from.table;
    if (difference->way != DIFFERENCE_EXTRA)
        return;
    Finding *finding = drift_report(context, (Place){0}, table->name.place,
                                    STR_FMT " is made by a migration, but not declared",
                                    STR_ARG(drift_table_title(context, database, difference)));
    report_table(context, finding, table, NULL);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_TABLE, visit);
}

const Rule rule_drift_extra_table = {
    .id = "drift-extra-table",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a table of the migrations that nothing declares",
    .why = "A tool that compares the declaration with the database proposes to drop the table, "
           "with its rows. Or nobody uses it any more, and it is backed up for nothing.",
    .instead = "Declare it, if something reads it (Prisma: prisma db pull); else drop it in a "
               "migration of its own, once a backup is at hand.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE import_2019 (line text);\n"
           "-- schema.sql\n"
           "CREATE TABLE customers (id bigint PRIMARY KEY);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE import_2019 (line text);\n"
            "DROP TABLE import_2019;\n"
            "-- schema.sql\n"
            "CREATE TABLE customers (id bigint PRIMARY KEY);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
