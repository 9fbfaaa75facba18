/* str.h — a string by pointer and length.
 *
 * A Str owns nothing and is passed by value; its bytes live as long as the arena, document
 * or literal that they are in. Not NUL-terminated. {0} is the empty string, and also
 * stands for "absent" where a comment says so (str_is_absent tells it from ""). */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct {
    const char *data;
    uint32_t length; /* bytes; texts above 4 GiB are refused where they are read */
} Str;

/* A Str of a string literal. */
#define STR(literal) ((Str){.data = "" literal "", .length = (uint32_t)(sizeof(literal) - 1)})
/* The same for static initialisers, which may not hold compound literals. */
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        .data = "" literal "", .length = (uint32_t)(sizeof(literal) - 1)                           \
    }

#define STR_FMT    "%.*s"
#define STR_ARG(s) (int)(s).length, (s).data ? (s).data : ""

Str str_from(const char *text); /* NULL gives the absent string */
Str str_of(const char *data, size_t length);

static inline bool str_is_empty(Str s)
{
    return s.length == 0;
}

static inline bool str_is_absent(Str s)
{
    return s.data == NULL;
}

static inline bool str_equal(Str a, Str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool str_equal_ignore_case(Str a, Str b); /* ASCII case only */
/* True where `s` is one of the `n` strings. */
bool str_is_among(Str s, const char *const *strings, size_t n);
bool str_is_among_ignore_case(Str s, const char *const *strings, size_t n);
int str_compare(Str a, Str b); /* byte order */
bool str_starts_with(Str s, Str prefix);
bool str_ends_with(Str s, Str suffix);
bool str_starts_with_ignore_case(Str s, Str prefix); /* ASCII letters */
bool str_ends_with_ignore_case(Str s, Str suffix);
bool str_contains(Str s, Str part);
/* The byte offset of `part` at or after `from`, or UINT32_MAX. */
uint32_t str_find(Str s, Str part, uint32_t from);
Str str_slice(Str s, uint32_t start, uint32_t end); /* clamped to the string */
Str str_trim(Str s);                                /* ASCII white space at both ends */
/* Cuts the first line (without its end) off `rest`; false when nothing is left. */
bool str_next_line(Str *rest, Str *line);
/* The same with the first word of a list whose words have one space between them. */
bool str_next_word(Str *rest, Str *word);

/* The value of a hexadecimal digit of either case, or -1. */
int str_hex_digit(char c);
/* The number that the `n_digits` (at most 8) hexadecimal digits at `at` write; false where there
 * are fewer. */
bool str_hex(Str s, uint32_t at, uint32_t n_digits, uint32_t *value);

Str str_copy(Arena *out, Str s);
Str str_lower(Arena *out, Str s); /* ASCII letters only */
Str str_join(Arena *out, const Str *parts, uint32_t n_parts, Str separator);
Str str_format(Arena *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same from a list of arguments, which it uses up. */
Str str_format_list(Arena *out, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* A NUL-terminated copy for library borders; a NUL inside ends it early. */
char *str_to_c(Arena *out, Str s);

#endif
