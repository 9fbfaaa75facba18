/* consultations.h — running consultations.
 *
 * Loop thread; the consultation itself is a job. What comes of it is a report (reports.h). */
#ifndef LSP_CONSULTATIONS_H
#define LSP_CONSULTATIONS_H

#include "lsp/dispatch.h"
#include "lsp/views.h"

/* lintel.consult: {uri, range?, scope?, table?, question?}. */
Reply consultations_run(Server *server, const Request *request, const cJSON *argument);
/* lintel.cancelConsultation; true where one was running. */
bool consultations_cancel_all(Server *server);
/* $/cancelRequest of the request that started one. */
void consultations_cancel_request(Server *server, const cJSON *id);
/* The page of a report that grows, in `out`: by its id, or "latest". Absent where none does. */
Str consultations_page(const Server *server, Str id, Arena *out);
void consultations_free(Server *server);

#endif
