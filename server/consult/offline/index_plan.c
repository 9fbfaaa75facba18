/* From requests to plans
 *
 * A B-tree finds rows by any left part of its columns that is compared for equality, and then
 * walks them in the order of the next column. So (customer_id, status, placed_at) serves
 *
 *     customer_id = ?                                    any left part of the equality columns
 *     customer_id = ? AND status = ?                     in any order in the text
 *     customer_id = ? AND status = ? ORDER BY placed_at  all of them, then the tail
 *
 * but not status = ? alone. Two requests of equality only are served by one index where one
 * set holds the other: the smaller one comes first. A plan therefore keeps its equality columns as
 * a chain of growing sets, and a request joins the first plan whose chain it fits:
 *
 *     {customer_id} < {customer_id, status} -> customer_id | status | tail
 *
 * Larger requests are taken first, so that the smaller ones find their plan; of equal ones the
 * foreign keys, because a column of theirs has no other way in. */
#include "consult/offline/index_plan.h"

enum {
    MAX_INDEX_COLUMNS = 4,
    MAX_REQUEST_COLUMNS = 16, /* larger foreign keys are taken as early as these */
};

typedef struct {
    const TableFacts *table;
    ColumnVec equal, tail;
    Vec(SortOrder) directions; /* parallel to tail */
    const Access *access;      /* one of the two */
    const ForeignKey *key;
} Request;
typedef Vec(Request) RequestVec;

static bool holds(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++)
        if (columns->items[i] == column)
            return true;
    return false;
}

static bool is_subset(const ColumnVec *part, const ColumnVec *whole)
{
    for (uint32_t i = 0; i < part->n; i++)
        if (!holds(whole, part->items[i]))
            return false;
    return true;
}

bool finds_one_row(const Table *table, const ColumnVec *columns)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (!index->unique || index->parts.n == 0)
            continue;
        bool is_within = true;
        for (uint32_t k = 0; k < index->parts.n && is_within; k++)
            is_within =
                index->parts.items[k].column && holds(columns, index->parts.items[k].column);
        if (is_within)
            return true;
    }
    /* A SQLite rowid key has no index. */
    return table->primary_key && table->primary_key->columns.n > 0 &&
           is_subset(&table->primary_key->columns, columns);
}

/* How many leading parts of the index are equality columns of the request. */
static uint32_t matched_parts(const Index *index, const ColumnVec *equal)
{
    uint32_t n = 0;
    while (n < index->parts.n && index->parts.items[n].column &&
           holds(equal, index->parts.items[n].column))
        n++;
    return n;
}

/* The key that the roadmap makes is as good as one that is there. */
static bool is_served_by_plan(const Request *request)
{
    const ColumnVec *key = &request->table->planned_key;
    if (key->n == 0)
        return false;
    ColumnVec leading = {.items = key->items, .n = 1};
    return is_subset(&leading, &request->equal) || is_subset(key, &request->equal);
}

/* True where an index there is already finds the rows well enough: nothing is recommended for
 * a gain that depends on the data. */
static bool is_served(const Request *request)
{
    const Table *table = request->table->table;
    if (finds_one_row(table, &request->equal) || is_served_by_plan(request))
        return true;
    bool wants_order = request->access && request->access->has_limit &&
                       request->access->ordered.n > 0 && request->tail.n > 0;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (index->kind != INDEX_NORMAL || index->parts.n == 0)
            continue;
        uint32_t n = matched_parts(index, &request->equal);
        bool has_tail = request->tail.n > 0 && n < index->parts.n &&
                        index->parts.items[n].column == request->tail.items[0];
        if (request->equal.n == 0 && has_tail)
            return true;
        if (n > 0 && (!wants_order || (n == request->equal.n && has_tail)))
            return true;
    }
    return false;
}

/* ---- requests ---- */

static bool is_weak(const Column *column)
{
    return column->type.family == TYPE_BOOLEAN;
}

/* Types that a B-tree cannot hold, or not usefully. */
static bool is_indexable(const Column *column)
{
    switch (column->type.family) {
    case TYPE_JSON:
    case TYPE_JSONB:
    case TYPE_XML:
    case TYPE_BLOB:
    case TYPE_TSVECTOR:
    case TYPE_TSQUERY:
    case TYPE_RANGE:
    case TYPE_GEOMETRY:
    case TYPE_VECTOR:
    case TYPE_SET:
    case TYPE_COMPOSITE:
    case TYPE_UNKNOWN:
    case TYPE_OTHER:
        return false;
    case TYPE_BOOLEAN:
    case TYPE_TINYINT:
    case TYPE_SMALLINT:
    case TYPE_MEDIUMINT:
    case TYPE_INTEGER:
    case TYPE_BIGINT:
    case TYPE_NUMERIC:
    case TYPE_MONEY:
    case TYPE_REAL:
    case TYPE_DOUBLE:
    case TYPE_CHAR:
    case TYPE_VARCHAR:
    case TYPE_TEXT:
    case TYPE_BINARY:
    case TYPE_VARBINARY:
    case TYPE_BIT:
    case TYPE_VARBIT:
    case TYPE_DATE:
    case TYPE_TIME:
    case TYPE_TIMESTAMP:
    case TYPE_INTERVAL:
    case TYPE_YEAR:
    case TYPE_UUID:
    case TYPE_INET:
    case TYPE_CIDR:
    case TYPE_MACADDR:
    case TYPE_ENUM:
    case TYPE_DOMAIN:
        return column->type.array_dims == 0;
    }
    return false;
}

/* MySQL cannot index a long text without a prefix length. */
static bool fits_index(const Offline *o, const Column *column)
{
    return is_indexable(column) &&
           (o->schema->dialect != DIALECT_MYSQL || column->type.family != TYPE_TEXT);
}

static bool is_key_column(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        if (holds(&table->foreign_keys.items[i]->columns, column))
            return true;
    return false;
}

/* Foreign keys first, then the others as written, booleans last. */
static ColumnVec by_weight(Offline *o, const Table *table, const ColumnVec *columns)
{
    ColumnVec sorted = {0};
    for (int weight = 0; weight < 3; weight++)
        for (uint32_t i = 0; i < columns->n; i++) {
            Column *column = columns->items[i];
            int own = is_weak(column) ? 2 : is_key_column(table, column) ? 0 : 1;
            if (own == weight && fits_index(o, column))
                VEC_PUSH(o->scratch, &sorted, column);
        }
    return sorted;
}

static bool partitions_by(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->partition_by.parts.n; i++)
        if (str_equal_ignore_case(table->partition_by.parts.items[i].column.text,
                                  column->name.text))
            return true;
    return false;
}

static void add_access(Offline *o, RequestVec *requests, const Access *access)
{
    Request request = {.table = access->table, .access = access};
    if (!access->table->is_consulted || access->table->shape == SHAPE_LOOKUP)
        return;
    request.equal = by_weight(o, access->table->table, &access->equal);
    bool use_order = access->ordered.n > 0 && access->has_limit;
    if (use_order) {
        for (uint32_t i = 0; i < access->ordered.n; i++) {
            if (!fits_index(o, access->ordered.items[i]))
                break;
            if (holds(&request.equal, access->ordered.items[i]))
                continue;
            VEC_PUSH(o->scratch, &request.tail, access->ordered.items[i]);
            VEC_PUSH(o->scratch, &request.directions, access->directions.items[i]);
        }
    }
    /* A range of the partition key chooses the partitions. */
    bool is_pruned = access->ranged.n > 0 && request.equal.n > 0 &&
                     partitions_by(access->table->table, access->ranged.items[0]);
    if (request.tail.n == 0 && access->ranged.n > 0 && !is_pruned &&
        fits_index(o, access->ranged.items[0]) && !holds(&request.equal, access->ranged.items[0])) {
        VEC_PUSH(o->scratch, &request.tail, access->ranged.items[0]);
        VEC_PUSH(o->scratch, &request.directions, ORDER_UNSPECIFIED);
    }
    bool only_weak = request.equal.n > 0 && is_weak(request.equal.items[0]);
    if (only_weak && request.tail.n == 0)
        return;
    if (request.equal.n + request.tail.n == 0 || is_served(&request))
        return;
    VEC_PUSH(o->scratch, requests, request);
}

/* The foreign keys that the index rule reports; a rule that is off asks for nothing. */
static void add_foreign_keys(Offline *o, RequestVec *requests)
{
    FindingPointerVec findings = findings_of(o, "missing-fk-index");
    for (uint32_t i = 0; i < findings.n; i++) {
        const TableFacts *facts = facts_of_key(o, findings.items[i]->table);
        if (!facts)
            continue;
        const ForeignKeyVec *keys = &facts->table->foreign_keys;
        for (uint32_t k = 0; k < keys->n; k++) {
            const ForeignKey *key = keys->items[k];
            if (key->columns.n == 0 || table_index_covering(facts->table, &key->columns) ||
                !str_equal(key->columns.items[0]->name.text, findings.items[i]->column))
                continue;
            Request request = {.table = facts, .equal = key->columns, .key = key};
            if (is_served_by_plan(&request) && facts->key_step->statements.n > 0)
                VEC_PUSH(o->scratch, &VEC_LAST(&facts->key_step->statements)->answers,
                         findings.items[i]);
            else
                VEC_PUSH(o->scratch, requests, request);
            break;
        }
    }
}

/* ---- plans ---- */

/* The equality columns of a plan as a chain of sets: `ends` are where each set ends. */
typedef struct {
    IndexPlan plan;
    Vec(uint32_t) ends;
} Chain;
typedef Vec(Chain) ChainVec;

static ColumnVec first_columns(const Chain *chain, uint32_t n)
{
    return (ColumnVec){.items = chain->plan.columns.items, .n = n};
}

/* Brings the columns of `set` to the front of the part [start, end) of the chain. */
static void move_to_front(Chain *chain, const ColumnVec *set, uint32_t start, uint32_t end)
{
    uint32_t at = start;
    for (uint32_t i = start; i < end; i++) {
        Column *column = chain->plan.columns.items[i];
        if (!holds(set, column))
            continue;
        memmove(chain->plan.columns.items + at + 1, chain->plan.columns.items + at,
                (i - at) * sizeof column);
        chain->plan.columns.items[at++] = column;
    }
}

/* Fits a set of equality columns into the chain: it lies between two of its sets. */
static bool fit_set(Offline *o, Chain *chain, const ColumnVec *set)
{
    uint32_t start = 0;
    for (uint32_t i = 0; i < chain->ends.n; i++) {
        uint32_t end = chain->ends.items[i];
        ColumnVec inner = first_columns(chain, start), outer = first_columns(chain, end);
        if (set->n == end && is_subset(set, &outer))
            return true;
        if (set->n > start && set->n < end && is_subset(&inner, set) && is_subset(set, &outer)) {
            move_to_front(chain, set, start, end);
            VEC_PUSH(o->scratch, &chain->ends, set->n);
            for (uint32_t k = chain->ends.n - 1; k > i; k--)
                chain->ends.items[k] = chain->ends.items[k - 1];
            chain->ends.items[i] = set->n;
            return true;
        }
        start = end;
    }
    return false;
}

static bool fits_tail(const Chain *chain, const Request *request)
{
    if (request->tail.n == 0)
        return true;
    const IndexPlan *plan = &chain->plan;
    if (request->equal.n != plan->n_equal || request->tail.n > plan->columns.n - plan->n_equal)
        return false;
    for (uint32_t i = 0; i < request->tail.n; i++)
        if (plan->columns.items[plan->n_equal + i] != request->tail.items[i] ||
            (request->tail.n > 1 &&
             plan->directions.items[plan->n_equal + i] != request->directions.items[i]))
            return false;
    return true;
}

static void note_served(Offline *o, IndexPlan *plan, const Request *request)
{
    if (request->access)
        VEC_PUSH(o->scratch, &plan->serves, request->access);
    else
        VEC_PUSH(o->scratch, &plan->keys, request->key);
}

static Chain new_chain(Offline *o, const Request *request)
{
    Chain chain = {.plan = {.table = request->table}};
    IndexPlan *plan = &chain.plan;
    for (uint32_t i = 0; i < request->equal.n && (request->key || i < MAX_INDEX_COLUMNS); i++) {
        VEC_PUSH(o->scratch, &plan->columns, request->equal.items[i]);
        VEC_PUSH(o->scratch, &plan->directions, ORDER_UNSPECIFIED);
    }
    plan->n_equal = plan->columns.n;
    if (plan->n_equal > 0)
        VEC_PUSH(o->scratch, &chain.ends, plan->n_equal);
    for (uint32_t i = 0; i < request->tail.n && plan->columns.n < MAX_INDEX_COLUMNS; i++) {
        VEC_PUSH(o->scratch, &plan->columns, request->tail.items[i]);
        VEC_PUSH(o->scratch, &plan->directions, request->directions.items[i]);
    }
    note_served(o, plan, request);
    return chain;
}

static void place_request(Offline *o, ChainVec *chains, const Request *request)
{
    for (uint32_t i = 0; i < chains->n; i++) {
        Chain *chain = &chains->items[i];
        if (chain->plan.table != request->table || !fits_tail(chain, request) ||
            (request->equal.n > 0 && !fit_set(o, chain, &request->equal)) ||
            (request->equal.n == 0 && chain->plan.n_equal > 0))
            continue;
        note_served(o, &chain->plan, request);
        return;
    }
    VEC_PUSH(o->scratch, chains, new_chain(o, request));
}

/* An index whose columns are the first of the plan's: the plan takes over its work. */
static const Index *replaced_index(const IndexPlan *plan)
{
    const Table *table = plan->table->table;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (index->unique || index->constraint || index->where || index->kind != INDEX_NORMAL ||
            index->include.n > 0 || !str_equal(index->method, STR("btree")) ||
            index->parts.n == 0 || index->parts.n >= plan->columns.n)
            continue;
        bool is_left = true;
        for (uint32_t k = 0; k < index->parts.n && is_left; k++)
            is_left = index->parts.items[k].column == plan->columns.items[k] &&
                      index->parts.items[k].part &&
                      str_is_empty(index->parts.items[k].part->opclass) &&
                      index->parts.items[k].part->order != ORDER_DESCENDING;
        if (is_left)
            return index;
    }
    return NULL;
}

IndexPlanVec index_plan(Offline *o)
{
    RequestVec requests = {0};
    for (uint32_t i = 0; i < o->accesses.n; i++)
        add_access(o, &requests, &o->accesses.items[i]);
    add_foreign_keys(o, &requests);

    /* Larger requests first; of equal ones the foreign keys, which any index must begin with. */
    ChainVec chains = {0};
    for (uint32_t size = MAX_REQUEST_COLUMNS; size > 0; size--)
        for (int is_query = 0; is_query < 2; is_query++)
            for (uint32_t i = 0; i < requests.n; i++) {
                uint32_t own = requests.items[i].equal.n + requests.items[i].tail.n;
                if ((own > MAX_REQUEST_COLUMNS ? MAX_REQUEST_COLUMNS : own) == size &&
                    (requests.items[i].key == NULL) == (is_query == 1))
                    place_request(o, &chains, &requests.items[i]);
            }

    IndexPlanVec plans = {0};
    for (uint32_t t = 0; t < o->tables.n; t++)
        for (uint32_t i = 0; i < chains.n; i++)
            if (chains.items[i].plan.table == o->tables.items[t]) {
                IndexPlan plan = chains.items[i].plan;
                plan.replaces = replaced_index(&plan);
                VEC_PUSH(o->scratch, &plans, plan);
            }
    return plans;
}
