#include "consult/mcp/messages.h"

#include "base/json.h"

enum { KEPT_CAPACITY = 1024 * 1024 /* memory that stays for the next message */ };

/* ---- lines ---- */

Lines lines_new(void)
{
    return (Lines){.waiting = buf_with_max((size_t)MCP_MAX_MESSAGE_BYTES * 4)};
}

void lines_free(Lines *lines)
{
    buf_free(&lines->waiting);
}

void lines_feed(Lines *lines, Str bytes)
{
    buf_consume(&lines->waiting, lines->n_used);
    lines->n_used = 0;
    if (lines->waiting.length == 0 && lines->waiting.capacity > KEPT_CAPACITY)
        buf_free(&lines->waiting);
    buf_add(&lines->waiting, bytes);
}

static Str unread(const Lines *lines)
{
    return str_slice(buf_str(&lines->waiting), (uint32_t)lines->n_used, UINT32_MAX);
}

LineEvent lines_next(Lines *lines, Str *line)
{
    for (;;) {
        Str rest = unread(lines);
        uint32_t from = (uint32_t)lines->n_searched;
        const char *end =
            rest.length > from ? memchr(rest.data + from, '\n', rest.length - from) : NULL;
        uint32_t length = end ? (uint32_t)(end - rest.data) : rest.length;
        bool is_too_long = length > MCP_MAX_MESSAGE_BYTES;
        if (!end && !is_too_long && !lines->is_skipping) {
            lines->n_searched = rest.length;
            return LINE_NONE;
        }
        bool was_skipping = lines->is_skipping;
        lines->is_skipping = !end;
        lines->n_searched = 0;
        lines->n_used += length + (end ? 1u : 0u);
        if (is_too_long && !was_skipping)
            return LINE_TOO_LONG;
        if (!end)
            return LINE_NONE;
        if (was_skipping)
            continue;
        *line = str_slice(rest, 0, length);
        if (str_ends_with(*line, STR("\r")))
            line->length--;
        return LINE_WHOLE;
    }
}

Str lines_rest(const Lines *lines)
{
    return lines->is_skipping ? (Str){0} : unread(lines);
}

/* ---- messages ---- */

MessageKind message_kind(const cJSON *message)
{
    const cJSON *id = json_get(message, "id"), *error = json_get(message, "error");
    bool has_id = cJSON_IsNumber(id) || cJSON_IsString(id);
    if (!cJSON_IsObject(message) || !str_equal(json_str(message, "jsonrpc"), STR("2.0")))
        return MESSAGE_INVALID;
    if (cJSON_IsString(json_get(message, "method")))
        return has_id ? MESSAGE_REQUEST : id ? MESSAGE_INVALID : MESSAGE_NOTIFICATION;
    if (cJSON_IsObject(error))
        return MESSAGE_ERROR; /* its id may be null: the request could not be read */
    return has_id && cJSON_IsObject(json_get(message, "result")) ? MESSAGE_RESULT : MESSAGE_INVALID;
}

bool message_answers(const cJSON *message, uint32_t id)
{
    MessageKind kind = message_kind(message);
    const cJSON *given = json_get(message, "id");
    return (kind == MESSAGE_RESULT || kind == MESSAGE_ERROR) && cJSON_IsNumber(given) &&
           given->valuedouble == (double)id;
}

static cJSON *message_new(void)
{
    cJSON *message = cJSON_CreateObject();
    json_add_str(message, "jsonrpc", STR("2.0"));
    return message;
}

cJSON *message_request(uint32_t id, const char *method, cJSON *params)
{
    cJSON *message = message_new();
    json_add(message, "id", cJSON_CreateNumber(id));
    json_add_str(message, "method", str_from(method));
    json_add(message, "params", params ? params : cJSON_CreateObject());
    return message;
}

cJSON *message_notification(const char *method, cJSON *params)
{
    cJSON *message = message_new();
    json_add_str(message, "method", str_from(method));
    if (params)
        json_add(message, "params", params);
    return message;
}

static cJSON *answer_to(const cJSON *id)
{
    cJSON *message = message_new();
    json_add(message, "id", id ? cJSON_Duplicate(id, true) : cJSON_CreateNull());
    return message;
}

cJSON *message_result(const cJSON *id, cJSON *result)
{
    cJSON *message = answer_to(id);
    json_add(message, "result", result ? result : cJSON_CreateObject());
    return message;
}

cJSON *message_error(const cJSON *id, int code, Str text, cJSON *data)
{
    cJSON *message = answer_to(id), *error = cJSON_CreateObject();
    json_add(error, "code", cJSON_CreateNumber(code));
    json_add_str(error, "message", text);
    if (data)
        json_add(error, "data", data);
    json_add(message, "error", error);
    return message;
}

Str message_text(Arena *out, const cJSON *message)
{
    Buf buf = buf_with_max((size_t)MCP_MAX_MESSAGE_BYTES * 4);
    json_print(message, &buf);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}
