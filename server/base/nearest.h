/* nearest.h — the name that a misspelt one was probably meant to be.
 *
 * For "did you mean": commands, options, configuration keys, rules. Pure; no memory. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/str.h"

/* Letters to insert, delete, replace or swap with their neighbour to get from `a` to `b`, ASCII
 * case ignored. Names longer than 64 bytes are infinitely far (UINT32_MAX) unless equal. */
uint32_t edit_distance(Str a, Str b);

/* True where `candidate` is near enough to `name` to be proposed: a third of its letters. */
bool is_near(Str name, Str candidate, uint32_t distance);

/* The nearest of `names`, the first of several; absent where none is near. */
Str nearest_name(Str name, const Str *names, uint32_t n_names);

#endif
