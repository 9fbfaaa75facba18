/* sha256.h — the SHA-256 of some bytes (FIPS 180-4), to name the version of a text.
 *
 * Pure. For hash tables use base/hash.h, which is many times faster. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/str.h"

/* 64 lower-case hexadecimal digits. */
Str sha256_hex(Arena *out, Str bytes);

#endif
