#include "loop/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/panic.h"

/* A job is allowed deep recursion over nested text; the same on every platform. */
enum { STACK_BYTES = 8 * 1024 * 1024 };

/* With two threads a long background job (reading a whole project) does not hold up the short
 * one that an edit asks for: the second thread never takes background jobs. */
enum { MAX_THREADS = 2 };

/* Beside them, one for jobs that wait for others; it takes nothing else. */
enum { WAITER = MAX_THREADS, N_THREADS };

typedef struct {
    Job *first, *last;
} JobQueue;

typedef struct {
    Worker *worker;
    unsigned number;
    bool is_started; /* the loop's thread alone looks at it */
    pthread_t thread;
} Thread;

struct Worker {
    Arena arena;
    unsigned wanted_threads; /* without the waiter; 0: inline. Settled before the first job runs */
    int wake[2];
    Thread threads[N_THREADS];
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t has_work, has_ended;
    JobQueue jobs, background, waiting;
    Job *running[N_THREADS];
    JobQueue results;
    JobNote *first_note, *last_note;
    bool is_stopping;
    unsigned n_over;
};

static void queue_push(JobQueue *queue, Job *job)
{
    job->next = NULL;
    if (queue->last)
        queue->last->next = job;
    else
        queue->first = job;
    queue->last = job;
}

static Job *queue_pop(JobQueue *queue)
{
    Job *job = queue->first;
    if (job) {
        queue->first = job->next;
        if (!queue->first)
            queue->last = NULL;
    }
    return job;
}

static bool queue_remove(JobQueue *queue, const Job *job)
{
    Job *before = NULL;
    for (Job *at = queue->first; at; before = at, at = at->next) {
        if (at != job)
            continue;
        if (before)
            before->next = at->next;
        else
            queue->first = at->next;
        if (queue->last == at)
            queue->last = before;
        return true;
    }
    return false;
}

static void ring(Worker *worker)
{
    /* A full pipe rings already. */
    ssize_t written = write(worker->wake[1], "!", 1);
    (void)written;
}

static Job *next_job(Worker *worker, unsigned thread)
{
    if (thread == WAITER)
        return queue_pop(&worker->waiting);
    Job *job = queue_pop(&worker->jobs);
    return job || thread > 0 ? job : queue_pop(&worker->background);
}

static void finish(Worker *worker, unsigned thread, Job *job)
{
    pthread_mutex_lock(&worker->mutex);
    worker->running[thread] = NULL;
    queue_push(&worker->results, job);
    pthread_mutex_unlock(&worker->mutex);
    ring(worker);
}

static void *thread_main(void *argument)
{
    Worker *worker = ((Thread *)argument)->worker;
    unsigned thread = ((Thread *)argument)->number;
    for (;;) {
        pthread_mutex_lock(&worker->mutex);
        Job *job = NULL;
        while (!worker->is_stopping && !(job = next_job(worker, thread)))
            pthread_cond_wait(&worker->has_work, &worker->mutex);
        worker->running[thread] = job;
        pthread_mutex_unlock(&worker->mutex);
        if (!job)
            break;
        job->run(job);
        finish(worker, thread, job);
    }
    pthread_mutex_lock(&worker->mutex);
    worker->n_over++;
    pthread_cond_signal(&worker->has_ended);
    pthread_mutex_unlock(&worker->mutex);
    return NULL;
}

Worker *worker_new(unsigned n_threads)
{
    Worker *worker = ARENA_OWNER_NEW(Worker);
    worker->wanted_threads = n_threads < MAX_THREADS ? n_threads : MAX_THREADS;
    CHECK(pipe(worker->wake) == 0);
    for (int i = 0; i < 2; i++) {
        fcntl(worker->wake[i], F_SETFL, O_NONBLOCK);
        fcntl(worker->wake[i], F_SETFD, FD_CLOEXEC);
    }
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->has_work, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->has_ended, &attributes);
    pthread_condattr_destroy(&attributes);
    return worker;
}

/* 0, or why it could not be started. */
static int start_thread(Worker *worker, unsigned number)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    Thread *thread = &worker->threads[number];
    *thread = (Thread){.worker = worker, .number = number};
    int failure = pthread_create(&thread->thread, &attributes, thread_main, thread);
    thread->is_started = failure == 0;
    pthread_attr_destroy(&attributes);
    if (failure)
        LOG_WARN("loop", "cannot start a worker thread (error %d)", failure);
    return failure;
}

static void start_threads(Worker *worker)
{
    for (unsigned i = 0; i < worker->wanted_threads; i++) {
        if (!worker->threads[i].is_started && start_thread(worker, i) != 0)
            worker->wanted_threads = i;
    }
}

/* Where it cannot have a thread of its own, it is one of the long ones, or runs inline. */
static JobQueue *queue_for(Worker *worker, const Job *job)
{
    bool has_waiter = job->waits && worker->wanted_threads > 0 &&
                      (worker->threads[WAITER].is_started || start_thread(worker, WAITER) == 0);
    return has_waiter                         ? &worker->waiting
           : job->waits || job->is_background ? &worker->background
                                              : &worker->jobs;
}

void worker_submit(Worker *worker, Job *job)
{
    start_threads(worker);
    JobQueue *queue = queue_for(worker, job);
    pthread_mutex_lock(&worker->mutex);
    queue_push(queue, job);
    /* All: the one that woke first may be the one that must not take it. */
    pthread_cond_broadcast(&worker->has_work);
    pthread_mutex_unlock(&worker->mutex);
    if (worker_is_inline(worker))
        ring(worker);
}

void worker_take_back(Worker *worker, Job *job)
{
    pthread_mutex_lock(&worker->mutex);
    bool is_found = queue_remove(&worker->waiting, job);
    if (is_found)
        queue_push(&worker->results, job);
    pthread_mutex_unlock(&worker->mutex);
    if (is_found)
        ring(worker);
}

bool worker_is_inline(const Worker *worker)
{
    return worker->wanted_threads == 0;
}

bool worker_run_inline(Worker *worker)
{
    if (!worker_is_inline(worker))
        return false;
    Job *job = next_job(worker, 0);
    if (!job)
        return false;
    job->run(job);
    finish(worker, 0, job);
    return true;
}

void worker_notify(Worker *worker, JobNote *note)
{
    pthread_mutex_lock(&worker->mutex);
    note->next = NULL;
    if (worker->last_note)
        worker->last_note->next = note;
    else
        worker->first_note = note;
    worker->last_note = note;
    pthread_mutex_unlock(&worker->mutex);
    ring(worker);
}

/* Notes first: a job's notes were queued before its end, so none comes after it; and
 * delivering one before the end of another job harms nobody. */
bool worker_take(Worker *worker, WorkerResult *result)
{
    pthread_mutex_lock(&worker->mutex);
    *result = (WorkerResult){.note = worker->first_note};
    if (result->note) {
        worker->first_note = result->note->next;
        if (!worker->first_note)
            worker->last_note = NULL;
    } else {
        result->job = queue_pop(&worker->results);
    }
    pthread_mutex_unlock(&worker->mutex);
    return result->job || result->note;
}

int worker_wake_fd(const Worker *worker)
{
    return worker->wake[0];
}

void worker_wake_clear(Worker *worker)
{
    char bytes[64];
    while (read(worker->wake[0], bytes, sizeof bytes) > 0)
        ;
}

static void drop_queue(JobQueue *queue)
{
    for (Job *job; (job = queue_pop(queue));)
        job->drop(job);
}

static unsigned n_started(const Worker *worker)
{
    unsigned n = 0;
    for (unsigned i = 0; i < N_THREADS; i++)
        n += worker->threads[i].is_started;
    return n;
}

/* False when a thread is still busy at the deadline. */
static bool wait_for_threads(Worker *worker, uint32_t patience_ms)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += patience_ms / 1000;
    deadline.tv_nsec += (long)(patience_ms % 1000) * 1000000L;
    if (deadline.tv_nsec >= 1000000000L) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&worker->mutex);
    worker->is_stopping = true;
    for (unsigned i = 0; i < N_THREADS; i++) {
        if (worker->running[i])
            atomic_store(&worker->running[i]->is_cancelled, true);
    }
    pthread_cond_broadcast(&worker->has_work);
    int failure = 0;
    while (worker->n_over < n_started(worker) && failure != ETIMEDOUT)
        failure = pthread_cond_timedwait(&worker->has_ended, &worker->mutex, &deadline);
    bool is_over = worker->n_over == n_started(worker);
    pthread_mutex_unlock(&worker->mutex);
    return is_over;
}

bool worker_free(Worker *worker, uint32_t patience_ms)
{
    bool is_over = wait_for_threads(worker, patience_ms);
    for (unsigned i = 0; i < N_THREADS; i++) {
        if (worker->threads[i].is_started && is_over)
            pthread_join(worker->threads[i].thread, NULL);
        else if (worker->threads[i].is_started)
            pthread_detach(worker->threads[i].thread);
    }
    if (!is_over)
        return false;
    drop_queue(&worker->jobs);
    drop_queue(&worker->background);
    drop_queue(&worker->waiting);
    for (WorkerResult result; worker_take(worker, &result);) {
        if (result.note)
            result.note->drop(result.note);
        else
            result.job->drop(result.job);
    }
    close(worker->wake[0]);
    close(worker->wake[1]);
    pthread_mutex_destroy(&worker->mutex);
    pthread_cond_destroy(&worker->has_work);
    pthread_cond_destroy(&worker->has_ended);
    arena_owner_free(&worker->arena);
    return true;
}
