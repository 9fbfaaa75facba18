#include "lsp/framing.h"
#include "unit/unit.h"

/* What comes out of the bytes when they come in pieces of `piece`: bodies, '!' for a bad header,
 * '^' for too large; '|' behind each. */
static Str frames(Arena *out, Str input, uint32_t piece)
{
    Framing framing = framing_new();
    Buf seen = buf_with_max(100000);
    for (uint32_t at = 0; at < input.length; at += piece) {
        framing_feed(&framing, str_slice(input, at, at + piece));
        FrameBody body;
        for (Frame frame; (frame = framing_next(&framing, &body)) != FRAME_NONE;) {
            if (frame == FRAME_MESSAGE)
                buf_add(&seen, str_of(body.data, body.length));
            else
                buf_add_char(&seen, frame == FRAME_BAD_HEADER ? '!' : '^');
            buf_add_char(&seen, '|');
        }
    }
    framing_free(&framing);
    Str copy = str_copy(out, buf_str(&seen));
    buf_free(&seen);
    return copy;
}

static void messages_in_pieces_of_any_size(void **state)
{
    (void)state;
    static const struct {
        const char *input, *expected;
    } cases[] = {
        {"Content-Length: 2\r\n\r\n{}", "{}|"},
        {"Content-Length: 2\r\n\r\n{}Content-Length: 1\r\n\r\n7", "{}|7|"},
        {"content-length:2\n\n{}", "{}|"},
        {"CONTENT-LENGTH:   2  \r\n\r\n{}", "{}|"},
        {"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
         "{}|"},
        {"Content-Length: 2\r\nX-Other: 9\r\n\r\n{}", "{}|"},
        {"Content-Length: 0\r\n\r\nContent-Length: 2\r\n\r\n{}", "|{}|"},
        {"X: 1\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        {"Content-Length: -2\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        {"Content-Length: 2x\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        {"Content-Length: 99999999999999999999\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        {"Content-Length:\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        /* a body longer than it said: the next header is found behind the rest */
        {"Content-Length: 2\r\n\r\n{}rubbishContent-Length: 3\r\n\r\n[1]", "{}|[1]|"},
        {"\r\n\r\n\r\nContent-Length: 2\r\n\r\n{}", "!|{}|"},
        {"Content-Length: 5\r\n\r\n{}", ""},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str input = str_from(cases[i].input);
        for (uint32_t piece = 1; piece <= input.length; piece++)
            assert_str(frames(&arena, input, piece), cases[i].expected);
    }
    arena_release(&arena);
}

static void a_header_ends_within_its_limit(void **state)
{
    (void)state;
    Arena arena = {0};
    /* just below the limit: a header of one long line */
    Str tail = STR("\r\nContent-Length: 2\r\n\r\n");
    uint32_t padding = FRAMING_MAX_HEADER_BYTES - tail.length;
    for (uint32_t more = 0; more <= 1; more++) {
        Buf input = buf_with_max(1000000);
        for (uint32_t i = 0; i < padding + more; i++)
            buf_add_char(&input, 'x');
        buf_add(&input, tail);
        buf_add(&input, STR("{}"));
        /* one byte above it the front is dropped, and the header found in what is left */
        assert_str(frames(&arena, buf_str(&input), 1000), more ? "!|{}|" : "{}|");
        buf_free(&input);
    }
    arena_release(&arena);
}

/* Where rubbish is cut does not depend on how the bytes come. */
static void a_header_behind_much_rubbish_is_found(void **state)
{
    (void)state;
    static const uint32_t pieces[] = {1, 63, 64, 1000, 8192, 100000};
    Arena arena = {0};
    for (uint32_t length = 20000; length < 20080; length += 7) {
        Buf input = buf_with_max(1000000);
        for (uint32_t i = 0; i < length; i++)
            buf_add_char(&input, 'x');
        buf_add(&input, STR("Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n[1]"));
        for (size_t i = 0; i < COUNT(pieces); i++)
            assert_str(frames(&arena, buf_str(&input), pieces[i]), "!|!|{}|[1]|");
        buf_free(&input);
    }
    arena_release(&arena);
}

static void a_message_that_is_too_large_is_skipped(void **state)
{
    (void)state;
    Framing framing = framing_new();
    Arena arena = {0};
    Str header =
        str_format(&arena, "Content-Length: %u\r\n\r\n", (unsigned)FRAMING_MAX_BODY_BYTES + 1);
    framing_feed(&framing, header);
    FrameBody body;
    assert_int_equal(framing_next(&framing, &body), FRAME_TOO_LARGE);
    enum { PIECE = 1024 * 1024 };
    char *bytes = arena_alloc(&arena, PIECE);
    memset(bytes, 'x', PIECE);
    for (unsigned i = 0; i < FRAMING_MAX_BODY_BYTES / PIECE; i++) {
        framing_feed(&framing, str_of(bytes, PIECE));
        assert_int_equal(framing_next(&framing, &body), FRAME_NONE);
    }
    framing_feed(&framing, STR("xContent-Length: 2\r\n\r\n{}"));
    assert_int_equal(framing_next(&framing, &body), FRAME_MESSAGE);
    assert_str(str_of(body.data, body.length), "{}");
    assert_true(framing.waiting.capacity < 4 * PIECE);
    framing_free(&framing);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_in_pieces_of_any_size),
        cmocka_unit_test(a_header_ends_within_its_limit),
        cmocka_unit_test(a_header_behind_much_rubbish_is_found),
        cmocka_unit_test(a_message_that_is_too_large_is_skipped),
    };
    return cmocka_run_group_tests_name("framing", tests, NULL, NULL);
}
