#include "base/str.h"

#include <stdio.h>

#include "base/format.h"
#include "base/panic.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

Str str_from(const char *text)
{
    return text ? str_of(text, strlen(text)) : (Str){0};
}

Str str_of(const char *data, size_t length)
{
    CHECK(length <= UINT32_MAX);
    return (Str){.data = data, .length = (uint32_t)length};
}

bool str_equal_ignore_case(Str a, Str b)
{
    if (a.length != b.length)
        return false;
    for (uint32_t i = 0; i < a.length; i++) {
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    }
    return true;
}

bool str_is_among(Str s, const char *const *strings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal(s, str_from(strings[i])))
            return true;
    }
    return false;
}

bool str_is_among_ignore_case(Str s, const char *const *strings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_equal_ignore_case(s, str_from(strings[i])))
            return true;
    }
    return false;
}

int str_compare(Str a, Str b)
{
    uint32_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}

bool str_starts_with(Str s, Str prefix)
{
    return s.length >= prefix.length && str_equal(str_slice(s, 0, prefix.length), prefix);
}

bool str_ends_with(Str s, Str suffix)
{
    return s.length >= suffix.length &&
           str_equal(str_slice(s, s.length - suffix.length, s.length), suffix);
}

bool str_starts_with_ignore_case(Str s, Str prefix)
{
    return s.length >= prefix.length &&
           str_equal_ignore_case(str_slice(s, 0, prefix.length), prefix);
}

bool str_ends_with_ignore_case(Str s, Str suffix)
{
    return s.length >= suffix.length &&
           str_equal_ignore_case(str_slice(s, s.length - suffix.length, s.length), suffix);
}

bool str_contains(Str s, Str part)
{
    return str_find(s, part, 0) != UINT32_MAX;
}

uint32_t str_find(Str s, Str part, uint32_t from)
{
    if (part.length == 0)
        return from <= s.length ? from : UINT32_MAX;
    while (from <= s.length && part.length <= s.length - from) {
        const char *hit = memchr(s.data + from, part.data[0], s.length - part.length - from + 1);
        if (!hit)
            return UINT32_MAX;
        uint32_t at = (uint32_t)(hit - s.data);
        if (memcmp(hit, part.data, part.length) == 0)
            return at;
        from = at + 1;
    }
    return UINT32_MAX;
}

Str str_slice(Str s, uint32_t start, uint32_t end)
{
    if (end > s.length)
        end = s.length;
    if (start > end)
        start = end;
    return (Str){.data = s.data ? s.data + start : NULL, .length = end - start};
}

Str str_trim(Str s)
{
    uint32_t start = 0;
    uint32_t end = s.length;
    while (start < end && is_space(s.data[start]))
        start++;
    while (end > start && is_space(s.data[end - 1]))
        end--;
    return str_slice(s, start, end);
}

bool str_next_line(Str *rest, Str *line)
{
    if (rest->length == 0)
        return false;
    const char *newline = memchr(rest->data, '\n', rest->length);
    uint32_t end = newline ? (uint32_t)(newline - rest->data) : rest->length;
    uint32_t next = newline ? end + 1 : end;
    *line = str_slice(*rest, 0, end);
    if (line->length > 0 && line->data[line->length - 1] == '\r')
        line->length--;
    *rest = str_slice(*rest, next, rest->length);
    return true;
}

bool str_next_word(Str *rest, Str *word)
{
    if (rest->length == 0)
        return false;
    const char *space = memchr(rest->data, ' ', rest->length);
    uint32_t end = space ? (uint32_t)(space - rest->data) : rest->length;
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, space ? end + 1 : end, rest->length);
    return true;
}

int str_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool str_hex(Str s, uint32_t at, uint32_t n_digits, uint32_t *value)
{
    Str digits = str_slice(s, at, at + n_digits);
    if (digits.length < n_digits)
        return false;
    uint32_t number = 0;
    for (uint32_t i = 0; i < n_digits; i++) {
        int digit = str_hex_digit(digits.data[i]);
        if (digit < 0)
            return false;
        number = number << 4 | (uint32_t)digit;
    }
    *value = number;
    return true;
}

Str str_copy(Arena *out, Str s)
{
    if (!s.data)
        return s;
    char *copy = arena_alloc_raw(out, s.length + 1u);
    memcpy(copy, s.data, s.length);
    copy[s.length] = '\0';
    return (Str){.data = copy, .length = s.length};
}

Str str_lower(Arena *out, Str s)
{
    if (!s.data)
        return s;
    char *copy = arena_alloc_raw(out, s.length + 1u);
    for (uint32_t i = 0; i < s.length; i++)
        copy[i] = lower(s.data[i]);
    copy[s.length] = '\0';
    return (Str){.data = copy, .length = s.length};
}

Str str_join(Arena *out, const Str *parts, uint32_t n_parts, Str separator)
{
    size_t length = 0;
    for (uint32_t i = 0; i < n_parts; i++)
        length += parts[i].length + (i > 0 ? separator.length : 0);
    char *joined = arena_alloc_raw(out, length + 1);
    size_t at = 0;
    for (uint32_t i = 0; i < n_parts; i++) {
        if (i > 0 && separator.length > 0) {
            memcpy(joined + at, separator.data, separator.length);
            at += separator.length;
        }
        if (parts[i].length > 0)
            memcpy(joined + at, parts[i].data, parts[i].length);
        at += parts[i].length;
    }
    joined[at] = '\0';
    return str_of(joined, at);
}

Str str_format_list(Arena *out, const char *format, va_list arguments)
{
    char short_text[512];
    size_t n = 0;
    va_list again;
    va_copy(again, arguments);
    bool is_done = format_simple(short_text, sizeof short_text, &n, format, again);
    va_end(again);
    if (is_done) {
        char *text = arena_alloc_raw(out, n + 1);
        memcpy(text, short_text, n);
        text[n] = '\0';
        return str_of(text, n);
    }
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    CHECK(length >= 0);
    char *text = arena_alloc_raw(out, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    return str_of(text, (size_t)length);
}

Str str_format(Arena *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Str text = str_format_list(out, format, arguments);
    va_end(arguments);
    return text;
}

char *str_to_c(Arena *out, Str s)
{
    char *copy = arena_alloc_raw(out, s.length + 1u);
    if (s.length > 0)
        memcpy(copy, s.data, s.length);
    copy[s.length] = '\0';
    return copy;
}
