/* tool_list.h — the tools of an MCP server, as it lists them. Pure: JSON to data. */
#ifndef CONSULT_MCP_TOOL_LIST_H
#define CONSULT_MCP_TOOL_LIST_H

#include <cjson/cJSON.h>

#include "loop/http.h"
#include "model/type.h" /* StrVec */

enum {
    TOOL_LIST_MAX = 256,               /* of one server; what is beyond is not there */
    TOOL_SCHEMA_MAX_BYTES = 32 * 1024, /* a tool with a larger one is left out */
    TOOL_MAX_DEPTH = 32,               /* of its schema */
};

/* A parameter that the newer protocol repeats in a header. */
typedef struct {
    StrVec path; /* of the properties that lead to it */
    Str header;  /* "Mcp-Param-Region" */
} McpParameter;
typedef Vec(McpParameter) McpParameterVec;

typedef struct {
    Str name, description;
    Str schema;        /* JSON Schema of its input, as the server wrote it */
    bool says_reading; /* it says that it changes nothing */
    bool says_writing; /* it says that it may */
    McpParameterVec parameters;
    Str sha256; /* of name, description, schema and what it says of itself */
} McpTool;
typedef Vec(McpTool) McpToolVec;

/* Adds the tools of one page ("tools"); those that are malformed are left out. */
void tool_list_add(Arena *out, const cJSON *tools, McpToolVec *list);
/* NULL: none of that name. */
const McpTool *tool_list_find(const McpToolVec *list, Str name);

/* The headers that go with a call. A parameter that is not given, or is null, has none. */
HttpHeaderVec tool_headers(Arena *out, const McpTool *tool, const cJSON *arguments);
/* A header's value: as it is, or in base64 where a header could not carry it. */
Str header_value(Arena *out, Str text);

#endif
