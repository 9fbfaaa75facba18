/* HTTP: what comes back, each way it can end, and what a guarded request refuses. */
#include "loop/http.h"

#include "loop/loop.h"
#include "unit/canned_server.h"

typedef struct {
    Buf body;
    int status;
    unsigned n_calls, stop_after;
    atomic_bool cancel;
    bool cancels; /* at the first bytes */
} Taken;

static bool take(void *context, int status, Str bytes)
{
    Taken *taken = context;
    taken->status = status;
    buf_add(&taken->body, bytes);
    taken->n_calls++;
    if (taken->cancels)
        atomic_store(&taken->cancel, true);
    return taken->stop_after == 0 || taken->n_calls < taken->stop_after;
}

typedef struct {
    Arena arena;
    CannedServer server;
    Http *http;
    Taken taken;
    HttpRequest request;
} World;

static World world;

static World *world_new(const CannedStep *const *answers, unsigned n_answers)
{
    world = (World){.taken.body = buf_with_max(1 << 24)};
    canned_start(&world.server, answers, n_answers);
    world.http = http_new();
    world.request = (HttpRequest){.url = canned_url(&world.server, &world.arena, "/x"),
                                  .on_body = take,
                                  .context = &world.taken,
                                  .cancel = &world.taken.cancel};
    return &world;
}

static void world_free(void)
{
    http_free(world.http);
    canned_stop(&world.server);
    buf_free(&world.taken.body);
    arena_release(&world.arena);
}

static HttpResult send_it(void)
{
    return http_send(world.http, &world.request, &world.arena);
}

static void an_answer(void **state)
{
    (void)state;
    world_new(ANSWERS(STEPS(SAY("HTTP/1.1 418 Teapot\r\nX-One: 1 \r\ncontent-TYPE: text/plain\r\n"
                                "Content-Length: 5\r\n\r\nhello"))),
              1);
    VEC_PUSH(&world.arena, &world.request.headers,
             ((HttpHeader){.name = STR("x-key"), .value = STR("secret")}));
    world.request.body = STR("{\"a\":1}");
    HttpResult result = send_it();
    assert_int_equal(result.end, HTTP_ANSWERED);
    assert_int_equal(result.status, 418);
    assert_true(str_is_absent(result.problem));
    assert_str(http_header(&result.headers, "x-one"), "1");
    assert_str(http_header(&result.headers, "content-type"), "text/plain");
    assert_true(str_is_absent(http_header(&result.headers, "x-two")));
    assert_str(buf_str(&world.taken.body), "hello");
    assert_int_equal(world.taken.status, 418);
    Str request = canned_received(&world.server, &world.arena);
    assert_true(str_starts_with(request, STR("POST /x HTTP/1.1\r\n")));
    assert_true(str_contains(request, STR("x-key: secret\r\n")));
    assert_true(str_ends_with(request, STR("\r\n\r\n{\"a\":1}")));
    world_free();
}

static void a_stream(void **state)
{
    (void)state;
    world_new(
        ANSWERS(STEPS(SAY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
                      SAY_AFTER(60, "2\r\nde\r\n"), SAY_AFTER(60, "0\r\n\r\n"))),
        1);
    HttpResult result = send_it();
    assert_int_equal(result.end, HTTP_ANSWERED);
    assert_str(buf_str(&world.taken.body), "abcde");
    assert_true(world.taken.n_calls >= 2); /* as it came, not at the end */
    world_free();
}

/* A redirect is an answer like another. */
static void redirects_are_not_followed(void **state)
{
    (void)state;
    world_new(
        ANSWERS(STEPS(SAY("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"))), 1);
    HttpResult result = send_it();
    assert_int_equal(result.end, HTTP_ANSWERED);
    assert_int_equal(result.status, 302);
    assert_str(http_header(&result.headers, "location"), "/y");
    assert_int_equal(atomic_load(&world.server.n_connections), 1);
    world_free();
}

typedef struct {
    const CannedStep *steps;
    HttpEnd end;
    int status;
    const char *problem; /* a part of it */
} EndCase;

static void ends(void **state)
{
    (void)state;
    const EndCase cases[] = {
        {STEPS(CLOSE_AFTER(1)), HTTP_UNREACHABLE, 0, "127.0.0.1: "},
        {STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc")), HTTP_BROKEN, 200,
         "127.0.0.1: "},
        {STEPS(SAY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")),
         HTTP_BROKEN, 200, "127.0.0.1: "},
        {STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc"), SAY_AFTER(900, "def")),
         HTTP_TOO_SLOW, 200, "nothing came"},
        {STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"), SAY_AFTER(60, "a"),
               SAY_AFTER(60, "a"), SAY_AFTER(60, "a"), SAY_AFTER(60, "a"), SAY_AFTER(60, "a"),
               SAY_AFTER(60, "a"), SAY_AFTER(60, "a"), SAY_AFTER(60, "a")),
         HTTP_TOO_SLOW, 200, "in time"},
        {STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
               SAY_TIMES(500, "0123456789")),
         HTTP_TOO_LARGE, 200, "too large"},
        {STEPS(SAY("HTTP/1.1 200 OK\r\n"), SAY_TIMES(500, "X-Long: 0123456789\r\n")),
         HTTP_TOO_LARGE, 0, "too large"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        world_new(ANSWERS(cases[i].steps), 1);
        if (cases[i].end == HTTP_TOO_SLOW) {
            world.request.idle_ms = 200;
            world.request.total_ms = 400;
        }
        world.request.max_bytes = 4000;
        HttpResult result = send_it();
        if (result.end != cases[i].end)
            print_error("case %zu: " STR_FMT "\n", i, STR_ARG(result.problem));
        assert_int_equal(result.end, cases[i].end);
        if (cases[i].status)
            assert_int_equal(result.status, cases[i].status);
        assert_true(str_contains(result.problem, str_from(cases[i].problem)));
        world_free();
    }
}

static void no_url(void **state)
{
    (void)state;
    static const char *const urls[] = {"file:///etc/passwd", "ftp://example.org/", "example.org",
                                       "http://a b/",        "http://:80/",        ""};
    world_new(NULL, 0);
    for (size_t i = 0; i < COUNT(urls); i++) {
        world.request.url = str_from(urls[i]);
        assert_int_equal(send_it().end, HTTP_UNUSABLE);
    }
    world_free();
}

static void the_reader_stops(void **state)
{
    (void)state;
    world_new(ANSWERS(STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc"),
                            SAY_AFTER(5000, "def"))),
              1);
    world.taken.stop_after = 1;
    assert_int_equal(send_it().end, HTTP_STOPPED);
    assert_str(buf_str(&world.taken.body), "abc");
    world_free();
}

/* Before anything came, in the middle, and before it began: within a second. */
static void cancelling(void **state)
{
    (void)state;
    const CannedStep *cases[] = {
        STEPS(SAY_AFTER(60000, "HTTP/1.1 200 OK\r\n")),
        STEPS(SAY("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc"), SAY_AFTER(60000, "d")),
    };
    for (size_t i = 0; i < 3; i++) {
        world_new(ANSWERS(cases[i % 2]), 1);
        atomic_store(&world.taken.cancel, i == 2);
        world.taken.cancels = true;
        world.request.idle_ms = i == 0 ? 200 : 0; /* nothing comes that could cancel */
        uint64_t start = loop_now_ms();
        HttpResult result = send_it();
        assert_int_equal(result.end, i == 0 ? HTTP_TOO_SLOW : HTTP_CANCELLED);
        assert_true(loop_now_ms() - start < 1000);
        world_free();
    }
}

static void pauses(void **state)
{
    (void)state;
    atomic_bool cancel = false;
    uint64_t start = loop_now_ms();
    assert_true(http_pause(30, &cancel));
    assert_true(loop_now_ms() - start >= 30);
    atomic_store(&cancel, true);
    assert_false(http_pause(60000, &cancel));
    assert_true(loop_now_ms() - start < 1000);
}

/* Every way to write the machine's own address. Nothing arrives. */
static void the_guard(void **state)
{
    (void)state;
    static const char *const hosts[] = {
        "127.0.0.1",          "localhost", "2130706433", "0x7f.1",         "0177.0.0.1", "127.1",
        "[::ffff:127.0.0.1]", "[::1]",     "0",          "user@127.0.0.1", "0.0.0.0"};
    world_new(NULL, 0);
    world.request.is_guarded = true;
    world.request.connect_ms = 2000;
    for (size_t i = 0; i < COUNT(hosts); i++) {
        world.request.url = str_format(&world.arena, "http://%s:%u/", hosts[i], world.server.port);
        HttpResult result = send_it();
        if (result.end != HTTP_NOT_ALLOWED)
            print_error("%s: %d " STR_FMT "\n", hosts[i], result.end, STR_ARG(result.problem));
        assert_int_equal(result.end, HTTP_NOT_ALLOWED);
    }
    assert_int_equal(atomic_load(&world.server.n_connections), 0);
    world_free();
}

#define KEPT "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* A connection that an unguarded request left open to the machine itself is not a way round. */
static void the_guard_and_kept_connections(void **state)
{
    (void)state;
    world_new(ANSWERS(STEPS(SAY(KEPT), CLOSE_AFTER(3000))), 1);
    assert_int_equal(send_it().end, HTTP_ANSWERED);
    world.request.is_guarded = true;
    assert_int_equal(send_it().end, HTTP_NOT_ALLOWED);
    assert_int_equal(atomic_load(&world.server.n_connections), 1);
    world_free();
}

static void the_guard_lets_one_port_through(void **state)
{
    (void)state;
    world_new(ANSWERS(STEPS(SAY(KEPT))), 1);
    world.request.is_guarded = true;
    world.request.guard_loopback_port = world.server.port;
    assert_int_equal(send_it().end, HTTP_ANSWERED);
    assert_str(buf_str(&world.taken.body), "ok");
    world_free();
}

/* The environment's proxy is for other machines only. */
static void proxies(void **state)
{
    (void)state;
    world_new(ANSWERS(STEPS(SAY(KEPT)), STEPS(SAY(KEPT))), 2);
    Str proxy = canned_url(&world.server, &world.arena, "/");
    setenv("http_proxy", str_to_c(&world.arena, proxy), 1);
    world.request.url = STR("http://schema.example/x");
    assert_int_equal(send_it().end, HTTP_ANSWERED);
    assert_true(str_contains(canned_received(&world.server, &world.arena),
                             STR("GET http://schema.example/x HTTP/1.1\r\n")));
    /* The port answers no more: had it been asked as a proxy, there would be an answer. */
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    world.request.url = canned_url(&world.server, &world.arena, "/own");
    assert_int_equal(send_it().end, HTTP_ANSWERED);
    assert_true(str_contains(canned_received(&world.server, &world.arena), STR("GET /own HTTP")));
    world.request.is_guarded = true;
    setenv("http_proxy", str_to_c(&world.arena, proxy), 1);
    assert_int_equal(send_it().end, HTTP_NOT_ALLOWED);
    unsetenv("http_proxy");
    assert_int_equal(atomic_load(&world.server.n_connections), 2);
    world_free();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer),
        cmocka_unit_test(a_stream),
        cmocka_unit_test(redirects_are_not_followed),
        cmocka_unit_test(ends),
        cmocka_unit_test(no_url),
        cmocka_unit_test(the_reader_stops),
        cmocka_unit_test(cancelling),
        cmocka_unit_test(pauses),
        cmocka_unit_test(the_guard),
        cmocka_unit_test(the_guard_and_kept_connections),
        cmocka_unit_test(the_guard_lets_one_port_through),
        cmocka_unit_test(proxies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
