/* buf.h — output that grows, up to a maximum.
 *
 * The buffer owns its bytes (heap). Writing past the maximum sets `overflowed` and drops the
 * rest; the writer checks once, at the end. Use buf_free. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

typedef struct {
    char *data;
    size_t length, capacity, max;
    bool overflowed;
} Buf;

Buf buf_with_max(size_t max_bytes);
void buf_free(Buf *buf);
void buf_clear(Buf *buf); /* keeps the memory */

void buf_add(Buf *buf, Str s);
void buf_add_char(Buf *buf, char c);
void buf_format(Buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Drops the first n bytes. */
void buf_consume(Buf *buf, size_t n);

static inline Str buf_str(const Buf *buf) /* valid until the next write */
{
    return str_of(buf->data, buf->length);
}

#endif
