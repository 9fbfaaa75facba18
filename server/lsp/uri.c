#include "lsp/uri.h"

#include "base/percent.h"

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
    Str path = percent_decode(out, rest);
    while (path.length > 1 && path.data[path.length - 1] == '/')
        path.length--;
    return path;
}

Str uri_encode(Arena *out, Str path)
{
    return percent_encode(out, path, "/-._~!$&'()*+,;=:@");
}

Str uri_from_path(Arena *out, Str path)
{
    return str_format(out, "file://" STR_FMT, STR_ARG(uri_encode(out, path)));
}
