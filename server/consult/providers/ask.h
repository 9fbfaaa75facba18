/* ask.h — one question to a language model, and its answer, whatever happens on the way.
 *
 * What is temporary (a broken connection, 429, 529, an error in the middle of the stream) is tried
 * again, at most RETRY_MAX_TRIES times; the rest is one sentence that names the host. For a
 * thread that may wait. Nothing of the conversation is logged. */
#ifndef CONSULT_PROVIDERS_ASK_H
#define CONSULT_PROVIDERS_ASK_H

#include "consult/providers/provider.h"

typedef struct {
    Http *http;
    const Endpoint *endpoint;
    BodyOptions options;       /* what the endpoint turned out not to know */
    uint64_t deadline_ms;      /* by loop_now_ms; 0: none */
    const atomic_bool *cancel; /* may be NULL */
    /* The answer's text as it comes; nothing now and then, while it waits, so that who shows it
     * late can catch up. NULL is allowed for each. */
    void (*on_text)(void *context, Str text);
    /* What on_text brought of this answer does not count: it comes again. */
    void (*on_restart)(void *context);
    /* What a person may want to know: "api.example is rate limited; trying again in 3 s". */
    void (*on_note)(void *context, Str note);
    void *context;
} Asker;

/* False: cancelled (ERR_CANCELLED) or no answer (ERR_FAILED). The reply lives in `out`. */
WARN_UNUSED bool ask(Asker *asker, const Chat *chat, Arena *out, Reply *reply, Error *err);

#endif
