#include "model/fragment.h"

/* Room for the operations of a statement of usual length without a second chunk: what a
 * statement lowers to is some multiple of its text. */
enum { FRAGMENT_OVERHEAD = 1536, FRAGMENT_GROWTH = 6 };

Fragment *fragment_new_sized(Str text, uint64_t hash, size_t content_bytes)
{
    Arena arena = arena_with_capacity(sizeof(Fragment) + text.length + 32u + content_bytes);
    Fragment *fragment = ARENA_NEW(&arena, Fragment);
    fragment->text = str_copy(&arena, text);
    fragment->hash = hash;
    fragment->arena = arena;
    atomic_init(&fragment->references, 1);
    return fragment;
}

Fragment *fragment_new(Str text, uint64_t hash)
{
    return fragment_new_sized(text, hash,
                              FRAGMENT_OVERHEAD + (size_t)text.length * FRAGMENT_GROWTH);
}

Fragment *fragment_retain(Fragment *fragment)
{
    atomic_fetch_add_explicit(&fragment->references, 1, memory_order_relaxed);
    return fragment;
}

void fragment_release(Fragment *fragment)
{
    if (!fragment || atomic_fetch_sub_explicit(&fragment->references, 1, memory_order_acq_rel) != 1)
        return;
    Arena arena = fragment->arena; /* the struct itself is in it */
    arena_release(&arena);
}
