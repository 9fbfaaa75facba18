/* The two sides of a database: what each is made of, and which findings are shown. */
#include "engine/input.h"
#include "engine/suppression.h"
#include "fixtures/run.h"
#include "unit/unit.h"

/* The rules that are on by default; the differences themselves are test_diff's. */
static const Severity *levels_without_drift(Arena *arena)
{
    Severity *levels = ARENA_ARRAY(arena, Severity, n_rules);
    memcpy(levels, rule_levels(arena, NULL), n_rules * sizeof *levels);
    for (unsigned i = 0; i < n_rules; i++) {
        if (all_rules[i]->group == GROUP_DRIFT)
            levels[i] = SEVERITY_OFF;
    }
    return levels;
}

/* Analyses a script (fixtures/run.h). */
static Snapshot *analyse_script(Arena *arena, const char *script)
{
    ChunkVec chunks = {0};
    cut_script(arena, STR("0001.sql"), SOURCE_MIGRATION, str_from(script), 0, &chunks);
    RunOptions options = {.dialect = DIALECT_POSTGRESQL, .levels = levels_without_drift(arena)};
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
    check_findings("-- 0001.sql\n"
                   "CREATE TABLE visits (seen_at timestamptz NOT NULL, page text NOT NULL);\n"
                   "-- schema.sql\n"
                   "CREATE TABLE visits (seen_at timestamptz NOT NULL, page text NOT NULL,\n"
                   "    PRIMARY KEY (seen_at, page));\n",
                   "0001.sql:2 missing-primary-key \n");
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

/* ---- models ---- */

static const char mixin[] = "# models.py\n"
                            "from sqlalchemy import BigInteger, Column, Float, Integer\n"
                            "from sqlalchemy.orm import declarative_base\n"
                            "Base = declarative_base()\n"
                            "class Priced:\n"
                            "    price = Column(Float)\n"
                            "class A(Priced, Base):\n"
                            "    __tablename__ = 'a'\n"
                            "    id = Column(Integer, primary_key=True)\n"
                            "class B(Priced, Base):\n"
                            "    __tablename__ = 'b'\n"
                            "    id = Column(Integer, primary_key=True)\n";

static void a_line_of_many_tables_is_told_once(void **state)
{
    (void)state;
    Arena arena = {0};
    Snapshot *snapshot = analyse_script(&arena, mixin);
    uint32_t n = 0, n_repeated = 0;
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *f = &snapshot->findings.items[i];
        if (!str_equal(f->rule, STR("float-money")))
            continue;
        n++;
        n_repeated += f->is_repeated;
        assert_true(f->is_repeated || str_contains(f->message, STR("in 1 more table)")));
    }
    assert_int_equal(n, 2);
    assert_int_equal(n_repeated, 1);
    snapshot_release(snapshot);
    arena_release(&arena);
}

/* The subject at the first `word` of a source, as "table.column declared.column". */
static Str subject_at(Arena *arena, const Snapshot *snapshot, uint32_t source, const char *word)
{
    Str text = text_bytes(snapshot->sources.items[source].file->text);
    Subject s;
    uint32_t at = str_find(text, str_from(word), 0);
    assert_int_not_equal(at, UINT32_MAX);
    if (!snapshot_subject_at(snapshot, source, at, &s))
        return STR("nothing");
    return str_format(arena, STR_FMT "." STR_FMT " " STR_FMT "." STR_FMT,
                      STR_ARG(s.table->name.text),
                      STR_ARG(s.column ? s.column->name.text : STR("")),
                      STR_ARG(s.declared_table ? s.declared_table->name.text : STR("")),
                      STR_ARG(s.declared_column ? s.declared_column->name.text : STR("")));
}

static void the_cursor_knows_both_sides(void **state)
{
    (void)state;
    Arena arena = {0};
    Snapshot *snapshot =
        analyse_script(&arena, "-- 0001.sql\n"
                               "CREATE TABLE orders (id bigint PRIMARY KEY, placed timestamptz);\n"
                               "// schema.prisma\n"
                               "model Order {\n"
                               "  id   BigInt   @id\n"
                               "  when DateTime @map(\"placed\")\n"
                               "  note String?\n"
                               "  tag  Tag[]\n"
                               "  @@map(\"orders\")\n"
                               "}\n"
                               "model Tag {\n"
                               "  id    BigInt @id\n"
                               "  order Order[]\n"
                               "}\n");
    assert_int_equal(snapshot->sources.n, 2);
    static const struct {
        uint32_t source;
        const char *word, *expected;
    } cases[] = {
        {0, "orders", "orders. orders."},
        {0, "placed", "orders.placed orders.placed"},
        {1, "Order {", "orders. orders."},
        {1, "when", "orders.placed orders.placed"},
        {1, "placed", "orders.placed orders.placed"},
        {1, "note", "orders.note ."},
        {1, "Tag {", "Tag. ."},
        {1, "model", "nothing"},
        {1, "orders", "orders. orders."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_str(subject_at(&arena, snapshot, cases[i].source, cases[i].word), cases[i].expected);
    Subject named;
    uint32_t between = str_find(text_bytes(snapshot->sources.items[1].file->text), STR("@@map"), 0);
    assert_false(snapshot_subject_at(snapshot, 1, between, &named));
    const Table *around = snapshot_table_at(snapshot, 1, between);
    assert_non_null(around);
    assert_ptr_equal(around, snapshot_table_at(snapshot, 1, 60)); /* by a name in it */
    assert_ptr_equal(around, schema_table(snapshot->database.migrated, STR(""), STR("orders")));
    snapshot_release(snapshot);
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
        cmocka_unit_test(a_line_of_many_tables_is_told_once),
        cmocka_unit_test(the_cursor_knows_both_sides),
        cmocka_unit_test(comments_of_model_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
