/* diagnostics.h — findings as diagnostics: pushed, or pulled where the client can. */
#ifndef LSP_DIAGNOSTICS_H
#define LSP_DIAGNOSTICS_H

#include "lsp/views.h"

/* Tells the client of every open document whose diagnostics are new. */
void diagnostics_push(Server *server);
/* Asks a client that pulls to do so again, where it was told what no longer holds. */
void diagnostics_refresh(Server *server);
/* The document is being closed: takes its diagnostics away. */
void diagnostics_clear(Server *server, const Document *document);

/* One finding of a view as an LSP Diagnostic. */
cJSON *diagnostic_json(Server *server, PositionMapper *mapper, const DocumentView *view,
                       const Finding *finding, const DiagnosticAbilities *abilities);

/* True where the settings ask for findings on saving only, and the document is not saved. */
bool diagnostics_wait_for_save(Server *server, const Document *document);

/* True in SQL for what squawk reports too, where its server runs in the same editor. */
bool finding_is_squawks(const DocumentView *view, const Finding *finding);
/* True for what editors are not told: that, and what the finding before says of another table. */
bool finding_is_left_out(const DocumentView *view, const Finding *finding);
/* Those of one source: half-open, of the snapshot's sorted findings. */
Range findings_of_source(const Snapshot *snapshot, uint32_t source);
/* All diagnostics of one file, of which `text` is the text and `views` are the views; the items are
 * printed already. The caller owns the list. */
cJSON *diagnostics_of_views(Server *server, const Text *text, const DocumentViewVec *views,
                            const DiagnosticAbilities *abilities);

/* The URI of a source of a view's snapshot, in scratch. */
Str source_uri(Server *server, const DocumentView *view, uint32_t source);

#endif
