/* Where a link may lead: to a public page of the web, written so plainly that no two programs can
 * read it differently. */
#include <netdb.h>

#include "consult/check/document.h"
#include "loop/address.h"
#include "loop/url.h"

enum { MAX_TARGET_BYTES = 2000 };

static bool is_private_name(Str host)
{
    static const char *const domains[] = {"localhost", "local", "internal",  "lan",  "home", "corp",
                                          "intranet",  "test",  "home.arpa", "onion"};
    if (str_find(host, STR("."), 0) == UINT32_MAX && str_find(host, STR(":"), 0) == UINT32_MAX)
        return true; /* a name of the own network */
    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (url_host_is_of(host, str_from(domains[i])))
            return true;
    return false;
}

/* True for an address in any of its spellings that is not of the public internet: 127.1 and
 * 2130706433 are 127.0.0.1. What only looks like an address is none of it either. */
static bool is_private_address(Arena *scratch, Str host)
{
    struct addrinfo wish = {.ai_flags = AI_NUMERICHOST}, *found = NULL;
    uint32_t last = host.length;
    while (last > 0 && host.data[last - 1] != '.')
        last--;
    if (getaddrinfo(str_to_c(scratch, host), NULL, &wish, &found) != 0)
        return host.data[last] >= '0' && host.data[last] <= '9';
    bool is_private = !address_is_public(found->ai_addr);
    freeaddrinfo(found);
    return is_private;
}

/* As hosts of the web are written: the last part is a word, or all of it is an address. */
static bool is_plain_host(Str host)
{
    uint32_t last = host.length;
    while (last > 0 && host.data[last - 1] != '.')
        last--;
    char first = last < host.length ? host.data[last] : '-',
         end = host.length ? host.data[host.length - 1] : '-';
    if (end == '-' || first == '-')
        return false;
    for (uint32_t i = 0; i < host.length; i++) {
        char c = host.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':'))
            return false;
    }
    return true;
}

bool link_is_path(Str target)
{
    for (uint32_t i = 0; i < target.length; i++) {
        char c = target.data[i];
        if (c == ':' && i + 1 < target.length && target.data[i + 1] >= '0' &&
            target.data[i + 1] <= '9')
            continue; /* a line */
        if ((unsigned char)c <= ' ' || strchr(":&\\%<>`?", c))
            return false;
    }
    return target.length > 0 && target.length < MAX_TARGET_BYTES &&
           !str_starts_with(target, STR("//"));
}

Str link_problem(Arena *scratch, Str target)
{
    UrlParts parts;
    if (target.length > MAX_TARGET_BYTES)
        return STR("the link is too long");
    if (!url_split(scratch, target, &parts))
        return STR("not a link to a page of the web");
    if (parts.has_user || !is_plain_host(parts.host))
        return STR("a link that hides where it leads");
    for (uint32_t i = 0; i < target.length; i++)
        if (strchr("<>()`\"'|{}[]", target.data[i]))
            return STR("a link that programs read in different ways");
    if (is_private_name(parts.host) || is_private_address(scratch, parts.host))
        return STR("a link to a private address");
    return (Str){0};
}
