#include "base/digest.h"

/* Byte `i` of a number of `n` bytes. */
static uint8_t byte_of(uint64_t number, uint32_t i, uint32_t n, DigestOrder order)
{
    return (uint8_t)(number >> (8 * (order == LOWEST_FIRST ? i : n - 1 - i)));
}

void digest_add(uint32_t *state, Str bytes, DigestOrder order, DigestBlock add_block)
{
    const uint8_t *data = (const uint8_t *)bytes.data;
    uint32_t at = 0;
    for (; bytes.length - at >= DIGEST_BLOCK; at += DIGEST_BLOCK)
        add_block(state, data + at);

    /* The rest, one set bit, zeros, and the length in bits fill one block or two. */
    uint8_t tail[2 * DIGEST_BLOCK] = {0};
    uint32_t n_rest = bytes.length - at;
    if (n_rest > 0)
        memcpy(tail, data + at, n_rest);
    tail[n_rest] = 0x80;
    uint32_t tail_length = n_rest < DIGEST_BLOCK - 8 ? DIGEST_BLOCK : 2 * DIGEST_BLOCK;
    for (uint32_t i = 0; i < 8; i++)
        tail[tail_length - 8 + i] = byte_of((uint64_t)bytes.length * 8, i, 8, order);
    for (uint32_t i = 0; i < tail_length; i += DIGEST_BLOCK)
        add_block(state, tail + i);
}

void digest_hex(const uint32_t *state, uint32_t n_words, DigestOrder order, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (uint32_t i = 0; i < n_words * 4; i++) {
        uint8_t byte = byte_of(state[i / 4], i % 4, 4, order);
        out[2 * i] = digits[byte >> 4];
        out[2 * i + 1] = digits[byte & 15];
    }
}
