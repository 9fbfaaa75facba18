#include "base/json.h"
#include "lsp/documents.h"
#include "unit/unit.h"

static cJSON *changes(Arena *arena, const char *json)
{
    char *copy = str_to_c(arena, str_from(json));
    cJSON *tree = json_parse(copy, (uint32_t)strlen(copy));
    assert_non_null(tree);
    return tree;
}

#define AT(l1, c1, l2, c2, text)                                                                   \
    "{\"range\":{\"start\":{\"line\":" #l1 ",\"character\":" #c1 "},\"end\":{\"line\":" #l2        \
    ",\"character\":" #c2 "}},\"text\":\"" text "\"}"

static void changes_apply_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *before, *changes, *after;
        bool is_sound;
    } cases[] = {
        {"abc", "[" AT(0, 1, 0, 2, "X") "]", "aXc", true},
        {"abc", "[" AT(0, 3, 0, 3, "d") "," AT(0, 4, 0, 4, "e") "]", "abcde", true},
        /* from the end to the start, in one pass */
        {"one two three",
         "[" AT(0, 8, 0, 13, "3") "," AT(0, 4, 0, 7, "2") "," AT(0, 0, 0, 3, "1") "]", "1 2 3",
         true},
        /* touching: not in one pass */
        {"abc", "[" AT(0, 1, 0, 2, "XY") "," AT(0, 0, 0, 1, "") "]", "XYc", true},
        {"abc", "[" AT(0, 1, 0, 2, "XY") "," AT(0, 2, 0, 3, "-") "]", "aX-c", true},
        {"a\nb\nc", "[" AT(1, 1, 2, 0, "") "," AT(1, 1, 1, 1, "!") "]", "a\nb!c", true},
        /* a position behind the end of a line that a change before has made longer */
        {"ab\ncd", "[" AT(0, 2, 1, 0, "") "," AT(0, 3, 0, 9, "!") "]", "abc!", true},
        {"abc", "[{\"text\":\"new\"}," AT(0, 0, 0, 1, "N") "]", "New", true},
        {"abc", "[" AT(0, 0, 0, 1, "N") ",{\"text\":\"new\"}]", "new", true},
        {"abc", "[" AT(9, 0, 9, 0, "!") "]", "abc!", true},
        {"abc", "[" AT(0, 2, 0, 1, "-") "]", "a-c", true},
        {"abc", "[{\"range\":null,\"text\":\"x\"}]", "abc", false},
        {"abc", "[{\"range\":{}}," AT(0, 0, 0, 0, "+") "]", "+abc", false},
        {"abc", "[7,\"x\",null]", "abc", false},
        {"abc", "null", "abc", true},
        {"\xF0\x9F\x98\x80x", "[" AT(0, 2, 0, 3, "y") "]", "\xF0\x9F\x98\x80y", true},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Documents documents = {0};
        Document *document = documents_open(&documents, STR("file:///a.sql"), STR("sql"), 1,
                                            str_from(cases[i].before));
        cJSON *json = changes(&arena, cases[i].changes);
        assert_int_equal(document_apply(document, json, 2, ENCODING_UTF16, &arena),
                         cases[i].is_sound);
        assert_str(text_bytes(document->text), cases[i].after);
        assert_int_equal(document->version, 2);
        cJSON_Delete(json);
        documents_free(&documents);
    }
    arena_release(&arena);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Many changes at once give what the same changes give one by one. */
static void together_as_one_by_one(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "x", "\\n", "ab\\ncd", "\\r\\n", "\\u00e9", "\\r"};
    unsigned seed = 1;
    for (int round = 0; round < 3000; round++) {
        Arena arena = {0};
        Documents together = {0};
        Documents apart = {0};
        Str start = STR("first line\nsecond\xC3\xA9\r\nthird\n\nfifth");
        Document *a = documents_open(&together, STR("a:1"), STR("sql"), 1, start);
        Document *b = documents_open(&apart, STR("a:1"), STR("sql"), 1, start);
        cJSON *all = cJSON_CreateArray();
        unsigned line = 6;
        for (unsigned i = 0; i < 1 + next_random(&seed) % 5; i++) {
            /* mostly from the end to the start, as editors send them */
            line = next_random(&seed) % 4 ? (line ? line - next_random(&seed) % 2 : 0)
                                          : next_random(&seed) % 7;
            unsigned column = next_random(&seed) % 8;
            Str change = str_format(
                &arena,
                "[{\"range\":{\"start\":{\"line\":%u,\"character\":%u},\"end\":{\"line\":%u,"
                "\"character\":%u}},\"text\":\"%s\"}]",
                line, column, line + next_random(&seed) % 2, column + next_random(&seed) % 3,
                texts[next_random(&seed) % COUNT(texts)]);
            cJSON *one = changes(&arena, str_to_c(&arena, change));
            document_apply(b, one, 2, ENCODING_UTF16, &arena);
            cJSON_AddItemToArray(all, cJSON_DetachItemFromArray(one, 0));
            cJSON_Delete(one);
        }
        document_apply(a, all, 2, ENCODING_UTF16, &arena);
        assert_true(str_equal(text_bytes(a->text), text_bytes(b->text)));
        cJSON_Delete(all);
        documents_free(&together);
        documents_free(&apart);
        arena_release(&arena);
    }
}

static void uris_that_name_one_file_are_one_document(void **state)
{
    (void)state;
    Documents documents = {0};
    documents_open(&documents, STR("file:///a%20b.sql"), STR("sql"), 1, STR("x"));
    documents_open(&documents, STR("untitled:1"), STR("sql"), 1, STR("y"));
    assert_non_null(documents_find(&documents, STR("file:///a b.sql")));
    assert_non_null(documents_find(&documents, STR("untitled:1")));
    assert_null(documents_find(&documents, STR("untitled:2")));
    assert_null(documents_find(&documents, (Str){0}));
    assert_non_null(documents_find_path(&documents, STR("/a b.sql")));
    documents_open(&documents, STR("file:///a b.sql"), STR("sql"), 5, STR("z"));
    assert_int_equal(documents_find(&documents, STR("file:///a%20b.sql"))->version, 5);
    documents_free(&documents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_apply_in_order),
        cmocka_unit_test(together_as_one_by_one),
        cmocka_unit_test(uris_that_name_one_file_are_one_document),
    };
    return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
