#include "lsp/rpc.h"

#include "base/json.h"
#include "base/log.h"
#include "base/vec.h"

typedef struct {
    int32_t id;
    RpcCallback *callback;
    void *context;
} PendingRequest;

struct Rpc {
    Arena arena;
    Loop *loop;
    int32_t last_id;
    Vec(PendingRequest) pending;
};

Rpc *rpc_new(Loop *loop)
{
    Rpc *rpc = ARENA_OWNER_NEW(Rpc);
    rpc->loop = loop;
    return rpc;
}

void rpc_free(Rpc *rpc)
{
    arena_owner_free(&rpc->arena);
}

/* Takes `message`. */
static void send(Rpc *rpc, cJSON *message)
{
    Buf body = buf_with_max(LOOP_MAX_OUTPUT_BYTES);
    json_print(message, &body);
    cJSON_Delete(message);
    Buf header = buf_with_max(64);
    buf_format(&header, "Content-Length: %zu\r\n\r\n", body.length);
    loop_write(rpc->loop, buf_str(&header));
    loop_write(rpc->loop, buf_str(&body));
    buf_free(&header);
    buf_free(&body);
}

static cJSON *new_message(void)
{
    cJSON *message = cJSON_CreateObject();
    json_add_str(message, "jsonrpc", STR("2.0"));
    return message;
}

static void add_id(cJSON *message, const cJSON *id)
{
    json_add(message, "id", id ? cJSON_Duplicate(id, 0) : cJSON_CreateNull());
}

void rpc_answer(Rpc *rpc, const cJSON *id, cJSON *result)
{
    cJSON *message = new_message();
    add_id(message, id);
    json_add(message, "result", result ? result : cJSON_CreateNull());
    send(rpc, message);
}

void rpc_refuse(Rpc *rpc, const cJSON *id, RpcCode code, Str text)
{
    cJSON *message = new_message();
    add_id(message, id);
    cJSON *error = cJSON_AddObjectToObject(message, "error");
    cJSON_AddNumberToObject(error, "code", code);
    json_add_str(error, "message", text);
    send(rpc, message);
}

void rpc_notify(Rpc *rpc, const char *method, cJSON *params)
{
    cJSON *message = new_message();
    json_add_str(message, "method", str_from(method));
    if (params)
        json_add(message, "params", params);
    send(rpc, message);
}

void rpc_request(Rpc *rpc, const char *method, cJSON *params, RpcCallback *callback, void *context)
{
    PendingRequest request = {.id = ++rpc->last_id, .callback = callback, .context = context};
    VEC_PUSH(&rpc->arena, &rpc->pending, request);
    cJSON *message = new_message();
    cJSON_AddNumberToObject(message, "id", request.id);
    json_add_str(message, "method", str_from(method));
    if (params)
        json_add(message, "params", params);
    send(rpc, message);
}

void rpc_take_response(Rpc *rpc, const cJSON *message)
{
    int32_t id;
    bool is_ours = json_int(message, "id", &id);
    for (uint32_t i = 0; is_ours && i < rpc->pending.n; i++) {
        PendingRequest request = rpc->pending.items[i];
        if (request.id != id)
            continue;
        VEC_REMOVE(&rpc->pending, i);
        if (request.callback)
            request.callback(request.context, json_get(message, "result"));
        return;
    }
    LOG_WARN("lsp", "got an answer to a request that was never made");
}
