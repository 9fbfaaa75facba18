#include "loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/panic.h"
#include "base/vec.h"
#include "loop/worker.h"

enum {
    READ_BYTES = 64 * 1024,     /* a pipe's usual capacity */
    COMPACT_BYTES = 256 * 1024, /* written bytes are dropped from the queue's front in such lots */
    FLUSH_MS = 500,             /* how long the last output may take after loop_stop */
    PATIENCE_MS = 300,          /* how long a cancelled job may take at the end */
};

typedef struct {
    TimerId id;
    uint64_t due_ms;
    void (*function)(void *context);
    void *context;
} Timer;

struct Loop {
    Arena arena;
    LoopOptions options;
    Worker *worker; /* NULL until the first job */
    Buf output;
    size_t n_written; /* of output */
    int output_flags; /* as they were */
    bool is_stopped, input_ended, output_broke;
    Vec(Timer) timers;
    TimerId last_timer;
    char bytes[READ_BYTES];
};

uint64_t loop_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

Loop *loop_new(const LoopOptions *options)
{
    Loop *loop = ARENA_OWNER_NEW(Loop);
    loop->options = *options;
    loop->output = buf_with_max(LOOP_MAX_OUTPUT_BYTES);
    loop->output_flags = fcntl(options->output, F_GETFL);
    if (loop->output_flags >= 0)
        fcntl(options->output, F_SETFL, loop->output_flags | O_NONBLOCK);
    return loop;
}

bool loop_free(Loop *loop)
{
    bool is_quiet = !loop->worker || worker_free(loop->worker, PATIENCE_MS);
    if (!is_quiet)
        LOG_WARN("loop", "left a job behind that did not stop in time");
    if (loop->output_flags >= 0)
        fcntl(loop->options.output, F_SETFL, loop->output_flags);
    buf_free(&loop->output);
    if (is_quiet)
        arena_owner_free(&loop->arena);
    return is_quiet;
}

void loop_stop(Loop *loop)
{
    loop->is_stopped = true;
}

void loop_write(Loop *loop, Str bytes)
{
    if (loop->output_broke)
        return;
    buf_add(&loop->output, bytes);
    if (loop->output.overflowed) {
        LOG_ERROR("loop", "nobody reads the output; giving up");
        loop->output_broke = true;
    }
}

static bool has_output(const Loop *loop)
{
    return !loop->output_broke && loop->n_written < loop->output.length;
}

static void flush(Loop *loop)
{
    while (has_output(loop)) {
        ssize_t n = write(loop->options.output, loop->output.data + loop->n_written,
                          loop->output.length - loop->n_written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n <= 0) {
            loop->output_broke = true;
            return;
        }
        loop->n_written += (size_t)n;
    }
    if (loop->n_written == loop->output.length || loop->n_written >= COMPACT_BYTES) {
        buf_consume(&loop->output, loop->n_written);
        loop->n_written = 0;
    }
}

static void take_input(Loop *loop)
{
    ssize_t n = read(loop->options.input, loop->bytes, sizeof loop->bytes);
    if (n > 0) {
        loop->options.on_input(loop->options.context, str_of(loop->bytes, (size_t)n));
        return;
    }
    if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    loop->input_ended = true;
    if (loop->options.on_input_end)
        loop->options.on_input_end(loop->options.context);
    else
        loop_stop(loop);
}

/* ---- timers ---- */

TimerId loop_timer(Loop *loop, uint32_t delay_ms, void (*function)(void *context), void *context)
{
    if (++loop->last_timer == 0)
        loop->last_timer = 1;
    Timer timer = {.id = loop->last_timer,
                   .due_ms = loop_now_ms() + delay_ms,
                   .function = function,
                   .context = context};
    VEC_PUSH(&loop->arena, &loop->timers, timer);
    return timer.id;
}

void loop_timer_cancel(Loop *loop, TimerId id)
{
    for (uint32_t i = 0; i < loop->timers.n; i++) {
        if (loop->timers.items[i].id == id) {
            VEC_REMOVE(&loop->timers, i);
            return;
        }
    }
}

/* Milliseconds until the next timer, for poll; -1 where there is none. */
static int timeout_ms(const Loop *loop)
{
    uint64_t now = loop_now_ms();
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < loop->timers.n; i++) {
        uint64_t due = loop->timers.items[i].due_ms;
        uint64_t left = due > now ? due - now : 0;
        if (left < least)
            least = left;
    }
    if (least == UINT64_MAX)
        return -1;
    return least < 60000 ? (int)least : 60000;
}

static void fire_timers(Loop *loop)
{
    uint64_t now = loop_now_ms();
    for (uint32_t i = 0; i < loop->timers.n;) {
        Timer timer = loop->timers.items[i];
        if (timer.due_ms > now) {
            i++;
            continue;
        }
        VEC_REMOVE(&loop->timers, i);
        timer.function(timer.context);
        i = 0; /* the function may have set or cancelled others */
    }
}

/* ---- jobs ---- */

void loop_submit(Loop *loop, Job *job)
{
    if (!loop->worker)
        loop->worker = worker_new(loop->options.n_workers);
    job->loop = loop;
    worker_submit(loop->worker, job);
}

void job_cancel(Job *job)
{
    atomic_store(&job->is_cancelled, true);
    if (job->waits)
        worker_take_back(job->loop->worker, job);
}

bool job_is_inline(const Job *job)
{
    return worker_is_inline(job->loop->worker);
}

void job_notify(Job *job, JobNote *note)
{
    worker_notify(job->loop->worker, note);
}

static void take_results(Loop *loop)
{
    worker_wake_clear(loop->worker);
    worker_run_inline(loop->worker);
    for (WorkerResult result; !loop->is_stopped && worker_take(loop->worker, &result);) {
        if (result.note)
            result.note->deliver(result.note);
        else
            result.job->done(result.job);
    }
}

/* ---- waiting ---- */

static void wait_and_serve(Loop *loop, int patience)
{
    enum { INPUT, OUTPUT, WAKE, N_FDS };
    /* poll ignores negative descriptors. */
    struct pollfd fds[N_FDS] = {
        [INPUT] = {.fd = loop->input_ended ? -1 : loop->options.input, .events = POLLIN},
        [OUTPUT] = {.fd = has_output(loop) ? loop->options.output : -1, .events = POLLOUT},
        [WAKE] = {.fd = loop->worker ? worker_wake_fd(loop->worker) : -1, .events = POLLIN},
    };
    int n = poll(fds, N_FDS, patience);
    if (n < 0 && errno != EINTR) {
        LOG_ERROR("loop", "cannot poll (error %d)", errno);
        loop->output_broke = true;
    }
    if (n > 0 && fds[INPUT].revents)
        take_input(loop);
    if (n > 0 && fds[WAKE].revents)
        take_results(loop);
    fire_timers(loop);
}

/* Writes what is left, without serving anything. */
static void flush_at_end(Loop *loop)
{
    uint64_t end = loop_now_ms() + FLUSH_MS;
    flush(loop);
    while (has_output(loop) && loop_now_ms() < end) {
        struct pollfd fd = {.fd = loop->options.output, .events = POLLOUT};
        poll(&fd, 1, FLUSH_MS);
        flush(loop);
    }
}

void loop_run(Loop *loop)
{
    while (!loop->is_stopped && !loop->output_broke) {
        flush(loop);
        if (loop->output_broke)
            break;
        wait_and_serve(loop, timeout_ms(loop));
    }
    flush_at_end(loop);
}
