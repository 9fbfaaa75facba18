/* One line for each table: how often the queries search, join and order by its columns, and
 * which of those an index begins with. */
#include "consult/live_query.h"
#include "consult/online/brief_parts.h"

enum { MAX_BYTES = 12 * 1024, MAX_COLUMNS = 24 /* of a line: the most used */ };

typedef enum { USE_EQUAL, USE_RANGE, USE_PATTERN, USE_JOIN, USE_ORDER, USE_WRAPPED, N_USES } Use;

static const char *const use_names[N_USES] = {
    [USE_EQUAL] = "=",    [USE_RANGE] = "range",    [USE_PATTERN] = "pattern",
    [USE_JOIN] = "joins", [USE_ORDER] = "order by", [USE_WRAPPED] = "inside a function",
};

typedef struct {
    const Column *column;
    uint32_t n[N_USES], n_all;
} ColumnAccess;

typedef struct {
    const Table *table;
    uint32_t n_queries, n_writes, n_in_loops;
    const Query *last; /* counted already */
    Vec(ColumnAccess) columns;
} TableAccess;

typedef struct {
    Brief *brief;
    StrMap by_name; /* full name -> TableAccess */
    Vec(TableAccess *) tables;
} Accesses;

static const Table *used_table(const Accesses *accesses, const Query *query, uint32_t index)
{
    if (index >= query->tables.n)
        return NULL;
    const TableUse *use = &query->tables.items[index];
    return use->kind == TABLE_USE_TABLE && !use->is_cte
               ? schema_find_table(accesses->brief->schema, &use->table)
               : NULL;
}

static TableAccess *access_of(Accesses *accesses, const Table *table)
{
    Arena *scratch = accesses->brief->scratch;
    Str name = table_full_name(scratch, table);
    TableAccess *access = map_get(&accesses->by_name, name);
    if (!access) {
        access = ARENA_NEW(scratch, TableAccess);
        access->table = table;
        map_set(scratch, &accesses->by_name, name, access);
        VEC_PUSH(scratch, &accesses->tables, access);
    }
    return access;
}

static void count_column(Accesses *accesses, const Table *table, Str name, Use use)
{
    const Column *column = table ? table_column(table, name) : NULL;
    if (!column)
        return;
    TableAccess *access = access_of(accesses, table);
    ColumnAccess *found = NULL;
    for (uint32_t i = 0; i < access->columns.n && !found; i++)
        if (access->columns.items[i].column == column)
            found = &access->columns.items[i];
    if (!found) {
        VEC_PUSH(accesses->brief->scratch, &access->columns, ((ColumnAccess){.column = column}));
        found = VEC_LAST(&access->columns);
    }
    found->n[use]++;
    found->n_all++;
}

/* Where the text does not say the table, only one of them has such a column. */
static const Table *table_of_use(const Accesses *accesses, const Query *query, const ColumnUse *use)
{
    if (use->table != NO_TABLE_USE)
        return used_table(accesses, query, use->table);
    const Table *found = NULL;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const Table *table = used_table(accesses, query, i);
        if (!table || !table_column(table, use->column.text))
            continue;
        if (found)
            return NULL;
        found = table;
    }
    return found;
}

static Use use_of_filter(const ColumnUse *filter)
{
    if (filter->is_wrapped)
        return USE_WRAPPED;
    switch (filter->comparison) {
    case COMPARE_EQUAL:
    case COMPARE_IN:
    case COMPARE_IS_NULL:
        return USE_EQUAL;
    case COMPARE_RANGE:
    case COMPARE_LIKE_PREFIX:
        return USE_RANGE;
    case COMPARE_LIKE:
    case COMPARE_CONTAINS:
        return USE_PATTERN;
    case COMPARE_NONE:
    case COMPARE_NOT_EQUAL:
    case COMPARE_IS_NOT_NULL:
    case COMPARE_OTHER:
        break;
    }
    return N_USES;
}

static void count_query(Accesses *accesses, const Query *query)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const Table *table = used_table(accesses, query, i);
        TableAccess *access = table ? access_of(accesses, table) : NULL;
        if (!access || access->last == query)
            continue;
        access->last = query;
        access->n_queries++;
        access->n_in_loops += query->inside_loop;
        access->n_writes += query->tables.items[i].is_target;
    }
    for (uint32_t i = 0; i < query->filters.n; i++) {
        const ColumnUse *filter = &query->filters.items[i];
        Use use = use_of_filter(filter);
        if (use != N_USES)
            count_column(accesses, table_of_use(accesses, query, filter), filter->column.text, use);
    }
    for (uint32_t i = 0; i < query->joins.n; i++) {
        const ColumnUse *join = &query->joins.items[i];
        count_column(accesses, table_of_use(accesses, query, join), join->column.text, USE_JOIN);
        count_column(accesses, used_table(accesses, query, join->other_table),
                     join->other_column.text, USE_JOIN);
    }
    for (uint32_t i = 0; i < query->orders.n; i++) {
        const ColumnUse *order = &query->orders.items[i];
        count_column(accesses, table_of_use(accesses, query, order), order->column.text, USE_ORDER);
    }
    for (uint32_t i = 0; i < query->subqueries.n; i++)
        count_query(accesses, query->subqueries.items[i]);
}

/* ---- writing ---- */

static bool is_served(const Column *column)
{
    const IndexVec *indexes = &column->table->indexes;
    for (uint32_t i = 0; i < indexes->n; i++)
        if (indexes->items[i]->parts.n > 0 && indexes->items[i]->parts.items[0].column == column)
            return true;
    const Key *key = column->table->primary_key;
    return key && key->columns.n > 0 && key->columns.items[0] == column;
}

static void write_access(const Brief *brief, Buf *out, const TableAccess *access)
{
    buf_format(out, "- " STR_FMT ": %u quer%s, %u writing",
               STR_ARG(brief_title(brief, access->table)), access->n_queries,
               access->n_queries == 1 ? "y" : "ies", access->n_writes);
    if (access->n_in_loops > 0)
        buf_format(out, ", %u in a loop", access->n_in_loops);
    for (uint32_t i = 0; i < access->columns.n && i < MAX_COLUMNS; i++) {
        const ColumnAccess *column = &access->columns.items[i];
        buf_format(out, "; " STR_FMT " (", STR_ARG(column->column->name.text));
        const char *between = "";
        for (int use = 0; use < N_USES; use++) {
            if (column->n[use] == 0)
                continue;
            buf_format(out, "%s%s %u", between, use_names[use], column->n[use]);
            between = ", ";
        }
        buf_add(out, is_served(column->column) ? STR(")") : STR(", no index begins with it)"));
    }
    buf_add_char(out, '\n');
}

void brief_accesses(Brief *brief)
{
    Accesses accesses = {.brief = brief};
    const QueryPointerVec *queries = &brief->snapshot->database.queries;
    for (uint32_t i = 0; i < queries->n; i++) {
        const Query *query = queries->items[i];
        Location at;
        if (query->depth == 0 && snapshot_locate(brief->snapshot, query->place, &at) &&
            query_is_live(&brief->snapshot->database, query,
                          brief->snapshot->sources.items[at.source].role))
            count_query(&accesses, query);
    }
    if (accesses.tables.n == 0)
        return;
    Buf part = buf_with_max(MAX_BYTES);
    uint32_t n_left_out = 0;
    for (int own = 1; own >= 0; own--)
        for (uint32_t i = 0; i < accesses.tables.n; i++) {
            const TableAccess *access = accesses.tables.items[i];
            if (brief_is_consulted(brief, access->table) != own)
                continue;
            size_t before = part.length;
            write_access(brief, &part, access);
            n_left_out += brief_take_back(&part, before);
        }
    buf_format(&brief->out, "\n## What the queries ask of each table\n\n" STR_FMT,
               STR_ARG(buf_str(&part)));
    if (n_left_out > 0)
        buf_format(&brief->out, "- and %u more tables\n", n_left_out);
    buf_free(&part);
}
