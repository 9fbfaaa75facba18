#include "base/json.h"
#include "base/log.h"
#include "lsp/diagnostics.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/views.h"

static Document *find(Server *server, const cJSON *params, const char *what)
{
    Str uri = json_as_str(json_path(params, "textDocument", "uri", NULL));
    Document *document = documents_find(&server->documents, uri);
    if (!document)
        LOG_WARN("lsp", "ignored the %s of a document that is not open: " STR_FMT, what,
                 STR_ARG(str_slice(uri, 0, 300)));
    return document;
}

void handle_did_open(Server *server, const cJSON *params)
{
    const cJSON *item = json_get(params, "textDocument");
    Str uri = json_str(item, "uri");
    const cJSON *text = json_get(item, "text");
    if (str_is_empty(uri) || !cJSON_IsString(text)) {
        LOG_WARN("lsp", "ignored an opening without a URI or a text");
        return;
    }
    int32_t version = 0;
    json_int(item, "version", &version);
    Document *document = documents_open(&server->documents, uri, json_str(item, "languageId"),
                                        version, json_text(&server->scratch, text));
    views_document_changed(server, document);
    if (!str_is_absent(document->path) && document_may_be_source(document))
        folders_for(server, document->path);
    server_moved_on(server);
}

void handle_did_change(Server *server, const cJSON *params)
{
    Document *document = find(server, params, "change");
    if (!document)
        return;
    int32_t version = document->version;
    json_int(json_get(params, "textDocument"), "version", &version);
    if (!document_apply(document, json_get(params, "contentChanges"), version,
                        server->client.encoding, &server->scratch))
        LOG_WARN("lsp", "left out a change without a text or with a broken range");
    views_document_changed(server, document);
    server_moved_on(server);
}

void handle_did_save(Server *server, const cJSON *params)
{
    Document *document = find(server, params, "saving");
    if (!document)
        return;
    document->is_changed = false;
    views_document_changed(server, document); /* what was put off while typing is done now */
    if (!str_is_absent(document->path)) {
        bool is_known = document_uses(server, document).n > 0;
        folders_file_event(server, document->path, is_known ? FILE_CHANGED : FILE_CREATED);
    }
    server_moved_on(server);
}

void handle_did_close(Server *server, const cJSON *params)
{
    Document *document = find(server, params, "closing");
    if (!document)
        return;
    Str path = str_copy(&server->scratch, document->path);
    diagnostics_clear(server, document);
    views_document_changed(server, document); /* the file on disk counts again */
    views_close(server, document->uri);
    documents_close(&server->documents, document);
    if (!str_is_absent(path))
        folders_let_go(server, path);
    server_moved_on(server);
}
