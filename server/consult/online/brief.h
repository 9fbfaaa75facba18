/* brief.h — what a model is told of a database before it asks anything.
 *
 * Not the repository: the tables as the sources leave them, what the rules found, what queries ask,
 * and the report that Lintel computed, the consulted part first, within a budget. Paths are
 * relative to the project's root, as the tools want them. Secrets are redacted. Pure. */
#ifndef CONSULT_ONLINE_BRIEF_H
#define CONSULT_ONLINE_BRIEF_H

#include "consult/consult.h"

enum { BRIEF_MAX_BYTES = 160 * 1024 /* some 40,000 tokens */ };

/* `offline` is the computed report of the same consultation. Lives in `out`. */
Str brief_write(Arena *out, const Consultation *consultation, const Report *offline);

#endif
