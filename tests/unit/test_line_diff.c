#include "text/line_diff.h"

#include "unit/unit.h"

/* '+' for each line of `to` that is changed, ' ' for the others. */
static void expect_changed(const char *from, const char *to, const char *expected)
{
    Arena arena = {0};
    Text *a = text_new(str_from(from)), *b = text_new(str_from(to));
    LineDiff diff = line_diff(&arena, a, b);
    char found[64] = "";
    assert_true(text_line_count(b) < sizeof found);
    for (uint32_t i = 0; i < text_line_count(b); i++)
        found[i] = diff.is_changed[i] ? '+' : ' ';
    assert_string_equal(found, expected);
    text_release(a);
    text_release(b);
    arena_release(&arena);
}

static void changed_lines(void **state)
{
    (void)state;
    expect_changed("", "", " ");
    expect_changed("a\nb\n", "a\nb\n", "   ");
    expect_changed("a\nb\n", "a\nx\nb\n", " +  ");
    expect_changed("a\nb\nc\n", "a\nc\n", "   ");
    expect_changed("a\nb\nc\n", "a\nB\nc\n", " +  ");
    expect_changed("", "a\nb", "++");
    expect_changed("a\r\nb\r\n", "a\nb\n", "   ");
    /* What moved is where it is new, by the longer run that stayed. */
    expect_changed("a\nb\nc\n", "c\na\nb\n", "+   ");
    /* A closing parenthesis is its own statement's. */
    expect_changed("t (\n  a\n);\n", "t (\n  a\n);\nu (\n  b\n);\n", "   +++ ");
    expect_changed("p\n);\nq\n);\nr\n", "p\n);\nx\n);\nq\n);\nr\n", "  ++    ");
}

static void where_lines_are_now(void **state)
{
    (void)state;
    Arena arena = {0};
    Text *a = text_new(STR("a\nb\nc\nd")), *b = text_new(STR("x\na\nd"));
    LineDiff diff = line_diff(&arena, a, b);
    assert_int_equal(diff.to_line[0], 1);
    assert_int_equal(diff.to_line[1], 2); /* gone: what stands there now */
    assert_int_equal(diff.to_line[2], 2);
    assert_int_equal(diff.to_line[3], 2);
    text_release(a);
    text_release(b);
    arena_release(&arena);
}

/* Nothing here is alike, or all of it is: neither may take quadratic time. */
static void large_texts(void **state)
{
    (void)state;
    enum { LINES = 200000 };
    Arena arena = {0};
    Buf same = buf_with_max(SIZE_MAX / 2), other = buf_with_max(SIZE_MAX / 2);
    for (unsigned i = 0; i < LINES; i++) {
        buf_format(&same, "x%u\n", i % 2);
        buf_format(&other, i % 3 ? "x%u\n" : "y%u\n", i % 7);
    }
    Text *a = text_new(buf_str(&same)), *b = text_new(buf_str(&other));
    LineDiff diff = line_diff(&arena, a, b);
    assert_true(diff.is_changed[0]);
    text_release(a);
    text_release(b);
    buf_free(&same);
    buf_free(&other);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_lines),
        cmocka_unit_test(where_lines_are_now),
        cmocka_unit_test(large_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
