#include "consult/providers/chat.h"

Str reply_text(Arena *out, const Reply *reply)
{
    Vec(Str) texts = {0};
    for (uint32_t i = 0; i < reply->blocks.n; i++)
        if (reply->blocks.items[i].kind == BLOCK_TEXT)
            VEC_PUSH(out, &texts, reply->blocks.items[i].text);
    return str_join(out, texts.items, texts.n, STR(""));
}

void usage_add(Usage *sum, const Usage *usage)
{
    sum->input_tokens += usage->input_tokens;
    sum->cached_tokens += usage->cached_tokens;
    sum->cache_written_tokens += usage->cache_written_tokens;
    sum->output_tokens += usage->output_tokens;
    sum->n_searches += usage->n_searches;
}
