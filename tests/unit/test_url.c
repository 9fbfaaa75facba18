/* Parts of URLs, and which addresses are public. */
#include "loop/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "loop/address.h"
#include "unit/unit.h"

static void parts(void **state)
{
    (void)state;
    static const struct {
        const char *url, *seen; /* "scheme host port rest", user marked; NULL: none */
    } cases[] = {
        {"http://example.org", "http example.org - "},
        {"HTTPS://Example.ORG:8443/a?b#c", "https example.org 8443 /a?b#c"},
        {"http://example.org./", "http example.org - /"},
        {"http://[::1]:80/x", "http ::1 80 /x"},
        {"http://[::1]", "http ::1 - "},
        {"http://a.example@b.example/", "http b.example - / user"},
        {"http://a@b@c/", "http c - / user"},
        {"http://h?x", "http h - ?x"},
        {"http://h:/x", "http h - /x"},
        {"https://h/a:b@c", "https h - /a:b@c"},
        {"ftp://h/", NULL},
        {"//h/", NULL},
        {"http:/h", NULL},
        {"http://", NULL},
        {"http:///x", NULL},
        {"http://h:80a/", NULL},
        {"http://h:123456/", NULL},
        {"http://[::1/", NULL},
        {"http://[::1]x/", NULL},
        {"http://h/a b", NULL},
        {"http://h/\n", NULL},
        {"http://h\\@evil/", NULL},
        {"", NULL},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        UrlParts found;
        Str seen = STR("none");
        if (url_split(&arena, str_from(cases[i].url), &found))
            seen = str_format(&arena, STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT "%s",
                              STR_ARG(found.scheme), STR_ARG(found.host),
                              STR_ARG(str_is_absent(found.port) ? STR("-") : found.port),
                              STR_ARG(found.rest), found.has_user ? " user" : "");
        assert_str(seen, cases[i].seen ? cases[i].seen : "none");
    }
    arena_release(&arena);
}

static void loopback(void **state)
{
    (void)state;
    static const char *const own[] = {"http://localhost", "http://LOCALHOST:11434/v1",
                                      "https://127.0.0.1/", "http://127.9.9.9", "http://[::1]:1/"};
    static const char *const others[] = {"http://localhost.example.org", "http://127.example.org/",
                                         "http://127.0.0.1.example.org", "http://128.0.0.1",
                                         "http://u@localhost.org",       "ftp://localhost/"};
    for (size_t i = 0; i < COUNT(own); i++)
        assert_true(url_is_loopback(str_from(own[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(url_is_loopback(str_from(others[i])));
}

static void hosts_of_domains(void **state)
{
    (void)state;
    assert_true(url_host_is_of(STR("b.org"), STR("b.org")));
    assert_true(url_host_is_of(STR("a.b.org"), STR("b.org")));
    assert_false(url_host_is_of(STR("ab.org"), STR("b.org")));
    assert_false(url_host_is_of(STR("b.org"), STR("a.b.org")));
    assert_false(url_host_is_of(STR("b.org.example"), STR("b.org")));
    assert_false(url_host_is_of(STR("b.org"), STR("")));
}

static void resolving(void **state)
{
    (void)state;
    static const struct {
        const char *base, *location, *seen;
    } cases[] = {
        {"http://h/a/b?q", "c", "http://h/a/c"},
        {"http://h/a/b?q", "/c?d#e", "http://h/c?d"},
        {"http://h/a/b?q", "?r", "http://h/a/b?r"},
        {"http://h/a/b?q", "", "http://h/a/b"},
        {"http://h", "c", "http://h/c"},
        {"https://h:1/a/", "//x/y", "https://x/y"},
        {"http://h/", "https://x/", "https://x/"},
        {"http://h/", "javascript:alert(1)", ""},
        {"http://h/", "data:text/html,x", ""},
        {"http://h/", "file:///etc/passwd", ""},
        {"http://h/", "a b", ""},
        {"http://h/a/", "x:y", ""},
        {"http://h/a/", "./x:y", "http://h/a/./x:y"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(url_resolve(&arena, str_from(cases[i].base), str_from(cases[i].location)),
                   cases[i].seen);
    assert_str(url_escape(&arena, STR("a b&c=\xC3\xA4~")), "a%20b%26c%3D%C3%A4~");
    arena_release(&arena);
}

static bool is_public(const char *text)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    if (strchr(text, ':')) {
        address.v6.sin6_family = AF_INET6;
        assert_int_equal(inet_pton(AF_INET6, text, &address.v6.sin6_addr), 1);
    } else {
        address.v4.sin_family = AF_INET;
        assert_int_equal(inet_pton(AF_INET, text, &address.v4.sin_addr), 1);
    }
    return address_is_public(&address.any);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const outside[] = {
        "1.1.1.1",        "9.255.255.255",     "11.0.0.0",
        "100.63.255.255", "100.128.0.0",       "126.1.1.1",
        "128.0.0.1",      "169.253.1.1",       "172.15.0.1",
        "172.32.0.1",     "192.0.1.1",         "192.167.1.1",
        "198.17.1.1",     "198.20.0.1",        "223.255.255.255",
        "2606:4700::1",   "2a00:1450:4001::1", "2001:4860:4860::8888",
        "::ffff:8.8.8.8", "64:ff9b::808:808",  "2002:808:808::1"};
    static const char *const inside[] = {"0.0.0.0",
                                         "0.1.2.3",
                                         "10.0.0.1",
                                         "10.255.255.255",
                                         "100.64.0.1",
                                         "100.127.255.255",
                                         "127.0.0.1",
                                         "127.255.255.255",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.0.0.1",
                                         "192.0.2.1",
                                         "192.88.99.1",
                                         "192.168.0.1",
                                         "198.18.0.1",
                                         "198.19.255.255",
                                         "198.51.100.1",
                                         "203.0.113.1",
                                         "224.0.0.1",
                                         "239.255.255.255",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::127.0.0.1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:169.254.169.254",
                                         "64:ff9b::7f00:1",
                                         "64:ff9b:1::1",
                                         "fc00::1",
                                         "fd00::1",
                                         "fe80::1",
                                         "fec0::1",
                                         "ff02::1",
                                         "2001::1",
                                         "2001:db8::1",
                                         "2001:20::1",
                                         "2002:7f00:1::",
                                         "2002:a00:1::",
                                         "3fff::1",
                                         "4000::1",
                                         "100::1"};
    for (size_t i = 0; i < COUNT(outside); i++)
        if (!is_public(outside[i]))
            fail_msg("%s is public", outside[i]);
    for (size_t i = 0; i < COUNT(inside); i++)
        if (is_public(inside[i]))
            fail_msg("%s is not public", inside[i]);
    assert_false(address_is_public(&(struct sockaddr){.sa_family = AF_UNIX}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts),
        cmocka_unit_test(loopback),
        cmocka_unit_test(hosts_of_domains),
        cmocka_unit_test(resolving),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
