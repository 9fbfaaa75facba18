#include "consult/agent.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/temp_folder.h"
#include "unit/unit.h"

static void parsing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *problem;
        bool is_usable;
    } cases[] = {
        {"---\nname: a\ndescription: d\n---\n", "a", "", true},
        {"---\nname: a\ndescription: d: e\n---\n", "a",
         "mapping values are not allowed in this context", true},
        {"---\ndescription: d\n---\n", "", "its front matter has no name", false},
        {"---\nname: a\n---\n", "a", "its front matter has no description", false},
        {"---\nname: -a\ndescription: d\n---\n", "-a",
         "its name holds a colon or a space, or starts with a hyphen", false},
        {"---\nname: a:b\ndescription: d\n---\n", "a:b",
         "its name holds a colon or a space, or starts with a hyphen", false},
        {"# Notes\n", "", "it does not start with a front matter between two lines of ---", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Agent agent = agent_parse(&arena, str_from(cases[i].text));
        assert_str(agent.name, cases[i].name);
        assert_str(agent.problem, cases[i].problem);
        assert_int_equal(agent.is_usable, cases[i].is_usable);
        arena_release(&arena);
    }
}

static void fields(void **state)
{
    (void)state;
    Arena arena = {0};
    Agent agent = agent_parse(
        &arena,
        STR("---\nname: a\ndescription: d\ntools: Read, mcp__x__y\ndisallowedTools:\n- Bash\n"
            "model: inherit\nmaxTurns: 12\ncolor: Green\nhooks: {}\n---\nDo.\n"));
    assert_int_equal(agent.tools.n, 2);
    assert_str(agent.tools.items[1], "mcp__x__y");
    assert_str(agent.disallowed_tools.items[0], "Bash");
    assert_str(agent.model, "inherit");
    assert_str(agent.color, "Green");
    assert_int_equal(agent.max_turns, 12);
    assert_int_equal(agent.ignored.n, 1);
    assert_str(agent.ignored.items[0], "hooks");
    assert_str(agent.body, "Do.\n");
    arena_release(&arena);
}

/* The shipped agent is strict YAML and asks for the report that Lintel writes. */
static void the_embedded_agent(void **state)
{
    (void)state;
    Arena arena = {0};
    Agent agent = agent_parse(&arena, str_of(embedded_agent, embedded_agent_length));
    assert_true(agent.is_usable);
    assert_str(agent.problem, "");
    assert_str(agent.name, DEFAULT_AGENT);
    assert_str(agent.color, "Green");
    assert_int_equal(agent.tools.n, 8);
    static const char *const headings[] = {"Current State Assessment",
                                           "Data Modeling Strategy",
                                           "Performance Optimization Guidelines",
                                           "Scaling and Architecture Framework",
                                           "Migration and Evolution Strategy",
                                           "Implementation Roadmap",
                                           "Backup and Recovery Planning",
                                           "Technology-Specific Recommendations"};
    uint32_t at = 0;
    for (size_t i = 0; i < COUNT(headings); i++) {
        at = str_find(agent.body, str_format(&arena, "**%s**", headings[i]), at);
        assert_int_not_equal(at, UINT32_MAX);
    }
    assert_true(str_contains(agent.body, STR(".claude/rules.md")));
    arena_release(&arena);
}

/* The closest folder wins, then the home, then the binary. */
static void search_order(void **state)
{
    (void)state;
    TempFolder folder = temp_folder();
    const char *root = folder.path;
    char path[512];
    temp_write(&folder, "repository/.git/HEAD", "ref: x\n");
    temp_write(&folder, "repository/.claude/agents/data/a.md",
               "---\nname: database-architect\ndescription: repository\n---\n");
    temp_write(&folder, "repository/app/.claude/agents/z.md",
               "---\nname: database-architect\ndescription: app\n---\n");
    temp_write(&folder, "repository/app/.claude/agents/broken.md", "no front matter\n");
    temp_write(&folder, "home/.claude/agents/a.md", "---\nname: other\ndescription: home\n---\n");
    temp_write(&folder, ".claude/agents/a.md",
               "---\nname: database-architect\ndescription: above the repository\n---\n");
    snprintf(path, sizeof path, "%s/repository/app", root);
    char home[512];
    snprintf(home, sizeof home, "%s/home", root);

    Arena arena = {0};
    Error err = {0};
    AgentCandidateVec found = {0};
    AgentSearch search = {.folder = str_from(path), .home = str_from(home)};
    assert_true(agent_search(&arena, &search, &found, &err));
    assert_int_equal(found.n, 5);
    assert_str(agent_used(&found)->agent.description, "app");
    assert_str(found.items[0].why,
               "it does not start with a front matter between two lines of ---");
    assert_str(found.items[2].agent.description, "repository");
    assert_false(found.items[2].is_used);
    assert_int_equal(found.items[4].origin, AGENT_FROM_BINARY);

    search.name = STR("other");
    assert_true(agent_search(&arena, &search, &found, &err));
    assert_str(agent_used(&found)->agent.description, "home");

    search.name = STR("nobody");
    assert_false(agent_search(&arena, &search, &found, &err));
    assert_string_equal(err.text, "no agent is called nobody");

    search = (AgentSearch){.file = str_format(&arena, "%s/.claude/agents/a.md", root)};
    assert_true(agent_search(&arena, &search, &found, &err));
    assert_str(agent_used(&found)->agent.description, "above the repository");
    search.file = str_from(root);
    assert_false(agent_search(&arena, &search, &found, &err));

    search = (AgentSearch){0};
    assert_true(agent_search(&arena, &search, &found, &err));
    assert_int_equal(agent_used(&found)->origin, AGENT_FROM_BINARY);
    arena_release(&arena);

    temp_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing),
        cmocka_unit_test(fields),
        cmocka_unit_test(the_embedded_agent),
        cmocka_unit_test(search_order),
    };
    return cmocka_run_group_tests_name("agent", tests, NULL, NULL);
}
