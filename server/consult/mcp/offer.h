/* offer.h — the MCP tools of one consultation: what the model may call, and the calling.
 *
 * Only tools that the agent grants, of servers that the user has approved, and never one that says
 * that it changes something. Names, descriptions and results come from strangers: they are bounded,
 * redacted, and stripped of what hides. Nothing that goes wrong here ends a consultation: it is
 * said in a remark, or is a result that the model reads.
 *
 * For a thread that may wait; one consultation's. */
#ifndef CONSULT_MCP_OFFER_H
#define CONSULT_MCP_OFFER_H

#include "consult/mcp/approvals.h"
#include "consult/mcp/connection.h"
#include "consult/mcp/servers.h"
#include "consult/tools/tools.h"

typedef struct McpOffer McpOffer;

/* May it run? Or, where there are `changed` tools: may these be used, which are new, or not what
 * they were when they were approved? */
typedef struct {
    const McpServer *server;
    StrVec changed;
} McpQuestion;

/* The question as a person is asked: a sentence, then what would be run, whole. */
Str question_text(Arena *out, const McpQuestion *question);

typedef struct {
    McpPlaces places;     /* with the agent */
    McpPatience patience; /* on_progress is not used */
    bool is_untrusted;    /* the workspace: then there is nothing */
    /* NULL: nobody can be asked, what is not approved yet is left out. May be called from the
     * thread of offer_open only. */
    bool (*approve)(void *context, const McpQuestion *question);
    void (*on_note)(void *context, Str note); /* "starting context7"; may be NULL */
    void *context;
} McpWish;

/* Starts the servers and lists their tools: seconds. What `wish` points to must outlive the offer.
 */
McpOffer *offer_open(const McpWish *wish);
/* Ends all servers. `is_hasty`: within a second, whatever they do. NULL is allowed. */
void offer_close(McpOffer *offer, bool is_hasty);

/* The functions below allow NULL: an offer of nothing. */

ToolSpecVec offer_specs(const McpOffer *offer);
/* What a reader should know: which servers were left out, and why. */
StrVec offer_remarks(const McpOffer *offer);
/* What the model should know: tools that have another name than its instructions have. */
Str offer_renamings(const McpOffer *offer, Arena *out);
/* True where that entry of the agent's tools leads to a tool that is offered. */
bool offer_covers(const McpOffer *offer, Str entry);

bool offer_has(const McpOffer *offer, Str name);
/* Calls it; `input` is the JSON of an object. Files that it names must be of the confined folder;
 * `confine` is NULL where none may be named. */
ToolResult offer_call(McpOffer *offer, const Confine *confine, Arena *out, Str name, Str input);

#endif
