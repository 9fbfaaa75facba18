#include "lsp/settings.h"

#include "base/json.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"

enum { MAX_DEPTH = 8 }; /* the deepest key we know has four parts */

static void flatten(Server *server, Str key, const cJSON *json, int depth);

static void flatten_member(Server *server, Str key, Str name, const cJSON *json, int depth)
{
    Arena *arena = &server->settings_arena;
    Str full = key.length == 0
                   ? str_copy(arena, name)
                   : str_format(arena, STR_FMT "." STR_FMT, STR_ARG(key), STR_ARG(name));
    flatten(server, full, json, depth + 1);
}

static void add(Server *server, Str key, Str value)
{
    Setting setting = {.key = key, .value = value};
    VEC_PUSH(&server->settings_arena, &server->settings, setting);
}

static void flatten(Server *server, Str key, const cJSON *json, int depth)
{
    Arena *arena = &server->settings_arena;
    const cJSON *item;
    if (depth > MAX_DEPTH)
        return;
    if (cJSON_IsObject(json)) {
        cJSON_ArrayForEach(item, json)
        {
            if (depth == 0 && str_equal(str_from(item->string), STR("trusted")))
                continue; /* no setting: lifecycle.c */
            flatten_member(server, key, str_from(item->string), item, depth);
        }
    } else if (cJSON_IsArray(json)) {
        uint32_t index = 0;
        cJSON_ArrayForEach(item, json)
        {
            Str number = str_format(arena, "%u", index++);
            if (cJSON_IsObject(item))
                flatten_member(server, key, number, item, depth);
            else
                flatten(server, key, item, depth + 1);
        }
    } else if (cJSON_IsString(json)) {
        add(server, key, str_copy(arena, json_as_str(json)));
    } else if (cJSON_IsNumber(json)) {
        add(server, key, str_format(arena, "%.15g", json->valuedouble));
    } else if (cJSON_IsBool(json)) {
        add(server, key, cJSON_IsTrue(json) ? STR("true") : STR("false"));
    }
}

void settings_set(Server *server, const cJSON *json)
{
    const cJSON *ours = json_get(json, "lintel");
    if (ours)
        json = ours;
    arena_release(&server->settings_arena);
    server->settings = (SettingVec){0};
    if (cJSON_IsObject(json))
        flatten(server, (Str){0}, json, 0);
}

SettingVec settings_copy(const Server *server, Arena *out)
{
    SettingVec copy = {0};
    for (uint32_t i = 0; i < server->settings.n; i++) {
        Setting setting = server->settings.items[i];
        VEC_PUSH(
            out, &copy,
            ((Setting){.key = str_copy(out, setting.key), .value = str_copy(out, setting.value)}));
    }
    return copy;
}

static bool is_same(const Server *server, const SettingVec *other)
{
    if (server->settings.n != other->n)
        return false;
    for (uint32_t i = 0; i < other->n; i++) {
        const Setting *a = &server->settings.items[i];
        const Setting *b = &other->items[i];
        if (!str_equal(a->key, b->key) || !str_equal(a->value, b->value))
            return false;
    }
    return true;
}

static void set_and_reopen(Server *server, const cJSON *json)
{
    SettingVec before = settings_copy(server, &server->scratch);
    settings_set(server, json);
    if (!is_same(server, &before))
        folders_reopen_all(server);
    server_moved_on(server);
}

static void take_answer(void *context, const cJSON *result)
{
    Server *server = context;
    if (server->state == SERVER_RUNNING && cJSON_IsArray(result))
        set_and_reopen(server, cJSON_GetArrayItem(result, 0));
}

void settings_ask(Server *server)
{
    if (!server->client.configuration)
        return;
    cJSON *params = cJSON_CreateObject();
    cJSON *items = cJSON_AddArrayToObject(params, "items");
    cJSON *item = cJSON_CreateObject();
    json_add_str(item, "section", STR("lintel"));
    json_push(items, item);
    rpc_request(server->rpc, "workspace/configuration", params, take_answer, server);
}

/* Clients that answer workspace/configuration say here only that something has changed. */
void handle_configuration(Server *server, const cJSON *params)
{
    if (server->client.configuration)
        settings_ask(server);
    else
        set_and_reopen(server, json_get(params, "settings"));
}
