#include "lsp/pages.h"

#include "base/json.h"
#include "base/log.h"
#include "base/percent.h"
#include "consult/state_files.h"
#include "lsp/consultations.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/reports.h"
#include "lsp/uri.h"

enum {
    MAX_PAGE_BYTES = 16 * 1024 * 1024,
    MAX_READ_PAGES = 64, /* whose changes the client is told of */
    CHANGE_WAIT_MS = 300,
};

struct ReadPages {
    Arena arena;
    Vec(Str) uris;
    TimerId timer; /* 0: none */
};

/* ---- what is on a page ---- */

static Str take(Server *server, Buf *buf)
{
    Str text = str_copy(&server->scratch, buf_str(buf));
    buf_free(buf);
    return text;
}

static PageState report_page(Server *server, Str name, Str *text)
{
    bool is_json = str_ends_with(name, STR(".json"));
    Str suffix = is_json ? STR(".json") : STR(".md");
    bool is_index = str_is_empty(name) || str_equal(name, STR("index.md"));
    if (!is_index && !str_ends_with(name, suffix))
        return PAGE_UNKNOWN;
    Str id = str_slice(name, 0, name.length - suffix.length);
    if (!is_json && !is_index) {
        *text = consultations_page(server, id, &server->scratch);
        if (!str_is_absent(*text))
            return PAGE_READY;
    }
    StoredReport *stored = is_index ? NULL : reports_find(server, id);
    if (!stored && reports_are_loading(server))
        return PAGE_LATER;
    if (is_index) {
        Buf buf = buf_with_max(MAX_PAGE_BYTES);
        page_reports(server, &buf);
        *text = take(server, &buf);
        return PAGE_READY;
    }
    *text = stored ? reports_text(server, stored, is_json) : (Str){0};
    if (!stored && str_equal(id, STR("latest")))
        *text = is_json ? STR("null\n") : STR("There was no consultation yet.\n");
    return str_is_absent(*text) ? PAGE_UNKNOWN : PAGE_READY;
}

static ServedDatabase *database_named(const Server *server, Str name)
{
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next) {
            if (str_equal(served->database->name, name))
                return served;
        }
    }
    for (ServedDatabase *served = server->loose; served; served = served->next) {
        if (str_equal(served->database->name, name))
            return served;
    }
    return NULL;
}

static bool is_any_folder_opening(const Server *server)
{
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        if (!folder->project && !folder->has_failed)
            return true;
    }
    return false;
}

static PageState schema_page(Server *server, Str name, Str *text)
{
    if (!str_ends_with(name, STR(".md")))
        return PAGE_UNKNOWN;
    ServedDatabase *served = database_named(server, str_slice(name, 0, name.length - 3));
    if (!served)
        return is_any_folder_opening(server) ? PAGE_LATER : PAGE_UNKNOWN;
    if (!served_is_current(served)) {
        served_ask(served);
        return PAGE_LATER;
    }
    Buf buf = buf_with_max(MAX_PAGE_BYTES);
    page_schema(server, served, &buf);
    *text = take(server, &buf);
    return PAGE_READY;
}

static PageState rule_page(Server *server, Str name, Str *text)
{
    if (!str_ends_with(name, STR(".md")))
        return PAGE_UNKNOWN;
    Buf buf = buf_with_max(MAX_PAGE_BYTES);
    bool is_found = page_rule(str_slice(name, 0, name.length - 3), &buf);
    *text = take(server, &buf);
    return is_found ? PAGE_READY : PAGE_UNKNOWN;
}

/* "reports/x.md" of "lintel:/reports/x.md"; editors may write lintel:///reports/x.md. */
static Str page_path(Server *server, Str uri)
{
    if (!str_equal(uri_scheme(uri), STR(PAGE_SCHEME)))
        return (Str){0};
    Str path = str_slice(uri, sizeof PAGE_SCHEME, uri.length);
    while (str_starts_with(path, STR("/")))
        path = str_slice(path, 1, path.length);
    return percent_decode(&server->scratch, path);
}

PageState page_text(Server *server, Str uri, Str *text)
{
    Str path = page_path(server, uri);
    uint32_t slash = str_find(path, STR("/"), 0);
    if (slash == UINT32_MAX)
        return PAGE_UNKNOWN;
    Str folder = str_slice(path, 0, slash);
    Str name = str_slice(path, slash + 1, path.length);
    if (str_equal(folder, STR("reports")))
        return report_page(server, name, text);
    if (str_equal(folder, STR("schema")))
        return schema_page(server, name, text);
    if (str_equal(folder, STR("rules")))
        return rule_page(server, name, text);
    return PAGE_UNKNOWN;
}

Str page_root(Server *server, Str uri)
{
    Str path = page_path(server, uri);
    Str name = str_ends_with(path, STR(".md")) ? str_slice(path, 0, path.length - 3) : (Str){0};
    const StoredReport *stored = NULL;
    const ServedDatabase *served = NULL;
    if (str_starts_with(name, STR("reports/")))
        stored = reports_find(server, str_slice(name, (uint32_t)strlen("reports/"), name.length));
    else if (str_starts_with(name, STR("schema/")))
        served = database_named(server, str_slice(name, (uint32_t)strlen("schema/"), name.length));
    if (stored)
        return str_copy(&server->scratch, stored->root);
    return served && served->project ? served->project->root : (Str){0};
}

/* ---- showing ---- */

static void show_message(Server *server, Str message)
{
    enum { INFO = 3 };
    cJSON *params = cJSON_CreateObject();
    cJSON_AddNumberToObject(params, "type", INFO);
    json_add_str(params, "message", message);
    rpc_notify(server->rpc, "window/showMessage", params);
}

static void show_document(Server *server, Str uri)
{
    cJSON *params = cJSON_CreateObject();
    json_add_str(params, "uri", uri);
    cJSON_AddTrueToObject(params, "takeFocus");
    rpc_request(server->rpc, "window/showDocument", params, NULL, NULL);
}

PageState page_show(Server *server, Str uri)
{
    if (server->client.text_document_content && server->client.show_document) {
        show_document(server, uri);
        return PAGE_READY;
    }
    Str text;
    PageState state = page_text(server, uri, &text);
    if (state != PAGE_READY)
        return state;
    Str path;
    Error err;
    if (!state_file_write(&server->scratch, page_path(server, uri), text, &path, &err)) {
        LOG_WARN("lsp", "%s", err.text);
        show_message(server, str_from(err.text));
    } else if (server->client.show_document) {
        show_document(server, uri_from_path(&server->scratch, path));
    } else {
        show_message(server, str_format(&server->scratch, "Written to " STR_FMT, STR_ARG(path)));
    }
    return PAGE_READY;
}

/* ---- reading, and telling of changes ---- */

static bool was_read(const Server *server, Str uri)
{
    for (uint32_t i = 0; server->read_pages && i < server->read_pages->uris.n; i++) {
        if (str_equal(server->read_pages->uris.items[i], uri))
            return true;
    }
    return false;
}

static void remember(Server *server, Str uri)
{
    if (!server->client.text_document_content || was_read(server, uri))
        return;
    if (!server->read_pages)
        server->read_pages = ARENA_OWNER_NEW(ReadPages);
    if (server->read_pages->uris.n < MAX_READ_PAGES)
        VEC_PUSH(&server->read_pages->arena, &server->read_pages->uris,
                 str_copy(&server->read_pages->arena, uri));
}

void page_changed(Server *server, Str uri)
{
    if (!was_read(server, uri))
        return;
    cJSON *params = cJSON_CreateObject();
    json_add_str(params, "uri", uri);
    rpc_request(server->rpc, "workspace/textDocumentContent/refresh", params, NULL, NULL);
}

static void tell_of_schemas(void *context)
{
    Server *server = context;
    server->read_pages->timer = 0;
    for (uint32_t i = 0; i < server->read_pages->uris.n; i++) {
        Str uri = server->read_pages->uris.items[i];
        if (str_contains(uri, STR("/schema/")))
            page_changed(server, uri);
    }
}

void pages_schema_changed(Server *server)
{
    if (server->read_pages && !server->read_pages->timer)
        server->read_pages->timer =
            loop_timer(server->loop, CHANGE_WAIT_MS, tell_of_schemas, server);
}

void pages_free(Server *server)
{
    if (server->read_pages)
        arena_owner_free(&server->read_pages->arena);
}

Reply handle_text_document_content(Server *server, const Request *request)
{
    Str uri = json_str(request->params, "uri");
    if (str_is_absent(uri))
        return reply_invalid(STR("uri is missing"));
    Str text = {0};
    switch (page_text(server, uri, &text)) {
    case PAGE_LATER:
        return reply_later();
    case PAGE_UNKNOWN:
        return reply_invalid(STR("there is no such page"));
    case PAGE_READY:
        break;
    }
    remember(server, uri);
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "text", text);
    return reply_result(result);
}
