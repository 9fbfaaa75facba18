#include <stdlib.h>

#include "base/json.h"
#include "lsp/actions.h"
#include "lsp/diagnostics.h"
#include "lsp/names.h"

enum { MAX_EDITS = 10000 }; /* of one action */

typedef Vec(const TextEdit *) EditPointerVec;

static int compare_edits(const void *left, const void *right)
{
    const Location *a = &(*(const TextEdit *const *)left)->location;
    const Location *b = &(*(const TextEdit *const *)right)->location;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->range.start != b->range.start)
        return a->range.start < b->range.start ? -1 : 1;
    return a->range.end != b->range.end ? (a->range.end < b->range.end ? -1 : 1) : 0;
}

/* Two edits of one place, be it that both only insert there: which comes first is not ours to say
 * when they are of different findings. */
static bool meet(const TextEdit *a, const TextEdit *b)
{
    return a->location.source == b->location.source &&
           (range_overlaps(a->location.range, b->location.range) ||
            a->location.range.start == b->location.range.start);
}

/* `sorted` holds edits that do not meet; true where none of the fix meets one of them. */
static bool has_room(const EditPointerVec *sorted, const Fix *fix)
{
    for (uint32_t i = 0; i < fix->edits.n; i++) {
        const TextEdit *edit = &fix->edits.items[i];
        uint32_t low = 0, high = sorted->n;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (compare_edits(&sorted->items[middle], &edit) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        const TextEdit *before = low > 0 ? sorted->items[low - 1] : NULL;
        const TextEdit *after = low < sorted->n ? sorted->items[low] : NULL;
        if ((after && meet(after, edit)) || (before && meet(before, edit)))
            return false;
    }
    return true;
}

static void take(Arena *scratch, EditPointerVec *sorted, const Fix *fix)
{
    for (uint32_t i = 0; i < fix->edits.n; i++) {
        VEC_PUSH(scratch, sorted, &fix->edits.items[i]);
        for (uint32_t k = sorted->n - 1;
             k > 0 && compare_edits(&sorted->items[k - 1], &sorted->items[k]) > 0; k--) {
            const TextEdit *later = sorted->items[k - 1];
            sorted->items[k - 1] = sorted->items[k];
            sorted->items[k] = later;
        }
    }
}

static const Fix *preferred(const Finding *finding)
{
    for (uint32_t i = 0; i < finding->fixes.n; i++) {
        if (finding->fixes.items[i].is_preferred)
            return &finding->fixes.items[i];
    }
    return NULL;
}

void actions_add_fix_all(ActionList *actions)
{
    if (!actions->server->client.action_literals || !actions_want(actions, STR(KIND_FIX_ALL)))
        return;
    const FindingVec *findings = &actions->view->snapshot->findings;
    EditPointerVec edits = {0};
    uint32_t n_fixes = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->items[i];
        bool is_ours = finding->location.source == actions->view->source &&
                       !finding_is_left_out(actions->view, finding);
        const Fix *fix = is_ours ? preferred(finding) : NULL;
        if (!fix || edits.n + fix->edits.n > MAX_EDITS || !has_room(&edits, fix))
            continue;
        take(&actions->server->scratch, &edits, fix);
        n_fixes++;
    }
    if (n_fixes == 0)
        return;
    Str title = str_format(&actions->server->scratch, "Fix %u finding%s in this file", n_fixes,
                           n_fixes == 1 ? "" : "s");
    cJSON *action = actions_add(actions, title, KIND_FIX_ALL, NULL);
    cJSON *edit = cJSON_AddObjectToObject(action, "edit");
    for (uint32_t i = 0; i < edits.n; i++)
        actions_edit(actions, edit, edits.items[i]);
}
