/* hash.h — a fast hash of bytes, for tables and for "has this changed".
 *
 * Not for secrets and not against an adversary who can pick keys: maps that hold hostile
 * names stay correct, only slower. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

uint64_t hash_bytes(const void *data, size_t length, uint64_t seed);

static inline uint64_t hash_str(Str s)
{
    return hash_bytes(s.data, s.length, 0);
}

#endif
