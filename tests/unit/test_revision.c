#include "project/revision_order.h"
#include "project/settings_text.h"
#include "unit/unit.h"

static Str joined(Arena *arena, const RevisionNameVec *names)
{
    return str_join(arena, names->items, names->n, STR(","));
}

/* "revision <- down | depends | labels" */
static Str scanned(Arena *arena, Str text)
{
    Revision r = revision_scan(arena, text);
    return str_format(arena, STR_FMT " <- " STR_FMT " | " STR_FMT " | " STR_FMT,
                      STR_ARG(r.revision), STR_ARG(joined(arena, &r.down_revisions)),
                      STR_ARG(joined(arena, &r.depends_on)),
                      STR_ARG(joined(arena, &r.branch_labels)));
}

static const struct {
    const char *text, *expected;
} files[] = {
    {"revision = 'a'\ndown_revision = None\n", "a <-  |  | "},
    {"\"\"\"x\n\nrevision = 'no'\n\"\"\"\nrevision = \"a\"\ndown_revision = \"b\" # was 'c'\n",
     "a <- b |  | "},
    {"revision: str = 'a'\ndown_revision: Union[str, Sequence[str], None] = ('b', \"c\",)\n"
     "branch_labels: Union[str, Sequence[str], None] = None\ndepends_on = ['d']\n",
     "a <- b,c | d | "},
    {"revision = (  # generated\n    'a'\n)\ndown_revision = (\n  'b',\n  # 'x',\n  'c'\n)\n",
     "a <- b,c |  | "},
    {"revision = u'a'\ndown_revision = \\\n    r'b'\nbranch_labels = (cli.EXPAND, 'l')\n",
     "a <- b |  | l"},
    {"def upgrade():\n    revision = 'no'\n", " <-  |  | "},
    {"  revision = 'no'\n", " <-  |  | "},
    {"revision == 'no'\nx.revision = 'no'\nrevisions = 'no'\n", " <-  |  | "},
    {"f(\nrevision = 'no'\n)\nx = '''\nrevision = 'no'\n'''\n", " <-  |  | "},
    {"revision = 'a'\ndown_revision = 'b'\ndown_revision = None\n", "a <-  |  | "},
    {"revision = BASE\ndown_revision = base.revision\n", " <-  |  | "},
    {"\xEF\xBB\xBFrevision = 'a'\r\ndown_revision = 'b'\r\n", "a <- b |  | "},
    {"revision = 'a", "a <-  |  | "},
    {"revision = ('a'", "a <-  |  | "},
    {"revision = ", " <-  |  | "},
    {"revision", " <-  |  | "},
    {"", " <-  |  | "},
};

static void a_text_says_where_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        Arena arena = {0};
        assert_str(scanned(&arena, str_from(files[i].text)), files[i].expected);
        for (uint32_t n = 0; n < strlen(files[i].text); n++)
            (void)scanned(&arena, str_of(files[i].text, n));
        arena_release(&arena);
    }
}

static void the_place_is_what_is_told_apart(void **state)
{
    (void)state;
    Arena arena = {0};
    Revision a = revision_scan(&arena, STR("revision = 'a'\ndown_revision = 'b'\n"));
    Revision same = revision_scan(&arena, STR("revision = \"a\"\n\ndown_revision: str = ('b',)\n"));
    Revision other = revision_scan(&arena, STR("revision = 'a'\ndepends_on = 'b'\n"));
    Revision none = revision_scan(&arena, STR("down_revision = 'b'\n"));
    assert_true(revision_hash(&a) == revision_hash(&same));
    assert_true(revision_hash(&a) != revision_hash(&other));
    assert_true(revision_hash(&none) == 0);
    arena_release(&arena);
}

/* Revisions as "name:parents", a "?" before what is not sure. */
static const struct {
    const char *revisions[8];
    const char *expected;
} graphs[] = {
    {{"c:b", "b:a", "a:"}, "a b c"},
    {{"m:l,r", "r:a", "l:a", "a:"}, "a l r m"},
    {{"h:a", "g:a", "a:"}, "a h g"},        /* two heads: in the order given */
    {{"b:gone", "a:b"}, "b a"},             /* a missing parent */
    {{"a:b", "b:a", "c:"}, "c b a"},        /* a circle */
    {{"a:a"}, "a"},                         /* its own parent */
    {{"a:", "a:"}, "a a"},                  /* the same name twice */
    {{"a:", "?b:a", "?x:", "?y:x"}, "a b"}, /* a folder that hangs together, one that does not */
    {{"b:a", "?a:", "?b:a"}, "a b"},        /* a copy that was put away */
    {{"?b:a", "?a:"}, "a b"},               /* nothing is sure: all */
    {{""}, ""},
};

static Revision parsed(Arena *arena, Str text, bool *is_sure)
{
    *is_sure = !str_starts_with(text, STR("?"));
    text = str_slice(text, !*is_sure, text.length);
    uint32_t colon = str_find(text, STR(":"), 0);
    Revision revision = {.revision = str_slice(text, 0, colon)};
    for (uint32_t i = colon + 1; i < text.length; i += 2) {
        uint32_t end = str_find(text, STR(","), i);
        end = end == UINT32_MAX ? text.length : end;
        VEC_PUSH(arena, &revision.down_revisions, str_slice(text, i, end));
        i = end - 1;
    }
    return revision;
}

static void parents_go_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(graphs); i++) {
        Arena arena = {0};
        Revision revisions[8];
        bool is_sure[8];
        uint32_t order[8], n = 0;
        while (n < 8 && graphs[i].revisions[n] && *graphs[i].revisions[n]) {
            revisions[n] = parsed(&arena, str_from(graphs[i].revisions[n]), &is_sure[n]);
            n++;
        }
        uint32_t n_ordered = revision_order(&arena, revisions, is_sure, n, order);
        Str text = STR("");
        for (uint32_t j = 0; j < n_ordered; j++)
            text = str_format(&arena, STR_FMT "%s" STR_FMT, STR_ARG(text), j ? " " : "",
                              STR_ARG(revisions[order[j]].revision));
        assert_str(text, graphs[i].expected);
        arena_release(&arena);
    }
}

/* A history as long as it may get: no recursion, no search for each parent. */
static void a_long_history_is_cheap(void **state)
{
    (void)state;
    enum { N = 200000 };
    Arena arena = {0};
    Revision *revisions = ARENA_ARRAY(&arena, Revision, N);
    bool *is_sure = ARENA_ARRAY(&arena, bool, N);
    uint32_t *order = ARENA_ARRAY(&arena, uint32_t, N);
    for (uint32_t i = 0; i < N; i++) { /* the newest first */
        revisions[i].revision = str_format(&arena, "%u", i);
        VEC_PUSH(&arena, &revisions[i].down_revisions, str_format(&arena, "%u", i + 1));
        is_sure[i] = true;
    }
    assert_int_equal(revision_order(&arena, revisions, is_sure, N, order), N);
    assert_int_equal(order[0], N - 1);
    assert_int_equal(order[N - 1], 0);
    arena_release(&arena);
}

static const struct {
    const char *text, *section, *key, *expected;
} settings[] = {
    {"[alembic]\nscript_location = migrations\n", "[alembic]", "script_location", "migrations"},
    {"[other]\na = 1\n[alembic]\na: 2 ; c\n", "[alembic]", "a", "2"},
    {"[alembic]\na = x,\n   y\n   # z\n\n   w\nb = 1\n", "[alembic]", "a", "x,|y"},
    {"[tool.alembic]\na = [\n  \"x\", # c\n  'y']\nb = 1\n", "[tool.alembic]", "a", "x|y"},
    {"[tool.alembic]\n\"a.b\" = \"x # y\" # c\n", "[tool.alembic]", "a.b", "x # y"},
    {"[alembic]\nab = 1\n# a = 2\n", "[alembic]", "a", ""},
    {"[alembic]\na = [\"x", "[alembic]", "a", "x"},
    {"[alembic]\na =", "[alembic]", "a", ""},
};

static void a_setting_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(settings); i++) {
        Arena arena = {0};
        Str text = str_from(settings[i].text);
        for (uint32_t end = 0; end <= text.length; end++) {
            SettingLineVec lines =
                settings_values(&arena, str_slice(text, 0, end), str_from(settings[i].section),
                                str_from(settings[i].key));
            if (end == text.length)
                assert_str(str_join(&arena, lines.items, lines.n, STR("|")), settings[i].expected);
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_says_where_it_stands),
        cmocka_unit_test(the_place_is_what_is_told_apart),
        cmocka_unit_test(parents_go_first),
        cmocka_unit_test(a_long_history_is_cheap),
        cmocka_unit_test(a_setting_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
