/* suppress.h — the comment that switches a rule off for one finding. Pure. */
#ifndef ENGINE_SUPPRESS_H
#define ENGINE_SUPPRESS_H

#include "engine/analyse.h"

/* The edit that writes it: a line above, in the language of the file, or one more rule in the
 * comment that is there. Tried out first; false where no such comment would count (inside a
 * string, say). Strings in `out`. */
bool suppress_edit(Arena *out, const Snapshot *snapshot, const Finding *finding, TextEdit *edit);

#endif
