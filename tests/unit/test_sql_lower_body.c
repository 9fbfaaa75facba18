/* Queries within functions, procedures and triggers. */
#include "unit/lowering.h"

static void plpgsql_functions(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nDECLARE x int := (SELECT "
         "max(id) FROM t0); c CURSOR FOR SELECT * FROM cur WHERE a = 1;\nBEGIN\nIF EXISTS "
         "(SELECT 1 FROM t1) THEN UPDATE t2 SET b = 1;\nELSIF x > 1 THEN DELETE FROM t3;\nELSE "
         "PERFORM g(z) FROM t4 WHERE q = 2; END IF;\nCREATE TABLE nope (a int);\nEND $$",
         "select in-function from t0; out max\nselect in-function from cur; where 0.a = '1'; out "
         "*\nselect in-function from t1; out ?column?\nupdate in-function from t2 target; write "
         "b\ndelete in-function from t3 target\nselect in-function from t4; where 0.q = '2'; out "
         "g"},
        {PG,
         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN FOR r IN SELECT * FROM t5 "
         "LOOP INSERT INTO t6 (a) VALUES (r.a) RETURNING id INTO x; SELECT y INTO x FROM t7; END "
         "LOOP; FOR i IN 1..10 LOOP NULL; END LOOP; SELECT 1 FROM t8; WHILE x < (SELECT count(*) "
         "FROM t9) LOOP x := (SELECT 1 FROM t10); END LOOP; END $$",
         "select in-function from t5; out *\ninsert in-function in-loop values from t6 target; "
         "write a; out id\nselect in-function in-loop from t7; out y\nselect in-function from "
         "t8; out ?column?\nselect in-function from t9; out count\nselect in-function in-loop "
         "from t10; out ?column?"},
        {PG,
         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'UPDATE t SET a = "
         "''b'' WHERE c = 1'; EXECUTE format('DELETE FROM u WHERE x = 1'); EXECUTE "
         "format('DELETE FROM %I', 'x'); EXECUTE 'DELETE FROM ' || n; RETURN QUERY SELECT * FROM "
         "v; RETURN (SELECT 1 FROM w); END $$",
         "update in-function from t target; write a; where 0.c = '1'\ndelete in-function from u "
         "target; where 0.x = '1'\nselect in-function from v; out *\nselect in-function from w; "
         "out ?column?"},
        {PG,
         "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ <<l>> BEGIN CASE x WHEN 1 THEN "
         "UPDATE a SET b = 1; ELSE UPDATE c SET d = 1; END CASE; BEGIN NULL; EXCEPTION WHEN "
         "OTHERS THEN INSERT INTO e SELECT * FROM g; END; OPEN cur FOR SELECT 1 FROM h; END $$",
         "update in-function from a target; write b\nupdate in-function from c target; write "
         "d\ninsert in-function from e target; {select in-function from g; out *}\nselect "
         "in-function from h; out ?column?"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void other_bodies(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "CREATE FUNCTION g() RETURNS int AS 'SELECT * FROM t WHERE c = ''x''; DELETE FROM u' "
         "LANGUAGE sql",
         "select in-function from t; where 0.c = 'x'; out *\ndelete in-function from u target"},
        {PG,
         "CREATE FUNCTION i() RETURNS int RETURN (SELECT max(a) FROM t); CREATE FUNCTION j() "
         "RETURNS int BEGIN ATOMIC SELECT 1 FROM t; SELECT 2 FROM u; END",
         "select in-function from t; out max\nselect in-function from t; out ?column?\nselect "
         "in-function from u; out ?column?"},
        {PG, "CREATE FUNCTION k() RETURNS int LANGUAGE plpython3u AS $$ SELECT 1 FROM t $$", ""},
        {MY,
         "CREATE PROCEDURE p(IN a INT) BEGIN DECLARE done INT DEFAULT 0; DECLARE c CURSOR FOR "
         "SELECT id FROM t1; DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1; OPEN c; l: "
         "LOOP FETCH c INTO a; IF done THEN LEAVE l; END IF; UPDATE t2 SET x = a; END LOOP; "
         "WHILE a > 0 DO INSERT INTO t3 VALUES (1); END WHILE; REPEAT DELETE FROM t4; UNTIL a "
         "END REPEAT; SELECT count(*) INTO b FROM t5; END",
         "select in-function from t1; out id\nupdate in-function in-loop from t2 target; write "
         "x\ninsert in-function in-loop values from t3 target\ndelete in-function in-loop from "
         "t4 target\nselect in-function from t5; out count(*)"},
        {MY,
         "CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW BEGIN IF NEW.a <> OLD.a THEN UPDATE u "
         "SET b = 1 WHERE id = NEW.id; END IF; END; CREATE TRIGGER t2 BEFORE INSERT ON t FOR "
         "EACH ROW SET NEW.a = (SELECT max(x) FROM y)",
         "update in-function from u target; write b; where 0.id =, ?NEW.id =\nselect in-function "
         "from y; out max(x)"},
        {LITE,
         "CREATE TRIGGER tr AFTER DELETE ON t BEGIN UPDATE u SET a = CASE WHEN old.x THEN 1 END; "
         "DELETE FROM v WHERE id = old.id; END",
         "update in-function from u target; write a\ndelete in-function from v target; where "
         "0.id =, ?old.id ="},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plpgsql_functions),
        cmocka_unit_test(other_bodies),
    };
    return cmocka_run_group_tests_name("sql_lower_body", tests, NULL, NULL);
}
