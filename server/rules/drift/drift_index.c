/* Indexes, by their shape. */
#include "rules/drift/drift.h"
#include "rules/index/compare.h"

static bool has_columns(const Table *table, const Index *index)
{
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const Column *column = index->parts.items[i].column;
        if (!column || !table_column(table, column->name.text))
            return false;
    }
    return true;
}

static void advise(RuleContext *context, const Database *database, Finding *finding,
                   const Index *index, const Table *migrated)
{
    Arena *out = rule_arena(context);
    bool is_free = !schema_relation_exists(database->migrated, migrated->schema, index->name.text);
    bool can_build = database->dialect == DIALECT_MYSQL || database->dialect == DIALECT_SQLITE ||
                     (database->dialect == DIALECT_POSTGRESQL && is_free &&
                      str_is_absent(migrated->partition_by.strategy) && !migrated->partition_of);
    if (!can_build || !has_columns(migrated, index))
        return;
    bool concurrently = database->dialect == DIALECT_POSTGRESQL;
    Remedy *remedy =
        report_remedy(context, finding,
                      str_format(out, "Index " STR_FMT " " STR_FMT,
                                 STR_ARG(table_title(out, database->migrated, migrated)),
                                 STR_ARG(index_parts_text(out, index))),
                      drift_print_index(context, database->declared, index, concurrently));
    remedy->outside_transaction = concurrently;
    remedy->risk = concurrently ? STR("a build that is interrupted leaves it invalid: drop it and "
                                      "build again")
                                : STR("writers wait where the database cannot build it online");
}

/* "index", or "gin index" where it is another than the usual kind. */
static Str kind_of(Arena *out, const Index *index)
{
    Str method = index->method;
    if (str_is_empty(method) || str_equal(method, STR("btree")))
        return STR("index");
    return str_format(out, STR_FMT " index", STR_ARG(method));
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    bool is_missing = difference->way == DIFFERENCE_MISSING;
    const Index *index = is_missing ? difference->to.index : difference->from.index;
    Arena *out = rule_arena(context);
    Str title = drift_table_title(context, database, difference);
    Str parts = index_parts_text(out, index);
    Str kind = kind_of(out, index);
    Finding *finding = is_missing ? drift_report(context, index->place, (Place){0},
                                                 "the " STR_FMT " on " STR_FMT " " STR_FMT
                                                 " is declared, but no migration makes it",
                                                 STR_ARG(kind), STR_ARG(title), STR_ARG(parts))
                                  : drift_report(context, (Place){0}, index->place,
                                                 "the " STR_FMT " on " STR_FMT " " STR_FMT
                                                 " is made by a migration, but not declared",
                                                 STR_ARG(kind), STR_ARG(title), STR_ARG(parts));
    report_table(context, finding, difference->to.table, NULL);
    drift_relate_table(context, finding, difference);
    if (is_missing)
        advise(context, database, finding, index, difference->from.table);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_INDEX, visit);
}

const Rule rule_drift_index = {
    .id = "drift-index",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "an index that only one side has",
    .why = "Who reads the declaration thinks that a query is served by an index that is not "
           "there; or a tool that compares proposes to drop an index that somebody made by "
           "hand, for a reason.",
    .instead = "Make the migration, or declare the index.",
    .bad = "-- 0001.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);\n"
           "-- schema.sql\n"
           "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);\n"
           "CREATE INDEX orders_placed_at ON orders (placed_at);\n",
    .good = "-- 0001.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);\n"
            "CREATE INDEX by_day ON orders (placed_at);\n"
            "-- schema.sql\n"
            "CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz);\n"
            "CREATE INDEX orders_placed_at ON orders (placed_at);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
