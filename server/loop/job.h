/* job.h — work for the worker threads.
 *
 * A job is a struct of the caller's with a Job as its first member. It carries all it needs,
 * immutable or its own; between loop_submit and `done` the loop's thread must not touch it
 * except through job_cancel. Shared between the threads are the two queues and the cancel
 * flags, nothing else.
 *
 *     loop thread                worker thread
 *     loop_submit  -- queue -->  run
 *                                job_notify(note) ...
 *     note, ..., done <-- queue -- (returned)
 */
#ifndef LOOP_JOB_H
#define LOOP_JOB_H

#include <stdatomic.h>

#include "loop/loop.h"

typedef struct Job Job;

/* A message of a running job to the loop: a struct of the caller's with this first. */
typedef struct JobNote JobNote;
struct JobNote {
    /* On the loop's thread, before the job's `done`; frees the note. */
    void (*deliver)(JobNote *note);
    /* Instead of deliver when the loop is going away; frees the note. */
    void (*drop)(JobNote *note);
    JobNote *next; /* the loop's own */
};

struct Job {
    /* On the worker. Looks at is_cancelled between two pieces of work. */
    void (*run)(Job *job);
    /* On the loop's thread, always, cancelled or not; frees the job. */
    void (*done)(Job *job);
    /* Instead of done when the loop is going away; frees the job. */
    void (*drop)(Job *job);
    bool is_background; /* long: waits for the others, and one at a time */
    bool waits; /* for the network, programs, people: on a thread of its own, one at a time */
    atomic_bool is_cancelled;
    Loop *loop; /* the rest is the loop's own */
    Job *next;
};

void loop_submit(Loop *loop, Job *job);
/* One that waits and has not begun comes back without having run: the one before it may take long.
 */
void job_cancel(Job *job);
/* From `run` only. True where the job runs on the loop's own thread, between two waits: it must not
 * wait for what the loop would do. */
bool job_is_inline(const Job *job);
/* From `run` only. The job gives the note away. */
void job_notify(Job *job, JobNote *note);

#endif
