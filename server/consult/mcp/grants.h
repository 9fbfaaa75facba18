/* grants.h — which tools of MCP servers an agent may use. Pure.
 *
 * The agent's lists name them as "mcp__server__tool", or all of a server's as "mcp__server" or
 * "mcp__server__*"; an agent without a list of tools has all of every server. */
#ifndef CONSULT_MCP_GRANTS_H
#define CONSULT_MCP_GRANTS_H

#include "consult/agent.h"
#include "consult/mcp/tool_list.h"

/* True where the agent names any tool of that server. */
bool grants_server(const Agent *agent, Str server);

typedef enum {
    GRANT_NONE,
    GRANT_ALL,   /* it is one of those that are meant by the server's name */
    GRANT_NAMED, /* the agent names it */
    GRANT_ALIAS, /* the agent names what it was called before */
} ToolGrant;

/* `tools`: all of the server's. With GRANT_ALIAS `*named` is what the agent calls it. */
ToolGrant grants_tool(const Agent *agent, Str server, const McpTool *tool, const McpToolVec *tools,
                      Str *named);
/* True where that entry of the agent's list is some tool of that server, or all of them. */
bool grant_names(Str entry, Str server);
/* True where that entry of the agent's list is that tool, or all of its server's. */
bool grant_covers(Str entry, Str server, Str tool);

/* The name by which the model calls it: letters, digits, _ and -, at most 64. */
Str grant_wire_name(Arena *out, Str server, Str tool);

#endif
