/* A column that is declared and not migrated. */
#include "rules/drift/drift.h"

/* A new column with a value for each row would rewrite the table: that is no quick repair. */
static bool can_add(const Database *database, const Column *column)
{
    bool is_unknown = false;
    const Type *type = column->user_type;
    return (database->dialect == DIALECT_POSTGRESQL || database->dialect == DIALECT_MYSQL) &&
           column->generated == GENERATED_NONE && !column_is_numbered(column) &&
           (!type || schema_type_counterpart(database->migrated, type)) &&
           !(column->default_value && expression_is_volatile(column->default_value, &is_unknown));
}

static void advise(RuleContext *context, const Database *database, Finding *finding,
                   const Table *table, const Column *column)
{
    Arena *out = rule_arena(context);
    Str on = sql_table_name(out, database->migrated, table);
    Str name = sql_identifier(out, database->dialect, column->name.text);
    const Expression *value = column->default_value;
    bool is_filled = value && value->kind != EXPRESSION_NULL;
    bool must_fill = !column->is_nullable && !is_filled;
    Remedy *remedy = report_remedy(
        context, finding,
        str_format(out,
                   must_fill ? "Add " STR_FMT "." STR_FMT ", nullable until it is filled"
                             : "Add " STR_FMT "." STR_FMT,
                   STR_ARG(table_title(out, database->migrated, table)),
                   STR_ARG(column->name.text)),
        str_format(out,
                   "ALTER TABLE " STR_FMT " ADD COLUMN " STR_FMT " " STR_FMT "%s" STR_FMT "%s;",
                   STR_ARG(on), STR_ARG(name), STR_ARG(column->type.canonical),
                   is_filled ? " DEFAULT " : "", STR_ARG(is_filled ? value->text : STR("")),
                   !column->is_nullable && is_filled ? " NOT NULL" : ""));
    remedy->undo = str_format(out, "ALTER TABLE " STR_FMT " DROP COLUMN " STR_FMT ";", STR_ARG(on),
                              STR_ARG(name));
    remedy->risk = must_fill ? STR("fill the rows, then make it NOT NULL as it is declared")
                             : STR("takes an instant, once it has the table to itself");
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *column = difference->to.column;
    if (difference->way != DIFFERENCE_MISSING)
        return;
    Finding *finding = drift_report(context, column->name.place, (Place){0},
                                    STR_FMT " is declared, but no migration adds it",
                                    STR_ARG(drift_column_title(context, database, difference)));
    report_table(context, finding, difference->to.table, column);
    drift_relate_table(context, finding, difference);
    if (can_add(database, column))
        advise(context, database, finding, difference->from.table, column);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_COLUMN, visit);
}

const Rule rule_drift_missing_column = {
    .id = "drift-missing-column",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a declared column that no migration adds",
    .why = "An ORM names every declared column in its queries: reads and writes of the table "
           "fail on a database made by the migrations.",
    .instead = "Make the migration. A column that is NOT NULL needs a default, or a backfill "
               "between adding it and SET NOT NULL.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n"
            "ALTER TABLE orders ADD COLUMN note text;\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
