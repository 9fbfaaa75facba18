/* The differences of two schemas, from SQL to SQL. What they mean to people is the fixtures' of the
 * drift rules; here is what is compared, and what only is written differently. */
#include "fixtures/run.h"
#include "model/diff.h"
#include "unit/unit.h"

#define PG DIALECT_POSTGRESQL
#define MY DIALECT_MYSQL

static Snapshot *analyse_sql(Arena *arena, Dialect dialect, const char *sql)
{
    ChunkVec chunks = {0};
    cut_script(arena, STR("a.sql"), SOURCE_SCHEMA, str_from(sql), 0, &chunks);
    RunOptions options = {.dialect = dialect, .levels = ARENA_ARRAY(arena, Severity, n_rules)};
    return analyse_chunks(arena, &options, &chunks);
}

static Str part_name(const DifferencePart *part)
{
    if (!name_is_absent(part->label))
        return part->label.text;
    if (part->column)
        return part->column->name.text;
    if (part->index)
        return part->index->name.text;
    if (part->key)
        return part->key->name.text;
    if (part->foreign_key)
        return part->foreign_key->name.text;
    if (part->check)
        return part->check->name.text;
    if (part->type)
        return part->type->name.text;
    return part->table ? part->table->name.text : STR("");
}

/* "missing column note; changed type total". */
static Str describe(Arena *arena, const DifferenceVec *differences)
{
    static const char *const kinds[] = {"table", "column", "type",      "nullability", "default",
                                        "key",   "unique", "index",     "foreign key", "actions",
                                        "check", "enum",   "enum value"};
    static const char *const ways[] = {"missing", "extra", "changed"};
    StrVec lines = {0};
    for (uint32_t i = 0; i < differences->n; i++) {
        const Difference *d = &differences->items[i];
        const DifferencePart *part = d->way == DIFFERENCE_EXTRA ? &d->from : &d->to;
        VEC_PUSH(arena, &lines,
                 str_format(arena, "%s %s " STR_FMT, ways[d->way], kinds[d->kind],
                            STR_ARG(part_name(part))));
    }
    return str_join(arena, lines.items, lines.n, STR("; "));
}

typedef struct {
    Dialect dialect;
    const char *from, *to, *expected;
} Case;

static void check(const Case *c, const char *from, const char *to, const char *expected)
{
    Arena arena = {0};
    Snapshot *a = analyse_sql(&arena, c->dialect, from), *b = analyse_sql(&arena, c->dialect, to);
    DifferenceVec differences = schema_diff(&arena, a->database.schema, b->database.schema);
    Str found = describe(&arena, &differences);
    if (!str_equal(found, str_from(expected)))
        print_error("from: %s\nto: %s\n", from, to);
    assert_str(found, expected);
    snapshot_release(a);
    snapshot_release(b);
    arena_release(&arena);
}

static const Case cases[] = {
    {PG, "CREATE TABLE a (x int);", "CREATE TABLE a (x int); CREATE TABLE b (y int);",
     "missing table b"},
    {PG, "CREATE TABLE a (x int); CREATE TABLE b (y int);", "CREATE TABLE a (x int);",
     "extra table b"},
    {PG, "CREATE TABLE a (x int, y int);", "CREATE TABLE a (x bigint NOT NULL, z text);",
     "changed type x; changed nullability x; missing column z; extra column y"},
    {PG, "CREATE TABLE a (x int[]);", "CREATE TABLE a (x int);", "changed type x"},
    {PG, "CREATE TABLE a (x varchar(10), y numeric(10,2));",
     "CREATE TABLE a (x varchar(11), y numeric(10,3));", "changed type x; changed type y"},
    {PG, "CREATE TABLE a (x int DEFAULT 1);", "CREATE TABLE a (x int DEFAULT 2);",
     "changed default x"},
    {PG, "CREATE TABLE a (x uuid DEFAULT gen_random_uuid());",
     "CREATE TABLE a (x uuid DEFAULT uuid_generate_v4());", "changed default x"},
    {PG, "CREATE TABLE a (x timestamp DEFAULT now());", "CREATE TABLE a (x timestamp);",
     "changed default x"},
    {PG, "CREATE TABLE a (x int, y int, PRIMARY KEY (x, y));",
     "CREATE TABLE a (x int, y int, PRIMARY KEY (y, x));", "changed key a_pkey"},
    {PG, "CREATE TABLE a (x int UNIQUE);", "CREATE TABLE a (x int);", "extra unique a_x_key"},
    {PG, "CREATE TABLE a (x int, y int); CREATE UNIQUE INDEX i ON a (x) WHERE y > 0;",
     "CREATE TABLE a (x int UNIQUE, y int);", "missing unique a_x_key; extra index i"},
    {PG, "CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x, y);",
     "CREATE TABLE a (x int, y int); CREATE INDEX j ON a (y, x);",
     "missing index j; extra index i"},
    {PG, "CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x, y DESC);",
     "CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x, y);",
     "missing index i; extra index i"},
    {PG, "CREATE TABLE a (x text); CREATE INDEX i ON a USING hash (x);",
     "CREATE TABLE a (x text); CREATE INDEX i ON a (x);", "missing index i; extra index i"},
    {PG, "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int REFERENCES p);",
     "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int REFERENCES p ON DELETE CASCADE);",
     "changed actions a_x_fkey"},
    {PG, "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int);",
     "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int REFERENCES p);",
     "missing foreign key a_x_fkey"},
    {PG, "CREATE TYPE t AS ENUM ('a', 'b');", "CREATE TYPE t AS ENUM ('a', 'c');",
     "missing enum value c; extra enum value b"},
    {PG, "CREATE TABLE a (x int);", "CREATE TABLE a (x int CHECK (x > 0));",
     "missing check a_x_check"},
    {MY, "CREATE TABLE a (x enum('a','b'));", "CREATE TABLE a (x enum('a','b','c'));",
     "changed type x"},
};

static void differences_are_found_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(&cases[i], cases[i].from, cases[i].to, cases[i].expected);
        check(&cases[i], cases[i].from, cases[i].from, "");
        check(&cases[i], cases[i].to, cases[i].to, "");
    }
}

/* Pairs that mean the same. */
static const Case same[] = {
    {PG, "CREATE TABLE a (x serial PRIMARY KEY);",
     "CREATE SEQUENCE s; CREATE TABLE a (x int DEFAULT nextval('s') PRIMARY KEY);", ""},
    {PG, "CREATE TABLE a (x int4, y varchar, z decimal(8, 2), t time(3));",
     "CREATE TABLE a (x integer, y character varying, z numeric(8,2), t time(3) without time "
     "zone);",
     ""},
    {PG, "CREATE TABLE a (x text DEFAULT 'a', y boolean DEFAULT 'true', z numeric DEFAULT 0.50);",
     "CREATE TABLE a (x text DEFAULT 'a'::text, y boolean DEFAULT true, z numeric DEFAULT 0.5);",
     ""},
    {PG, "CREATE TABLE a (x timestamptz DEFAULT now(), y date DEFAULT (CURRENT_DATE));",
     "CREATE TABLE a (x timestamptz DEFAULT CURRENT_TIMESTAMP, y date DEFAULT CURRENT_DATE);", ""},
    {PG, "CREATE TABLE a (x jsonb DEFAULT '{\"a\": 1}');",
     "CREATE TABLE a (x jsonb DEFAULT '{\"a\":1}'::jsonb);", ""},
    {PG, "CREATE TABLE a (x int, CONSTRAINT one CHECK (x >= 0 AND x < 5));",
     "CREATE TABLE a (x int, CONSTRAINT two CHECK (((x >= 0) AND (x < 5))));", ""},
    {PG, "CREATE TABLE a (x text); CREATE INDEX i ON a (lower(x)) WHERE x IS NOT NULL;",
     "CREATE TABLE a (x text); CREATE INDEX j ON a (lower((x)::text)) WHERE (x IS NOT NULL);", ""},
    {PG, "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int REFERENCES p);",
     "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int, CONSTRAINT other "
     "FOREIGN KEY (x) REFERENCES p (i) ON DELETE NO ACTION);",
     ""},
    {MY, "CREATE TABLE a (x int); USE elsewhere;", "CREATE TABLE a (x int); USE elsewhere;", ""},
    {MY, "CREATE TABLE A (X int(11), y tinyint(1) DEFAULT 0);",
     "CREATE TABLE a (x int, y boolean DEFAULT false);", ""},
    {MY,
     "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int, FOREIGN KEY (x) REFERENCES p (i) "
     "ON DELETE RESTRICT);",
     "CREATE TABLE p (i int PRIMARY KEY); CREATE TABLE a (x int, KEY k (x), FOREIGN KEY (x) "
     "REFERENCES p (i));",
     ""},
};

static void what_is_written_differently_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        check(&same[i], same[i].from, same[i].to, "");
        check(&same[i], same[i].to, same[i].from, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_found_both_ways),
        cmocka_unit_test(what_is_written_differently_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
