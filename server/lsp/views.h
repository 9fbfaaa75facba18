/* views.h — what is known of a document: the databases it is part of, and their snapshots.
 *
 * A document that no project knows (untitled, in no folder, of an unknown layout) is a
 * database by itself: a *loose* one. The same is used, as a partial view, to answer a hover
 * while the project is still being read; findings are never taken from a partial view,
 * because what it lacks would look like mistakes of the user's. */
#ifndef LSP_VIEWS_H
#define LSP_VIEWS_H

#include "lsp/served.h"

typedef struct {
    ServedDatabase *served;
    uint32_t source; /* index into served->database->sources */
} DocumentUse;
typedef Vec(DocumentUse) DocumentUseVec;

/* In scratch. */
DocumentUseVec document_uses(Server *server, const Document *document);
/* The document's text has changed, or it was opened or closed. */
void views_document_changed(Server *server, const Document *document);

typedef struct {
    ServedDatabase *served;
    const Snapshot *snapshot; /* valid until the loop goes on */
    uint32_t source;          /* index into the snapshot's sources */
    bool is_partial;
} DocumentView;
typedef Vec(DocumentView) DocumentViewVec;

typedef enum {
    VIEW_READY, /* views, at least one */
    VIEW_LATER, /* being analysed */
    VIEW_NONE,  /* not a text that we know anything of */
} ViewState;

/* Current views only, in scratch. */
ViewState document_views(Server *server, const Document *document, bool accepts_partial,
                         DocumentViewVec *views);
/* The first of them. */
ViewState document_view(Server *server, const Document *document, bool accepts_partial,
                        DocumentView *view);

/* The same of a file that need not be open, by its URI; never partial. Of a folder: the view of the
 * first file below it. */
ViewState file_view(Server *server, Str uri, DocumentView *view);

/* A number that changes with each new snapshot of what the document is part of; 0: of nothing. */
uint64_t document_snapshots(Server *server, const Document *document);

/* Starts the analysis of what open documents and requests need. */
void views_update(Server *server);
/* A request needs this database analysed. */
void served_ask(ServedDatabase *served);
/* Lets go of a document that was closed. */
void views_close(Server *server, Str uri);
void views_free(Server *server);

/* True where squawk's server answers for SQL files too: what it says is not said again. */
bool view_is_beside_squawk(const DocumentView *view);

bool document_is_sql(const Document *document);
/* SQL, and what by its text is a Prisma schema, a module with models, or a revision: worth looking
 * for its project. Other Python files are left to their own servers. */
bool document_may_be_source(const Document *document);

#endif
