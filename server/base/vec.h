/* vec.h — a growing array in an arena.
 *
 *     typedef Vec(Column) ColumnVec;
 *     ColumnVec columns = {0};
 *     VEC_PUSH(arena, &columns, column);
 *     for (uint32_t i = 0; i < columns.n; i++) use(&columns.items[i]);
 *
 * {0} is the empty vector. Growing may move the items: keep indexes, not pointers, while
 * it grows. The arena owns the items. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdint.h>

#include "base/arena.h"

/* clang-format off */
#define Vec(Type) struct { Type *items; uint32_t n, capacity; }
/* clang-format on */

/* Makes room for one more item and counts it; the new item is the last and is zero. */
#define VEC_EXTEND(arena, vec)                                                                     \
    ((vec)->n == (vec)->capacity                                                                   \
         ? (void)((vec)->items =                                                                   \
                      vec_grow((arena), (vec)->items, sizeof *(vec)->items, &(vec)->capacity))     \
         : (void)0,                                                                                \
     (vec)->n++, &(vec)->items[(vec)->n - 1])

#define VEC_PUSH(arena, vec, item) (void)(*VEC_EXTEND((arena), (vec)) = (item))
#define VEC_LAST(vec)              (&(vec)->items[(vec)->n - 1])

/* Doubles `*capacity` and returns the moved items; used by the macros only. */
void *vec_grow(Arena *arena, void *items, size_t item_size, uint32_t *capacity);

/* Removes item `index`, keeping the order of the others. */
#define VEC_REMOVE(vec, index) vec_remove((vec)->items, sizeof *(vec)->items, &(vec)->n, (index))
void vec_remove(void *items, size_t item_size, uint32_t *n, uint32_t index);

#endif
