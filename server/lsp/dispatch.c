#include "lsp/dispatch.h"

#include "base/json.h"
#include "base/log.h"
#include "lsp/consultations.h"
#include "lsp/handlers.h"

struct WaitingRequest {
    Arena arena;
    cJSON *message; /* owned */
    RequestHandler *handler;
    bool is_pinned; /* ends when its document changes */
    bool has_document;
    Str uri;
    int32_t version;
    WaitingRequest *next;
};

typedef struct {
    const char *method;
    RequestHandler *handler;
    /* It speaks of positions or ranges of its document's text as it was when it was sent. */
    bool is_pinned;
} RequestEntry;

typedef struct {
    const char *method;
    NotificationHandler *handler;
} NotificationEntry;

static const RequestEntry requests[] = {
    {"textDocument/hover", handle_hover, true},
    {"textDocument/codeAction", handle_code_action, true},
    {"textDocument/definition", handle_definition, true},
    {"textDocument/references", handle_references, true},
    {"textDocument/documentHighlight", handle_document_highlight, true},
    {"textDocument/documentSymbol", handle_document_symbol, true},
    {"textDocument/foldingRange", handle_folding_range, true},
    {"textDocument/codeLens", handle_code_lens, true},
    {"textDocument/completion", handle_completion, true},
    {"textDocument/inlayHint", handle_inlay_hint, true},
    {"codeLens/resolve", handle_code_lens_resolve, false},
    {"workspace/symbol", handle_workspace_symbol, false},
    {"textDocument/diagnostic", handle_diagnostic, false},
    {"workspace/diagnostic", handle_workspace_diagnostic, false},
    {"workspace/executeCommand", handle_execute_command, false},
    {"textDocument/documentLink", handle_document_link, false},
    {"workspace/textDocumentContent", handle_text_document_content, false},
};

static const NotificationEntry notifications[] = {
    {"textDocument/didChange", handle_did_change},
    {"textDocument/didOpen", handle_did_open},
    {"textDocument/didClose", handle_did_close},
    {"textDocument/didSave", handle_did_save},
    {"workspace/didChangeWatchedFiles", handle_watched_files},
    {"workspace/didChangeConfiguration", handle_configuration},
    {"workspace/didChangeWorkspaceFolders", handle_folders_changed},
    {"window/workDoneProgress/cancel", handle_progress_cancel},
    {"initialized", handle_initialized},
};

enum {
    N_REQUESTS = sizeof requests / sizeof *requests,
    N_NOTIFICATIONS = sizeof notifications / sizeof *notifications,
};

static void send_reply(Server *server, const cJSON *id, Reply reply)
{
    if (reply.kind == REPLY_RESULT)
        rpc_answer(server->rpc, id, reply.result);
    else if (reply.kind == REPLY_ERROR)
        rpc_refuse(server->rpc, id, reply.code, reply.message);
}

/* ---- waiting ---- */

static void drop_waiting(WaitingRequest *waiting)
{
    cJSON_Delete(waiting->message);
    arena_owner_free(&waiting->arena);
}

/* Takes `message`. */
static void wait_with(Server *server, cJSON *message, const RequestEntry *entry)
{
    WaitingRequest *waiting = ARENA_OWNER_NEW(WaitingRequest);
    waiting->message = message;
    waiting->handler = entry->handler;
    waiting->is_pinned = entry->is_pinned;
    Str uri = json_as_str(json_path(message, "params", "textDocument", "uri", NULL));
    const Document *document = documents_find(&server->documents, uri);
    if (document) {
        waiting->has_document = true;
        waiting->uri = str_copy(&waiting->arena, uri);
        waiting->version = document->version;
    }
    /* Oldest first, so that answers come in order. */
    WaitingRequest **end = &server->waiting;
    while (*end)
        end = &(*end)->next;
    *end = waiting;
}

static Reply ask_again(Server *server, const WaitingRequest *waiting)
{
    if (waiting->has_document) {
        const Document *document = documents_find(&server->documents, waiting->uri);
        if (!document || (waiting->is_pinned && document->version != waiting->version))
            return reply_error(RPC_CONTENT_MODIFIED, STR("the document has changed"));
    }
    Request request = {.id = json_get(waiting->message, "id"),
                       .params = json_get(waiting->message, "params")};
    return waiting->handler(server, &request);
}

void dispatch_retry(Server *server)
{
    /* A handler may end up here again: the list is taken away while it is walked. */
    WaitingRequest *list = server->waiting;
    server->waiting = NULL;
    WaitingRequest *kept = NULL;
    WaitingRequest **end = &kept;
    while (list) {
        WaitingRequest *waiting = list;
        list = waiting->next;
        waiting->next = NULL;
        Reply reply = ask_again(server, waiting);
        if (reply.kind == REPLY_LATER) {
            *end = waiting;
            end = &waiting->next;
            continue;
        }
        send_reply(server, json_get(waiting->message, "id"), reply);
        drop_waiting(waiting);
    }
    *end = server->waiting;
    server->waiting = kept;
}

void dispatch_drop_all(Server *server)
{
    while (server->waiting) {
        WaitingRequest *waiting = server->waiting;
        server->waiting = waiting->next;
        rpc_refuse(server->rpc, json_get(waiting->message, "id"), RPC_REQUEST_CANCELLED,
                   STR("the server is shutting down"));
        drop_waiting(waiting);
    }
}

static void cancel_request(Server *server, const cJSON *params)
{
    const cJSON *id = json_get(params, "id");
    for (WaitingRequest **link = &server->waiting; *link; link = &(*link)->next) {
        WaitingRequest *waiting = *link;
        if (!cJSON_Compare(json_get(waiting->message, "id"), id, 1))
            continue;
        *link = waiting->next;
        rpc_refuse(server->rpc, id, RPC_REQUEST_CANCELLED, STR("cancelled"));
        drop_waiting(waiting);
        return;
    }
    consultations_cancel_request(server, id);
}

/* ---- messages ---- */

/* Takes `message`. */
static void serve_request(Server *server, cJSON *message, Str method)
{
    Request request = {.id = json_get(message, "id"), .params = json_get(message, "params")};
    const RequestEntry *entry = NULL;
    for (unsigned i = 0; i < N_REQUESTS && !entry; i++) {
        if (str_equal(method, str_from(requests[i].method)))
            entry = &requests[i];
    }
    Reply reply;
    bool is_initialize = str_equal(method, STR("initialize"));
    if (server->state == SERVER_SHUT_DOWN)
        reply = reply_error(RPC_INVALID_REQUEST, STR("the server has been shut down"));
    else if (server->state == SERVER_NEW && !is_initialize)
        reply = reply_error(RPC_NOT_INITIALIZED, STR("initialize comes first"));
    else if (is_initialize)
        reply = handle_initialize(server, &request);
    else if (str_equal(method, STR("shutdown")))
        reply = handle_shutdown(server, &request);
    else if (!entry)
        reply = reply_error(RPC_METHOD_NOT_FOUND,
                            str_format(&server->scratch, "there is no method " STR_FMT,
                                       STR_ARG(str_slice(method, 0, 200))));
    else
        reply = entry->handler(server, &request);
    if (reply.kind == REPLY_LATER) {
        wait_with(server, message, entry);
        return;
    }
    send_reply(server, request.id, reply);
    cJSON_Delete(message);
}

static void serve_notification(Server *server, const cJSON *message, Str method)
{
    const cJSON *params = json_get(message, "params");
    if (str_equal(method, STR("exit"))) {
        lifecycle_exit(server);
        return;
    }
    if (server->state != SERVER_RUNNING)
        return; /* the protocol: dropped */
    if (str_equal(method, STR("$/cancelRequest"))) {
        cancel_request(server, params);
        return;
    }
    for (unsigned i = 0; i < N_NOTIFICATIONS; i++) {
        if (str_equal(method, str_from(notifications[i].method))) {
            notifications[i].handler(server, params);
            return;
        }
    }
    if (!str_starts_with(method, STR("$/")))
        LOG_INFO("lsp", "ignored the unknown notification " STR_FMT,
                 STR_ARG(str_slice(method, 0, 200)));
}

void dispatch_body(Server *server, char *body, uint32_t length)
{
    cJSON *message = json_parse(body, length);
    if (!message) {
        rpc_refuse(server->rpc, NULL, RPC_PARSE_ERROR, STR("the message is not JSON"));
        return;
    }
    const cJSON *id = json_get(message, "id");
    bool has_id = cJSON_IsString(id) || cJSON_IsNumber(id);
    Str method = json_str(message, "method");
    if (!str_is_absent(method) && has_id) {
        serve_request(server, message, method);
        return;
    }
    if (!str_is_absent(method) && !id)
        serve_notification(server, message, method);
    else if (str_is_absent(method) && id &&
             (json_get(message, "result") || json_get(message, "error")))
        rpc_take_response(server->rpc, message);
    else
        rpc_refuse(server->rpc, has_id ? id : NULL, RPC_INVALID_REQUEST,
                   STR("the message is neither a request, a notification nor an answer"));
    cJSON_Delete(message);
}
