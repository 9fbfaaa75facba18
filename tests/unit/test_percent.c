#include "base/percent.h"
#include "unit/unit.h"

static void check_both(const char *text, const char *plain, const char *encoded)
{
    Arena arena = {0};
    assert_str(percent_encode(&arena, str_from(text), plain), encoded);
    assert_str(percent_decode(&arena, str_from(encoded)), text);
    arena_release(&arena);
}

static void what_is_encoded_decodes_to_itself(void **state)
{
    (void)state;
    check_both("", "", "");
    check_both("azAZ09", "", "azAZ09");
    check_both("a b/c", "", "a%20b%2Fc");
    check_both("a b/c", "/", "a%20b/c");
    check_both("%41", "", "%2541");
    check_both("\xC3\xA4\n\x7F", "-._~", "%C3%A4%0A%7F");
}

static void a_nul_is_never_plain(void **state)
{
    (void)state;
    Arena arena = {0};
    assert_str(percent_encode(&arena, str_of("a\0b", 3), "-"), "a%00b");
    Str decoded = percent_decode(&arena, STR("a%00b"));
    assert_int_equal(decoded.length, 3);
    assert_memory_equal(decoded.data, "a\0b", 3);
    arena_release(&arena);
}

static void what_is_no_escape_stays(void **state)
{
    (void)state;
    static const struct {
        const char *text, *decoded;
    } cases[] = {
        {"%", "%"},     {"%4", "%4"},     {"a%", "a%"},   {"%4g", "%4g"},         {"%g4", "%g4"},
        {"%%41", "%A"}, {"%4%41", "%4A"}, {"%41%", "A%"}, {"%c3%A4", "\xC3\xA4"}, {"%-1", "%-1"},
        {"% 1", "% 1"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(percent_decode(&arena, str_from(cases[i].text)), cases[i].decoded);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_encoded_decodes_to_itself),
        cmocka_unit_test(a_nul_is_never_plain),
        cmocka_unit_test(what_is_no_escape_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
