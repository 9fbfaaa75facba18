/* One version of a document: its lines by every convention of line ends, positions, and edits,
 * which are compared with a plain string edited the same way. */
#include "base/arena.h"
#include "text/dialect.h"
#include "text/text.h"
#include "unit/unit.h"

/* "start-end start-end ..." of all lines. */
static Str lines_of(Arena *arena, const Text *text)
{
    Str result = STR("");
    for (uint32_t line = 0; line < text_line_count(text); line++) {
        Range range = text_line_range(text, line);
        result = str_format(arena, STR_FMT "%s%u-%u", STR_ARG(result), line > 0 ? " " : "",
                            range.start, range.end);
    }
    return result;
}

static void lines_end_in_three_ways(void **state)
{
    (void)state;
    static const struct {
        Str bytes;
        const char *lines;
    } cases[] = {
        {STR_INIT(""), "0-0"},
        {STR_INIT("abc"), "0-3"},
        {STR_INIT("abc\n"), "0-3 4-4"},
        {STR_INIT("a\nb\r\nc\rd"), "0-1 2-3 5-6 7-8"},
        {STR_INIT("\n\n"), "0-0 1-1 2-2"},
        {STR_INIT("\r\n\r\n"), "0-0 2-2 4-4"},
        {STR_INIT("\r\r\n\n"), "0-0 1-1 3-3 4-4"},
        {STR_INIT("a\r"), "0-1 2-2"},
        {STR_INIT("a\0b\nc"), "0-3 4-5"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Text *text = text_new(cases[i].bytes);
        assert_str(lines_of(&arena, text), cases[i].lines);
        Range past = text_line_range(text, text_line_count(text) + 5);
        assert_int_equal(past.start, cases[i].bytes.length);
        assert_int_equal(past.end, cases[i].bytes.length);
        text_release(text);
    }
    arena_release(&arena);
}

static void a_byte_is_in_the_line_that_holds_it(void **state)
{
    (void)state;
    Text *text = text_new(STR("ab\r\ncd\n\ne"));
    static const uint32_t lines[] = {0, 0, 0, 0, 1, 1, 1, 2, 3, 3};
    for (uint32_t at = 0; at < COUNT(lines); at++)
        assert_int_equal(text_line_at(text, at), lines[at]);
    text_release(text);
}

static void positions_count_code_points_from_one(void **state)
{
    (void)state;
    /* a é € 😀 b, then a line that starts with a bad byte */
    Text *text = text_new(STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
                              "b\n\xff"
                              "c"));
    static const struct {
        uint32_t at, line, column;
    } cases[] = {
        {0, 1, 1},  {1, 1, 2},  {3, 1, 3},  {6, 1, 4},  {10, 1, 5},
        {11, 1, 6}, {12, 2, 1}, {13, 2, 2}, {14, 2, 3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        TextPosition position = text_position(text, cases[i].at);
        assert_int_equal(position.line, cases[i].line);
        assert_int_equal(position.column, cases[i].column);
    }
    text_release(text);
}

static void an_edit_makes_a_new_version(void **state)
{
    (void)state;
    static const struct {
        Range range;
        const char *replacement, *expected;
    } cases[] = {
        {{0, 0}, "x", "xone\ntwo"},      {{3, 4}, "", "onetwo"},
        {{7, 7}, "!", "one\ntwo!"},      {{0, 7}, "", ""},
        {{1, 2}, "\r\n", "o\r\ne\ntwo"}, {{5, 99}, "", "one\nt"},
        {{99, 99}, "e", "one\ntwoe"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Text *before = text_new(STR("one\ntwo"));
        Text *after = text_replace(before, cases[i].range, str_from(cases[i].replacement));
        assert_str(text_bytes(before), "one\ntwo");
        assert_str(text_bytes(after), cases[i].expected);
        text_release(before);
        text_release(after);
    }
}

static void a_long_run_of_edits_equals_a_fresh_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "", "a", "\n", "\r\n", "\r", "\xc3\xa9", "longer text\nwith lines\r\n", "\n\n"};
    Arena arena = {0};
    Text *text = text_new(STR(""));
    uint32_t random = 99;
    for (int step = 0; step < 3000; step++) {
        random = random * 1664525u + 1013904223u;
        uint32_t length = text_bytes(text).length;
        uint32_t start = (random >> 8) % (length + 1);
        uint32_t end = start + (random >> 20) % 6;
        if (step % 100 == 99)
            end = length; /* so that it does not only grow */
        Str replacement = str_from(pieces[(random >> 4) % COUNT(pieces)]);
        Range range = {.start = start, .end = end < length ? end : length};
        Str bytes = text_bytes(text);
        Str expected =
            str_format(&arena, STR_FMT STR_FMT STR_FMT, STR_ARG(str_slice(bytes, 0, range.start)),
                       STR_ARG(replacement), STR_ARG(str_slice(bytes, range.end, bytes.length)));
        Text *next = text_replace(text, range, replacement);
        Text *fresh = text_new(expected);
        assert_true(str_equal(text_bytes(next), text_bytes(fresh)));
        assert_true(text_hash(next) == text_hash(fresh));
        assert_int_equal(text_line_count(next), text_line_count(fresh));
        Str lines = lines_of(&arena, next);
        assert_true(str_equal(lines, lines_of(&arena, fresh)));
        for (uint32_t line = 0; line < text_line_count(next); line++)
            assert_int_equal(text_line_at(next, text_line_range(next, line).start), line);
        text_release(fresh);
        text_release(text);
        text = next;
        arena_reset(&arena);
    }
    text_release(text);
    arena_release(&arena);
}

static void a_text_lives_as_long_as_someone_holds_it(void **state)
{
    (void)state;
    Text *text = text_new(STR("held"));
    Text *held = text_retain(text);
    text_release(text);
    assert_str(text_bytes(held), "held");
    text_release(held);
    text_release(NULL);
}

static void dialects_have_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        Dialect dialect;
    } cases[] = {
        {"postgresql", DIALECT_POSTGRESQL}, {"postgres", DIALECT_POSTGRESQL},
        {"PG", DIALECT_POSTGRESQL},         {"mysql", DIALECT_MYSQL},
        {"MariaDB", DIALECT_MYSQL},         {"sqlite3", DIALECT_SQLITE},
        {"mssql", DIALECT_SQLSERVER},       {"tsql", DIALECT_SQLSERVER},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Dialect dialect = DIALECT_SQLSERVER;
        assert_true(dialect_from_name(str_from(cases[i].name), &dialect));
        assert_int_equal(dialect, cases[i].dialect);
    }
    for (int i = 0; i < N_DIALECTS; i++) {
        Dialect dialect = DIALECT_POSTGRESQL;
        assert_true(dialect_from_name(dialect_name((Dialect)i), &dialect));
        assert_int_equal(dialect, i);
    }
    Dialect untouched = DIALECT_SQLITE;
    assert_false(dialect_from_name(STR("oracle"), &untouched));
    assert_false(dialect_from_name(STR(""), &untouched));
    assert_int_equal(untouched, DIALECT_SQLITE);
}

static void ranges(void **state)
{
    (void)state;
    Range a = {.start = 2, .end = 5};
    assert_int_equal(range_length(a), 3);
    assert_true(range_touches(a, 2) && range_touches(a, 5));
    assert_false(range_touches(a, 1) || range_touches(a, 6));
    assert_false(range_overlaps(a, (Range){.start = 5, .end = 9})); /* half-open: they only meet */
    assert_true(range_overlaps(a, (Range){.start = 4, .end = 9}));
    Range joined = range_join(a, (Range){.start = 7, .end = 9});
    assert_int_equal(joined.start, 2);
    assert_int_equal(joined.end, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_in_three_ways),
        cmocka_unit_test(a_byte_is_in_the_line_that_holds_it),
        cmocka_unit_test(positions_count_code_points_from_one),
        cmocka_unit_test(an_edit_makes_a_new_version),
        cmocka_unit_test(a_long_run_of_edits_equals_a_fresh_text),
        cmocka_unit_test(a_text_lives_as_long_as_someone_holds_it),
        cmocka_unit_test(dialects_have_names),
        cmocka_unit_test(ranges),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
