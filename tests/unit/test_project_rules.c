#include "consult/project_rules.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/temp_folder.h"
#include "unit/unit.h"

static void ignored_rules(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *subjects; /* joined by blanks */
        uint32_t n_misunderstood;
    } cases[] = {
        {"ignore missing-fk-index", "missing-fk-index", 0},
        {"- Ignore: `missing-fk-index`, prefer-identity", "missing-fk-index prefer-identity", 0},
        {"1. **Ignore** the rule missing-fk-index: tables are small", "missing-fk-index", 0},
        {"ignore mising-fk-index", "", 1},
        {"Ignore the tests folder", "", 0},
        {"We ignore missing-fk-index", "", 0},
        {"", "", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        ProjectRules rules = {0};
        project_rules_parse(&arena, &rules, STR("rules.md"), str_from(cases[i].line));
        StrVec subjects = {0};
        for (uint32_t k = 0; k < rules.directives.n; k++) {
            assert_int_equal(rules.directives.items[k].kind, DIRECTIVE_IGNORE_RULE);
            VEC_PUSH(&arena, &subjects, rules.directives.items[k].subject);
        }
        assert_str(str_join(&arena, subjects.items, subjects.n, STR(" ")), cases[i].subjects);
        assert_int_equal(rules.misunderstood.n, cases[i].n_misunderstood);
        arena_release(&arena);
    }
}

static void forbidden_advice(void **state)
{
    (void)state;
    static const struct {
        const char *line, *title, *topics, *table;
        bool is_forbidden;
    } cases[] = {
        {"Do not recommend partitioning.", "Partition events by month", "", "events", true},
        {"Do not recommend partitioning.", "Index orders", "", "orders", false},
        {"never recommend UUID keys", "Give t a key", "", "t", false},
        {"never recommend UUID keys", "Make the key of t a uuid", "", "t", true},
        {"- don't suggest changes to the audit_log table", "Index its foreign key", "", "audit_log",
         true},
        {"- don't suggest changes to the audit_log table", "Index orders", "", "orders", false},
        {"do not recommend sharding, replicas or caching: we are small", "A read replica", "", "t",
         true},
        {"do not recommend sharding, replicas or caching: we are small", "Cache the list", "", "t",
         true},
        {"do not recommend sharding, replicas or caching: we are small", "We are small", "", "t",
         false},
        {"do not recommend prefer-identity", "x", "prefer-identity", "t", true},
        {"```\ndo not recommend replicas\n```", "A read replica", "", "t", false},
        {"do not recommend", "anything", "", "t", false},
        {"do not recommend any of the", "anything", "", "t", false},
        {"text\n\n* Do not recommend `text` columns", "Use text for name", "", "t", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        ProjectRules rules = {0};
        project_rules_parse(&arena, &rules, STR("rules.md"), str_from(cases[i].line));
        StrVec tables = {0};
        VEC_PUSH(&arena, &tables, str_from(cases[i].table));
        const Directive *by = NULL;
        bool is_forbidden = project_rules_forbid(&rules, (Str){0}, str_from(cases[i].title),
                                                 str_from(cases[i].topics), &tables, &by);
        if (is_forbidden != cases[i].is_forbidden)
            print_error("case %zu: %s\n", i, cases[i].line);
        assert_int_equal(is_forbidden, cases[i].is_forbidden);
        assert_int_equal(by != NULL, is_forbidden);
        arena_release(&arena);
    }
}

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {
        {"a.sql", "a.sql", true},
        {"*.sql", "a.sql", true},
        {"*.sql", "b/a.sql", false},
        {"**/*.sql", "b/c/a.sql", true},
        {"**/*.sql", "a.sql", true},
        {"db/**", "db/x/y.sql", true},
        {"db/**", "dbx/y.sql", false},
        {"a?.sql", "ab.sql", true},
        {"a?.sql", "a/.sql", false},
        {"*.{sql,prisma}", "a.prisma", true},
        {"*.{sql,prisma}", "a.py", false},
        {"{a,b}/{c,d}", "b/c", true},
        {"", "", true},
        {"*", "", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(glob_matches(str_from(cases[i].pattern), str_from(cases[i].path)),
                         cases[i].matches);
    /* gives up instead of taking for ever */
    Arena arena = {0};
    Str stars = STR("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b");
    char *path = arena_alloc(&arena, 5000);
    memset(path, 'a', 5000);
    assert_false(glob_matches(stars, str_of(path, 5000)));
    arena_release(&arena);
}

static void reading(void **state)
{
    (void)state;
    TempFolder folder = temp_folder();
    const char *root = folder.path;
    char path[512];
    temp_write(&folder, ".git/HEAD", "ref: x\n");
    temp_write(&folder, ".claude/rules.md", "# Rules\nignore prefer-identity\n");
    temp_write(&folder, "app/.claude/rules.md", "no newline at the end");
    temp_write(&folder, "app/.claude/rules/b/sql.md",
               "---\npaths: [\"db/**/*.sql\"]\n---\nDo not recommend enums\n");
    temp_write(&folder, "app/.claude/rules/a.md", "Always be kind\n");
    snprintf(path, sizeof path, "%s/app", root);

    Arena arena = {0};
    ProjectRules rules = project_rules_read(&arena, str_from(path), STR(""), STR("db/x/1.sql"));
    assert_int_equal(rules.files.n, 4);
    assert_str(rules.files.items[0].path, ".claude/rules.md");
    assert_int_equal(rules.files.items[0].n_lines, 1);
    assert_true(rules.files.items[1].is_paramount);
    assert_str(rules.files.items[1].path, "../.claude/rules.md");
    assert_int_equal(rules.files.items[1].n_lines, 2);
    assert_str(rules.files.items[1].sha256,
               "aba4b8d583890b9b11c86dad3d3b4a16797beaa89df8eb7c27a2848f5ede03e1");
    assert_str(rules.files.items[2].path, ".claude/rules/a.md");
    assert_str(rules.files.items[3].path, ".claude/rules/b/sql.md");
    assert_int_equal(rules.directives.n, 2);
    assert_str(rules.directives.items[1].subject, "enums");
    assert_int_equal(rules.directives.items[1].line, 4);

    rules = project_rules_read(&arena, str_from(path), STR(""), STR("src/1.sql"));
    assert_int_equal(rules.files.n, 3);

    /* from the repository's folder, about a database or a file of a folder below */
    rules = project_rules_read(&arena, str_from(root), STR("app/db"), (Str){0});
    assert_int_equal(rules.files.n, 4);
    assert_str(rules.files.items[0].path, "app/.claude/rules.md");
    assert_str(rules.files.items[1].path, ".claude/rules.md");
    assert_str(rules.files.items[3].path, "app/.claude/rules/b/sql.md");
    rules = project_rules_read(&arena, str_from(root), STR("app/db/x"), STR("app/db/x/1.sql"));
    assert_int_equal(rules.files.n, 4);
    rules = project_rules_read(&arena, str_from(root), STR("app/src"), STR("app/src/1.sql"));
    assert_int_equal(rules.files.n, 3);
    rules = project_rules_read(&arena, str_from(root), STR("../elsewhere"), (Str){0});
    assert_int_equal(rules.files.n, 1);

    rules = project_rules_read(&arena, STR("/nowhere/at/all"), STR("b"), (Str){0});
    assert_int_equal(rules.files.n, 0);
    arena_release(&arena);

    temp_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ignored_rules),
        cmocka_unit_test(forbidden_advice),
        cmocka_unit_test(globs),
        cmocka_unit_test(reading),
    };
    return cmocka_run_group_tests_name("project_rules", tests, NULL, NULL);
}
