/* canned_server.h — an HTTP server on 127.0.0.1 that says what a test gave it, on a thread of its
 * own.
 *
 * Each connection gets the next answer, a list of steps. What the client sent is kept. It knows
 * nothing of HTTP but where a request ends. */
#ifndef TESTS_UNIT_CANNED_SERVER_H
#define TESTS_UNIT_CANNED_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "unit/unit.h"

typedef struct {
    const char *bytes; /* sent; NULL: the connection's end */
    unsigned pause_ms; /* before it */
    unsigned times;    /* 0 and 1: once */
} CannedStep;

/* clang-format off */
#define SAY(text)              {.bytes = (text)}
#define SAY_AFTER(ms, text)    {.bytes = (text), .pause_ms = (ms)}
#define SAY_TIMES(count, text) {.bytes = (text), .times = (count)}
#define CLOSE_AFTER(ms)        {.pause_ms = (ms)}
#define STEPS(...)             (const CannedStep[]){__VA_ARGS__, {0}}
#define ANSWERS(...)           (const CannedStep *const[]){__VA_ARGS__}
/* clang-format on */

typedef struct {
    const CannedStep *const *answers; /* one a connection; each ends with {0} */
    unsigned n_answers;
    int listener;
    uint16_t port;
    pthread_t thread;
    atomic_bool is_over;
    atomic_uint n_connections;
    pthread_mutex_t mutex;
    Buf received; /* under the mutex: see canned_received */
} CannedServer;

static inline void canned_sleep(unsigned ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000},
              NULL);
}

/* A thread that sets an atomic_bool after a moment. */
static inline void *canned_cancel_soon(void *flag)
{
    canned_sleep(150);
    atomic_store((atomic_bool *)flag, true);
    return NULL;
}

/* True when there is something to read; false when the test is over. */
static inline bool canned_wait(CannedServer *server, int fd)
{
    while (!atomic_load(&server->is_over)) {
        struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
        if (poll(&poll_fd, 1, 20) > 0)
            return true;
    }
    return false;
}

/* Reads one request: its head, and as many bytes as Content-Length says. */
static inline bool canned_take_request(CannedServer *server, int connection)
{
    Buf request = buf_with_max(1 << 24);
    uint32_t needed = 0;
    bool is_whole = false;
    while (!is_whole && canned_wait(server, connection)) {
        char bytes[4096];
        ssize_t n = read(connection, bytes, sizeof bytes);
        if (n <= 0)
            break;
        buf_add(&request, str_of(bytes, (size_t)n));
        uint32_t end = str_find(buf_str(&request), STR("\r\n\r\n"), 0);
        if (end != UINT32_MAX && needed == 0) {
            uint32_t field = str_find(buf_str(&request), STR("Content-Length: "), 0);
            needed = end + 4;
            if (field < end)
                needed += (uint32_t)strtoul(request.data + field + 16, NULL, 10);
        }
        is_whole = needed > 0 && request.length >= needed;
    }
    pthread_mutex_lock(&server->mutex);
    buf_add(&server->received, buf_str(&request));
    pthread_mutex_unlock(&server->mutex);
    buf_free(&request);
    return is_whole;
}

static inline void canned_answer(CannedServer *server, int connection, const CannedStep *step)
{
    for (; step->bytes || step->pause_ms; step++) {
        for (unsigned waited = 0; waited < step->pause_ms && !atomic_load(&server->is_over);
             waited += 10)
            canned_sleep(10);
        if (!step->bytes)
            return;
        for (unsigned i = 0; i < (step->times ? step->times : 1); i++)
            if (send(connection, step->bytes, strlen(step->bytes), MSG_NOSIGNAL) < 0)
                return;
    }
}

static inline void *canned_main(void *data)
{
    CannedServer *server = data;
    for (unsigned i = 0; canned_wait(server, server->listener); i++) {
        int connection = accept(server->listener, NULL, NULL);
        if (connection < 0)
            continue;
        atomic_fetch_add(&server->n_connections, 1);
        if (i < server->n_answers && canned_take_request(server, connection))
            canned_answer(server, connection, server->answers[i]);
        shutdown(connection, SHUT_RDWR);
        close(connection);
    }
    return NULL;
}

static inline void canned_start(CannedServer *server, const CannedStep *const *answers,
                                unsigned n_answers)
{
    *server = (CannedServer){
        .answers = answers, .n_answers = n_answers, .received = buf_with_max(1 << 24)};
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->listener, 8), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
    server->port = ntohs(address.sin_port);
    pthread_mutex_init(&server->mutex, NULL);
    assert_int_equal(pthread_create(&server->thread, NULL, canned_main, server), 0);
}

static inline void canned_stop(CannedServer *server)
{
    atomic_store(&server->is_over, true);
    pthread_join(server->thread, NULL);
    close(server->listener);
    pthread_mutex_destroy(&server->mutex);
    buf_free(&server->received);
}

/* All requests so far, one behind the other. */
static inline Str canned_received(CannedServer *server, Arena *out)
{
    pthread_mutex_lock(&server->mutex);
    Str copy = str_copy(out, buf_str(&server->received));
    pthread_mutex_unlock(&server->mutex);
    return copy;
}

static inline Str canned_url(CannedServer *server, Arena *out, const char *path)
{
    return str_format(out, "http://127.0.0.1:%u%s", server->port, path);
}

#endif
