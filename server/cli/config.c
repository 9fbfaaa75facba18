#include "config/config.h"

#include "cli/command.h"
#include "cli/output.h"
#include "rules/rule.h"

enum { MAX_GROUPS = GROUP_LINTEL + 1 };

static int print_schema(void)
{
    Arena arena = {0};
    Str *names = ARENA_ARRAY(&arena, Str, n_rules + MAX_GROUPS);
    uint32_t n = 0;
    for (int group = 0; group < MAX_GROUPS; group++)
        names[n++] = rule_group_name((RuleGroup)group);
    for (unsigned i = 0; i < n_rules; i++)
        names[n++] = str_from(all_rules[i]->id);
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    config_schema(&out, names, n);
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    arena_release(&arena);
    return status;
}

static int run(const Arguments *arguments)
{
    if (argument_is_given(arguments, "--schema"))
        return print_schema();
    return command_fail("config wants --schema");
}

static const CommandOption options[] = {
    {.name = "--schema", .help = "print the JSON Schema of lintel.yaml, for editors"},
};

extern const Command command_config;
const Command command_config = {
    .name = "config",
    .summary = "Print the JSON Schema of lintel.yaml.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
