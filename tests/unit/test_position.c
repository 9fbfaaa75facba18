#include "base/json.h"
#include "lsp/position.h"
#include "unit/unit.h"

static void both_ways_in_both_encodings(void **state)
{
    (void)state;
    /* a, e acute (2 bytes, 1 unit), euro (3, 1), emoji (4, 2), a broken byte (1, 1) */
    const char *text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFF.\r\nsecond\rthird\n";
    static const struct {
        PositionEncoding encoding;
        Position position;
        uint32_t byte;
        bool is_exact; /* the position comes back */
    } cases[] = {
        {ENCODING_UTF16, {0, 0}, 0, true},   {ENCODING_UTF16, {0, 1}, 1, true},
        {ENCODING_UTF16, {0, 2}, 3, true},   {ENCODING_UTF16, {0, 3}, 6, true},
        {ENCODING_UTF16, {0, 4}, 6, false}, /* inside the pair: its start */
        {ENCODING_UTF16, {0, 5}, 10, true},  {ENCODING_UTF16, {0, 6}, 11, true},
        {ENCODING_UTF16, {0, 7}, 12, true}, /* the line's end */
        {ENCODING_UTF16, {0, 8}, 12, false}, {ENCODING_UTF16, {0, 4000000}, 12, false},
        {ENCODING_UTF16, {1, 0}, 14, true},  {ENCODING_UTF16, {1, 6}, 20, true},
        {ENCODING_UTF16, {1, 7}, 20, false}, {ENCODING_UTF16, {2, 0}, 21, true},
        {ENCODING_UTF16, {3, 0}, 27, true},  {ENCODING_UTF16, {3, 9}, 27, false},
        {ENCODING_UTF16, {4, 0}, 27, false}, {ENCODING_UTF16, {2000000000, 3}, 27, false},
        {ENCODING_UTF8, {0, 0}, 0, true},    {ENCODING_UTF8, {0, 2}, 1, false},
        {ENCODING_UTF8, {0, 3}, 3, true},    {ENCODING_UTF8, {0, 5}, 3, false},
        {ENCODING_UTF8, {0, 6}, 6, true},    {ENCODING_UTF8, {0, 7}, 6, false},
        {ENCODING_UTF8, {0, 9}, 6, false},   {ENCODING_UTF8, {0, 10}, 10, true},
        {ENCODING_UTF8, {0, 12}, 12, true},  {ENCODING_UTF8, {0, 13}, 12, false},
        {ENCODING_UTF8, {1, 6}, 20, true},
    };
    Arena arena = {0};
    Text *document = text_new(str_from(text));
    for (size_t i = 0; i < COUNT(cases); i++) {
        PositionMapper mapper = position_mapper(document, cases[i].encoding, &arena);
        assert_int_equal(position_to_byte(&mapper, cases[i].position), cases[i].byte);
        if (cases[i].is_exact) {
            Position back = position_of_byte(&mapper, cases[i].byte);
            assert_int_equal(back.line, cases[i].position.line);
            assert_int_equal(back.character, cases[i].position.character);
        }
    }
    /* between \r and \n: the line's end */
    PositionMapper mapper = position_mapper(document, ENCODING_UTF16, &arena);
    assert_int_equal(position_of_byte(&mapper, 13).line, 0);
    assert_int_equal(position_of_byte(&mapper, 13).character, 7);
    assert_int_equal(position_of_byte(&mapper, 999).line, 3);
    text_release(document);
    arena_release(&arena);
}

static void a_very_long_line_agrees_with_counting(void **state)
{
    (void)state;
    Buf text = buf_with_max(1 << 20);
    buf_add(&text, STR("first\n"));
    for (int i = 0; i < 20000; i++)
        buf_add(&text, i % 7 == 0   ? STR("\xF0\x9F\x98\x80")
                       : i % 3 == 0 ? STR("\xC3\xA9")
                                    : STR("x"));
    Text *document = text_new(buf_str(&text));
    Arena arena = {0};
    PositionMapper mapper = position_mapper(document, ENCODING_UTF16, &arena);
    uint32_t units = 0;
    uint32_t at = 6;
    for (int i = 0; i < 20000; i++) {
        if (i % 97 == 0 || i > 19990) {
            assert_int_equal(position_of_byte(&mapper, at).character, units);
            assert_int_equal(position_to_byte(&mapper, (Position){1, units}), at);
        }
        at += i % 7 == 0 ? 4 : i % 3 == 0 ? 2 : 1;
        units += i % 7 == 0 ? 2 : 1;
    }
    text_release(document);
    buf_free(&text);
    arena_release(&arena);
}

static void ranges_from_json(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        bool is_range;
        Range range;
    } cases[] = {
        {"{\"start\":{\"line\":0,\"character\":1},\"end\":{\"line\":0,\"character\":2}}",
         true,
         {1, 2}},
        {"{\"start\":{\"line\":0,\"character\":2},\"end\":{\"line\":0,\"character\":1}}",
         true,
         {1, 2}},
        {"{\"start\":{\"line\":-4,\"character\":-1},\"end\":{\"line\":9e99,\"character\":1}}",
         true,
         {0, 3}},
        {"{\"start\":{\"line\":\"0\",\"character\":1},\"end\":{\"line\":0,\"character\":2}}",
         false,
         {0}},
        {"{\"start\":{\"line\":0,\"character\":1}}", false, {0}},
        {"null", false, {0}},
        {"[]", false, {0}},
    };
    Arena arena = {0};
    Text *document = text_new(STR("abc"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = str_to_c(&arena, str_from(cases[i].json));
        cJSON *json = json_parse(text, (uint32_t)strlen(text));
        assert_non_null(json);
        PositionMapper mapper = position_mapper(document, ENCODING_UTF8, &arena);
        Range range = {0};
        assert_int_equal(position_range_from_json(&mapper, json, &range), cases[i].is_range);
        assert_int_equal(range.start, cases[i].range.start);
        assert_int_equal(range.end, cases[i].range.end);
        cJSON_Delete(json);
    }
    text_release(document);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_ways_in_both_encodings),
        cmocka_unit_test(a_very_long_line_agrees_with_counting),
        cmocka_unit_test(ranges_from_json),
    };
    return cmocka_run_group_tests_name("position", tests, NULL, NULL);
}
