/* read_file.h — a whole file, for tests and tools. Everything is static: a test program is one
 * source file. */
#ifndef TESTS_TOOLS_READ_FILE_H
#define TESTS_TOOLS_READ_FILE_H

#include <stdio.h>

#include "base/buf.h"

/* In `out`; an empty file gives "". False where it cannot be opened: errno says why. */
static inline bool read_file(Arena *out, const char *path, Str *text)
{
    enum { READ_MAX_BYTES = 256 << 20 };
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    Buf buf = buf_with_max(READ_MAX_BYTES);
    char piece[4096];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(&buf, str_of(piece, n));
    fclose(file);
    *text = str_copy(out, buf_str(&buf));
    if (str_is_absent(*text))
        *text = STR("");
    buf_free(&buf);
    return true;
}

#endif
