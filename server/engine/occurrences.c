#include "engine/occurrences.h"

#include <stdlib.h>

#include "model/identifier.h"

static bool same_name(const Table *table, Str a, Str b)
{
    return table->ignores_case ? str_equal_ignore_case(a, b) : str_equal(a, b);
}

static bool same_table(const Table *a, const Table *b)
{
    return a == b || (a && b && same_name(a, a->name.text, b->name.text) &&
                      same_name(a, a->schema, b->schema));
}

bool thing_equal(const Thing *a, const Thing *b)
{
    if (a->relation || b->relation)
        return a->relation == b->relation;
    if ((a->column == NULL) != (b->column == NULL) || !same_table(a->table, b->table))
        return false;
    return a->column == b->column ||
           same_name(a->table, a->column->name.text, b->column->name.text);
}

const PlacedFragment *source_fragment_at(const Source *source, uint32_t at)
{
    const PlacedFragmentVec *fragments = &source->file->fragments;
    uint32_t low = 0, high = fragments->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (fragments->items[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const PlacedFragment *placed = &fragments->items[low - 1];
    return at <= placed->start + placed->fragment->text.length ? placed : NULL;
}

/* ---- at a byte ---- */

typedef struct {
    uint32_t at; /* in the fragment */
    bool is_found;
    Occurrence found;
} Search;

/* The shortest one that touches the byte wins: in orders.customer_id that is the column's. Among
 * equals a definition does, else the last. */
static void consider(void *context, const Occurrence *occurrence)
{
    Search *search = context;
    if (!range_touches(occurrence->place.range, search->at))
        return;
    if (search->is_found) {
        uint32_t old = range_length(search->found.place.range);
        uint32_t new = range_length(occurrence->place.range);
        if (old < new || (old == new && search->found.role == OCCURRENCE_DEFINITION &&
                          occurrence->role != OCCURRENCE_DEFINITION))
            return;
    }
    search->is_found = true;
    search->found = *occurrence;
}

bool occurrence_at(const Snapshot *snapshot, uint32_t source, uint32_t at, LocatedOccurrence *found)
{
    if (source >= snapshot->sources.n)
        return false;
    const PlacedFragment *placed = source_fragment_at(&snapshot->sources.items[source], at);
    if (!placed)
        return false;
    Search search = {.at = at - placed->start};
    OccurrenceScope scope = {.fragment = placed->fragment};
    occurrences_walk(snapshot, &scope, consider, &search);
    if (!search.is_found)
        return false;
    Range range = search.found.place.range;
    *found = (LocatedOccurrence){
        .occurrence = search.found,
        .location = {source, {placed->start + range.start, placed->start + range.end}}};
    return true;
}

/* ---- of a thing ---- */

typedef struct {
    Arena *out;
    const Snapshot *snapshot;
    const Thing *thing;
    LocatedOccurrenceVec found;
} Collection;

static void collect(void *context, const Occurrence *occurrence)
{
    Collection *collection = context;
    if (!thing_equal(&occurrence->thing, collection->thing))
        return;
    LocatedOccurrence located = {.occurrence = *occurrence};
    if (snapshot_locate(collection->snapshot, occurrence->place, &located.location))
        VEC_PUSH(collection->out, &collection->found, located);
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* By place; at one place the role that says most, which is the first in the enumeration. */
static int compare_occurrences(const void *first, const void *second)
{
    const LocatedOccurrence *a = first, *b = second;
    int order = compare_numbers(a->location.source, b->location.source);
    if (order == 0)
        order = compare_numbers(a->location.range.start, b->location.range.start);
    if (order == 0)
        order = compare_numbers(a->location.range.end, b->location.range.end);
    return order ? order : compare_numbers(a->occurrence.role, b->occurrence.role);
}

LocatedOccurrenceVec occurrences_of(Arena *out, const Snapshot *snapshot, const Thing *thing)
{
    Collection collection = {.out = out, .snapshot = snapshot, .thing = thing};
    OccurrenceScope scope = {.table = thing->table};
    occurrences_walk(snapshot, &scope, collect, &collection);
    LocatedOccurrenceVec *found = &collection.found;
    if (found->n > 1)
        qsort(found->items, found->n, sizeof *found->items, compare_occurrences);
    uint32_t n = 0;
    for (uint32_t i = 0; i < found->n; i++) {
        if (n == 0 || !location_equal(&found->items[n - 1].location, &found->items[i].location))
            found->items[n++] = found->items[i];
    }
    found->n = n;
    return *found;
}
