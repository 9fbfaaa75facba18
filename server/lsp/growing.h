/* growing.h — the page of a report that a model is still writing.
 *
 *     lintel:/reports/run-<id>.md
 *
 * What has come so far, and below it the report that Lintel computed, so that there is something to
 * read at once. When the report is done its own page says the same, and this address leads there
 * for the rest of the session. Loop thread. */
#ifndef LSP_GROWING_H
#define LSP_GROWING_H

#include "lsp/server.h"

typedef struct Growing Growing;

/* Shows it, where the client can read pages. Copies all. */
Growing *growing_new(Server *server, Str run, Str model, Str host, Str computed);
void growing_free(Growing *growing); /* NULL is allowed */
/* What it is doing, in a few words. */
void growing_says(Growing *growing, Str status);
/* All that has come, neutralised. */
void growing_has(Growing *growing, Str text);

bool growing_is_shown(const Growing *growing);
bool growing_is(const Growing *growing, Str run);
/* "lintel:/reports/run-<id>.md" */
Str growing_uri(const Growing *growing, Arena *out);
/* The page, in `out`. */
Str growing_page(const Growing *growing, Arena *out);

#endif
