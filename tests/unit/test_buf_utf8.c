#include "base/buf.h"
#include "base/utf8.h"
#include "unit/unit.h"

static void buf_holds_exactly_its_maximum(void **state)
{
    (void)state;
    Buf buf = buf_with_max(5);
    buf_add(&buf, STR("abc"));
    buf_add_char(&buf, 'd');
    buf_format(&buf, "%c", 'e');
    assert_false(buf.overflowed);
    assert_str(buf_str(&buf), "abcde");
    buf_add(&buf, STR(""));
    assert_false(buf.overflowed);
    buf_add_char(&buf, 'f');
    assert_true(buf.overflowed);
    assert_str(buf_str(&buf), "abcde");
    buf_consume(&buf, 2);
    buf_add(&buf, STR("x")); /* after an overflow nothing more gets in: the text has a hole */
    assert_str(buf_str(&buf), "cde");
    buf_clear(&buf);
    buf_add(&buf, STR("again"));
    assert_str(buf_str(&buf), "again");
    buf_free(&buf);
    assert_int_equal(buf.length, 0);
}

static void buf_grows_and_consumes(void **state)
{
    (void)state;
    Buf buf = buf_with_max(1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_format(&buf, "%d,", i);
    assert_false(buf.overflowed);
    assert_true(str_starts_with(buf_str(&buf), STR("0,1,2,")));
    assert_true(str_ends_with(buf_str(&buf), STR(",9998,9999,")));
    buf_consume(&buf, 4);
    assert_true(str_starts_with(buf_str(&buf), STR("2,3,")));
    buf_consume(&buf, buf.length);
    assert_str(buf_str(&buf), "");
    buf_free(&buf);
}

static void utf8_decodes_and_never_skips(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t point, n_bytes;
    } cases[] = {
        {"a", 'a', 1},
        {"\x7f", 0x7F, 1},
        {"\xc2\x80", 0x80, 2},
        {"\xdf\xbf", 0x7FF, 2},
        {"\xe0\xa0\x80", 0x800, 3},
        {"\xed\x9f\xbf", 0xD7FF, 3},
        {"\xee\x80\x80", 0xE000, 3},
        {"\xef\xbf\xbf", 0xFFFF, 3},
        {"\xf0\x90\x80\x80", 0x10000, 4},
        {"\xf4\x8f\xbf\xbf", 0x10FFFF, 4},
        {"\x80", 0xFFFD, 1},             /* continuation alone */
        {"\xc0\x80", 0xFFFD, 1},         /* overlong NUL */
        {"\xc1\xbf", 0xFFFD, 1},         /* overlong */
        {"\xe0\x9f\xbf", 0xFFFD, 1},     /* overlong */
        {"\xf0\x8f\xbf\xbf", 0xFFFD, 1}, /* overlong */
        {"\xed\xa0\x80", 0xFFFD, 1},     /* surrogate */
        {"\xf4\x90\x80\x80", 0xFFFD, 1}, /* beyond Unicode */
        {"\xf5\x80\x80\x80", 0xFFFD, 1},
        {"\xff", 0xFFFD, 1},
        {"\xc3", 0xFFFD, 1},         /* cut off */
        {"\xe2\x82", 0xFFFD, 1},     /* cut off */
        {"\xf0\x9f\x98", 0xFFFD, 1}, /* cut off */
        {"\xc3(", 0xFFFD, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str s = str_from(cases[i].bytes);
        uint32_t n_bytes = 0;
        assert_int_equal(utf8_decode(s, 0, &n_bytes), cases[i].point);
        assert_int_equal(n_bytes, cases[i].n_bytes);
        assert_int_equal(utf8_is_valid(s), cases[i].point != 0xFFFD);
    }
    assert_true(utf8_is_valid(STR("")));
    assert_true(utf8_is_valid(STR("a\0b")));
    assert_true(utf8_is_valid(STR("\xef\xbf\xbd"))); /* U+FFFD itself */
}

static void utf8_encodes_what_it_decodes(void **state)
{
    (void)state;
    static const uint32_t points[] = {0,      1,      0x7F,   0x80,    0x7FF,   0x800,
                                      0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF, 0x10FFFF};
    for (size_t i = 0; i < COUNT(points); i++) {
        char bytes[5] = {'?', '?', '?', '?', '?'};
        uint32_t n = utf8_encode(points[i], bytes), n_read;
        assert_int_equal(utf8_decode(str_of(bytes, n), 0, &n_read), points[i]);
        assert_int_equal(n_read, n);
        assert_int_equal(bytes[n], '?');
    }
    char half[4];
    assert_false(utf8_is_valid(str_of(half, utf8_encode(0xD800, half))));
}

static void utf8_counts(void **state)
{
    (void)state;
    Str s = STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\xff"); /* a é € 😀 z, one bad byte */
    assert_int_equal(utf8_count(s), 6);
    assert_int_equal(utf8_count_utf16(s), 7);
    static const uint32_t offsets[] = {0, 1, 3, 6, 6 /* inside the pair */, 10, 11, 12, 12, 12};
    for (uint32_t units = 0; units < COUNT(offsets); units++)
        assert_int_equal(utf8_offset_of_utf16(s, units), offsets[units]);
    assert_int_equal(utf8_offset_of_utf16((Str){0}, 3), 0);
}

static void utf8_cuts_between_code_points(void **state)
{
    (void)state;
    Str s = STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"); /* a é € 😀 z */
    static const uint32_t lengths[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (uint32_t max = 0; max < COUNT(lengths); max++)
        assert_int_equal(utf8_cut(s, max).length, lengths[max]);
    /* malformed: cut somewhere, and not away */
    assert_int_equal(utf8_cut(STR("\x80\x80\x80\x80\x80\x80\x80\x80"), 6).length, 3);
    assert_int_equal(utf8_cut((Str){0}, 3).length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_holds_exactly_its_maximum),
        cmocka_unit_test(buf_grows_and_consumes),
        cmocka_unit_test(utf8_decodes_and_never_skips),
        cmocka_unit_test(utf8_encodes_what_it_decodes),
        cmocka_unit_test(utf8_counts),
        cmocka_unit_test(utf8_cuts_between_code_points),
    };
    return cmocka_run_group_tests_name("buf and utf8", tests, NULL, NULL);
}
