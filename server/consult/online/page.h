/* page.h — the Markdown of a report that a model has written: what must be known of it first, the
 * report, and what it took. The command line and the editor show the same. Pure. */
#ifndef CONSULT_ONLINE_PAGE_H
#define CONSULT_ONLINE_PAGE_H

#include "base/buf.h"
#include "consult/online/online.h"

void online_page(Buf *out, const Endpoint *endpoint, const OnlineReport *report);
/* Turns, tool calls, tokens, searches, time, cost: one line, and one for each note. */
void online_footer(Buf *out, const OnlineReport *report);

#endif
