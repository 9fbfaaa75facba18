/* WebFetch: a page of the web as text.
 *
 * What is fetched is decided twice. The URL must be known (the person, the rules or an earlier
 * result named it) or be of a site with documentation, so that a model cannot be talked into
 * carrying data out in an address of its own making. And the request is guarded: only public
 * addresses, checked when the connection is made. A redirect to another host is told, not followed.
 */
#include "base/json.h"
#include "base/version.h"
#include "consult/tools/html.h"
#include "consult/tools/tools.h"
#include "loop/url.h"

enum {
    MAX_PAGE_BYTES = 2 * 1024 * 1024,
    TIME_MS = 20 * 1000,
    MAX_REDIRECTS = 5,
    SHOWN_BYTES = 60 * 1024, /* of the text, at once */
};

/* Documentation that a consultation of a database may need; hosts below them count. */
static const char *const known_hosts[] = {"postgresql.org",
                                          "mariadb.com",
                                          "mariadb.org",
                                          "dev.mysql.com",
                                          "sqlite.org",
                                          "learn.microsoft.com",
                                          "supabase.com",
                                          "prisma.io",
                                          "sequelize.org",
                                          "typeorm.io",
                                          "sqlalchemy.org",
                                          "flask-migrate.readthedocs.io",
                                          "flask.palletsprojects.com",
                                          "flask-sqlalchemy.readthedocs.io",
                                          "orm.drizzle.team",
                                          "pgbouncer.org",
                                          "redis.io",
                                          "timescale.com",
                                          "postgis.net",
                                          "squawkhq.com",
                                          "wiki.postgresql.org"};

typedef struct {
    Str url;   /* where it is in the end */
    Str text;  /* as text */
    Str moved; /* another host that it has moved to, instead of a text */
} Page;

static bool is_allowed(const Toolbox *toolbox, Str url, Str host)
{
    for (size_t i = 0; i < sizeof known_hosts / sizeof *known_hosts; i++)
        if (url_host_is_of(host, str_from(known_hosts[i])))
            return true;
    return map_get(&toolbox->known_urls, url) != NULL;
}

/* ---- one page ---- */

static bool is_text_type(Str type)
{
    static const char *const types[] = {"text/", "application/json", "application/xml",
                                        "application/xhtml+xml"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_starts_with(type, str_from(types[i])))
            return true;
    return false;
}

static HttpResult get(Toolbox *toolbox, Arena *out, Str url, Buf *body)
{
    HttpRequest request = {.url = url,
                           .idle_ms = TIME_MS,
                           .total_ms = TIME_MS,
                           .max_bytes = MAX_PAGE_BYTES,
                           .accepts_encoded = true,
                           .is_guarded = true,
                           .guard_loopback_port = toolbox->loopback_port,
                           .on_body = http_gather,
                           .context = body,
                           .cancel = toolbox->cancel};
    http_add_header(out, &request.headers, "accept",
                    STR("text/markdown, text/html;q=0.9, text/plain;q=0.8, "
                        "application/json;q=0.7, */*;q=0.1"));
    http_add_header(out, &request.headers, "user-agent", STR("Lintel/" LINTEL_VERSION));
    return http_send(toolbox->http, &request, out);
}

/* `https` for `http`, as browsers do. A test's port of this machine has no certificate. */
static Str safer_url(const Toolbox *toolbox, Arena *out, Str url)
{
    UrlParts parts;
    if (toolbox->loopback_port != 0 || !url_split(out, url, &parts) ||
        !str_equal(parts.scheme, STR("http")) || !str_is_absent(parts.port))
        return url;
    return str_format(out, "https" STR_FMT, STR_ARG(str_slice(url, 4, url.length)));
}

static bool take_page(Arena *out, const HttpResult *result, Str url, const Buf *body, Page *page,
                      Error *err)
{
    Str type = str_lower(out, http_header(&result->headers, "content-type"));
    if (result->status != 200)
        return error_set(err, ERR_FAILED, "the server answered %d", result->status);
    if (!is_text_type(type))
        return error_set(err, ERR_FAILED, "the page is not a text (" STR_FMT ")",
                         STR_ARG(str_slice(type, 0, 100)));
    Str bytes = buf_str(body);
    page->url = url;
    page->text =
        str_contains(type, STR("html")) ? html_text(out, bytes, url) : str_copy(out, bytes);
    return true;
}

/* Follows redirects on the same host; one to another ends it. */
static bool fetch(Toolbox *toolbox, Arena *out, Str url, Page *page, Error *err)
{
    for (int i = 0; i <= MAX_REDIRECTS; i++) {
        Buf body = buf_with_max(MAX_PAGE_BYTES);
        HttpResult result = get(toolbox, out, url, &body);
        Str location = http_header(&result.headers, "location");
        bool is_redirect = result.end == HTTP_ANSWERED && result.status >= 300 &&
                           result.status < 400 && !str_is_empty(location);
        bool is_good = false;
        if (result.end != HTTP_ANSWERED)
            error_set(err, ERR_FAILED, STR_FMT, STR_ARG(result.problem));
        else if (!is_redirect)
            is_good = take_page(out, &result, url, &body, page, err);
        buf_free(&body);
        if (!is_redirect)
            return is_good;
        Str next = safer_url(toolbox, out, url_resolve(out, url, location));
        UrlParts from, to;
        if (!url_split(out, url, &from) || !url_split(out, next, &to) || to.has_user)
            return error_set(err, ERR_FAILED, "the page has moved to no address of the web");
        if (!str_equal(from.host, to.host)) {
            page->moved = next;
            return true;
        }
        url = next;
    }
    return error_set(err, ERR_FAILED, "the page has moved too often");
}

/* ---- the tool ---- */

static ToolResult answer(Toolbox *toolbox, Arena *out, const Page *page, const cJSON *input)
{
    if (!str_is_empty(page->moved))
        return (ToolResult){.text = str_format(out,
                                               "the page has moved to another host: " STR_FMT
                                               "\nfetch that, if it is to be trusted",
                                               STR_ARG(page->moved))};
    int32_t offset = 0;
    json_int(input, "offset", &offset);
    uint32_t start = offset > 0 ? (uint32_t)offset : 0;
    if (start >= page->text.length && start > 0)
        return tool_error(out, "the page's text has only %u bytes", page->text.length);
    Str part = str_slice(page->text, start, start + SHOWN_BYTES);
    Str more = start + part.length < page->text.length
                   ? str_format(out, "\n[%u of %u bytes; go on with offset %u]", part.length,
                                page->text.length, start + part.length)
                   : STR("");
    Str question = json_str(input, "prompt"), apart;
    Error err = {0};
    if (!toolbox->read_apart)
        return (ToolResult){.text = str_format(out, STR_FMT "\n\n" STR_FMT STR_FMT,
                                               STR_ARG(page->url), STR_ARG(part), STR_ARG(more))};
    if (!toolbox->read_apart(toolbox->read_apart_context, out, page->url, part, question, &apart,
                             &err))
        return tool_failed(out, &err);
    return (ToolResult){.text = str_format(out, STR_FMT "\n\n" STR_FMT STR_FMT, STR_ARG(page->url),
                                           STR_ARG(apart), STR_ARG(more))};
}

static ToolResult run(Toolbox *toolbox, Arena *out, const cJSON *input)
{
    Str url = str_trim(json_str(input, "url"));
    UrlParts parts;
    Error err = {0};
    if (!toolbox->http)
        return tool_error(out, "the web is not available");
    if (!url_split(out, url, &parts))
        return tool_error(out, "url is not an address of the web");
    if (parts.has_user)
        return tool_error(out, "a URL with a user name is not fetched");
    if (!is_allowed(toolbox, url, parts.host))
        return tool_error(out,
                          STR_FMT
                          " is not fetched: only pages that the person, the project's rules or a "
                          "search named, and documentation of databases and their tools",
                          STR_ARG(parts.host));
    Page *kept = map_get(&toolbox->pages, url);
    if (kept)
        return answer(toolbox, out, kept, input);
    if (toolbox->n_fetches >= toolbox->max_fetches)
        return tool_error(out, "no more pages are fetched in this consultation (%u)",
                          toolbox->max_fetches);
    toolbox->n_fetches++;
    url = str_copy(&toolbox->arena, url); /* it is kept with the page */
    Page *page = ARENA_NEW(&toolbox->arena, Page);
    if (!fetch(toolbox, &toolbox->arena, safer_url(toolbox, &toolbox->arena, url), page, &err))
        return tool_failed(out, &err);
    map_set(&toolbox->arena, &toolbox->pages, url, page);
    return answer(toolbox, out, page, input);
}

extern const Tool tool_web_fetch;
const Tool tool_web_fetch = {
    .name = "WebFetch",
    .description =
        "Fetches a page of the web and answers `prompt` from it. Only pages that the person, the "
        "project's rules or an earlier result named, and documentation of databases and their "
        "tools. A "
        "redirect to another host is reported, not followed.",
    .schema = "{\"type\":\"object\",\"properties\":{"
              "\"url\":{\"type\":\"string\"},"
              "\"prompt\":{\"type\":\"string\",\"description\":\"what to find on the page\"},"
              "\"offset\":{\"type\":\"integer\",\"description\":\"bytes of the page's text to pass "
              "over\"}},"
              "\"required\":[\"url\",\"prompt\"],\"additionalProperties\":false}",
    .is_of_the_web = true,
    .run = run,
};
