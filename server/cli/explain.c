#include "cli/command.h"
#include "cli/output.h"
#include "cli/rule_page.h"
#include "engine/input.h"

static int run(const Arguments *arguments)
{
    if (arguments->operands.n != 1)
        return command_fail("explain wants one rule; lintel rules lists them");
    Str id = arguments->operands.items[0];
    const Rule *rule = rule_find(id);
    if (!rule) {
        Str nearest = rule_nearest(id);
        if (str_is_absent(nearest))
            return command_fail("there is no rule " STR_FMT "; lintel rules lists them",
                                STR_ARG(id));
        return command_fail("there is no rule " STR_FMT "; did you mean " STR_FMT, STR_ARG(id),
                            STR_ARG(nearest));
    }
    Buf out = buf_with_max(OUTPUT_MAX_BYTES);
    rule_page_text(&out, rule, output_has_colour());
    int status = output_print(&out, EXIT_FINE);
    buf_free(&out);
    return status;
}

extern const Command command_explain;
const Command command_explain = {
    .name = "explain",
    .operands = "RULE",
    .summary = "Say what a rule flags, why, and what to do instead.",
    .run = run,
};
