#include "base/utf8.h"

static const uint32_t replacement = 0xFFFD;

uint32_t utf8_decode(Str s, uint32_t at, uint32_t *n_bytes)
{
    const unsigned char *bytes = (const unsigned char *)s.data + at;
    uint32_t left = s.length - at;
    *n_bytes = 1;
    unsigned char first = bytes[0];
    if (first < 0x80)
        return first;
    uint32_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || length > left)
        return replacement;
    uint32_t point = first & (0x7Fu >> length);
    for (uint32_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return replacement;
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    bool is_overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (is_overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return replacement;
    *n_bytes = length;
    return point;
}

uint32_t utf8_encode(uint32_t code_point, char *out)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    static const uint32_t leads[] = {0, 0xC0, 0xE0, 0xF0};
    uint32_t n_more = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
    out[0] = (char)(leads[n_more] | code_point >> (6 * n_more));
    for (uint32_t i = 1; i <= n_more; i++)
        out[i] = (char)(0x80 | (code_point >> (6 * (n_more - i)) & 0x3F));
    return n_more + 1;
}

bool utf8_is_valid(Str s)
{
    for (uint32_t at = 0; at < s.length;) {
        if ((unsigned char)s.data[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t n_bytes;
        utf8_decode(s, at, &n_bytes);
        if (n_bytes == 1)
            return false;
        at += n_bytes;
    }
    return true;
}

Str utf8_cut(Str s, uint32_t max_bytes)
{
    enum { MAX_BACK = 3 }; /* what is behind more of them is malformed anyway */
    if (s.length <= max_bytes)
        return s;
    uint32_t end = max_bytes;
    while (end > 0 && max_bytes - end < MAX_BACK && ((unsigned char)s.data[end] & 0xC0) == 0x80)
        end--;
    return str_slice(s, 0, end);
}

uint32_t utf8_count(Str s)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < s.length; count++) {
        uint32_t n_bytes;
        utf8_decode(s, at, &n_bytes);
        at += n_bytes;
    }
    return count;
}

uint32_t utf8_count_utf16(Str s)
{
    uint32_t count = 0;
    for (uint32_t at = 0; at < s.length;) {
        uint32_t n_bytes;
        utf8_decode(s, at, &n_bytes);
        at += n_bytes;
        count += n_bytes == 4 ? 2 : 1;
    }
    return count;
}

uint32_t utf8_offset_of_utf16(Str s, uint32_t units)
{
    uint32_t at = 0;
    while (at < s.length && units > 0) {
        uint32_t n_bytes;
        utf8_decode(s, at, &n_bytes);
        uint32_t width = n_bytes == 4 ? 2 : 1;
        if (width > units)
            break;
        units -= width;
        at += n_bytes;
    }
    return at;
}
