#include "base/json.h"
#include "lsp/uri.h"
#include "unit/unit.h"

static void texts_survive(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        Str text;
    } cases[] = {
        {"\"plain\"", STR_INIT("plain")},
        {"\"a\\u0000b\"", STR_INIT("a\0b")},
        {"\"\\u0000\\u0000\"", STR_INIT("\0\0")},
        {"\"\\\\u0000\"", STR_INIT("\\u0000")},
        {"\"\\ud83d\\ude00\"", STR_INIT("\xF0\x9F\x98\x80")},
        {"\"\\ud83dx\"", STR_INIT("\xEF\xBF\xBDx")},
        {"\"\\ude00\"", STR_INIT("\xEF\xBF\xBD")},
        {"\"\\ud83d\\ud83d\\ude00\"", STR_INIT("\xEF\xBF\xBD\xF0\x9F\x98\x80")},
        {"\"\\ud83d\\n\"", STR_INIT("\xEF\xBF\xBD\n")},
        {"\"\\ud83d\"", STR_INIT("\xEF\xBF\xBD")},
        {"\"\xFF\"", STR_INIT("\xFF")},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *json = json_read(str_from(cases[i].json));
        assert_non_null(json);
        assert_true(str_equal(json_text(&arena, json), cases[i].text));
        cJSON_Delete(json);
    }
    arena_release(&arena);
}

static void what_is_no_json(void **state)
{
    (void)state;
    static const Str cases[] = {STR_INIT(""),       STR_INIT("{"),        STR_INIT("{} {}"),
                                STR_INIT("nul"),    STR_INIT("{\"a\":}"), STR_INIT("\"\\u00\""),
                                STR_INIT("\"\\\""), STR_INIT("{}\0"),     STR_INIT("\"a\0b\""),
                                STR_INIT("\\u0000")};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_null(json_read(cases[i]));
    /* deeper than anything the protocol has */
    Buf deep = buf_with_max(1 << 20);
    for (int i = 0; i < 100000; i++)
        buf_add_char(&deep, '[');
    assert_null(json_read(buf_str(&deep)));
    buf_free(&deep);
}

static void printed_strings_are_well_formed(void **state)
{
    (void)state;
    cJSON *json = json_string((Str)STR_INIT("a\xFF\0\xC3\xA9\xE2\x82"));
    assert_str(json_as_str(json), "a\xEF\xBF\xBD\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD");
    cJSON_Delete(json);
}

static void numbers(void **state)
{
    (void)state;
    cJSON *json =
        json_read(STR("{\"a\":1,\"b\":1.5,\"c\":1e99,\"d\":\"1\",\"e\":-3,\"f\":2147483648}"));
    int32_t value = 42;
    assert_true(json_int(json, "a", &value));
    assert_int_equal(value, 1);
    assert_true(json_int(json, "e", &value));
    assert_int_equal(value, -3);
    static const char *const not_numbers[] = {"b", "c", "d", "f", "missing"};
    for (size_t i = 0; i < COUNT(not_numbers); i++)
        assert_false(json_int(json, not_numbers[i], &value));
    assert_null(json_path(json, "a", "b", NULL));
    assert_null(json_get(NULL, "a"));
    cJSON_Delete(json);
}

static void uris_and_paths(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *path, *back;
    } cases[] = {
        {"file:///a/b.sql", "/a/b.sql", "file:///a/b.sql"},
        {"file:///a%20b/%C3%A9.sql", "/a b/\xC3\xA9.sql", "file:///a%20b/%C3%A9.sql"},
        {"file:///c%3A/x.sql", "/c:/x.sql", "file:///c:/x.sql"},
        {"FILE:///a", "/a", "file:///a"},
        {"file://localhost/a", "/a", "file:///a"},
        {"file:/a", "/a", "file:///a"},
        {"file:///a/", "/a", "file:///a"},
        {"file:///", "/", "file:///"},
        {"file:///100%", "/100%", "file:///100%25"},
        {"file:///a%zz", "/a%zz", "file:///a%25zz"},
        {"file:///a#b?c", "/a#b?c", "file:///a%23b%3Fc"},
        {"file://host/a", NULL, NULL},
        {"untitled:Untitled-1", NULL, NULL},
        {"lintel:/reports/latest.md", NULL, NULL},
        {"file:a", NULL, NULL},
        {"/a/b", NULL, NULL},
        {"", NULL, NULL},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str path = uri_to_path(&arena, str_from(cases[i].uri));
        assert_int_equal(str_is_absent(path), cases[i].path == NULL);
        if (!cases[i].path)
            continue;
        assert_str(path, cases[i].path);
        assert_str(uri_from_path(&arena, path), cases[i].back);
    }
    assert_str(uri_scheme(STR("lintel:/x")), "lintel");
    assert_true(str_is_absent(uri_scheme(STR(":/x"))));
    assert_true(str_is_absent(uri_scheme(STR("a/b:c"))));
    arena_release(&arena);
}

/* A list of what is printed already is written in pieces: the text is cJSON's all the same. */
static void printed_lists(void **state)
{
    (void)state;
    for (int n_items = 0; n_items < 4; n_items++) {
        cJSON *message = cJSON_CreateObject();
        cJSON_AddStringToObject(message, "jsonrpc", "2.0");
        cJSON *params = cJSON_AddObjectToObject(message, "pa\"rams");
        cJSON_AddNullToObject(params, "before");
        cJSON *list = cJSON_AddArrayToObject(params, "items");
        for (int i = 0; i < n_items; i++)
            json_push(list, i == 2 ? cJSON_CreateString("a\n") : cJSON_CreateRaw("{\"a\":[1,2]}"));
        cJSON_AddNumberToObject(params, "version", 3);
        char *expected = cJSON_PrintUnformatted(message);
        Buf text = buf_with_max(1 << 16);
        json_print(message, &text);
        assert_str(buf_str(&text), expected);
        buf_free(&text);
        cJSON_free(expected);
        cJSON_Delete(message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_survive),  cmocka_unit_test(what_is_no_json),
        cmocka_unit_test(numbers),        cmocka_unit_test(printed_strings_are_well_formed),
        cmocka_unit_test(uris_and_paths), cmocka_unit_test(printed_lists),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
