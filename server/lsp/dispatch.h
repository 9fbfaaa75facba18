/* dispatch.h — from a message to its handler, and back to an answer.
 *
 * A request's handler returns a Reply. One that cannot be answered before an analysis is done
 * returns reply_later(): it is asked again each time something has moved on, until it is
 * answered, cancelled, or the document it is about has changed (then the client is told so,
 * as its positions mean nothing any more). One that answers by itself keeps a copy of the id
 * and returns reply_taken(). */
#ifndef LSP_DISPATCH_H
#define LSP_DISPATCH_H

#include "lsp/server.h"

typedef struct {
    enum { REPLY_RESULT, REPLY_ERROR, REPLY_LATER, REPLY_TAKEN } kind;
    cJSON *result; /* NULL: null */
    RpcCode code;
    Str message;
} Reply;

typedef struct {
    const cJSON *id, *params;
} Request;

typedef Reply RequestHandler(Server *server, const Request *request);
typedef void NotificationHandler(Server *server, const cJSON *params);

/* Takes `result`. */
static inline Reply reply_result(cJSON *result)
{
    return (Reply){.kind = REPLY_RESULT, .result = result};
}

/* Takes `list`: null where nothing is in it. */
static inline Reply reply_list(cJSON *list)
{
    if (list->child)
        return reply_result(list);
    cJSON_Delete(list);
    return reply_result(NULL);
}

static inline Reply reply_error(RpcCode code, Str message)
{
    return (Reply){.kind = REPLY_ERROR, .code = code, .message = message};
}

static inline Reply reply_invalid(Str message)
{
    return reply_error(RPC_INVALID_PARAMS, message);
}

static inline Reply reply_later(void)
{
    return (Reply){.kind = REPLY_LATER};
}

static inline Reply reply_taken(void)
{
    return (Reply){.kind = REPLY_TAKEN};
}

/* One body of the base protocol; overwritten. */
void dispatch_body(Server *server, char *body, uint32_t length);
/* Asks the waiting requests again. */
void dispatch_retry(Server *server);
/* Ends every waiting request with an error. */
void dispatch_drop_all(Server *server);

#endif
