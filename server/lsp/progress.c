#include "lsp/progress.h"

#include "base/json.h"

enum { MAX_MESSAGE_BYTES = 200 };

struct Progress {
    Arena arena;
    Server *server;
    cJSON *token; /* owned */
    Str title;
    char message[MAX_MESSAGE_BYTES];
    uint32_t message_length, percent;
    bool is_cancellable;
    bool is_asking; /* the client has not said yet whether it shows the token */
    bool has_begun, is_over;
};

static void send(Progress *progress, const char *kind)
{
    cJSON *params = cJSON_CreateObject();
    json_add(params, "token", cJSON_Duplicate(progress->token, 0));
    cJSON *value = cJSON_AddObjectToObject(params, "value");
    json_add_str(value, "kind", str_from(kind));
    bool is_begin = str_equal(str_from(kind), STR("begin"));
    if (is_begin) {
        json_add_str(value, "title", progress->title);
        cJSON_AddBoolToObject(value, "cancellable", progress->is_cancellable);
    }
    if (progress->message_length > 0)
        json_add_str(value, "message", str_of(progress->message, progress->message_length));
    if (!progress->is_over)
        cJSON_AddNumberToObject(value, "percentage", progress->percent);
    rpc_notify(progress->server->rpc, "$/progress", params);
}

static void begin(Progress *progress)
{
    progress->has_begun = true;
    send(progress, "begin");
}

static void free_progress(Progress *progress)
{
    cJSON_Delete(progress->token);
    arena_owner_free(&progress->arena);
}

static void take_answer(void *context, const cJSON *result)
{
    Progress *progress = context;
    progress->is_asking = false;
    if (progress->is_over)
        free_progress(progress);
    else if (result)
        begin(progress);
}

Progress *progress_start(Server *server, const cJSON *token, Str title, bool is_cancellable)
{
    if (!token && !server->client.progress)
        return NULL;
    Progress *progress = ARENA_OWNER_NEW(Progress);
    progress->server = server;
    progress->title = str_copy(&progress->arena, title);
    progress->is_cancellable = is_cancellable;
    if (token) {
        progress->token = cJSON_Duplicate(token, 0);
        begin(progress);
        return progress;
    }
    progress->token = json_string(str_format(&progress->arena, "lintel-%u", ++server->next_token));
    progress->is_asking = true;
    cJSON *params = cJSON_CreateObject();
    json_add(params, "token", cJSON_Duplicate(progress->token, 0));
    rpc_request(server->rpc, "window/workDoneProgress/create", params, take_answer, progress);
    return progress;
}

static void set_message(Progress *progress, Str message)
{
    progress->message_length =
        message.length < MAX_MESSAGE_BYTES ? message.length : MAX_MESSAGE_BYTES;
    if (progress->message_length > 0)
        memcpy(progress->message, message.data, progress->message_length);
}

void progress_report(Progress *progress, Str message, uint32_t percent)
{
    if (!progress)
        return;
    set_message(progress, message);
    if (percent > progress->percent)
        progress->percent = percent < 100 ? percent : 100;
    if (progress->has_begun)
        send(progress, "report");
}

void progress_end(Progress *progress, Str message)
{
    if (!progress)
        return;
    set_message(progress, message);
    progress->is_over = true;
    if (progress->has_begun)
        send(progress, "end");
    if (!progress->is_asking)
        free_progress(progress);
}

bool progress_has_token(const Progress *progress, const cJSON *token)
{
    return progress && cJSON_Compare(progress->token, token, 1);
}
