/* messages.h — JSON-RPC 2.0 as the Model Context Protocol has it on pipes: one message a line.
 *
 * Lines come from bytes that are cut anywhere; a line that is no message is told apart from one.
 * Pure. Limit: MCP_MAX_MESSAGE_BYTES for one line. Both sides use it: our client (link.h) and our
 * server (mcp/). */
#ifndef CONSULT_MCP_MESSAGES_H
#define CONSULT_MCP_MESSAGES_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/str.h"

enum { MCP_MAX_MESSAGE_BYTES = 8 * 1024 * 1024 };

/* {0} will not do: lines_new. */
typedef struct {
    Buf waiting;
    size_t n_used;     /* of waiting: bytes that were given out */
    size_t n_searched; /* of waiting: bytes in which no line ends */
    bool is_skipping;  /* up to the end of a line that was too long */
} Lines;

Lines lines_new(void);
void lines_free(Lines *lines);
void lines_feed(Lines *lines, Str bytes);

typedef enum { LINE_NONE, LINE_WHOLE, LINE_TOO_LONG } LineEvent;

/* Call until LINE_NONE. The line is without its end and lives until the next lines_feed. A line
 * that is too long is reported once, and its rest is dropped. */
LineEvent lines_next(Lines *lines, Str *line);
/* What is left when the input is over: a line without an end. Empty: nothing. */
Str lines_rest(const Lines *lines);

typedef enum {
    MESSAGE_INVALID, /* not JSON, or not of JSON-RPC */
    MESSAGE_REQUEST,
    MESSAGE_NOTIFICATION,
    MESSAGE_RESULT,
    MESSAGE_ERROR,
} MessageKind;

MessageKind message_kind(const cJSON *message);
/* True for a result or an error with that id of ours. */
bool message_answers(const cJSON *message, uint32_t id);

/* Of the protocol's and JSON-RPC's error codes, those that mean something here. */
enum {
    MCP_PARSE_ERROR = -32700,
    MCP_INVALID_REQUEST = -32600,
    MCP_METHOD_NOT_FOUND = -32601,
    MCP_INVALID_PARAMS = -32602,
    MCP_INTERNAL_ERROR = -32603,
    MCP_HEADER_MISMATCH = -32020,
    MCP_CAPABILITY_MISSING = -32021,
    MCP_VERSION_UNSUPPORTED = -32022,
};

/* Whole messages without a line end. They take `params`, `result`; NULL: an empty object, for a
 * notification none. `id` is copied; NULL: null. */
cJSON *message_request(uint32_t id, const char *method, cJSON *params);
cJSON *message_notification(const char *method, cJSON *params);
cJSON *message_result(const cJSON *id, cJSON *result);
cJSON *message_error(const cJSON *id, int code, Str text, cJSON *data);

/* The message as text, in `out`. */
Str message_text(Arena *out, const cJSON *message);

#endif
