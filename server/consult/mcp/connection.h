/* connection.h — one MCP server that we speak to, in whichever of the protocol's two eras.
 *
 * The older one (to 2025-11-25) begins with a handshake and may keep a session; the newer one
 * (2026-07-28) says in each request which revision it is of. A URL is asked in the newer one first;
 * a program in the older one, because programs of that time may not answer what they do not
 * know, unless its entry says otherwise.
 *
 * For a thread that may wait. What the server says is not trusted; what comes out of here is
 * bounded, but not yet cleaned (offer.h does that). */
#ifndef CONSULT_MCP_CONNECTION_H
#define CONSULT_MCP_CONNECTION_H

#include "consult/mcp/link.h"
#include "consult/mcp/tool_list.h"

typedef struct McpConnection McpConnection;

typedef struct {
    uint32_t start_ms; /* to be ready; 0: what MCP_TIMEOUT of the environment says, or 30 s */
    uint32_t idle_ms;  /* silence in a call; 0: 60 s */
    uint32_t call_ms;  /* all of a call; 0: 300 s, or what the server's entry says */
    const atomic_bool *cancel;
    void (*on_progress)(void *context, Str message); /* of a call; may be NULL */
    void *context;
} McpPatience;

/* Starts or reaches the server and settles the era. NULL: `err` says why. `server` must outlive it.
 */
McpConnection *mcp_connect(const McpServer *server, const McpPatience *patience,
                           Error *err) WARN_UNUSED;
/* `is_hasty`: within half a second, whatever the server does. NULL is allowed. */
void mcp_disconnect(McpConnection *connection, bool is_hasty);

/* "2025-11-25". */
Str mcp_version(const McpConnection *connection);

/* All the server's tools, in `out`. ERR_CANCELLED where it was cancelled. */
bool mcp_list_tools(McpConnection *connection, Arena *out, McpToolVec *tools,
                    Error *err) WARN_UNUSED;

/* Calls a tool; `arguments` is an object. The result is an object as "tools/call" has it, which the
 * caller frees. NULL: there is none; `err` says why, in the server's words where it refused. A
 * server that has ended, or lost our session, is started or asked once more; where its tools are
 * then no longer those of `known` it is an error. */
cJSON *mcp_call(McpConnection *connection, const McpTool *tool, const cJSON *arguments,
                const McpToolVec *known, Error *err) WARN_UNUSED;

#endif
