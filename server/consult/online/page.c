#include "consult/online/page.h"

#include "consult/check/document.h"
#include "consult/redact.h"

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

void online_footer(Buf *out, const OnlineReport *report)
{
    const Usage *usage = &report->usage;
    buf_format(out,
               "%u turn%s, %u tool call%s, %llu tokens read (%llu more from a cache), %llu written",
               report->n_turns, plural(report->n_turns), report->n_tool_calls,
               plural(report->n_tool_calls),
               (unsigned long long)(usage->input_tokens + usage->cache_written_tokens),
               (unsigned long long)usage->cached_tokens, (unsigned long long)usage->output_tokens);
    if (usage->n_searches > 0)
        buf_format(out, ", %u web search%s by the provider", usage->n_searches,
                   usage->n_searches == 1 ? "" : "es");
    uint64_t seconds = report->passed_ms / 1000;
    if (seconds >= 60)
        buf_format(out, ", %llu min %llu s.\n", (unsigned long long)(seconds / 60),
                   (unsigned long long)(seconds % 60));
    else
        buf_format(out, ", %llu s.\n", (unsigned long long)seconds);
    for (uint32_t i = 0; i < report->notes.n; i++)
        buf_format(out, "Note: " STR_FMT ".\n", STR_ARG(report->notes.items[i]));
}

Str online_partial(Arena *out, Str text)
{
    return document_neutralise(out, plain_text(out, redact(out, text)));
}
