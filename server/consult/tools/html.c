#include "consult/tools/html.h"

#include "base/buf.h"
#include "loop/url.h"

enum { MAX_TEXT_BYTES = 4 * 1024 * 1024, MAX_ENTITY = 12, MAX_TAG_NAME = 16, MAX_HREF = 2000 };

typedef struct {
    Arena *scratch;
    Str html, base;
    uint32_t at;
    Buf out;
    unsigned n_newlines; /* at the end of `out` */
    bool needs_space, is_preformatted;
    Str href; /* of the link that is open; absent: none */
} Page;

typedef struct {
    char name[MAX_TAG_NAME + 1]; /* lower case */
    bool is_end;
    Str attributes;
} Tag;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_tag_char(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* ---- what comes out ---- */

static void put(Page *page, Str text)
{
    if (text.length == 0)
        return;
    if (page->needs_space && page->n_newlines == 0)
        buf_add_char(&page->out, ' ');
    page->needs_space = false;
    page->n_newlines = 0;
    buf_add(&page->out, text);
}

static void new_lines(Page *page, unsigned n)
{
    page->needs_space = false;
    if (page->out.length == 0)
        return;
    for (; page->n_newlines < n; page->n_newlines++)
        buf_add_char(&page->out, '\n');
}

static void put_point(Page *page, uint32_t point)
{
    char bytes[4];
    uint32_t n = 0;
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
        point = 0xFFFD;
    if (point < 0x80) {
        bytes[n++] = (char)point;
    } else if (point < 0x800) {
        bytes[n++] = (char)(0xC0 | point >> 6);
        bytes[n++] = (char)(0x80 | (point & 63));
    } else if (point < 0x10000) {
        bytes[n++] = (char)(0xE0 | point >> 12);
        bytes[n++] = (char)(0x80 | (point >> 6 & 63));
        bytes[n++] = (char)(0x80 | (point & 63));
    } else {
        bytes[n++] = (char)(0xF0 | point >> 18);
        bytes[n++] = (char)(0x80 | (point >> 12 & 63));
        bytes[n++] = (char)(0x80 | (point >> 6 & 63));
        bytes[n++] = (char)(0x80 | (point & 63));
    }
    put(page, str_of(bytes, n));
}

/* ---- entities ---- */

static uint32_t numeric_entity(Str name)
{
    bool is_hex = name.length > 1 && lower(name.data[1]) == 'x';
    uint32_t point = 0;
    for (uint32_t i = is_hex ? 2 : 1; i < name.length; i++) {
        char c = lower(name.data[i]);
        uint32_t digit = c >= '0' && c <= '9'             ? (uint32_t)(c - '0')
                         : is_hex && c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                                                          : 99;
        if (digit == 99 || point > 0x10FFFF)
            return 0xFFFD;
        point = point * (is_hex ? 16 : 10) + digit;
    }
    return point ? point : 0xFFFD;
}

/* Takes an entity at '&'; false where it is none. */
static bool take_entity(Page *page)
{
    static const struct {
        const char *name;
        uint32_t point;
    } known[] = {{"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
                 {"apos", '\''},     {"nbsp", ' '},     {"ndash", 0x2013}, {"mdash", 0x2014},
                 {"hellip", 0x2026}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C},
                 {"rdquo", 0x201D},  {"copy", 0xA9},    {"middot", 0xB7},  {"times", 0xD7},
                 {"rarr", 0x2192},   {"larr", 0x2190},  {"para", 0xB6},    {"sect", 0xA7}};
    Str rest = str_slice(page->html, page->at + 1, page->at + 1 + MAX_ENTITY);
    uint32_t end = str_find(rest, STR(";"), 0);
    if (end == UINT32_MAX || end == 0)
        return false;
    Str name = str_slice(rest, 0, end);
    uint32_t point = name.data[0] == '#' ? numeric_entity(name) : 0;
    for (size_t i = 0; point == 0 && i < sizeof known / sizeof *known; i++)
        if (str_equal(name, str_from(known[i].name)))
            point = known[i].point;
    if (point == 0)
        return false;
    page->at += end + 2;
    put_point(page, point);
    return true;
}

/* ---- tags ---- */

/* The end of the tag that starts at `at`: behind its '>', quotes respected. */
static uint32_t tag_end(Str html, uint32_t at)
{
    char quote = 0;
    for (uint32_t i = at + 1; i < html.length; i++) {
        char c = html.data[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if ((c == '"' || c == '\'') && html.data[i - 1] == '=')
            quote = c;
        else if (c == '>')
            return i + 1;
    }
    return html.length;
}

static bool read_tag(Page *page, Tag *tag)
{
    uint32_t at = page->at + 1;
    *tag = (Tag){.is_end = at < page->html.length && page->html.data[at] == '/'};
    at += tag->is_end;
    uint32_t n = 0;
    while (at < page->html.length && is_tag_char(page->html.data[at])) {
        if (n < MAX_TAG_NAME)
            tag->name[n++] = lower(page->html.data[at]);
        at++;
    }
    if (n == 0)
        return false;
    uint32_t end = tag_end(page->html, page->at);
    tag->attributes = str_slice(page->html, at, end - 1);
    page->at = end;
    return true;
}

/* The value of an attribute in quotes or without; absent: none. */
static Str attribute(Str attributes, const char *name)
{
    Str wanted = str_from(name);
    for (uint32_t at = str_find(attributes, STR("="), 0); at != UINT32_MAX;
         at = str_find(attributes, STR("="), at + 1)) {
        if (at < wanted.length ||
            !str_equal_ignore_case(str_slice(attributes, at - wanted.length, at), wanted))
            continue;
        Str value = str_slice(attributes, at + 1, attributes.length);
        char quote =
            value.length > 0 && (value.data[0] == '"' || value.data[0] == '\'') ? value.data[0] : 0;
        uint32_t start = quote ? 1 : 0, end = start;
        while (end < value.length &&
               (quote ? value.data[end] != quote : !is_space(value.data[end])))
            end++;
        return str_slice(value, start, end);
    }
    return (Str){0};
}

static bool is_any(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* Passes over everything to the end tag of that name. */
static void skip_element(Page *page, const char *name)
{
    Str end_tag = str_from(name);
    for (uint32_t at = str_find(page->html, STR("</"), page->at); at != UINT32_MAX;
         at = str_find(page->html, STR("</"), at + 2))
        if (str_equal_ignore_case(str_slice(page->html, at + 2, at + 2 + end_tag.length),
                                  end_tag)) {
            page->at = tag_end(page->html, at);
            return;
        }
    page->at = page->html.length;
}

static void take_link(Page *page, const Tag *tag)
{
    if (!tag->is_end) {
        Str href = attribute(tag->attributes, "href");
        page->href = href.length > 0 && href.length < MAX_HREF && href.data[0] != '#'
                         ? url_resolve(page->scratch, page->base, href)
                         : (Str){0};
        if (!str_is_empty(page->href))
            put(page, STR("["));
    } else if (!str_is_empty(page->href)) {
        page->needs_space = false;
        put(page, STR("]("));
        put(page, page->href);
        put(page, STR(")"));
        page->href = (Str){0};
    }
}

static void take_heading(Page *page, const Tag *tag)
{
    new_lines(page, 2);
    for (char level = '0'; !tag->is_end && level < tag->name[1]; level++)
        put(page, STR("#"));
    if (!tag->is_end)
        put(page, STR(" "));
}

static void take_tag(Page *page)
{
    static const char *const dropped[] = {"script",   "style",  "noscript", "svg",
                                          "template", "iframe", "head"};
    static const char *const blocks[] = {"p",    "div",   "section", "article",    "ul",     "ol",
                                         "dl",   "table", "header",  "blockquote", "footer", "nav",
                                         "main", "form",  "aside",   "figure"};
    static const char *const lines[] = {"br", "tr", "dt", "dd", "option", "hr"};
    Tag tag;
    if (!read_tag(page, &tag)) {
        put(page, STR("<"));
        page->at++;
        return;
    }
    bool is_heading =
        tag.name[0] == 'h' && tag.name[1] >= '1' && tag.name[1] <= '6' && tag.name[2] == 0;
    if (is_any(tag.name, dropped, sizeof dropped / sizeof *dropped)) {
        if (!tag.is_end)
            skip_element(page, tag.name);
    } else if (strcmp(tag.name, "a") == 0) {
        take_link(page, &tag);
    } else if (strcmp(tag.name, "pre") == 0) {
        new_lines(page, tag.is_end ? 1 : 2);
        put(page, STR("```"));
        new_lines(page, tag.is_end ? 2 : 1);
        page->is_preformatted = !tag.is_end;
    } else if (strcmp(tag.name, "code") == 0 && !page->is_preformatted) {
        put(page, STR("`"));
    } else if (is_heading) {
        take_heading(page, &tag);
    } else if (strcmp(tag.name, "li") == 0) {
        new_lines(page, 1);
        if (!tag.is_end)
            put(page, STR("- "));
    } else if (strcmp(tag.name, "td") == 0 || strcmp(tag.name, "th") == 0) {
        if (tag.is_end)
            put(page, STR(" |"));
        page->needs_space = true;
    } else if (is_any(tag.name, blocks, sizeof blocks / sizeof *blocks)) {
        new_lines(page, 2);
    } else if (is_any(tag.name, lines, sizeof lines / sizeof *lines)) {
        new_lines(page, 1);
    }
}

/* ---- the walk ---- */

static void take_text(Page *page)
{
    uint32_t start = page->at;
    char c = page->html.data[start];
    if (is_space(c)) {
        if (page->is_preformatted) {
            if (c == '\n') {
                buf_add_char(&page->out, '\n');
                page->n_newlines++;
            } else {
                put(page, STR(" "));
            }
        } else {
            page->needs_space = page->out.length > 0;
        }
        page->at++;
        return;
    }
    while (page->at < page->html.length && !is_space(page->html.data[page->at]) &&
           page->html.data[page->at] != '<' && page->html.data[page->at] != '&')
        page->at++;
    put(page, str_slice(page->html, start, page->at));
}

Str html_text(Arena *out, Str html, Str base)
{
    Arena scratch = {0};
    Page page = {
        .scratch = &scratch, .html = html, .base = base, .out = buf_with_max(MAX_TEXT_BYTES)};
    while (page.at < html.length && !page.out.overflowed) {
        Str rest = str_slice(html, page.at, page.at + 4);
        if (str_equal(rest, STR("<!--"))) {
            uint32_t end = str_find(html, STR("-->"), page.at + 4);
            page.at = end == UINT32_MAX ? html.length : end + 3;
        } else if (str_starts_with(rest, STR("<!")) || str_starts_with(rest, STR("<?"))) {
            page.at = tag_end(html, page.at);
        } else if (rest.data[0] == '<') {
            take_tag(&page);
        } else if (rest.data[0] != '&' || !take_entity(&page)) {
            if (rest.data[0] == '&') {
                put(&page, STR("&"));
                page.at++;
            } else {
                take_text(&page);
            }
        }
    }
    Str text = str_copy(out, str_trim(buf_str(&page.out)));
    buf_free(&page.out);
    arena_release(&scratch);
    return str_is_absent(text) ? STR("") : text;
}
