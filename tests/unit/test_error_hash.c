#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/hash.h"
#include "unit/unit.h"

static void an_error_keeps_its_first_line_of_text(void **state)
{
    (void)state;
    Error error = {0};
    assert_false(error_set(&error, ERR_NOT_FOUND, "cannot read %s: %s", "a.sql", "gone"));
    assert_int_equal(error.code, ERR_NOT_FOUND);
    assert_string_equal(error.text, "cannot read a.sql: gone");
    assert_false(error_set(NULL, ERR_FAILED, "nobody asks"));
}

static void a_long_error_is_cut_and_stays_a_string(void **state)
{
    (void)state;
    char path[2000];
    memset(path, 'x', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    Error error = {0};
    error_set(&error, ERR_FAILED, "cannot read %s", path);
    assert_non_null(memchr(error.text, '\0', sizeof error.text));
    assert_int_equal(strlen(error.text), sizeof error.text - 1);
}

static void a_hash_depends_on_every_byte_and_on_nothing_else(void **state)
{
    (void)state;
    unsigned char bytes[80];
    for (size_t length = 0; length < 64; length++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(i * 7);
        uint64_t hash = hash_bytes(bytes, length, 0);
        /* Where it lies does not matter. */
        for (size_t offset = 1; offset < 9; offset++) {
            unsigned char moved[80] = {0};
            memcpy(moved + offset, bytes, length);
            assert_true(hash_bytes(moved + offset, length, 0) == hash);
        }
        bytes[length] ^= 1; /* right behind the end */
        assert_true(hash_bytes(bytes, length, 0) == hash);
        bytes[length] ^= 1;
        for (size_t i = 0; i < length; i++) {
            bytes[i] ^= 0x10;
            assert_false(hash_bytes(bytes, length, 0) == hash);
            bytes[i] ^= 0x10;
        }
        assert_false(hash_bytes(bytes, length, 1) == hash);
        assert_false(hash_bytes(bytes, length + 1, 0) == hash);
    }
}

static void hashes_of_similar_names_spread(void **state)
{
    (void)state;
    enum { N = 4096 };
    static unsigned char used[N];
    unsigned n_used = 0;
    for (unsigned i = 0; i < N; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "column_%u", i);
        uint64_t slot = hash_bytes(name, (size_t)length, 0) % N;
        n_used += !used[slot];
        used[slot] = 1;
    }
    /* A random function fills 63 % of the slots. */
    assert_in_range(n_used, N * 58 / 100, N * 68 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_keeps_its_first_line_of_text),
        cmocka_unit_test(a_long_error_is_cut_and_stays_a_string),
        cmocka_unit_test(a_hash_depends_on_every_byte_and_on_nothing_else),
        cmocka_unit_test(hashes_of_similar_names_spread),
    };
    return cmocka_run_group_tests_name("error and hash", tests, NULL, NULL);
}
