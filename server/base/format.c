#include "base/format.h"

#include <string.h>

typedef struct {
    char *out;
    size_t capacity, length;
} Writer;

static bool put(Writer *w, const char *bytes, size_t n)
{
    if (n > w->capacity - w->length)
        return false;
    if (n > 0)
        memcpy(w->out + w->length, bytes, n);
    w->length += n;
    return true;
}

static bool put_number(Writer *w, unsigned value, bool is_negative)
{
    char digits[12];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    if (is_negative)
        digits[--at] = '-';
    return put(w, digits + at, sizeof digits - at);
}

bool format_simple(char *out, size_t capacity, size_t *length, const char *format,
                   va_list arguments)
{
    Writer w = {.out = out, .capacity = capacity};
    for (;;) {
        const char *percent = strchr(format, '%');
        if (!put(&w, format, percent ? (size_t)(percent - format) : strlen(format)))
            return false;
        if (!percent)
            break;
        format = percent + 2;
        bool fits = false;
        if (percent[1] == 's') {
            const char *s = va_arg(arguments, const char *);
            fits = s && put(&w, s, strlen(s));
        } else if (percent[1] == '.' && percent[2] == '*' && percent[3] == 's') {
            int n = va_arg(arguments, int);
            const char *s = va_arg(arguments, const char *);
            size_t limit = n > 0 ? (size_t)n : 0;
            const char *end = limit && s ? memchr(s, '\0', limit) : NULL;
            fits = s && n >= 0 && put(&w, s, end ? (size_t)(end - s) : limit);
            format = percent + 4;
        } else if (percent[1] == 'u') {
            fits = put_number(&w, va_arg(arguments, unsigned), false);
        } else if (percent[1] == 'd') {
            int value = va_arg(arguments, int);
            fits = put_number(&w, value < 0 ? 0u - (unsigned)value : (unsigned)value, value < 0);
        } else if (percent[1] == 'c') {
            char c = (char)va_arg(arguments, int);
            fits = put(&w, &c, 1);
        } else if (percent[1] == '%') {
            fits = put(&w, "%", 1);
        }
        if (!fits)
            return false;
    }
    *length = w.length;
    return true;
}
