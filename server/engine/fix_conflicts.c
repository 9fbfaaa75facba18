#include "engine/fix_conflicts.h"

#include <stdlib.h>

/* One edit of one fix, by indexes that survive sorting. */
typedef struct {
    Location location;
    uint32_t finding, fix;
} PlacedEdit;
typedef Vec(PlacedEdit) PlacedEditVec;

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_edits(const void *left, const void *right)
{
    const PlacedEdit *a = left, *b = right;
    int order = compare_numbers(a->location.source, b->location.source);
    if (order == 0)
        order = compare_numbers(a->location.range.start, b->location.range.start);
    if (order == 0)
        order = compare_numbers(a->finding, b->finding);
    return order ? order : compare_numbers(a->fix, b->fix);
}

static PlacedEditVec collect(Arena *out, const FindingVec *findings)
{
    PlacedEditVec edits = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        const FixVec *fixes = &findings->items[i].fixes;
        for (uint32_t k = 0; k < fixes->n; k++)
            for (uint32_t e = 0; e < fixes->items[k].edits.n; e++)
                VEC_PUSH(out, &edits,
                         ((PlacedEdit){.location = fixes->items[k].edits.items[e].location,
                                       .finding = i,
                                       .fix = k}));
    }
    return edits;
}

static bool is_overlapping(const PlacedEdit *a, const PlacedEdit *b)
{
    Range one = a->location.range, other = b->location.range;
    return a->finding != b->finding && one.start < other.end && other.start < one.end;
}

/* A fix without edits is one that is dropped. */
static TextEditVec *edits_of(const FindingVec *findings, const PlacedEdit *edit)
{
    return &findings->items[edit->finding].fixes.items[edit->fix].edits;
}

/* Sets what `edit` and those in `open` take from each other. `open` are the kept edits that reach
 * beyond its start: all of one finding, since others would overlap, so they are few. */
static bool settle_edit(Arena *scratch, const FindingVec *findings, PlacedEditVec *open,
                        const PlacedEdit *edit)
{
    bool is_any = false;
    uint32_t n = 0;
    for (uint32_t i = 0; i < open->n; i++) {
        const PlacedEdit *other = &open->items[i];
        bool is_over = other->location.source != edit->location.source ||
                       other->location.range.end <= edit->location.range.start;
        if (is_over || edits_of(findings, other)->n == 0)
            continue;
        if (edits_of(findings, edit)->n > 0 && is_overlapping(other, edit)) {
            is_any = true;
            edits_of(findings, edit->finding > other->finding ? edit : other)->n = 0;
        }
        if (edits_of(findings, other)->n > 0)
            open->items[n++] = *other;
    }
    open->n = n;
    if (edits_of(findings, edit)->n > 0)
        VEC_PUSH(scratch, open, *edit);
    return is_any;
}

static void remove_dropped(Finding *finding)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < finding->fixes.n; i++) {
        if (finding->fixes.items[i].edits.n > 0)
            finding->fixes.items[n++] = finding->fixes.items[i];
    }
    finding->fixes.n = n;
}

void fix_conflicts_drop(FindingVec *findings)
{
    Arena scratch = {0};
    PlacedEditVec edits = collect(&scratch, findings), open = {0};
    if (edits.n > 1)
        qsort(edits.items, edits.n, sizeof(PlacedEdit), compare_edits);
    bool is_any = false;
    for (uint32_t i = 0; i < edits.n; i++) {
        if (edits_of(findings, &edits.items[i])->n > 0)
            is_any = settle_edit(&scratch, findings, &open, &edits.items[i]) || is_any;
    }
    for (uint32_t i = 0; is_any && i < findings->n; i++)
        remove_dropped(&findings->items[i]);
    arena_release(&scratch);
}
