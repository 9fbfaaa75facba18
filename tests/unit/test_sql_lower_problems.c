/* What is reported of the text itself, places, and what hostile texts cost. */

#include "unit/lowering.h"

static void open_quotes(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "SELECT 'a", "unterminated-quote 7-8: this string has no closing quote"},
        {PG, "SELECT E'a", "unterminated-quote 7-9: this string has no closing quote"},
        {PG, "SELECT \"a", "unterminated-quote 7-8: this name has no closing quote"},
        {PG, "SELECT $x$ a $y$", "unterminated-quote 7-10: this text has no closing $x$"},
        {PG, "SELECT 1 /* a", "unterminated-quote 9-11: this comment has no end"},
        {MY, "SELECT 'it\\'s', `b", "unterminated-quote 16-17: this name has no closing quote"},
        /* the quote that was lost is in the first statement, not where the text ends */
        {PG, "INSERT INTO t VALUES ('a);\nINSERT INTO t VALUES ('b');",
         "unterminated-quote 22-23: this string has no closing quote"},
        /* another dialect would read it otherwise */
        {PG, "SELECT 'it\\' , 'b", ""},
        {PG, "SELECT 'a', $$'$$, E'\\'', \"'\" -- '\n", ""},
    };
    check_lowered(cases, COUNT(cases), problems_of);
}

static void parentheses(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "SELECT (1", "unbalanced-parenthesis 7-8: this parenthesis is not closed"},
        {PG, "SELECT 1)", "unbalanced-parenthesis 8-9: this parenthesis closes nothing"},
        {PG, "SELECT f(1, (2)", "unbalanced-parenthesis 8-9: this parenthesis is not closed"},
        {PG, "CREATE TABLE t (a int; SELECT 2",
         "unbalanced-parenthesis 15-16: this parenthesis is not closed"},
        {PG, "SELECT ')', \"(\", $$($$ -- )\n /* ( */", ""},
        {PG, "CREATE TABLE {{ x }} (a int", ""},
        {PG, "SELECT (1 {% if x %}", ""},
        {PG, "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", ""},
    };
    check_lowered(cases, COUNT(cases), problems_of);
}

static void first_words(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "CRAETE TABLE t (a int)",
         "unknown-statement 0-6: no statement begins with CRAETE; did you mean CREATE?"},
        {PG, "-- x\nalter_ TABLE t ADD a int",
         "unknown-statement 0-6: no statement begins with alter_; did you mean ALTER?"},
        {PG, "wibble TABLE t", ""},
        {PG, "create_it(x)", ""},
        {PG, "{{ x }} TABLE t", ""},
        {PG, "RENAME TABLE a TO b; PRAGMA x; GO; SHOW x; XA START 'x'", ""},
        {PG, "", ""},
    };
    check_lowered(cases, COUNT(cases), problems_of);
}

/* Where things stand: the text at the place of an operation's part. */
static Str text_at(const Fragment *fragment, Place place)
{
    assert_ptr_equal(place.fragment, fragment);
    return str_slice(fragment->text, place.range.start, place.range.end);
}

static void places(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    Fragment *f = sql_lower(
        parser, STR("ALTER TABLE s.\"T\" ADD COLUMN a int CONSTRAINT n NOT NULL DEFAULT (1)"), PG);
    const Operation *op = &f->operations.items[0];
    const ColumnDef *column = &op->as.add_column;
    assert_str(text_at(f, op->place), "ADD COLUMN a int CONSTRAINT n NOT NULL DEFAULT (1)");
    assert_true(str_equal(text_at(f, op->statement), f->text));
    assert_str(text_at(f, op->target.place), "s.\"T\"");
    assert_str(text_at(f, op->target.name.place), "\"T\"");
    assert_str(op->target.name.text, "T");
    assert_str(text_at(f, column->place), "a int CONSTRAINT n NOT NULL DEFAULT (1)");
    assert_str(text_at(f, column->type.place), "int");
    assert_str(text_at(f, column->not_null_place), "NOT NULL");
    assert_str(column->not_null_name.text, "n");
    assert_str(text_at(f, column->default_place), "DEFAULT (1)");
    fragment_release(f);

    f = sql_lower(parser, STR("CREATE INDEX CONCURRENTLY i ON t (a, lower(b) DESC)"), PG);
    const IndexDef *index = &f->operations.items[0].as.create_index;
    assert_str(text_at(f, index->index_keyword), "INDEX");
    assert_str(text_at(f, index->concurrently_place), "CONCURRENTLY");
    assert_str(text_at(f, index->parts.items[1].place), "lower(b) DESC");
    fragment_release(f);

    f = sql_lower(
        parser,
        STR("CREATE TABLE t (a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES u (b) NOT VALID)"), PG);
    const TableDef *table = &f->operations.items[0].as.create_table;
    const ConstraintDef *key = &table->constraints.items[0];
    assert_str(text_at(f, key->place), "CONSTRAINT k FOREIGN KEY (a) REFERENCES u (b) NOT VALID");
    assert_str(text_at(f, key->kind_place), "FOREIGN KEY");
    assert_str(text_at(f, key->references.place), "u");
    assert_str(text_at(f, table->body),
               "(a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES u (b) NOT VALID)");
    fragment_release(f);

    f = sql_lower(parser,
                  STR("DO 'BEGIN UPDATE t SET a = ''x'' || b; ALTER TABLE u ADD b int; END'"), PG);
    assert_str(text_at(f, f->operations.items[0].statement), "UPDATE t SET a = ''x'' || b");
    assert_str(text_at(f, f->operations.items[1].place), "ADD b int");
    assert_int_equal(f->operations.items[0].statement_index, 0);
    assert_int_equal(f->operations.items[1].statement_index, 1);
    const Query *query = f->queries.items[0];
    assert_str(text_at(f, query->target_place), "UPDATE t");
    fragment_release(f);

    f = sql_lower(parser, STR("CREATE TABLE t (a int, b text DEFAULT lower("), PG);
    const ColumnDef *last = &f->operations.items[0].as.create_table.columns.items[1];
    assert_str(text_at(f, last->place), "b text DEFAULT lower(");
    fragment_release(f);
    parser_free(parser);
}

/* Every prefix of statements with a bit of everything, in every dialect: nothing may crash, and
 * all places lie within the text. The sanitizers watch. */
static void prefixes(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "CREATE TABLE IF NOT EXISTS a.b (id bigint GENERATED ALWAYS AS IDENTITY, c numeric(3,1)[] "
        "DEFAULT ARRAY[1], CONSTRAINT x FOREIGN KEY (c) REFERENCES d (e) ON DELETE SET NULL (c) "
        "NOT VALID, EXCLUDE USING gist (f WITH &&)) PARTITION BY RANGE (g) WITH (h = 1)",
        "ALTER TABLE ONLY t ADD COLUMN a int CHECK (a > 0), ALTER b TYPE text USING b::text, DROP "
        "CONSTRAINT IF EXISTS c CASCADE, ALTER d SET DEFAULT now() + interval '1 day'",
        "WITH RECURSIVE q AS (SELECT 1 UNION SELECT n + 1 FROM q) INSERT INTO t (a) SELECT x.* "
        "FROM q x LEFT JOIN y USING (z) WHERE lower(a) LIKE 'b%' AND c IN (SELECT 1) ORDER BY 1",
        "CREATE FUNCTION f(a int) RETURNS TABLE (b int) LANGUAGE plpgsql AS $x$ DECLARE c int; "
        "BEGIN IF EXISTS (SELECT 1) THEN FOR r IN SELECT * FROM t LOOP PERFORM g(r); END LOOP; "
        "ELSE EXECUTE 'DROP TABLE z'; END IF; EXCEPTION WHEN OTHERS THEN NULL; END $x$",
        "CREATE POLICY p ON t FOR UPDATE TO a, b USING ((SELECT auth.uid()) = c) WITH CHECK (d)",
        "CREATE TRIGGER t BEFORE UPDATE OF a ON b FOR EACH ROW WHEN (OLD.a > 1) BEGIN UPDATE c "
        "SET d = CASE WHEN e THEN 1 ELSE 2 END WHERE f BETWEEN 1 AND 2; END",
        "/*!50001 CREATE TABLE `a` (`b` enum('x','y') CHARACTER SET utf8 COMMENT 'c', KEY `d` "
        "(`b`(3))) ENGINE=InnoDB */",
        "CREATE TABLE [a].[b] ([c] [int] IDENTITY(1,1) NOT NULL, CONSTRAINT [d] PRIMARY KEY "
        "CLUSTERED ([c] ASC) WITH (PAD_INDEX = OFF)) ON [PRIMARY]",
        "GRANT SELECT (a), ALL PRIVILEGES ON ALL TABLES IN SCHEMA b TO c WITH GRANT OPTION",
    };
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(texts); i++) {
        Str text = str_from(texts[i]);
        for (uint32_t length = 0; length <= text.length; length++) {
            Dialect dialect = (Dialect)((length + i) % N_DIALECTS);
            Arena arena = {0};
            Fragment *f = sql_lower(parser, str_slice(text, 0, length), dialect);
            operations_of(&arena, f);
            queries_of(&arena, f);
            problems_of(&arena, f);
            for (uint32_t k = 0; k < f->operations.n; k++) {
                Range range = f->operations.items[k].place.range;
                assert_true(range.start <= range.end && range.end <= length);
            }
            fragment_release(f);
            arena_release(&arena);
        }
    }
    parser_free(parser);
}

static Str repeated(Arena *arena, const char *start, const char *part, uint32_t n, const char *end)
{
    StrVec parts = {0};
    VEC_PUSH(arena, &parts, str_from(start));
    for (uint32_t i = 0; i < n; i++)
        VEC_PUSH(arena, &parts, str_from(part));
    VEC_PUSH(arena, &parts, str_from(end));
    return str_join(arena, parts.items, parts.n, STR(""));
}

/* Deep and long texts: no stack may overflow, and one that took quadratic time would not end
 * within what the runner gives a test. */
static void hostile_texts(void **state)
{
    (void)state;
    static const struct {
        const char *start, *part, *end;
        uint32_t n;
    } shapes[] = {
        {"SELECT ", "(", "", 20000},
        {"SELECT ", "(", "1", 20000},
        {"SELECT ", "(SELECT ", "1", 10000},
        {"SELECT 1", ")", "", 20000},
        {"SELECT a WHERE a", " AND a = 1", "", 20000},
        {"SELECT a WHERE ", "NOT ", "a", 20000},
        {"SELECT 1", " UNION SELECT 1", "", 10000},
        {"SELECT * FROM a", " JOIN b ON a.x = b.x", "", 5000},
        {"SELECT * FROM a", ", b", "", 20000},
        {"SELECT ", "- ", "1", 20000},
        {"SELECT a", "::int", "", 20000},
        {"SELECT a", "[1]", "", 20000},
        {"SELECT ", "f(", "", 20000},
        {"SELECT ", "CASE WHEN ", "", 20000},
        {"CREATE TABLE t (", "a int, ", "", 20000},
        {"CREATE TABLE t (a int DEFAULT ", "(", "", 20000},
        {"ALTER TABLE t ADD a int", ", ADD b int", "", 5000},
        {"DO $$ ", "BEGIN ", "$$", 20000},
        {"DO $$ ", "IF a THEN ", "$$", 20000},
        {"DO $$ ", "<", "$$", 20000},
        {"DO $$ ", "FOR a IN ", "$$", 20000},
        {"DO $$ ", "x := (SELECT 1); ", "$$", 2000},
        {"DO $$ BEGIN EXECUTE '", "''", "' END $$", 20000},
        {"INSERT INTO t VALUES (1)", ", (1, 'a')", "", 50000},
        {"", "'", "", 20001},
        {"", "$a$ $b$ ", "", 20000},
        {"", "/*", "", 20000},
        {"", "{{ ", "", 20000},
        {"", "\\", "", 20000},
        {"WITH ", "a AS (SELECT 1), ", "", 5000},
    };
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(shapes); i++) {
        Arena arena = {0};
        Str text = repeated(&arena, shapes[i].start, shapes[i].part, shapes[i].n, shapes[i].end);
        for (int dialect = 0; dialect < N_DIALECTS; dialect++)
            lowered(&arena, parser, text, (Dialect)dialect, problems_of);
        arena_release(&arena);
    }
    parser_free(parser);
}

static void random_bytes(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    uint32_t random = 1;
    for (int round = 0; round < 40; round++) {
        Arena arena = {0};
        char *bytes = arena_alloc_raw(&arena, 5000);
        for (int i = 0; i < 5000; i++) {
            random = random * 1664525u + 1013904223u;
            bytes[i] = (char)(random >> 24);
        }
        lowered(&arena, parser, str_of(bytes, 5000), (Dialect)(round % N_DIALECTS), operations_of);
        arena_release(&arena);
    }
    parser_free(parser);
}

static void the_grammar_fits_the_runtime(void **state)
{
    (void)state;
    assert_true(language_fits(LANGUAGE_SQL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grammar_fits_the_runtime),
        cmocka_unit_test(open_quotes),
        cmocka_unit_test(parentheses),
        cmocka_unit_test(first_words),
        cmocka_unit_test(places),
        cmocka_unit_test(prefixes),
        cmocka_unit_test(hostile_texts),
        cmocka_unit_test(random_bytes),
    };
    return cmocka_run_group_tests_name("sql_lower_problems", tests, NULL, NULL);
}
