/* link.h — the wire to an MCP server: a program's pipes, or HTTP.
 *
 * One request at a time, its answer, and what the server says meanwhile: progress goes to the
 * caller, a ping is answered, every other request of the server's is refused. Knows framing,
 * sessions and time; what the messages mean is connection.h's. For a thread that may wait.
 *
 * A server is not trusted: it may be silent, endless, slow, or send what was not asked for. Every
 * wait ends: with the answer, at a limit, or within a fifth of a second of `cancel`. */
#ifndef CONSULT_MCP_LINK_H
#define CONSULT_MCP_LINK_H

#include <stdatomic.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "consult/mcp/servers.h"
#include "loop/http.h"

enum {
    LINK_MAX_ANSWER_BYTES = 32 * 1024 * 1024, /* all that comes until the answer is there */
    LINK_MAX_ASKED = 1000,                    /* requests of the server's during one of ours */
    LINK_MAX_RECONNECTS = 5,                  /* of a stream that breaks before its answer */
};

typedef struct McpLink McpLink;

typedef struct {
    uint32_t idle_ms;          /* the longest silence: progress ends it, rubbish does not */
    uint32_t total_ms;         /* all of it */
    const atomic_bool *cancel; /* may be NULL */
    /* What the server says of its progress; may be NULL. */
    void (*on_progress)(void *context, Str message);
    void *context;
} LinkWait;

typedef struct {
    const cJSON *message; /* with the id below */
    uint32_t id;
    Str name;                 /* what is called or read, for the header Mcp-Name; absent: none */
    HttpHeaderVec parameters; /* Mcp-Param-…: only the newer protocol sends them */
} LinkRequest;

/* ERR_NOT_FOUND of a request: the link is gone, and a new one may help. */

/* Starts the server's program. */
McpLink *link_to_program(const McpServer *server, Error *err) WARN_UNUSED;
/* Connects with the first request. */
McpLink *link_to_url(const McpServer *server);

/* The answer: a result or an error of JSON-RPC. The caller frees it. NULL: there is none, `err`
 * says why (ERR_CANCELLED where `cancel` became true; the server was told). */
cJSON *link_request(McpLink *link, const LinkRequest *request, const LinkWait *wait,
                    Error *err) WARN_UNUSED;
/* Says something that has no answer. What becomes of it nobody learns. */
void link_notify(McpLink *link, const cJSON *message);

/* What the protocol's revision asks of each HTTP request from now on; "2025-11-25". */
void link_set_version(McpLink *link, Str version, bool is_modern);

/* Ends the session and the program; with `is_hasty` within half a second, else the program has
 * some seconds to end by itself. NULL is allowed. */
void link_close(McpLink *link, bool is_hasty);

/* ---- for the two kinds ---- */

typedef struct {
    cJSON *(*request)(McpLink *link, const LinkRequest *request, const LinkWait *wait, Error *err);
    void (*notify)(McpLink *link, const cJSON *message);
    void (*close)(McpLink *link, bool is_hasty);
} LinkKind;

struct McpLink {
    Arena arena;
    const LinkKind *kind;
    const McpServer *server;
    Str version; /* absent: not settled yet */
    bool is_modern;
};

typedef enum { TAKEN_ANSWER, TAKEN_PROGRESS, TAKEN_REQUEST, TAKEN_RUBBISH } LinkTaken;

/* What a message is for the request that waits; progress is passed on. */
LinkTaken link_take(const LinkRequest *request, const LinkWait *wait, const cJSON *message);
/* Our answer to a request of the server's. The caller frees it. */
cJSON *link_answer_to(const cJSON *message);
/* "notifications/cancelled" for a request. The caller frees it. */
cJSON *link_cancellation(uint32_t id);
bool link_is_cancelled(const LinkWait *wait);
/* The server's own words for an error of ours: short, on one line, nothing hidden or secret in it.
 */
Str link_quote(Arena *out, Str text);

#endif
