#include "lsp/actions.h"

#include "base/json.h"
#include "lsp/diagnostics.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/target.h"

/* `only` names kinds, each standing for those below it too; absent: all. */
bool actions_want(const ActionList *actions, Str kind)
{
    const cJSON *only = json_get(actions->context, "only");
    if (!cJSON_IsArray(only))
        return true;
    const cJSON *item;
    cJSON_ArrayForEach(item, only)
    {
        Str wanted = json_as_str(item);
        if (str_is_empty(wanted) || str_equal(kind, wanted) ||
            (str_starts_with(kind, wanted) && kind.data[wanted.length] == '.'))
            return true;
    }
    return false;
}

/* ---- fixes ---- */

static cJSON *edit_json(ActionList *actions, const TextEdit *edit)
{
    Server *server = actions->server;
    uint32_t source = edit->location.source;
    PositionMapper other = *actions->mapper;
    if (source != actions->view->source)
        other = position_mapper(actions->view->snapshot->sources.items[source].file->text,
                                server->client.encoding, &server->scratch);
    cJSON *json = cJSON_CreateObject();
    json_add(json, "range", position_range_to_json(&other, edit->location.range));
    json_add_str(json, "newText", edit->text);
    return json;
}

/* The list of edits of one document, made on first use. */
static cJSON *edits_of(ActionList *actions, cJSON *edit, uint32_t source)
{
    Server *server = actions->server;
    Str uri = source_uri(server, actions->view, source);
    if (!server->client.document_changes) {
        char *key = str_to_c(&server->scratch, uri);
        cJSON *changes = cJSON_GetObjectItemCaseSensitive(edit, "changes");
        if (!changes)
            changes = cJSON_AddObjectToObject(edit, "changes");
        cJSON *list = cJSON_GetObjectItemCaseSensitive(changes, key);
        return list ? list : cJSON_AddArrayToObject(changes, key);
    }
    cJSON *changes = cJSON_GetObjectItemCaseSensitive(edit, "documentChanges");
    if (!changes)
        changes = cJSON_AddArrayToObject(edit, "documentChanges");
    cJSON *item;
    cJSON_ArrayForEach(item, changes)
    {
        if (str_equal(json_as_str(json_path(item, "textDocument", "uri", NULL)), uri))
            return cJSON_GetObjectItemCaseSensitive(item, "edits");
    }
    item = cJSON_CreateObject();
    json_push(changes, item);
    cJSON *identifier = cJSON_AddObjectToObject(item, "textDocument");
    json_add_str(identifier, "uri", uri);
    const Document *document = documents_find(&server->documents, uri);
    json_add(identifier, "version",
             document ? cJSON_CreateNumber(document->version) : cJSON_CreateNull());
    return cJSON_AddArrayToObject(item, "edits");
}

/* The client's own copy of the finding's diagnostic, so that it can tell which one an action
 * answers; ours where it has sent none. */
static cJSON *diagnostic_of(ActionList *actions, const Finding *finding)
{
    Range ours = finding->location.range;
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(actions->context, "diagnostics"))
    {
        Range theirs;
        if (position_range_from_json(actions->mapper, json_get(item, "range"), &theirs) &&
            theirs.start == ours.start && theirs.end == ours.end &&
            str_equal(json_as_str(json_get(item, "code")), finding->rule))
            return cJSON_Duplicate(item, 1);
    }
    return diagnostic_json(actions->server, actions->mapper, actions->view, finding,
                           &actions->server->client.pushed);
}

cJSON *actions_add(ActionList *actions, Str title, const char *kind, const Finding *finding)
{
    cJSON *action = cJSON_CreateObject();
    json_add_str(action, "title", title);
    json_add_str(action, "kind", str_from(kind));
    if (finding)
        json_push(cJSON_AddArrayToObject(action, "diagnostics"), diagnostic_of(actions, finding));
    json_push(actions->result, action);
    return action;
}

void actions_edit(ActionList *actions, cJSON *edit, const TextEdit *change)
{
    json_push(edits_of(actions, edit, change->location.source), edit_json(actions, change));
}

bool actions_touch(const ActionList *actions, const Finding *finding)
{
    Range range = finding->location.range;
    return finding->location.source == actions->view->source && range.start <= actions->range.end &&
           actions->range.start <= range.end;
}

static void add_fix(ActionList *actions, const Finding *finding, const Fix *fix)
{
    cJSON *action = actions_add(actions, fix->title, "quickfix", finding);
    if (actions->server->client.action_is_preferred && fix->is_preferred)
        cJSON_AddTrueToObject(action, "isPreferred");
    cJSON *edit = cJSON_AddObjectToObject(action, "edit");
    for (uint32_t i = 0; i < fix->edits.n; i++)
        actions_edit(actions, edit, &fix->edits.items[i]);
    if (actions->server->client.action_data)
        json_add_str(cJSON_AddObjectToObject(action, "data"), "rule", finding->rule);
}

static void add_fixes(ActionList *actions)
{
    if (!actions->server->client.action_literals || !actions_want(actions, STR("quickfix")))
        return;
    const FindingVec *findings = &actions->view->snapshot->findings;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->items[i];
        if (!actions_touch(actions, finding) || finding_is_left_out(actions->view, finding))
            continue;
        for (uint32_t k = 0; k < finding->fixes.n; k++)
            add_fix(actions, finding, &finding->fixes.items[k]);
    }
}

/* ---- consulting ---- */

/* Takes `argument`. */
static void add_consultation(ActionList *actions, const char *kind, Str about, cJSON *argument)
{
    Str title = str_format(&actions->server->scratch, "Consult database architect about " STR_FMT,
                           STR_ARG(about));
    cJSON *command = cJSON_CreateObject();
    json_add_str(command, "title", title);
    json_add_str(command, "command", STR(COMMAND_CONSULT));
    json_push(cJSON_AddArrayToObject(command, "arguments"), argument);
    if (!actions->server->client.action_literals) {
        json_push(actions->result, command);
        return;
    }
    cJSON *action = cJSON_CreateObject();
    json_add_str(action, "title", title);
    json_add_str(action, "kind", str_from(kind));
    json_add(action, "command", command);
    json_push(actions->result, action);
}

static cJSON *argument(const ActionList *actions, Str scope)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "uri", actions->document->uri);
    json_add_str(json, "scope", scope);
    return json;
}

static void add_consultations(ActionList *actions)
{
    Arena *scratch = &actions->server->scratch;
    if (actions_want(actions, STR(KIND_CONSULT_HERE))) {
        if (!range_is_empty(actions->range)) {
            cJSON *json = argument(actions, STR("selection"));
            json_add(json, "range", cJSON_Duplicate(json_get(actions->params, "range"), 1));
            add_consultation(actions, KIND_CONSULT_HERE, STR("the selection"), json);
        }
        const Snapshot *snapshot = actions->view->snapshot;
        const Table *table =
            snapshot_table_at(snapshot, actions->view->source, actions->range.start);
        if (table) {
            cJSON *json = argument(actions, STR("table"));
            json_add_str(json, "table", table_full_name(scratch, table));
            Str title = table_title(scratch, snapshot->database.schema, table);
            add_consultation(actions, KIND_CONSULT_HERE, title, json);
        }
    }
    if (actions_want(actions, STR(KIND_CONSULT_FILE))) {
        add_consultation(actions, KIND_CONSULT_FILE, STR("this file"),
                         argument(actions, STR("file")));
        if (actions->view->snapshot->sources.n > 1)
            add_consultation(actions, KIND_CONSULT_FILE, STR("the whole database"),
                             argument(actions, STR("database")));
    }
}

Reply handle_code_action(Server *server, const Request *request)
{
    const Document *document = request_document(server, request);
    if (!document)
        return reply_result(NULL);
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    Range range;
    if (!position_range_from_json(&mapper, json_get(request->params, "range"), &range))
        return reply_invalid(STR("range is missing or no range"));
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, false, &view, &reply))
        return reply;
    ActionList actions = {.server = server,
                          .document = document,
                          .view = &view,
                          .mapper = &mapper,
                          .params = request->params,
                          .context = json_get(request->params, "context"),
                          .range = range,
                          .result = cJSON_CreateArray()};
    add_fixes(&actions);
    actions_add_suppressions(&actions);
    actions_add_fix_all(&actions);
    add_consultations(&actions);
    return reply_result(actions.result);
}
