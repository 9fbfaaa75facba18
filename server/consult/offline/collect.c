/* The tables, findings and queries of the scope. */
#include "consult/offline/offline.h"

/* ---- the scope ---- */

static bool in_scope(const Offline *o, Location location)
{
    const ConsultScope *scope = &o->input->scope;
    switch (scope->kind) {
    case SCOPE_DATABASE:
        return true;
    case SCOPE_FILE:
        return location.source == scope->source;
    case SCOPE_SELECTION:
        return location.source == scope->source && location.range.start <= scope->range.end &&
               scope->range.start <= location.range.end;
    case SCOPE_TABLE:
        return false; /* by name only */
    }
    return false;
}

bool place_in_scope(const Offline *o, Place place)
{
    Location location;
    if (o->input->scope.kind == SCOPE_DATABASE)
        return true;
    return place_is_set(place) && snapshot_locate(o->snapshot, place, &location) &&
           in_scope(o, location);
}

static bool is_named(const Offline *o, const TableFacts *facts)
{
    Str name = o->input->scope.table;
    return o->input->scope.kind == SCOPE_TABLE &&
           (str_equal_ignore_case(name, facts->title) || str_equal_ignore_case(name, facts->key) ||
            str_equal_ignore_case(name, facts->table->name.text));
}

static bool is_touched(const Offline *o, const Table *table)
{
    if (place_in_scope(o, table->place))
        return true;
    for (uint32_t i = 0; i < table->columns.n; i++)
        if (place_in_scope(o, table->columns.items[i]->place))
            return true;
    for (uint32_t i = 0; i < table->indexes.n; i++)
        if (place_in_scope(o, table->indexes.items[i]->place))
            return true;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        if (place_in_scope(o, table->foreign_keys.items[i]->place))
            return true;
    return false;
}

/* ---- tables ---- */

static bool is_time(const Column *column)
{
    return column->type.family == TYPE_TIMESTAMP || column->type.family == TYPE_DATE;
}

/* The timestamp that says when a row came, by its name. */
static const Column *arrival_time(Offline *o, const Table *table)
{
    static const char *const verbs[] = {"created",  "inserted", "occurred", "logged",    "received",
                                        "recorded", "placed",   "sent",     "timestamp", "ts",
                                        "happened", "started",  "time",     "date",      "event"};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (!is_time(column))
            continue;
        StrVec words = name_words(o->scratch, column->name.text);
        for (size_t k = 0; k < sizeof verbs / sizeof *verbs; k++)
            if (has_word(&words, verbs[k]))
                return column;
    }
    return NULL;
}

/* The last word of the name says what a row is. */
static bool is_named_like_events(Offline *o, Str name)
{
    static const char *const nouns[] = {
        "log",         "logs",       "event",        "events",        "audit",        "audits",
        "history",     "histories",  "activity",     "activities",    "metric",       "metrics",
        "measurement", "readings",   "measurements", "visits",        "pageviews",    "impressions",
        "clicks",      "deliveries", "attempts",     "executions",    "traces",       "spans",
        "changelog",   "messages",   "message",      "notifications", "notification", "searches",
        "movements",   "ledger",     "snapshots",    "hits",          "requests",     "entries"};
    StrVec words = name_words(o->scratch, name);
    if (words.n == 0)
        return false;
    Str last = words.items[words.n - 1];
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (str_equal(last, str_from(nouns[i])))
            return true;
    return false;
}

static bool is_link(const Table *table)
{
    enum { MAX_OTHER_COLUMNS = 3 }; /* id, created_at, position */
    uint32_t n_referencing = 0;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (key->columns.n != 1)
            return false;
        n_referencing++;
    }
    return n_referencing >= 2 && table->columns.n >= n_referencing &&
           table->columns.n - n_referencing <= MAX_OTHER_COLUMNS && table->referenced_by.n == 0;
}

/* By name: what programs choose from, and people seldom change. */
static bool is_named_like_lookup(Offline *o, Str name)
{
    static const char *const nouns[] = {
        "type",    "types",     "status",     "statuses",    "kind",     "kinds",
        "country", "countries", "currency",   "currencies",  "language", "languages",
        "locale",  "locales",   "unit",       "units",       "category", "categories",
        "role",    "roles",     "permission", "permissions", "state",    "states",
        "region",  "regions",   "city",       "cities",      "tag",      "tags",
        "plan",    "plans",     "timezone",   "timezones",   "rating",   "ratings",
        "colour",  "color",     "colors",     "reason",      "reasons"};
    StrVec words = name_words(o->scratch, name);
    for (size_t i = 0; words.n > 0 && i < sizeof nouns / sizeof *nouns; i++)
        if (str_equal(words.items[words.n - 1], str_from(nouns[i])))
            return true;
    return false;
}

/* In a table of events any time that every row has, but not one that lies ahead or changes. */
static const Column *any_time(Offline *o, const Table *table)
{
    static const char *const others[] = {"updated", "modified", "expires", "expire",
                                         "deleted", "due",      "until",   "end",
                                         "ended",   "next",     "last",    "changed"};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        StrVec words = name_words(o->scratch, column->name.text);
        bool is_other = !is_time(column) || column->is_nullable;
        for (size_t k = 0; k < sizeof others / sizeof *others && !is_other; k++)
            is_other = has_word(&words, others[k]);
        if (!is_other)
            return column;
    }
    return NULL;
}

static void find_shape(Offline *o, TableFacts *facts)
{
    enum { MAX_LOOKUP_COLUMNS = 5 };
    const Table *table = facts->table;
    facts->time = arrival_time(o, table);
    if (!facts->time && is_named_like_events(o, table->name.text))
        facts->time = any_time(o, table);
    if (facts->time && is_named_like_events(o, table->name.text))
        facts->shape = SHAPE_EVENT;
    else if (is_link(table))
        facts->shape = SHAPE_LINK;
    else if (table->foreign_keys.n == 0 && table->referenced_by.n > 0 &&
             table->columns.n <= MAX_LOOKUP_COLUMNS && is_named_like_lookup(o, table->name.text))
        facts->shape = SHAPE_LOOKUP;
}

/* A pointer as the key of a map. */
static Str pointer_key(const Table *const *table)
{
    return str_of((const char *)table, sizeof *table);
}

/* Where every table is in one schema, its name says nothing. */
static bool share_one_schema(const Offline *o)
{
    Str schema = {0};
    for (MapEntry *e = map_next(&o->schema->tables, NULL); e; e = map_next(&o->schema->tables, e)) {
        const Table *table = e->value;
        if (!table_is_base(table) || table->is_temporary)
            continue;
        if (!str_is_absent(schema) && !str_equal(schema, table->schema))
            return false;
        schema = table->schema;
    }
    return true;
}

Str title_of(const Offline *o, const Table *table)
{
    return o->is_one_schema ? table->name.text : table_title(o->scratch, o->schema, table);
}

/* The folder that all sources lie in, with its '/'. */
static Str common_folder(Offline *o)
{
    Str common = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++) {
        Str path = shown_path(o, o->snapshot->sources.items[i].path);
        uint32_t n = 0, end = 0;
        Str limit = i == 0 ? path : common;
        for (; n < limit.length && n < path.length && limit.data[n] == path.data[n]; n++)
            end = path.data[n] == '/' ? n + 1 : end;
        common = str_slice(path, 0, end);
    }
    /* Above the working folder there is nothing to shorten. */
    return str_starts_with(common, STR("../")) ? STR("") : common;
}

static void collect_tables(Offline *o)
{
    o->report->folder = common_folder(o);
    o->is_one_schema = share_one_schema(o);
    for (MapEntry *e = map_next(&o->schema->tables, NULL); e; e = map_next(&o->schema->tables, e)) {
        const Table *table = e->value;
        if (!table_is_base(table) || table->is_temporary || table->partition_of)
            continue;
        TableFacts *facts = ARENA_NEW(o->scratch, TableFacts);
        facts->table = table;
        facts->key = str_is_empty(table->schema)
                         ? str_copy(o->out, table->name.text)
                         : str_format(o->out, STR_FMT "." STR_FMT, STR_ARG(table->schema),
                                      STR_ARG(table->name.text));
        facts->title = str_copy(o->out, title_of(o, table));
        facts->code = report_code(o->out, facts->title);
        facts->is_consulted = is_named(o, facts) || is_touched(o, table);
        if (o->input->config)
            facts->assumed = config_assumption(o->input->config, facts->key);
        find_shape(o, facts);
        VEC_PUSH(o->scratch, &o->tables, facts);
        map_set(o->scratch, &o->by_key, facts->key, facts);
        map_set(o->scratch, &o->by_pointer, pointer_key(&facts->table), facts);
    }
}

const TableFacts *facts_of_key(const Offline *o, Str key)
{
    return map_get(&o->by_key, key);
}

const TableFacts *facts_of(const Offline *o, const Table *table)
{
    for (uint32_t depth = 0; table && table->partition_of && depth < 16; depth++)
        table = table->partition_of;
    return map_get(&o->by_pointer, pointer_key(&table));
}

/* ---- findings ---- */

static bool is_forbidden(Offline *o, const Finding *finding)
{
    const Directive *by;
    const Rule *rule = rule_find(finding->rule);
    StrVec tables = {0};
    const TableFacts *facts = facts_of_key(o, finding->table);
    if (facts) {
        VEC_PUSH(o->scratch, &tables, facts->title);
        VEC_PUSH(o->scratch, &tables, facts->table->name.text);
    }
    if (!o->input->rules ||
        !project_rules_forbid(o->input->rules, finding->rule, rule ? str_from(rule->what) : STR(""),
                              (Str){0}, &tables, &by))
        return false;
    withhold(o, by,
             str_format(o->scratch, "finding %s",
                        str_to_c(o->scratch, report_code(o->scratch, finding->rule))));
    return true;
}

static void collect_findings(Offline *o)
{
    for (uint32_t i = 0; i < o->snapshot->findings.n; i++) {
        const Finding *finding = &o->snapshot->findings.items[i];
        TableFacts *facts = map_get(&o->by_key, finding->table);
        bool is_about_state = !str_equal(finding->group, rule_group_name(GROUP_MIGRATION)) &&
                              !str_equal(finding->group, rule_group_name(GROUP_QUERY));
        bool is_wanted = in_scope(o, finding->location) ||
                         (facts && facts->is_consulted &&
                          (is_about_state || o->input->scope.kind == SCOPE_TABLE));
        if (!is_wanted || is_forbidden(o, finding))
            continue;
        VEC_PUSH(o->scratch, &o->findings, finding);
        if (facts)
            VEC_PUSH(o->scratch, &facts->findings, finding);
    }
}

FindingPointerVec findings_of(Offline *o, const char *rule)
{
    FindingPointerVec found = {0};
    for (uint32_t i = 0; i < o->findings.n; i++)
        if (str_equal(o->findings.items[i]->rule, str_from(rule)))
            VEC_PUSH(o->scratch, &found, o->findings.items[i]);
    return found;
}

bool is_migration_source(const Offline *o, uint32_t source)
{
    return source < o->snapshot->sources.n &&
           o->snapshot->sources.items[source].role == SOURCE_MIGRATION;
}

/* ---- queries ---- */

/* A query that runs again and again: not one that a migration or a seed ran once, and not one
 * of a function or view that has been replaced since. */
static bool is_live(const Offline *o, const Query *query, Location location)
{
    if (query->in_view) {
        for (MapEntry *e = map_next(&o->schema->tables, NULL); e;
             e = map_next(&o->schema->tables, e)) {
            const Table *view = e->value;
            if (view->view && view->place.fragment == query->place.fragment)
                return true;
        }
        return false;
    }
    if (query->in_function) {
        for (uint32_t i = 0; i < o->schema->functions.n; i++)
            if (o->schema->functions.items[i]->place.fragment == query->place.fragment)
                return true;
        return false;
    }
    SourceRole role = o->snapshot->sources.items[location.source].role;
    return role == SOURCE_QUERIES || role == SOURCE_SCHEMA;
}

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
    if (query->has_group_by || query->has_distinct || query->is_set_operation)
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

static void collect_queries(Offline *o)
{
    const QueryPointerVec *queries = &o->snapshot->database.queries;
    for (uint32_t i = 0; i < queries->n; i++) {
        const Query *query = queries->items[i];
        Location location;
        if (query->depth > 0 || !snapshot_locate(o->snapshot, query->place, &location) ||
            !is_live(o, query, location))
            continue;
        bool is_here = in_scope(o, location);
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

void offline_collect(Offline *o)
{
    collect_tables(o);
    collect_queries(o);
    collect_findings(o);
    for (uint32_t i = 0; i < o->tables.n; i++) {
        const TableFacts *facts = o->tables.items[i];
        o->n_consulted += facts->is_consulted;
        for (uint32_t k = 0; facts->is_consulted && k < facts->table->policies.n; k++)
            read_policy(o, facts, facts->table->policies.items[k]);
    }
}
