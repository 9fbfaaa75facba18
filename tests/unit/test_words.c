/* The words of identifiers, by which some rules go. */
#include "unit/unit.h"

#include "rules/words.h"

static void identifiers_are_cut_into_words(void **state)
{
    (void)state;
    static const struct {
        const char *identifier, *words;
    } cases[] = {
        {"unit_price", "unit price"},
        {"unitPrice", "unit price"},
        {"UnitPrice", "unit price"},
        {"UNIT_PRICE", "unit price"},
        {"HTTPServer", "http server"},
        {"userID", "user id"},
        {"__a__b_", "a b"},
        {"phone2", "phone2"},
        {"", ""},
        {"_", ""},
        {"x", "x"},
        {"line item", "line item"},
        {"größe_cm", "größe cm"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        StrVec words = words_of(&arena, str_from(cases[i].identifier));
        assert_str(str_join(&arena, words.items, words.n, STR(" ")), cases[i].words);
    }
    arena_release(&arena);
}

static void plurals_lose_their_ending(void **state)
{
    (void)state;
    static const struct {
        const char *plural, *singular;
    } cases[] = {
        {"customers", "customer"},
        {"categories", "category"},
        {"addresses", "address"},
        {"boxes", "box"},
        {"branches", "branch"},
        {"statuses", "status"},
        {"status", "status"},
        {"address", "address"},
        {"analysis", "analysis"},
        {"people", "person"},
        {"user", "user"},
        {"bus", "bus"},
        {"as", "as"},
        {"", ""},
        {"houses", "house"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(word_singular(&arena, str_from(cases[i].plural)), cases[i].singular);
    arena_release(&arena);
}

static void a_table_and_a_reference_have_one_key(void **state)
{
    (void)state;
    static const char *const same[] = {"order_lines", "OrderLine", "orderLines", "ORDER_LINE"};
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(same); i++) {
        StrVec words = words_of(&arena, str_from(same[i]));
        assert_str(words_key(&arena, &words), "order_line");
    }
    assert_true(str_is_empty(words_key(&arena, &(StrVec){0})));
    arena_release(&arena);
}

static void only_whole_words_count(void **state)
{
    (void)state;
    Arena arena = {0};
    StrVec words = words_of(&arena, STR("prices_total"));
    assert_true(words_have(&words, "price prices"));
    assert_false(words_have(&words, "price pric tot"));
    assert_false(words_have(&words, ""));
    assert_false(word_is_in(STR(""), "a b"));
    assert_true(word_is_in(STR("b"), "a b"));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_are_cut_into_words),
        cmocka_unit_test(plurals_lose_their_ending),
        cmocka_unit_test(a_table_and_a_reference_have_one_key),
        cmocka_unit_test(only_whole_words_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
