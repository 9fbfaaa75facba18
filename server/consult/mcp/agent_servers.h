/* agent_servers.h — the MCP servers that an agent's front matter declares itself.
 *
 * `mcpServers` is a list of names (of servers configured elsewhere) and of objects with a name and
 * an entry as in .mcp.json; an object of such entries is understood too. Pure. */
#ifndef CONSULT_MCP_AGENT_SERVERS_H
#define CONSULT_MCP_AGENT_SERVERS_H

#include <cjson/cJSON.h>

#include "consult/agent.h"

/* An object as `mcpServers` of .mcp.json is; NULL where there is none, or where the front matter is
 * not strict YAML. The caller frees it. */
cJSON *agent_servers(const Agent *agent);

#endif
