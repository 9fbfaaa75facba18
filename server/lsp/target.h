/* target.h — what a request is about: its document, the view of it, the names under its position;
 * and places of a snapshot as the protocol has them.
 *
 * A document may be part of several databases: each has its own word for a name. Scratch. */
#ifndef LSP_TARGET_H
#define LSP_TARGET_H

#include "engine/jumps.h"
#include "lsp/dispatch.h"
#include "lsp/views.h"

/* The open document of params.textDocument, or NULL. */
const Document *request_document(const Server *server, const Request *request);
/* The first current view of the document; false: `*reply` says what to answer instead. */
bool request_view(Server *server, const Document *document, bool accepts_partial,
                  DocumentView *view, Reply *reply);

typedef struct {
    DocumentView view;
    LocatedOccurrence at; /* the name under the cursor */
} Target;
typedef Vec(Target) TargetVec;

/* Of params.textDocument and params.position; there may be none. False: `*reply` says what to
 * answer instead. */
bool request_targets(Server *server, const Request *request, TargetVec *targets, Reply *reply);

/* Makes JSON of locations; remembers the source it was last asked for, so ask in order. */
typedef struct {
    Server *server;
    const DocumentView *view;
    bool has_source;
    uint32_t source;
    Str uri;
    PositionMapper mapper;
} LocationWriter;

Str location_uri(LocationWriter *writer, uint32_t source);
cJSON *location_range(LocationWriter *writer, uint32_t source, Range range);
/* A Location. */
cJSON *location_json(LocationWriter *writer, const Location *location);
/* True the first time that the place comes: databases may share files. {0} is the empty set. */
bool location_is_new(LocationWriter *writer, StrMap *seen, const Location *location);

#endif
