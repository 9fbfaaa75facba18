/* A document that is edited again and again: what the server knows after each edit, reusing what it
 * can, is what it would know had it opened the text fresh.
 *
 * Input: dialect, the length of the first text, the text, then edits of six bytes: where, how much
 * goes, and which part of the input comes instead. */
#include "fuzz/analysis.h"

enum { MAX_EDITS = 24, MAX_TEXT = 16 * 1024 };

static void check_same_file(const LoweredFile *reused, const LoweredFile *fresh)
{
    FUZZ_CHECK(reused->fragments.n == fresh->fragments.n);
    for (uint32_t i = 0; i < fresh->fragments.n; i++) {
        const PlacedFragment *a = &reused->fragments.items[i];
        const PlacedFragment *b = &fresh->fragments.items[i];
        FUZZ_CHECK(a->start == b->start);
        FUZZ_CHECK(str_equal(a->fragment->text, b->fragment->text));
        FUZZ_CHECK(a->fragment->operations.n == b->fragment->operations.n);
        FUZZ_CHECK(a->fragment->queries.n == b->fragment->queries.n);
        FUZZ_CHECK(a->fragment->problems.n == b->fragment->problems.n);
        for (uint32_t k = 0; k < a->fragment->operations.n; k++) {
            const Operation *one = &a->fragment->operations.items[k];
            const Operation *other = &b->fragment->operations.items[k];
            FUZZ_CHECK(one->kind == other->kind);
            FUZZ_CHECK(one->place.range.start == other->place.range.start);
            FUZZ_CHECK(one->place.range.end == other->place.range.end);
        }
    }
    FUZZ_CHECK(reused->suppressions.n == fresh->suppressions.n);
    FUZZ_CHECK(reused->problems.n == fresh->problems.n);
}

static void check_same_findings(const Snapshot *reused, const Snapshot *fresh)
{
    FUZZ_CHECK(reused->findings.n == fresh->findings.n);
    for (uint32_t i = 0; i < fresh->findings.n; i++) {
        const Finding *a = &reused->findings.items[i];
        const Finding *b = &fresh->findings.items[i];
        FUZZ_CHECK(str_equal(a->rule, b->rule));
        FUZZ_CHECK(str_equal(a->message, b->message));
        FUZZ_CHECK(a->severity == b->severity);
        FUZZ_CHECK(a->location.range.start == b->location.range.start);
        FUZZ_CHECK(a->location.range.end == b->location.range.end);
        FUZZ_CHECK(a->fixes.n == b->fixes.n);
        FUZZ_CHECK(a->related.n == b->related.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {.data = data, .size = size};
    Str all = str_of((const char *)data, size);
    Dialect dialect = (Dialect)(fuzz_byte(&input) % N_DIALECTS);
    Text *text = text_new(fuzz_text(&input, fuzz_number(&input) % MAX_TEXT));
    LoweredFile *file = lower_file(text, FILE_SQL, dialect, NULL);
    for (int edit = 0; edit < MAX_EDITS && input.size > 0; edit++) {
        uint32_t length = text_bytes(text).length;
        uint32_t start = fuzz_number(&input) % (length + 1);
        uint32_t gone = fuzz_byte(&input);
        Range range = {.start = start, .end = start + gone < length ? start + gone : length};
        uint32_t from = fuzz_number(&input) % (all.length + 1);
        Str replacement = str_slice(all, from, from + fuzz_byte(&input));
        Text *next = text_replace(text, range, replacement);
        LoweredFile *reused = lower_file(next, FILE_SQL, dialect, file);
        LoweredFile *fresh = lower_file(next, FILE_SQL, dialect, NULL);
        check_same_file(reused, fresh);
        lowered_file_release(file);
        text_release(text);
        text = next;
        file = reused;

        Arena arena = {0};
        Snapshot *one = fuzz_analyse(&arena, lowered_file_retain(file), true);
        Snapshot *other = fuzz_analyse(&arena, fresh, true);
        check_same_findings(one, other);
        fuzz_check_findings(one, text_bytes(text));
        snapshot_release(one);
        snapshot_release(other);
        arena_release(&arena);
    }
    lowered_file_release(file);
    text_release(text);
    return 0;
}
