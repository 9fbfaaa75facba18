#include "cli/rule_page.h"

#include "cli/output.h"

enum { PAGE_WIDTH = 96 };

void rule_dialects(Buf *out, const Rule *rule)
{
    const char *between = "";
    for (int i = 0; i < N_DIALECTS; i++) {
        if (rule->dialects & (1u << i)) {
            buf_format(out, "%s" STR_FMT, between, STR_ARG(dialect_name((Dialect)i)));
            between = ", ";
        }
    }
}

/* Words broken at the page's width, each line indented. */
static void add_wrapped(Buf *out, const char *indent, Str text)
{
    uint32_t column = 0;
    Str rest = text;
    while (!str_is_empty(rest)) {
        uint32_t end = 0;
        while (end < rest.length && rest.data[end] != ' ' && rest.data[end] != '\n')
            end++;
        Str word = str_slice(rest, 0, end);
        rest = str_slice(rest, end + 1, rest.length);
        if (str_is_empty(word))
            continue;
        if (column > 0 && column + 1 + word.length > PAGE_WIDTH) {
            buf_add_char(out, '\n');
            column = 0;
        }
        buf_add(out, column ? STR(" ") : str_from(indent));
        buf_add(out, word);
        column += word.length + 1;
    }
    buf_add_char(out, '\n');
}

static void add_code(Buf *out, const char *indent, Str code)
{
    Str line;
    while (str_next_line(&code, &line)) {
        buf_add(out, str_is_empty(line) ? STR("") : str_from(indent));
        buf_add(out, line);
        buf_add_char(out, '\n');
    }
}

static void add_section(Buf *out, const char *title, const char *text, bool colour)
{
    if (!text || !*text)
        return;
    buf_format(out, "\n%s%s%s\n", output_bold(colour), title, output_reset(colour));
    add_wrapped(out, "  ", str_from(text));
}

static void add_example(Buf *out, const char *title, const char *code, bool colour)
{
    if (!code || !*code)
        return;
    buf_format(out, "\n%s%s%s\n", output_bold(colour), title, output_reset(colour));
    add_code(out, "  ", str_from(code));
}

const char *rule_aliases(const Rule *rule)
{
    return rule->squawk && strcmp(rule->squawk, rule->id) != 0 ? rule->squawk : NULL;
}

void rule_page_text(Buf *out, const Rule *rule, bool colour)
{
    buf_format(out, "%s%s%s  %s" STR_FMT "%s, group " STR_FMT ", %s, since %s\n",
               output_bold(colour), rule->id, output_reset(colour),
               output_severity_colour(rule->severity, colour),
               STR_ARG(severity_name(rule->severity)), output_reset(colour),
               STR_ARG(rule_group_name(rule->group)),
               rule->by_default ? "on by default" : "off by default", rule->since);
    add_wrapped(out, "", str_from(rule->what));
    buf_add(out, STR("Databases: "));
    rule_dialects(out, rule);
    buf_add_char(out, '\n');
    if (rule_aliases(rule))
        buf_format(out, "Also known as: %s\n", rule_aliases(rule));
    add_section(out, "Why", rule->why, colour);
    add_section(out, "Instead", rule->instead, colour);
    add_example(out, "Flagged", rule->bad, colour);
    add_example(out, "Fine", rule->good, colour);
    Str sources = str_from(rule->sources), source;
    if (!str_is_empty(sources))
        buf_format(out, "\n%sSources%s\n", output_bold(colour), output_reset(colour));
    while (str_next_word(&sources, &source))
        buf_format(out, "  " STR_FMT "\n", STR_ARG(source));
    if (rule->group != GROUP_LINTEL)
        buf_format(
            out,
            "\nTo switch it off: `%s: off` under `rules` in lintel.yaml, or above a line\n" STR_FMT
            " lintel-ignore %s: the reason\n",
            rule->id, STR_ARG(file_comment_lead(rule->language)), rule->id);
}

static void add_fence(Buf *out, const char *title, FileLanguage language, const char *code)
{
    if (!code || !*code)
        return;
    buf_format(out, "\n%s\n\n```" STR_FMT "\n", title, STR_ARG(file_language_name(language)));
    add_code(out, "", str_from(code));
    buf_add(out, STR("```\n"));
}

void rule_page_markdown(Buf *out, const Rule *rule)
{
    buf_format(out, "### %s\n\n%s\n\n*" STR_FMT ", %s; ", rule->id, rule->what,
               STR_ARG(severity_name(rule->severity)), rule->by_default ? "on" : "off by default");
    rule_dialects(out, rule);
    buf_add(out, STR("*"));
    if (rule_aliases(rule))
        buf_format(out, " Also: `%s`", rule_aliases(rule));
    buf_add_char(out, '\n');
    if (rule->why && *rule->why)
        buf_format(out, "\n**Why.** %s\n", rule->why);
    if (rule->instead && *rule->instead)
        buf_format(out, "\n**Instead.** %s\n", rule->instead);
    add_fence(out, "Flagged:", rule->language, rule->bad);
    add_fence(out, "Fine:", rule->language, rule->good);
    Str sources = str_from(rule->sources), source;
    const char *before = "\nSources: ";
    while (str_next_word(&sources, &source)) {
        buf_format(out, "%s<" STR_FMT ">", before, STR_ARG(source));
        before = ", ";
    }
    buf_add_char(out, '\n');
}
