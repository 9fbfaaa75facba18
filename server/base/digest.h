/* digest.h — what MD5 and SHA-256 have in common: blocks of 64 bytes, the last ones filled up with
 * one set bit, zeros and the length. Pure. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/str.h"

enum { DIGEST_BLOCK = 64 };

/* Mixes one block into the state. */
typedef void (*DigestBlock)(uint32_t *state, const uint8_t block[DIGEST_BLOCK]);

/* Which byte of a number comes first: the lowest in MD5, the highest in SHA-256. */
typedef enum { LOWEST_FIRST, HIGHEST_FIRST } DigestOrder;

/* Adds all bytes, and what fills them up. */
void digest_add(uint32_t *state, Str bytes, DigestOrder order, DigestBlock add_block);
/* 8 lower-case hexadecimal digits for each of the `n_words` numbers. */
void digest_hex(const uint32_t *state, uint32_t n_words, DigestOrder order, char *out);

#endif
