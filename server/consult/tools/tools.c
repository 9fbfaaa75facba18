#include "consult/tools/tools.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"
#include "consult/redact.h"
#include "loop/url.h"

extern const Tool tool_read, tool_glob, tool_grep, tool_web_fetch, tool_web_search;

const Tool *const all_tools[] = {&tool_read, &tool_glob, &tool_grep, &tool_web_search,
                                 &tool_web_fetch};
const uint32_t n_tools = sizeof all_tools / sizeof *all_tools;

enum {
    MAX_URLS = 5000, /* that are remembered */
    MAX_SECRET_FILE = 64 * 1024,
    SNIFFED_BYTES = 8000, /* where a NUL shows a binary file */
};

const Tool *tool_find(Str name)
{
    for (uint32_t i = 0; i < n_tools; i++)
        if (str_equal(name, str_from(all_tools[i]->name)))
            return all_tools[i];
    return NULL;
}

bool toolbox_open(Toolbox *toolbox, Str folder, Http *http, Error *err)
{
    *toolbox = (Toolbox){.http = http, .confine.folder = -1};
    return confine_open(&toolbox->arena, folder, &toolbox->confine, err);
}

void toolbox_close(Toolbox *toolbox)
{
    confine_close(&toolbox->confine);
    arena_release(&toolbox->arena);
}

bool toolbox_is_cancelled(const Toolbox *toolbox)
{
    return toolbox->cancel && atomic_load_explicit(toolbox->cancel, memory_order_relaxed);
}

ToolResult tool_error(Arena *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ToolResult result = {.text = str_format_list(out, format, arguments), .is_error = true};
    va_end(arguments);
    return result;
}

ToolResult tool_failed(Arena *out, const Error *err)
{
    return tool_error(out, "%s", err->text);
}

/* ---- URLs ---- */

static bool ends_url(char c)
{
    return (unsigned char)c <= ' ' || (c != 0 && strchr("<>\"'`\\{}|^", c));
}

void urls_in_text(Arena *out, Str text, StrMap *urls)
{
    for (uint32_t at = str_find(text, STR("http"), 0); at != UINT32_MAX && urls->n < MAX_URLS;
         at = str_find(text, STR("http"), at + 4)) {
        Str rest = str_slice(text, at, text.length);
        if (!str_starts_with(rest, STR("http://")) && !str_starts_with(rest, STR("https://")))
            continue;
        uint32_t end = 0;
        while (end < rest.length && !ends_url(rest.data[end]))
            end++;
        /* Signs that belong to the sentence; a bracket that is closed in the URL belongs to it. */
        while (end > 0 && strchr(".,;:!?)]*_", rest.data[end - 1]) &&
               !(rest.data[end - 1] == ')' && str_contains(str_slice(rest, 0, end), STR("("))))
            end--;
        Str url = str_copy(out, str_slice(rest, 0, end));
        map_set(out, urls, url, (void *)(uintptr_t)url.data);
        at += end > 4 ? end - 4 : 0;
    }
}

void toolbox_know_urls(Toolbox *toolbox, Str text)
{
    urls_in_text(&toolbox->arena, text, &toolbox->known_urls);
}

/* ---- texts ---- */

bool text_is_binary(Str text)
{
    Str head = str_slice(text, 0, SNIFFED_BYTES);
    return head.length > 0 && memchr(head.data, 0, head.length) != NULL;
}

/* "NAME=" of each line that sets something. */
static Str names_only(Arena *out, Str text)
{
    Buf buf = buf_with_max(MAX_SECRET_FILE * 2);
    Str rest = text, line;
    while (str_next_line(&rest, &line)) {
        Str trimmed = str_trim(line);
        if (str_starts_with(trimmed, STR("export ")))
            trimmed = str_trim(str_slice(trimmed, 7, trimmed.length));
        uint32_t end = 0;
        while (end < trimmed.length && trimmed.data[end] != '=' && trimmed.data[end] != ':')
            end++;
        if (end > 0 && end < trimmed.length && trimmed.data[0] != '#')
            buf_format(&buf, STR_FMT "=[not shown]\n",
                       STR_ARG(str_trim(str_slice(trimmed, 0, end))));
    }
    Str names = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return str_is_absent(names) ? STR("") : names;
}

static Text *open_text(const Toolbox *toolbox, Arena *scratch, Str relative)
{
    if (!toolbox->open)
        return NULL;
    Str path =
        str_format(scratch, STR_FMT "/" STR_FMT, STR_ARG(toolbox->confine.root), STR_ARG(relative));
    for (uint32_t i = 0; i < toolbox->open->n; i++)
        if (str_equal(toolbox->open->items[i].path, path))
            return toolbox->open->items[i].text;
    return NULL;
}

bool toolbox_text(Toolbox *toolbox, Arena *out, Str relative, uint32_t max_bytes, Str *text,
                  bool *is_cut, Error *err)
{
    Secrecy secrecy = confine_secrecy(relative);
    Text *open = secrecy == SECRET_ALL ? NULL : open_text(toolbox, out, relative);
    *is_cut = false;
    if (open) {
        Str whole = text_bytes(open);
        *is_cut = whole.length > max_bytes;
        *text = str_slice(whole, 0, max_bytes);
    } else if (!confine_read(out, &toolbox->confine, relative,
                             secrecy == SECRET_VALUES ? MAX_SECRET_FILE : max_bytes, text, is_cut,
                             err)) {
        return false;
    }
    if (secrecy == SECRET_VALUES)
        *text = names_only(out, *text);
    return true;
}

/* ---- running ---- */

Str tool_finished(Arena *out, Str text)
{
    Str clean = plain_text(out, redact(out, text));
    if (clean.length > TOOL_MAX_RESULT_BYTES)
        clean = str_format(out, STR_FMT "\n[cut here: the result is %u bytes long]",
                           STR_ARG(utf8_cut(clean, TOOL_MAX_RESULT_BYTES)), clean.length);
    Str mark = STR("</tool_output");
    if (!str_contains(clean, mark))
        return clean;
    Buf buf = buf_with_max((size_t)clean.length * 2);
    uint32_t from = 0;
    for (uint32_t at; (at = str_find(clean, mark, from)) != UINT32_MAX; from = at + 1) {
        buf_add(&buf, str_slice(clean, from, at));
        buf_add(&buf, STR("&lt;"));
    }
    buf_add(&buf, str_slice(clean, from, clean.length));
    clean = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return clean;
}

ToolResult toolbox_run(Toolbox *toolbox, Arena *out, Str name, Str input)
{
    const Tool *tool = tool_find(name);
    if (!tool)
        return tool_error(out, "there is no tool " STR_FMT,
                          STR_ARG(plain_text(out, str_slice(name, 0, 100))));
    cJSON *tree = json_parse(str_to_c(out, input), input.length);
    ToolResult result;
    if (toolbox_is_cancelled(toolbox))
        result = tool_error(out, "cancelled");
    else if (!cJSON_IsObject(tree))
        result = tool_error(out, "the arguments were not a JSON object");
    else
        result = tool->run(toolbox, out, tree);
    cJSON_Delete(tree);
    result.text = tool_finished(out, result.text);
    if (tool->is_of_the_web && !result.is_error)
        toolbox_know_urls(toolbox, result.text);
    return result;
}

SearchBackend search_backend(void)
{
    SearchBackend backend = {.searxng_url = str_from(getenv("LINTEL_SEARXNG_URL")),
                             .brave_key = str_from(getenv("BRAVE_API_KEY")),
                             .brave_url = str_from(getenv("BRAVE_BASE_URL"))};
    return backend;
}
