#include "loop/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "loop/loop.h"

enum {
    WAIT_MS = 50, /* between two looks at the cancel flag */
    REAP_MS = 5,
    KILLED_MS = 500, /* how long a killed process may take to be gone */
    READ_BYTES = 64 * 1024,
};

extern char **environ; /* POSIX has it in no header */

struct Child {
    Arena arena;
    pid_t pid;
    int input, output, complaints; /* our ends; -1: closed */
    Buf said, complained;
    size_t n_taken; /* of `said`: given out by the last child_read */
};

/* ---- starting ---- */

enum { OURS, THEIRS };

static void close_pipe(int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

static bool open_pipe(int ends[2], bool is_read_by_us)
{
    int raw[2];
    if (pipe(raw) != 0)
        return false;
    ends[OURS] = raw[is_read_by_us ? 0 : 1];
    ends[THEIRS] = raw[is_read_by_us ? 1 : 0];
    fcntl(raw[0], F_SETFD, FD_CLOEXEC);
    fcntl(raw[1], F_SETFD, FD_CLOEXEC);
    fcntl(ends[OURS], F_SETFL, O_NONBLOCK);
    return true;
}

/* A descriptor that already has the wanted number would keep its close-on-exec flag, so none may
 * be 0, 1 or 2; that they are open is what main() sees to. */
static int spawn(pid_t *pid, int pipes[3][2], const char *const *arguments,
                 const char *const *environment)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals, none;
    sigemptyset(&none);
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, pipes[i][THEIRS], i);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setsigmask(&attributes, &none);
    /* posix_spawn changes neither; its types are older than const. */
    int failure =
        posix_spawnp(pid, arguments[0], &actions, &attributes, (char *const *)(uintptr_t)arguments,
                     environment ? (char *const *)(uintptr_t)environment : environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

Child *child_start(const char *const *arguments, const char *const *environment, Error *err)
{
    int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    pid_t pid = 0;
    int failure = 0;
    signal(SIGPIPE, SIG_IGN); /* a program that is gone is an error to report */
    for (int i = 0; i < 3; i++)
        if (!open_pipe(pipes[i], i > 0))
            failure = errno;
    if (failure == 0)
        failure = spawn(&pid, pipes, arguments, environment);
    if (failure != 0) {
        for (int i = 0; i < 3; i++)
            close_pipe(pipes[i]);
        error_set(err, failure == ENOENT ? ERR_NOT_FOUND : ERR_FAILED, "cannot start %s: %s",
                  arguments[0], strerror(failure));
        return NULL;
    }
    for (int i = 0; i < 3; i++)
        close(pipes[i][THEIRS]);
    Child *child = ARENA_OWNER_NEW(Child);
    child->pid = pid;
    child->input = pipes[0][OURS];
    child->output = pipes[1][OURS];
    child->complaints = pipes[2][OURS];
    child->said = buf_with_max(CHILD_MAX_PENDING_BYTES);
    child->complained = buf_with_max(CHILD_MAX_COMPLAINT_BYTES * 2 + READ_BYTES);
    return child;
}

/* ---- moving bytes ---- */

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

/* Reads what is there into `into`; closes at the end of it. */
static void take(int *end, Buf *into)
{
    char bytes[READ_BYTES];
    ssize_t n = read(*end, bytes, sizeof bytes);
    if (n > 0)
        buf_add(into, str_of(bytes, (size_t)n));
    else if (n == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
        close_end(end);
}

static void forget_taken(Child *child)
{
    buf_consume(&child->said, child->n_taken);
    child->n_taken = 0;
}

/* One wait for any of the three; `to_write` may be NULL. */
static void pump(Child *child, Str *to_write, int wait_ms)
{
    bool wants_write = to_write && child->input >= 0;
    struct pollfd fds[3] = {
        {.fd = wants_write ? child->input : -1, .events = POLLOUT},
        {.fd = child->output, .events = POLLIN},
        {.fd = child->complaints, .events = POLLIN},
    };
    if (poll(fds, 3, wait_ms) <= 0)
        return;
    if (wants_write && fds[0].revents) {
        ssize_t n = write(child->input, to_write->data, to_write->length);
        if (n > 0)
            *to_write = str_slice(*to_write, (uint32_t)n, to_write->length);
        else if (n < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
            close_end(&child->input);
    }
    if (fds[1].revents)
        take(&child->output, &child->said);
    if (fds[2].revents) {
        take(&child->complaints, &child->complained);
        if (child->complained.length > CHILD_MAX_COMPLAINT_BYTES)
            buf_consume(&child->complained, child->complained.length - CHILD_MAX_COMPLAINT_BYTES);
    }
}

static bool is_cancelled(const ChildWait *wait)
{
    return wait->cancel && atomic_load_explicit(wait->cancel, memory_order_relaxed);
}

/* Milliseconds to wait now; 0 when the deadline has come. */
static int next_wait(uint64_t deadline_ms)
{
    uint64_t now = loop_now_ms();
    uint64_t left = deadline_ms > now ? deadline_ms - now : 0;
    return (int)(left < WAIT_MS ? left : WAIT_MS);
}

bool child_write(Child *child, Str bytes, ChildWait wait, Error *err)
{
    uint64_t deadline = loop_now_ms() + wait.timeout_ms;
    forget_taken(child);
    while (bytes.length > 0) {
        int patience = next_wait(deadline);
        if (is_cancelled(&wait))
            return error_set(err, ERR_CANCELLED, "cancelled");
        if (child->input < 0)
            return error_set(err, ERR_FAILED, "the program no longer reads");
        if (child->said.overflowed)
            return error_set(err, ERR_FAILED, "the program says too much");
        if (patience == 0)
            return error_set(err, ERR_FAILED, "the program does not read in time");
        pump(child, &bytes, patience);
    }
    return true;
}

void child_close_input(Child *child)
{
    close_end(&child->input);
}

ChildEvent child_read(Child *child, ChildWait wait, Str *bytes)
{
    uint64_t deadline = loop_now_ms() + wait.timeout_ms;
    forget_taken(child);
    for (;;) {
        if (child->said.overflowed)
            return CHILD_BROKEN;
        if (child->said.length > 0) {
            *bytes = buf_str(&child->said);
            child->n_taken = child->said.length;
            return CHILD_SAID;
        }
        if (is_cancelled(&wait))
            return CHILD_CANCELLED;
        if (child->output < 0)
            return CHILD_ENDED;
        int patience = next_wait(deadline);
        if (patience == 0)
            return CHILD_SILENT;
        pump(child, NULL, patience);
    }
}

Str child_complaints(const Child *child)
{
    return buf_str(&child->complained);
}

/* ---- the end ---- */

/* True when it is gone; its status as waitpid says it. */
static bool reap(Child *child, uint32_t patience_ms, int *status)
{
    uint64_t deadline = loop_now_ms() + patience_ms;
    for (;;) {
        pid_t gone = waitpid(child->pid, status, WNOHANG);
        if (gone == child->pid || (gone < 0 && errno != EINTR))
            return true;
        if (loop_now_ms() >= deadline)
            return false;
        /* Its output is read on, so that a full pipe does not keep it from ending. */
        if (child->said.overflowed)
            buf_clear(&child->said);
        if (child->output >= 0 || child->complaints >= 0)
            pump(child, NULL, REAP_MS);
        else
            nanosleep(&(struct timespec){.tv_nsec = REAP_MS * 1000000L}, NULL);
    }
}

int child_end(Child *child, uint32_t patience_ms)
{
    int status = 0;
    forget_taken(child);
    close_end(&child->input);
    bool is_gone = patience_ms > 0 && reap(child, patience_ms, &status);
    if (!is_gone && patience_ms > 0) {
        kill(-child->pid, SIGTERM);
        is_gone = reap(child, patience_ms, &status);
    }
    /* What it started may live on in its group. */
    kill(-child->pid, SIGKILL);
    if (!is_gone)
        is_gone = reap(child, KILLED_MS, &status);
    close_end(&child->output);
    close_end(&child->complaints);
    buf_free(&child->said);
    buf_free(&child->complained);
    arena_owner_free(&child->arena);
    return is_gone && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
