/* provider.h — what tells one API from another: the request's head and body, and the events of its
 * stream.
 *
 * Pure: ask.h does the rest for all of them (sending, retrying, cancelling). To add an API: one
 * file with a const Provider, a line in provider_of, its quirks in tests/consult/streams/. */
#ifndef CONSULT_PROVIDERS_PROVIDER_H
#define CONSULT_PROVIDERS_PROVIDER_H

#include "consult/providers/assembly.h"
#include "consult/providers/endpoint.h"

typedef struct {
    bool no_cache_marks; /* for gateways that do not know them */
} BodyOptions;

typedef struct {
    /* Adds the headers beside content-type and accept; texts live in `out`. */
    void (*headers)(Arena *out, const Endpoint *endpoint, HttpHeaderVec *headers);
    void (*body)(Buf *out, const Endpoint *endpoint, const Chat *chat, BodyOptions options);
    /* Takes one event. Events that it does not know are nothing. */
    void (*take)(Assembly *assembly, const SseEvent *event);
} Provider;

extern const Provider provider_anthropic, provider_openai;

static inline const Provider *provider_of(const Endpoint *endpoint)
{
    return endpoint->api == API_ANTHROPIC ? &provider_anthropic : &provider_openai;
}

/* ---- for providers ---- */

/* "authorization: Bearer …" where there is a key. */
void provider_add_bearer(Arena *out, const Endpoint *endpoint, HttpHeaderVec *headers);

/* An event's data as JSON, owned by the caller; NULL, and a fault of the assembly, where it is
 * none. */
cJSON *provider_event_json(Assembly *assembly, Str data);

/* The message of an error in any of the shapes that servers use, or absent. */
Str provider_error_text(Arena *out, const cJSON *body);

/* A fault of the assembly: the error that `body` tells of, or one sentence that says so. */
void provider_take_error(Assembly *assembly, FaultKind kind, const cJSON *body);

/* Adds the JSON of a call's input that comes whole. */
void provider_take_object(Assembly *assembly, Growing *call, const cJSON *input);

/* The whole number, or 0. */
uint64_t provider_count(const cJSON *object, const char *key);

/* {"type":"object",…} of a text that is known to be JSON. */
cJSON *provider_raw(Str json);

#endif
