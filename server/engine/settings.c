#include "base/nearest.h"
#include "engine/input.h"
#include "rules/context.h"

static bool is_group(Str name)
{
    for (int group = GROUP_MIGRATION; group <= GROUP_LINTEL; group++) {
        if (str_equal(name, rule_group_name((RuleGroup)group)))
            return true;
    }
    return false;
}

/* Groups first, so that an id's own level wins wherever it stands in the file. */
const Severity *rule_levels(Arena *out, const Config *config)
{
    Severity *levels = ARENA_ARRAY(out, Severity, n_rules);
    for (unsigned i = 0; i < n_rules; i++)
        levels[i] = all_rules[i]->by_default ? all_rules[i]->severity : SEVERITY_OFF;
    for (int by_id = 0; config && by_id <= 1; by_id++) {
        for (uint32_t j = 0; j < config->rules.n; j++) {
            const RuleLevel *wanted = &config->rules.items[j];
            for (unsigned i = 0; i < n_rules; i++) {
                bool fits = by_id ? rule_answers_to(all_rules[i], wanted->name)
                                  : str_equal(rule_group_name(all_rules[i]->group), wanted->name);
                if (fits)
                    levels[i] = wanted->level;
            }
        }
    }
    return levels;
}

Str rule_nearest(Str name)
{
    Str best = {0};
    uint32_t best_distance = UINT32_MAX;
    for (unsigned i = 0; i < n_rules; i++) {
        Str id = str_from(all_rules[i]->id);
        uint32_t distance = edit_distance(name, id);
        if (distance < best_distance) {
            best_distance = distance;
            best = id;
        }
    }
    return is_near(name, best, best_distance) ? best : (Str){0};
}

static void add_finding(Arena *out, FindingVec *findings, const Severity *levels, Str id,
                        Str message, Range range)
{
    for (unsigned i = 0; i < n_rules; i++) {
        if (!str_equal(str_from(all_rules[i]->id), id) || levels[i] == SEVERITY_OFF)
            continue;
        Finding finding = {.rule = id,
                           .group = rule_group_name(all_rules[i]->group),
                           .severity = levels[i],
                           .message = message,
                           .location = {.source = 0, .range = range}};
        VEC_PUSH(out, findings, finding);
    }
}

FindingVec config_findings(Arena *out, const Config *config)
{
    FindingVec findings = {0};
    const Severity *levels = rule_levels(out, config);
    for (uint32_t i = 0; i < config->problems.n; i++) {
        const ConfigProblem *problem = &config->problems.items[i];
        add_finding(out, &findings, levels, problem->rule, problem->message, problem->range);
    }
    for (uint32_t i = 0; i < config->rules.n; i++) {
        const RuleLevel *level = &config->rules.items[i];
        if (is_group(level->name) || rule_find(level->name))
            continue;
        Str nearest = rule_nearest(level->name);
        Str message =
            str_is_absent(nearest)
                ? str_format(out, "there is no rule or group " STR_FMT, STR_ARG(level->name))
                : str_format(out, "there is no rule " STR_FMT "; did you mean " STR_FMT,
                             STR_ARG(level->name), STR_ARG(nearest));
        add_finding(out, &findings, levels, STR("unknown-rule"), message, level->range);
    }
    return findings;
}
