#include "base/json.h"
#include "engine/suppress.h"
#include "lsp/actions.h"
#include "lsp/diagnostics.h"

enum { MAX_SUPPRESSIONS = 8 }; /* each is tried out; a selection may hold many findings */

/* What a file has wrong as a text cannot be switched off by a comment in it. */
static bool can_be_suppressed(const Finding *finding)
{
    return finding->severity != SEVERITY_OFF &&
           !str_equal(finding->group, rule_group_name(GROUP_LINTEL));
}

void actions_add_suppressions(ActionList *actions)
{
    if (!actions->server->client.action_literals || !actions_want(actions, STR("quickfix")))
        return;
    Arena *scratch = &actions->server->scratch;
    const FindingVec *findings = &actions->view->snapshot->findings;
    for (uint32_t i = 0, n = 0; i < findings->n && n < MAX_SUPPRESSIONS; i++) {
        const Finding *finding = &findings->items[i];
        TextEdit change;
        if (!actions_touch(actions, finding) || finding_is_left_out(actions->view, finding) ||
            !can_be_suppressed(finding))
            continue;
        n++;
        if (!suppress_edit(scratch, actions->view->snapshot, finding, &change))
            continue;
        Str title = str_format(scratch, "Ignore " STR_FMT " here", STR_ARG(finding->rule));
        cJSON *action = actions_add(actions, title, "quickfix", finding);
        actions_edit(actions, cJSON_AddObjectToObject(action, "edit"), &change);
    }
}
