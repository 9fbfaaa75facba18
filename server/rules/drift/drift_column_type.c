/* A column of another type than declared. */
#include "rules/drift/drift.h"

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *declared = difference->to.column, *migrated = difference->from.column;
    Place place = place_is_set(declared->type.place) ? declared->type.place : declared->name.place;
    Finding *finding =
        drift_report(context, place, migrated->place,
                     STR_FMT " is declared as " STR_FMT ", but migrated as " STR_FMT,
                     STR_ARG(drift_column_title(context, database, difference)),
                     STR_ARG(declared->type.canonical), STR_ARG(migrated->type.canonical));
    report_table(context, finding, difference->to.table, declared);
    const Type *type = declared->user_type;
    bool is_there = !type || schema_type_counterpart(database->migrated, type);
    bool is_cast =
        declared->type.family == migrated->type.family ||
        (type_is_text(declared->type.family) && type_is_text(migrated->type.family)) ||
        (type_is_integer(declared->type.family) && type_is_integer(migrated->type.family));
    if (is_there && is_cast && advice_can_change_type(database->migrated, migrated))
        advise_type(context, finding, database->migrated, migrated, declared->type.canonical,
                    (Str){0});
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_TYPE, visit);
}

const Rule rule_drift_column_type = {
    .id = "drift-column-type",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a column whose declared type is not the migrated one",
    .why = "The program believes in a length, a precision or a type that the database does not "
           "keep: values are cut, rounded or refused, and a comparison may not use the index.",
    .instead = "Make the migration, or declare what the database has.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(20));\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(20));\n"
            "ALTER TABLE orders ALTER COLUMN note TYPE text;\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
