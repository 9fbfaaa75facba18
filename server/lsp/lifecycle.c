#include "base/json.h"
#include "base/log.h"
#include "lsp/consultations.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/reports.h"
#include "lsp/settings.h"
#include "lsp/uri.h"

static void add_folders(Server *server, const cJSON *params)
{
    const cJSON *folders = json_get(params, "workspaceFolders");
    if (cJSON_IsArray(folders)) {
        const cJSON *folder;
        cJSON_ArrayForEach(folder, folders)
        {
            folders_add(server, json_str(folder, "uri"));
        }
        return;
    }
    Str root = json_str(params, "rootUri");
    Str path = json_str(params, "rootPath");
    if (str_is_absent(root) && str_starts_with(path, STR("/")))
        root = uri_from_path(&server->scratch, path);
    if (!str_is_absent(root))
        folders_add(server, root);
}

Reply handle_initialize(Server *server, const Request *request)
{
    if (server->state != SERVER_NEW)
        return reply_error(RPC_INVALID_REQUEST, STR("initialize was sent before"));
    server->state = SERVER_RUNNING;
    server->client = client_abilities(json_get(request->params, "capabilities"));
    const cJSON *options = json_get(request->params, "initializationOptions");
    server->is_untrusted = cJSON_IsFalse(json_get(options, "trusted"));
    settings_set(server, options);
    add_folders(server, request->params);
    return reply_result(server_capabilities(&server->client));
}

static cJSON *registration(const char *method, const char *id)
{
    cJSON *item = cJSON_CreateObject();
    json_add_str(item, "id", str_from(id));
    json_add_str(item, "method", str_from(method));
    return item;
}

/* More than matters: that depends on the layout, and project_is_affected drops the rest. */
static cJSON *watcher_options(void)
{
    static const char *const globs[] = {"**/*.{sql,ddl,prisma,py}", "**/lintel.yaml",
                                        "**/.gitignore", "**/.git/{HEAD,logs/HEAD}",
                                        "**/{migration_lock.toml,_journal.json,config.toml}"};
    cJSON *options = cJSON_CreateObject();
    cJSON *watchers = cJSON_AddArrayToObject(options, "watchers");
    for (unsigned i = 0; i < sizeof globs / sizeof *globs; i++) {
        cJSON *watcher = cJSON_CreateObject();
        json_add_str(watcher, "globPattern", str_from(globs[i]));
        json_push(watchers, watcher);
    }
    return options;
}

static void register_methods(Server *server)
{
    cJSON *params = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(params, "registrations");
    if (server->client.registers_watched_files) {
        cJSON *item = registration("workspace/didChangeWatchedFiles", "lintel-files");
        json_add(item, "registerOptions", watcher_options());
        json_push(list, item);
    }
    if (server->client.registers_configuration) {
        cJSON *item = registration("workspace/didChangeConfiguration", "lintel-settings");
        json_add_str(cJSON_AddObjectToObject(item, "registerOptions"), "section", STR("lintel"));
        json_push(list, item);
    }
    if (cJSON_GetArraySize(list) > 0)
        rpc_request(server->rpc, "client/registerCapability", params, NULL, NULL);
    else
        cJSON_Delete(params);
}

void handle_initialized(Server *server, const cJSON *params)
{
    (void)params;
    register_methods(server);
    settings_ask(server);
    folders_start(server);
    reports_load(server);
}

Reply handle_shutdown(Server *server, const Request *request)
{
    (void)request;
    server->state = SERVER_SHUT_DOWN;
    consultations_cancel_all(server);
    dispatch_drop_all(server);
    return reply_result(NULL);
}

void lifecycle_exit(Server *server)
{
    server->exit_status = server->state == SERVER_SHUT_DOWN ? 0 : 1;
    loop_stop(server->loop);
}
