/* NOT NULL on one side only. */
#include "rules/drift/drift.h"

enum { VERSION_WITH_PROOF = 12 }; /* the first that skips the scan where a CHECK proves it */

static void allow_nulls(RuleContext *context, const Database *database, Finding *finding,
                        const Column *column)
{
    Arena *out = rule_arena(context);
    Str on = sql_table_name(out, database->migrated, column->table);
    Str name = sql_identifier(out, database->dialect, column->name.text);
    Remedy *remedy = report_remedy(
        context, finding, STR("Allow nulls"),
        str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " DROP NOT NULL;",
                   STR_ARG(on), STR_ARG(name)));
    remedy->undo = str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " SET NOT NULL;",
                              STR_ARG(on), STR_ARG(name));
    remedy->risk = STR("readers of the column must be ready for nulls");
}

static void add_step(RuleContext *context, Finding *finding, Str title, Str sql, Str risk)
{
    report_remedy(context, finding, title, sql)->risk = risk;
}

/* In steps that block nobody; the rows must have been filled. */
static void forbid_nulls(RuleContext *context, const Database *database, Finding *finding,
                         const Column *column)
{
    Arena *out = rule_arena(context);
    StrVec columns = {0};
    VEC_PUSH(out, &columns, column->name.text);
    Str on = sql_table_name(out, database->migrated, column->table);
    Str name = sql_identifier(out, database->dialect, column->name.text);
    Str check = sql_identifier(
        out, database->dialect,
        advice_constraint_name(out, column->table, column->table->name.text, &columns, "not_null"));
    add_step(context, finding, STR("Say that no new row has a null"),
             str_format(out,
                        "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT " CHECK (" STR_FMT
                        " IS NOT NULL) NOT VALID;",
                        STR_ARG(on), STR_ARG(check), STR_ARG(name)),
             STR("inserts and updates that leave it null fail from now on"));
    add_step(context, finding, STR("Prove it for the rows that are there"),
             str_format(out, "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT ";",
                        STR_ARG(on), STR_ARG(check)),
             STR("fails while a row holds a null: fill them before"));
    add_step(context, finding, STR("Make it NOT NULL"),
             str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " SET NOT NULL;",
                        STR_ARG(on), STR_ARG(name)),
             STR("takes an instant, because the check proves it"));
    add_step(context, finding, STR("Drop the check, which has done its work"),
             str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";", STR_ARG(on),
                        STR_ARG(check)),
             STR("takes an instant"));
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *declared = difference->to.column, *migrated = difference->from.column;
    Str title = drift_column_title(context, database, difference);
    Finding *finding = drift_report(
        context, declared->name.place, migrated->place,
        declared->is_nullable ? STR_FMT " may be null as declared, but is NOT NULL as migrated"
                              : STR_FMT " is NOT NULL as declared, but may be null as migrated",
        STR_ARG(title));
    report_table(context, finding, difference->to.table, declared);
    if (database->dialect != DIALECT_POSTGRESQL || migrated->is_inherited)
        return;
    if (declared->is_nullable)
        allow_nulls(context, database, finding, migrated);
    else if (rule_server_version(context).major >= VERSION_WITH_PROOF)
        forbid_nulls(context, database, finding, migrated);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_NULLABILITY, visit);
}

const Rule rule_drift_nullability = {
    .id = "drift-nullability",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a column that may be null on one side only",
    .why = "Where only the database allows nulls, the program meets one that its types say "
           "cannot be. Where only the declaration allows them, inserts fail.",
    .instead = "Make the migration: DROP NOT NULL is free; before SET NOT NULL fill the rows and "
               "prove it with a CHECK that is validated.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
