#include "consult/front_matter.h"
#include "unit/unit.h"

static void strict_yaml(void **state)
{
    (void)state;
    Arena arena = {0};
    FrontMatter matter = front_matter_parse(
        &arena, STR("---\nname: reader\ntools: [Read, \"Glob\"]\ndescription: >\n  two\n  lines\n"
                    "hooks:\n  PreToolUse:\n    - matcher: x\n---\nBody\n---\nmore\n"));
    assert_true(matter.is_present);
    assert_false(matter.is_lenient);
    assert_str(front_matter_entry(&matter, "name")->value, "reader");
    assert_str(front_matter_entry(&matter, "description")->value, "two lines\n");
    StrVec tools = front_matter_list(&arena, &matter, "tools");
    assert_int_equal(tools.n, 2);
    assert_str(tools.items[1], "Glob");
    assert_int_equal(front_matter_entry(&matter, "description")->line, 4);
    assert_null(front_matter_entry(&matter, "matcher"));
    assert_str(matter.body, "Body\n---\nmore\n");
    arena_release(&arena);
}

static void byte_order_mark_and_carriage_returns(void **state)
{
    (void)state;
    Arena arena = {0};
    FrontMatter matter =
        front_matter_parse(&arena, STR("\xef\xbb\xbf---  \r\nname: a\r\n---\r\nBody\r\n"));
    assert_true(matter.is_present && !matter.is_lenient);
    assert_str(front_matter_entry(&matter, "name")->value, "a");
    assert_str(matter.body, "Body\r\n");
    arena_release(&arena);
}

static void no_front_matter(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "# Title\n", "---\nname: a\n", "text\n---\na: b\n---\n",
                                        " ---\na: b\n---\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        Arena arena = {0};
        FrontMatter matter = front_matter_parse(&arena, str_from(texts[i]));
        assert_false(matter.is_present);
        assert_str(matter.body, texts[i]);
        assert_int_equal(matter.entries.n, 0);
        arena_release(&arena);
    }
}

/* What people write: a colon in the description. */
static void lenient_where_yaml_fails(void **state)
{
    (void)state;
    Arena arena = {0};
    FrontMatter matter = front_matter_parse(
        &arena, STR("---\nname: 'a'\ndescription: Use this: when asked. Example: yes\n  and more\n"
                    "tools: [Read, Grep]\nlist:\n  - one\n  - \"two\"\n---\nBody"));
    assert_true(matter.is_present && matter.is_lenient);
    assert_false(str_is_empty(matter.problem));
    assert_int_equal(matter.problem_line, 3);
    assert_str(front_matter_entry(&matter, "name")->value, "a");
    assert_str(front_matter_entry(&matter, "description")->value,
               "Use this: when asked. Example: yes and more");
    assert_int_equal(front_matter_list(&arena, &matter, "tools").n, 2);
    StrVec list = front_matter_list(&arena, &matter, "list");
    assert_int_equal(list.n, 2);
    assert_str(list.items[1], "two");
    assert_str(matter.body, "Body");
    arena_release(&arena);
}

static void limits(void **state)
{
    (void)state;
    Arena arena = {0};
    FrontMatter matter = front_matter_parse(&arena, STR("---\na: &x 1\nb: *x\n---\n"));
    assert_true(matter.is_lenient);
    assert_str(matter.problem, "aliases are not allowed in a front matter");
    matter = front_matter_parse(&arena, STR("---\na: [[[[[[[[[[1]]]]]]]]]]\n---\n"));
    assert_str(matter.problem, "the front matter is nested too deeply");
    matter = front_matter_parse(&arena, STR("---\na: [[[[[[[1]]]]]]]\nb: 2\n---\n"));
    assert_false(matter.is_lenient);
    assert_str(front_matter_entry(&matter, "b")->value, "2");
    matter = front_matter_parse(&arena, STR("---\n- a\n---\n"));
    assert_true(matter.is_lenient);

    char *large = arena_alloc(&arena, FRONT_MATTER_MAX_BYTES + 1);
    memset(large, 'x', FRONT_MATTER_MAX_BYTES + 1);
    memcpy(large, "---\na: b\n---\n", 13);
    matter = front_matter_parse(&arena, str_of(large, FRONT_MATTER_MAX_BYTES));
    assert_true(matter.is_present);
    matter = front_matter_parse(&arena, str_of(large, FRONT_MATTER_MAX_BYTES + 1));
    assert_false(matter.is_present);
    assert_false(str_is_empty(matter.problem));
    arena_release(&arena);
}

/* No prefix of a file crashes or loses bytes of the body. */
static void every_prefix(void **state)
{
    (void)state;
    static const char text[] =
        "---\r\nname: \"a\\x41\"\n? [k]\n: - {v: &a *a}\ntools:\n- x\n---\nBody";
    for (uint32_t n = 0; n < sizeof text; n++) {
        Arena arena = {0};
        FrontMatter matter = front_matter_parse(&arena, str_of(text, n));
        assert_true(matter.body.length <= n);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strict_yaml),     cmocka_unit_test(byte_order_mark_and_carriage_returns),
        cmocka_unit_test(no_front_matter), cmocka_unit_test(lenient_where_yaml_fails),
        cmocka_unit_test(limits),          cmocka_unit_test(every_prefix),
    };
    return cmocka_run_group_tests_name("front_matter", tests, NULL, NULL);
}
