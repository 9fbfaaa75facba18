#include "rules/context.h"

#include "base/panic.h"

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
    if (str_is_empty(name))
        return false;
    if (str_equal(name, str_from(rule->id)))
        return true;
    Str rest = str_from(rule->squawk);
    while (!str_is_empty(rest)) {
        uint32_t space = str_find(rest, STR(" "), 0);
        uint32_t end = space < rest.length ? space : rest.length;
        if (str_equal(name, str_slice(rest, 0, end)))
            return true;
        rest = str_slice(rest, end + 1, rest.length);
    }
    return false;
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
