/* textDocument/documentLink for our own pages: the places that they name, "migrations/3.sql:12",
 * lead to the file and its line.
 *
 * The text is read as a person reads it, because that is what the ranges are of: a place is a
 * path, a colon and a line; lines of the same file follow after commas ("a.sql:3, 7"). Paths
 * count from the folder that a report says its places are of, or from the project's root. Only
 * files that exist become links. Code is left alone, but for code that is a place as a whole. */
#include "base/buf.h"
#include "base/json.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/pages.h"
#include "lsp/position.h"
#include "lsp/uri.h"
#include "project/files.h"
#include "project/path.h"

enum {
    MAX_LINKS = 5000,
    MAX_PATH_BYTES = 4096,
    MAX_LINE_DIGITS = 9,
};

typedef struct {
    Server *server;
    Str root, folder; /* of the project; below it, the folder of the report's places */
    Str page;
    PositionMapper mapper;
    StrMap
        files; /* a path as the page has it -> Str of its URI, empty where there is no such file */
    cJSON *list;
    uint32_t n;
} LinkList;

/* ---- files ---- */

static Str find_file(LinkList *links, Str path)
{
    Arena *scratch = &links->server->scratch;
    Str rest;
    Str folders[] = {path_join(scratch, links->root, links->folder), links->root};
    for (unsigned i = 0; i < 2; i++) {
        Str full = path_normal(scratch, path_join(scratch, folders[i], path));
        if (path_is_below(links->root, full, &rest) && files_exists(full))
            return uri_from_path(scratch, full);
    }
    return STR("");
}

static Str file_uri(LinkList *links, Str path)
{
    Str *known = map_get(&links->files, path);
    if (!known) {
        known = ARENA_NEW(&links->server->scratch, Str);
        *known = find_file(links, path);
        map_set(&links->server->scratch, &links->files, path, known);
    }
    return *known;
}

static void add_link(LinkList *links, Range range, Str uri, Str line)
{
    if (links->n == MAX_LINKS)
        return;
    links->n++;
    cJSON *link = cJSON_CreateObject();
    json_add(link, "range", position_range_to_json(&links->mapper, range));
    json_add_str(
        link, "target",
        str_format(&links->server->scratch, STR_FMT "#L" STR_FMT, STR_ARG(uri), STR_ARG(line)));
    json_push(links->list, link);
}

/* ---- places ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_path_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '/' ||
           c == '.' || c == '_' || c == '-' || c == '+' || c == '@' || (unsigned char)c >= 0x80;
}

static char char_at(const LinkList *links, uint32_t at, uint32_t end)
{
    return at < end ? links->page.data[at] : '\0';
}

static uint32_t digits_end(const LinkList *links, uint32_t at, uint32_t end)
{
    uint32_t start = at;
    while (at < end && is_digit(links->page.data[at]) && at - start < MAX_LINE_DIGITS)
        at++;
    return at;
}

/* The path that begins at `*at`, without the backslashes of Markdown; `*at` moves behind it. */
static Str read_path(LinkList *links, uint32_t *at, uint32_t end)
{
    Buf buf = buf_with_max(MAX_PATH_BYTES);
    uint32_t start = *at;
    for (; *at < end && *at - start < MAX_PATH_BYTES; ++*at) {
        char c = links->page.data[*at];
        if (c == '\\' && *at + 1 < end)
            c = links->page.data[++*at];
        else if (!is_path_char(c))
            break;
        buf_add_char(&buf, c);
    }
    Str path = str_copy(&links->server->scratch, buf_str(&buf));
    buf_free(&buf);
    return path;
}

/* Whether the number that ends at `at` is a line, not the beginning of something else. */
static bool ends_line(const LinkList *links, uint32_t at, uint32_t end)
{
    char c = char_at(links, at, end);
    return c == ',' || c == ')' || c == ';' ||
           str_starts_with(str_slice(links->page, at, end), STR(" and "));
}

/* ", 7, 9" behind a place: more lines of its file. Returns where they end. */
static uint32_t read_more_lines(LinkList *links, uint32_t at, uint32_t end, Str uri)
{
    for (;;) {
        if (!str_starts_with(str_slice(links->page, at, end), STR(", ")))
            return at;
        uint32_t start = at + 2;
        uint32_t stop = digits_end(links, start, end);
        if (stop == start || !ends_line(links, stop, end))
            return at;
        add_link(links, (Range){start, stop}, uri, str_slice(links->page, start, stop));
        at = stop;
    }
}

/* The place that begins at `at`, if one does; `range` is what becomes its link. Returns where the
 * search goes on. */
static uint32_t read_place(LinkList *links, uint32_t at, uint32_t end)
{
    uint32_t start = at;
    Str path = read_path(links, &at, end);
    if (at == start)
        return start + 1;
    uint32_t stop = char_at(links, at, end) == ':' ? digits_end(links, at + 1, end) : at;
    if (stop <= at + 1 || !(str_contains(path, STR(".")) || str_contains(path, STR("/"))))
        return at;
    Str uri = file_uri(links, path);
    if (str_is_empty(uri))
        return stop;
    add_link(links, (Range){start, stop}, uri, str_slice(links->page, at + 1, stop));
    return read_more_lines(links, stop, end, uri);
}

/* A code span that begins at `at`; a link where it is nothing but a place. Returns its end. */
static uint32_t read_code(LinkList *links, uint32_t at, uint32_t end)
{
    uint32_t start = at;
    while (char_at(links, at, end) == '`')
        at++;
    Str ticks = str_slice(links->page, start, at);
    uint32_t close = str_find(str_slice(links->page, 0, end), ticks, at);
    if (close == UINT32_MAX)
        return at;
    uint32_t stop = close + ticks.length, colon = at;
    Str path = read_path(links, &colon, close);
    if (char_at(links, colon, close) == ':' && colon + 1 < close &&
        digits_end(links, colon + 1, close) == close) {
        Str uri = file_uri(links, path);
        if (!str_is_empty(uri))
            add_link(links, (Range){start, stop}, uri, str_slice(links->page, colon + 1, close));
    }
    return stop;
}

static void read_line(LinkList *links, Range line)
{
    for (uint32_t at = line.start; at < line.end;)
        at = links->page.data[at] == '`' ? read_code(links, at, line.end)
                                         : read_place(links, at, line.end);
}

/* "**Places** are files of `db/`" */
static void take_folder(LinkList *links, Str line)
{
    static const char before[] = "**Places** are files of `";
    if (!str_starts_with(line, str_from(before)))
        return;
    uint32_t close = str_find(line, STR("`"), sizeof before - 1);
    if (close != UINT32_MAX)
        links->folder = str_slice(line, sizeof before - 1, close);
}

static void read_page(LinkList *links)
{
    bool in_fence = false;
    for (Str rest = links->page, line; str_next_line(&rest, &line);) {
        uint32_t start = (uint32_t)(line.data - links->page.data);
        if (str_starts_with(str_trim(line), STR("```")))
            in_fence = !in_fence;
        else if (!in_fence) {
            take_folder(links, line);
            read_line(links, (Range){start, start + line.length});
        }
    }
}

/* ---- the request ---- */

Reply handle_document_link(Server *server, const Request *request)
{
    Str uri = json_str(json_get(request->params, "textDocument"), "uri");
    Str text, root = {0};
    if (!str_equal(uri_scheme(uri), STR(PAGE_SCHEME)))
        return reply_result(NULL);
    switch (page_text(server, uri, &text)) {
    case PAGE_LATER:
        return reply_later();
    case PAGE_UNKNOWN:
        return reply_invalid(STR("there is no such page"));
    case PAGE_READY:
        root = page_root(server, uri);
        break;
    }
    if (str_is_absent(root))
        return reply_result(NULL);
    Text *document = text_new(text);
    LinkList links = {.server = server,
                      .root = root,
                      .page = text,
                      .mapper =
                          position_mapper(document, server->client.encoding, &server->scratch),
                      .list = cJSON_CreateArray()};
    read_page(&links);
    text_release(document);
    return reply_list(links.list);
}
