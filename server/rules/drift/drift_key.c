/* Primary keys and unique keys, by their columns. */
#include "rules/drift/drift.h"

static ColumnVec columns_of(RuleContext *context, const DifferencePart *part)
{
    if (part->key)
        return part->key->columns;
    ColumnVec columns = {0};
    for (uint32_t i = 0; part->index && i < part->index->parts.n; i++)
        VEC_PUSH(rule_arena(context), &columns, part->index->parts.items[i].column);
    return columns;
}

static Str columns_text(RuleContext *context, const ColumnVec *columns)
{
    return advice_names(rule_arena(context), columns, 4);
}

static Place place_of(const DifferencePart *part)
{
    if (part->key)
        return part->key->place;
    return part->index ? part->index->place : part->table->name.place;
}

static void visit_primary(RuleContext *context, const Database *database,
                          const Difference *difference)
{
    const DifferencePart *to = &difference->to, *from = &difference->from;
    Str title = drift_table_title(context, database, difference);
    Str declared = to->key ? columns_text(context, &to->key->columns) : STR("none");
    Str migrated = from->key ? columns_text(context, &from->key->columns) : STR("none");
    Finding *finding = drift_report(context, place_of(to), place_of(from),
                                    "the primary key of " STR_FMT " is declared as " STR_FMT
                                    ", but migrated as " STR_FMT,
                                    STR_ARG(title), STR_ARG(declared), STR_ARG(migrated));
    report_table(context, finding, to->table, NULL);
}

static void visit_unique(RuleContext *context, const Database *database,
                         const Difference *difference)
{
    bool is_missing = difference->way == DIFFERENCE_MISSING;
    const DifferencePart *part = is_missing ? &difference->to : &difference->from;
    Str title = drift_table_title(context, database, difference);
    ColumnVec columns = columns_of(context, part);
    Str names = columns_text(context, &columns);
    Finding *finding =
        is_missing ? drift_report(context, place_of(part), (Place){0},
                                  STR_FMT " (" STR_FMT
                                          ") is declared unique, but no migration makes it so",
                                  STR_ARG(title), STR_ARG(names))
                   : drift_report(context, (Place){0}, place_of(part),
                                  STR_FMT " (" STR_FMT ") is unique here, but not declared so",
                                  STR_ARG(title), STR_ARG(names));
    report_table(context, finding, difference->to.table, NULL);
    drift_relate_table(context, finding, difference);
    if (!is_missing)
        return;
    const Table *table = difference->from.table;
    ColumnVec there = advice_columns_in(rule_arena(context), table, &columns);
    if (there.n && database->dialect != DIALECT_SQLSERVER)
        advise_index(context, finding, database->migrated, table, &there, true);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_PRIMARY_KEY, visit_primary);
    drift_each(context, database, DIFFERENCE_UNIQUE, visit_unique);
}

const Rule rule_drift_key = {
    .id = "drift-key",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a primary key or unique key that only one side has",
    .why = "A key that only the declaration has is not kept: the program finds two rows where "
           "it asks for one, and an upsert has nothing to conflict with. One that only the "
           "database has refuses rows that the program thinks are right.",
    .instead = "Make the migration, after looking for rows that are there twice; or declare the "
               "key.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
           "-- schema.sql\n"
           "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n"
            "CREATE UNIQUE INDEX users_email ON users (email);\n"
            "-- schema.sql\n"
            "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
