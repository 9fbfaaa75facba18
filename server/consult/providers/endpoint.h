/* endpoint.h — where a model is asked: which API, which host, which model, with which key.
 *
 * From what the user said (the command line, the editor) and from the environment. A file of the
 * project may name a server too, but no key ever goes there: a repository must not be able to send
 * somebody's key elsewhere. The key is in this struct and nowhere else; endpoint_wipe ends it. */
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
    Str key_command; /* prints the key (endpoint_unlock); absent: none is needed */
    bool
        is_foreign; /* a file of the project has named the server: ask before anything goes there */
    bool is_own_cloud; /* api.anthropic.com, api.openai.com: what only they know may be used */
    bool is_local;     /* this machine: nothing leaves it */
} Endpoint;

typedef struct {
    Str provider;    /* "anthropic", "openai" */
    Str base_url;    /* absent: the environment's, or the project's, or the provider's own */
    Str project_url; /* what the project's configuration names, or absent */
    Str model; /* a name, or an alias (opus, sonnet, haiku, fable); absent: the next that is there
                */
    Str project_model; /* after the environment's: what the project's configuration names, or absent
                        */
    Str agent_model; /* after that, in the provider's own cloud: what the agent names, or absent */
    Str key_command; /* where no key is in the environment; absent: LINTEL_API_KEY_COMMAND */
} EndpointWish;

/* Reads the environment: ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL,
 * ANTHROPIC_MODEL; OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL; LINTEL_API_KEY_COMMAND. Runs
 * nothing. Texts live in `out`. Fails where the provider's own cloud is meant and there is no way
 * to a key, or no model is named where none is a default. */
WARN_UNUSED bool endpoint_find(Arena *out, const EndpointWish *wish, Endpoint *endpoint,
                               Error *err);
/* Where a command gives the key: runs it, and takes what it prints. `cancel` may be NULL. */
WARN_UNUSED bool endpoint_unlock(Arena *out, Endpoint *endpoint, const atomic_bool *cancel,
                                 Error *err);

/* The provider whose key is in the environment; absent: none is. */
Str endpoint_provider_of_environment(void);

/* Overwrites the key. */
void endpoint_wipe(Endpoint *endpoint);

/* True where the provider searches the web by itself (Chat.max_searches). */
bool endpoint_can_search(const Endpoint *endpoint);

#endif
