/* fuzz.h — what every fuzz target includes.
 *
 * A target takes bytes and must neither crash nor break what it promises. FUZZ_CHECK states a
 * promise. The same targets run without a fuzzer over tests/fuzz/corpus (replay.c). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition) ((condition) ? (void)0 : fuzz_failed(__FILE__, __LINE__, #condition))

_Noreturn static inline void fuzz_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: broken promise: %s\n", file, line, what);
    abort();
}

/* Input that is taken from the front; when nothing is left, zeros. */
typedef struct {
    const uint8_t *data;
    size_t size;
} FuzzInput;

static inline uint32_t fuzz_byte(FuzzInput *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

static inline uint32_t fuzz_number(FuzzInput *input)
{
    uint32_t high = fuzz_byte(input);
    return high << 8 | fuzz_byte(input);
}

/* The next `length` bytes, or what is left. */
static inline Str fuzz_text(FuzzInput *input, size_t length)
{
    if (length > input->size)
        length = input->size;
    Str text = str_of((const char *)input->data, length);
    input->data += length;
    input->size -= length;
    return text;
}

#endif
