/* servers.h — which MCP servers are configured, and what each would run.
 *
 * From .mcp.json of the folder and those above it, from the home folder's .claude.json (of this
 * project, then of all), and from an agent's own front matter, which comes first. The first of a
 * name counts, whole. Border code: reads the disk and the environment, starts nothing. What is
 * wrong with an entry stands in it; it is never an error. Everything lives in the arena given. */
#ifndef CONSULT_MCP_SERVERS_H
#define CONSULT_MCP_SERVERS_H

#include "base/str.h"
#include "consult/agent.h"

enum {
    SERVERS_MAX = 64,
    SERVERS_MAX_FILE_BYTES = 16 * 1024 * 1024, /* .claude.json keeps much else */
};

typedef struct {
    Str name, value;
} McpPair;
typedef Vec(McpPair) McpPairVec;

/* Which era of the protocol is tried first. */
typedef enum {
    NEGOTIATE_BY_KIND, /* a URL in the newer one, a program in the older one */
    NEGOTIATE_NEWER,
    NEGOTIATE_OLDER,
} McpNegotiation;

typedef struct {
    Str name;
    Str from;   /* the file that declares it */
    Str folder; /* absolute: where its program starts */
    /* A program: command and arguments; or a URL. As they are run, variables put in. */
    Str command;
    StrVec arguments;
    McpPairVec environment; /* beside the few variables that every program gets */
    Str url;                /* absent: a program */
    McpPairVec headers;
    uint32_t timeout_ms; /* of one call; 0: the default */
    McpNegotiation negotiation;
    Str shown;   /* what would be run, as written: for the person who approves it */
    Str sha256;  /* of all that decides what is run */
    Str problem; /* why it cannot be used, one sentence; absent: it can */
} McpServer;
typedef Vec(McpServer) McpServerVec;

typedef struct {
    Str folder;         /* the consulted folder, absolute; absent: no project */
    Str home;           /* absent: no home */
    const Agent *agent; /* may be NULL */
    Str agent_path;     /* of its file; absent for the one in the binary */
} McpPlaces;

/* In the order of their names' first place. Files that cannot be read are told in `problems`. */
McpServerVec servers_find(Arena *out, const McpPlaces *places, StrVec *problems);
/* NULL: none of that name. */
const McpServer *servers_named(const McpServerVec *servers, Str name);

/* A server at a URL that the person named. */
McpServer server_at_url(Arena *out, Str url);

#endif
