#include "lsp/indexing.h"

#include "lsp/folders.h"
#include "lsp/progress.h"

enum {
    NOTICE_AFTER_MS = 10, /* half of what an answer may take meanwhile */
    SHOW_AFTER_MS = 500,  /* what is shorter needs no explanation */
    REPORT_EVERY_MS = 200,
};

typedef struct {
    bool is_running;
    uint32_t n_done, n_all; /* files */
} Reading;

static Reading reading_now(const Server *server)
{
    Reading reading = {0};
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        if (!folder->project && folder_is_being_opened(folder))
            reading.is_running = true;
        for (const ServedDatabase *served = folder->databases; served; served = served->next) {
            if (served->was_complete || !served->job)
                continue;
            reading.is_running = true;
            reading.n_done += served->n_lowered;
            reading.n_all += served->n_to_lower;
        }
    }
    return reading;
}

static void show(void *context)
{
    Server *server = context;
    Reading reading = reading_now(server);
    server->indexing.timer = 0;
    if (!reading.is_running)
        return;
    arena_reset(&server->scratch);
    server->indexing.timer = loop_timer(
        server->loop, server->indexing.is_noticed ? REPORT_EVERY_MS : SHOW_AFTER_MS, show, server);
    Str message = STR("looking for databases");
    uint32_t percent = 0;
    if (reading.n_all > 0) {
        message = str_format(&server->scratch, "%u of %u files", reading.n_done, reading.n_all);
        percent = (uint32_t)((uint64_t)reading.n_done * 100 / reading.n_all);
    }
    if (!server->indexing.is_noticed) {
        server->indexing.is_noticed = true;
        server_moved_on(server); /* hovers that wait are answered from their file alone */
        return;
    }
    if (!server->indexing.is_long) {
        server->indexing.is_long = true;
        server->indexing.progress =
            progress_start(server, NULL, STR("Reading the databases"), false);
        server_moved_on(server); /* requests that would wait too long are answered now */
    }
    progress_report(server->indexing.progress, message, percent);
}

void indexing_update(Server *server)
{
    bool is_running = reading_now(server).is_running;
    if (is_running && !server->indexing.timer)
        server->indexing.timer = loop_timer(server->loop, NOTICE_AFTER_MS, show, server);
    if (is_running)
        return;
    loop_timer_cancel(server->loop, server->indexing.timer);
    progress_end(server->indexing.progress, (Str){0});
    server->indexing = (Indexing){0};
}

bool indexing_is_noticed(const Server *server)
{
    return server->indexing.is_noticed;
}

bool indexing_is_long(const Server *server)
{
    return server->indexing.is_long;
}
