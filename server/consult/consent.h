/* consent.h — may what is known of a workspace be sent to a model?
 *
 * Nothing of a project leaves the machine before its owner has agreed to the host and the model,
 * once for each workspace; the answer is kept in the user's state folder. On the command line,
 * naming the provider is the consent. A server on this machine needs none, unless a file of the
 * project has named it. Any thread. */
#ifndef CONSULT_CONSENT_H
#define CONSULT_CONSENT_H

#include "consult/providers/endpoint.h"

typedef enum { CONSENT_UNKNOWN, CONSENT_GIVEN, CONSENT_REFUSED } Consent;

bool consent_is_needed(const Endpoint *endpoint);
/* What was answered for this workspace (an absolute path, or a URI). */
Consent consent_find(Str workspace, const Endpoint *endpoint);
/* Keeps an answer; CONSENT_UNKNOWN: forgets it. */
WARN_UNUSED bool consent_keep(Str workspace, const Endpoint *endpoint, Consent consent, Error *err);

/* The question, for a person: one paragraph, plain text. */
Str consent_question(Arena *out, Str workspace, const Endpoint *endpoint);

#endif
