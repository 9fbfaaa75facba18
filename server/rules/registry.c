#include "rules/context.h"

#include "base/panic.h"
#include "rules/words.h"

#define RULE(name) extern const Rule rule_##name;
#include "rules/rules.def"
#undef RULE

const Rule *const all_rules[] = {
#define RULE(name) &rule_##name,
#include "rules/rules.def"
#undef RULE
};

const unsigned n_rules = sizeof all_rules / sizeof all_rules[0];

bool rule_answers_to(const Rule *rule, Str name)
{
    return !str_is_empty(name) &&
           (str_equal(name, str_from(rule->id)) || word_is_in(name, rule->squawk));
}

const Rule *rule_find(Str id)
{
    for (unsigned i = 0; i < n_rules; i++) {
        if (str_equal(id, str_from(all_rules[i]->id)))
            return all_rules[i];
    }
    for (unsigned i = 0; i < n_rules; i++) {
        if (rule_answers_to(all_rules[i], id))
            return all_rules[i];
    }
    return NULL;
}

Str rule_group_name(RuleGroup group)
{
    switch (group) {
    case GROUP_MIGRATION:
        return STR("migration");
    case GROUP_DESIGN:
        return STR("design");
    case GROUP_INDEX:
        return STR("index");
    case GROUP_QUERY:
        return STR("query");
    case GROUP_SECURITY:
        return STR("security");
    case GROUP_NAMING:
        return STR("naming");
    case GROUP_ORM:
        return STR("orm");
    case GROUP_DRIFT:
        return STR("drift");
    case GROUP_LINTEL:
        return STR("lintel");
    }
    UNREACHABLE();
}
