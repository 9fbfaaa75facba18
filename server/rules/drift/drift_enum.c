/* Enumerations and their values. */
#include "rules/drift/drift.h"

/* A column of the type that has another type as migrated says it already. */
static bool is_told_by_column(const Database *database, const Type *type)
{
    for (uint32_t i = 0; i < database->differences.n; i++) {
        const Difference *difference = &database->differences.items[i];
        const Column *column = difference->to.column;
        if (difference->kind == DIFFERENCE_TYPE && column && column->user_type == type)
            return true;
    }
    return false;
}

static void visit_type(RuleContext *context, const Database *database, const Difference *difference)
{
    const Type *type = difference->to.type;
    if (difference->way != DIFFERENCE_MISSING || is_told_by_column(database, type))
        return;
    drift_report(context, type->name.place, (Place){0},
                 "the enum " STR_FMT " is declared, but no migration makes it",
                 STR_ARG(type->name.text));
}

static void visit_value(RuleContext *context, const Database *database,
                        const Difference *difference)
{
    Arena *out = rule_arena(context);
    const Type *migrated = difference->from.type;
    if (difference->way == DIFFERENCE_EXTRA) {
        Name label = difference->from.label;
        drift_report(context, difference->to.type->name.place,
                     place_is_set(label.place) ? label.place : migrated->place,
                     "the enum " STR_FMT " has the value '" STR_FMT
                     "' as migrated, but not as declared",
                     STR_ARG(migrated->name.text), STR_ARG(label.text));
        return;
    }
    Name label = difference->to.label;
    Finding *finding = drift_report(
        context, place_is_set(label.place) ? label.place : difference->to.type->name.place,
        migrated->place,
        "the enum " STR_FMT " is declared with '" STR_FMT "', but no migration adds it",
        STR_ARG(migrated->name.text), STR_ARG(label.text));
    Remedy *remedy = report_remedy(
        context, finding, str_format(out, "Add the value " STR_FMT, STR_ARG(label.text)),
        str_format(out, "ALTER TYPE " STR_FMT "%s" STR_FMT " ADD VALUE " STR_FMT ";",
                   STR_ARG(str_equal(migrated->schema, schema_default_namespace(database->migrated))
                               ? STR("")
                               : sql_identifier(out, database->dialect, migrated->schema)),
                   str_equal(migrated->schema, schema_default_namespace(database->migrated)) ? ""
                                                                                             : ".",
                   STR_ARG(sql_identifier(out, database->dialect, migrated->name.text)),
                   STR_ARG(sql_string(out, database->dialect, label.text))));
    remedy->risk = STR("cannot be taken back; it may not be used in the transaction that adds it");
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_ENUM, visit_type);
    drift_each(context, database, DIFFERENCE_ENUM_VALUE, visit_value);
}

const Rule rule_drift_enum = {
    .id = "drift-enum",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "an enum, or a value of one, that only one side has",
    .why = "A value that the database does not know is refused when the program writes it. One "
           "that the program does not know makes it fail when it reads the row.",
    .instead = "Make the migration: ALTER TYPE ... ADD VALUE. A value cannot be dropped: where it "
               "is in no row, make the type anew.",
    .bad = "-- 0001.sql\n"
           "CREATE TYPE state AS ENUM ('new', 'paid');\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
           "-- schema.sql\n"
           "CREATE TYPE state AS ENUM ('new', 'paid', 'sent');\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n",
    .good = "-- 0001.sql\n"
            "CREATE TYPE state AS ENUM ('new', 'paid');\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n"
            "ALTER TYPE state ADD VALUE 'sent';\n"
            "-- schema.sql\n"
            "CREATE TYPE state AS ENUM ('new', 'paid', 'sent');\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, state state);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
