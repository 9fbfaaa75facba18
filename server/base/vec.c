#include "base/vec.h"

#include <string.h>

#include "base/panic.h"

void *vec_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity)
{
    CHECK(*capacity < UINT32_MAX / 2);
    /* Large items mostly come alone: an operation, a finding's fix. Names come in ones and twos. */
    uint32_t first = item_size >= 40 ? 1 : item_size >= 24 ? 2 : 4;
    uint32_t larger = *capacity ? *capacity * 2 : first;
    void *moved = arena_grow(arena, items, item_size * *capacity, item_size * larger);
    *capacity = larger;
    return moved;
}

void vec_remove(void *items, size_t item_size, uint32_t *n, uint32_t index)
{
    CHECK(index < *n);
    unsigned char *at = (unsigned char *)items + item_size * index;
    memmove(at, at + item_size, item_size * (*n - index - 1));
    (*n)--;
    memset((unsigned char *)items + item_size * *n, 0, item_size);
}
