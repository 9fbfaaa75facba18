/* protocol.h — which revisions of the Model Context Protocol Lintel speaks, and who it says it is.
 *
 * Both sides use it: our client (connection.h) and our server (mcp/). */
#ifndef CONSULT_MCP_PROTOCOL_H
#define CONSULT_MCP_PROTOCOL_H

#include <cjson/cJSON.h>

#include "base/str.h"

/* The newer era: no handshake, every request says of which revision it is. */
#define PROTOCOL_NEWER "2026-07-28"
/* The newest revision with a handshake. */
#define PROTOCOL_OLDER "2025-11-25"

/* What a request or a result of the newer era says in its "_meta". */
#define PROTOCOL_KEY_VERSION      "io.modelcontextprotocol/protocolVersion"
#define PROTOCOL_KEY_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"
#define PROTOCOL_KEY_CLIENT       "io.modelcontextprotocol/clientInfo"
#define PROTOCOL_KEY_SERVER       "io.modelcontextprotocol/serverInfo"

/* The revision with a handshake that has this name, as a text that lives for ever; absent: we speak
 * none of that name. */
Str protocol_older(Str name);

/* Name, title and version of Lintel, for either side. The caller frees it. */
cJSON *protocol_self(void);

#endif
