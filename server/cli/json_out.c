#include "cli/json_out.h"

#include "base/utf8.h"

static void add_string(Buf *out, Str s)
{
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < s.length;) {
        uint32_t n_bytes;
        uint32_t point = utf8_decode(s, i, &n_bytes);
        unsigned char c = (unsigned char)s.data[i];
        if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '\t')
            buf_add(out, STR("\\t"));
        else if (c == '\r')
            buf_add(out, STR("\\r"));
        else if (c < 0x20 || c == 0x7F)
            buf_format(out, "\\u%04x", c);
        else if (point == 0xFFFD && n_bytes == 1)
            buf_add(out, STR("\xEF\xBF\xBD"));
        else
            buf_add(out, str_slice(s, i, i + n_bytes));
        i += n_bytes;
    }
    buf_add_char(out, '"');
}

static void new_line(JsonOut *json)
{
    buf_add_char(json->out, '\n');
    for (uint32_t i = 0; i < json->depth; i++)
        buf_add(json->out, STR("  "));
}

static void begin_item(JsonOut *json, const char *key)
{
    if (json->has_items)
        buf_add_char(json->out, ',');
    if (json->depth > 0 && json->inlined == 0)
        new_line(json);
    else if (json->has_items)
        buf_add_char(json->out, ' ');
    json->has_items = true;
    if (key) {
        add_string(json->out, str_from(key));
        buf_add(json->out, STR(": "));
    }
}

void jsonout_open(JsonOut *json, const char *key, char bracket)
{
    begin_item(json, key);
    buf_add_char(json->out, bracket);
    json->depth++;
    json->has_items = false;
    if (json->inlined)
        json->inlined++;
}

void jsonout_open_inline(JsonOut *json, const char *key, char bracket)
{
    jsonout_open(json, key, bracket);
    if (json->inlined == 0)
        json->inlined = 1;
}

void jsonout_close(JsonOut *json, char bracket)
{
    bool was_inline = json->inlined > 0;
    json->depth--;
    if (json->inlined)
        json->inlined--;
    if (json->has_items && !was_inline)
        new_line(json);
    buf_add_char(json->out, bracket);
    json->has_items = true;
    if (json->depth == 0)
        buf_add_char(json->out, '\n');
}

void jsonout_text(JsonOut *json, const char *key, Str value)
{
    begin_item(json, key);
    add_string(json->out, value);
}

void jsonout_text_or_null(JsonOut *json, const char *key, Str value)
{
    if (str_is_absent(value))
        jsonout_null(json, key);
    else
        jsonout_text(json, key, value);
}

void jsonout_number(JsonOut *json, const char *key, uint64_t value)
{
    begin_item(json, key);
    buf_format(json->out, "%llu", (unsigned long long)value);
}

void jsonout_bool(JsonOut *json, const char *key, bool value)
{
    begin_item(json, key);
    buf_add(json->out, value ? STR("true") : STR("false"));
}

void jsonout_null(JsonOut *json, const char *key)
{
    begin_item(json, key);
    buf_add(json->out, STR("null"));
}
