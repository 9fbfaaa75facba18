/* rpc.h — JSON-RPC 2.0 over the loop's output: answers, notifications, our own requests.
 *
 * Loop thread. "Takes" params and results: they are freed here. */
#ifndef LSP_RPC_H
#define LSP_RPC_H

#include <cjson/cJSON.h>

#include "loop/loop.h"

typedef enum {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_METHOD_NOT_FOUND = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_INTERNAL_ERROR = -32603,
    RPC_NOT_INITIALIZED = -32002,
    RPC_REQUEST_FAILED = -32803,
    RPC_SERVER_CANCELLED = -32802,
    RPC_CONTENT_MODIFIED = -32801,
    RPC_REQUEST_CANCELLED = -32800,
} RpcCode;

typedef struct Rpc Rpc;

Rpc *rpc_new(Loop *loop);
void rpc_free(Rpc *rpc);

/* Takes `result`; NULL is the result null. */
void rpc_answer(Rpc *rpc, const cJSON *id, cJSON *result);
/* `id` NULL: null, for messages whose id could not be read. */
void rpc_refuse(Rpc *rpc, const cJSON *id, RpcCode code, Str message);
/* Takes `params`; NULL: none. */
void rpc_notify(Rpc *rpc, const char *method, cJSON *params);

/* `result` is NULL where the client answered with an error; else it may be JSON's null. */
typedef void RpcCallback(void *context, const cJSON *result);
/* Takes `params`. `callback` may be NULL. */
void rpc_request(Rpc *rpc, const char *method, cJSON *params, RpcCallback *callback, void *context);
/* Calls the callback that waits for this answer; an unknown id is logged. */
void rpc_take_response(Rpc *rpc, const cJSON *message);

#endif
