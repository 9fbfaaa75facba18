/* The Messages API of Anthropic, as its cloud and many local servers speak it.
 *
 * What others than the cloud do: a tool's block without `input`, block 0 closed after block 1 has
 * begun, errors in OpenAI's shape, no `message_stop`. Blocks are found by index, and unknown ones
 * kept as they are, because the API wants its own blocks (thinking with its signature, searches
 * with their results) back unchanged. Nothing that samples is sent: the newest version refuses it.
 */
#include "base/json.h"
#include "consult/providers/provider.h"

enum { MAX_SIGNATURE_BYTES = 256 * 1024 };

/* ---- the request ---- */

static void add_headers(Arena *out, const Endpoint *endpoint, HttpHeaderVec *headers)
{
    /* Gateways and local servers know the first version only. */
    http_add_header(out, headers, "anthropic-version",
                    endpoint->is_own_cloud ? STR("2026-10-21") : STR("2023-06-01"));
    if (endpoint->key_is_bearer)
        provider_add_bearer(out, endpoint, headers);
    else if (!str_is_empty(endpoint->key))
        http_add_header(out, headers, "x-api-key", endpoint->key);
}

static cJSON *cache_mark(void)
{
    cJSON *mark = cJSON_CreateObject();
    json_add_str(mark, "type", STR("ephemeral"));
    return mark;
}

static cJSON *block_json(const Block *block)
{
    cJSON *json = NULL;
    switch (block->kind) {
    case BLOCK_TEXT:
        if (str_is_empty(block->text)) /* refused by the API */
            return NULL;
        json = cJSON_CreateObject();
        json_add_str(json, "type", STR("text"));
        json_add_str(json, "text", block->text);
        return json;
    case BLOCK_TOOL_CALL:
        json = cJSON_CreateObject();
        json_add_str(json, "type", STR("tool_use"));
        json_add_str(json, "id", block->id);
        json_add_str(json, "name", block->name);
        json_add(json, "input", provider_raw(block->is_broken ? STR("{}") : block->input));
        return json;
    case BLOCK_TOOL_RESULT:
        json = cJSON_CreateObject();
        json_add_str(json, "type", STR("tool_result"));
        json_add_str(json, "tool_use_id", block->id);
        json_add_str(json, "content", block->text);
        if (block->is_error)
            json_add(json, "is_error", cJSON_CreateTrue());
        return json;
    case BLOCK_OPAQUE:
        return provider_raw(block->text);
    }
    return NULL;
}

/* Results of tools come first: the API wants them so. */
static cJSON *content_json(const ChatMessage *message)
{
    cJSON *content = cJSON_CreateArray();
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < message->blocks.n; i++) {
            const Block *block = &message->blocks.items[i];
            bool is_first = message->is_model || block->kind == BLOCK_TOOL_RESULT;
            cJSON *json = is_first == (pass == 0) ? block_json(block) : NULL;
            if (json)
                json_push(content, json);
        }
    return content;
}

static cJSON *messages_json(const Chat *chat)
{
    cJSON *messages = cJSON_CreateArray();
    for (uint32_t i = 0; i < chat->messages.n; i++) {
        const ChatMessage *message = &chat->messages.items[i];
        cJSON *content = content_json(message);
        if (cJSON_GetArraySize(content) == 0) {
            cJSON_Delete(content);
            continue;
        }
        cJSON *json = cJSON_CreateObject();
        json_add_str(json, "role", message->is_model ? STR("assistant") : STR("user"));
        json_add(json, "content", content);
        json_push(messages, json);
    }
    return messages;
}

static cJSON *tools_json(const Endpoint *endpoint, const Chat *chat)
{
    cJSON *tools = cJSON_CreateArray();
    for (uint32_t i = 0; i < chat->tools.n; i++) {
        cJSON *tool = cJSON_CreateObject();
        json_add_str(tool, "name", chat->tools.items[i].name);
        json_add_str(tool, "description", chat->tools.items[i].description);
        json_add(tool, "input_schema", provider_raw(chat->tools.items[i].schema));
        json_push(tools, tool);
    }
    if (chat->max_searches > 0 && endpoint_can_search(endpoint)) {
        cJSON *search = cJSON_CreateObject();
        /* The basic one: it works with every model and runs no code. */
        json_add_str(search, "type", STR("web_search_20250305"));
        json_add_str(search, "name", STR("web_search"));
        json_add(search, "max_uses", cJSON_CreateNumber(chat->max_searches));
        json_push(tools, search);
    }
    return tools;
}

static void add_body(Buf *out, const Endpoint *endpoint, const Chat *chat, BodyOptions options)
{
    cJSON *body = cJSON_CreateObject();
    json_add_str(body, "model", endpoint->model);
    json_add(body, "max_tokens", cJSON_CreateNumber(chat->max_output_tokens));
    json_add(body, "stream", cJSON_CreateTrue());
    cJSON *system = cJSON_CreateObject();
    json_add_str(system, "type", STR("text"));
    json_add_str(system, "text", chat->system);
    if (!options.no_cache_marks)
        json_add(system, "cache_control", cache_mark());
    cJSON *systems = cJSON_CreateArray();
    json_push(systems, system);
    json_add(body, "system", systems);
    json_add(body, "messages", messages_json(chat));
    cJSON *tools = tools_json(endpoint, chat);
    if (cJSON_GetArraySize(tools) > 0)
        json_add(body, "tools", tools);
    else
        cJSON_Delete(tools);
    /* The growing end of the conversation is marked by the cloud itself. */
    if (endpoint->is_own_cloud && !options.no_cache_marks)
        json_add(body, "cache_control", cache_mark());
    json_print(body, out);
    cJSON_Delete(body);
}

/* ---- the stream ---- */

static void take_usage(Assembly *assembly, const cJSON *usage)
{
    /* Each event has the sums so far, of those that it has. */
    Usage *sum = &assembly->usage;
    uint64_t input = provider_count(usage, "input_tokens");
    uint64_t output = provider_count(usage, "output_tokens");
    uint64_t cached = provider_count(usage, "cache_read_input_tokens");
    uint64_t written = provider_count(usage, "cache_creation_input_tokens");
    uint64_t searches = provider_count(json_get(usage, "server_tool_use"), "web_search_requests");
    sum->input_tokens = input ? input : sum->input_tokens;
    sum->output_tokens = output ? output : sum->output_tokens;
    sum->cached_tokens = cached ? cached : sum->cached_tokens;
    sum->cache_written_tokens = written ? written : sum->cache_written_tokens;
    sum->n_searches = searches ? (uint32_t)searches : sum->n_searches;
}

static void begin_block(Assembly *assembly, const cJSON *event)
{
    int32_t index = 0;
    const cJSON *content = json_get(event, "content_block");
    Str type = json_str(content, "type");
    if (!json_int(event, "index", &index) || str_is_empty(type))
        return;
    bool is_text = str_equal(type, STR("text")), is_call = str_equal(type, STR("tool_use"));
    Growing *block = assembly_add(assembly, index,
                                  is_text   ? BLOCK_TEXT
                                  : is_call ? BLOCK_TOOL_CALL
                                            : BLOCK_OPAQUE);
    if (!block)
        return;
    if (is_text) {
        assembly_grow(assembly, block, json_str(content, "text"));
    } else if (is_call) {
        block->id = str_copy(&assembly->arena, json_str(content, "id"));
        block->name = str_copy(&assembly->arena, json_str(content, "name"));
        /* Mostly it is empty here and comes in pieces; not always. */
        const cJSON *input = json_get(content, "input");
        if (cJSON_IsObject(input) && input->child)
            provider_take_object(assembly, block, input);
    } else {
        block->raw = cJSON_Duplicate(content, 1);
    }
}

/* A signature comes after what it signs, mostly in one piece. */
static void add_signature(Growing *block, Str piece)
{
    Arena scratch = {0};
    Str both = str_format(&scratch, STR_FMT STR_FMT, STR_ARG(json_str(block->raw, "signature")),
                          STR_ARG(str_slice(piece, 0, MAX_SIGNATURE_BYTES)));
    cJSON_DeleteItemFromObjectCaseSensitive(block->raw, "signature");
    json_add_str(block->raw, "signature", str_slice(both, 0, MAX_SIGNATURE_BYTES));
    arena_release(&scratch);
}

static void grow_block(Assembly *assembly, const cJSON *event)
{
    int32_t index = 0;
    const cJSON *delta = json_get(event, "delta");
    Str type = json_str(delta, "type");
    Growing *block = json_int(event, "index", &index) ? assembly_find(assembly, index) : NULL;
    if (!block) {
        assembly_fail(assembly, FAULT_TEMPORARY, STR("a part of the answer has no beginning"));
        return;
    }
    if (block->kind == BLOCK_OPAQUE) {
        if (str_equal(type, STR("signature_delta"))) {
            add_signature(block, json_str(delta, "signature"));
            return;
        }
        bool is_thinking = str_equal(type, STR("thinking_delta"));
        if (!is_thinking && !str_equal(type, STR("input_json_delta")))
            return;
        block->member = is_thinking ? "thinking" : "input";
        assembly_grow(assembly, block, json_str(delta, is_thinking ? "thinking" : "partial_json"));
    } else if (str_equal(type, STR("text_delta")) && block->kind == BLOCK_TEXT) {
        assembly_grow(assembly, block, json_str(delta, "text"));
    } else if (str_equal(type, STR("input_json_delta")) && block->kind == BLOCK_TOOL_CALL) {
        assembly_grow(assembly, block, json_str(delta, "partial_json"));
    }
}

static StopReason stop_of(Str reason)
{
    static const struct {
        const char *reason;
        StopReason stop;
    } reasons[] = {{"tool_use", STOP_TOOLS},
                   {"max_tokens", STOP_TRUNCATED},
                   {"pause_turn", STOP_PAUSED},
                   {"refusal", STOP_REFUSED},
                   {"model_context_window_exceeded", STOP_WINDOW}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (str_equal(reason, str_from(reasons[i].reason)))
            return reasons[i].stop;
    return STOP_END;
}

static void take_end(Assembly *assembly, const cJSON *event)
{
    const cJSON *delta = json_get(event, "delta");
    take_usage(assembly, json_get(event, "usage"));
    Str reason = json_str(delta, "stop_reason");
    if (str_is_empty(reason))
        return;
    assembly->has_stop = true;
    assembly->stop = stop_of(reason);
    const cJSON *details = json_get(delta, "stop_details");
    Str explanation = json_str(details, "explanation");
    if (str_is_empty(explanation))
        explanation = json_str(details, "category");
    assembly->explanation = str_copy(&assembly->arena, explanation);
}

static void take_error(Assembly *assembly, const cJSON *event)
{
    static const char *const final[] = {"invalid_request_error", "authentication_error",
                                        "permission_error",      "billing_error",
                                        "not_found_error",       "request_too_large"};
    Str type = json_str(json_get(event, "error"), "type");
    FaultKind kind = FAULT_TEMPORARY;
    for (size_t i = 0; i < sizeof final / sizeof *final; i++)
        if (str_equal(type, str_from(final[i])))
            kind = FAULT_FINAL;
    provider_take_error(assembly, kind, event);
}

static void take(Assembly *assembly, const SseEvent *event)
{
    cJSON *json = provider_event_json(assembly, event->data);
    if (!json)
        return;
    /* The data says its type itself; the event's name is for those whose data does not. */
    Str type = json_str(json, "type");
    if (str_is_empty(type))
        type = json_get(json, "error") ? STR("error") : event->name;
    if (str_equal(type, STR("message_start"))) {
        const cJSON *message = json_get(json, "message");
        assembly->model = str_copy(&assembly->arena, json_str(message, "model"));
        take_usage(assembly, json_get(message, "usage"));
    } else if (str_equal(type, STR("content_block_start"))) {
        begin_block(assembly, json);
    } else if (str_equal(type, STR("content_block_delta"))) {
        grow_block(assembly, json);
    } else if (str_equal(type, STR("message_delta"))) {
        take_end(assembly, json);
    } else if (str_equal(type, STR("message_stop"))) {
        assembly->is_over = true;
    } else if (str_equal(type, STR("error"))) {
        take_error(assembly, json);
    }
    cJSON_Delete(json);
}

const Provider provider_anthropic = {.headers = add_headers, .body = add_body, .take = take};
