/* unit.h — what every unit test includes: cmocka with the headers it wants, and comparisons of
 * our own types. Everything here is static: a test program is one source file. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/vec.h"
#include "tools/read_file.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Fails the test, showing both strings, unless `actual` equals the C string `expected`. */
#define assert_str(actual, expected) unit_assert_str((actual), (expected), __FILE__, __LINE__)

static inline void unit_assert_str(Str actual, const char *expected, const char *file, int line)
{
    if (str_equal(actual, str_from(expected)))
        return;
    print_error("expected \"%s\"\nbut was  \"" STR_FMT "\"\n", expected, STR_ARG(actual));
    _fail(file, line);
}

/* Fails the test where the file cannot be read; paths start at the top of the repository. */
static inline Str unit_file(Arena *arena, const char *path)
{
    Str text = {0};
    if (!read_file(arena, path, &text)) {
        print_error("cannot read %s: tests start at the top of the repository\n", path);
        fail();
    }
    return text;
}

/* `head`, then n times `piece`, each with its number, from 0, for #. */
static inline Str unit_repeated(Arena *arena, const char *head, const char *piece, uint32_t n)
{
    Vec(char) bytes = {0};
    for (const char *c = head; *c; c++)
        VEC_PUSH(arena, &bytes, *c);
    for (uint32_t i = 0; i < n; i++) {
        for (const char *c = piece; *c; c++) {
            char digits[16];
            int length = *c == '#' ? snprintf(digits, sizeof digits, "%u", i) : 1;
            for (int k = 0; k < length; k++)
                VEC_PUSH(arena, &bytes, *c == '#' ? digits[k] : *c);
        }
    }
    return str_of(bytes.items, bytes.n);
}

#endif
