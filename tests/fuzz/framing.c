/* The base protocol's framing: however the bytes are cut into pieces, the same messages come out.
 */
#include "lsp/framing.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "fuzz/fuzz.h"

typedef struct {
    uint64_t hash; /* of all bodies */
    uint32_t n_messages;
    size_t n_bytes;
} Summary;

static void take_all(Framing *framing, Summary *summary)
{
    for (;;) {
        FrameBody body = {0};
        switch (framing_next(framing, &body)) {
        case FRAME_NONE:
            return;
        case FRAME_MESSAGE:
            summary->n_messages++;
            summary->n_bytes += body.length;
            summary->hash = hash_bytes(body.data, body.length, summary->hash);
            memset(body.data, 'x', body.length); /* may be overwritten, says the header */
            break;
        case FRAME_TOO_LARGE:
        case FRAME_BAD_HEADER:
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {.data = data, .size = size};
    uint32_t step = 1 + fuzz_byte(&input) % 64;
    Str bytes = fuzz_text(&input, input.size);

    Framing framing = framing_new();
    Summary whole = {0};
    framing_feed(&framing, bytes);
    take_all(&framing, &whole);
    framing_free(&framing);
    FUZZ_CHECK(whole.n_bytes <= bytes.length);

    framing = framing_new();
    Summary pieces = {0};
    for (uint32_t at = 0; at < bytes.length; at += step) {
        framing_feed(&framing, str_slice(bytes, at, at + step));
        take_all(&framing, &pieces);
    }
    framing_free(&framing);
    FUZZ_CHECK(whole.n_messages == pieces.n_messages);
    FUZZ_CHECK(whole.n_bytes == pieces.n_bytes);
    FUZZ_CHECK(whole.hash == pieces.hash);
    return 0;
}
