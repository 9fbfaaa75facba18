/* One question to a model, and a whole conversation: ended from outside at every step, and what is
 * done when a server fails. The right answers are in tests/consult/model.t. */
#include "consult/providers/ask.h"

#include <stdio.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "unit/canned_server.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define BEGINNING                                                                                  \
    "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{}}}\n\n"            \
    "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","    \
    "\"text\":\"\"}}\n\n"                                                                          \
    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\","      \
    "\"text\":\"Hello\"}}\n\n"
#define END                                                                                        \
    "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{}}\n\n" \
    "data: {\"type\":\"message_stop\"}\n\n"

typedef struct {
    Arena arena;
    CannedServer server;
    Http *http;
    Endpoint endpoint;
    Asker asker;
    Chat chat;
    Buf seen; /* texts, restarts and notes, in order */
    atomic_bool cancel;
    const char *cancel_at; /* cancelled when `seen` holds this */
} World;

static World world;

static void look(void)
{
    if (world.cancel_at && str_contains(buf_str(&world.seen), str_from(world.cancel_at)))
        atomic_store(&world.cancel, true);
}

static void on_text(void *context, Str text)
{
    (void)context;
    buf_add(&world.seen, text);
    look();
}

static void on_restart(void *context)
{
    (void)context;
    buf_add(&world.seen, STR("<restart>"));
    look();
}

static void on_note(void *context, Str note)
{
    (void)context;
    buf_format(&world.seen, "<" STR_FMT ">", STR_ARG(note));
    look();
}

static void begin(const CannedStep *const *answers, unsigned n)
{
    world = (World){.seen = buf_with_max(10000)};
    canned_start(&world.server, answers, n);
    world.http = http_new();
    world.endpoint = (Endpoint){.api = API_ANTHROPIC,
                                .url = canned_url(&world.server, &world.arena, "/v1/messages"),
                                .host = STR("host"),
                                .model = STR("m"),
                                .key = STR("THEKEY"),
                                .is_local = true};
    world.asker = (Asker){.http = world.http,
                          .endpoint = &world.endpoint,
                          .cancel = &world.cancel,
                          .on_text = on_text,
                          .on_restart = on_restart,
                          .on_note = on_note};
    world.chat = (Chat){.system = STR("s"), .max_output_tokens = 10};
    ChatMessage message = {0};
    VEC_PUSH(&world.arena, &message.blocks, ((Block){.kind = BLOCK_TEXT, .text = STR("q")}));
    VEC_PUSH(&world.arena, &world.chat.messages, message);
}

static void end(void)
{
    http_free(world.http);
    canned_stop(&world.server);
    buf_free(&world.seen);
    arena_release(&world.arena);
}

static bool ask_it(Reply *reply, Error *err)
{
    *err = (Error){0};
    return ask(&world.asker, &world.chat, &world.arena, reply, err);
}

static void an_answer(void **state)
{
    (void)state;
    Reply reply;
    Error err;
    begin(ANSWERS(STEPS(SAY(HEAD BEGINNING), SAY_AFTER(60, END))), 1);
    assert_true(ask_it(&reply, &err));
    assert_str(reply_text(&world.arena, &reply), "Hello");
    assert_str(buf_str(&world.seen), "Hello");
    end();
}

static void again_after_a_break(void **state)
{
    (void)state;
    Reply reply;
    Error err;
    begin(ANSWERS(STEPS(SAY(HEAD BEGINNING)), STEPS(SAY(HEAD BEGINNING END))), 2);
    assert_true(ask_it(&reply, &err));
    assert_str(reply_text(&world.arena, &reply), "Hello");
    assert_str(buf_str(&world.seen),
               "Hello<restart><host broke its answer off; trying again in 1 s>Hello");
    end();
}

/* Cancelled before it is sent, before the head, in the middle, in the pause before another try. */
static void cancelled_at_every_step(void **state)
{
    (void)state;
    static const CannedStep silent[] = {{.pause_ms = 60000, .bytes = "x"}, {0}};
    static const CannedStep slow_head[] = {
        {.bytes = "HTTP/1.1 200 OK\r\n"}, {.pause_ms = 60000, .bytes = "x"}, {0}};
    static const CannedStep slow_body[] = {
        {.bytes = HEAD BEGINNING}, {.pause_ms = 60000, .bytes = "x"}, {0}};
    static const CannedStep busy[] = {
        {.bytes = "HTTP/1.1 429 Slow\r\nRetry-After: 50\r\nContent-Length: 0\r\n\r\n"}, {0}};
    static const struct {
        const CannedStep *steps;
        const char *cancel_at; /* NULL: by another thread, after a moment; "": at once */
    } cases[] = {{slow_body, ""},      {silent, NULL},    {slow_head, NULL},
                 {slow_body, "Hello"}, {slow_body, NULL}, {busy, "trying again"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Reply reply;
        Error err;
        begin(ANSWERS(cases[i].steps), 1);
        world.cancel_at = cases[i].cancel_at;
        atomic_store(&world.cancel, cases[i].cancel_at && !cases[i].cancel_at[0]);
        pthread_t thread;
        bool has_thread = !cases[i].cancel_at;
        if (has_thread)
            assert_int_equal(pthread_create(&thread, NULL, canned_cancel_soon, &world.cancel), 0);
        uint64_t start = loop_now_ms();
        assert_false(ask_it(&reply, &err));
        assert_int_equal(err.code, ERR_CANCELLED);
        assert_true(loop_now_ms() - start < 1000);
        if (has_thread)
            pthread_join(thread, NULL);
        end();
    }
}

static void deadlines(void **state)
{
    (void)state;
    Reply reply;
    Error err;
    static const CannedStep slow_body[] = {
        {.bytes = HEAD BEGINNING}, {.pause_ms = 60000, .bytes = "x"}, {0}};
    begin(ANSWERS(slow_body), 1);
    world.asker.deadline_ms = loop_now_ms() + 200;
    uint64_t start = loop_now_ms();
    assert_false(ask_it(&reply, &err));
    assert_int_equal(err.code, ERR_FAILED);
    assert_true(loop_now_ms() - start < 1000);
    assert_int_equal(atomic_load(&world.server.n_connections), 1);
    end();
}

/* Whatever a server says: one line, without the key and what hides. */
static void errors_are_clean(void **state)
{
    (void)state;
    static const struct {
        const char *body, *text;
    } cases[] = {
        {"{\"error\":{\"message\":\"a\\nb\\u001b[31mc\"}}", "host refused the request (400): a bc"},
        {"{\"error\":{\"message\":\"your key THEKEY\"}}", "host refused the request (400)"},
        {"{\"error\":\"plain\"}", "host refused the request (400): plain"},
        {"{\"message\":\"m\"}", "host refused the request (400): m"},
        {"{\"error\":{\"message\":\"token=abcd1234\"}}",
         "host refused the request (400): token=[redacted]"},
        {"<html>", "host refused the request (400)"},
        {"", "host refused the request (400)"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Reply reply;
        Error err;
        char answer[500];
        snprintf(answer, sizeof answer, "HTTP/1.1 400 No\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(cases[i].body), cases[i].body);
        const CannedStep steps[] = {{.bytes = answer}, {0}};
        begin(ANSWERS(steps), 1);
        assert_false(ask_it(&reply, &err));
        assert_str(str_from(err.text), cases[i].text);
        end();
    }
}

/* ---- where it is asked ---- */

static void set_environment(const char *const *pairs)
{
    static const char *const names[] = {"ANTHROPIC_API_KEY",  "ANTHROPIC_AUTH_TOKEN",
                                        "ANTHROPIC_BASE_URL", "ANTHROPIC_MODEL",
                                        "OPENAI_API_KEY",     "OPENAI_BASE_URL",
                                        "OPENAI_MODEL",       "LINTEL_API_KEY_COMMAND"};
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    for (size_t i = 0; pairs[i]; i += 2)
        setenv(pairs[i], pairs[i + 1], 1);
}

static void endpoints(void **state)
{
    (void)state;
    static const struct {
        const char *provider, *base_url, *model, *agent_model;
        const char *environment[7];
        const char *seen; /* or a part of the error, after "!" */
    } cases[] = {
        {"anthropic",
         "",
         "",
         "",
         {"ANTHROPIC_API_KEY", "k"},
         "https://api.anthropic.com/v1/messages claude-sonnet-5-5 k own"},
        {"anthropic",
         "",
         "",
         "opus",
         {"ANTHROPIC_API_KEY", "k"},
         "https://api.anthropic.com/v1/messages claude-opus-5-5 k own"},
        {"anthropic",
         "",
         "",
         "inherit",
         {"ANTHROPIC_API_KEY", "k", "ANTHROPIC_MODEL", "haiku"},
         "https://api.anthropic.com/v1/messages claude-haiku-5-5 k own"},
        {"anthropic",
         "",
         "x-1",
         "opus",
         {"ANTHROPIC_AUTH_TOKEN", " t ", "ANTHROPIC_MODEL", "haiku"},
         "https://api.anthropic.com/v1/messages x-1 Bearer t own"},
        {"anthropic",
         "http://localhost:8080/",
         "m",
         "opus",
         {"ANTHROPIC_API_KEY", "k"},
         "http://localhost:8080/v1/messages m k local"},
        {"anthropic",
         "http://localhost:8080/v1",
         "m",
         "",
         {NULL},
         "http://localhost:8080/v1/messages m - local"},
        {"anthropic",
         "",
         "m",
         "",
         {"ANTHROPIC_BASE_URL", "https://gateway.example/a"},
         "https://gateway.example/a/v1/messages m -"},
        /* In clear text over a network no key is sent. */
        {"anthropic",
         "http://lan.example:1",
         "m",
         "",
         {"ANTHROPIC_API_KEY", "k"},
         "http://lan.example:1/v1/messages m -"},
        {"anthropic",
         "https://gateway.example",
         "",
         "opus",
         {"ANTHROPIC_API_KEY", "k"},
         "!no model is named"},
        {"anthropic", "", "", "", {NULL}, "!no key for api.anthropic.com"},
        {"anthropic", "", "", "", {"ANTHROPIC_API_KEY", "a\nb"}, "!not one word"},
        {"anthropic",
         "",
         "",
         "",
         {"LINTEL_API_KEY_COMMAND", "echo ' c '"},
         "https://api.anthropic.com/v1/messages claude-sonnet-5-5 c own"},
        {"anthropic",
         "",
         "",
         "",
         {"LINTEL_API_KEY_COMMAND", "echo secret; exit 4"},
         "!exit status 4"},
        {"anthropic", "ftp://x", "m", "", {NULL}, "!not the base URL"},
        {"anthropic", "https://u:p@x", "m", "", {NULL}, "!not the base URL"},
        {"anthropic", "https://x/?q", "m", "", {NULL}, "!not the base URL"},
        {"openai",
         "",
         "gpt-5.6",
         "opus",
         {"OPENAI_API_KEY", "k"},
         "https://api.openai.com/v1/chat/completions gpt-5.6 Bearer k own"},
        {"openai", "", "", "opus", {"OPENAI_API_KEY", "k"}, "!no model is named"},
        {"openai",
         "",
         "",
         "",
         {"OPENAI_BASE_URL", "http://127.0.0.1:11434/v1", "OPENAI_MODEL", "qwen"},
         "http://127.0.0.1:11434/v1/chat/completions qwen - local"},
        {"mystery", "", "m", "", {NULL}, "!no provider mystery"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Error err = {0};
        Endpoint found;
        set_environment(cases[i].environment);
        EndpointWish wish = {.provider = str_from(cases[i].provider),
                             .base_url = str_from(cases[i].base_url),
                             .model = str_from(cases[i].model),
                             .agent_model = str_from(cases[i].agent_model)};
        if (!endpoint_find(&arena, &wish, &found, &err) ||
            !endpoint_unlock(&arena, &found, NULL, &err)) {
            if (cases[i].seen[0] != '!' ||
                !str_contains(str_from(err.text), str_from(cases[i].seen + 1)))
                fail_msg("case %zu: %s", i, err.text);
            assert_false(str_contains(str_from(err.text), STR("secret")));
        } else {
            Str seen = str_format(&arena, STR_FMT " " STR_FMT " %s" STR_FMT "%s%s",
                                  STR_ARG(found.url), STR_ARG(found.model),
                                  !str_is_empty(found.key) && found.key_is_bearer ? "Bearer " : "",
                                  STR_ARG(str_is_empty(found.key) ? STR("-") : found.key),
                                  found.is_own_cloud ? " own" : "", found.is_local ? " local" : "");
            assert_str(seen, cases[i].seen);
            Str key = found.key;
            endpoint_wipe(&found);
            for (uint32_t k = 0; k < key.length; k++)
                assert_int_equal(key.data[k], 0);
        }
        arena_release(&arena);
    }
    const char *const none[] = {NULL};
    set_environment(none);
}

/* A server that a file of the project names gets no key, and has to be asked about; what the user
 * names comes first. */
static void a_project_names_a_server(void **state)
{
    (void)state;
    static const struct {
        const char *url, *own_url, *environment[5], *key_command;
        const char *seen;
    } cases[] = {
        {"https://team.example", "", {"ANTHROPIC_API_KEY", "k"}, "echo c", "team.example foreign"},
        {"http://127.0.0.1:80", "", {"ANTHROPIC_API_KEY", "k"}, "echo c", "127.0.0.1:80 foreign"},
        {"https://api.anthropic.com.evil.example",
         "",
         {"ANTHROPIC_API_KEY", "k"},
         "",
         "api.anthropic.com.evil.example foreign"},
        {"http://api.anthropic.com",
         "",
         {"ANTHROPIC_API_KEY", "k"},
         "",
         "api.anthropic.com foreign"},
        {"https://api.anthropic.com", "", {"ANTHROPIC_API_KEY", "k"}, "", "api.anthropic.com k"},
        {"https://team.example",
         "https://mine.example",
         {"ANTHROPIC_API_KEY", "k"},
         "",
         "mine.example k"},
        {"https://team.example",
         "",
         {"ANTHROPIC_API_KEY", "k", "ANTHROPIC_BASE_URL", "https://mine.example"},
         "",
         "mine.example k"},
        {"", "", {NULL}, "echo c", "api.anthropic.com c"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Error err = {0};
        Endpoint found;
        set_environment(cases[i].environment);
        EndpointWish wish = {.provider = STR("anthropic"),
                             .base_url = str_from(cases[i].own_url),
                             .project_url = str_from(cases[i].url),
                             .model = STR("m"),
                             .key_command = str_from(cases[i].key_command)};
        assert_true(endpoint_find(&arena, &wish, &found, &err));
        assert_true(endpoint_unlock(&arena, &found, NULL, &err));
        Str seen = str_format(&arena, STR_FMT "%s%s" STR_FMT, STR_ARG(found.host),
                              found.is_foreign ? " foreign" : "",
                              str_is_empty(found.key) ? "" : " ", STR_ARG(found.key));
        assert_str(seen, cases[i].seen);
        arena_release(&arena);
    }
    const char *const none[] = {NULL};
    set_environment(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer),
        cmocka_unit_test(again_after_a_break),
        cmocka_unit_test(cancelled_at_every_step),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(errors_are_clean),
        cmocka_unit_test(endpoints),
        cmocka_unit_test(a_project_names_a_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
