/* revision_order.h — the order in which Alembic would run revisions. Pure. */
#ifndef PROJECT_REVISION_ORDER_H
#define PROJECT_REVISION_ORDER_H

#include "project/revision.h"

/* Fills `order` (room for n) with indexes: parents before children, a branch in one piece, what
 * `revisions` gives first coming first where Alembic would be free. A parent that is not there is
 * ignored, a circle is cut where it closes. Returns how many there are: a revision that is not
 * `is_sure` (it stands in a folder below that of the others) counts only where it is connected
 * with one that is, or where none is sure. Linear in the size of the input. */
uint32_t revision_order(Arena *scratch, const Revision *revisions, const bool *is_sure, uint32_t n,
                        uint32_t *order);

#endif
