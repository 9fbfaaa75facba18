/* What DO blocks do to the schema, and on what condition. */
#include "unit/lowering.h"

static void do_blocks(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "DO $$ BEGIN CREATE TABLE a (x int); UPDATE b SET c = 1; EXECUTE 'CREATE INDEX i ON t "
         "(a)'; END $$",
         "create-table a do | x integer\nquery b do\ncreate-index t do i(a)"},
        {PG,
         "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'st') THEN CREATE "
         "TYPE st AS ENUM ('a'); ELSE ALTER TYPE st ADD VALUE 'b'; END IF; END $$",
         "create-type st if-not-exists do enum(a)\nadd-enum-value st do conditional 'b'"},
        {PG,
         "DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = "
         "'x') THEN ALTER TABLE t DROP COLUMN x; UPDATE t SET a = 1; END IF; END $$",
         "drop-column t if-exists do x\nquery t do conditional"},
        {PG,
         "DO $$ BEGIN IF (SELECT count(*) FROM t) > 0 THEN ALTER TABLE t ADD COLUMN a int; ELSIF "
         "x THEN DROP TABLE u; ELSE DROP TABLE t; END IF; DROP TABLE v; END $$",
         "add-column t do conditional | a integer\ndrop-table u do conditional\ndrop-table t do "
         "conditional\ndrop-table v do"},
        {PG,
         "DO $$ BEGIN CREATE TYPE x AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; "
         "END $$",
         "create-type x if-not-exists do enum(a)"},
        {PG,
         "DO $$ BEGIN BEGIN ALTER TABLE t ADD COLUMN a int; EXCEPTION WHEN duplicate_column THEN "
         "DROP TABLE z; END; CREATE TABLE b (c int); END $$",
         "add-column t if-not-exists do | a integer\ndrop-table z do conditional\ncreate-table b "
         "do | c integer"},
        {PG,
         "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP ALTER TABLE u DROP COLUMN b; END "
         "LOOP; DROP TABLE w; END $$",
         "query do\ndrop-column u do conditional b\ndrop-table w do"},
        {PG,
         "DO LANGUAGE plpgsql $$ BEGIN PERFORM 1; END $$; DO $$ BEGIN RAISE NOTICE 'x'; END $$; "
         "DO LANGUAGE plperl $$ x $$",
         "query do\nopaque\nopaque"},
        {PG, "DO 'BEGIN ALTER TABLE t ADD COLUMN a text DEFAULT ''x y''; END'",
         "add-column t do | a text default string:'x y'"},
        {PG, "DO $$ BEGIN IF x THEN DROP TABLE a", "drop-table a do conditional"},
        {PG, "DO $$ BEGIN END LOOP; END; END IF; DROP TABLE a; END $$", "drop-table a do"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(do_blocks),
    };
    return cmocka_run_group_tests_name("sql_lower_do", tests, NULL, NULL);
}
