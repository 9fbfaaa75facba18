/* explain: a rule's page. */
#include "base/json.h"
#include "cli/rule_page.h"
#include "mcp/tools.h"

static bool run(const cJSON *arguments, ToolAnswer *answer, Error *err)
{
    Str id = json_str(arguments, "rule");
    if (str_is_empty(id))
        return error_set(err, ERR_FAILED, "rule is missing: the id that stands in a finding");
    const Rule *rule = rule_find(id);
    if (rule) {
        rule_page_markdown(&answer->text, rule);
        return true;
    }
    Str nearest = rule_nearest(id), shown = str_slice(id, 0, 100);
    return str_is_absent(nearest)
               ? error_set(err, ERR_NOT_FOUND, "there is no rule " STR_FMT, STR_ARG(shown))
               : error_set(err, ERR_NOT_FOUND,
                           "there is no rule " STR_FMT "; did you mean " STR_FMT, STR_ARG(shown),
                           STR_ARG(nearest));
}

const ServedTool tool_explain = {
    .name = "explain",
    .title = "Explain a finding",
    .description = "What a rule of lint flags, why, what to do instead, and an example of each. "
                   "`rule` is the id that a finding ends with in brackets.",
    .input = "{\"type\":\"object\",\"properties\":{\"rule\":{\"type\":\"string\","
             "\"description\":\"such as missing-fk-index\"}},"
             "\"required\":[\"rule\"],\"additionalProperties\":false}",
    .run = run,
};
