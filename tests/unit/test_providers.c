/* Streams of both APIs, cut at every byte: tests/consult/streams/ has each with what must come of
 * it. And what is sent, and when something is sent again. */
#include "consult/providers/provider.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "consult/files.h"
#include "consult/providers/retry.h"
#include "unit/unit.h"

/* ---- streams ---- */

typedef struct {
    const Provider *provider;
    Assembly assembly;
} Stream;

static bool take_event(void *context, const SseEvent *event)
{
    Stream *stream = context;
    stream->provider->take(&stream->assembly, event);
    return stream->assembly.fault == FAULT_NONE && !stream->assembly.is_over;
}

static void show_text(void *context, Str text)
{
    buf_add(context, text);
}

static void show_block(Buf *out, const Block *block)
{
    switch (block->kind) {
    case BLOCK_TEXT:
        buf_format(out, "text " STR_FMT "\n", STR_ARG(block->text));
        break;
    case BLOCK_TOOL_CALL:
        buf_format(out, "call " STR_FMT " " STR_FMT " " STR_FMT "%s\n", STR_ARG(block->id),
                   STR_ARG(block->name), STR_ARG(block->input),
                   block->is_broken ? " (broken)" : "");
        break;
    case BLOCK_OPAQUE:
        buf_format(out, "opaque " STR_FMT "\n", STR_ARG(block->text));
        break;
    case BLOCK_TOOL_RESULT:
        fail();
    }
}

static void show_reply(Buf *out, Assembly *assembly, const Reply *reply)
{
    static const char *const stops[] = {"end", "tools", "truncated", "window", "paused", "refused"};
    static const char *const faults[] = {"none", "temporary", "final"};
    buf_format(out, "stop %s%s%s\n", stops[reply->stop],
               assembly->has_stop ? "" : ", which was not said",
               assembly->is_over ? "" : ", not over");
    buf_format(out, "model " STR_FMT "\n", STR_ARG(reply->model));
    if (!str_is_empty(reply->explanation))
        buf_format(out, "because " STR_FMT "\n", STR_ARG(reply->explanation));
    buf_format(out, "tokens %u in, %u cached, %u written, %u out; %u searches\n",
               (unsigned)reply->usage.input_tokens, (unsigned)reply->usage.cached_tokens,
               (unsigned)reply->usage.cache_written_tokens, (unsigned)reply->usage.output_tokens,
               reply->usage.n_searches);
    for (uint32_t i = 0; i < reply->blocks.n; i++)
        show_block(out, &reply->blocks.items[i]);
    if (assembly->fault != FAULT_NONE)
        buf_format(out, "fault %s: " STR_FMT "\n", faults[assembly->fault],
                   STR_ARG(assembly->problem));
}

/* The reply as text, when the stream comes in parts of `first`, then `size` bytes each. */
static Str reply_of(Arena *out, const Provider *provider, Str bytes, uint32_t first, uint32_t size)
{
    Buf shown = buf_with_max(1 << 20), text = buf_with_max(1 << 20);
    Stream stream = {.provider = provider, .assembly = {.on_text = show_text, .context = &text}};
    Sse sse = sse_new();
    Arena arena = {0};
    for (uint32_t at = 0; at < bytes.length;) {
        uint32_t end = at == 0 ? first : at + size;
        Str part = str_slice(bytes, at, end);
        /* A copy of that size, so that a read past its end is seen. */
        char *copy = malloc(part.length ? part.length : 1);
        assert_non_null(copy);
        memcpy(copy, part.data, part.length);
        bool goes_on = sse_push(&sse, str_of(copy, part.length), take_event, &stream);
        free(copy);
        if (!goes_on)
            break;
        at += part.length;
        if (at == 0) /* an empty first part */
            first = size;
    }
    Reply reply = assembly_reply(&stream.assembly, &arena);
    show_reply(&shown, &stream.assembly, &reply);
    assert_true(str_equal(reply_text(&arena, &reply), buf_str(&text)));
    Str result = str_copy(out, buf_str(&shown));
    sse_free(&sse);
    assembly_free(&stream.assembly);
    arena_release(&arena);
    buf_free(&shown);
    buf_free(&text);
    return result;
}

static void compare(const char *name, uint32_t first, uint32_t size, Str actual, Str expected)
{
    if (!str_equal(actual, expected))
        fail_msg("%s, cut at %u, then every %u:\n" STR_FMT "but expected\n" STR_FMT, name, first,
                 size, STR_ARG(actual), STR_ARG(expected));
}

static void check_stream(const char *name)
{
    Arena arena = {0};
    Error err = {0};
    Str bytes = {0}, expected = {0};
    Str path = str_format(&arena, "tests/consult/streams/%s", name);
    Str reply_path =
        str_format(&arena, STR_FMT ".reply", STR_ARG(str_slice(path, 0, path.length - 4)));
    const Provider *provider = name[0] == 'a' ? &provider_anthropic : &provider_openai;
    assert_true(file_read(&arena, path, 1 << 20, &bytes, &err));
    if (!file_read(&arena, reply_path, 1 << 20, &expected, &err))
        print_error("%s\n", err.text);
    compare(name, bytes.length, 1, reply_of(&arena, provider, bytes, bytes.length, 1), expected);
    compare(name, 1, 1, reply_of(&arena, provider, bytes, 1, 1), expected);
    for (uint32_t cut = 0; cut <= bytes.length; cut++) {
        Arena scratch = {0};
        compare(name, cut, bytes.length, reply_of(&scratch, provider, bytes, cut, bytes.length),
                expected);
        arena_release(&scratch);
    }
    /* Cut off anywhere, it is not over, and nothing that was not there has come. */
    for (uint32_t end = 0; end < bytes.length; end += 7) {
        Arena scratch = {0};
        reply_of(&scratch, provider, str_slice(bytes, 0, end), end, 1);
        arena_release(&scratch);
    }
    arena_release(&arena);
}

static void streams(void **state)
{
    (void)state;
    DIR *folder = opendir("tests/consult/streams");
    assert_non_null(folder);
    unsigned n = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (str_ends_with(str_from(entry->d_name), STR(".sse"))) {
            check_stream(entry->d_name);
            n++;
        }
    closedir(folder);
    assert_true(n >= 18);
}

/* The same events with each kind of line end, and a byte order mark. */
static void line_ends(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    Arena arena = {0};
    Error err = {0};
    Str bytes = {0}, expected = {0};
    assert_true(file_read(&arena, STR("tests/consult/streams/anthropic-parallel.sse"), 1 << 20,
                          &bytes, &err));
    assert_true(file_read(&arena, STR("tests/consult/streams/anthropic-parallel.reply"), 1 << 20,
                          &expected, &err));
    for (size_t i = 0; i < COUNT(ends); i++) {
        Buf changed = buf_with_max(1 << 20);
        buf_add(&changed, STR("\xEF\xBB\xBF"));
        for (uint32_t at = 0; at < bytes.length; at++) {
            if (bytes.data[at] == '\n')
                buf_add(&changed, str_from(ends[i]));
            else
                buf_add_char(&changed, bytes.data[at]);
        }
        for (uint32_t cut = 0; cut <= changed.length; cut += 11)
            compare(ends[i], cut, 3,
                    reply_of(&arena, &provider_anthropic, buf_str(&changed), cut, 3), expected);
        buf_free(&changed);
    }
    arena_release(&arena);
}

/* ---- the format of events by itself ---- */

static bool show_event(void *context, const SseEvent *event)
{
    buf_format(context, "[" STR_FMT "|" STR_FMT "|" STR_FMT "]", STR_ARG(event->name),
               STR_ARG(event->data), STR_ARG(event->id));
    return !str_equal(event->data, STR("stop"));
}

static void events(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *seen;
    } cases[] = {
        {"data: a\n\n", "[|a|]"},
        {"data:a\ndata:  b\ndata\ndata:\n\n", "[|a\n b\n\n|]"},
        {"event: e\ndata: a\n\ndata: b\n\n", "[e|a|][|b|]"},
        {"event: e\n\ndata: a\n\n", "[|a|]"}, /* no data: no event, and its name is gone */
        {"id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", "[|a|7][|b|7][|c|]"},
        {": comment\n:\ndata: a\n\n", "[|a|]"},
        {"data: a", ""},
        {"data: a\n", ""},
        {"\n\n\ndata: a\r\r\n", "[|a|]"},
        {"data\n\n", "[||]"},
        {"unknown: x\nDATA: x\n data: x\ndata: a\n\n", "[|a|]"},
        {"data: stop\n\ndata: more\n\n", "[|stop|]"},
        {"retry: 250\nretry: x\ndata: a\n\n", "[|a|]"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str bytes = str_from(cases[i].bytes);
        for (uint32_t cut = 0; cut <= bytes.length; cut++) {
            Buf seen = buf_with_max(1000);
            Sse sse = sse_new();
            if (sse_push(&sse, str_slice(bytes, 0, cut), show_event, &seen))
                sse_push(&sse, str_slice(bytes, cut, bytes.length), show_event, &seen);
            else
                assert_false(
                    sse_push(&sse, str_slice(bytes, cut, bytes.length), show_event, &seen));
            assert_str(buf_str(&seen), cases[i].seen);
            assert_int_equal(sse.retry_ms, str_starts_with(bytes, STR("retry")) ? 250 : 0);
            sse_free(&sse);
            buf_free(&seen);
        }
    }
}

static void an_event_that_is_too_large(void **state)
{
    (void)state;
    enum { PART = 1024 * 1024 };
    Arena arena = {0};
    char *part = arena_alloc_raw(&arena, PART);
    memset(part, 'x', PART);
    for (int has_lines = 0; has_lines < 2; has_lines++) {
        Buf seen = buf_with_max(1000);
        Sse sse = sse_new();
        bool goes_on = true;
        int n_parts = 0;
        for (; goes_on && n_parts < 20; n_parts++) {
            goes_on = sse_push(&sse, STR("data:"), show_event, &seen) &&
                      sse_push(&sse, str_of(part, PART), show_event, &seen) &&
                      (!has_lines || sse_push(&sse, STR("\n"), show_event, &seen));
        }
        assert_int_equal(n_parts, SSE_MAX_EVENT_BYTES / PART);
        assert_false(sse_push(&sse, STR("\n\ndata: a\n\n"), show_event, &seen));
        assert_str(buf_str(&seen), "");
        sse_free(&sse);
        buf_free(&seen);
    }
    arena_release(&arena);
}

/* ---- what is sent ---- */

static void push_block(Arena *arena, ChatMessage *message, Block block)
{
    VEC_PUSH(arena, &message->blocks, block);
}

/* A conversation with everything in it. */
static Chat sample_chat(Arena *arena)
{
    Chat chat = {.system = STR("Be \"good\""), .max_output_tokens = 500, .max_searches = 8};
    VEC_PUSH(arena, &chat.tools,
             ((ToolSpec){.name = STR("Read"),
                         .description = STR("Reads"),
                         .schema = STR("{\"type\":\"object\"}")}));
    ChatMessage ours = {0}, model = {.is_model = true}, results = {0};
    push_block(arena, &ours, (Block){.kind = BLOCK_TEXT, .text = STR("Look\xFF")});
    push_block(arena, &model,
               (Block){.kind = BLOCK_OPAQUE, .text = STR("{\"type\":\"thinking\"}")});
    push_block(arena, &model, (Block){.kind = BLOCK_TEXT, .text = STR("I see")});
    push_block(arena, &model, (Block){.kind = BLOCK_TEXT, .text = STR("")});
    push_block(arena, &model,
               (Block){.kind = BLOCK_TOOL_CALL,
                       .id = STR("t1"),
                       .name = STR("Read"),
                       .input = STR("{\"file_path\":\"a\"}")});
    push_block(arena, &model,
               (Block){.kind = BLOCK_TOOL_CALL,
                       .id = STR("t2"),
                       .name = STR("Read"),
                       .input = STR("{\"file"),
                       .is_broken = true});
    push_block(arena, &results, (Block){.kind = BLOCK_TEXT, .text = STR("Go on")});
    push_block(arena, &results,
               (Block){.kind = BLOCK_TOOL_RESULT, .id = STR("t1"), .text = STR("1 x")});
    push_block(
        arena, &results,
        (Block){.kind = BLOCK_TOOL_RESULT, .id = STR("t2"), .text = STR("no"), .is_error = true});
    VEC_PUSH(arena, &chat.messages, ours);
    VEC_PUSH(arena, &chat.messages, model);
    VEC_PUSH(arena, &chat.messages, results);
    return chat;
}

static void sent(const Endpoint *endpoint, BodyOptions options, const char *expected)
{
    Arena arena = {0};
    Chat chat = sample_chat(&arena);
    Buf body = buf_with_max(1 << 20);
    provider_of(endpoint)->body(&body, endpoint, &chat, options);
    assert_str(buf_str(&body), expected);
    buf_free(&body);
    arena_release(&arena);
}

#define ANTHROPIC_MESSAGES                                                                         \
    "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"                   \
    "\"Look\xEF\xBF\xBD\"}]},"                                                                     \
    "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\"},"                                \
    "{\"type\":\"text\",\"text\":\"I see\"},"                                                      \
    "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"Read\",\"input\":{\"file_path\":\"a\"}},"     \
    "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"Read\",\"input\":{}}]},"                      \
    "{\"role\":\"user\",\"content\":["                                                             \
    "{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"1 x\"},"                       \
    "{\"type\":\"tool_result\",\"tool_use_id\":\"t2\",\"content\":\"no\",\"is_error\":true},"      \
    "{\"type\":\"text\",\"text\":\"Go on\"}]}]"
#define ANTHROPIC_TOOL                                                                             \
    "{\"name\":\"Read\",\"description\":\"Reads\",\"input_schema\":{\"type\":\"object\"}}"

static void bodies(void **state)
{
    (void)state;
    sent(&(Endpoint){.api = API_ANTHROPIC, .model = STR("m"), .is_own_cloud = true},
         (BodyOptions){0},
         "{\"model\":\"m\",\"max_tokens\":500,\"stream\":true,\"system\":[{\"type\":\"text\","
         "\"text\":\"Be "
         "\\\"good\\\"\",\"cache_control\":{\"type\":\"ephemeral\"}}]," ANTHROPIC_MESSAGES
         ",\"tools\":[" ANTHROPIC_TOOL ",{\"type\":\"web_search_20250305\",\"name\":\"web_search\","
         "\"max_uses\":8}],\"cache_control\":{\"type\":\"ephemeral\"}}");
    sent(&(Endpoint){.api = API_ANTHROPIC, .model = STR("m")},
         (BodyOptions){.no_cache_marks = true},
         "{\"model\":\"m\",\"max_tokens\":500,\"stream\":true,\"system\":[{\"type\":\"text\","
         "\"text\":\"Be \\\"good\\\"\"}]," ANTHROPIC_MESSAGES ",\"tools\":[" ANTHROPIC_TOOL "]}");
    sent(
        &(Endpoint){.api = API_OPENAI, .model = STR("m")}, (BodyOptions){0},
        "{\"model\":\"m\",\"max_tokens\":500,\"stream\":true,\"stream_options\":{\"include_usage\":"
        "true},\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"good\\\"\"},"
        "{\"role\":\"user\",\"content\":\"Look\xEF\xBF\xBD\"},"
        "{\"role\":\"assistant\",\"content\":\"I see\",\"tool_calls\":["
        "{\"id\":\"t1\",\"type\":\"function\",\"function\":{\"name\":\"Read\",\"arguments\":"
        "\"{\\\"file_path\\\":\\\"a\\\"}\"}},"
        "{\"id\":\"t2\",\"type\":\"function\",\"function\":{\"name\":\"Read\",\"arguments\":\"{}\"}"
        "}]},"
        "{\"role\":\"tool\",\"content\":\"1 x\",\"tool_call_id\":\"t1\"},"
        "{\"role\":\"tool\",\"content\":\"Error: no\",\"tool_call_id\":\"t2\"},"
        "{\"role\":\"user\",\"content\":\"Go on\"}],"
        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"Read\",\"description\":"
        "\"Reads\","
        "\"parameters\":{\"type\":\"object\"}}}]}");
}

static void heads(void **state)
{
    (void)state;
    static const struct {
        Endpoint endpoint;
        const char *seen;
    } cases[] = {
        {{.api = API_ANTHROPIC, .is_own_cloud = true, .key = STR_INIT("k")},
         "anthropic-version=2026-10-21 x-api-key=k "},
        {{.api = API_ANTHROPIC, .key_is_bearer = true, .key = STR_INIT("k")},
         "anthropic-version=2023-06-01 authorization=Bearer k "},
        {{.api = API_ANTHROPIC}, "anthropic-version=2023-06-01 "},
        {{.api = API_OPENAI, .key_is_bearer = true, .key = STR_INIT("k")},
         "authorization=Bearer k "},
        {{.api = API_OPENAI}, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        HttpHeaderVec headers = {0};
        Buf seen = buf_with_max(1000);
        provider_of(&cases[i].endpoint)->headers(&arena, &cases[i].endpoint, &headers);
        for (uint32_t h = 0; h < headers.n; h++)
            buf_format(&seen, STR_FMT "=" STR_FMT " ", STR_ARG(headers.items[h].name),
                       STR_ARG(headers.items[h].value));
        assert_str(buf_str(&seen), cases[i].seen);
        buf_free(&seen);
        arena_release(&arena);
    }
}

/* ---- again ---- */

static HttpHeaderVec one_header(Arena *arena, const char *name, const char *value)
{
    HttpHeaderVec headers = {0};
    VEC_PUSH(arena, &headers, ((HttpHeader){.name = str_from(name), .value = str_from(value)}));
    return headers;
}

static void retries(void **state)
{
    (void)state;
    Arena arena = {0};
    HttpHeaderVec none = {0}, yes = one_header(&arena, "x-should-retry", "true"),
                  no = one_header(&arena, "x-should-retry", "false");
    static const int again[] = {408, 409, 429, 500, 502, 503, 504, 529};
    static const int final[] = {400, 401, 402, 403, 404, 413, 422};
    for (size_t i = 0; i < COUNT(again); i++) {
        assert_true(retry_is_worth_it(again[i], &none));
        assert_false(retry_is_worth_it(again[i], &no));
    }
    for (size_t i = 0; i < COUNT(final); i++) {
        assert_false(retry_is_worth_it(final[i], &none));
        assert_true(retry_is_worth_it(final[i], &yes));
    }
    static const struct {
        const char *name, *value;
        unsigned n_tries;
        uint32_t least, most;
    } delays[] = {
        {"x", "", 1, 376, 500},
        {"x", "", 2, 751, 1000},
        {"x", "", 9, 6001, 8000},
        {"retry-after", "3", 1, 3000, 3000},
        {"retry-after", "3.7", 1, 3000, 3000},
        {"retry-after", "0", 1, 376, 500},
        {"retry-after", "-4", 1, 376, 500},
        {"retry-after", "soon", 1, 376, 500},
        {"retry-after", "999999999", 1, UINT32_MAX, UINT32_MAX},
        {"retry-after", "99999999999999999999", 1, 376, 500},
        {"retry-after-ms", "1250", 1, 1250, 1250},
        {"retry-after", "Sun, 06 Nov 1994 08:49:57 GMT", 1, 20000, 20000},
        {"retry-after", "Sun, 06 Nov 1994 08:49:17 GMT", 1, 376, 500}, /* it is past */
    };
    for (size_t i = 0; i < COUNT(delays); i++)
        for (unsigned chance = 0; chance < 1000; chance += 37) {
            HttpHeaderVec headers = one_header(&arena, delays[i].name, delays[i].value);
            uint32_t ms = retry_delay_ms(&headers, delays[i].n_tries, chance, 784111777);
            if (ms < delays[i].least || ms > delays[i].most)
                fail_msg("case %zu: %u ms", i, ms);
        }
    assert_int_equal(retry_http_date(STR("Sun, 06 Nov 1994 08:49:37 GMT")), 784111777);
    assert_int_equal(retry_http_date(STR("Thu, 01 Jan 1970 00:00:00 GMT")), 0);
    assert_int_equal(retry_http_date(STR("Tue, 29 Feb 2028 23:59:59 GMT")), 1835481599);
    assert_int_equal(retry_http_date(STR("Tue, 29 Foo 2028 23:59:59 GMT")), -1);
    assert_int_equal(retry_http_date(STR("Tue, 29 Feb 2028 23:59:59 CET")), -1);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams), cmocka_unit_test(line_ends),
        cmocka_unit_test(events),  cmocka_unit_test(an_event_that_is_too_large),
        cmocka_unit_test(bodies),  cmocka_unit_test(heads),
        cmocka_unit_test(retries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
