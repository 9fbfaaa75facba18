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

#endif
