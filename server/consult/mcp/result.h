/* result.h — what an MCP tool has answered, as a text for the model. Pure. */
#ifndef CONSULT_MCP_RESULT_H
#define CONSULT_MCP_RESULT_H

#include <cjson/cJSON.h>

#include "consult/tools/tools.h"

enum { RESULT_MAX_BYTES = 100 * 1024 };

/* Of the result of "tools/call": texts as they are, links as their names and addresses, images and
 * sounds as a mark. Cut at the limit, and says so; not yet cleaned. */
ToolResult result_read(Arena *out, const cJSON *result);

#endif
