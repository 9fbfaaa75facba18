#include "consult/online/page.h"

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
    buf_add(out, STR(".\n"));
    for (uint32_t i = 0; i < report->notes.n; i++)
        buf_format(out, "Note: " STR_FMT ".\n", STR_ARG(report->notes.items[i]));
}

void online_page(Buf *out, const Endpoint *endpoint, const OnlineReport *report)
{
    buf_format(out,
               "> **Unchecked.** Written by `" STR_FMT "` at `" STR_FMT
               "`. Lintel has not looked up the names and places in it, and has not replayed its "
               "statements.\n\n" STR_FMT "\n\n---\n\n",
               STR_ARG(report->model), STR_ARG(endpoint->host), STR_ARG(report->text));
    online_footer(out, report);
}
