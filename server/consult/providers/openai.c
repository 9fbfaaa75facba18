/* Chat Completions, as OpenAI's cloud and most other servers speak it.
 *
 * Servers differ in how a tool's call comes: in pieces with an index, whole at once, with the same
 * index for each, without any index, with the id repeated or missing; and some end with "stop"
 * although there are calls. So a call is found by index, then by id, and what was called decides.
 */
#include "base/json.h"
#include "consult/providers/provider.h"

enum {
    TEXT_INDEX = -1, /* of the one text; calls have 0 and up */
    MAX_REFUSAL_BYTES = 2000,
};

/* ---- the request ---- */

static cJSON *message_json(const char *role, Str content)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "role", str_from(role));
    json_add_str(json, "content", content);
    return json;
}

static Str texts_of(Arena *out, const ChatMessage *message)
{
    Vec(Str) texts = {0};
    for (uint32_t i = 0; i < message->blocks.n; i++)
        if (message->blocks.items[i].kind == BLOCK_TEXT &&
            !str_is_empty(message->blocks.items[i].text))
            VEC_PUSH(out, &texts, message->blocks.items[i].text);
    return str_join(out, texts.items, texts.n, STR("\n\n"));
}

static cJSON *call_json(const Block *block)
{
    cJSON *call = cJSON_CreateObject(), *function = cJSON_CreateObject();
    json_add_str(call, "id", block->id);
    json_add_str(call, "type", STR("function"));
    json_add_str(function, "name", block->name);
    json_add_str(function, "arguments", block->is_broken ? STR("{}") : block->input);
    json_add(call, "function", function);
    return call;
}

static void push_model_message(Arena *scratch, cJSON *messages, const ChatMessage *message)
{
    Str text = texts_of(scratch, message);
    cJSON *calls = cJSON_CreateArray();
    for (uint32_t i = 0; i < message->blocks.n; i++)
        if (message->blocks.items[i].kind == BLOCK_TOOL_CALL)
            json_push(calls, call_json(&message->blocks.items[i]));
    if (cJSON_GetArraySize(calls) == 0) {
        cJSON_Delete(calls);
        if (!str_is_empty(text))
            json_push(messages, message_json("assistant", text));
        return;
    }
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "role", STR("assistant"));
    json_add(json, "content", str_is_empty(text) ? cJSON_CreateNull() : json_string(text));
    json_add(json, "tool_calls", calls);
    json_push(messages, json);
}

/* One message for each result, then the text. */
static void push_our_message(Arena *scratch, cJSON *messages, const ChatMessage *message)
{
    for (uint32_t i = 0; i < message->blocks.n; i++) {
        const Block *block = &message->blocks.items[i];
        if (block->kind != BLOCK_TOOL_RESULT)
            continue;
        /* There is no field for failure. */
        Str text = block->is_error ? str_format(scratch, "Error: " STR_FMT, STR_ARG(block->text))
                                   : block->text;
        cJSON *json = message_json("tool", text);
        json_add_str(json, "tool_call_id", block->id);
        json_push(messages, json);
    }
    Str text = texts_of(scratch, message);
    if (!str_is_empty(text))
        json_push(messages, message_json("user", text));
}

static cJSON *tools_json(const Chat *chat)
{
    cJSON *tools = cJSON_CreateArray();
    for (uint32_t i = 0; i < chat->tools.n; i++) {
        cJSON *tool = cJSON_CreateObject(), *function = cJSON_CreateObject();
        json_add_str(tool, "type", STR("function"));
        json_add_str(function, "name", chat->tools.items[i].name);
        json_add_str(function, "description", chat->tools.items[i].description);
        json_add(function, "parameters", provider_raw(chat->tools.items[i].schema));
        json_add(tool, "function", function);
        json_push(tools, tool);
    }
    return tools;
}

static void add_body(Buf *out, const Endpoint *endpoint, const Chat *chat, BodyOptions options)
{
    (void)options; /* this API caches by itself */
    Arena scratch = {0};
    cJSON *body = cJSON_CreateObject();
    json_add_str(body, "model", endpoint->model);
    /* The cloud refuses the old name, other servers do not know the new one. */
    json_add(body, endpoint->is_own_cloud ? "max_completion_tokens" : "max_tokens",
             cJSON_CreateNumber(chat->max_output_tokens));
    json_add(body, "stream", cJSON_CreateTrue());
    cJSON *stream_options = cJSON_CreateObject();
    json_add(stream_options, "include_usage", cJSON_CreateTrue());
    json_add(body, "stream_options", stream_options);
    cJSON *messages = cJSON_CreateArray();
    json_push(messages, message_json("system", chat->system));
    for (uint32_t i = 0; i < chat->messages.n; i++) {
        const ChatMessage *message = &chat->messages.items[i];
        (message->is_model ? push_model_message : push_our_message)(&scratch, messages, message);
    }
    json_add(body, "messages", messages);
    if (chat->tools.n > 0)
        json_add(body, "tools", tools_json(chat));
    json_print(body, out);
    cJSON_Delete(body);
    arena_release(&scratch);
}

/* ---- the stream ---- */

static void take_text(Assembly *assembly, Str piece)
{
    if (str_is_empty(piece))
        return;
    Growing *block = assembly_find(assembly, TEXT_INDEX);
    if (!block)
        block = assembly_add(assembly, TEXT_INDEX, BLOCK_TEXT);
    if (block)
        assembly_grow(assembly, block, piece);
}

/* A string, or a list of parts with a text each. */
static void take_content(Assembly *assembly, const cJSON *content)
{
    take_text(assembly, json_as_str(content));
    const cJSON *part;
    if (cJSON_IsArray(content))
        cJSON_ArrayForEach(part, content) take_text(assembly, json_str(part, "text"));
}

static Growing *last_call(Assembly *assembly)
{
    for (uint32_t i = assembly->blocks.n; i > 0; i--)
        if (assembly->blocks.items[i - 1].kind == BLOCK_TOOL_CALL)
            return &assembly->blocks.items[i - 1];
    return NULL;
}

/* The call that a piece continues; NULL: it begins one. */
static Growing *call_of(Assembly *assembly, const cJSON *piece, Str id, Str name)
{
    int32_t index = 0;
    Growing *call = json_int(piece, "index", &index) && index >= 0 ? assembly_find(assembly, index)
                                                                   : last_call(assembly);
    if (!call)
        return NULL;
    /* Another id is another call, whatever its index says. */
    if (!str_is_empty(id) && !str_is_empty(call->id) && !str_equal(id, call->id))
        return NULL;
    /* Without ids, a name begins a call where the one before is whole. */
    if (str_is_empty(id) && !str_is_empty(name) && assembly_is_whole(call))
        return NULL;
    return call;
}

static void take_call(Assembly *assembly, const cJSON *piece)
{
    const cJSON *function = json_get(piece, "function");
    Str id = json_str(piece, "id"), name = json_str(function, "name");
    Growing *call = call_of(assembly, piece, id, name);
    if (!call) {
        int32_t index = 0;
        if (!json_int(piece, "index", &index) || index < 0)
            index = (int32_t)assembly->blocks.n;
        call = assembly_add(assembly, index, BLOCK_TOOL_CALL);
    }
    if (!call)
        return;
    if (str_is_empty(call->id))
        call->id = str_copy(&assembly->arena, id);
    if (str_is_empty(call->name))
        call->name = str_copy(&assembly->arena, name);
    assembly_grow(assembly, call, json_str(function, "arguments"));
    const cJSON *arguments = json_get(function, "arguments");
    if (cJSON_IsObject(arguments)) /* not as text, as most send it */
        provider_take_object(assembly, call, arguments);
}

static void take_finish(Assembly *assembly, Str reason)
{
    if (str_is_empty(reason))
        return;
    assembly->has_stop = true;
    if (str_equal(reason, STR("length")))
        assembly->stop = STOP_TRUNCATED;
    else if (str_equal(reason, STR("content_filter")))
        assembly->stop = STOP_REFUSED;
    else if (assembly->stop != STOP_REFUSED)
        assembly->stop = last_call(assembly) ? STOP_TOOLS : STOP_END;
}

static void take_choice(Assembly *assembly, const cJSON *choice)
{
    const cJSON *delta = json_get(choice, "delta"), *call;
    take_content(assembly, json_get(delta, "content"));
    Str refusal = json_str(delta, "refusal");
    if (!str_is_empty(refusal) && assembly->explanation.length < MAX_REFUSAL_BYTES) {
        assembly->explanation = str_format(&assembly->arena, STR_FMT STR_FMT,
                                           STR_ARG(assembly->explanation), STR_ARG(refusal));
        assembly->stop = STOP_REFUSED;
    }
    const cJSON *calls = json_get(delta, "tool_calls");
    if (cJSON_IsArray(calls))
        cJSON_ArrayForEach(call, calls) take_call(assembly, call);
    take_finish(assembly, json_str(choice, "finish_reason"));
}

static void take_usage(Assembly *assembly, const cJSON *usage)
{
    if (!cJSON_IsObject(usage))
        return;
    uint64_t input = provider_count(usage, "prompt_tokens");
    uint64_t cached = provider_count(json_get(usage, "prompt_tokens_details"), "cached_tokens");
    assembly->usage = (Usage){.input_tokens = input > cached ? input - cached : 0,
                              .cached_tokens = cached,
                              .output_tokens = provider_count(usage, "completion_tokens")};
}

/* Every call needs an id to be answered by. */
static void name_calls(Assembly *assembly)
{
    for (uint32_t i = 0; i < assembly->blocks.n; i++) {
        Growing *block = &assembly->blocks.items[i];
        if (block->kind == BLOCK_TOOL_CALL && str_is_empty(block->id))
            block->id = str_format(&assembly->arena, "call_%u", i);
    }
}

static void take(Assembly *assembly, const SseEvent *event)
{
    if (str_equal(str_trim(event->data), STR("[DONE]"))) {
        assembly->is_over = true;
        return;
    }
    cJSON *json = provider_event_json(assembly, event->data);
    if (!json)
        return;
    const cJSON *error = json_get(json, "error");
    if (error && !cJSON_IsNull(error)) {
        Str type = json_str(error, "type");
        bool is_final = str_starts_with(type, STR("invalid_request")) ||
                        str_starts_with(type, STR("authentication"));
        provider_take_error(assembly, is_final ? FAULT_FINAL : FAULT_TEMPORARY, json);
    }
    if (str_is_empty(assembly->model))
        assembly->model = str_copy(&assembly->arena, json_str(json, "model"));
    take_usage(assembly, json_get(json, "usage"));
    const cJSON *choices = json_get(json, "choices");
    /* One is asked for; others would be other answers to the same. */
    if (cJSON_GetArraySize(choices) > 0)
        take_choice(assembly, cJSON_GetArrayItem(choices, 0));
    if (assembly->has_stop)
        name_calls(assembly);
    cJSON_Delete(json);
}

const Provider provider_openai = {.headers = provider_add_bearer, .body = add_body, .take = take};
