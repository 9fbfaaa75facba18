#include "consult/mcp/messages.h"

#include <stdlib.h>

#include "base/json.h"
#include "unit/unit.h"

/* The lines of a text that comes in parts of that size, each with a bar behind it. */
static Str lines_in_parts(Arena *arena, Str text, uint32_t size)
{
    Lines lines = lines_new();
    Buf seen = buf_with_max(1 << 20);
    for (uint32_t at = 0; at < text.length; at += size) {
        Str line;
        lines_feed(&lines, str_slice(text, at, at + size));
        while (lines_next(&lines, &line) == LINE_WHOLE) {
            buf_add(&seen, line);
            buf_add_char(&seen, '|');
        }
    }
    buf_format(&seen, "rest:" STR_FMT, STR_ARG(lines_rest(&lines)));
    Str copy = str_copy(arena, buf_str(&seen));
    buf_free(&seen);
    lines_free(&lines);
    return copy;
}

static void lines_are_cut_anywhere(void **state)
{
    (void)state;
    Arena arena = {0};
    for (uint32_t size = 1; size < 20; size++)
        assert_str(lines_in_parts(&arena,
                                  STR("one\n\ntwo\r\n\r\ngr\xC3\xB6\xC3\x9F"
                                      "er\nlast"),
                                  size),
                   "one||two||gr\xC3\xB6\xC3\x9F"
                   "er|rest:last");
    arena_release(&arena);
}

/* A line of that many bytes, fed in parts; how the line behind it comes out. */
static void one_too_long(uint32_t length, uint32_t size, bool is_refused)
{
    Lines lines = lines_new();
    char *bytes = malloc(length + 6u);
    memset(bytes, 'x', length);
    memcpy(bytes + length, "\nnext\n", 6);
    Str all = str_of(bytes, length + 6u), line;
    uint32_t n_refused = 0, n_whole = 0;
    for (uint32_t at = 0; at < all.length; at += size) {
        lines_feed(&lines, str_slice(all, at, at + size));
        for (LineEvent event; (event = lines_next(&lines, &line)) != LINE_NONE;) {
            n_refused += event == LINE_TOO_LONG;
            n_whole += event == LINE_WHOLE;
            if (event == LINE_WHOLE && n_whole == (is_refused ? 1u : 2u))
                assert_str(line, "next");
        }
    }
    assert_int_equal(n_refused, is_refused);
    assert_int_equal(n_whole, is_refused ? 1 : 2);
    free(bytes);
    lines_free(&lines);
}

static void long_lines(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {65536, 1000003, 64 * 1024 * 1024};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        uint32_t size = sizes[i] < 20000000 ? sizes[i] : 20000000;
        one_too_long(MCP_MAX_MESSAGE_BYTES, size, false);
        one_too_long(MCP_MAX_MESSAGE_BYTES + 1, size, true);
        one_too_long(MCP_MAX_MESSAGE_BYTES * 2 + 12345, size, true);
    }
}

static cJSON *parsed(const char *text)
{
    return json_read(str_from(text));
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        MessageKind kind;
        bool answers_one;
    } cases[] = {
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", MESSAGE_RESULT, true},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"\"}}", MESSAGE_ERROR,
         true},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{}}", MESSAGE_ERROR, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}", MESSAGE_RESULT, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{}}", MESSAGE_RESULT, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"result\":{}}", MESSAGE_RESULT, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}", MESSAGE_INVALID, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1}", MESSAGE_INVALID, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", MESSAGE_REQUEST, false},
        {"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", MESSAGE_INVALID, false},
        {"{\"jsonrpc\":\"2.0\",\"method\":\"x\"}", MESSAGE_NOTIFICATION, false},
        {"{\"jsonrpc\":\"1.0\",\"method\":\"x\"}", MESSAGE_INVALID, false},
        {"{\"id\":1,\"result\":{}}", MESSAGE_INVALID, false},
        {"[]", MESSAGE_INVALID, false},
        {"7", MESSAGE_INVALID, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *tree = parsed(cases[i].text);
        assert_int_equal(message_kind(tree), cases[i].kind);
        assert_int_equal(message_answers(tree, 1), cases[i].answers_one);
        cJSON_Delete(tree);
    }
    assert_int_equal(message_kind(NULL), MESSAGE_INVALID);
}

static void writing(void **state)
{
    (void)state;
    Arena arena = {0};
    cJSON *id = cJSON_CreateString("a\nb"), *message = message_error(id, -32601, STR("no\n"), NULL);
    assert_str(message_text(&arena, message), "{\"jsonrpc\":\"2.0\",\"id\":\"a\\nb\",\"error\":{"
                                              "\"code\":-32601,\"message\":\"no\\n\"}}");
    cJSON_Delete(message);
    cJSON_Delete(id);
    message = message_request(7, "ping", NULL);
    assert_str(message_text(&arena, message),
               "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{}}");
    cJSON_Delete(message);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_cut_anywhere),
        cmocka_unit_test(long_lines),
        cmocka_unit_test(kinds),
        cmocka_unit_test(writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
