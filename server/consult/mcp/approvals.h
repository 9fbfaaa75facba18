/* approvals.h — which MCP servers the user lets run, and which tools they had then.
 *
 * One small file for each in the user's state folder, named by the hash of what the server would
 * run: another command, argument, variable or address is another server and asked about anew. No
 * repository can approve itself. */
#ifndef CONSULT_MCP_APPROVALS_H
#define CONSULT_MCP_APPROVALS_H

#include "base/error.h"
#include "consult/mcp/servers.h"
#include "consult/mcp/tool_list.h"

typedef struct {
    bool is_given;
    bool has_tools;   /* they were listed at least once since */
    McpPairVec tools; /* name and hash */
} Approval;

Approval approval_find(Arena *out, const McpServer *server);
/* Keeps it, with the tools that it has now; NULL: they are not known yet. */
bool approval_keep(const McpServer *server, const McpToolVec *tools, Error *err) WARN_UNUSED;
/* From now on it is asked about again. */
bool approval_forget(const McpServer *server, Error *err) WARN_UNUSED;
/* True where this tool was there, and the same. */
bool approval_knows(const Approval *approval, const McpTool *tool);

#endif
