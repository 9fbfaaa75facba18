#include "report/excerpt.h"

#include "unit/unit.h"

static void expect_roadmap(const char *markdown, const char *expected)
{
    Arena arena = {0};
    Str roadmap = report_roadmap(&arena, str_from(markdown));
    if (!expected)
        assert_true(str_is_absent(roadmap));
    else
        assert_string_equal(str_to_c(&arena, roadmap), expected);
    arena_release(&arena);
}

static void roadmaps(void **state)
{
    (void)state;
    expect_roadmap("", NULL);
    expect_roadmap("# Report\n\nAn Implementation Roadmap is missing.\n", NULL);
    expect_roadmap(
        "# Report\n\n**Scope** x\n\n## Implementation Roadmap\n\n- a\n\n### Step 1\n\nb\n\n"
        "## Backup\n\nc\n",
        "**Scope** x\n\n## Implementation Roadmap\n\n- a\n\n### Step 1\n\nb\n");
    /* As a model may write it: numbered, in another case, at another level. */
    expect_roadmap("### 6. Implementation roadmap\n1. a\n#### Why\nb\n### 7. Backup\n",
                   "### 6. Implementation roadmap\n1. a\n#### Why\nb\n");
    /* What looks like a heading in a listing is none, and neither is a rule there. */
    expect_roadmap("## Implementation Roadmap\n```sh\n# all\n---\n## x\n```\nafter\n\n---\n\n"
                   "**Suggestions solely for human evaluation.**\n",
                   "## Implementation Roadmap\n```sh\n# all\n---\n## x\n```\nafter\n");
    expect_roadmap("```\n## Implementation Roadmap\n```\n", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roadmaps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
