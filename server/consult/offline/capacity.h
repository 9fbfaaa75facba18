/* capacity.h — how wide rows are, and what that makes of the expected number of them. */
#ifndef CONSULT_OFFLINE_CAPACITY_H
#define CONSULT_OFFLINE_CAPACITY_H

#include "consult/offline/offline.h"

typedef struct {
    uint32_t row_bytes;   /* on disk, with header, padding and line pointer */
    uint32_t padding;     /* lost to alignment */
    uint32_t saved;       /* by the best order of columns; 0 where rounding eats it */
    uint32_t index_bytes; /* of all indexes, for each row */
    bool is_estimate;     /* a column has no fixed size */
} Capacity;

Capacity capacity_of(const Offline *o, const TableFacts *facts);

/* The table of row sizes, in section 3. */
void list_row_sizes(Offline *o);

#endif
