/* analysis.h — one text as a database of its own, analysed, for the targets that need findings. */
#ifndef TESTS_FUZZ_ANALYSIS_H
#define TESTS_FUZZ_ANALYSIS_H

#include "engine/analyse.h"
#include "engine/input.h"
#include "fuzz/fuzz.h"

/* Takes over the caller's reference to `file`. */
static inline Snapshot *fuzz_analyse(Arena *arena, LoweredFile *file, bool is_migration)
{
    SourceVec sources = {0};
    Source source = {
        .path = STR("fuzz.sql"),
        .role = is_migration ? SOURCE_MIGRATION : SOURCE_SCHEMA,
        .transactions = TRANSACTION_UNKNOWN,
        .file = file,
    };
    VEC_PUSH(arena, &sources, source);
    AnalysisInput input = {
        .name = STR("fuzz"),
        .dialect = file->dialect,
        .version = {.major = 15},
        .transactions = is_migration ? TRANSACTION_PER_FILE : TRANSACTION_UNKNOWN,
        .sources = &sources,
        .rules = {.levels = rule_levels(arena, NULL)},
    };
    Snapshot *snapshot = analyse(&input, NULL);
    lowered_file_release(file);
    FUZZ_CHECK(snapshot != NULL);
    return snapshot;
}

static inline void fuzz_check_range(Range range, Range outer)
{
    FUZZ_CHECK(range.start <= range.end);
    FUZZ_CHECK(outer.start <= range.start && range.end <= outer.end);
}

/* What every snapshot promises of its findings. */
static inline void fuzz_check_findings(const Snapshot *snapshot, Str text)
{
    Range all = {.start = 0, .end = text.length};
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *finding = &snapshot->findings.items[i];
        FUZZ_CHECK(finding->message.length > 0);
        FUZZ_CHECK(finding->severity != SEVERITY_OFF);
        FUZZ_CHECK(finding->location.source == 0);
        fuzz_check_range(finding->location.range, all);
        for (uint32_t k = 0; k < finding->related.n; k++)
            fuzz_check_range(finding->related.items[k].location.range, all);
        for (uint32_t k = 0; k < finding->fixes.n; k++) {
            const Fix *fix = &finding->fixes.items[k];
            for (uint32_t e = 0; e < fix->edits.n; e++)
                fuzz_check_range(fix->edits.items[e].location.range, all);
        }
    }
}

#endif
