/* worker.h — the worker threads and their queues. For loop.c alone; others see loop/job.h.
 *
 * Jobs go in by worker_submit, results come out by worker_take; each result rings `wake`, a
 * pipe that the loop polls. */
#ifndef LOOP_WORKER_H
#define LOOP_WORKER_H

#include "loop/job.h"

typedef struct Worker Worker;

/* 0 threads: worker_run_inline does the work, also that of jobs that wait. Threads start with the
 * first job, the one for those that wait with the first of them. */
Worker *worker_new(unsigned n_threads);
/* Cancels everything and waits up to `patience_ms` for the running jobs. False when one did
 * not end: the worker then stays allocated for ever, because its thread still uses it. */
bool worker_free(Worker *worker, uint32_t patience_ms);

void worker_submit(Worker *worker, Job *job);
/* A job that waits and has not begun is handed back without having run. */
void worker_take_back(Worker *worker, Job *job);
/* True where there are no threads: none were wanted, or none could be started. */
bool worker_is_inline(const Worker *worker);
/* Runs one queued job; false when there was none. Inline mode only. */
bool worker_run_inline(Worker *worker);
void worker_notify(Worker *worker, JobNote *note);

/* The next result: a note, or a job that has run. False when there is none. */
typedef struct {
    Job *job;      /* or NULL */
    JobNote *note; /* or NULL */
} WorkerResult;
bool worker_take(Worker *worker, WorkerResult *result);

/* Readable when there may be results. */
int worker_wake_fd(const Worker *worker);
/* Empties the pipe; call it before worker_take. */
void worker_wake_clear(Worker *worker);

#endif
