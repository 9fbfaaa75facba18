/* session.h — a message of the client's to the answer it gets. Pure but for what the tools read. */
#ifndef MCP_SESSION_H
#define MCP_SESSION_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "base/str.h"

typedef struct {
    bool is_greeted; /* by a handshake: then a request need not say of which revision it is */
    Str version;     /* of the handshake */
} McpSession;

/* The answer to one message, which the caller frees; NULL: it has none. `message` is NULL where it
 * was not JSON. */
cJSON *session_answer(McpSession *session, const cJSON *message);

#endif
