/* Another default than declared. */
#include "rules/drift/drift.h"

static Str default_text(const Column *column)
{
    if (column_is_numbered(column))
        return STR("numbered by the database");
    const Expression *value = column->default_value;
    return value && value->kind != EXPRESSION_NULL ? value->text : STR("no default");
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *declared = difference->to.column, *migrated = difference->from.column;
    bool is_numbered = column_is_numbered(declared) || column_is_numbered(migrated);
    const Expression *value = declared->default_value;
    Place place = value && place_is_set(value->place) ? value->place : declared->name.place;
    Finding *finding = drift_report(
        context, place, migrated->place,
        "the default of " STR_FMT " is declared as: " STR_FMT ", but migrated as: " STR_FMT,
        STR_ARG(drift_column_title(context, database, difference)), STR_ARG(default_text(declared)),
        STR_ARG(default_text(migrated)));
    report_table(context, finding, difference->to.table, declared);
    if (is_numbered ||
        (database->dialect != DIALECT_POSTGRESQL && database->dialect != DIALECT_MYSQL))
        return;
    Arena *out = rule_arena(context);
    Str on = sql_table_name(out, database->migrated, migrated->table);
    Str name = sql_identifier(out, database->dialect, migrated->name.text);
    bool is_dropped = !value || value->kind == EXPRESSION_NULL;
    Remedy *remedy = report_remedy(
        context, finding, is_dropped ? STR("Drop the default") : STR("Set the default"),
        str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " %s" STR_FMT ";",
                   STR_ARG(on), STR_ARG(name), is_dropped ? "DROP DEFAULT" : "SET DEFAULT ",
                   STR_ARG(is_dropped ? STR("") : value->text)));
    remedy->risk = STR("takes an instant; rows that are there keep what they have");
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_DEFAULT, visit);
}

const Rule rule_drift_default = {
    .id = "drift-default",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a column whose declared default is not the migrated one",
    .why = "Rows that other programs insert, and those that the program leaves to the "
           "database, get another value than the declaration says, or none.",
    .instead = "Make the migration (changing a default touches no row), or declare what the "
               "database does.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'new');\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open');\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open');\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, state text DEFAULT 'open');\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
