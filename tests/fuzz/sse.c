/* A model's answer as it streams in: any bytes give a reply or a fault, and the same one however
 * they are cut. The first byte picks the API, the second the size of the parts. */
#include "consult/providers/provider.h"
#include "fuzz/fuzz.h"

typedef struct {
    const Provider *provider;
    Assembly assembly;
    size_t n_shown; /* bytes of text that were given out as they came */
} Stream;

static bool take_event(void *context, const SseEvent *event)
{
    Stream *stream = context;
    stream->provider->take(&stream->assembly, event);
    return stream->assembly.fault == FAULT_NONE && !stream->assembly.is_over;
}

static void show_text(void *context, Str text)
{
    ((Stream *)context)->n_shown += text.length;
}

static void add_part(Buf *out, Str part)
{
    buf_format(out, "%u:", part.length);
    buf_add(out, part);
}

/* What has come, as text that can be compared. */
static void run(Buf *out, const Provider *provider, Str bytes, uint32_t size)
{
    Arena arena = {0};
    Sse sse = sse_new();
    Stream stream = {.provider = provider};
    stream.assembly.on_text = show_text;
    stream.assembly.context = &stream;
    for (uint32_t at = 0; at < bytes.length; at += size)
        if (!sse_push(&sse, str_slice(bytes, at, at + size), take_event, &stream))
            break;
    Reply reply = assembly_reply(&stream.assembly, &arena);
    buf_format(out, "%d %d %d %u|", stream.assembly.fault, reply.stop, stream.assembly.has_stop,
               sse.retry_ms);
    add_part(out, reply.explanation);
    size_t n_text = 0;
    for (uint32_t i = 0; i < reply.blocks.n; i++) {
        const Block *block = &reply.blocks.items[i];
        FUZZ_CHECK(block->kind != BLOCK_TOOL_RESULT);
        FUZZ_CHECK(block->kind != BLOCK_TOOL_CALL || !str_is_empty(block->input));
        n_text += block->kind == BLOCK_TEXT ? block->text.length : 0;
        add_part(out, block->id);
        add_part(out, block->name);
        add_part(out, block->input);
        add_part(out, block->text);
    }
    FUZZ_CHECK(n_text == stream.n_shown);
    sse_free(&sse);
    assembly_free(&stream.assembly);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const Provider *provider = data[0] & 1 ? &provider_openai : &provider_anthropic;
    Str bytes = str_of((const char *)data + 2, size - 2);
    Buf whole = buf_with_max(1 << 26), parts = buf_with_max(1 << 26);
    run(&whole, provider, bytes, bytes.length + 1);
    run(&parts, provider, bytes, data[1] % 64 + 1u);
    FUZZ_CHECK(str_equal(buf_str(&whole), buf_str(&parts)));
    buf_free(&whole);
    buf_free(&parts);
    return 0;
}
