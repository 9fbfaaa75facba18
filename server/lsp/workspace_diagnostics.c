/* workspace/diagnostic: findings of all files of the workspace, open or not.
 *
 * A client that asks gives the result ids that it has. What has not changed is left out; where
 * nothing has, the request waits until something does, as the protocol proposes: clients ask again
 * as soon as they have an answer. A file's result id is the hash of its findings, so that the JSON
 * of thousands is only made where it is sent. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "lsp/diagnostics.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/hints.h"

typedef struct {
    Str uri;
    const Document *document; /* NULL: it is not open */
    const Text *text;
    DocumentViewVec views;
} CheckedFile;

typedef struct {
    Server *server;
    StrMap files; /* path -> CheckedFile */
    StrMap had;   /* URI -> Str, the result id that the client has; removed when it is met */
    cJSON *items;
} Pull;

static bool is_left_out(const ServedDatabase *served)
{
    const Config *config = served->database->config;
    return config && config->checks_open_files_only;
}

/* Everything that counts is analysed; what is not has been asked for. */
static bool is_known(Server *server)
{
    bool is_known = true;
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        is_known &= !folder_is_being_opened(folder);
        for (ServedDatabase *served = folder->databases; served; served = served->next) {
            if (is_left_out(served) || served_is_current(served))
                continue;
            served_ask(served);
            is_known = false;
        }
    }
    return is_known;
}

static uint64_t state_now(const Server *server)
{
    uint64_t state = 1;
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        for (const ServedDatabase *served = folder->databases; served; served = served->next) {
            const uint64_t parts[] = {served->n_snapshots, served->n_hint_lists,
                                      served->generation};
            state = hash_bytes(parts, sizeof parts, state);
        }
    }
    return state;
}

/* ---- files ---- */

static void add_sources(Pull *pull, ServedDatabase *served)
{
    Arena *scratch = &pull->server->scratch;
    for (uint32_t i = 0; i < served->snapshot->sources.n; i++) {
        const Source *source = &served->snapshot->sources.items[i];
        const ProjectSource wanted = {.path = source->path};
        Str path = project_path(scratch, served->project, &wanted);
        DocumentView view = {.served = served, .snapshot = served->snapshot, .source = i};
        CheckedFile *file = map_get(&pull->files, path);
        if (!file) {
            file = ARENA_NEW(scratch, CheckedFile);
            file->uri = source_uri(pull->server, &view, i);
            file->document = documents_find_path(&pull->server->documents, path);
            file->text = file->document ? file->document->text : source->file->text;
            map_set(scratch, &pull->files, path, file);
        }
        VEC_PUSH(scratch, &file->views, view);
    }
}

static uint64_t hash_text(Str text, uint64_t seed)
{
    return hash_bytes(text.data, text.length, seed);
}

static uint64_t hash_related(const RelatedVec *related, uint64_t hash)
{
    for (uint32_t i = 0; i < related->n; i++) {
        hash = hash_bytes(&related->items[i].location, sizeof(Location), hash);
        hash = hash_text(related->items[i].message, hash);
    }
    return hash;
}

/* Of what the file's diagnostics are made from; 0: there are none. */
static uint64_t hash_of(Pull *pull, const CheckedFile *file)
{
    uint64_t hash = text_hash(file->text), n = 0;
    for (uint32_t i = 0; i < file->views.n; i++) {
        const DocumentView *view = &file->views.items[i];
        Range own = findings_of_source(view->snapshot, view->source);
        for (uint32_t k = own.start; k < own.end; k++) {
            const Finding *finding = &view->snapshot->findings.items[k];
            if (finding_is_left_out(view, finding))
                continue;
            n++;
            hash = hash_text(finding->rule, hash + (uint64_t)finding->severity);
            hash = hash_text(finding->message, hash);
            hash = hash_bytes(&finding->location, sizeof(Location), hash);
            hash = hash_related(&finding->related, hash);
        }
        SchemaHintVec hints = hints_of_view(pull->server, view);
        for (uint32_t k = 0; k < hints.n; k++, n++) {
            hash = hash_text(hints.items[k].message, hash);
            hash = hash_bytes(&hints.items[k].location, sizeof(Location), hash);
            hash = hash_related(&hints.items[k].related, hash);
        }
    }
    return n == 0 ? 0 : hash | 1;
}

/* ---- the answer ---- */

static cJSON *report_json(Str uri, const Document *document)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "kind", STR("full"));
    json_add_str(json, "uri", uri);
    json_add(json, "version",
             document ? cJSON_CreateNumber(document->version) : cJSON_CreateNull());
    return json;
}

static void report_file(Pull *pull, const CheckedFile *file)
{
    Server *server = pull->server;
    const Str *had = map_remove(&pull->had, file->uri);
    if (file->document && diagnostics_wait_for_save(server, file->document))
        return; /* what the client has stays */
    uint64_t hash = hash_of(pull, file);
    Str id = str_format(&server->scratch, "%016llx", (unsigned long long)hash);
    if (had ? str_equal(*had, id) : hash == 0)
        return;
    cJSON *json = report_json(file->uri, file->document);
    json_add_str(json, "resultId", id);
    json_add(json, "items",
             diagnostics_of_views(server, file->text, &file->views, &server->client.pulled));
    json_push(pull->items, json);
}

/* What the client has of files that are no longer there. */
static void report_gone(Pull *pull)
{
    for (MapEntry *e = map_next(&pull->had, NULL); e; e = map_next(&pull->had, e)) {
        cJSON *json = report_json(e->key, NULL);
        cJSON_AddArrayToObject(json, "items");
        json_push(pull->items, json);
    }
}

static Str *remember(Server *server, const cJSON *value)
{
    Str *id = ARENA_NEW(&server->scratch, Str);
    *id = json_as_str(value);
    return id;
}

Reply handle_workspace_diagnostic(Server *server, const Request *request)
{
    if (!is_known(server))
        return reply_later();
    const cJSON *previous = json_get(request->params, "previousResultIds");
    bool has_some = cJSON_IsArray(previous) && previous->child;
    uint64_t state = state_now(server);
    if (has_some && server->told_workspace == state)
        return reply_later();
    Pull pull = {.server = server, .items = cJSON_CreateArray()};
    const cJSON *item;
    cJSON_ArrayForEach(item, previous)
    {
        const cJSON *value = json_get(item, "value");
        if (!str_is_empty(json_str(item, "uri")) && value)
            map_set(&server->scratch, &pull.had, json_str(item, "uri"), remember(server, value));
    }
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next) {
            if (!is_left_out(served))
                add_sources(&pull, served);
        }
    }
    for (MapEntry *e = map_next(&pull.files, NULL); e; e = map_next(&pull.files, e))
        report_file(&pull, e->value);
    report_gone(&pull);
    server->told_workspace = state;
    if (has_some && !pull.items->child) {
        cJSON_Delete(pull.items);
        return reply_later();
    }
    cJSON *result = cJSON_CreateObject();
    json_add(result, "items", pull.items);
    return reply_result(result);
}
