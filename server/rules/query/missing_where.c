/* Q01: an UPDATE or DELETE of every row. */
#include "rules/advice.h"
#include "rules/around.h"
#include "rules/words.h"

static const TableUse *target_of(const Query *query)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        if (query->tables.items[i].is_target)
            return &query->tables.items[i];
    }
    return NULL;
}

/* UPDATE a JOIN b ON …: the condition chooses the rows. */
static bool is_narrowed_by_join(const Query *query)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        if (query->tables.items[i].has_condition && query->tables.items[i].join == JOIN_INNER)
            return true;
    }
    return false;
}

static bool is_added_here(const RuleContext *context, const Query *query, const Table *table,
                          const QualifiedName *name, Str column)
{
    if (table) {
        const Column *known = table_column(table, column);
        return known && known->origin &&
               rule_same_source(context, known->origin->place, query->place);
    }
    for (uint32_t i = 0; context->operations && i < context->operations->n; i++) {
        const Operation *operation = context->operations->items[i];
        if (operation->kind == OP_ADD_COLUMN &&
            around_same_name(context, &operation->target, name) &&
            around_names_equal(context, operation->as.add_column.name.text, column))
            return true;
    }
    return false;
}

/* A migration fills the column that it has just added: every row is meant. */
static bool is_backfill(const RuleContext *context, const Query *query, const Table *table,
                        const QualifiedName *name)
{
    if (query->kind != QUERY_UPDATE || query->in_function || query->in_program ||
        query->written_columns.n == 0)
        return false;
    for (uint32_t i = 0; i < query->written_columns.n; i++) {
        if (!is_added_here(context, query, table, name, query->written_columns.items[i].text))
            return false;
    }
    return true;
}

static bool names_a_version(Str name)
{
    return str_ends_with_ignore_case(name, STR("version"));
}

/* The one row of a table of facts about the database itself. Where every column is written,
 * all rows would be alike afterwards: only a table of one row is updated so. */
static bool is_single_row(const Query *query, const Table *table, const QualifiedName *name)
{
    if (query->kind != QUERY_UPDATE || query->written_columns.n == 0)
        return false;
    bool writes_all =
        table && !table->has_unknown_columns && query->written_columns.n == table->columns.n;
    for (uint32_t i = 0; i < query->written_columns.n && writes_all; i++)
        writes_all = table_column(table, query->written_columns.items[i].text) != NULL;
    if (writes_all)
        return true;
    return query->written_columns.n == 1 && names_a_version(name->name.text) &&
           names_a_version(query->written_columns.items[0].text);
}

/* drop_nodes(), clear(), reset_database(): a program's function that is called so means all rows.
 */
static bool says_all_rows(RuleContext *context, const Query *query)
{
    if (!query->in_program || str_is_absent(query->function))
        return false;
    StrVec words = words_of(rule_arena(context), query->function);
    return words_have(&words, "all clear drop reset purge truncate empty wipe flush clean cleanup "
                              "seed teardown everything");
}

static void on_query(RuleContext *context, const Query *query, const Schema *schema)
{
    if ((query->kind != QUERY_UPDATE && query->kind != QUERY_DELETE) || query->has_where ||
        query->has_limit || context->in_seed)
        return;
    const TableUse *target = target_of(query);
    if (!target || target->kind != TABLE_USE_TABLE || target->is_cte || is_narrowed_by_join(query))
        return;
    const Table *table = schema_find_table(schema, &target->table);
    if (!table && query->in_function)
        return; /* a temporary table, as likely as not */
    if (table && table->is_temporary)
        return;
    bool runs_once = !query->in_function && !query->in_program;
    if (table && runs_once && rule_same_source(context, table->place, query->place))
        return; /* made by the same text: its rows are too */
    if (says_all_rows(context, query))
        return;
    if (is_backfill(context, query, table, &target->table) ||
        is_single_row(query, table, &target->table))
        return;

    Arena *out = rule_arena(context);
    Place place = place_is_set(query->target_place) ? query->target_place : query->place;
    Str on = advice_title(out, &target->table);
    Finding *finding =
        query->kind == QUERY_DELETE
            ? report(context, place, "deletes every row of " STR_FMT ": there is no WHERE",
                     STR_ARG(on))
            : report(context, place, "updates every row of " STR_FMT ": there is no WHERE",
                     STR_ARG(on));
    report_table(context, finding, table, NULL);
}

const Rule rule_missing_where = {
    .id = "missing-where",
    .since = "0.1",
    .group = GROUP_QUERY,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "UPDATE or DELETE without WHERE",
    .why = "It changes or deletes every row, locks them all until the transaction ends, and most "
           "often the condition was forgotten. In a migration it also writes a new version of "
           "the whole table at once.",
    .instead = "Say which rows. Where all of them are meant: TRUNCATE to empty a table, batches "
               "by key to update a large one; or write WHERE true to say that it is on purpose.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, is_active boolean);\n"
           "-- next migration\n"
           "UPDATE users SET is_active = false;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, is_active boolean);\n"
            "-- next migration\n"
            "UPDATE users SET is_active = false WHERE id = 42;\n",
    .sources = "https://www.postgresql.org/docs/current/sql-delete.html "
               "https://www.postgresql.org/docs/current/sql-update.html",
    .on_query = on_query,
};
