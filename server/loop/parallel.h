/* parallel.h — the same work on many things, on all processors, and then it is done.
 *
 * For commands that run once and end, and within a job of a server; its own thread uses jobs
 * (loop/job.h), which do not make it wait. */
#ifndef LOOP_PARALLEL_H
#define LOOP_PARALLEL_H

#include <stdint.h>

/* Calls `work` once for each index below `n`, in no order, from several threads at once, and
 * returns when all have. What the calls share must be read only, or theirs by index. Where
 * no thread can be started the caller's does it all. */
void parallel_for(uint32_t n, void (*work)(void *context, uint32_t index), void *context);

#endif
