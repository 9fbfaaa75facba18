/* percent.h — percent escapes, as URLs and URIs have them: "a b" is "a%20b".
 *
 * Bytes to bytes, whatever they mean. Results live in the arena given. */
#ifndef BASE_PERCENT_H
#define BASE_PERCENT_H

#include "base/str.h"

/* Everything escaped but ASCII letters, digits and what is in `plain`. */
Str percent_encode(Arena *out, Str text, const char *plain);
/* Escapes resolved; one that is none stays as it is. */
Str percent_decode(Arena *out, Str text);

#endif
