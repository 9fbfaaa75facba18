/* service.h — who writes a report in an editor, and within which limits: from settings, environment
 * and trust.
 *
 * Any thread; reads the environment, runs and sends nothing. */
#ifndef CONSULT_ONLINE_SERVICE_H
#define CONSULT_ONLINE_SERVICE_H

#include "config/config.h"
#include "consult/providers/endpoint.h"

typedef enum {
    WRITER_LINTEL,    /* nobody has asked for a model */
    WRITER_UNTRUSTED, /* the workspace is not trusted: no model is asked, whatever is configured */
    WRITER_MODEL,
} Writer;

typedef struct {
    Writer writer;
    bool is_automatic; /* nobody has named the provider: its key is in the environment */
    EndpointWish wish; /* WRITER_MODEL: for endpoint_find; its agent_model is not set */
} Service;

/* `config` may be NULL; the wish's texts are its own. The user's settings come before those of the
 * project, and `offline` in the user's is final. */
Service service_choose(const Config *config, bool is_trusted);

/* 0: the default of each. */
typedef struct {
    uint32_t max_turns;    /* questions to the model; 40, or the agent's own */
    uint32_t max_minutes;  /* 10 */
    uint64_t max_tokens;   /* read anew and written, of all turns together; 400,000 */
    uint32_t max_searches; /* 8 */
    uint32_t max_fetches;  /* 20 */
} OnlineLimits;

/* The limits that are configured, none of them endless. `config` may be NULL. */
OnlineLimits service_limits(const Config *config);
/* "2026-11-23"; absent where there is no clock. */
Str service_date(Arena *out);

#endif
