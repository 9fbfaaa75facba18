#include "consult/mcp/link.h"

#include "base/json.h"
#include "consult/mcp/messages.h"
#include "consult/redact.h"

enum { MAX_QUOTED_BYTES = 300 };

cJSON *link_request(McpLink *link, const LinkRequest *request, const LinkWait *wait, Error *err)
{
    if (link_is_cancelled(wait)) {
        error_set(err, ERR_CANCELLED, "cancelled");
        return NULL;
    }
    return link->kind->request(link, request, wait, err);
}

void link_notify(McpLink *link, const cJSON *message)
{
    link->kind->notify(link, message);
}

void link_close(McpLink *link, bool is_hasty)
{
    if (link)
        link->kind->close(link, is_hasty);
}

void link_set_version(McpLink *link, Str version, bool is_modern)
{
    link->version = str_copy(&link->arena, version);
    link->is_modern = is_modern;
}

bool link_is_cancelled(const LinkWait *wait)
{
    return wait->cancel && atomic_load_explicit(wait->cancel, memory_order_relaxed);
}

/* ---- what the server says ---- */

static bool is_our_progress(const LinkRequest *request, const cJSON *message)
{
    const cJSON *token = json_path(message, "params", "progressToken", NULL);
    return str_equal(json_str(message, "method"), STR("notifications/progress")) &&
           cJSON_IsNumber(token) && token->valuedouble == (double)request->id;
}

LinkTaken link_take(const LinkRequest *request, const LinkWait *wait, const cJSON *message)
{
    if (message_answers(message, request->id))
        return TAKEN_ANSWER;
    MessageKind kind = message_kind(message);
    if (kind == MESSAGE_REQUEST)
        return TAKEN_REQUEST;
    if (kind != MESSAGE_NOTIFICATION || !is_our_progress(request, message))
        return TAKEN_RUBBISH;
    if (wait->on_progress)
        wait->on_progress(wait->context, json_str(json_get(message, "params"), "message"));
    return TAKEN_PROGRESS;
}

cJSON *link_answer_to(const cJSON *message)
{
    const cJSON *id = json_get(message, "id");
    if (str_equal(json_str(message, "method"), STR("ping")))
        return message_result(id, NULL);
    return message_error(id, MCP_METHOD_NOT_FOUND, STR("this client offers nothing"), NULL);
}

Str link_quote(Arena *out, Str text)
{
    Str plain = plain_text(out, redact(out, str_slice(text, 0, MAX_QUOTED_BYTES)));
    char *line = str_to_c(out, str_trim(plain));
    for (char *c = line; *c; c++)
        *c = *c == '\n' || *c == '\r' || *c == '\t' ? ' ' : *c;
    return str_from(line);
}

cJSON *link_cancellation(uint32_t id)
{
    cJSON *params = cJSON_CreateObject();
    json_add(params, "requestId", cJSON_CreateNumber(id));
    json_add_str(params, "reason", STR("the consultation was cancelled, or waited too long"));
    return message_notification("notifications/cancelled", params);
}
