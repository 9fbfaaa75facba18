#include "lsp/uri.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

Str uri_decode(Arena *out, Str text)
{
    char *decoded = arena_alloc_raw(out, (size_t)text.length + 1);
    uint32_t length = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '%' && i + 2 < text.length) {
            int high = hex_digit(text.data[i + 1]);
            int low = hex_digit(text.data[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high * 16 + low);
                i += 2;
            }
        }
        decoded[length++] = c;
    }
    return str_of(decoded, length);
}

Str uri_scheme(Str uri)
{
    for (uint32_t i = 0; i < uri.length; i++) {
        char c = uri.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (c == ':')
            return i > 0 ? str_slice(uri, 0, i) : (Str){0};
        if (!is_letter && !(i > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
            break;
    }
    return (Str){0};
}

Str uri_to_path(Arena *out, Str uri)
{
    Str scheme = uri_scheme(uri);
    if (!str_equal_ignore_case(scheme, STR("file")))
        return (Str){0};
    Str rest = str_slice(uri, scheme.length + 1, uri.length);
    if (str_starts_with(rest, STR("//"))) {
        uint32_t slash = str_find(rest, STR("/"), 2);
        if (slash == UINT32_MAX)
            return (Str){0};
        Str host = str_slice(rest, 2, slash);
        if (host.length > 0 && !str_equal_ignore_case(host, STR("localhost")))
            return (Str){0};
        rest = str_slice(rest, slash, rest.length);
    }
    if (!str_starts_with(rest, STR("/")))
        return (Str){0};
    Str path = uri_decode(out, rest);
    while (path.length > 1 && path.data[path.length - 1] == '/')
        path.length--;
    return path;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != 0 && strchr("/-._~!$&'()*+,;=:@", c));
}

Str uri_encode(Arena *out, Str path)
{
    static const char digits[] = "0123456789ABCDEF";
    char *encoded = arena_alloc_raw(out, (size_t)path.length * 3 + 1);
    uint32_t length = 0;
    for (uint32_t i = 0; i < path.length; i++) {
        unsigned char c = (unsigned char)path.data[i];
        if (is_plain((char)c)) {
            encoded[length++] = (char)c;
        } else {
            encoded[length++] = '%';
            encoded[length++] = digits[c >> 4];
            encoded[length++] = digits[c & 15];
        }
    }
    return str_of(encoded, length);
}

Str uri_from_path(Arena *out, Str path)
{
    return str_format(out, "file://" STR_FMT, STR_ARG(uri_encode(out, path)));
}
