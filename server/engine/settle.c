#include "engine/settle.h"

#include <stdlib.h>

#include "engine/fix_conflicts.h"
#include "engine/input.h"
#include "engine/suppression.h"
#include "rules/context.h"

static uint32_t rule_index(Str id)
{
    for (uint32_t i = 0; i < n_rules; i++) {
        if (str_equal(id, str_from(all_rules[i]->id)))
            return i;
    }
    return UINT32_MAX;
}

/* A finding that the engine makes itself; nothing where the rule is off or unknown. */
static void add_own(Snapshot *snapshot, const Severity *levels, Str rule, Str message,
                    Location location)
{
    uint32_t index = rule_index(rule);
    if (index == UINT32_MAX || levels[index] == SEVERITY_OFF)
        return;
    Finding finding = {.rule = str_from(all_rules[index]->id),
                       .group = rule_group_name(all_rules[index]->group),
                       .severity = levels[index],
                       .message = message,
                       .location = location};
    VEC_PUSH(&snapshot->arena, &snapshot->findings, finding);
}

/* ---- places to locations ---- */

static FileLanguage language_at(const Snapshot *snapshot, const Location *location)
{
    return snapshot->sources.items[location->source].file->language;
}

/* What cannot be located is left out: a fix as a whole, because half an edit is none. So is a fix
 * that would write one language into a file of another. */
static void locate_parts(const Snapshot *snapshot, Finding *finding)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < finding->related.n; i++) {
        Related *related = &finding->related.items[i];
        if (snapshot_locate(snapshot, related->place, &related->location))
            finding->related.items[n++] = *related;
    }
    finding->related.n = n;
    n = 0;
    for (uint32_t i = 0; i < finding->fixes.n; i++) {
        Fix *fix = &finding->fixes.items[i];
        bool is_whole = fix->edits.n > 0;
        for (uint32_t j = 0; j < fix->edits.n; j++) {
            TextEdit *edit = &fix->edits.items[j];
            is_whole = is_whole && snapshot_locate(snapshot, edit->place, &edit->location) &&
                       language_at(snapshot, &edit->location) == fix->language;
        }
        if (is_whole)
            finding->fixes.items[n++] = *fix;
    }
    finding->fixes.n = n;
}

static void locate_all(Snapshot *snapshot)
{
    FindingVec *findings = &snapshot->findings;
    uint32_t n = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        Finding *finding = &findings->items[i];
        if (!snapshot_locate(snapshot, finding->place, &finding->location)) {
            if (snapshot->sources.n == 0)
                continue;
            finding->location = (Location){0}; /* about the database: its first source */
        }
        locate_parts(snapshot, finding);
        findings->items[n++] = *finding;
    }
    findings->n = n;
}

static void add_problems(Snapshot *snapshot, const Severity *levels)
{
    const TextProblemVec *linked = &snapshot->linked.problems;
    for (uint32_t i = 0; i < linked->n; i++) {
        Location location;
        if (snapshot_locate(snapshot, linked->items[i].place, &location))
            add_own(snapshot, levels, linked->items[i].rule, linked->items[i].message, location);
    }
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        const LoweredFile *file = snapshot->sources.items[i].file;
        for (uint32_t j = 0; j < file->problems.n; j++) {
            const FileProblem *problem = &file->problems.items[j];
            add_own(snapshot, levels, problem->rule, problem->message,
                    (Location){.source = i, .range = problem->range});
        }
        for (uint32_t j = 0; j < file->fragments.n; j++) {
            const PlacedFragment *placed = &file->fragments.items[j];
            for (uint32_t k = 0; k < placed->fragment->problems.n; k++) {
                const TextProblem *problem = &placed->fragment->problems.items[k];
                Range range = problem->place.range;
                add_own(snapshot, levels, problem->rule, problem->message,
                        (Location){.source = i,
                                   .range = {.start = placed->start + range.start,
                                             .end = placed->start + range.end}});
            }
        }
    }
}

/* ---- suppressions ---- */

typedef struct {
    const Suppression *suppression;
    bool *used; /* parallel to its rules; one entry where it names none */
} Use;
typedef Vec(Use) UseVec;

static UseVec *uses_of_sources(Arena *scratch, const SourceVec *sources)
{
    UseVec *uses = ARENA_ARRAY(scratch, UseVec, sources->n + 1);
    for (uint32_t i = 0; i < sources->n; i++) {
        const SuppressionVec *suppressions = &sources->items[i].file->suppressions;
        for (uint32_t j = 0; j < suppressions->n; j++) {
            const Suppression *s = &suppressions->items[j];
            Use use = {.suppression = s, .used = ARENA_ARRAY(scratch, bool, s->rules.n + 1)};
            VEC_PUSH(scratch, &uses[i], use);
        }
    }
    return uses;
}

static bool is_suppressed(const UseVec *uses, uint32_t at, const Rule *rule)
{
    bool result = false;
    for (uint32_t i = 0; i < uses->n; i++) {
        const Suppression *s = uses->items[i].suppression;
        if (!suppression_covers(s, at))
            continue;
        if (s->rules.n == 0) {
            uses->items[i].used[0] = true;
            result = true;
        }
        for (uint32_t j = 0; j < s->rules.n; j++) {
            if (rule_answers_to(rule, s->rules.items[j])) {
                uses->items[i].used[j] = true;
                result = true;
            }
        }
    }
    return result;
}

static void drop_suppressed(Snapshot *snapshot, UseVec *uses)
{
    FindingVec *findings = &snapshot->findings;
    uint32_t n = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->items[i];
        const UseVec *here = &uses[finding->location.source];
        Location twin;
        const UseVec *there =
            snapshot_locate(snapshot, finding->twin, &twin) ? &uses[twin.source] : NULL;
        bool has_there = there && there->n;
        const Rule *rule = here->n || has_there ? rule_find(finding->rule) : NULL;
        bool is_here = rule && is_suppressed(here, finding->location.range.start, rule);
        if ((has_there && is_suppressed(there, twin.range.start, rule)) || is_here)
            snapshot->n_suppressed++;
        else
            findings->items[n++] = *finding;
    }
    findings->n = n;
}

/* True where a rule of that name is on: a rule that is off cannot be suppressed. */
static bool is_name_on(const Severity *levels, Str name, bool *is_known)
{
    bool is_on = false;
    *is_known = false;
    for (uint32_t i = 0; i < n_rules; i++) {
        if (!rule_answers_to(all_rules[i], name))
            continue;
        *is_known = true;
        is_on = is_on || levels[i] != SEVERITY_OFF;
    }
    return is_on;
}

static void report_use(Snapshot *snapshot, const Severity *levels, uint32_t source, const Use *use)
{
    const Suppression *s = use->suppression;
    if (s->is_squawk)
        return; /* written for another tool, which has other rules */
    Arena *arena = &snapshot->arena;
    Location location = {.source = source, .range = s->rules.n ? s->rules_range : s->comment};
    if (s->rules.n == 0 && !use->used[0])
        add_own(snapshot, levels, STR("unused-suppression"),
                STR("nothing is found here that this comment could suppress"), location);
    for (uint32_t i = 0; i < s->rules.n; i++) {
        Str name = s->rules.items[i];
        bool is_known;
        bool is_on = is_name_on(levels, name, &is_known);
        Str nearest = is_known ? (Str){0} : rule_nearest(name);
        if (!is_known && str_is_absent(nearest))
            add_own(snapshot, levels, STR("unknown-rule"),
                    str_format(arena, "there is no rule " STR_FMT, STR_ARG(name)), location);
        else if (!is_known)
            add_own(snapshot, levels, STR("unknown-rule"),
                    str_format(arena, "there is no rule " STR_FMT "; did you mean " STR_FMT,
                               STR_ARG(name), STR_ARG(nearest)),
                    location);
        else if (is_on && !use->used[i])
            add_own(snapshot, levels, STR("unused-suppression"),
                    str_format(arena, STR_FMT " finds nothing here to suppress", STR_ARG(name)),
                    location);
    }
}

static void apply_suppressions(Snapshot *snapshot, const Severity *levels)
{
    Arena scratch = {0};
    UseVec *uses = uses_of_sources(&scratch, &snapshot->sources);
    drop_suppressed(snapshot, uses);
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        for (uint32_t j = 0; j < uses[i].n; j++)
            report_use(snapshot, levels, i, &uses[i].items[j]);
    }
    arena_release(&scratch);
}

/* ---- order ---- */

static int compare_numbers(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_findings(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    int order = compare_numbers(a->location.source, b->location.source);
    if (order == 0)
        order = compare_numbers(a->location.range.start, b->location.range.start);
    if (order == 0)
        order = str_compare(a->rule, b->rule);
    if (order == 0)
        order = compare_numbers(a->location.range.end, b->location.range.end);
    return order ? order : str_compare(a->message, b->message);
}

/* A finding's turn: most are told apart by where they stand, without a look at them. */
typedef struct {
    uint64_t position; /* source and start */
    Finding *finding;
} Turn;

static int compare_turns(const void *left, const void *right)
{
    const Turn *a = left, *b = right;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return compare_findings(a->finding, b->finding);
}

/* Moves each finding to its place, along the circles that they go in. */
static void take_turns(Finding *findings, Turn *turns, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (turns[i].finding == &findings[i])
            continue;
        Finding first = findings[i];
        uint32_t to = i;
        for (Finding *from = turns[to].finding; from != &findings[i]; from = turns[to].finding) {
            findings[to] = *from;
            turns[to].finding = &findings[to];
            to = (uint32_t)(from - findings);
        }
        findings[to] = first;
        turns[to].finding = &findings[to];
    }
}

static void sort_and_dedupe(FindingVec *findings)
{
    if (findings->n == 0)
        return;
    Arena scratch = {0};
    Turn *turns = ARENA_ARRAY(&scratch, Turn, findings->n);
    for (uint32_t i = 0; i < findings->n; i++) {
        const Location *location = &findings->items[i].location;
        turns[i] = (Turn){.position = (uint64_t)location->source << 32 | location->range.start,
                          .finding = &findings->items[i]};
    }
    qsort(turns, findings->n, sizeof *turns, compare_turns);
    take_turns(findings->items, turns, findings->n);
    arena_release(&scratch);
    uint32_t n = 1;
    for (uint32_t i = 1; i < findings->n; i++) {
        if (compare_findings(&findings->items[n - 1], &findings->items[i]) != 0)
            findings->items[n++] = findings->items[i];
    }
    findings->n = n;
}

static bool is_like(const Finding *a, const Finding *b)
{
    return location_equal(&a->location, &b->location) && str_equal(a->rule, b->rule) &&
           a->severity == b->severity && !str_equal(a->table, b->table);
}

/* One line of a mixin or an abstract base is a column of many tables: people are told once. */
static void mark_repeated(Snapshot *snapshot)
{
    FindingVec *findings = &snapshot->findings;
    for (uint32_t i = 0; i < findings->n; i++) {
        Finding *first = &findings->items[i];
        uint32_t n = 0;
        if (language_at(snapshot, &first->location) == FILE_SQL)
            continue;
        while (i + 1 < findings->n && is_like(first, &findings->items[i + 1])) {
            findings->items[++i].is_repeated = true;
            n++;
        }
        if (n)
            first->message =
                str_format(&snapshot->arena, STR_FMT " (and the same in %u more table%s)",
                           STR_ARG(first->message), n, n == 1 ? "" : "s");
    }
}

static void drop_unwanted(FindingVec *findings, const bool *wanted)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        if (wanted[findings->items[i].location.source])
            findings->items[n++] = findings->items[i];
    }
    findings->n = n;
}

/* ---- many of a kind ---- */

/* A file that is no SQL would raise these once for each piece of it. */
static const struct {
    const char *rule, *rest; /* how the finding that stands for the rest goes on */
} repetitive[] = {
    {"unknown-statement", "statements begin like none of SQL: is this file SQL?"},
    {"unbalanced-parenthesis", "statements have parentheses that do not match"},
};
enum { N_REPETITIVE = sizeof repetitive / sizeof *repetitive, MAX_OF_A_KIND = 5 };

static uint32_t repetitive_index(Str rule)
{
    uint32_t i = 0;
    while (i < N_REPETITIVE && !str_equal(rule, str_from(repetitive[i].rule)))
        i++;
    return i;
}

/* Keeps the first few of each file, and of the others the first one, which then speaks for all.
 * `findings` are sorted. Two more are not fewer than one that says so. */
static void gather_repetitive(Snapshot *snapshot)
{
    FindingVec *findings = &snapshot->findings;
    uint32_t n = 0;
    for (uint32_t start = 0, end; start < findings->n; start = end) {
        uint32_t totals[N_REPETITIVE + 1] = {0}, seen[N_REPETITIVE + 1] = {0};
        uint32_t source = findings->items[start].location.source;
        for (end = start; end < findings->n && findings->items[end].location.source == source;
             end++)
            totals[repetitive_index(findings->items[end].rule)]++;
        for (uint32_t i = start; i < end; i++) {
            Finding finding = findings->items[i];
            uint32_t kind = repetitive_index(finding.rule);
            bool is_many = kind < N_REPETITIVE && totals[kind] > MAX_OF_A_KIND + 1;
            if (is_many && ++seen[kind] > MAX_OF_A_KIND + 1)
                continue;
            if (is_many && seen[kind] > MAX_OF_A_KIND)
                finding.message = str_format(&snapshot->arena, "%u more %s",
                                             totals[kind] - MAX_OF_A_KIND, repetitive[kind].rest);
            findings->items[n++] = finding;
        }
    }
    findings->n = n;
}

void settle_findings(Snapshot *snapshot, const AnalysisInput *input)
{
    locate_all(snapshot);
    add_problems(snapshot, input->rules.levels);
    apply_suppressions(snapshot, input->rules.levels);
    if (input->wanted)
        drop_unwanted(&snapshot->findings, input->wanted);
    sort_and_dedupe(&snapshot->findings);
    mark_repeated(snapshot);
    gather_repetitive(snapshot);
    fix_conflicts_drop(&snapshot->findings);
}
