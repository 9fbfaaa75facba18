#include "lsp/server.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "lsp/consultations.h"
#include "lsp/diagnostics.h"
#include "lsp/dispatch.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/hints.h"
#include "lsp/indexing.h"
#include "lsp/lsp.h"
#include "lsp/pages.h"
#include "lsp/reports.h"
#include "lsp/views.h"
#include "lsp/warm_up.h"

void server_moved_on(Server *server)
{
    if (server->state != SERVER_RUNNING)
        return;
    views_update(server);
    indexing_update(server);
    hints_update(server);
    diagnostics_push(server);
    diagnostics_refresh(server);
    lenses_refresh(server);
    dispatch_retry(server);
}

static void on_input(void *context, Str bytes)
{
    Server *server = context;
    framing_feed(&server->framing, bytes);
    for (;;) {
        FrameBody body;
        switch (framing_next(&server->framing, &body)) {
        case FRAME_NONE:
            return;
        case FRAME_MESSAGE:
            arena_reset(&server->scratch);
            dispatch_body(server, body.data, body.length);
            break;
        case FRAME_TOO_LARGE:
            LOG_WARN("lsp", "skipped a message of more than %d bytes", FRAMING_MAX_BODY_BYTES);
            rpc_refuse(server->rpc, NULL, RPC_INVALID_REQUEST, STR("the message is too large"));
            break;
        case FRAME_BAD_HEADER:
            LOG_WARN("lsp", "skipped bytes that are no message");
            break;
        }
    }
}

static void on_input_end(void *context)
{
    lifecycle_exit(context);
}

Server *server_new(int input, int output, unsigned n_workers)
{
    Server *server = ARENA_OWNER_NEW(Server);
    server->framing = framing_new();
    server->loop = loop_new(&(LoopOptions){.input = input,
                                           .output = output,
                                           .n_workers = n_workers,
                                           .on_input = on_input,
                                           .on_input_end = on_input_end,
                                           .context = server});
    server->rpc = rpc_new(server->loop);
    return server;
}

void server_free(Server *server)
{
    dispatch_drop_all(server);
    if (!loop_free(server->loop))
        return; /* a thread is still at work on what would be freed */
    consultations_free(server);
    reports_free(server);
    pages_free(server);
    views_free(server);
    folders_free(server);
    documents_free(&server->documents);
    rpc_free(server->rpc);
    framing_free(&server->framing);
    arena_release(&server->settings_arena);
    arena_release(&server->scratch);
    arena_owner_free(&server->arena);
}

static void set_log_level(const char *name)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(str_from(name), str_from(names[i])))
            log_set_level((LogLevel)i);
    }
}

int lsp_main(char **arguments)
{
    unsigned n_workers = 2;
    for (; *arguments; arguments++) {
        Str argument = str_from(*arguments);
        if (str_equal(argument, STR("--log")) && arguments[1])
            set_log_level(*++arguments);
        else if (str_equal(argument, STR("--workers")) && arguments[1])
            n_workers = (unsigned)strtoul(*++arguments, NULL, 10);
        else if (!str_equal(argument, STR("--stdio")))
            LOG_INFO("lsp", "ignored the argument " STR_FMT, STR_ARG(argument));
    }
    signal(SIGPIPE, SIG_IGN);
    arena_keep_released_memory();
    Server *server = server_new(STDIN_FILENO, STDOUT_FILENO, n_workers);
    if (n_workers > 0)
        warm_up(server);
    loop_run(server->loop);
    int exit_status = server->exit_status;
    server_free(server);
    return exit_status;
}
