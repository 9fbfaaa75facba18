#include "loop/url.h"

#include "base/percent.h"

enum { MAX_URL_BYTES = 8192 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_clean(Str url)
{
    for (uint32_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.data[i];
        if (c <= ' ' || c == 0x7F || c == '\\')
            return false;
    }
    return url.length <= MAX_URL_BYTES;
}

static uint32_t find_any(Str s, const char *of)
{
    for (uint32_t i = 0; i < s.length; i++)
        if (strchr(of, s.data[i]))
            return i;
    return s.length;
}

/* "host", "host:port", "[v6]:port"; false where the port is no number. */
static bool split_authority(Arena *out, Str authority, UrlParts *parts)
{
    Str host = authority, port = {0};
    uint32_t colon = UINT32_MAX;
    if (str_starts_with(authority, STR("["))) {
        uint32_t close = str_find(authority, STR("]"), 0);
        if (close == UINT32_MAX)
            return false;
        host = str_slice(authority, 1, close);
        if (close + 1 < authority.length && authority.data[close + 1] != ':')
            return false;
        colon = close + 1 < authority.length ? close + 1 : UINT32_MAX;
    } else {
        colon = str_find(authority, STR(":"), 0);
        if (colon != UINT32_MAX)
            host = str_slice(authority, 0, colon);
    }
    if (colon != UINT32_MAX)
        port = str_slice(authority, colon + 1, authority.length);
    if (port.length > 5)
        return false;
    for (uint32_t i = 0; i < port.length; i++)
        if (!is_digit(port.data[i]))
            return false;
    while (str_ends_with(host, STR(".")))
        host.length--;
    parts->host = str_lower(out, host);
    parts->port = str_is_empty(port) ? (Str){0} : port;
    return host.length > 0;
}

bool url_split(Arena *out, Str url, UrlParts *parts)
{
    if (!is_clean(url))
        return false;
    uint32_t colon = str_find(url, STR("://"), 0);
    Str scheme = colon == UINT32_MAX ? (Str){0} : str_lower(out, str_slice(url, 0, colon));
    if (!str_equal(scheme, STR("http")) && !str_equal(scheme, STR("https")))
        return false;
    Str after = str_slice(url, colon + 3, url.length);
    Str authority = str_slice(after, 0, find_any(after, "/?#"));
    UrlParts found = {.scheme = scheme, .rest = str_slice(after, authority.length, after.length)};
    uint32_t at = authority.length;
    while (at > 0 && authority.data[at - 1] != '@')
        at--;
    found.has_user = at > 0;
    if (!split_authority(out, str_slice(authority, at, authority.length), &found))
        return false;
    *parts = found;
    return true;
}

static bool is_127(Str host)
{
    int n_dots = 0;
    for (uint32_t i = 0; i < host.length; i++) {
        n_dots += host.data[i] == '.';
        if (!is_digit(host.data[i]) && host.data[i] != '.')
            return false;
    }
    return n_dots == 3 && str_starts_with(host, STR("127."));
}

bool url_is_loopback(Str url)
{
    Arena arena = {0};
    UrlParts parts;
    bool is_loopback =
        url_split(&arena, url, &parts) && (str_equal(parts.host, STR("localhost")) ||
                                           str_equal(parts.host, STR("::1")) || is_127(parts.host));
    arena_release(&arena);
    return is_loopback;
}

bool url_host_is_of(Str host, Str domain)
{
    if (str_is_empty(domain) || !str_ends_with(host, domain))
        return false;
    return host.length == domain.length || host.data[host.length - domain.length - 1] == '.';
}

/* True for "scheme:…", which is not relative. */
static bool has_scheme(Str url)
{
    uint32_t i = 0;
    while (i < url.length && (is_letter(url.data[i]) ||
                              (i > 0 && (is_digit(url.data[i]) || strchr("+-.", url.data[i])))))
        i++;
    return i > 0 && i < url.length && url.data[i] == ':';
}

Str url_resolve(Arena *out, Str base, Str location)
{
    UrlParts parts;
    location = str_slice(location, 0, find_any(location, "#"));
    if (!url_split(out, base, &parts) || !is_clean(location))
        return (Str){0};
    if (has_scheme(location)) {
        UrlParts ignored;
        return url_split(out, location, &ignored) ? str_copy(out, location) : (Str){0};
    }
    uint32_t start_of_rest = base.length - parts.rest.length;
    Str origin = str_slice(base, 0, start_of_rest);
    Str path = str_slice(parts.rest, 0, find_any(parts.rest, "?#"));
    Str resolved;
    if (str_starts_with(location, STR("//")))
        resolved = str_format(out, STR_FMT ":" STR_FMT, STR_ARG(parts.scheme), STR_ARG(location));
    else if (str_starts_with(location, STR("/")))
        resolved = str_format(out, STR_FMT STR_FMT, STR_ARG(origin), STR_ARG(location));
    else if (str_is_empty(location) || location.data[0] == '?')
        resolved = str_format(out, STR_FMT STR_FMT STR_FMT, STR_ARG(origin), STR_ARG(path),
                              STR_ARG(location));
    else {
        uint32_t end = path.length;
        while (end > 0 && path.data[end - 1] != '/')
            end--;
        Str folder = end > 0 ? str_slice(path, 0, end) : STR("/");
        resolved = str_format(out, STR_FMT STR_FMT STR_FMT, STR_ARG(origin), STR_ARG(folder),
                              STR_ARG(location));
    }
    UrlParts ignored;
    return url_split(out, resolved, &ignored) ? resolved : (Str){0};
}

Str url_escape(Arena *out, Str text)
{
    return percent_encode(out, text, "-._~");
}
