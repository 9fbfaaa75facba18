/* Which columns the queries and policies of the scope search and order by. */
#include "consult/live_query.h"
#include "consult/offline/offline.h"

static void add_column(Arena *scratch, ColumnVec *columns, Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++)
        if (columns->items[i] == column)
            return;
    VEC_PUSH(scratch, columns, column);
}

static const Table *used_table(const Offline *o, const TableUse *use)
{
    if (use->kind != TABLE_USE_TABLE || use->is_cte)
        return NULL;
    return schema_find_table(o->schema, &use->table);
}

/* The column that a use means in table `index`, or NULL: where the text does not say the
 * table, it must be the only one of the query that has such a column. */
static Column *used_column(const Offline *o, const Query *query, const ColumnUse *use,
                           uint32_t index, const Table *table)
{
    Column *column = table_column(table, use->column.text);
    if (!column || use->table == index)
        return column;
    if (use->table != NO_TABLE_USE || !name_is_absent(use->qualifier))
        return NULL;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const Table *other = used_table(o, &query->tables.items[i]);
        if (i != index && (!other || table_column(other, use->column.text)))
            return NULL;
    }
    return column;
}

static void read_filter(Offline *o, Access *access, const ColumnUse *use, Column *column)
{
    if (use->is_in_disjunction)
        return;
    if (use->is_wrapped) {
        add_column(o->scratch, &access->wrapped, column);
        return;
    }
    switch (use->comparison) {
    case COMPARE_EQUAL:
    case COMPARE_IN:
        add_column(o->scratch, &access->equal, column);
        break;
    case COMPARE_RANGE:
    case COMPARE_LIKE_PREFIX:
        add_column(o->scratch, &access->ranged, column);
        break;
    case COMPARE_LIKE:
    case COMPARE_CONTAINS:
        add_column(o->scratch, &access->pattern, column);
        break;
    case COMPARE_NONE:
    case COMPARE_NOT_EQUAL:
    case COMPARE_IS_NULL:
    case COMPARE_IS_NOT_NULL:
    case COMPARE_OTHER:
        break;
    }
}

/* The order helps only where this table gives all of it, as plain columns. */
static void read_order(Offline *o, Access *access, uint32_t index)
{
    const Query *query = access->query;
    if (query->is_partial || query->has_group_by || query->has_distinct || query->is_set_operation)
        return;
    for (uint32_t i = 0; i < query->orders.n; i++) {
        const ColumnUse *use = &query->orders.items[i];
        Column *column =
            use->is_wrapped ? NULL : used_column(o, query, use, index, access->table->table);
        if (!column) {
            access->ordered.n = access->directions.n = 0;
            return;
        }
        VEC_PUSH(o->scratch, &access->ordered, column);
        VEC_PUSH(o->scratch, &access->directions, use->order);
    }
}

static void read_access(Offline *o, const Query *query, uint32_t index)
{
    const Table *table = used_table(o, &query->tables.items[index]);
    const TableFacts *facts = table ? facts_of(o, table) : NULL;
    if (!facts)
        return;
    Access access = {
        .query = query, .table = facts, .has_limit = query->has_limit, .place = query->place};
    for (uint32_t i = 0; i < query->filters.n; i++) {
        const ColumnUse *use = &query->filters.items[i];
        Column *column = used_column(o, query, use, index, table);
        if (column)
            read_filter(o, &access, use, column);
    }
    /* A join's column finds rows only where nothing else does, and only where the query is
     * after few rows: all of two tables are joined without an index. */
    bool is_selective = query->has_limit;
    for (uint32_t i = 0; i < query->filters.n && !is_selective; i++)
        is_selective = query->filters.items[i].comparison == COMPARE_EQUAL &&
                       !query->filters.items[i].is_in_disjunction;
    bool use_joins = is_selective && access.equal.n == 0;
    for (uint32_t i = 0; i < query->joins.n && use_joins; i++) {
        const ColumnUse *use = &query->joins.items[i];
        Column *column = use->comparison == COMPARE_EQUAL && !use->is_in_disjunction
                             ? used_column(o, query, use, index, table)
                             : NULL;
        if (!column || use->is_wrapped)
            continue;
        add_column(o->scratch, &access.equal, column);
        access.is_joined = true;
    }
    read_order(o, &access, index);
    VEC_PUSH(o->scratch, &o->accesses, access);
}

static void read_query(Offline *o, const Query *query, int depth)
{
    enum { MAX_DEPTH = 32 };
    for (uint32_t i = 0; i < query->tables.n; i++)
        read_access(o, query, i);
    for (uint32_t i = 0; i < query->subqueries.n && depth < MAX_DEPTH; i++)
        read_query(o, query->subqueries.items[i], depth + 1);
}

/* A consulted table's queries count wherever they stand. */
static bool uses_consulted(const Offline *o, const Query *query)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const Table *table = used_table(o, &query->tables.items[i]);
        const TableFacts *facts = table ? facts_of(o, table) : NULL;
        if (facts && facts->is_consulted)
            return true;
    }
    return false;
}

void offline_collect_queries(Offline *o)
{
    const QueryPointerVec *queries = &o->snapshot->database.queries;
    for (uint32_t i = 0; i < queries->n; i++) {
        const Query *query = queries->items[i];
        Location location;
        if (query->depth > 0 || !snapshot_locate(o->snapshot, query->place, &location) ||
            !query_is_live(&o->snapshot->database, query,
                           o->snapshot->sources.items[location.source].role))
            continue;
        bool is_here = place_in_scope(o, query->place);
        for (uint32_t k = 0; k < query->tables.n && is_here; k++) {
            const Table *table = used_table(o, &query->tables.items[k]);
            const TableFacts *facts = table ? facts_of(o, table) : NULL;
            if (facts)
                ((TableFacts *)map_get(&o->by_key, facts->key))->is_consulted = true;
        }
        if (!is_here && !uses_consulted(o, query))
            continue;
        o->n_queries++;
        read_query(o, query, 0);
    }
}

/* What a policy compares is compared for every row that anybody reads. */
static void read_policy(Offline *o, const TableFacts *facts, const Policy *policy)
{
    const Expression *expression = policy->using_expression;
    if (!expression || expression->has_subquery || expression->columns.n != 1 ||
        expression->functions.n == 0)
        return;
    Column *column = table_column(facts->table, expression->columns.items[0].column.text);
    if (!column || !str_contains(expression->text, STR("=")))
        return;
    Access access = {.table = facts, .is_from_policy = true, .place = policy->place};
    add_column(o->scratch, &access.equal, column);
    VEC_PUSH(o->scratch, &o->accesses, access);
}

void offline_collect_policies(Offline *o)
{
    for (uint32_t i = 0; i < o->tables.n; i++) {
        const TableFacts *facts = o->tables.items[i];
        for (uint32_t k = 0; facts->is_consulted && k < facts->table->policies.n; k++)
            read_policy(o, facts, facts->table->policies.items[k]);
    }
}
