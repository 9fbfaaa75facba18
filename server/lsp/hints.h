/* hints.h — schema hints (engine/schema_hints.h) of what is saved and not committed.
 *
 * Loop thread; made by a job for each database that has an open document, when all its open
 * documents are saved. A hint counts only while the text that it was made for is the document's:
 * it goes when one types, and comes back with the next saving, or with undoing. None where the
 * editor does not trust the workspace: git would have to be run there. */
#ifndef LSP_HINTS_H
#define LSP_HINTS_H

#include "engine/schema_hints.h"
#include "lsp/views.h"

typedef struct DatabaseHints DatabaseHints;
typedef struct HintsJob HintsJob;

/* Starts what is due. */
void hints_update(Server *server);
/* The commit may be another one: all are to be made again. */
void hints_expire(Server *server);

/* The hints of a view's document, in scratch; their related places are of the view's snapshot. */
SchemaHintVec hints_of_view(Server *server, const DocumentView *view);
/* Takes the database's hints away; a job on its way comes back to nothing. */
void hints_forget(ServedDatabase *served);

#endif
