/* fix_conflicts.h — fixes that would change the same text.
 *
 * "Fix all" applies fixes of several findings at once, so no two may change the same text, but
 * as alternatives of one finding. The later finding stands back: it has its fix again when the
 * earlier one is answered or suppressed. Any thread. */
#ifndef ENGINE_FIX_CONFLICTS_H
#define ENGINE_FIX_CONFLICTS_H

#include "findings/finding.h"

/* Drops fixes; `findings` are in the order in which they are shown, their edits located. Edits that
 * only put text in between are in nobody's way. O(edits log edits). */
void fix_conflicts_drop(FindingVec *findings);

#endif
