/* page.h — what stands around a report that a model has written, and what is shown of it while it
 * grows. Pure. */
#ifndef CONSULT_ONLINE_PAGE_H
#define CONSULT_ONLINE_PAGE_H

#include "base/buf.h"
#include "consult/online/online.h"

/* What of it has come so far, safe to show: nothing in it is active, hidden or secret. */
Str online_partial(Arena *out, Str text);
/* Turns, tool calls, tokens, searches, time: one line, and one for each note. */
void online_footer(Buf *out, const OnlineReport *report);

#endif
