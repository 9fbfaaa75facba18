#include "base/nearest.h"
#include "unit/unit.h"

static void distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        uint32_t distance;
    } cases[] = {
        {"", "", 0},           {"", "abc", 3},
        {"abc", "", 3},        {"abc", "ABC", 0},
        {"abc", "abd", 1},     {"abc", "acb", 1},
        {"ca", "abc", 3},      {"kitten", "sitting", 3},
        {"rulez", "rules", 1}, {"verison", "version", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(edit_distance(str_from(cases[i].a), str_from(cases[i].b)),
                         cases[i].distance);
    static const char longer[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    assert_int_equal(edit_distance(str_from(longer), STR("a")), UINT32_MAX);
    assert_int_equal(edit_distance(str_from(longer), str_from(longer)), 0);
}

static void proposals(void **state)
{
    (void)state;
    static const Str names[] = {STR_INIT("check"), STR_INIT("consult"), STR_INIT("schema")};
    assert_str(nearest_name(STR("chekc"), names, 3), "check");
    assert_str(nearest_name(STR("shema"), names, 3), "schema");
    assert_true(str_is_absent(nearest_name(STR("zzzzz"), names, 3)));
    assert_true(str_is_absent(nearest_name(STR(""), names, 3)));
    assert_true(str_is_absent(nearest_name(STR("check"), NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(proposals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
