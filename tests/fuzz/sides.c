/* sides.c — both sides of a database: a script of files (fixtures/run.h) is analysed with all
 * rules, bytes are asked for what stands there and where that leads, and the remedies are tried.
 *
 * The first byte chooses the dialect. Files are told apart by lines like "// schema.prisma". */
#include "engine/jumps.h"
#include "engine/outline.h"
#include "fixtures/run.h"
#include "fuzz/fuzz.h"

enum { SUBJECT_STEP = 7, JUMP_STEP = 29, MAX_REMEDIES = 20, MAX_CHUNKS = 12 };

static const Severity *all_levels(Arena *out)
{
    Severity *levels = ARENA_ARRAY(out, Severity, n_rules);
    for (unsigned i = 0; i < n_rules; i++)
        levels[i] = all_rules[i]->severity;
    return levels;
}

static void ask_subjects(const Snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        uint32_t length = text_bytes(snapshot->sources.items[i].file->text).length;
        for (uint32_t at = 0; at <= length && at < 2000; at += SUBJECT_STEP) {
            Subject subject;
            FUZZ_CHECK(!snapshot_subject_at(snapshot, i, at, &subject) || subject.table);
            (void)snapshot_table_at(snapshot, i, at);
        }
    }
}

static void check_location(const Snapshot *snapshot, const Location *location)
{
    FUZZ_CHECK(location->source < snapshot->sources.n);
    uint32_t length = text_bytes(snapshot->sources.items[location->source].file->text).length;
    FUZZ_CHECK(location->range.start <= location->range.end && location->range.end <= length);
}

static void check_locations(const Snapshot *snapshot, const LocatedOccurrenceVec *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        check_location(snapshot, &list->items[i].location);
}

typedef struct {
    const Snapshot *snapshot;
    const LocatedOccurrenceVec *all; /* of the thing, sorted */
    const Thing *thing;
} Expectation;

/* What a look at everything finds, the look for one thing finds as well. */
static void expect_among(void *context, const Occurrence *occurrence)
{
    const Expectation *expectation = context;
    Location location;
    if (!thing_equal(&occurrence->thing, expectation->thing) ||
        !snapshot_locate(expectation->snapshot, occurrence->place, &location))
        return;
    bool is_found = false;
    for (uint32_t i = 0; i < expectation->all->n && !is_found; i++) {
        const Location *other = &expectation->all->items[i].location;
        is_found = other->source == location.source && other->range.start == location.range.start &&
                   other->range.end == location.range.end;
    }
    FUZZ_CHECK(is_found);
}

static void ask_jumps(Arena *arena, const Snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        uint32_t length = text_bytes(snapshot->sources.items[i].file->text).length;
        OutlineEntryVec entries = outline_of(arena, snapshot->sources.items[i].file);
        for (uint32_t k = 0; k < entries.n; k++)
            check_location(snapshot, &(Location){i, entries.items[k].whole});
        for (uint32_t at = 0; at <= length && at < 2000; at += JUMP_STEP) {
            LocatedOccurrence found;
            if (!occurrence_at(snapshot, i, at, &found))
                continue;
            LocatedOccurrenceVec list = jump_definitions(arena, snapshot, &found, at % 2);
            check_locations(snapshot, &list);
            for (uint32_t k = 0; k < list.n; k++)
                check_location(snapshot, &(Location){list.items[k].location.source,
                                                     jump_extent(snapshot, &list.items[k])});
            list = jump_references(arena, snapshot, &found, true, at % 2);
            check_locations(snapshot, &list);
            list = jump_highlights(arena, snapshot, &found);
            check_locations(snapshot, &list);
            list = occurrences_of(arena, snapshot, &found.occurrence.thing);
            Expectation expectation = {snapshot, &list, &found.occurrence.thing};
            occurrences_walk(snapshot, &(OccurrenceScope){0}, expect_among, &expectation);
        }
    }
}

static void try_remedies(const Snapshot *snapshot)
{
    WhatIf *what_if = what_if_begin(snapshot);
    uint32_t n = 0;
    for (uint32_t i = 0; i < snapshot->findings.n && n < MAX_REMEDIES; i++) {
        const RemedyVec *remedies = &snapshot->findings.items[i].remedies;
        for (uint32_t k = 0; k < remedies->n && n < MAX_REMEDIES; k++, n++)
            (void)what_if_apply(what_if, remedies->items[k].sql);
    }
    what_if_free(what_if);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 1 << 16)
        return 0;
    Arena arena = {0};
    ChunkVec chunks = {0};
    cut_script(&arena, STR("0001.sql"), SOURCE_MIGRATION, str_of((const char *)data + 1, size - 1),
               0, &chunks);
    if (chunks.n <= MAX_CHUNKS) {
        RunOptions options = {.dialect = (Dialect)(data[0] % N_DIALECTS),
                              .levels = all_levels(&arena)};
        Snapshot *snapshot = analyse_chunks(&arena, &options, &chunks);
        const Database *database = &snapshot->database;
        /* A schema does not differ from itself. */
        FUZZ_CHECK(schema_diff(&arena, database->schema, database->schema).n == 0);
        ask_subjects(snapshot);
        ask_jumps(&arena, snapshot);
        try_remedies(snapshot);
        snapshot_release(snapshot);
    }
    arena_release(&arena);
    return 0;
}
