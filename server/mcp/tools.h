/* tools.h — what our MCP server can be asked. Each tool reads the working folder anew. */
#ifndef MCP_TOOLS_H
#define MCP_TOOLS_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/error.h"
#include "cli/workspace.h"

enum { ANSWER_MAX_JSON_BYTES = 16 * 1024 * 1024 };

/* What a tool has to say. The buffers are the caller's. */
typedef struct {
    Buf text;         /* for the model */
    cJSON *structure; /* the same as data; NULL: none. The caller frees it */
} ToolAnswer;

typedef struct {
    const char *name, *title, *description;
    const char *input;  /* JSON Schema */
    const char *output; /* of `structure`; NULL: not said */
    /* `arguments` is an object or NULL. False: `err` says why, for the model. */
    bool (*run)(const cJSON *arguments, ToolAnswer *answer, Error *err);
} ServedTool;

extern const ServedTool tool_lint, tool_schema, tool_explain, tool_report;

bool tools_have(Str name);
/* Results of the protocol, which the caller frees. */
cJSON *tools_list(void);
/* Without `has_structure` only the text: older clients know nothing else. */
cJSON *tools_call(Str name, const cJSON *arguments, bool has_structure);

/* ---- for tools ---- */

/* Takes the paths of an argument that is a path or a list of them; all must lie in the working
 * folder, links followed. None where it is not given. */
bool answer_paths(Arena *out, const cJSON *arguments, const char *key, OperandVec *paths,
                  Error *err) WARN_UNUSED;
/* What is printed as JSON, in a buffer of at most ANSWER_MAX_JSON_BYTES, as data; NULL where it was
 * too large. */
cJSON *answer_structure(const Buf *json);
/* The text argument, in `out`; absent: not given. Fails where it is something else. */
bool answer_word(Arena *out, const cJSON *arguments, const char *key, Str *word,
                 Error *err) WARN_UNUSED;

#endif
