/* online.h — a consultation that a language model writes: agent, project rules and brief go to it,
 * it looks at files and pages with tools, and what it writes in the end is the report.
 *
 * For a thread that may wait: minutes, and every wait ends within a second of `cancel`. What is
 * shown meanwhile (`on_text`) is not yet checked: whoever shows it says so, and writes it by
 * document_neutralise (consult/check/document.h). */
#ifndef CONSULT_ONLINE_ONLINE_H
#define CONSULT_ONLINE_ONLINE_H

#include "consult/consult.h"
#include "consult/mcp/offer.h"
#include "consult/online/service.h"
#include "consult/tools/tools.h"

typedef struct {
    /* With an agent; its progress and show_path are not used. */
    const Consultation *consultation;
    const Report *offline; /* the computed report, with paths relative to the root */
    const Endpoint *endpoint;
    Http *http;
    Str folder;              /* absolute: the project's root, where tools look and paths start */
    const OpenTextVec *open; /* unsaved texts; may be NULL */
    OnlineLimits limits;
    SearchBackend search;
    McpOffer *mcp;             /* the tools of MCP servers; NULL: none */
    Str date;                  /* "2026-11-23", for the model; absent: not said */
    const atomic_bool *cancel; /* may be NULL */
    /* May be NULL. */
    /* The answer as it comes, of every turn; nothing now and then, while it is waited for. */
    void (*on_text)(void *context, Str text);
    void (*on_restart)(void *context);        /* what came of this turn comes again */
    void (*on_note)(void *context, Str note); /* "Read db/001.sql", "trying again in 3 s" */
    /* Before each question to the model, the first is 1. False in `goes_on`: the text of the turns
     * before is not part of the report. */
    void (*on_turn)(void *context, uint32_t turn, const Usage *so_far, bool goes_on);
    void *context;
    /* Looks at what the model wrote; returns what it is to correct, or absent. NULL: nothing is.
     * What is written then is looked at again. */
    Str (*review)(void *context, Arena *out, Str text);
    void *review_context;
} Online;

typedef struct {
    Str text; /* Markdown; nothing in it is hidden or secret */
    Str model;
    Usage usage;
    uint32_t n_turns, n_tool_calls;
    uint64_t passed_ms;
    StrVec notes; /* what a reader should know: "the answer was cut off" */
} OnlineReport;

/* False: cancelled (ERR_CANCELLED), refused, or no answer; `err` says it. Texts live in `out`. */
WARN_UNUSED bool consult_online(Arena *out, const Online *online, OnlineReport *report, Error *err);

/* The same, and what came is checked against the database and given back to be corrected, at most
 * twice (consult/check/check.h): the report that is shown. NULL: as above. */
WARN_UNUSED Report *consult_checked(Arena *out, const Online *online, Error *err);

/* ---- parts, for tests ---- */

/* What stands before the conversation: the agent's text and what it may do here. */
Str online_system(Arena *out, const Online *online, bool has_files);
/* What is asked: rules, brief, question. */
Str online_question(Arena *out, const Online *online);
/* True where the agent's front matter grants the tool. */
bool agent_grants(const Agent *agent, const char *tool);

#endif
