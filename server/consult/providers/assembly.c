#include "consult/providers/assembly.h"

#include "base/json.h"

void assembly_free(Assembly *assembly)
{
    for (uint32_t i = 0; i < assembly->blocks.n; i++) {
        buf_free(&assembly->blocks.items[i].text);
        cJSON_Delete(assembly->blocks.items[i].raw);
    }
    arena_release(&assembly->arena);
}

Growing *assembly_find(Assembly *assembly, int32_t index)
{
    /* From the end: the newest of an index that was given twice. */
    for (uint32_t i = assembly->blocks.n; i > 0; i--)
        if (assembly->blocks.items[i - 1].index == index)
            return &assembly->blocks.items[i - 1];
    return NULL;
}

void assembly_fail(Assembly *assembly, FaultKind kind, Str problem)
{
    if (assembly->fault != FAULT_NONE)
        return;
    assembly->fault = kind;
    assembly->problem = str_copy(&assembly->arena, problem);
}

Growing *assembly_add(Assembly *assembly, int32_t index, BlockKind kind)
{
    if (assembly->blocks.n >= MAX_REPLY_BLOCKS) {
        assembly_fail(assembly, FAULT_FINAL, STR("the answer has too many parts"));
        return NULL;
    }
    VEC_PUSH(&assembly->arena, &assembly->blocks,
             ((Growing){.index = index, .kind = kind, .text = buf_with_max(MAX_REPLY_BYTES)}));
    return VEC_LAST(&assembly->blocks);
}

void assembly_grow(Assembly *assembly, Growing *block, Str piece)
{
    if (piece.length > MAX_REPLY_BYTES - assembly->n_bytes) {
        assembly_fail(assembly, FAULT_FINAL, STR("the answer is too large"));
        return;
    }
    assembly->n_bytes += piece.length;
    buf_add(&block->text, piece);
    if (block->kind == BLOCK_TEXT && assembly->on_text && piece.length > 0)
        assembly->on_text(assembly->context, piece);
}

static bool is_object(Str text)
{
    Arena scratch = {0};
    char *copy = str_to_c(&scratch, text);
    cJSON *tree = json_parse(copy, text.length);
    bool is = cJSON_IsObject(tree);
    cJSON_Delete(tree);
    arena_release(&scratch);
    return is;
}

bool assembly_is_whole(const Growing *call)
{
    return is_object(buf_str(&call->text));
}

/* The opaque block with the member that came in pieces. */
static void complete_raw(Growing *growing)
{
    if (!growing->member)
        return;
    Arena scratch = {0};
    Str text = buf_str(&growing->text);
    bool is_json = strcmp(growing->member, "input") == 0;
    cJSON *value = is_json ? json_parse(str_to_c(&scratch, text), text.length) : json_string(text);
    if (value) {
        cJSON_DeleteItemFromObjectCaseSensitive(growing->raw, growing->member);
        json_add(growing->raw, growing->member, value);
    }
    arena_release(&scratch);
}

static Block finished(Arena *out, Growing *growing)
{
    Str text = buf_str(&growing->text);
    Block block = {.kind = growing->kind,
                   .id = str_copy(out, growing->id),
                   .name = str_copy(out, growing->name)};
    switch (growing->kind) {
    case BLOCK_TEXT:
    case BLOCK_TOOL_RESULT:
        block.text = str_copy(out, text);
        break;
    case BLOCK_TOOL_CALL:
        block.input = str_is_empty(str_trim(text)) ? STR("{}") : str_copy(out, text);
        block.is_broken = !is_object(block.input);
        break;
    case BLOCK_OPAQUE: {
        complete_raw(growing);
        Buf json = buf_with_max((size_t)MAX_REPLY_BYTES * 8); /* escapes make it longer */
        json_print(growing->raw, &json);
        block.text = str_copy(out, buf_str(&json));
        buf_free(&json);
        break;
    }
    }
    return block;
}

Reply assembly_reply(Assembly *assembly, Arena *out)
{
    Reply reply = {.stop = assembly->stop,
                   .explanation = str_copy(out, assembly->explanation),
                   .model = str_copy(out, assembly->model),
                   .usage = assembly->usage};
    for (uint32_t i = 0; i < assembly->blocks.n; i++)
        VEC_PUSH(out, &reply.blocks, finished(out, &assembly->blocks.items[i]));
    return reply;
}
