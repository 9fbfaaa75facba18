#include "base/percent.h"

static bool is_plain(char c, const char *plain)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr(plain, c));
}

Str percent_encode(Arena *out, Str text, const char *plain)
{
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_alloc_raw(out, (size_t)text.length * 3 + 1);
    uint32_t length = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (is_plain((char)c, plain)) {
            encoded[length++] = (char)c;
        } else {
            encoded[length++] = '%';
            encoded[length++] = digits[c >> 4];
            encoded[length++] = digits[c & 15];
        }
    }
    return str_of(encoded, length);
}

Str percent_decode(Arena *out, Str text)
{
    char *decoded = arena_alloc_raw(out, (size_t)text.length + 1);
    uint32_t length = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        uint32_t value;
        if (c == '%' && str_hex(text, i + 1, 2, &value)) {
            c = (char)value;
            i += 2;
        }
        decoded[length++] = c;
    }
    return str_of(decoded, length);
}
