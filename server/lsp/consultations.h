/* consultations.h — running consultations, and the reports of those that are done.
 *
 * Loop thread; the consultation itself is a job. Reports are kept in memory, the newest
 * MAX_REPORTS, and each is also a file below the user's state folder, for clients that cannot
 * show a document without a file. A report's id comes from its content: the same
 * consultation of the same schema is the same report. */
#ifndef LSP_CONSULTATIONS_H
#define LSP_CONSULTATIONS_H

#include "lsp/dispatch.h"
#include "lsp/views.h"
#include "report/report.h"

typedef struct StoredReport StoredReport;
struct StoredReport {
    Arena arena;
    Str id;
    Report *report;      /* for hovers; NULL never */
    Str markdown, json;  /* as pages */
    Str markdown_path;   /* the file; absent where it could not be written */
    Str root;            /* of the project it is about; absent for a loose document */
    Str database;        /* its name */
    uint64_t made_at_ms; /* of loop_now_ms */
    StoredReport *older;
};

/* lintel.consult: {uri, range?, scope?, table?, question?}. */
Reply consultations_run(Server *server, const Request *request, const cJSON *argument);
/* lintel.cancelConsultation; true where one was running. */
bool consultations_cancel_all(Server *server);
/* $/cancelRequest of the request that started one. */
void consultations_cancel_request(Server *server, const cJSON *id);
/* NULL where there is none. `id` absent or "latest": the newest. */
const StoredReport *consultations_find(const Server *server, Str id);
/* The newest report about a database, or NULL. */
const StoredReport *consultations_about(const Server *server, const ServedDatabase *served);
/* Opens a report in the editor, as well as it can be. */
void consultations_show(Server *server, const StoredReport *stored);
void consultations_free(Server *server);

#endif
