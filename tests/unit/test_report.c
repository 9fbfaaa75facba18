#include "report/report.h"

#include <cjson/cJSON.h>

#include "report/json.h"
#include "report/markdown.h"
#include "unit/unit.h"

static void code_spans(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"orders", "`orders`"},
        {"a`b", "`` a`b ``"},
        {"``", "``` `` ```"},
        {"a\nb\x01", "`a b `"},
        {"<img src=x>", "`<img src=x>`"},
        {"", "``"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        assert_str(report_code(&arena, str_from(cases[i].text)), cases[i].code);
        arena_release(&arena);
    }
}

static void prose(void **state)
{
    (void)state;
    static const struct {
        const char *text, *prose;
    } cases[] = {
        {"orders.total is float8", "orders.total is float8"},
        {"![x](http://y)", "!\\[x\\](http://y)"},
        {"<b> count(*)", "\\<b> count(\\*)"},
        {"see `a*b` and *c*", "see `a*b` and \\*c\\*"},
        {"odd ` tick", "odd ' tick"},
        {"two\nlines", "two lines"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        assert_str(report_prose(&arena, str_from(cases[i].text)), cases[i].prose);
        arena_release(&arena);
    }
}

static void citing(void **state)
{
    (void)state;
    Arena arena = {0};
    static const struct {
        const char *path;
        uint32_t line;
    } places[] = {{"a.sql", 3}, {"a.sql", 7}, {"a.sql", 3}, {"b.sql", 1}, {"b.sql", 2}};
    ReferenceVec references = {0};
    for (size_t i = 0; i < COUNT(places); i++)
        VEC_PUSH(&arena, &references,
                 ((Reference){.path = str_from(places[i].path),
                              .line = places[i].line,
                              .is_found = i != 4}));
    assert_str(report_cite(&arena, &references, STR(""), 3), "a.sql:3, 7, b.sql:1 and 1 more");
    assert_str(report_cite(&arena, &references, STR(""), 9),
               "a.sql:3, 7, b.sql:1, 2 \xe2\x9a\xa0 not found");
    assert_str(report_cite(&arena, &(ReferenceVec){0}, STR(""), 9), "");
    references.items[0].path = STR("db/a.sql");
    references.n = 1;
    assert_str(report_cite(&arena, &references, STR("db/"), 9), "a.sql:3");
    assert_str(report_cite(&arena, &references, STR("d/"), 9), "db/a.sql:3");
    arena_release(&arena);
}

/* A report with hostile names: one item, one step. */
static Report *small_report(Arena *arena)
{
    Report *report = report_new(arena);
    report->scope = STR("`x`");
    report->consultant = STR("database-architect, offline");
    Item item = {.title = STR("Index `a|b`"), .body = STR("Because."), .priority = PRIORITY_HIGH};
    VEC_PUSH(arena, &item.evidence,
             ((Reference){.path = STR("a.sql"), .line = 4, .name = STR("x"), .is_found = true}));
    VEC_PUSH(arena, &item.tables, STR("public.a"));
    VEC_PUSH(arena, &item.steps, 1);
    VEC_PUSH(arena, &report->sections[SECTION_PERFORMANCE].items, item);
    Grid grid = {0};
    VEC_PUSH(arena, &grid.header, STR("table"));
    StrVec row = {0};
    VEC_PUSH(arena, &row, STR("`a|b`\nc"));
    VEC_PUSH(arena, &grid.rows, row);
    VEC_PUSH(arena, &report->sections[SECTION_PERFORMANCE].grids, grid);
    Step step = {
        .number = 1, .title = STR("Index it"), .priority = PRIORITY_HIGH, .undo = STR("drop it")};
    Statement statement = {.sql = STR("CREATE INDEX i ON \"\xff```\" (b);"),
                           .lock = LOCK_SHARE,
                           .cost = STR("SHARE, blocks writes"),
                           .applies = false,
                           .problem = STR("there is no table <a>")};
    VEC_PUSH(
        arena, &statement.answers,
        ((Answer){
            .rule = STR("missing-fk-index"), .path = STR("a.sql"), .line = 4, .is_checked = true}));
    VEC_PUSH(arena, &step.statements, statement);
    VEC_PUSH(arena, &report->roadmap, step);
    VEC_PUSH(arena, &report->suggestions, STR("Say how many rows."));
    report_count(report);
    return report;
}

static void checks(void **state)
{
    (void)state;
    Arena arena = {0};
    const Checks *checks = &small_report(&arena)->checks;
    assert_int_equal(checks->n_references, 1);
    assert_int_equal(checks->n_references_found, 1);
    assert_int_equal(checks->n_statements, 1);
    assert_int_equal(checks->n_statements_applying, 0);
    assert_int_equal(checks->n_answers, 1);
    assert_int_equal(checks->n_answers_gone, 0);
    assert_int_equal(checks->strongest_lock, LOCK_SHARE);
    arena_release(&arena);
}

static void markdown(void **state)
{
    (void)state;
    Arena arena = {0};
    Buf buf = buf_with_max(1 << 20);
    report_markdown(&buf, small_report(&arena));
    Str text = buf_str(&buf);
    uint32_t at = 0;
    for (int i = 0; i < N_SECTIONS; i++) {
        at = str_find(
            text, str_format(&arena, "\n## " STR_FMT "\n", STR_ARG(section_title((SectionKind)i))),
            at);
        assert_int_not_equal(at, UINT32_MAX);
    }
    static const char *const parts[] = {
        "1. **Index `a|b`** (high, a.sql:4; step 1). Because.\n",
        "| `a\\|b` c |\n",
        "````sql\nCREATE INDEX",
        "\xe2\x9a\xa0 statement 1 does not apply: there is no table \\<a>\n",
        "- Answers `missing-fk-index` at a.sql:4.\n",
        "- Undo: drop it.\n",
        "0 of 1 statement applies",
        "No other agent shall implement them without explicit human consent.",
    };
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!str_contains(text, str_from(parts[i]))) {
            print_error("missing: %s in\n" STR_FMT "\n", parts[i], STR_ARG(text));
            fail();
        }
    buf_free(&buf);
    arena_release(&arena);
}

static void json(void **state)
{
    (void)state;
    Arena arena = {0};
    Buf buf = buf_with_max(1 << 20);
    report_json(&buf, small_report(&arena), STR("1.0"));
    cJSON *root = cJSON_ParseWithLength(buf.data, buf.length);
    assert_non_null(root);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "sections")), N_SECTIONS);
    const cJSON *step = cJSON_GetArrayItem(cJSON_GetObjectItem(root, "roadmap"), 0);
    assert_string_equal(
        cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetObjectItem(step, "finding"), "rule")),
        "missing-fk-index");
    const cJSON *statement = cJSON_GetArrayItem(cJSON_GetObjectItem(step, "statements"), 0);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(statement, "sql")),
                        "CREATE INDEX i ON \"\xef\xbf\xbd```\" (b);");
    assert_true(
        cJSON_IsFalse(cJSON_GetObjectItem(cJSON_GetObjectItem(statement, "check"), "applies")));
    /* The suggestions for people stand outside of what an agent carries out. */
    assert_null(cJSON_GetObjectItem(step, "suggestions"));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(root, "suggestions")), 1);
    cJSON_Delete(root);
    buf_free(&buf);
    arena_release(&arena);
}

static void about(void **state)
{
    (void)state;
    Arena arena = {0};
    const Report *report = small_report(&arena);
    assert_str(report_about(&arena, report, STR("public.a")), "- Index `a|b`: step 1\n");
    assert_true(str_is_absent(report_about(&arena, report, STR("public.b"))));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_spans), cmocka_unit_test(prose),    cmocka_unit_test(citing),
        cmocka_unit_test(checks),     cmocka_unit_test(markdown), cmocka_unit_test(json),
        cmocka_unit_test(about),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
