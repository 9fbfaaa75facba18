/* Edits of texts made of all that decides where statements end: what is lowered from the version
 * before is what lowering the text fresh gives. */
#include <stdlib.h>

#include "engine/lower.h"
#include "unit/unit.h"

enum { TEXT_BYTES = 6000, EDITS = 60 };

static uint32_t state, n_rounds = 4;

static uint32_t next_random(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (state >> 8) % n;
}

/* Mostly harmless: a text whose first quote is open to its end has nothing to reuse. */
static const char *const harmless[] = {
    "SELECT 1;\n",
    "CREATE TABLE t (id int, b text DEFAULT 'it''s');\n",
    "ALTER TABLE t ADD c int; -- a comment\n",
    "INSERT INTO t VALUES (1, 'a;b');",
    "/* a; comment */ UPDATE t SET a = 1;\n",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n",
    "CREATE TABLE {{ name }} (a int);\n",
    "DROP TABLE a;\n\n\n",
    "    ",
    ";",
};
static const char *const nasty[] = {
    "'",
    "\"",
    "`",
    "[",
    "]",
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "#",
    "(",
    ")",
    "{{",
    "}}",
    "\n",
    "\nGO\n",
    "GO 5\n",
    "\nDELIMITER $$\n",
    "\nDELIMITER ;\n",
    "BEGIN ",
    "END;\n",
    "BEGIN ATOMIC ",
    "CREATE FUNCTION f() BEGIN ",
    "; CREATE TRIGGER r AFTER INSERT ON t BEGIN ",
    "{{",
    "{{ a; b",
    "COPY t FROM STDIN;",
    "; COPY t FROM STDIN",
    "CREATE PROCEDURE p() BEGIN SELECT 1; END;\n",
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;\n",
    "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\n",
    "COPY t FROM STDIN;\n1\t2\n",
    "\\.\n",
    "\\copy t from stdin\n",
    "\\d t\n",
    "CREATE\n",
    "TABLE a (b int)\n",
    "EXEC p\n",
    "USE x\n",
    "CASE ",
    "E'\\''",
    "\xEF\xBB\xBF",
    "x",
    " ",
};

static Str random_text(Arena *out, uint32_t length, uint32_t nasty_in)
{
    char *bytes = arena_alloc(out, length + 200);
    uint32_t n = 0;
    while (n < length) {
        const char *part = next_random(nasty_in) == 0
                               ? nasty[next_random(sizeof nasty / sizeof *nasty)]
                               : harmless[next_random(sizeof harmless / sizeof *harmless)];
        memcpy(bytes + n, part, strlen(part));
        n += (uint32_t)strlen(part);
    }
    return str_of(bytes, n);
}

static void check_same(const LoweredFile *again, const LoweredFile *fresh)
{
    assert_int_equal(again->fragments.n, fresh->fragments.n);
    assert_int_equal(again->is_split_local, fresh->is_split_local);
    for (uint32_t i = 0; i < fresh->fragments.n; i++) {
        assert_int_equal(again->fragments.items[i].start, fresh->fragments.items[i].start);
        assert_true(str_equal(again->fragments.items[i].fragment->text,
                              fresh->fragments.items[i].fragment->text));
    }
}

/* Takes `file`; returns the text's, lowered with its help. */
static LoweredFile *lower_again(LoweredFile *file, Text *text, Dialect dialect)
{
    LoweredFile *again = lower_file(text, FILE_SQL, dialect, file);
    LoweredFile *fresh = lower_file(text, FILE_SQL, dialect, NULL);
    check_same(again, fresh);
    lowered_file_release(fresh);
    lowered_file_release(file);
    return again;
}

/* One edit, which is mostly taken back, because most leave little of a text. */
static LoweredFile *edit(LoweredFile *file, Dialect dialect)
{
    Arena arena = {0};
    uint32_t length = text_bytes(file->text).length;
    uint32_t start = next_random(length + 1), gone = next_random(3) ? 0 : next_random(20);
    if (file->fragments.n > 0 && next_random(4)) { /* beside a boundary */
        const PlacedFragment *near = &file->fragments.items[next_random(file->fragments.n)];
        start = near->start + next_random(2) * near->fragment->text.length + next_random(3);
        start = start < length ? start : length;
    }
    Range range = {.start = start, .end = start + gone < length ? start + gone : length};
    Text *before = text_retain(file->text);
    Text *text = text_replace(before, range, random_text(&arena, next_random(8) > 0, 1));
    file = lower_again(file, text, dialect);
    if (next_random(8))
        file = lower_again(file, before, dialect);
    text_release(before);
    text_release(text);
    arena_release(&arena);
    return file;
}

static void edits_in_a_dialect(Dialect dialect)
{
    uint32_t n_local = 0;
    for (uint32_t round = 0; round < n_rounds; round++) {
        Arena arena = {0};
        uint32_t nasty_in = 4 + 300 / n_rounds * round;
        Text *text = text_new(random_text(&arena, TEXT_BYTES, nasty_in));
        LoweredFile *file = lower_file(text, FILE_SQL, dialect, NULL);
        for (uint32_t i = 0; i < EDITS; i++) {
            n_local += file->is_split_local;
            file = edit(file, dialect);
        }
        lowered_file_release(file);
        text_release(text);
        arena_release(&arena);
    }
    assert_true(n_local > n_rounds * EDITS / 10);
}

static void edits(void **unused)
{
    (void)unused;
    for (unsigned dialect = 0; dialect < N_DIALECTS; dialect++)
        edits_in_a_dialect((Dialect)dialect);
}

int main(void)
{
    /* SEED=n looks longer, elsewhere. */
    const char *seed = getenv("SEED");
    state = seed ? (uint32_t)strtoul(seed, NULL, 10) : 1;
    n_rounds = seed ? 60 : n_rounds;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
