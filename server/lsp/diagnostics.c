#include "lsp/diagnostics.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "engine/input.h"
#include "lsp/handlers.h"
#include "lsp/hints.h"
#include "lsp/indexing.h"
#include "lsp/uri.h"

Str source_uri(Server *server, const DocumentView *view, uint32_t source)
{
    if (!view->served->project)
        return view->served->loose_uri;
    const ProjectSource wanted = {.path = view->snapshot->sources.items[source].path};
    Str path = project_path(&server->scratch, view->served->project, &wanted);
    const Document *document = documents_find_path(&server->documents, path);
    return document ? document->uri : uri_from_path(&server->scratch, path);
}

static int severity_number(Severity severity)
{
    switch (severity) {
    case SEVERITY_ERROR:
        return 1;
    case SEVERITY_WARNING:
        return 2;
    case SEVERITY_INFO:
        return 3;
    case SEVERITY_HINT:
    case SEVERITY_OFF:
        break;
    }
    return 4;
}

/* The first page that the rule gives as its source; absent where it gives none. */
static Str rule_page(Str id)
{
    const Rule *rule = rule_find(id);
    Str sources = str_from(rule ? rule->sources : NULL);
    if (!str_starts_with(sources, STR("http")))
        return (Str){0};
    return str_slice(sources, 0, str_find(sources, STR(" "), 0));
}

static cJSON *related_json(Server *server, PositionMapper *mapper, const DocumentView *view,
                           const Related *related)
{
    uint32_t source = related->location.source;
    cJSON *item = cJSON_CreateObject();
    cJSON *location = cJSON_AddObjectToObject(item, "location");
    json_add_str(location, "uri", source_uri(server, view, source));
    PositionMapper other = *mapper;
    if (source != view->source)
        other = position_mapper(view->snapshot->sources.items[source].file->text,
                                server->client.encoding, &server->scratch);
    json_add(location, "range", position_range_to_json(&other, related->location.range));
    json_add_str(item, "message", related->message);
    return item;
}

cJSON *diagnostic_json(Server *server, PositionMapper *mapper, const DocumentView *view,
                       const Finding *finding, const DiagnosticAbilities *abilities)
{
    cJSON *json = cJSON_CreateObject();
    json_add(json, "range", position_range_to_json(mapper, finding->location.range));
    cJSON_AddNumberToObject(json, "severity", severity_number(finding->severity));
    json_add_str(json, "code", finding->rule);
    Str page = abilities->code_description ? rule_page(finding->rule) : (Str){0};
    if (!str_is_absent(page))
        json_add_str(cJSON_AddObjectToObject(json, "codeDescription"), "href", page);
    json_add_str(json, "source", STR("lintel"));
    json_add_str(json, "message", finding->message);
    if (abilities->tags && str_starts_with(finding->rule, STR("unused-"))) {
        enum { UNNECESSARY = 1 };
        json_push(cJSON_AddArrayToObject(json, "tags"), cJSON_CreateNumber(UNNECESSARY));
    }
    if (abilities->related_information && finding->related.n > 0) {
        cJSON *list = cJSON_AddArrayToObject(json, "relatedInformation");
        for (uint32_t i = 0; i < finding->related.n; i++)
            json_push(list, related_json(server, mapper, view, &finding->related.items[i]));
    }
    if (abilities->data)
        json_add_str(cJSON_AddObjectToObject(json, "data"), "rule", finding->rule);
    return json;
}

bool finding_is_squawks(const DocumentView *view, const Finding *finding)
{
    const Source *source = &view->snapshot->sources.items[finding->location.source];
    if (!view_is_beside_squawk(view) || source->file->language != FILE_SQL)
        return false;
    const Rule *rule = rule_find(finding->rule);
    return rule && rule->squawk;
}

bool finding_is_left_out(const DocumentView *view, const Finding *finding)
{
    return finding->is_repeated || finding_is_squawks(view, finding);
}

Range findings_of_source(const Snapshot *snapshot, uint32_t source)
{
    const FindingVec *findings = &snapshot->findings;
    Range range = {0};
    for (int is_end = 0; is_end <= 1; is_end++) {
        uint32_t low = 0, high = findings->n, wanted = source + (uint32_t)is_end;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (findings->items[middle].location.source < wanted)
                low = middle + 1;
            else
                high = middle;
        }
        *(is_end ? &range.end : &range.start) = low;
    }
    return range;
}

static bool is_same_finding(const Finding *a, const Finding *b)
{
    return a->location.range.start == b->location.range.start &&
           a->location.range.end == b->location.range.end && str_equal(a->rule, b->rule) &&
           str_equal(a->message, b->message);
}

/* A document that is part of several databases may get the same finding from each. */
static bool is_told(const DocumentViewVec *views, uint32_t n_views, const Finding *finding)
{
    for (uint32_t i = 0; i < n_views; i++) {
        const FindingVec *findings = &views->items[i].snapshot->findings;
        Range own = findings_of_source(views->items[i].snapshot, views->items[i].source);
        for (uint32_t k = own.start; k < own.end; k++) {
            if (is_same_finding(&findings->items[k], finding))
                return true;
        }
    }
    return false;
}

/* Takes `item`. Thousands of diagnostics as trees of JSON are ten times their text; and the list
 * is printed twice, for its hash and to be sent. */
static void push_printed(cJSON *list, cJSON *item)
{
    Buf text = buf_with_max(SIZE_MAX / 2);
    json_print(item, &text);
    buf_add_char(&text, '\0');
    json_push(list, cJSON_CreateRaw(text.data));
    buf_free(&text);
    cJSON_Delete(item);
}

static void add_hints(Server *server, PositionMapper *mapper, const DocumentView *view,
                      const DiagnosticAbilities *abilities, cJSON *list)
{
    SchemaHintVec hints = hints_of_view(server, view);
    for (uint32_t i = 0; i < hints.n; i++) {
        const SchemaHint *hint = &hints.items[i];
        /* A hint is a finding that no rule made. */
        Finding finding = {.rule = hint->code,
                           .severity = SEVERITY_HINT,
                           .message = hint->message,
                           .location = hint->location,
                           .related = hint->related};
        DiagnosticAbilities shown = *abilities;
        shown.data = false;
        push_printed(list, diagnostic_json(server, mapper, view, &finding, &shown));
    }
}

cJSON *diagnostics_of_views(Server *server, const Text *text, const DocumentViewVec *views,
                            const DiagnosticAbilities *abilities)
{
    cJSON *list = cJSON_CreateArray();
    PositionMapper mapper = position_mapper(text, server->client.encoding, &server->scratch);
    for (uint32_t i = 0; i < views->n; i++) {
        const DocumentView *view = &views->items[i];
        Range own = findings_of_source(view->snapshot, view->source);
        for (uint32_t k = own.start; k < own.end; k++) {
            const Finding *finding = &view->snapshot->findings.items[k];
            if (!finding_is_left_out(view, finding) && !is_told(views, i, finding))
                push_printed(list, diagnostic_json(server, &mapper, view, finding, abilities));
        }
        add_hints(server, &mapper, view, abilities, list);
    }
    return list;
}

/* A configuration file says itself what is wrong in it. */
static bool is_configuration(const Document *document)
{
    return str_ends_with(document->path, STR("/" CONFIG_FILE_NAME));
}

static cJSON *diagnostics_of_configuration(Server *server, const Document *document,
                                           const DiagnosticAbilities *abilities)
{
    cJSON *list = cJSON_CreateArray();
    Config *config = config_new(document->path, document->text, NULL);
    FindingVec findings = config_findings(&server->scratch, config);
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    DiagnosticAbilities plain = {.code_description = abilities->code_description};
    for (uint32_t i = 0; i < findings.n; i++)
        push_printed(list, diagnostic_json(server, &mapper, NULL, &findings.items[i], &plain));
    config_release(config);
    return list;
}

/* The document's diagnostics; the caller owns `*list`, which is set for VIEW_READY. */
static ViewState diagnostics_of(Server *server, const Document *document,
                                const DiagnosticAbilities *abilities, cJSON **list)
{
    if (is_configuration(document)) {
        *list = diagnostics_of_configuration(server, document, abilities);
        return VIEW_READY;
    }
    DocumentViewVec views;
    ViewState state = document_views(server, document, false, &views);
    if (state == VIEW_READY)
        *list = diagnostics_of_views(server, document->text, &views, abilities);
    return state;
}

bool diagnostics_wait_for_save(Server *server, const Document *document)
{
    if (!document->is_changed)
        return false;
    DocumentUseVec uses = document_uses(server, document);
    const ProjectDatabase *database = uses.n > 0 ? uses.items[0].served->database : NULL;
    return database && database->config && database->config->diagnostics_run == RUN_ON_SAVE;
}

/* Of a list of printed diagnostics, item by item: the whole may be many megabytes. */
static uint64_t list_hash(const cJSON *list)
{
    uint64_t hash = 1;
    for (const cJSON *item = list->child; item; item = item->next)
        hash = hash_bytes(item->valuestring, strlen(item->valuestring), hash);
    return hash;
}

/* ---- push ---- */

/* Takes `list`. */
static void publish(Server *server, const Document *document, cJSON *list)
{
    cJSON *params = cJSON_CreateObject();
    json_add_str(params, "uri", document->uri);
    if (server->client.versions_in_push)
        cJSON_AddNumberToObject(params, "version", document->version);
    json_add(params, "diagnostics", list);
    rpc_notify(server->rpc, "textDocument/publishDiagnostics", params);
}

/* What the document's diagnostics depend on: its text, the snapshots and the hints. 0: it changes
 * in ways that this does not see. */
static uint64_t state_of(Server *server, const Document *document)
{
    uint64_t state = hash_bytes(&document->version, sizeof document->version, 7);
    DocumentUseVec uses = document_uses(server, document);
    for (uint32_t i = 0; i < uses.n; i++)
        state = hash_bytes(&uses.items[i].served->n_hint_lists, sizeof(uint64_t), state);
    uint64_t snapshots = document_snapshots(server, document);
    return uses.n > 0 ? hash_bytes(&snapshots, sizeof snapshots, state) : 0;
}

static void push_document(Server *server, Document *document)
{
    uint64_t state = state_of(server, document);
    if (document->is_pushed && state != 0 && state == document->pushed_state)
        return;
    if (document->is_pushed && diagnostics_wait_for_save(server, document))
        return;
    cJSON *list = NULL;
    if (diagnostics_of(server, document, &server->client.pushed, &list) != VIEW_READY)
        return;
    uint64_t hash = list_hash(list);
    document->pushed_state = state;
    if (document->is_pushed && document->pushed_hash == hash &&
        document->pushed_version == document->version) {
        cJSON_Delete(list);
        return;
    }
    document->is_pushed = true;
    document->pushed_hash = hash;
    document->pushed_version = document->version;
    publish(server, document, list);
}

void diagnostics_push(Server *server)
{
    if (server->client.pulls_diagnostics || server->state != SERVER_RUNNING)
        return;
    for (Document *document = server->documents.first; document; document = document->next)
        push_document(server, document);
}

void diagnostics_clear(Server *server, const Document *document)
{
    if (document->is_pushed && !server->client.pulls_diagnostics)
        publish(server, document, cJSON_CreateArray());
}

/* ---- pull ---- */

static cJSON *document_report(const char *kind, Str result_id)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "kind", str_from(kind));
    if (!str_is_absent(result_id))
        json_add_str(json, "resultId", result_id);
    return json;
}

static void refresh(void *context)
{
    Server *server = context;
    server->refresh_timer = 0;
    rpc_request(server->rpc, "workspace/diagnostic/refresh", NULL, NULL, NULL);
}

/* True where the client was told something else, of this very text, than what holds now:
 * another document, a file on disk or the settings have changed. */
static bool is_out_of_date(Server *server, Document *document)
{
    uint64_t state = state_of(server, document);
    if (!document->is_pulled || document->pulled_version != document->version ||
        document->pulled_state == state)
        return false;
    cJSON *list = NULL;
    if (diagnostics_of(server, document, &server->client.pulled, &list) != VIEW_READY)
        return false;
    document->pulled_state = state;
    bool differs = list_hash(list) != document->pulled_hash;
    cJSON_Delete(list);
    return differs;
}

void diagnostics_refresh(Server *server)
{
    enum { WAIT_MS = 100 }; /* once for a burst of changes */
    if (!server->client.refreshes_diagnostics || !server->client.pulls_diagnostics)
        return;
    bool is_due = server->must_refresh_diagnostics && !indexing_is_long(server);
    for (Document *document = server->documents.first; document; document = document->next)
        is_due |= is_out_of_date(server, document);
    if (!is_due)
        return;
    server->must_refresh_diagnostics = false;
    if (!server->refresh_timer)
        server->refresh_timer = loop_timer(server->loop, WAIT_MS, refresh, server);
}

Reply handle_diagnostic(Server *server, const Request *request)
{
    Str uri = json_as_str(json_path(request->params, "textDocument", "uri", NULL));
    if (str_is_absent(uri))
        return reply_invalid(STR("textDocument.uri is missing"));
    Document *document = documents_find(&server->documents, uri);
    Str previous = json_str(request->params, "previousResultId");
    /* Neovim 0.12 forgets the findings of a file that is read anew, and not their id: what was
     * told of an earlier opening counts for nothing. */
    bool knows_previous = document && document->is_pulled && !str_is_empty(previous);
    if (knows_previous && diagnostics_wait_for_save(server, document))
        return reply_result(document_report("unchanged", previous));
    cJSON *list = NULL;
    ViewState state = VIEW_NONE;
    if (document)
        state = diagnostics_of(server, document, &server->client.pulled, &list);
    if (state == VIEW_LATER) {
        /* A first reading may take seconds. The client is asked to come back after it. */
        if (!indexing_is_long(server) || !server->client.refreshes_diagnostics)
            return reply_later();
        server->must_refresh_diagnostics = true;
    }
    if (state != VIEW_READY) {
        cJSON *empty = document_report("full", (Str){0});
        cJSON_AddArrayToObject(empty, "items");
        return reply_result(empty);
    }
    document->is_pulled = true;
    document->pulled_version = document->version;
    document->pulled_state = state_of(server, document);
    document->pulled_hash = list_hash(list);
    Str id = str_format(&server->scratch, "%016llx", (unsigned long long)document->pulled_hash);
    if (knows_previous && str_equal(id, previous)) {
        cJSON_Delete(list);
        return reply_result(document_report("unchanged", id));
    }
    cJSON *full = document_report("full", id);
    json_add(full, "items", list);
    return reply_result(full);
}
