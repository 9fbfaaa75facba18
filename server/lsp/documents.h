/* documents.h — the texts that the client has open.
 *
 * Loop thread. Owns the documents; a document holds one Text, its newest version. Two URIs
 * that name one file are one document. */
#ifndef LSP_DOCUMENTS_H
#define LSP_DOCUMENTS_H

#include <cjson/cJSON.h>

#include "lsp/position.h"

typedef struct Document Document;
struct Document {
    Arena arena;
    Str uri;      /* as the client writes it */
    Str path;     /* absolute; absent where the URI is no file's */
    Str language; /* the client's language id */
    int32_t version;
    Text *text;
    bool was_sought;   /* its project has been opened since the document was */
    bool is_no_source; /* by its text, as far as it was looked at since that changed: views.c */
    bool is_changed;   /* since it was opened or saved */
    /* What the client was told last, to not tell it twice. */
    uint64_t pushed_hash, pushed_state;
    int32_t pushed_version;
    bool is_pushed;
    uint64_t pulled_hash, pulled_state;
    int32_t pulled_version;
    bool is_pulled;
    uint64_t lens_state; /* document_snapshots, of when its lenses were asked for */
    int32_t lens_version;
    bool has_lenses;
    Document *next;
};

typedef struct {
    Document *first; /* newest first */
} Documents;

Document *documents_find(const Documents *documents, Str uri);
Document *documents_find_path(const Documents *documents, Str path);
/* Copies everything. A document that is open already is replaced. */
Document *documents_open(Documents *documents, Str uri, Str language, int32_t version, Str text);
void documents_close(Documents *documents, Document *document);
void documents_free(Documents *documents);

/* Applies contentChanges in order; `texts` of the changes may live in `scratch`. A change
 * that makes no sense is left out, and false comes back. */
bool document_apply(Document *document, const cJSON *changes, int32_t version,
                    PositionEncoding encoding, Arena *scratch);

#endif
