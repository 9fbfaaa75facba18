/* Checks, as far as they can be told apart. */
#include "rules/drift/drift.h"

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    bool is_missing = difference->way == DIFFERENCE_MISSING;
    const Check *check = is_missing ? difference->to.check : difference->from.check;
    Str title = drift_table_title(context, database, difference);
    Finding *finding = is_missing ? drift_report(context, check->place, (Place){0},
                                                 "the check on " STR_FMT " (" STR_FMT
                                                 ") is declared, but no migration makes it",
                                                 STR_ARG(title), STR_ARG(check->expression->text))
                                  : drift_report(context, (Place){0}, check->place,
                                                 "the check on " STR_FMT " (" STR_FMT
                                                 ") is made by a migration, but not declared",
                                                 STR_ARG(title), STR_ARG(check->expression->text));
    report_table(context, finding, difference->to.table, check->column);
    drift_relate_table(context, finding, difference);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_CHECK, visit);
}

const Rule rule_drift_check = {
    .id = "drift-check",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a check constraint that only one side has",
    .why = "A check that only the declaration has is not kept: rows that the program thinks "
           "impossible are there. One that only the database has refuses rows that the program "
           "thinks are right.",
    .instead = "Make the migration (NOT VALID first, then VALIDATE), or declare the check.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, total int);\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, total int CHECK (total >= 0));\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, total int CHECK (total > -1));\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, total int CHECK (total >= 0));\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
