#include "engine/schema_hints_parts.h"

#include <stdarg.h>
#include <stdlib.h>

#include "engine/occurrences.h"

enum {
    MAX_USERS = 50, /* places that a hint leads to */
    MAX_ASKED = 100,
};

bool hints_go_on(const Hints *h)
{
    return h->hints.n < SCHEMA_HINTS_MAX && !(h->cancel && atomic_load(h->cancel));
}

bool hints_is_changed(const Hints *h, const Location *location)
{
    const ChangedFile *file = &h->files[location->source];
    if (!file->is_changed)
        return file->is_new;
    const Text *text = h->now->sources.items[location->source].file->text;
    uint32_t last = text_line_at(text, location->range.end);
    for (uint32_t line = text_line_at(text, location->range.start); line <= last; line++) {
        if (file->lines.is_changed[line])
            return true;
    }
    return false;
}

SchemaHint *hints_add(Hints *h, const char *code, Location location, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Str message = str_format_list(h->out, format, arguments);
    va_end(arguments);
    SchemaHint hint = {.code = str_from(code), .message = message, .location = location};
    VEC_PUSH(h->out, &h->hints, hint);
    return VEC_LAST(&h->hints);
}

/* "q.sql:3" */
static Str cite(Hints *h, const Location *location)
{
    const Source *source = &h->now->sources.items[location->source];
    return str_format(&h->scratch, STR_FMT ":%u", STR_ARG(source->path),
                      text_line_at(source->file->text, location->range.start) + 1);
}

/* ---- who still uses it ---- */

static int compare_pointers(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t) * (const Fragment *const *)left;
    uintptr_t b = (uintptr_t) * (const Fragment *const *)right;
    return a < b ? -1 : a > b;
}

static void collect_queries(Hints *h)
{
    const QueryPointerVec *queries = &h->now->database.queries;
    for (uint32_t i = 0; i < queries->n; i++)
        VEC_PUSH(&h->scratch, &h->queries, queries->items[i]->place.fragment);
    if (h->queries.n > 1)
        qsort(h->queries.items, h->queries.n, sizeof *h->queries.items, compare_pointers);
}

static bool is_living(const Hints *h, const Fragment *fragment)
{
    return h->queries.n > 0 && bsearch(&fragment, h->queries.items, h->queries.n,
                                       sizeof *h->queries.items, compare_pointers);
}

static void add_user(Hints *h, RelatedVec *users, const Location *location, const char *what)
{
    if (users->n >= MAX_USERS)
        return;
    /* A query that names it thrice is one. */
    for (uint32_t i = 0; i < users->n; i++) {
        if (users->items[i].location.source == location->source &&
            users->items[i].location.range.start == location->range.start)
            return;
    }
    VEC_PUSH(h->out, users, ((Related){.location = *location, .message = str_from(what)}));
}

static void add_model(Hints *h, RelatedVec *users, const Table *table, const Column *column)
{
    const Database *now = &h->now->database;
    const Table *declared = now->migrated ? schema_counterpart(now->declared, table) : NULL;
    const Column *same = declared && column ? table_column(declared, column->name.text) : NULL;
    Location location;
    if (declared && (same || !column) &&
        snapshot_locate(h->now, same ? same->name.place : declared->name.place, &location))
        add_user(h, users, &location, "declared here");
}

RelatedVec hints_users(Hints *h, const Table *table, const Column *column, bool in_models)
{
    RelatedVec users = {0};
    if (h->n_asked++ >= MAX_ASKED)
        return users;
    Thing thing = {.table = table, .column = column};
    LocatedOccurrenceVec all = occurrences_of(&h->scratch, h->base, &thing);
    for (uint32_t i = 0; i < all.n; i++) {
        const Occurrence *occurrence = &all.items[i].occurrence;
        bool is_read = occurrence->role == OCCURRENCE_READ;
        Location location;
        if ((is_read || occurrence->role == OCCURRENCE_WRITE) &&
            is_living(h, occurrence->place.fragment) &&
            snapshot_locate(h->now, occurrence->place, &location))
            add_user(h, &users, &location, is_read ? "read here" : "written here");
    }
    if (in_models)
        add_model(h, &users, table, column);
    return users;
}

Str hints_places(Hints *h, const RelatedVec *related)
{
    Str first = cite(h, &related->items[0].location);
    if (related->n == 1)
        return first;
    return str_format(&h->scratch, STR_FMT " and %u more place%s", STR_ARG(first), related->n - 1,
                      related->n == 2 ? "" : "s");
}

/* ---- what is said already ---- */

static bool is_before(const Finding *finding, const Location *location)
{
    if (finding->location.source != location->source)
        return finding->location.source < location->source;
    return finding->location.range.start < location->range.start;
}

/* Findings are sorted by source and position. */
bool hints_is_found(const Hints *h, Location location, RuleGroup group)
{
    const FindingVec *findings = &h->now->findings;
    uint32_t low = 0, high = findings->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_before(&findings->items[middle], &location))
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < findings->n; low++) {
        const Finding *finding = &findings->items[low];
        if (finding->location.source != location.source ||
            finding->location.range.start >= location.range.end)
            return false;
        if (str_equal(finding->group, rule_group_name(group)))
            return true;
    }
    return false;
}

/* ---- what a server does ---- */

Str hints_cost(Hints *h, const OperationCost *cost, Str table, bool *is_long)
{
    bool has_levels = h->now->database.dialect == DIALECT_POSTGRESQL;
    const char *who = cost->blocks_reads ? "reads and writes" : "writes";
    *is_long = cost->rewrites || cost->scans || cost->builds_index;
    if (!cost->blocks_writes || (!*is_long && !has_levels))
        return (Str){0};
    Str lock = has_levels
                   ? str_format(&h->scratch, " (" STR_FMT ")", STR_ARG(lock_name(cost->lock)))
                   : STR("");
    if (!*is_long)
        return str_format(&h->scratch,
                          "takes " STR_FMT " on " STR_FMT
                          " for an instant: it waits for open transactions, and what comes later "
                          "waits behind it",
                          STR_ARG(lock_name(cost->lock)), STR_ARG(table));
    const char *work = cost->rewrites ? "writes every row of"
                       : cost->scans  ? "reads every row of"
                                      : "builds an index on";
    return str_format(&h->scratch, "%s " STR_FMT " while %s wait" STR_FMT, work, STR_ARG(table),
                      who, STR_ARG(lock));
}

/* ---- all of it ---- */

static void compare_files(Hints *h)
{
    const SourceVec *base = &h->base->sources, *now = &h->now->sources;
    StrMap by_path = {0};
    h->files = ARENA_ARRAY(&h->scratch, ChangedFile, now->n);
    h->now_of_base = ARENA_ARRAY(&h->scratch, uint32_t, base->n);
    for (uint32_t i = 0; i < now->n; i++) {
        map_set(&h->scratch, &by_path, now->items[i].path, &h->files[i]);
        h->files[i].is_new = true;
    }
    for (uint32_t i = 0; i < base->n; i++) {
        ChangedFile *file = map_get(&by_path, base->items[i].path);
        h->now_of_base[i] = file ? (uint32_t)(file - h->files) : UINT32_MAX;
        if (!file)
            continue;
        const Text *from = base->items[i].file->text;
        const Text *to = now->items[h->now_of_base[i]].file->text;
        file->is_new = false;
        file->is_changed = from != to && !str_equal(text_bytes(from), text_bytes(to));
        if (file->is_changed)
            file->lines = line_diff(&h->scratch, from, to);
    }
}

static int compare_hints(const void *left, const void *right)
{
    const SchemaHint *a = left, *b = right;
    if (a->location.source != b->location.source)
        return a->location.source < b->location.source ? -1 : 1;
    if (a->location.range.start != b->location.range.start)
        return a->location.range.start < b->location.range.start ? -1 : 1;
    int order = str_compare(a->code, b->code);
    return order ? order : str_compare(a->message, b->message);
}

SchemaHintVec schema_hints(Arena *out, const Snapshot *base, const Snapshot *now,
                           const atomic_bool *cancel)
{
    Hints h = {.out = out, .base = base, .now = now, .cancel = cancel};
    compare_files(&h);
    collect_queries(&h);
    hints_of_migrations(&h);
    hints_of_models(&h);
    if (h.hints.n > 1)
        qsort(h.hints.items, h.hints.n, sizeof(SchemaHint), compare_hints);
    arena_release(&h.scratch);
    return h.hints;
}
