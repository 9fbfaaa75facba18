/* endpoint.h — where a model is asked: which API, which host, which model, with which key.
 *
 * From what the user said (the command line, the editor) and from the environment, never from a
 * file of the project: a repository must not be able to send somebody's key elsewhere. The key is
 * in this struct and nowhere else; endpoint_wipe ends it. */
#ifndef CONSULT_PROVIDERS_ENDPOINT_H
#define CONSULT_PROVIDERS_ENDPOINT_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"
#include "loop/http.h"

typedef enum { API_ANTHROPIC, API_OPENAI } Api;

typedef struct {
    Api api;
    Str url;   /* the whole: ".../v1/messages", ".../chat/completions" */
    Str host;  /* for people */
    Str model; /* as the provider wants it */
    Str key;   /* absent: none */
    bool key_is_bearer;
    bool is_own_cloud; /* api.anthropic.com, api.openai.com: what only they know may be used */
    bool is_local;     /* this machine: nothing leaves it */
} Endpoint;

typedef struct {
    Str provider; /* "anthropic", "openai" */
    Str base_url; /* absent: the environment's, or the provider's own */
    Str model; /* a name, or an alias (opus, sonnet, haiku, fable); absent: the next that is there
                */
    Str project_model; /* after the environment's: what the project's configuration names, or absent
                        */
    Str agent_model; /* after that, in the provider's own cloud: what the agent names, or absent */
    const atomic_bool *cancel; /* of the command that gives the key; may be NULL */
} EndpointWish;

/* Reads the environment: ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL,
 * ANTHROPIC_MODEL; OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL; and where none of a provider's
 * keys is set, runs LINTEL_API_KEY_COMMAND and takes what it prints. Texts live in `out`. Fails
 * where the provider's own cloud is meant and there is no key, or no model is named where none is a
 * default. */
WARN_UNUSED bool endpoint_find(Arena *out, const EndpointWish *wish, Endpoint *endpoint,
                               Error *err);

/* Overwrites the key. */
void endpoint_wipe(Endpoint *endpoint);

/* True where the provider searches the web by itself (Chat.max_searches). */
bool endpoint_can_search(const Endpoint *endpoint);

#endif
