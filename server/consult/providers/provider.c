#include "consult/providers/provider.h"

#include "base/json.h"

void provider_add_bearer(Arena *out, const Endpoint *endpoint, HttpHeaderVec *headers)
{
    if (!str_is_empty(endpoint->key))
        http_add_header(out, headers, "authorization",
                        str_format(out, "Bearer " STR_FMT, STR_ARG(endpoint->key)));
}

cJSON *provider_event_json(Assembly *assembly, Str data)
{
    Arena scratch = {0};
    cJSON *tree = json_parse(str_to_c(&scratch, data), data.length);
    arena_release(&scratch);
    if (!cJSON_IsObject(tree)) {
        cJSON_Delete(tree);
        assembly_fail(assembly, FAULT_TEMPORARY, STR("an event of the answer is not JSON"));
        return NULL;
    }
    return tree;
}

/* {"error":{"message":…}}, {"error":"…"}, {"message":…}, {"detail":…} */
Str provider_error_text(Arena *out, const cJSON *body)
{
    const cJSON *error = json_get(body, "error");
    const cJSON *const places[] = {json_get(error, "message"), error, json_get(body, "message"),
                                   json_get(body, "detail")};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        Str text = json_as_str(places[i]);
        if (!str_is_empty(text))
            return str_copy(out, text);
    }
    return (Str){0};
}

void provider_take_error(Assembly *assembly, FaultKind kind, const cJSON *body)
{
    Str text = provider_error_text(&assembly->arena, body);
    assembly_fail(assembly, kind,
                  str_is_empty(text) ? STR("the answer ended with an error") : text);
}

void provider_take_object(Assembly *assembly, Growing *call, const cJSON *input)
{
    Buf text = buf_with_max(MAX_REPLY_BYTES);
    json_print(input, &text);
    assembly_grow(assembly, call, buf_str(&text));
    buf_free(&text);
}

uint64_t provider_count(const cJSON *object, const char *key)
{
    const cJSON *item = json_get(object, key);
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0 && item->valuedouble < 1e15))
        return 0;
    return (uint64_t)item->valuedouble;
}

cJSON *provider_raw(Str json)
{
    Arena scratch = {0};
    cJSON *raw = cJSON_CreateRaw(str_to_c(&scratch, json));
    arena_release(&scratch);
    return raw;
}
