/* lintel.status {uri?}: what a status line shows: the databases that the document is part of
 * (without a URI: all that are known), and who would be consulted. */
#include "base/json.h"
#include "base/version.h"
#include "consult/online/service.h"
#include "lsp/commands.h"
#include "lsp/folders.h"
#include "lsp/views.h"

static cJSON *database_json(const ServedDatabase *served)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "name", served->database->name);
    json_add_str(json, "dialect", dialect_name(served->database->dialect));
    cJSON *sides = cJSON_AddArrayToObject(json, "sides");
    if (!served->snapshot) {
        cJSON_AddNullToObject(json, "tables");
        return json;
    }
    const Database *database = &served->snapshot->database;
    if (database->migrated)
        json_push(sides, json_string(STR("migrated")));
    if (database->declared)
        json_push(sides, json_string(STR("declared")));
    uint32_t n = 0;
    for (MapEntry *e = map_next(&database->schema->tables, NULL); e;
         e = map_next(&database->schema->tables, e)) {
        const Table *table = e->value;
        n += table_is_base(table) && !table->is_temporary;
    }
    cJSON_AddNumberToObject(json, "tables", n);
    return json;
}

/* Who would be asked; nothing is sent, and no key is looked at but whether there is one. */
static void add_service(const Server *server, cJSON *result, const Config *config)
{
    Arena scratch = {0};
    Error err;
    Endpoint endpoint = {0};
    Service service = service_choose(config, !server->is_untrusted);
    bool has_model = service.writer == WRITER_MODEL;
    json_add_str(result, "provider", has_model ? service.wish.provider : STR("offline"));
    if (has_model && endpoint_find(&scratch, &service.wish, &endpoint, &err))
        json_add_str(result, "model", endpoint.model);
    else
        cJSON_AddNullToObject(result, "model");
    endpoint_wipe(&endpoint);
    arena_release(&scratch);
}

/* Returns the configuration of the first, or NULL. */
static const Config *add_all(const Server *server, cJSON *databases)
{
    const Config *config = NULL;
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        for (const ServedDatabase *served = folder->databases; served; served = served->next) {
            json_push(databases, database_json(served));
            config = config ? config : served->database->config;
        }
    }
    return config;
}

/* LATER: a database of the document is being analysed. */
static ViewState add_of_document(Server *server, Str uri, cJSON *databases, const Config **config)
{
    DocumentViewVec views = {0};
    const Document *document = documents_find(&server->documents, uri);
    ViewState state;
    if (document) {
        state = document_views(server, document, false, &views);
    } else {
        DocumentView view;
        state = file_view(server, uri, &view);
        if (state == VIEW_READY)
            VEC_PUSH(&server->scratch, &views, view);
    }
    for (uint32_t i = 0; i < views.n; i++)
        json_push(databases, database_json(views.items[i].served));
    if (views.n > 0)
        *config = views.items[0].served->database->config;
    return state;
}

Reply command_status(Server *server, const cJSON *argument)
{
    Str uri = json_str(argument, "uri");
    if (file_is_being_opened(server, uri))
        return reply_later(); /* with the settings that it will have */
    const Config *config = NULL;
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "version", STR(LINTEL_VERSION));
    cJSON *databases = cJSON_AddArrayToObject(result, "databases");
    if (str_is_absent(uri)) {
        config = add_all(server, databases);
    } else if (add_of_document(server, uri, databases, &config) == VIEW_LATER) {
        cJSON_Delete(result);
        return reply_later();
    }
    add_service(server, result, config);
    cJSON_AddBoolToObject(result, "trusted", !server->is_untrusted);
    return reply_result(result);
}
