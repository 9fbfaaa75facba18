/* Cancelled at any step, over pipes or HTTP, a connection is over within a second, and its program
 * with it. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "consult/mcp/connection.h"
#include "loop/loop.h"
#include "unit/canned_server.h"
#include "unit/temp_folder.h"

enum { SOON_MS = 150, WITHIN_MS = 1000 };

/* A server in a shell, as stubborn as a program can be; it notes its number first, and has a child
 * that shows that it lives. */
#define STUBBORN                                                                                   \
    "echo $$ > pid; trap '' TERM INT HUP; (while :; do echo x >> alive; sleep 0.02; done) & "
#define GREET                                                                                      \
    "read a; echo "                                                                                \
    "'{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\"}}'; read a; "
#define LIST                                                                                       \
    "read a; echo '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[{\"name\":\"t\","          \
    "\"inputSchema\":{\"type\":\"object\"}}]}}'; "
#define FOREVER "while :; do sleep 1; done"
#define NOISY   "while :; do echo '{\"jsonrpc\":\"2.0\",\"method\":\"x\"}'; sleep 0.01; done"

typedef struct {
    const char *awaited; /* a file that is there before anything is cancelled, or NULL */
    atomic_bool cancel;
    uint64_t set_ms; /* when it became true */
} Cancelling;

static void *cancel_soon(void *data)
{
    Cancelling *cancelling = data;
    for (int i = 0; cancelling->awaited && access(cancelling->awaited, R_OK) != 0 && i < 1000; i++)
        canned_sleep(10); /* a busy machine is slow to start a program */
    canned_sleep(SOON_MS);
    cancelling->set_ms = loop_now_ms();
    atomic_store(&cancelling->cancel, true);
    return NULL;
}

/* Connects, lists, calls; whichever of them it is, it ends cancelled. */
static void run_until_cancelled(const McpServer *server, const char *awaited,
                                uint32_t argument_bytes)
{
    Arena arena = {0};
    Error err = {0};
    McpToolVec tools = {0};
    Cancelling cancelling = {.awaited = awaited};
    pthread_t thread;
    McpPatience patience = {.cancel = &cancelling.cancel};
    cJSON *arguments = cJSON_CreateObject(), *result = NULL;
    char *large = arena_alloc(&arena, argument_bytes + 1u);
    memset(large, 'x', argument_bytes);
    cJSON_AddStringToObject(arguments, "a", large);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cancelling), 0);
    McpConnection *connection = mcp_connect(server, &patience, &err);
    if (connection && mcp_list_tools(connection, &arena, &tools, &err) && tools.n > 0)
        result = mcp_call(connection, &tools.items[0], arguments, &tools, &err);
    mcp_disconnect(connection, true);
    uint64_t end_ms = loop_now_ms();
    pthread_join(thread, NULL);
    assert_null(result);
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_true(end_ms >= cancelling.set_ms && end_ms - cancelling.set_ms < WITHIN_MS);
    cJSON_Delete(arguments);
    arena_release(&arena);
}

/* True where nothing writes into the file any more. */
static bool has_stopped(const TempFolder *folder)
{
    char path[128];
    struct stat before, after;
    snprintf(path, sizeof path, "%s/alive", folder->path);
    assert_int_equal(stat(path, &before), 0);
    canned_sleep(200);
    assert_int_equal(stat(path, &after), 0);
    return before.st_size > 0 && before.st_size == after.st_size;
}

static void programs(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        uint32_t argument_bytes;
    } cases[] = {
        {STUBBORN FOREVER, 0},
        {STUBBORN NOISY, 0},
        {STUBBORN GREET FOREVER, 0},
        {STUBBORN GREET NOISY, 0},
        {STUBBORN GREET LIST FOREVER, 0},
        {STUBBORN GREET LIST NOISY, 0},
        {STUBBORN GREET LIST FOREVER,
         256 * 1024}, /* more than a pipe holds, and it does not read */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        TempFolder folder = temp_folder();
        McpServer server = {.name = STR("s"), .command = STR("/bin/sh")};
        server.folder = str_from(folder.path);
        VEC_PUSH(&arena, &server.arguments, STR("-c"));
        VEC_PUSH(&arena, &server.arguments, str_from(cases[i].script));
        char *path = str_to_c(&arena, str_format(&arena, "%s/pid", folder.path));
        run_until_cancelled(&server, path, cases[i].argument_bytes);
        Str number = unit_file(&arena, path);
        pid_t pid = (pid_t)strtol(str_to_c(&arena, number), NULL, 10);
        assert_true(pid > 1);
        assert_true(kill(pid, 0) != 0 && errno == ESRCH);
        assert_true(has_stopped(&folder)); /* what it has started, too */
        temp_remove(&folder);
        arena_release(&arena);
    }
}

#define JSON_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
#define EVENTS    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
#define DISCOVERED                                                                                 \
    SAY(JSON_HEAD "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"supportedVersions\":[\"2026-07-"    \
                  "28\"]}}")
#define LISTED                                                                                     \
    SAY(JSON_HEAD "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"tools\":[{\"name\":\"t\","          \
                  "\"inputSchema\":{\"type\":\"object\"}}]}}")
#define OLDER                                                                                      \
    SAY("HTTP/1.1 400 Bad\r\nConnection: close\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":null,"           \
        "\"error\":{\"code\":-32000,\"message\":\"no\"}}")
#define GREETED                                                                                    \
    SAY(EVENTS "data: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"protocolVersion\":\"2025-11-25"  \
               "\"}}\n\n")
#define ACCEPTED SAY("HTTP/1.1 202 Accepted\r\nConnection: close\r\n\r\n")
#define SILENCE  SAY_AFTER(20000, "x")

/* libcurl is loaded by the first request, which takes a while under a checker. */
static void load_http(void)
{
    Arena arena = {0};
    Error err = {0};
    McpServer nobody = server_at_url(&arena, STR("http://127.0.0.1:1/"));
    assert_null(mcp_connect(&nobody, &(McpPatience){0}, &err));
    arena_release(&arena);
}

static void urls(void **state)
{
    (void)state;
    load_http();
    const CannedStep *const discovering[] = {STEPS(SILENCE)};
    const CannedStep *const listing[] = {STEPS(DISCOVERED), STEPS(SAY(JSON_HEAD "{"), SILENCE)};
    const CannedStep *const calling[] = {STEPS(DISCOVERED), STEPS(LISTED),
                                         STEPS(SAY(EVENTS ": hm\n\n"), SILENCE)};
    const CannedStep *const greeting[] = {STEPS(OLDER), STEPS(SILENCE)};
    /* A stream that ends before its answer, and asks to wait long before the next one. */
    const CannedStep *const returning[] = {
        STEPS(OLDER), STEPS(GREETED), STEPS(ACCEPTED),
        STEPS(SAY(EVENTS "id: 1\nretry: 9000\ndata:\n\n"), CLOSE_AFTER(1))};
    const struct {
        const CannedStep *const *answers;
        unsigned n;
    } cases[] = {
        {discovering, COUNT(discovering)}, {listing, COUNT(listing)},     {calling, COUNT(calling)},
        {greeting, COUNT(greeting)},       {returning, COUNT(returning)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        CannedServer canned;
        canned_start(&canned, cases[i].answers, cases[i].n);
        McpServer server = server_at_url(&arena, canned_url(&canned, &arena, "/mcp"));
        run_until_cancelled(&server, NULL, 0);
        canned_stop(&canned);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs),
        cmocka_unit_test(urls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
