/* tool.h — what the tools of this folder need beside the program's own code. */
#ifndef TESTS_TOOLS_TOOL_H
#define TESTS_TOOLS_TOOL_H

#include <stdlib.h>
#include <time.h>

#include "tools/read_file.h"

static inline uint64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_nsec / 1000u;
}

/* Ends the program where the file cannot be read. */
static inline Str must_read_file(Arena *out, const char *path)
{
    Str text;
    if (!read_file(out, path, &text)) {
        perror(path);
        exit(2);
    }
    return text;
}

#endif
