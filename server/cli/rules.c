#include "base/version.h"
#include "cli/command.h"
#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/rule_page.h"

static void print_text(Buf *out, bool colour)
{
    int group = -1;
    for (unsigned i = 0; i < n_rules; i++) {
        const Rule *rule = all_rules[i];
        if ((int)rule->group != group) {
            buf_format(out, "%s%s" STR_FMT "%s\n", group < 0 ? "" : "\n", output_bold(colour),
                       STR_ARG(rule_group_name(rule->group)), output_reset(colour));
            group = (int)rule->group;
        }
        Str severity = severity_name(rule->by_default ? rule->severity : SEVERITY_OFF);
        buf_format(out, "  %s%-8.*s%s %-32s %s\n", output_severity_colour(rule->severity, colour),
                   STR_ARG(severity), output_reset(colour), rule->id, rule->what);
    }
    buf_format(out, "\n%u rules; lintel explain RULE says more of one\n", n_rules);
}

static void print_words(JsonOut *json, const char *key, const char *words)
{
    Str rest = str_from(words), word;
    jsonout_open_inline(json, key, '[');
    while (str_next_word(&rest, &word))
        jsonout_text(json, NULL, word);
    jsonout_close(json, ']');
}

static void print_rule(JsonOut *json, const Rule *rule)
{
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "id", str_from(rule->id));
    print_words(json, "aliases", rule_aliases(rule));
    jsonout_text(json, "since", str_from(rule->since));
    jsonout_text(json, "group", rule_group_name(rule->group));
    jsonout_text(json, "severity", severity_name(rule->severity));
    jsonout_bool(json, "default", rule->by_default);
    jsonout_open_inline(json, "dialects", '[');
    for (int i = 0; i < N_DIALECTS; i++) {
        if (rule->dialects & (1u << i))
            jsonout_text(json, NULL, dialect_name((Dialect)i));
    }
    jsonout_close(json, ']');
    jsonout_text(json, "what", str_from(rule->what));
    jsonout_text_or_null(json, "why", str_from(rule->why));
    jsonout_text_or_null(json, "instead", str_from(rule->instead));
    jsonout_text(json, "language", file_language_name(rule->language));
    jsonout_text_or_null(json, "bad", str_from(rule->bad));
    jsonout_text_or_null(json, "good", str_from(rule->good));
    print_words(json, "sources", rule->sources);
    jsonout_close(json, '}');
}

static void print_json(Buf *out)
{
    JsonOut json = {.out = out};
    jsonout_open(&json, NULL, '{');
    jsonout_text(&json, "version", STR(LINTEL_VERSION));
    jsonout_open(&json, "rules", '[');
    for (unsigned i = 0; i < n_rules; i++)
        print_rule(&json, all_rules[i]);
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
}

static void print_markdown(Buf *out)
{
    buf_add(out, STR("# Rules\n\nPrinted from the rules' own declarations by "
                     "`lintel rules --format markdown`.\n"));
    int group = -1;
    for (unsigned i = 0; i < n_rules; i++) {
        if ((int)all_rules[i]->group != group) {
            group = (int)all_rules[i]->group;
            buf_format(out, "\n## " STR_FMT "\n", STR_ARG(rule_group_name(all_rules[i]->group)));
        }
        buf_add_char(out, '\n');
        rule_page_markdown(out, all_rules[i]);
    }
}

static int run(const Arguments *arguments)
{
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    Str format = argument(arguments, "--format");
    if (str_equal(format, STR("json")))
        print_json(&out);
    else if (str_equal(format, STR("markdown")))
        print_markdown(&out);
    else
        print_text(&out, output_has_colour());
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    return status;
}

static const CommandOption options[] = {
    {.name = "--format",
     .value = "FORMAT",
     .choices = "text json markdown",
     .fallback = "text",
     .help = "how to print"},
};

extern const Command command_rules;
const Command command_rules = {
    .name = "rules",
    .summary = "List the rules.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
