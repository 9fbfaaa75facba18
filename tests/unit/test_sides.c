/* The two sides of a database: what each is made of, and which findings are shown. */
#include "engine/input.h"
#include "engine/suppression.h"
#include "fixtures/run.h"
#include "unit/unit.h"

/* Analyses a script (fixtures/run.h) with the rules that are on by default. */
static Snapshot *analyse_script(Arena *arena, const char *script)
{
    ChunkVec chunks = {0};
    cut_script(arena, STR("0001.sql"), SOURCE_MIGRATION, str_from(script), 0, &chunks);
    RunOptions options = {.dialect = DIALECT_POSTGRESQL, .levels = rule_levels(arena, NULL)};
    return analyse_chunks(arena, &options, &chunks);
}

/* "path:line rule table.column" of every finding, with "+ path:line" of its twin, one a line. */
static Str findings_of(Arena *arena, const Snapshot *snapshot)
{
    Str all = STR("");
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *f = &snapshot->findings.items[i];
        Str twin = snapshot_cite(arena, snapshot, f->twin);
        all = str_format(arena, STR_FMT STR_FMT " " STR_FMT " " STR_FMT "%s" STR_FMT "\n",
                         STR_ARG(all), STR_ARG(snapshot_cite(arena, snapshot, f->place)),
                         STR_ARG(f->rule), STR_ARG(f->column), str_is_empty(twin) ? "" : " + ",
                         STR_ARG(twin));
    }
    return all;
}

static void check_findings(const char *script, const char *expected)
{
    Arena arena = {0};
    Snapshot *snapshot = analyse_script(&arena, script);
    assert_str(findings_of(&arena, snapshot), expected);
    snapshot_release(snapshot);
    arena_release(&arena);
}

#define MIGRATED                                                                                   \
    "-- 0001.sql\n"                                                                                \
    "CREATE TABLE customers (id bigint PRIMARY KEY);\n"                                            \
    "CREATE TABLE orders (id bigint PRIMARY KEY,\n"                                                \
    "    customer_id bigint NOT NULL REFERENCES customers);\n"
#define DECLARED                                                                                   \
    "-- schema.sql\n"                                                                              \
    "CREATE TABLE customers (id bigint PRIMARY KEY);\n"                                            \
    "\n"                                                                                           \
    "CREATE TABLE orders (\n"                                                                      \
    "    id bigint PRIMARY KEY,\n"                                                                 \
    "    customer_id bigint NOT NULL REFERENCES customers\n"                                       \
    ");\n"

static void what_both_sides_have_is_shown_once(void **state)
{
    (void)state;
    check_findings(MIGRATED, "0001.sql:4 missing-fk-index customer_id\n");
    check_findings(DECLARED, "schema.sql:6 missing-fk-index customer_id\n");
    check_findings(MIGRATED DECLARED, "schema.sql:6 missing-fk-index customer_id + 0001.sql:4\n");
}

static void what_the_migrations_answer_is_not_shown(void **state)
{
    (void)state;
    check_findings(MIGRATED "CREATE INDEX orders_customer_idx ON orders (customer_id);\n" DECLARED,
                   "");
}

static void what_is_not_migrated_yet_is_shown(void **state)
{
    (void)state;
    check_findings("-- 0001.sql\n"
                   "CREATE TABLE customers (id bigint PRIMARY KEY);\n" DECLARED,
                   "schema.sql:6 missing-fk-index customer_id\n");
    check_findings("-- 0001.sql\n"
                   "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
                   "CREATE TABLE orders (id bigint PRIMARY KEY);\n" DECLARED,
                   "schema.sql:6 missing-fk-index customer_id\n");
}

static void what_only_the_migrations_have_stays_there(void **state)
{
    (void)state;
    check_findings(MIGRATED "-- schema.sql\n"
                            "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
                            "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint\n"
                            "    NOT NULL REFERENCES customers);\n"
                            "CREATE INDEX orders_customer_idx ON orders (customer_id);\n",
                   "0001.sql:4 missing-fk-index customer_id\n");
}

static void a_suppression_on_either_side_counts(void **state)
{
    (void)state;
    check_findings("-- 0001.sql\n"
                   "-- lintel-ignore-file missing-fk-index: small\n"
                   "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
                   "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint\n"
                   "    NOT NULL REFERENCES customers);\n" DECLARED,
                   "");
    check_findings(MIGRATED "-- schema.sql\n"
                            "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
                            "CREATE TABLE orders (id bigint PRIMARY KEY,\n"
                            "    -- lintel-ignore missing-fk-index: small\n"
                            "    customer_id bigint NOT NULL REFERENCES customers);\n",
                   "");
}

static void each_side_has_its_schema(void **state)
{
    (void)state;
    Arena arena = {0};
    Snapshot *both = analyse_script(&arena, MIGRATED "-- schema.sql\nCREATE TABLE a (b int);\n");
    assert_int_equal(both->database.migrated->tables.n, 2);
    assert_int_equal(both->database.declared->tables.n, 1);
    assert_ptr_equal(both->database.schema, both->database.migrated);
    snapshot_release(both);
    Snapshot *declared = analyse_script(&arena, DECLARED);
    assert_null(declared->database.migrated);
    assert_ptr_equal(declared->database.schema, declared->database.declared);
    snapshot_release(declared);
    Snapshot *migrated = analyse_script(&arena, MIGRATED);
    assert_null(migrated->database.declared);
    assert_ptr_equal(migrated->database.schema, migrated->database.migrated);
    snapshot_release(migrated);
    arena_release(&arena);
}

/* ---- comments in model files ---- */

static Str suppressed(Arena *arena, FileLanguage language, const char *source)
{
    Text *text = text_new(str_from(source));
    PlacedFragmentVec none = {0};
    SuppressionVec found = suppressions_find(arena, text, language, DIALECT_POSTGRESQL, &none);
    Str all = STR("");
    for (uint32_t i = 0; i < found.n; i++) {
        Range lines = found.items[i].lines;
        all = str_format(arena, STR_FMT "%u-%u ", STR_ARG(all), text_line_at(text, lines.start) + 1,
                         text_line_at(text, lines.end) + 1);
    }
    text_release(text);
    return all;
}

static void comments_of_model_files(void **state)
{
    (void)state;
    static const struct {
        FileLanguage language;
        const char *source, *lines;
    } cases[] = {
        {FILE_PRISMA, "model A {\n  id Int // lintel-ignore x\n}\n", "2-2 "},
        {FILE_PRISMA, "model A {\n  // lintel-ignore x\n\n  // other\n  id Int\n}\n", "5-5 "},
        {FILE_PRISMA, "// lintel-ignore-next x\nmodel A {\n  id Int\n\n}\nmodel B {\n}\n", "2-5 "},
        {FILE_PRISMA, "model A {\n  a String @default(\"// lintel-ignore x\")\n}\n", ""},
        {FILE_PRISMA, "/// lintel-ignore-file x\nmodel A {\n}\n", "1-4 "},
        {FILE_PYTHON, "a = 1  # lintel-ignore x\n", "1-1 "},
        {FILE_PYTHON, "a = '''\n# lintel-ignore x\n'''\nb = '# lintel-ignore x'\n", ""},
        {FILE_PYTHON, "a = 'don\\'t'  # lintel-ignore x\n", "1-1 "},
        {FILE_PYTHON, "# lintel-ignore-next x\nclass A(B):\n    a = 1\n\n    b = (\n    )\nc = 2\n",
         "2-6 "},
        {FILE_PYTHON,
         "class A:\n    # lintel-ignore-next x\n    a = Column(\n        1\n    )\n    b = 1\n",
         "3-5 "},
        {FILE_PYTHON, "\"\"\" lintel-ignore never closed", ""},
        {FILE_PYTHON, "# lintel-ignore x", "1-1 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Arena arena = {0};
        assert_str(suppressed(&arena, cases[i].language, cases[i].source), cases[i].lines);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_both_sides_have_is_shown_once),
        cmocka_unit_test(what_the_migrations_answer_is_not_shown),
        cmocka_unit_test(what_is_not_migrated_yet_is_shown),
        cmocka_unit_test(what_only_the_migrations_have_stays_there),
        cmocka_unit_test(a_suppression_on_either_side_counts),
        cmocka_unit_test(each_side_has_its_schema),
        cmocka_unit_test(comments_of_model_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
