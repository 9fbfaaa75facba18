/* replay.c — runs a fuzz target without a fuzzer: over each file of tests/fuzz/corpus/<target>, and
 * over what comes of it when it is cut short, when bytes are turned, and when parts are doubled.
 * The same inputs each time. Speaks TAP. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"

enum {
    MAX_FILES = 512,
    MAX_BYTES = 64 * 1024,
    VARIANTS =
        40, /* of each file: with these, all targets take some seconds under the sanitizers */
};

/* A copy of exactly that size, so that a read past its end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    memcpy(copy, data, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_variants(const uint8_t *data, size_t size)
{
    static uint8_t changed[2 * MAX_BYTES];
    uint32_t random = 2463534242u;
    run(data, size);
    for (int i = 0; i < VARIANTS && size > 0; i++) {
        random = random * 1664525u + 1013904223u;
        size_t at = (random >> 8) % size;
        size_t length = size;
        memcpy(changed, data, size);
        switch (i % 4) {
        case 0: /* cut short */
            length = at;
            break;
        case 1: /* one byte turned */
            changed[at] = (uint8_t)(random >> 24);
            break;
        case 2: /* a part doubled */
            memcpy(changed + size, data + at, size - at);
            length = size + (size - at);
            break;
        case 3: /* a part left out */
            length = at + (size - at) / 2;
            memmove(changed + at, data + size - (length - at), length - at);
            break;
        }
        run(changed, length);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *target = slash ? slash + 1 : argv[0];
    Arena arena = {0};
    Str folder = str_format(&arena, "tests/fuzz/corpus/%s", target);
    if (argc > 1)
        folder = str_from(argv[1]);
    DIR *directory = opendir(str_to_c(&arena, folder));
    if (!directory) {
        printf("Bail out! cannot read " STR_FMT ": %s\n", STR_ARG(folder), strerror(errno));
        return 1;
    }
    static char *names[MAX_FILES];
    int n = 0;
    for (struct dirent *entry; n < MAX_FILES && (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] != '.')
            names[n++] = str_to_c(&arena, str_from(entry->d_name));
    }
    closedir(directory);
    qsort(names, (size_t)n, sizeof *names, by_name);
    printf("1..%d\n", n + 1);
    run((const uint8_t *)"", 0);
    printf("ok 1 - %s: nothing\n", target);
    static uint8_t bytes[MAX_BYTES];
    for (int i = 0; i < n; i++) {
        Str path = str_format(&arena, STR_FMT "/%s", STR_ARG(folder), names[i]);
        FILE *file = fopen(str_to_c(&arena, path), "rb");
        size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
        bool is_read = file && !ferror(file);
        if (file)
            fclose(file);
        if (is_read)
            run_variants(bytes, size);
        printf("%s %d - %s: %s\n", is_read ? "ok" : "not ok", i + 2, target, names[i]);
        fflush(stdout);
    }
    arena_release(&arena);
    return 0;
}
