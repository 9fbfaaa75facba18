/* A model's Markdown: what is code, what is a heading, what is left of what was active; and what
 * the words around a name say. */
#include "consult/check/document.h"

#include "consult/check/check.h"
#include "consult/check/meaning.h"
#include "unit/unit.h"

static const char *written(Arena *arena, const char *text)
{
    return str_to_c(arena, document_neutralise(arena, str_from(text)));
}

static void neutral(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"plain `code` and **bold**", "plain `code` and **bold**\n"},
        {"[manual](https://www.postgresql.org/docs/)",
         "[manual](https://www.postgresql.org/docs/)\n"},
        {"[x](command:run)", "x (`command:run`) \xe2\x9a\xa0 (not a link to a page of the web)\n"},
        {"![x](https://a.example.org/p.png?d=1)",
         "x (`a.example.org`) \xe2\x9a\xa0 (an image was left out)\n"},
        {"<img src=x>", "\\<img src=x>\n"},
        {"a < b, a<5, one<br>two", "a < b, a<5, one<br>two\n"},
        {"[r]: x", "[r]\\: x\n"},
        {"[a\nb](x)", "[a\nb]\\(x)\n"},
        {"`open and ![x](y)", "\\`open and x \xe2\x9a\xa0 (an image was left out)\n"},
        {"`a ![x](http://y) b`", "`a ![x](http://y) b`\n"},
        {"http://127.0.0.1/x",
         "`http:/ /127.0.0.1/x` \xe2\x9a\xa0 (a link to a private address)\n"},
        {"http://[::ffff:10.0.0.1]/", "`http:/ /[::ffff:10.0.0.1]/` \xe2\x9a\xa0 (a link that "
                                      "programs read in different ways)\n"},
        {"postgresql://u@h/db", "`postgresql:/ /u@h/db`\n"},
        {"[a](db/001.sql#L3)", "a (`db/001.sql#L3`)\n"},
        {"~~~\nx\n~~~", "```\nx\n```\n\n"},
        {"1. one\n\n   ```sql\n   SELECT 1;\n   ```\n   two",
         "1. one\n\n```sql\nSELECT 1;\n```\n\ntwo\n"},
        {"> ```\n> x\n> ```", "```\nx\n```\n\n"},
        {"````\n```\n````", "````\n```\n````\n\n"},
        {"```mermaid\nclick a \"x\"\n```", "```text\nclick a \"x\"\n```\n\n> \xe2\x9a\xa0 This "
                                           "diagram does more than show something, "
                                           "so it is not drawn.\n\n"},
        {"| a |\n|---|\n| `x | y` |", "| a |\n|---|\n| `x \\| y` |\n"},
        {"`x | y`", "`x | y`\n"},
        {"a\rb", "a\nb\n"},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(written(&arena, cases[i].text), cases[i].expected);
    arena_release(&arena);
}

static void links(void **state)
{
    (void)state;
    static const char *const good[] = {"https://example.com", "http://a.example.org:8080/x?y=z#t",
                                       "https://1.1.1.1/"};
    static const char *const bad[] = {"ftp://example.com",        "javascript:x",
                                      "http://localhost",         "http://host/",
                                      "http://a.internal/",       "http://0177.0.0.1/",
                                      "http://2130706433",        "http://127.1",
                                      "http://169.254.169.254",   "http://u:p@example.com",
                                      "http://ex%61mple.com",     "//example.com",
                                      "http://a.example.com\\@b", "https://example.com/\"x",
                                      "http://10.0.0.1word/",     ""};
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(str_is_absent(link_problem(&arena, str_from(good[i]))));
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(str_is_absent(link_problem(&arena, str_from(bad[i]))));
    arena_release(&arena);
}

static void headings(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        uint32_t level;
        const char *title;
    } cases[] = {
        {"## 6. Implementation Roadmap", 2, "Implementation Roadmap"},
        {"**Implementation Roadmap**", 7, "Implementation Roadmap"},
        {"**Implementation Roadmap:**", 7, "Implementation Roadmap"},
        {"1. **Implementation Roadmap**", 7, "Implementation Roadmap"},
        {"#### *Lock*", 4, "Lock"},
        {"**Lock:** none", 0, ""},
        {"#hashtag", 0, ""},
        {"**a** and **b**", 0, ""},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Document document = document_read(&arena, str_from(cases[i].line));
        assert_int_equal(document.pieces.n, 1);
        assert_int_equal(document.pieces.items[0].level, cases[i].level);
        assert_str(document.pieces.items[0].title, cases[i].title);
    }
    arena_release(&arena);
}

/* Sections of a correction replace theirs; they come in order, and nothing else changes. */
static void merging(void **state)
{
    (void)state;
    Arena arena = {0};
    Str old = STR("Head.\n\n**Data Modeling Strategy**\n- old\n\n**Current State Assessment**\n- "
                  "state\n\n```sql\nSELECT 1;\n```\n\n---\nSolely for human eyes.\n");
    Str new = STR("Sure, here it is.\n\n## Data Modeling Strategy\n- new\n");
    assert_str(
        check_merge(&arena, old, new),
        "Head.\n\n\n## Current State Assessment\n\n- state\n\n```sql\nSELECT 1;\n```\n\n\n\n---\n"
        "\n## Data Modeling Strategy\n\n- new\n\n## Suggestions\n\nSolely for human eyes.\n");
    arena_release(&arena);
}

static void meanings(void **state)
{
    (void)state;
    static const struct {
        const char *before, *behind;
        Meaning meaning;
    } cases[] = {
        {"look at the table ", " first", MEANS_TABLE},
        {"the ", " table", MEANS_TABLE},
        {"the ", " has no primary key", MEANS_TABLE},
        {"an index on ", " helps", MEANS_THING},
        {"the column ", "", MEANS_COLUMN},
        {"the ", " tablespoon", MEANS_NOTHING},
        {"a portable ", " thing", MEANS_NOTHING},
        {"as ", " says", MEANS_NOTHING},
    };
    static const struct {
        const char *clause, *behind;
        bool is_made;
    } made[] = {
        {"add a column ", "", true},
        {"split it into ", "", true},
        {"a ", " table would help", true},
        {"add an index on the column ", "", false},
        {"there is no ", " column", true},
        {"the table ", " grows", false},
        {"rename it to ", "", true},
        {"the column ", " does not exist", true},
        {"the column ", " is not indexed", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Meaning meaning = meaning_behind(str_from(cases[i].behind));
        if (meaning == MEANS_NOTHING)
            meaning = meaning_before(str_from(cases[i].before));
        assert_int_equal(meaning, cases[i].meaning);
    }
    for (size_t i = 0; i < COUNT(made); i++)
        assert_int_equal(meaning_is_made(str_from(made[i].clause), str_from(made[i].behind), false),
                         made[i].is_made);
    assert_true(meaning_is_list(STR(", and ")));
    assert_false(meaning_is_list(STR(" and then ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neutral), cmocka_unit_test(links),    cmocka_unit_test(headings),
        cmocka_unit_test(merging), cmocka_unit_test(meanings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
