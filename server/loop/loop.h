/* loop.h — one thread that waits for everything: input, room for output, timers, results.
 *
 * The thread that calls loop_run owns the loop and all state behind its callbacks. Nothing
 * in a callback may block. Work that takes longer goes to the worker as a job (loop/job.h).
 * Output is queued and written when the reader has room.
 *
 * Owns the output queue, timers and worker; not the file descriptors it is given.
 * Limits: LOOP_MAX_OUTPUT_BYTES queued, then the reader is taken for dead and the loop ends. */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef struct Loop Loop;

enum { LOOP_MAX_OUTPUT_BYTES = 512 * 1024 * 1024 };

typedef struct {
    int input, output;  /* file descriptors; output is made non-blocking until loop_free */
    unsigned n_workers; /* at most 2; 0: jobs run on the loop's thread, between two waits */
    /* Called with bytes as they come; they live until the callback returns. */
    void (*on_input)(void *context, Str bytes);
    /* Called once, when the input has ended or broke. */
    void (*on_input_end)(void *context);
    void *context;
} LoopOptions;

/* Starts no thread: the first job does. */
Loop *loop_new(const LoopOptions *options);

/* Cancels all jobs, gives the running ones a little time, drops all results, restores the
 * output's mode. Jobs that were not finished are handed to their `drop`. Takes less than a
 * second. False where a job does not obey its flag by then: it is left behind with its
 * thread, and nothing that it uses may be freed. */
bool loop_free(Loop *loop);

/* Runs until loop_stop, the end of the output, or the end of the input where no callback is
 * set for it. What was queued before loop_stop is still written, for at most
 * half a second. */
void loop_run(Loop *loop);
void loop_stop(Loop *loop);

/* Queues bytes (copied). */
void loop_write(Loop *loop, Str bytes);

/* Calls `function` once, not before `delay_ms` have passed. Returns a number for
 * loop_timer_cancel, never 0. */
typedef uint32_t TimerId;
TimerId loop_timer(Loop *loop, uint32_t delay_ms, void (*function)(void *context), void *context);
/* An id that has fired, was cancelled or is 0 is ignored. */
void loop_timer_cancel(Loop *loop, TimerId id);

/* Milliseconds of a clock that never goes back; for differences only. */
uint64_t loop_now_ms(void);

#endif
