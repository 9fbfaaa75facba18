#include "consult/mcp/result.h"

#include "base/json.h"
#include "base/utf8.h"
#include "consult/mcp/messages.h"

/* Bytes that a base64 text stands for. */
static unsigned decoded_bytes(Str base64)
{
    return base64.length / 4 * 3;
}

/* As much of it as there is room for. */
static void add_text(Buf *buf, Str text)
{
    Str kept = utf8_cut(text, (uint32_t)(buf->max - buf->length));
    buf_add(buf, kept);
    buf->overflowed = buf->overflowed || kept.length < text.length;
}

static void add_embedded(Buf *buf, Arena *out, const cJSON *resource)
{
    Str type = json_str(resource, "mimeType"), uri = json_str(resource, "uri");
    const cJSON *text = json_get(resource, "text");
    if (cJSON_IsString(text)) {
        buf_format(buf, "[" STR_FMT "]\n", STR_ARG(uri));
        add_text(buf, json_text(out, text));
        buf_add_char(buf, '\n');
    } else {
        buf_format(buf, "[" STR_FMT " " STR_FMT ", %u bytes]\n", STR_ARG(uri), STR_ARG(type),
                   decoded_bytes(json_str(resource, "blob")));
    }
}

static void add_part(Buf *buf, Arena *out, const cJSON *part)
{
    Str kind = json_str(part, "type");
    if (str_equal(kind, STR("text"))) {
        add_text(buf, json_text(out, json_get(part, "text")));
        buf_add_char(buf, '\n');
    } else if (str_equal(kind, STR("image")) || str_equal(kind, STR("audio"))) {
        buf_format(buf, "[" STR_FMT " " STR_FMT ", %u bytes]\n", STR_ARG(kind),
                   STR_ARG(json_str(part, "mimeType")), decoded_bytes(json_str(part, "data")));
    } else if (str_equal(kind, STR("resource_link"))) {
        buf_format(buf, STR_FMT " <" STR_FMT ">\n", STR_ARG(json_str(part, "name")),
                   STR_ARG(json_str(part, "uri")));
    } else if (str_equal(kind, STR("resource"))) {
        add_embedded(buf, out, json_get(part, "resource"));
    }
}

ToolResult result_read(Arena *out, const cJSON *result)
{
    const cJSON *part = NULL, *structured = json_get(result, "structuredContent");
    Buf buf = buf_with_max(RESULT_MAX_BYTES);
    cJSON_ArrayForEach(part, json_get(result, "content")) add_part(&buf, out, part);
    if (buf.length == 0 && structured)
        add_text(&buf, message_text(out, structured));
    Str text = str_trim(buf_str(&buf));
    ToolResult read = {
        .text = str_format(out, STR_FMT "%s", STR_ARG(text),
                           buf.overflowed       ? "\n[cut here: the result is longer]"
                           : str_is_empty(text) ? "(the result is empty)"
                                                : ""),
        .is_error = json_is_true(result, "isError"),
    };
    buf_free(&buf);
    return read;
}
