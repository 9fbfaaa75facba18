#include "lsp/growing.h"

#include "lsp/pages.h"
#include "lsp/reports.h"

enum {
    TELL_EVERY_MS = 250, /* several times a second looks like writing */
    MAX_PAGE_BYTES = 16 * 1024 * 1024,
};

struct Growing {
    Arena arena;
    Server *server;
    Str run, model, host, computed;
    Buf status;
    Buf text;
    bool is_shown;
    TimerId timer; /* 0: nothing is to be told */
};

Growing *growing_new(Server *server, Str run, Str model, Str host, Str computed)
{
    Growing *growing = ARENA_OWNER_NEW(Growing);
    growing->server = server;
    growing->run = str_copy(&growing->arena, run);
    growing->model = report_code(&growing->arena, model);
    growing->host = report_code(&growing->arena, host);
    growing->computed = str_copy(&growing->arena, computed);
    growing->status = buf_with_max(MAX_PAGE_BYTES);
    growing->text = buf_with_max(MAX_PAGE_BYTES);
    growing->is_shown = server->client.text_document_content && server->client.show_document;
    return growing;
}

void growing_free(Growing *growing)
{
    if (!growing)
        return;
    loop_timer_cancel(growing->server->loop, growing->timer);
    buf_free(&growing->status);
    buf_free(&growing->text);
    arena_owner_free(&growing->arena);
}

bool growing_is_shown(const Growing *growing)
{
    return growing && growing->is_shown;
}

bool growing_is(const Growing *growing, Str run)
{
    return growing && str_equal(growing->run, run);
}

Str growing_uri(const Growing *growing, Arena *out)
{
    return report_uri(out, growing->run, "md");
}

static void on_timer(void *context)
{
    Growing *growing = context;
    Arena *scratch = &growing->server->scratch;
    growing->timer = 0;
    page_changed(growing->server, growing_uri(growing, scratch));
    page_changed(growing->server, report_uri(scratch, STR("latest"), "md"));
}

static void set(Growing *growing, Buf *part, Str text)
{
    if (str_equal(buf_str(part), text))
        return;
    part->length = 0;
    buf_add(part, text);
    if (!growing->timer)
        growing->timer = loop_timer(growing->server->loop, TELL_EVERY_MS, on_timer, growing);
}

void growing_says(Growing *growing, Str status)
{
    set(growing, &growing->status, status);
}

void growing_has(Growing *growing, Str text)
{
    set(growing, &growing->text, text);
}

Str growing_page(const Growing *growing, Arena *out)
{
    Buf page = buf_with_max(MAX_PAGE_BYTES);
    Str status = buf_str(&growing->status);
    buf_format(
        &page,
        "> **Being written** by " STR_FMT " at " STR_FMT "%s" STR_FMT
        ". What it has written so far is not checked yet. Below is the report that Lintel has "
        "computed.\n\n",
        STR_ARG(growing->model), STR_ARG(growing->host), str_is_empty(status) ? "" : ": ",
        STR_ARG(report_prose(out, status)));
    if (growing->text.length > 0)
        buf_format(&page, STR_FMT "\n\n---\n\n", STR_ARG(buf_str(&growing->text)));
    buf_add(&page, growing->computed);
    Str text = str_copy(out, buf_str(&page));
    buf_free(&page);
    return text;
}
