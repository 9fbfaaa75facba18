/* consult_model.h — `lintel consult --provider anthropic|openai`: the report that a model writes.
 *
 * Naming the provider is the consent: before anything is sent, a line on stderr says what goes to
 * which host. What is printed was checked (consult/check/). */
#ifndef CLI_CONSULT_MODEL_H
#define CLI_CONSULT_MODEL_H

#include "cli/workspace.h"
#include "consult/consult.h"
#include "consult/mcp/offer.h"
#include "consult/providers/endpoint.h"

typedef struct {
    Endpoint endpoint;
    Http *http;
    McpOffer *mcp;
    const atomic_bool *cancel; /* set by an interrupt; NULL: no model */
    bool shows_notes;          /* stderr is a terminal */
} ModelConsultant;

/* Finds host, model and key; nothing is sent yet. `config` and `agent` may name a model too. */
WARN_UNUSED bool model_begin(ModelConsultant *model, Arena *arena, const Arguments *arguments,
                             const Config *config, const Agent *agent, Error *err);
/* Starts the MCP servers that the agent names. On a terminal, those that are not approved yet are
 * asked about; else they are left out, which is said. */
void model_offer_tools(ModelConsultant *model, Str folder, const AgentCandidate *agent);
/* The checked report of one database, in `out`; NULL: `err` says why there is none. */
WARN_UNUSED Report *model_consult(ModelConsultant *model, Arena *out, const LoadedDatabase *loaded,
                                  const Consultation *consultation, Error *err);
void model_end(ModelConsultant *model);

#endif
