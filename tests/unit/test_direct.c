/* Our own driver of the grammar's tables against tree-sitter's: the same trees, node for node, on
 * every statement of the grammar's own tests, of the fixtures and of the sample projects, and on
 * every Python file there is here. */
#include <glob.h>

#include "base/buf.h"
#include "syntax/direct.h"
#include "syntax/parser.h"
#include "syntax/sql_split.h"

#include "fixtures/fixture.h"
#include "unit/unit.h"

const struct TSLanguage *tree_sitter_sql(void);
const struct TSLanguage *tree_sitter_python(void);

enum { MANY_STEPS = 1 << 30 };

typedef struct {
    Arena arena;
    Language language;
    DirectParser *direct;
    Parser *parser;
    uint32_t n_direct, n_left, n_errors; /* statements; n_errors: of those left, with errors */
} Comparing;

static bool is_same_node(const Node *a, const Node *b)
{
    return a->kind == b->kind && a->field == b->field && a->start == b->start && a->end == b->end &&
           a->next == b->next && a->parent == b->parent && a->is_named == b->is_named &&
           a->is_error == b->is_error && a->is_missing == b->is_missing &&
           a->has_error == b->has_error;
}

static void assert_same(const Tree *direct, const Tree *other)
{
    uint32_t n = direct->n_nodes < other->n_nodes ? direct->n_nodes : other->n_nodes;
    uint32_t i = 0;
    while (i < n && is_same_node(&direct->nodes[i], &other->nodes[i]))
        i++;
    if (i == direct->n_nodes && i == other->n_nodes)
        return;
    print_error("node %u of %u and %u differs in: " STR_FMT "\n", i, direct->n_nodes,
                other->n_nodes, STR_ARG(direct->text));
    fail();
}

static void compare(Comparing *c, Str statement)
{
    Tree direct = {0};
    bool is_direct = direct_parse(c->direct, statement, MANY_STEPS, &c->arena, &direct);
    Tree other = parser_parse_any(c->parser, c->language, statement, &c->arena);
    if (is_direct) {
        assert_same(&direct, &other);
        c->n_direct++;
    } else {
        c->n_left++;
        c->n_errors += other.nodes[0].has_error;
    }
}

static Comparing comparison_new(Language language)
{
    return (Comparing){
        .language = language,
        .direct = direct_new(language == LANGUAGE_SQL ? tree_sitter_sql() : tree_sitter_python()),
        .parser = parser_new()};
}

static void comparison_free(Comparing *c)
{
    direct_free(c->direct);
    parser_free(c->parser);
    arena_release(&c->arena);
}

static void compare_files(Comparing *c, const char *pattern)
{
    glob_t found = {0};
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        Arena arena = {0};
        Str text;
        assert_true(read_file(&arena, found.gl_pathv[i], &text));
        compare(c, text); /* as a whole, too: with comments and terminators */
        PieceVec pieces = {0};
        if (c->language == LANGUAGE_SQL)
            pieces = sql_split(&arena, text, DIALECT_POSTGRESQL);
        for (uint32_t k = 0; k < pieces.n; k++)
            compare(c, str_slice(text, pieces.items[k].range.start, pieces.items[k].range.end));
        arena_release(&arena);
        arena_reset(&c->arena);
    }
    globfree(&found);
}

static void files(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "grammars/sql/test/corpus/*.txt", "tests/fixtures/*/*.sql", "tests/fixtures/*/*/*.sql",
        "tests/projects/*/*/*/*.sql", "tests/oracles/cases/*/*.sql"};
    Comparing c = comparison_new(LANGUAGE_SQL);
    for (size_t i = 0; i < COUNT(patterns); i++)
        compare_files(&c, patterns[i]);
    print_message(
        "%u trees are the same; %u texts were left to tree-sitter, %u of them with errors\n",
        c.n_direct, c.n_left, c.n_errors);
    assert_true(c.n_direct > 1000);
    comparison_free(&c);
}

static void python_files(void **state)
{
    (void)state;
    static const char *const patterns[] = {"tests/oracles/*.py",
                                           "tests/oracles/sqlalchemy/*/*.py",
                                           "tests/oracles/sqlalchemy/*/*/*.py",
                                           "tests/fixtures/*/*.py",
                                           "tests/bench/*.py",
                                           "tests/projects/*/*/*.py",
                                           "tests/projects/*/*/*/*.py"};
    Comparing c = comparison_new(LANGUAGE_PYTHON);
    for (size_t i = 0; i < COUNT(patterns); i++)
        compare_files(&c, patterns[i]);
    print_message(
        "%u trees are the same; %u files were left to tree-sitter, %u of them with errors\n",
        c.n_direct, c.n_left, c.n_errors);
    assert_true(c.n_direct > 100);
    assert_true(c.n_left * 10 < c.n_direct);
    comparison_free(&c);
}

/* Texts that our own driver reads, each of them. */
static void compare_direct(Language language, const char *const *texts, size_t n)
{
    Comparing c = comparison_new(language);
    for (size_t i = 0; i < n; i++)
        compare(&c, str_from(texts[i]));
    assert_int_equal(c.n_direct, n);
    comparison_free(&c);
}

/* Where Python's grammar leaves a choice, and both ends of it. */
static void choices(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a, b = c",
        "a, b",
        "[a, b]",
        "[a, b] = c",
        "x = [a.b, c]",
        "x = [a.b, c] = d",
        "(a, (b, [c, d])), e = f",
        "a, b[0], c.d = e, f = g",
        "for a, (b, c) in d, e:\n    a, b = c\n",
        "f(*a, b)",
        "*a, b = c",
        "[*a, b]",
        "x = (*a, b)",
        "x = {**a, 'b': [c, d]}",
        "if a:\n    b, c = d\n    [e, f]\nelse:\n    (g, h) = i\n",
        "class A(B):\n    c: D[e, f] = g(h, *i)\n\n    # j\n    k, l = range(2)\n",
        "def f(a, *b):\n    return a, b\n",
        "a = f'{b, c}'",
        "\ta, b = c",
    };
    compare_direct(LANGUAGE_PYTHON, texts, COUNT(texts));
}

/* A choice at every step, or at a depth that is not followed. */
static void many_choices(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[a,", "(a,",  "a,",    "[",
                                         "*a,", "a,b=", "a,b\n", "for a,b in a,b:\n "};
    enum { BYTES = 4000 };
    Comparing c = comparison_new(LANGUAGE_PYTHON);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        Vec(char) bytes = {0};
        for (uint32_t k = 0; k < BYTES; k++)
            VEC_PUSH(&c.arena, &bytes, pieces[i][k % strlen(pieces[i])]);
        compare(&c, str_of(bytes.items, bytes.n));
    }
    comparison_free(&c);
}

/* What the walk over the parts must get right: places of extras, names of hidden parts, roles
 * that reach through them, characters of several bytes, keywords that are names. */
static void shapes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "SELECT 1",
        "  SELECT 1 ",
        "\n-- before\nSELECT 1 -- after\n",
        "/* a */ SELECT /* b */ 1 /* c */ , /* d */ 2 /* e */",
        "SELECT (a /* in */) -- x\n, b",
        "CREATE TABLE t (a int, -- of a\n b int /* of b */) -- of t",
        "CREATE TABLE \"t\xC3\xA9\" (\xC3\xA9 text, \xF0\x9F\x98\x80 text)",
        "\xEF\xBB\xBFSELECT 1",
        ("SELECT\xC2\xA0"
         "1"),
        "SELECT name, type, key FROM value",
        "CREATE TABLE t (key int, value text, type text, name text PRIMARY KEY)",
        "SELECT a FROM t WHERE x IN (SELECT y FROM u) AND NOT EXISTS (SELECT 1)",
        "INSERT INTO t (a, b) VALUES (1, 'x'), (2, $$y$$)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO app",
        "a; b; SELECT 1; -- c",
    };
    compare_direct(LANGUAGE_SQL, texts, COUNT(texts));
}

/* Errors are tree-sitter's; steps are counted; a parser that gave up goes on with the next text. */
static void gives_up(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "-- only a comment", "SELECT )", "SELECT \xFF",
                                        "ALTER TABLE ADD"};
    Comparing c = comparison_new(LANGUAGE_SQL);
    Tree tree = {0};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_false(direct_parse(c.direct, str_from(texts[i]), MANY_STEPS, &c.arena, &tree));
        assert_null(tree.nodes);
        compare(&c, STR("SELECT 1"));
    }
    assert_int_equal(c.n_direct, COUNT(texts));
    assert_false(direct_parse(c.direct, STR("SELECT 1, 2, 3"), 5, &c.arena, &tree));
    assert_true(direct_parse(c.direct, STR("SELECT 1, 2, 3"), 500, &c.arena, &tree));
    comparison_free(&c);
}

/* `start`, then `open` n times, then `inside`, then `close` n times. */
static Tree parse_nested(Comparing *c, const char *start, const char *open, const char *inside,
                         const char *close, uint32_t n)
{
    Buf text = buf_with_max(1 << 22);
    buf_add(&text, str_from(start));
    for (uint32_t i = 0; i < n; i++)
        buf_add(&text, str_from(open));
    buf_add(&text, str_from(inside));
    for (uint32_t i = 0; i < n; i++)
        buf_add(&text, str_from(close));
    Tree tree =
        parser_parse(c->parser, LANGUAGE_SQL, str_copy(&c->arena, buf_str(&text)), &c->arena);
    buf_free(&text);
    return tree;
}

/* What nests deeper than anyone writes is one error, well-formed or not, and cheap. */
static void depth(void **state)
{
    (void)state;
    static const struct {
        const char *start, *open, *inside, *close;
    } texts[] = {
        {"SELECT ", "(", "1", ")"},
        {"SELECT ", "CASE WHEN a THEN ", "1", " END"},
        {"SELECT ", "(a + (b)) + (", "1", ")"},
        {"SELECT a ) + ", "(", "1", ")"}, /* tree-sitter's, from the first parenthesis on */
        {"SELECT a ) + ", "CASE WHEN ", "1", " END"},
    };
    Comparing c = comparison_new(LANGUAGE_SQL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        Tree tree =
            parse_nested(&c, texts[i].start, texts[i].open, texts[i].inside, texts[i].close, 300);
        assert_true(i >= 3 || !tree.nodes[0].has_error);
        assert_true(tree.n_nodes > 1);
        size_t before = c.arena.total;
        tree =
            parse_nested(&c, texts[i].start, texts[i].open, texts[i].inside, texts[i].close, 20000);
        assert_int_equal(tree.n_nodes, 1);
        assert_true(tree.nodes[0].is_error);
        assert_int_equal(tree.nodes[0].end, tree.text.length);
        assert_true(c.arena.total - before < 4 * 1024 * 1024); /* the text itself, for the most */
    }
    Tree list = parse_nested(&c, "SELECT 1", ", (2)", "", "", 20000); /* long, not deep */
    assert_false(list.nodes[0].has_error);
    Tree comments = parse_nested(&c, "", "-- (\n", "SELECT 1", "", 20000);
    assert_false(comments.nodes[0].has_error);
    comparison_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(files),    cmocka_unit_test(shapes),
                                       cmocka_unit_test(gives_up), cmocka_unit_test(python_files),
                                       cmocka_unit_test(choices),  cmocka_unit_test(many_choices),
                                       cmocka_unit_test(depth)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
