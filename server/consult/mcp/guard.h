/* guard.h — what no MCP tool may be made to do: write a file, or be handed one that is not the
 * project's. */
#ifndef CONSULT_MCP_GUARD_H
#define CONSULT_MCP_GUARD_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "consult/mcp/tool_list.h"
#include "consult/tools/confine.h"

enum { GUARD_MAX_FILES = 200 /* that one call may name, patterns put in */ };

/* The schema as a model's provider takes it: of an object, and without the parameters by which a
 * file is written. */
Str guard_schema(Arena *out, const McpTool *tool);
/* Changes `arguments` (an object) to what may be sent: names and patterns of files become the
 * absolute paths of the project's files that they mean. `confine` is NULL where there are no files
 * to be named. False: it may not be sent, and why. */
bool guard_arguments(Arena *out, const Confine *confine, const McpTool *tool, cJSON *arguments,
                     Error *err) WARN_UNUSED;

#endif
