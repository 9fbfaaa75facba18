/* The tables and findings of the scope. */
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

static bool is_own_touched(const Offline *o, const Table *table)
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

/* A model is as good as a migration: a selection in either means the table. */
static bool is_touched(const Offline *o, const Table *table)
{
    const Database *database = &o->snapshot->database;
    bool has_both = database->migrated && database->declared;
    const Table *declared = has_both ? schema_counterpart(database->declared, table) : NULL;
    return is_own_touched(o, table) || (declared && is_own_touched(o, declared));
}

/* ---- tables ---- */

static bool is_time(const Column *column)
{
    return column->type.family == TYPE_TIMESTAMP || column->type.family == TYPE_DATE;
}

/* Seconds since 1970, by its name. */
static bool is_epoch(const Column *column)
{
    static const char *const names[] = {"clock", "ts", "timestamp", "epoch", "unixtime"};
    if (column->type.family != TYPE_INTEGER && column->type.family != TYPE_BIGINT)
        return false;
    return str_is_among_ignore_case(column->name.text, names, sizeof names / sizeof *names);
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
        "log",          "logs",       "event",        "events",     "audit",     "audits",
        "history",      "histories",  "activity",     "activities", "metric",    "metrics",
        "measurement",  "readings",   "measurements", "visits",     "pageviews", "impressions",
        "clicks",       "deliveries", "attempts",     "executions", "traces",    "spans",
        "auditlog",     "eventlog",   "changelog",    "messages",   "message",   "notifications",
        "notification", "searches",   "movements",    "ledger",     "snapshots", "hits",
        "requests",     "entries"};
    StrVec words = name_words(o->scratch, name);
    if (words.n == 0)
        return false;
    Str last = words.items[words.n - 1];
    return str_is_among(last, nouns, sizeof nouns / sizeof *nouns);
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
        bool is_other = !(is_time(column) || is_epoch(column)) || column->is_nullable;
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
        facts->key = str_copy(o->out, table_full_name(o->scratch, table));
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

Str code_of_key(Offline *o, Str key)
{
    const TableFacts *facts = facts_of_key(o, key);
    if (facts || str_is_empty(key))
        return facts ? facts->code : (Str){0};
    Str space = str_format(o->scratch, STR_FMT ".", STR_ARG(schema_default_namespace(o->schema)));
    return report_code(
        o->out, str_starts_with(key, space) ? str_slice(key, space.length, key.length) : key);
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

/* Asked for often: the findings of a rule are gathered once. */
FindingPointerVec findings_of(Offline *o, const char *rule)
{
    Str key = str_from(rule);
    const FindingPointerVec *known = map_get(&o->by_rule, key);
    if (known)
        return *known;
    FindingPointerVec *found = ARENA_NEW(o->scratch, FindingPointerVec);
    for (uint32_t i = 0; i < o->findings.n; i++)
        if (str_equal(o->findings.items[i]->rule, key))
            VEC_PUSH(o->scratch, found, o->findings.items[i]);
    map_set(o->scratch, &o->by_rule, str_copy(o->scratch, key), found);
    return *found;
}

uint32_t count_sources(const Offline *o, SourceRole role)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++)
        n += o->snapshot->sources.items[i].role == role;
    return n;
}

bool is_migration_source(const Offline *o, uint32_t source)
{
    return source < o->snapshot->sources.n &&
           o->snapshot->sources.items[source].role == SOURCE_MIGRATION;
}

void offline_collect(Offline *o)
{
    collect_tables(o);
    offline_collect_queries(o);
    collect_findings(o);
    for (uint32_t i = 0; i < o->tables.n; i++)
        o->n_consulted += o->tables.items[i]->is_consulted;
    offline_collect_policies(o);
}
