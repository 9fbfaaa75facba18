#include "base/hash.h"

#include <string.h>

/* Eight bytes at a time through a multiply and an xor-shift (the finaliser's constants are
 * those of the splitmix64 generator). */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return x;
}

uint64_t hash_bytes(const void *data, size_t length, uint64_t seed)
{
    const unsigned char *at = data;
    uint64_t state = mix(seed ^ (length * UINT64_C(0x9e3779b97f4a7c15)));
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        state = mix(state ^ word);
        at += 8;
        length -= 8;
    }
    if (length > 0) {
        uint64_t word = 0;
        memcpy(&word, at, length);
        state = mix(state ^ word);
    }
    return state;
}
