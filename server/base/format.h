/* format.h — printf's common conversions, without its cost.
 *
 * An analysis formats tens of thousands of short texts; vsnprintf would be a third of its time.
 * For base/'s own use: others call str_format and buf_format. */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Knows %s, %.*s, %c, %u, %d, %% without flags or widths. False, with nothing promised of `out`,
 * where the format has something else or the text does not fit: then ask vsnprintf. Adds no
 * NUL. Uses up `arguments`. */
bool format_simple(char *out, size_t capacity, size_t *length, const char *format,
                   va_list arguments) __attribute__((format(printf, 4, 0)));

#endif
