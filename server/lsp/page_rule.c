#include "lsp/pages.h"
#include "rules/rule.h"

static void example(Buf *out, const char *title, FileLanguage language, const char *code)
{
    if (!code)
        return;
    buf_format(out, "\n%s\n\n```" STR_FMT "\n" STR_FMT "\n```\n", title,
               STR_ARG(file_language_name(language)), STR_ARG(str_trim(str_from(code))));
}

bool page_rule(Str id, Buf *out)
{
    const Rule *rule = rule_find(id);
    if (!rule)
        return false;
    buf_format(out, "# %s\n\n", rule->id);
    buf_format(out, STR_FMT ", " STR_FMT "%s, since %s\n", STR_ARG(severity_name(rule->severity)),
               STR_ARG(rule_group_name(rule->group)),
               rule->by_default ? "" : ", off unless asked for", rule->since);
    if (rule->what)
        buf_format(out, "\n%s\n", rule->what);
    if (rule->why)
        buf_format(out, "\n## Why\n\n%s\n", rule->why);
    if (rule->instead)
        buf_format(out, "\n## Instead\n\n%s\n", rule->instead);
    if (rule->bad || rule->good)
        buf_add(out, STR("\n## Examples\n"));
    example(out, "Flagged:", rule->language, rule->bad);
    example(out, "Fine:", rule->language, rule->good);
    Str sources = str_from(rule->sources), source;
    if (!str_is_empty(sources))
        buf_add(out, STR("\n## Sources\n\n"));
    while (str_next_word(&sources, &source))
        buf_format(out, "- <" STR_FMT ">\n", STR_ARG(source));
    return true;
}
