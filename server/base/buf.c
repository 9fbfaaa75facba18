#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/format.h"
#include "base/panic.h"

Buf buf_with_max(size_t max_bytes)
{
    return (Buf){.max = max_bytes};
}

void buf_free(Buf *buf)
{
    free(buf->data);
    *buf = (Buf){.max = buf->max};
}

void buf_clear(Buf *buf)
{
    buf->length = 0;
    buf->overflowed = false;
}

static bool reserve(Buf *buf, size_t more)
{
    if (buf->overflowed || more > buf->max - buf->length) {
        buf->overflowed = true;
        return false;
    }
    size_t needed = buf->length + more + 1; /* room for snprintf's NUL */
    if (needed > buf->capacity) {
        size_t capacity = buf->capacity ? buf->capacity : 256;
        while (capacity < needed)
            capacity *= 2;
        char *data = realloc(buf->data, capacity);
        CHECK(data);
        buf->data = data;
        buf->capacity = capacity;
    }
    return true;
}

void buf_add(Buf *buf, Str s)
{
    if (s.length == 0 || !reserve(buf, s.length))
        return;
    memcpy(buf->data + buf->length, s.data, s.length);
    buf->length += s.length;
}

void buf_add_char(Buf *buf, char c)
{
    if (!reserve(buf, 1))
        return;
    buf->data[buf->length++] = c;
}

void buf_format(Buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    char short_text[256];
    size_t n = 0;
    if (format_simple(short_text, sizeof short_text, &n, format, again)) {
        va_end(again);
        va_end(arguments);
        buf_add(buf, str_of(short_text, n));
        return;
    }
    va_end(again);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    CHECK(length >= 0);
    if (reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    }
    va_end(again);
}

void buf_consume(Buf *buf, size_t n)
{
    CHECK(n <= buf->length);
    if (n > 0)
        memmove(buf->data, buf->data + n, buf->length - n);
    buf->length -= n;
}
