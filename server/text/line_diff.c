/* Lines that stand once in both texts are fixed points, as far as they come in the same order;
 * between two of them, and at both ends, equal lines are taken from the outside in; then what is
 * left in between is looked at again, because lines may stand once there that stood twice in the
 * whole. That gives what a person would mark more often than the shortest script does (a closing
 * parenthesis belongs to its own statement), and takes no quadratic time. */
#include "text/line_diff.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"

enum { MAX_DEPTH = 32 }; /* of what is looked at again; beyond it, all is changed */

typedef struct {
    uint32_t from, to;
} Match;
typedef Vec(Match) MatchVec;

typedef struct {
    uint32_t n_from, n_to;   /* how often the line stands in either part */
    uint32_t at_from, at_to; /* where, the last time */
} Count;

/* Parts of the two texts, by lines, half-open. */
typedef struct {
    uint32_t from, from_end, to, to_end;
} Part;

typedef struct {
    const Text *from, *to;
    LineDiff *result;
    Arena scratch;
} Diff;

static Str line_of(const Text *text, uint32_t line)
{
    Range range = text_line_range(text, line);
    return str_slice(text_bytes(text), range.start, range.end);
}

static bool is_same(const Diff *d, uint32_t from, uint32_t to)
{
    return str_equal(line_of(d->from, from), line_of(d->to, to));
}

static void match(Diff *d, uint32_t from, uint32_t to)
{
    d->result->is_changed[to] = false;
    d->result->to_line[from] = to;
}

static Count *count_of(Diff *d, StrMap *counts, Str line)
{
    Count *count = map_get(counts, line);
    if (!count) {
        count = ARENA_NEW(&d->scratch, Count);
        map_set(&d->scratch, counts, line, count);
    }
    return count;
}

/* Lines that stand once in both, in the order of `from`. */
static MatchVec lone_lines(Diff *d, const Part *part)
{
    StrMap counts = {0};
    for (uint32_t i = part->from; i < part->from_end; i++) {
        Count *count = count_of(d, &counts, line_of(d->from, i));
        count->n_from++;
        count->at_from = i;
    }
    for (uint32_t i = part->to; i < part->to_end; i++) {
        Count *count = map_get(&counts, line_of(d->to, i));
        if (!count)
            continue;
        count->n_to++;
        count->at_to = i;
    }
    MatchVec lone = {0};
    for (MapEntry *e = map_next(&counts, NULL); e; e = map_next(&counts, e)) {
        const Count *count = e->value;
        if (count->n_from == 1 && count->n_to == 1)
            VEC_PUSH(&d->scratch, &lone, ((Match){count->at_from, count->at_to}));
    }
    return lone; /* each was counted first where it stands in `from` */
}

/* The longest run of them that rises in `to` as well. */
static MatchVec rising(Diff *d, const MatchVec *all)
{
    uint32_t *ends = ARENA_ARRAY(&d->scratch, uint32_t, all->n);   /* of the best runs, by length */
    uint32_t *before = ARENA_ARRAY(&d->scratch, uint32_t, all->n); /* in its run; itself: none */
    uint32_t n = 0;
    for (uint32_t i = 0; i < all->n; i++) {
        uint32_t low = 0, high = n;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (all->items[ends[middle]].to < all->items[i].to)
                low = middle + 1;
            else
                high = middle;
        }
        before[i] = low > 0 ? ends[low - 1] : i;
        ends[low] = i;
        n = low == n ? n + 1 : n;
    }
    MatchVec run = {.items = ARENA_ARRAY(&d->scratch, Match, n), .n = n, .capacity = n};
    for (uint32_t at = n > 0 ? ends[n - 1] : 0; n > 0; at = before[at])
        run.items[--n] = all->items[at];
    return run;
}

static void take_ends(Diff *d, Part *part)
{
    while (part->from < part->from_end && part->to < part->to_end &&
           is_same(d, part->from, part->to))
        match(d, part->from++, part->to++);
    while (part->from < part->from_end && part->to < part->to_end &&
           is_same(d, part->from_end - 1, part->to_end - 1))
        match(d, --part->from_end, --part->to_end);
    for (uint32_t i = part->from; i < part->from_end; i++)
        d->result->to_line[i] = part->to;
}

static void compare(Diff *d, Part part, int depth)
{
    take_ends(d, &part);
    if (part.from == part.from_end || part.to == part.to_end || depth == MAX_DEPTH)
        return;
    MatchVec lone = lone_lines(d, &part);
    MatchVec fixed = rising(d, &lone);
    if (fixed.n == 0)
        return;
    Part between = {.from = part.from, .to = part.to};
    for (uint32_t i = 0; i <= fixed.n; i++) {
        between.from_end = i < fixed.n ? fixed.items[i].from : part.from_end;
        between.to_end = i < fixed.n ? fixed.items[i].to : part.to_end;
        compare(d, between, depth + 1);
        if (i == fixed.n)
            break;
        match(d, fixed.items[i].from, fixed.items[i].to);
        between.from = fixed.items[i].from + 1;
        between.to = fixed.items[i].to + 1;
    }
}

LineDiff line_diff(Arena *out, const Text *from, const Text *to)
{
    uint32_t n_from = text_line_count(from), n_to = text_line_count(to);
    LineDiff result = {.is_changed = ARENA_ARRAY(out, bool, n_to),
                       .to_line = ARENA_ARRAY(out, uint32_t, n_from)};
    for (uint32_t i = 0; i < n_to; i++)
        result.is_changed[i] = true;
    Diff d = {.from = from, .to = to, .result = &result};
    compare(&d, (Part){.from_end = n_from, .to_end = n_to}, 0);
    arena_release(&d.scratch);
    return result;
}
