/* uri.h — file: URIs and paths.
 *
 * Results live in the arena given. Clients write one file in several ways (%3A or :, upper
 * or lower hex), so documents are compared by path where there is one. */
#ifndef LSP_URI_H
#define LSP_URI_H

#include "base/str.h"

/* The absolute path of a file: URI; absent for other schemes and for a host that is not
 * "localhost". */
Str uri_to_path(Arena *out, Str uri);
Str uri_from_path(Arena *out, Str path);
/* A path as a URI holds it, without a scheme. */
Str uri_encode(Arena *out, Str path);
/* "lintel" of "lintel:/reports/latest.md"; absent where there is none. */
Str uri_scheme(Str uri);

#endif
