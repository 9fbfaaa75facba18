#include "loop/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

enum { MAX_THREADS = 8 };

typedef struct {
    uint32_t n;
    atomic_uint next; /* the next index that nobody has taken */
    void (*work)(void *context, uint32_t index);
    void *context;
} Shared;

static void *take_all(void *data)
{
    Shared *shared = data;
    for (;;) {
        uint32_t index = atomic_fetch_add_explicit(&shared->next, 1, memory_order_relaxed);
        if (index >= shared->n)
            return NULL;
        shared->work(shared->context, index);
    }
}

static uint32_t wanted_threads(uint32_t n)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t threads = processors < 1             ? 1
                       : processors > MAX_THREADS ? MAX_THREADS
                                                  : (uint32_t)processors;
    return threads < n ? threads : n;
}

/* The caller's thread is one of them. */
void parallel_for(uint32_t n, void (*work)(void *context, uint32_t index), void *context)
{
    Shared shared = {.n = n, .work = work, .context = context};
    pthread_t threads[MAX_THREADS];
    uint32_t n_started = 0;
    for (uint32_t i = 1; i < wanted_threads(n); i++) {
        if (pthread_create(&threads[n_started], NULL, take_all, &shared) != 0)
            break;
        n_started++;
    }
    take_all(&shared);
    for (uint32_t i = 0; i < n_started; i++)
        pthread_join(threads[i], NULL);
}
