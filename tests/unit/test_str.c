#include "base/str.h"
#include "unit/unit.h"

static void comparing(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
        bool same_ignoring_case;
    } cases[] = {
        {"", "", 0, true},          {"a", "", 1, false},
        {"", "a", -1, false},       {"abc", "abd", -1, false},
        {"abc", "abcd", -1, false}, {"b", "abc", 1, false},
        {"Ab", "aB", -1, true},     {"\xc3\xa9", "e", 1, false},
        {"[", "{", -1, false},      {"\xc3\x84", "\xc3\xa4", -1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str a = str_from(cases[i].a);
        Str b = str_from(cases[i].b);
        int order = str_compare(a, b);
        assert_int_equal((order > 0) - (order < 0), cases[i].order);
        assert_int_equal(str_equal(a, b), cases[i].order == 0);
        assert_int_equal(str_equal_ignore_case(a, b), cases[i].same_ignoring_case);
    }
}

static void absent_is_empty_but_not_the_other_way_round(void **state)
{
    (void)state;
    assert_true(str_is_absent(str_from(NULL)));
    assert_true(str_is_empty(str_from(NULL)));
    assert_false(str_is_absent(STR("")));
    assert_true(str_equal(STR(""), (Str){0}));
    assert_true(str_is_absent(str_slice((Str){0}, 3, 7)));
    Arena arena = {0};
    assert_true(str_is_absent(str_copy(&arena, (Str){0})));
    assert_true(str_is_absent(str_lower(&arena, (Str){0})));
    assert_string_equal(str_to_c(&arena, (Str){0}), "");
    arena_release(&arena);
}

static void finding_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
        uint32_t from, expected;
    } cases[] = {
        {"abcabc", "abc", 0, 0},
        {"abcabc", "abc", 1, 3},
        {"abcabc", "abc", 4, UINT32_MAX},
        {"aaab", "aab", 0, 1},
        {"abc", "abcd", 0, UINT32_MAX},
        {"abc", "", 2, 2},
        {"abc", "", 3, 3},
        {"abc", "", 4, UINT32_MAX},
        {"", "a", 0, UINT32_MAX},
        {"abc", "c", 3, UINT32_MAX},
        {"abc", "c", 9, UINT32_MAX},
        {"abc", "c", UINT32_MAX, UINT32_MAX},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str text = str_from(cases[i].text);
        Str part = str_from(cases[i].part);
        assert_int_equal(str_find(text, part, cases[i].from), cases[i].expected);
    }
    assert_true(str_contains(STR("select"), STR("lec")));
    assert_false(str_contains(STR("select"), STR("lce")));
    assert_true(str_starts_with(STR("select"), STR("")));
    assert_true(str_starts_with(STR("select"), STR("sel")));
    assert_false(str_starts_with(STR("se"), STR("sel")));
    assert_true(str_ends_with(STR("a.sql"), STR(".sql")));
    assert_false(str_ends_with(STR("sql"), STR(".sql")));
    assert_true(str_starts_with_ignore_case(STR("Select 1"), STR("SELECT")));
    assert_false(str_starts_with_ignore_case(STR("sel"), STR("SELECT")));
    assert_true(str_ends_with_ignore_case(STR("a DESC"), STR(" desc")));
    assert_false(str_ends_with_ignore_case(STR("desc"), STR(" desc")));
}

static void slicing_and_trimming(void **state)
{
    (void)state;
    assert_str(str_slice(STR("column"), 1, 3), "ol");
    assert_str(str_slice(STR("column"), 4, 99), "mn");
    assert_str(str_slice(STR("column"), 99, 99), "");
    assert_str(str_slice(STR("column"), 4, 2), "");
    assert_str(str_trim(STR(" \t\r\n a b\v\f ")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_str(str_trim(STR("")), "");
}

static void lines(void **state)
{
    (void)state;
    Str rest = STR("one\r\n\ntwo\rx\nlast");
    static const char *const expected[] = {"one", "", "two\rx", "last"};
    for (size_t i = 0; i < COUNT(expected); i++) {
        Str line;
        assert_true(str_next_line(&rest, &line));
        assert_str(line, expected[i]);
    }
    Str line;
    assert_false(str_next_line(&rest, &line));
    rest = STR("ended\n");
    assert_true(str_next_line(&rest, &line));
    assert_false(str_next_line(&rest, &line));
}

static void words(void **state)
{
    (void)state;
    Str rest = STR("one two  three");
    static const char *const expected[] = {"one", "two", "", "three"};
    Str word;
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_true(str_next_word(&rest, &word));
        assert_str(word, expected[i]);
    }
    assert_false(str_next_word(&rest, &word));
    rest = (Str){0};
    assert_false(str_next_word(&rest, &word));
}

static void hexadecimal_digits(void **state)
{
    (void)state;
    Str text = STR("0aF9gffffffff");
    uint32_t value = 7;
    assert_true(str_hex(text, 0, 4, &value));
    assert_int_equal(value, 0x0AF9);
    assert_true(str_hex(text, 5, 8, &value));
    assert_int_equal(value, UINT32_MAX);
    assert_false(str_hex(text, 1, 4, &value)); /* g */
    assert_false(str_hex(text, 6, 8, &value)); /* one too few */
    assert_false(str_hex(text, 99, 1, &value));
    assert_int_equal(value, UINT32_MAX);
    const char none[] = "/:@G`g \xC6"; /* the neighbours of digits and letters */
    for (size_t i = 0; i < sizeof none; i++)
        assert_int_equal(str_hex_digit(none[i]), -1);
}

static void making(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_str(str_lower(&arena, STR("Users\xC3\x84Z")), "users\xC3\x84z");
    const Str parts[] = {STR("a"), STR(""), STR("c")};
    assert_str(str_join(&arena, parts, 3, STR(", ")), "a, , c");
    assert_str(str_join(&arena, parts, 1, STR(", ")), "a");
    assert_str(str_join(&arena, parts, 0, STR(", ")), "");
    assert_str(str_format(&arena, "%d " STR_FMT "|", 7, STR_ARG(STR("seven"))), "7 seven|");
    assert_str(str_format(&arena, STR_FMT, STR_ARG((Str){0})), "");
    assert_string_equal(str_to_c(&arena, STR("name")), "name");
    char original[] = "text";
    Str copy = str_copy(&arena, str_of(original, 4));
    original[0] = 'n';
    assert_str(copy, "text");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),
        cmocka_unit_test(absent_is_empty_but_not_the_other_way_round),
        cmocka_unit_test(finding_parts),
        cmocka_unit_test(slicing_and_trimming),
        cmocka_unit_test(lines),
        cmocka_unit_test(words),
        cmocka_unit_test(hexadecimal_digits),
        cmocka_unit_test(making),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
