#include "base/hash.h"

#include <string.h>

/* Eight bytes at a time through one multiply and an xor-shift, which is quick; the finaliser of
 * the splitmix64 generator spreads the result over all bits. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return x;
}

static uint64_t add_word(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return state ^ state >> 32;
}

uint64_t hash_bytes(const void *data, size_t length, uint64_t seed)
{
    const unsigned char *at = data;
    uint64_t state = add_word(seed, length + 1);
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        state = add_word(state, word);
        at += 8;
        length -= 8;
    }
    if (length > 0) {
        uint64_t word = 0;
        memcpy(&word, at, length);
        state = add_word(state, word);
    }
    return mix(state);
}
