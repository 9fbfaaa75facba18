/* sides.c — both sides of a database: a script of files (fixtures/run.h) is analysed with all
 * rules, every byte is asked for what stands there, and the remedies are tried.
 *
 * The first byte chooses the dialect. Files are told apart by lines like "// schema.prisma". */
#include "fixtures/run.h"
#include "fuzz/fuzz.h"

enum { SUBJECT_STEP = 7, MAX_REMEDIES = 20, MAX_CHUNKS = 12 };

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
            (void)snapshot_table_around(snapshot, i, at);
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
        try_remedies(snapshot);
        snapshot_release(snapshot);
    }
    arena_release(&arena);
    return 0;
}
