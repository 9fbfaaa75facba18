#include "lsp/capabilities.h"

#include "base/json.h"
#include "lsp/names.h"

/* A capability that is an object. Editors written in Lua send an empty one as []. */
static bool is_there(const cJSON *capability)
{
    return cJSON_IsObject(capability) || cJSON_IsArray(capability);
}

static DiagnosticAbilities diagnostic_abilities(const cJSON *capability)
{
    return (DiagnosticAbilities){
        .related_information = json_is_true(capability, "relatedInformation"),
        .tags = is_there(json_get(capability, "tagSupport")),
        .code_description = json_is_true(capability, "codeDescriptionSupport"),
        .data = json_is_true(capability, "dataSupport"),
    };
}

ClientAbilities client_abilities(const cJSON *capabilities)
{
    const cJSON *document = json_get(capabilities, "textDocument");
    const cJSON *workspace = json_get(capabilities, "workspace");
    const cJSON *window = json_get(capabilities, "window");
    const cJSON *push = json_get(document, "publishDiagnostics");
    const cJSON *pull = json_get(document, "diagnostic");
    const cJSON *action = json_get(document, "codeAction");
    bool offers_utf8 =
        json_has(json_path(capabilities, "general", "positionEncodings", NULL), "utf-8");
    return (ClientAbilities){
        .encoding = offers_utf8 ? ENCODING_UTF8 : ENCODING_UTF16,
        .pulls_diagnostics = is_there(pull),
        .refreshes_diagnostics = json_is_true(json_get(workspace, "diagnostics"), "refreshSupport"),
        .refreshes_lenses = json_is_true(json_get(workspace, "codeLens"), "refreshSupport"),
        .pushed = diagnostic_abilities(push),
        .pulled = diagnostic_abilities(pull),
        .versions_in_push = json_is_true(push, "versionSupport"),
        .hover_markdown = json_has(json_path(document, "hover", "contentFormat", NULL), "markdown"),
        .action_literals = is_there(json_get(action, "codeActionLiteralSupport")),
        .action_is_preferred = json_is_true(action, "isPreferredSupport"),
        .action_data = json_is_true(action, "dataSupport"),
        .definition_links = json_is_true(json_get(document, "definition"), "linkSupport"),
        .symbol_trees =
            json_is_true(json_get(document, "documentSymbol"), "hierarchicalDocumentSymbolSupport"),
        .shows_references =
            json_has(json_path(capabilities, "experimental", "commands", "commands", NULL),
                     COMMAND_SHOW_REFERENCES),
        .inlay_hints = is_there(json_get(document, "inlayHint")),
        .completion = is_there(json_get(document, "completion")),
        .document_changes = json_is_true(json_get(workspace, "workspaceEdit"), "documentChanges"),
        .configuration = json_is_true(workspace, "configuration"),
        .registers_configuration =
            json_is_true(json_get(workspace, "didChangeConfiguration"), "dynamicRegistration"),
        .registers_watched_files =
            json_is_true(json_get(workspace, "didChangeWatchedFiles"), "dynamicRegistration"),
        .workspace_folders = json_is_true(workspace, "workspaceFolders"),
        .progress = json_is_true(window, "workDoneProgress"),
        .show_document = json_is_true(json_get(window, "showDocument"), "support"),
        .text_document_content = is_there(json_get(workspace, "textDocumentContent")),
        .document_links = is_there(json_get(document, "documentLink")),
    };
}

static cJSON *strings(const char *const *items)
{
    cJSON *array = cJSON_CreateArray();
    for (; *items; items++)
        json_push(array, json_string(str_from(*items)));
    return array;
}

static cJSON *sync_options(void)
{
    enum { INCREMENTAL = 2 };
    cJSON *sync = cJSON_CreateObject();
    cJSON_AddTrueToObject(sync, "openClose");
    cJSON_AddNumberToObject(sync, "change", INCREMENTAL);
    cJSON_AddFalseToObject(cJSON_AddObjectToObject(sync, "save"), "includeText");
    return sync;
}

static cJSON *workspace_options(const ClientAbilities *client)
{
    cJSON *workspace = cJSON_CreateObject();
    if (client->workspace_folders) {
        cJSON *folders = cJSON_AddObjectToObject(workspace, "workspaceFolders");
        cJSON_AddTrueToObject(folders, "supported");
        cJSON_AddTrueToObject(folders, "changeNotifications");
    }
    if (client->text_document_content) {
        static const char *const schemes[] = {PAGE_SCHEME, NULL};
        cJSON *content = cJSON_AddObjectToObject(workspace, "textDocumentContent");
        json_add(content, "schemes", strings(schemes));
    }
    return workspace;
}

cJSON *server_capabilities(const ClientAbilities *client)
{
    static const char *const action_kinds[] = {"quickfix", KIND_FIX_ALL, KIND_CONSULT_HERE,
                                               KIND_CONSULT_FILE, NULL};
    static const char *const commands[] = {
        COMMAND_CONSULT,     COMMAND_CANCEL,  COMMAND_OPEN_REPORT,
        COMMAND_SHOW_SCHEMA, COMMAND_EXPLAIN, COMMAND_ROADMAP,
        COMMAND_REPORTS,     COMMAND_STATUS,  NULL};
    cJSON *result = cJSON_CreateObject();
    cJSON *capabilities = cJSON_AddObjectToObject(result, "capabilities");
    bool is_utf8 = client->encoding == ENCODING_UTF8;
    json_add_str(capabilities, "positionEncoding", is_utf8 ? STR("utf-8") : STR("utf-16"));
    json_add(capabilities, "textDocumentSync", sync_options());
    cJSON_AddTrueToObject(capabilities, "hoverProvider");
    cJSON_AddTrueToObject(capabilities, "definitionProvider");
    cJSON_AddTrueToObject(capabilities, "referencesProvider");
    cJSON_AddTrueToObject(capabilities, "documentHighlightProvider");
    cJSON_AddTrueToObject(capabilities, "documentSymbolProvider");
    cJSON_AddTrueToObject(capabilities, "workspaceSymbolProvider");
    cJSON_AddTrueToObject(capabilities, "foldingRangeProvider");
    /* Only our own pages have some. */
    if (client->text_document_content && client->document_links)
        cJSON_AddObjectToObject(capabilities, "documentLinkProvider");
    cJSON_AddTrueToObject(cJSON_AddObjectToObject(capabilities, "codeLensProvider"),
                          "resolveProvider");
    if (client->completion) {
        static const char *const triggers[] = {"(", "\"", "'", ".", NULL};
        json_add(cJSON_AddObjectToObject(capabilities, "completionProvider"), "triggerCharacters",
                 strings(triggers));
    }
    if (client->inlay_hints)
        cJSON_AddTrueToObject(capabilities, "inlayHintProvider");
    if (client->action_literals) {
        cJSON *actions = cJSON_AddObjectToObject(capabilities, "codeActionProvider");
        json_add(actions, "codeActionKinds", strings(action_kinds));
    } else {
        cJSON_AddTrueToObject(capabilities, "codeActionProvider");
    }
    if (client->pulls_diagnostics) {
        cJSON *diagnostics = cJSON_AddObjectToObject(capabilities, "diagnosticProvider");
        json_add_str(diagnostics, "identifier", STR("lintel"));
        cJSON_AddTrueToObject(diagnostics, "interFileDependencies");
        cJSON_AddTrueToObject(diagnostics, "workspaceDiagnostics");
    }
    cJSON *command = cJSON_AddObjectToObject(capabilities, "executeCommandProvider");
    json_add(command, "commands", strings(commands));
    cJSON_AddTrueToObject(command, "workDoneProgress");
    json_add(capabilities, "workspace", workspace_options(client));
    cJSON *info = cJSON_AddObjectToObject(result, "serverInfo");
    json_add_str(info, "name", STR("lintel"));
    json_add_str(info, "version", STR(LINTEL_VERSION));
    return result;
}
