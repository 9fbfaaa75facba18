#include "base/format.h"
#include "unit/unit.h"

#include <stdio.h>

static bool try_format(char *out, size_t capacity, size_t *length, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static bool try_format(char *out, size_t capacity, size_t *length, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool result = format_simple(out, capacity, length, format, arguments);
    va_end(arguments);
    return result;
}

#define SAME(...)                                                                                  \
    do {                                                                                           \
        char expected[256], out[256];                                                              \
        size_t length = 0;                                                                         \
        snprintf(expected, sizeof expected, __VA_ARGS__);                                          \
        assert_true(try_format(out, sizeof out, &length, __VA_ARGS__));                            \
        assert_str(str_of(out, length), expected);                                                 \
    } while (0)

static void like_printf(void **state)
{
    (void)state;
    SAME("plain");
    SAME("%s", "");
    SAME("a %s b %s c", "one", "two");
    SAME("%.*s|%.*s|%.*s", 3, "abcdef", 0, "x", 10, "short");
    SAME("%u %u %u", 0u, 7u, 4294967295u);
    SAME("%d %d %d %d", 0, -1, 2147483647, -2147483647 - 1);
    SAME("100%% %c%c", 'x', 'y');
    assert_str(str_of("", 0), "");
}

static void leaves_the_rest_to_printf(void **state)
{
    (void)state;
    char out[8];
    size_t length;
    assert_false(try_format(out, sizeof out, &length, "%5d", 1));
    assert_false(try_format(out, sizeof out, &length, "%zu", (size_t)1));
    assert_false(try_format(out, sizeof out, &length, "%02x", 1u));
    assert_false(try_format(out, sizeof out, &length, "%s", "longer than that"));
    assert_true(try_format(out, sizeof out, &length, "%s", "12345678"));
    assert_false(try_format(out, sizeof out, &length, "%s", "123456789"));
}

static void long_and_odd_texts_are_whole(void **state)
{
    (void)state;
    Arena arena = {0};
    char bytes[1001];
    memset(bytes, 'x', 1000);
    bytes[1000] = '\0';
    Str text = str_format(&arena, "<%s>", bytes);
    assert_int_equal(text.length, 1002);
    assert_str(str_format(&arena, "%05d %s", 42, "ok"), "00042 ok");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(like_printf),
        cmocka_unit_test(leaves_the_rest_to_printf),
        cmocka_unit_test(long_and_odd_texts_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
