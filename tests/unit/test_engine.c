#include "base/buf.h"
#include "engine/input.h"
#include "engine/suppression.h"
#include "loop/parallel.h"
#include "unit/unit.h"

/* ---- one file or several as a database ---- */

typedef struct {
    Arena arena;
    SourceVec sources;
} Files;

static void add_file(Files *files, const char *path, SourceRole role, const char *sql)
{
    Text *text = text_new(str_from(sql));
    Source source = {.path = str_from(path),
                     .role = role,
                     .file = lower_file(text, FILE_SQL, DIALECT_POSTGRESQL, NULL)};
    text_release(text);
    VEC_PUSH(&files->arena, &files->sources, source);
}

static Snapshot *analyse_files(Files *files, const bool *wanted)
{
    AnalysisInput input = {.name = STR("test"),
                           .sources = &files->sources,
                           .rules = {.levels = rule_levels(&files->arena, NULL)},
                           .wanted = wanted};
    Snapshot *snapshot = analyse(&input, NULL);
    assert_non_null(snapshot);
    return snapshot;
}

static void free_files(Files *files)
{
    for (uint32_t i = 0; i < files->sources.n; i++)
        lowered_file_release(files->sources.items[i].file);
    arena_release(&files->arena);
}

static Snapshot *analyse_text(const char *sql, SourceRole role)
{
    Files files = {0};
    add_file(&files, "a.sql", role, sql);
    Snapshot *snapshot = analyse_files(&files, NULL);
    free_files(&files);
    return snapshot;
}

/* "path:line rule" of every finding, one a line. */
static Str findings_of(Arena *arena, const Snapshot *snapshot)
{
    Str all = STR("");
    for (uint32_t i = 0; i < snapshot->findings.n; i++) {
        const Finding *f = &snapshot->findings.items[i];
        const Source *source = &snapshot->sources.items[f->location.source];
        all = str_format(arena, "%.*s%.*s:%u %.*s\n", STR_ARG(all), STR_ARG(source->path),
                         text_line_at(source->file->text, f->location.range.start) + 1,
                         STR_ARG(f->rule));
    }
    return all;
}

/* ---- lowering ---- */

static LoweredFile *lower_text(const char *sql, const LoweredFile *previous)
{
    Text *text = text_new(str_from(sql));
    LoweredFile *file = lower_file(text, FILE_SQL, DIALECT_POSTGRESQL, previous);
    text_release(text);
    return file;
}

static void an_edit_keeps_what_did_not_change(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        uint32_t n, reused;
    } cases[] = {
        {"SELECT 1; SELECT 2; SELECT 3;", "SELECT 1; SELECT 2; SELECT 3;", 3, 3},
        {"SELECT 1; SELECT 2; SELECT 3;", "-- c\n\nSELECT 1; SELECT 22; SELECT 3;", 3, 2},
        {"SELECT 1; SELECT 2; SELECT 3;", "SELECT 1; SELECT 3;", 2, 2},
        {"SELECT 1; SELECT 3;", "SELECT 1; SELECT 2; SELECT 3;", 3, 2},
        {"SELECT 1; SELECT 2; SELECT 3;", "SELECT 3; SELECT 2; SELECT 1;", 3, 3}, /* moved */
        {"SELECT 1; SELECT 1;", "SELECT 1; SELECT 1; SELECT 1;", 3, 2}, /* each fragment once */
        {"SELECT 1;", "", 0, 0},
        {"", "SELECT 1;", 1, 0},
        {"SELECT 1; SELECT 2;", "SELECT 1; SELECT '2;", 2, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        LoweredFile *before = lower_text(cases[i].before, NULL);
        LoweredFile *after = lower_text(cases[i].after, before);
        lowered_file_release(before);
        LoweredFile *fresh = lower_text(cases[i].after, NULL);
        assert_int_equal(after->fragments.n, cases[i].n);
        assert_int_equal(after->n_reused, cases[i].reused);
        assert_int_equal(fresh->fragments.n, cases[i].n);
        for (uint32_t j = 0; j < fresh->fragments.n; j++) {
            assert_int_equal(after->fragments.items[j].start, fresh->fragments.items[j].start);
            assert_true(str_equal(after->fragments.items[j].fragment->text,
                                  fresh->fragments.items[j].fragment->text));
            for (uint32_t k = 0; k < j; k++)
                assert_ptr_not_equal(after->fragments.items[j].fragment,
                                     after->fragments.items[k].fragment);
        }
        lowered_file_release(after);
        lowered_file_release(fresh);
    }
}

static void encodings(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *rule;
        uint32_t at, n_fragments;
    } cases[] = {
        {"\xEF\xBB\xBFSELECT 1;", 12, NULL, 0, 1},
        {"\xFF\xFES\0E\0", 6, "utf-16", 0, 0},
        {"SELECT 1;\0", 10, "binary-file", 9, 0},
        {"SELECT '\xE9'; SELECT 2;", 21, "invalid-utf8", 8, 2},
        {"SELECT '\xC3\xA9';", 12, NULL, 0, 1},
        {"", 0, NULL, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Text *text = text_new(str_of(cases[i].bytes, cases[i].length));
        LoweredFile *file = lower_file(text, FILE_SQL, DIALECT_POSTGRESQL, NULL);
        text_release(text);
        assert_int_equal(file->problems.n, cases[i].rule ? 1 : 0);
        if (cases[i].rule) {
            assert_str(file->problems.items[0].rule, cases[i].rule);
            assert_int_equal(file->problems.items[0].range.start, cases[i].at);
        }
        assert_int_equal(file->fragments.n, cases[i].n_fragments);
        if (i == 0)
            assert_int_equal(file->fragments.items[0].start, 3);
        lowered_file_release(file);
    }
}

/* ---- suppressions ---- */

static void suppressions(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *expected;
    } cases[] = {
        {"CREATE TABLE t (a int);", "a.sql:1 missing-primary-key\n"},
        {"CREATE TABLE t (a int); -- lintel-ignore missing-primary-key: a log", ""},
        {"-- lintel-ignore missing-primary-key\nCREATE TABLE t (a int);", ""},
        {"/* lintel-ignore missing-primary-key: why */\n-- another comment\n\nCREATE TABLE t (a "
         "int);",
         ""},
        {"-- lintel-ignore missing-primary-key, float-money\nCREATE TABLE t (price real);", ""},
        {"-- lintel-ignore missing-primary-key\nCREATE TABLE t (\n  price real);",
         "a.sql:3 float-money\n"},
        {"-- lintel-ignore-next float-money: next statement\nCREATE TABLE t (\n  id bigint PRIMARY "
         "KEY,\n"
         "  price real);",
         ""},
        {"CREATE TABLE t (a int);\nCREATE TABLE u (a int);\n-- lintel-ignore-file "
         "missing-primary-key",
         ""},
        {"-- lintel-ignore\nCREATE TABLE t (price real);", ""},
        {"-- lintel-ignore float-money\nCREATE TABLE t (a int);",
         "a.sql:1 unused-suppression\na.sql:2 missing-primary-key\n"},
        {"-- lintel-ignore flot-money\nSELECT 1;", "a.sql:1 unknown-rule\n"},
        {"-- lintel-ignore\nSELECT 1;", "a.sql:1 unused-suppression\n"},
        {"-- squawk-ignore prefer-text-field\nSELECT 1;", ""},
        {"-- lintel-ignored nothing\nCREATE TABLE t (a int);", "a.sql:2 missing-primary-key\n"},
        {"SELECT '-- lintel-ignore-file';\nCREATE TABLE t (a int);",
         "a.sql:2 missing-primary-key\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Snapshot *snapshot = analyse_text(cases[i].sql, SOURCE_SCHEMA);
        Str found = findings_of(&arena, snapshot);
        if (!str_equal(found, str_from(cases[i].expected)))
            print_error("%s\n", cases[i].sql);
        assert_str(found, cases[i].expected);
        snapshot_release(snapshot);
        arena_release(&arena);
    }
}

/* ---- analysis ---- */

static void migrations_are_judged_with_the_schema_before_them(void **state)
{
    (void)state;
    Files files = {0};
    add_file(&files, "1.sql", SOURCE_MIGRATION,
             "CREATE TABLE t (id bigint PRIMARY KEY, a int);\nCREATE INDEX i ON t (a);");
    add_file(&files, "2.sql", SOURCE_MIGRATION, "CREATE INDEX j ON t (a, id);");
    Snapshot *snapshot = analyse_files(&files, NULL);
    /* The first index is made on an empty table; the second makes it redundant. */
    Arena arena = {0};
    assert_str(findings_of(&arena, snapshot),
               "1.sql:2 redundant-index\n2.sql:1 create-index-not-concurrently\n");
    assert_true(snapshot->database.has_migrations);
    assert_int_equal(snapshot->n_operations, 3);
    snapshot_release(snapshot);

    static const bool wanted[] = {false, true};
    snapshot = analyse_files(&files, wanted);
    assert_str(findings_of(&arena, snapshot), "2.sql:1 create-index-not-concurrently\n");
    snapshot_release(snapshot);

    atomic_bool cancel = true;
    AnalysisInput input = {.name = STR("t"),
                           .sources = &files.sources,
                           .rules = {.levels = rule_levels(&files.arena, NULL)}};
    assert_null(analyse(&input, &cancel));
    free_files(&files);
    arena_release(&arena);
}

/* Without remedies the findings are the same, and they can be had later. */
static void remedies_are_written_when_asked_for(void **state)
{
    (void)state;
    Files files = {0};
    add_file(&files, "1.sql", SOURCE_MIGRATION,
             "CREATE TABLE p (id bigint PRIMARY KEY, made timestamp, j json, c char(2));");
    add_file(&files, "2.sql", SOURCE_MIGRATION, "ALTER TABLE p ADD q bigint REFERENCES p (id);");
    AnalysisInput input = {.name = STR("test"),
                           .sources = &files.sources,
                           .transactions = TRANSACTION_NONE,
                           .rules = {.levels = rule_levels(&files.arena, NULL)}};
    Snapshot *all = analyse(&input, NULL);
    input.without_remedies = true;
    Snapshot *shown = analyse(&input, NULL);
    free_files(&files);
    Arena arena = {0};
    Str expected = findings_of(&arena, all);
    assert_int_equal(all->findings.n, 4);
    assert_str(findings_of(&arena, shown), str_to_c(&arena, expected));
    atomic_bool cancel = true;
    assert_null(snapshot_with_remedies(shown, &cancel));
    Snapshot *later = snapshot_with_remedies(shown, NULL);
    assert_str(findings_of(&arena, later), str_to_c(&arena, expected));
    uint32_t n_remedies = 0;
    for (uint32_t i = 0; i < all->findings.n; i++) {
        const RemedyVec *one = &all->findings.items[i].remedies;
        const RemedyVec *other = &later->findings.items[i].remedies;
        assert_int_equal(shown->findings.items[i].remedies.n, 0);
        assert_int_equal(other->n, one->n);
        for (uint32_t k = 0; k < one->n; k++, n_remedies++)
            assert_str(other->items[k].sql, str_to_c(&arena, one->items[k].sql));
    }
    assert_int_equal(n_remedies, 4);
    Snapshot *same = snapshot_with_remedies(all, NULL);
    assert_ptr_equal(same, all);
    snapshot_release(same);
    snapshot_release(later);
    snapshot_release(shown);
    snapshot_release(all);
    arena_release(&arena);
}

/* A large schema is judged in parts: backwards here, and by several threads. */
static void backwards(uint32_t n, void (*work)(void *context, uint32_t index), void *context)
{
    while (n > 0)
        work(context, --n);
}

static void parts_are_judged_like_the_whole(void **state)
{
    (void)state;
    Files files = {0};
    Arena arena = {0};
    Buf sql = buf_with_max(1 << 20);
    for (unsigned i = 0; i < 450; i++)
        buf_format(&sql,
                   "CREATE TABLE t%u (id bigint PRIMARY KEY, t%u_id bigint REFERENCES t%u (id), "
                   "t%u_id bigint, made timestamp, j json, price real, c char(2));\n",
                   i, i / 2, i / 2, i / 3);
    add_file(&files, "schema.sql", SOURCE_SCHEMA, str_to_c(&arena, buf_str(&sql)));
    buf_free(&sql);
    AnalysisInput input = {.name = STR("test"),
                           .sources = &files.sources,
                           .rules = {.levels = rule_levels(&files.arena, NULL)}};
    Snapshot *whole = analyse(&input, NULL);
    assert_true(whole->findings.n > 2000);
    assert_int_equal(whole->parts.n, 0);
    ParallelRunner *const runners[] = {backwards, parallel_for};
    for (size_t r = 0; r < COUNT(runners); r++) {
        input.run = runners[r];
        Snapshot *parts = analyse(&input, NULL);
        assert_true(parts->parts.n > 1);
        assert_int_equal(parts->findings.n, whole->findings.n);
        for (uint32_t i = 0; i < whole->findings.n; i++) {
            const Finding *one = &whole->findings.items[i], *other = &parts->findings.items[i];
            assert_true(str_equal(one->rule, other->rule));
            assert_true(str_equal(one->message, other->message));
            assert_int_equal(one->location.range.start, other->location.range.start);
            assert_int_equal(one->remedies.n, other->remedies.n);
            assert_int_equal(one->fixes.n, other->fixes.n);
        }
        snapshot_release(parts);
    }
    snapshot_release(whole);
    free_files(&files);
    arena_release(&arena);
}

static void definition_files_are_one_description(void **state)
{
    (void)state;
    Files files = {0};
    add_file(&files, "1.sql", SOURCE_SCHEMA, "CREATE TABLE t (id bigint PRIMARY KEY, a int);");
    add_file(&files, "2.sql", SOURCE_SCHEMA, "CREATE INDEX j ON t (a);");
    add_file(&files, "3.sql", SOURCE_SEED, "DELETE FROM t; INSERT INTO t VALUES (1, 2);");
    Snapshot *snapshot = analyse_files(&files, NULL);
    Arena arena = {0};
    assert_str(findings_of(&arena, snapshot), "");
    snapshot_release(snapshot);
    free_files(&files);
    arena_release(&arena);
}

static void only_queries_that_still_run_count(void **state)
{
    (void)state;
    Files files = {0};
    add_file(&files, "1.sql", SOURCE_MIGRATION,
             "CREATE TABLE t (id bigint PRIMARY KEY, a int);\n"
             "UPDATE t SET a = 1 WHERE id = 2;\n" /* ran once */
             "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM t $$;\n"
             "CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ DELETE FROM t $$;\n"
             "CREATE VIEW v AS SELECT id FROM t;\n"
             "CREATE VIEW w AS SELECT a FROM t;\n");
    add_file(&files, "2.sql", SOURCE_MIGRATION,
             "DROP FUNCTION g();\n"
             "DROP VIEW w;\n"
             "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM t WHERE "
             "id = 1 $$;");
    add_file(&files, "q.sql", SOURCE_QUERIES, "SELECT * FROM t WHERE a = 1;");
    Snapshot *snapshot = analyse_files(&files, NULL);
    Arena arena = {0};
    Str cited = STR("");
    for (uint32_t i = 0; i < snapshot->database.queries.n; i++)
        cited = str_format(
            &arena, "%.*s %.*s", STR_ARG(cited),
            STR_ARG(snapshot_cite(&arena, snapshot, snapshot->database.queries.items[i]->place)));
    assert_str(cited, " 1.sql:5 2.sql:3 q.sql:1");
    snapshot_release(snapshot);
    free_files(&files);
    arena_release(&arena);
}

/* ---- the cursor ---- */

static Str subject(Arena *arena, const Snapshot *snapshot, uint32_t source, const char *at)
{
    Str text = text_bytes(snapshot->sources.items[source].file->text);
    Subject found;
    if (!snapshot_subject_at(snapshot, source, str_find(text, str_from(at), 0), &found))
        return STR("nothing");
    if (!found.column)
        return found.table->name.text;
    return str_format(arena, "%.*s.%.*s", STR_ARG(found.table->name.text),
                      STR_ARG(found.column->name.text));
}

static void what_stands_under_the_cursor(void **state)
{
    (void)state;
    Files files = {0};
    add_file(&files, "1.sql", SOURCE_MIGRATION,
             "CREATE TABLE customers (id bigint PRIMARY KEY, mail text);\n"
             "CREATE TABLE orders (number bigint, owner bigint REFERENCES customers (id), "
             "CHECK (number > 0));\n"
             "CREATE INDEX i ON orders (owner);");
    add_file(&files, "2.sql", SOURCE_MIGRATION,
             "ALTER TABLE orders RENAME COLUMN number TO order_no;");
    add_file(
        &files, "q.sql", SOURCE_QUERIES,
        "SELECT o.order_no FROM orders o JOIN customers c ON c.id = o.owner WHERE mail = 'x';");
    Snapshot *snapshot = analyse_files(&files, NULL);
    Arena arena = {0};
    static const struct {
        uint32_t source;
        const char *at, *expected;
    } cases[] = {
        {0, "customers (id b", "customers"},
        {0, "id bigint", "customers.id"},
        {0, "number bigint", "orders.order_no"}, /* renamed since */
        {0, "customers (id),", "customers"},
        {0, "id), CHECK", "customers.id"},
        {0, "owner);", "orders.owner"},
        {0, "bigint PRIMARY", "nothing"},
        {1, "orders", "orders"},
        {1, "order_no", "orders.order_no"},
        {2, "customers", "customers"},
        {2, "owner WHERE", "orders.owner"},
        {2, "mail", "nothing"},
        {2, "order_no", "orders.order_no"},
        {2, "o.order_no", "orders"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str found = subject(&arena, snapshot, cases[i].source, cases[i].at);
        if (!str_equal(found, str_from(cases[i].expected)))
            print_error("at %s\n", cases[i].at);
        assert_str(found, cases[i].expected);
    }
    Subject none;
    assert_false(snapshot_subject_at(snapshot, 9, 0, &none));
    assert_false(snapshot_subject_at(snapshot, 0, UINT32_MAX, &none));
    snapshot_release(snapshot);
    free_files(&files);
    arena_release(&arena);
}

/* ---- what if ---- */

static void statements_are_tried(void **state)
{
    (void)state;
    Snapshot *snapshot =
        analyse_text("CREATE TABLE t (id bigint PRIMARY KEY, a int);", SOURCE_SCHEMA);
    WhatIf *w = what_if_begin(snapshot);
    static const struct {
        const char *sql;
        bool applies;
        uint32_t n_findings;
        LockLevel lock;
    } cases[] = {
        {"CREATE INDEX CONCURRENTLY i ON t (a);", true, 0, LOCK_SHARE_UPDATE_EXCLUSIVE},
        {"CREATE INDEX j ON t (a);", true, 1, LOCK_SHARE},
        {"DROP INDEX CONCURRENTLY j;", true, 0, LOCK_SHARE_UPDATE_EXCLUSIVE},
        {"DROP INDEX CONCURRENTLY j;", false, 0, LOCK_NONE}, /* gone */
        {"ALTER TABLE nowhere ADD COLUMN b int;", false, 0, LOCK_NONE},
        {"ALTER TABLE t ADD COLUMN b int;", true, 0, LOCK_ACCESS_EXCLUSIVE},
        {"ALTER TABLE t ADD COLUMN b int;", false, 0, LOCK_ACCESS_EXCLUSIVE}, /* twice */
        {"this is no SQL", false, 0, LOCK_NONE},
        {"", false, 0, LOCK_NONE},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        WhatIfResult result = what_if_apply(w, str_from(cases[i].sql));
        if (result.applies != cases[i].applies)
            print_error("%s: %.*s\n", cases[i].sql, STR_ARG(result.problem));
        assert_int_equal(result.applies, cases[i].applies);
        assert_int_equal(str_is_empty(result.problem), cases[i].applies);
        assert_int_equal(result.findings.n, cases[i].n_findings);
        if (cases[i].lock != LOCK_NONE)
            assert_int_equal(result.cost.lock, cases[i].lock);
    }
    const Table *table = schema_table(what_if_schema(w), (Str){0}, STR("t"));
    assert_non_null(table_column(table, STR("b")));
    assert_null(
        table_column(schema_table(snapshot->database.schema, (Str){0}, STR("t")), STR("b")));
    what_if_free(w);
    snapshot_release(snapshot);
}

/* ---- settings ---- */

static void levels_by_group_and_id(void **state)
{
    (void)state;
    Text *text = text_new(STR("rules:\n  float-money: error\n  design: off\n  no-such-rule: off\n"
                              "  missing-fk-indx: hint\n"));
    Config *config = config_new(STR("/p/lintel.yaml"), text, NULL);
    text_release(text);
    Arena arena = {0};
    const Severity *levels = rule_levels(&arena, config);
    for (unsigned i = 0; i < n_rules; i++) {
        if (strcmp(all_rules[i]->id, "float-money") == 0)
            assert_int_equal(levels[i], SEVERITY_ERROR);
        else if (all_rules[i]->group == GROUP_DESIGN)
            assert_int_equal(levels[i], SEVERITY_OFF);
    }
    FindingVec findings = config_findings(&arena, config);
    assert_int_equal(findings.n, 2);
    assert_str(findings.items[0].rule, "unknown-rule");
    assert_str(findings.items[1].message,
               "there is no rule missing-fk-indx; did you mean missing-fk-index");
    config_release(config);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_keeps_what_did_not_change),
        cmocka_unit_test(encodings),
        cmocka_unit_test(suppressions),
        cmocka_unit_test(migrations_are_judged_with_the_schema_before_them),
        cmocka_unit_test(remedies_are_written_when_asked_for),
        cmocka_unit_test(parts_are_judged_like_the_whole),
        cmocka_unit_test(definition_files_are_one_description),
        cmocka_unit_test(only_queries_that_still_run_count),
        cmocka_unit_test(what_stands_under_the_cursor),
        cmocka_unit_test(statements_are_tried),
        cmocka_unit_test(levels_by_group_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
