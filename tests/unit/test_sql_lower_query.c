/* What queries touch: tables, columns, conditions, outputs. */
#include "unit/lowering.h"

static void tables_and_joins(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "SELECT * FROM a", "select from a; out *"},
        {PG, "SELECT x FROM a, b AS bb, s.c d", "select from a, comma b bb, comma s.c d; out x"},
        {PG,
         "SELECT * FROM a JOIN b ON a.id = b.a_id LEFT OUTER JOIN c ON c.x = b.y AND c.z > 1 "
         "CROSS JOIN d",
         "select from a, inner b on, left c on, cross d; join 0.id = 1.a_id, 2.x = 1.y 2.z range "
         "'1'; out *"},
        {PG, "SELECT * FROM a RIGHT JOIN b USING (id, k) FULL JOIN c USING (m)",
         "select from a, right b on, full c on; join 2.m =m, 1.id = 0.id, 1.k = 0.k; out *"},
        {PG, "SELECT * FROM a NATURAL JOIN b", "select from a, inner b on; out *"},
        {PG,
         "SELECT * FROM (SELECT x FROM a) s JOIN generate_series(1, 3) g ON true, (VALUES (1)) v "
         "(n)",
         "select from (subquery) s, inner generate_series() g on, comma (values) v; out *; "
         "{select from a; out x}; {select}"},
        {PG, "SELECT * FROM (a JOIN b ON a.x = b.x) LEFT JOIN c ON c.y = a.y",
         "select from a, inner b on, left c on; join 0.x = 1.x, 2.y = 0.y; out *"},
        {PG, "SELECT * FROM a LEFT JOIN LATERAL (SELECT * FROM b WHERE b.x = a.x) l ON true",
         "select from a, left (subquery) l on; out *; {select from b; where 0.x =, ?a.x =; out *}"},
        {PG, "SELECT * FROM /* c */ a, ONLY b", "select from a, comma b; out *"},
        {PG, "SELECT 1 FROM a WHERE a.x = b.y", "select from a; where 0.x =, ?b.y =; out ?column?"},
        {PG, "SELECT a.x FROM a, b WHERE a.x = b.y AND b.z = 1",
         "select from a, comma b; join 0.x = 1.y; where 1.z = '1'; out x"},
        {MS, "SELECT * FROM dbo.a AS A INNER JOIN b ON a.x = B.y",
         "select from dbo.a A, inner b on; join 0.x = 1.y; out *"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void conditions(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "SELECT 1 FROM t WHERE a = 1 AND b <> 'x' AND c > 2 AND d BETWEEN 1 AND 2 AND e IN (1, "
         "2) AND f IS NULL AND g IS NOT NULL AND h",
         "select from t; where 0.a = '1', 0.b <> 'x', 0.c range '2', 0.d range, 0.e in, 0.f "
         "null, 0.g notnull, 0.h = 'true'; out ?column?"},
        {PG,
         "SELECT 1 FROM t WHERE a LIKE 'x%' AND b LIKE '%x' AND c ILIKE 'x%' AND d NOT LIKE 'x' "
         "AND e ~ 'x' AND f SIMILAR TO 'x' AND g LIKE $1",
         "select from t; where 0.a like-prefix 'x%', 0.b like '%x', 0.c like 'x%', 0.d other "
         "'x', 0.e other 'x', 0.f other 'x', 0.g like; out ?column?"},
        {PG, "SELECT 1 FROM t WHERE (a = 1 OR b = 2) AND NOT c = 3 AND d = 4",
         "select from t; where 0.a = '1' or, 0.b = '2' or, 0.c = '3' or, 0.d = '4'; out ?column?"},
        {PG,
         "SELECT 1 FROM t WHERE lower(a) = 'x' AND b::date = '2020-01-01' AND c + 1 > 2 AND "
         "date_trunc('day', d) = $1 AND e COLLATE \"C\" = 'q' AND (f) = 1",
         "select from t; where 0.a wrapped:lower = 'x', 0.b wrapped = '2020-01-01', 0.c wrapped "
         "range '2', 0.d wrapped:date_trunc =, 0.e = 'q', 0.f = '1'; out ?column?"},
        {PG,
         "SELECT 1 FROM t WHERE a @> '{}' AND b && ARRAY[1] AND c -> 'x' = '1' AND d ->> 'k' = "
         "'v' AND e ? 'x' AND f @@ to_tsquery('x')",
         "select from t; where 0.a contains '{}', 0.b contains, 0.c wrapped = '1', 0.d wrapped = "
         "'v', 0.e contains 'x', 0.f contains; out ?column?"},
        {PG,
         "SELECT 1 FROM t WHERE a = ANY($1) AND $2 = ANY(b) AND c <> ALL(ARRAY[1,2]) AND (d, e) "
         "= (1, 2) AND (f, g) IN ((1, 2))",
         "select from t; where 0.a in, 0.b wrapped other, 0.c other, 0.d = '1', 0.e = '2', 0.f "
         "in, 0.g in; out ?column?"},
        {PG,
         "SELECT 1 FROM t WHERE a IS TRUE AND b IS NOT FALSE AND c IS DISTINCT FROM 1 AND d = "
         "CURRENT_DATE AND e > now() - interval '1 day'",
         "select from t; where 0.a = 'true', 0.b <> 'false', 0.c other, 0.d =, 0.e range; out "
         "?column?"},
        {PG,
         "SELECT 1 FROM t WHERE a IN (SELECT x FROM u WHERE u.y = t.z) AND EXISTS (SELECT 1 FROM "
         "v WHERE v.t_id = t.id) AND b = (SELECT max(m) FROM w)",
         "select from t; where 0.a in, 0.b =; out ?column?; {select from u; where 0.y =, ?t.z =; "
         "out x}; {select from v; where 0.t_id =, ?t.id =; out ?column?}; {select from w; out "
         "max}"},
        {PG, "SELECT 1 FROM t WHERE 5 < a AND a = b AND -1 = c AND true",
         "select from t; where 0.a range '5', 0.a =, 0.b =, 0.c = '-1'; out ?column?"},
        {MY, "SELECT 1 FROM t WHERE a = \"x\" AND b <=> NULL AND `c` = 1",
         "select from t; where 0.a = 'x', 0.b =, 0.c = '1'; out 1"},
        {LITE, "SELECT 1 FROM t WHERE a GLOB 'x*' AND b == 1 AND c MATCH 'q'",
         "select from t; where 0.a like-prefix 'x*', 0.b = '1', 0.c contains 'q'; out 1"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void outputs_orders_groups(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "SELECT a, b AS c, t.d, count(*), e::text, CASE WHEN a THEN 1 ELSE f END, 'x', (SELECT "
         "g FROM u), now() AT TIME ZONE 'x', coalesce(h, 1) AS \"I\", t.*, (j).k FROM t",
         "select from t; out a, c, d, count, e::text, f, ?column?, g, timezone, I, t.*, k; "
         "{select from u; out g}"},
        {PG, "SELECT DISTINCT a FROM t ORDER BY a DESC NULLS LAST, lower(b), 3 LIMIT 10 OFFSET 5",
         "select distinct from t; order 0.a desc, 0.b wrapped:lower; limit; out a"},
        {PG,
         "SELECT a.x AS y, count(*) AS n FROM a JOIN b ON a.i = b.i GROUP BY y, b.z HAVING "
         "count(*) > 1 AND b.z = 2 ORDER BY n, y",
         "select from a, inner b on; join 0.i = 1.i 1.z = '2'; group 0.x, 1.z; order 0.x; out y, "
         "n"},
        {PG, "SELECT a FROM t FETCH FIRST 3 ROWS ONLY", "select from t; limit; out a"},
        {PG, "SELECT a FROM t GROUP BY ROLLUP (a, b)",
         "select from t; group 0.a wrapped:rollup, 0.b wrapped:rollup; out a"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void nesting(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "WITH c AS (SELECT * FROM t), d (x) AS (SELECT 1 FROM c) SELECT * FROM c JOIN d ON c.x "
         "= d.x JOIN s.c z ON true",
         "select from c cte, inner d cte on, inner s.c z on; join 0.x = 1.x; out *; {c: select "
         "from t; out *}; {d: select from c cte; out ?column?}"},
        {PG,
         "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n "
         "FROM r",
         "select from r cte; out n; {r: select set; out n; {select; out n}; {select from r cte; "
         "where 0.n range '5'; out ?column?}}"},
        {PG, "WITH m AS (DELETE FROM t WHERE a = 1 RETURNING b) INSERT INTO log SELECT b FROM m",
         "insert from log target; {m: delete from t target; where 0.a = '1'; out b}; {select "
         "from m cte; out b}"},
        {PG,
         "SELECT a FROM t UNION SELECT b FROM u WHERE c = 1 EXCEPT (SELECT d FROM v) ORDER BY 1 "
         "LIMIT 1",
         "select set; limit; out a; {select from t; out a}; {select from u; where 0.c = '1'; out "
         "b}; {select from v; out d}"},
        {PG,
         "(SELECT a FROM t) LIMIT 1; ((SELECT a FROM t WHERE b = 1)); CREATE VIEW v AS (SELECT c "
         "FROM u)",
         "select; limit; out a; {select from t; out a}\nselect from t; where 0.b = '1'; out "
         "a\nselect in-view from u; out c"},
        {PG, "VALUES (1, 2), (3, 4)", "select"},
        {PG, "TABLE t", "select from t"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void writes(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "INSERT INTO s.t (a, b) VALUES (1, 'x'), (2, (SELECT max(c) FROM u)) ON CONFLICT (a) DO "
         "UPDATE SET b = EXCLUDED.b RETURNING id, a AS z",
         "insert values from s.t target; write a,b; out id, z; {select from u; out max}"},
        {PG, "INSERT INTO t SELECT * FROM u WHERE v = 1; INSERT INTO t DEFAULT VALUES",
         "insert from t target; {select from u; where 0.v = '1'; out *}\ninsert from t target"},
        {PG,
         "UPDATE t AS x SET a = 1, (b, c) = (SELECT d, e FROM u), f[1] = 2 FROM w WHERE w.id = "
         "x.w_id AND x.g = 3 RETURNING *",
         "update from t x target, comma w; write a,b,c,f; join 1.id = 0.w_id; where 0.g = '3'; "
         "out *; {select from u; out d, e}"},
        {PG, "UPDATE ONLY t SET a = 1", "update from t target; write a"},
        {PG, "DELETE FROM s.t USING u, v WHERE t.a = u.a AND v.b = 1",
         "delete from s.t target, comma u, comma v; join 0.a = 1.a; where 2.b = '1'"},
        {PG, "DELETE FROM t", "delete from t target"},
        {PG,
         "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = s.a WHEN NOT "
         "MATCHED THEN INSERT (id) VALUES (s.id)",
         "merge from t target, left s on; write a; join 0.id = 1.id; where"},
        {MY,
         "UPDATE t JOIN u ON t.id = u.t_id SET t.a = 1 WHERE u.b = \"x\" ORDER BY t.id LIMIT 5; "
         "DELETE t FROM t JOIN u ON t.x = u.x WHERE t.a = 1; REPLACE INTO t SET a = 1; INSERT "
         "IGNORE INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 2",
         "update from t target, inner u on; write a; join 0.id = 1.t_id; where 1.b = 'x'; order "
         "0.id; limit\ndelete from t target, inner u on; join 0.x = 1.x; where 0.a = '1'\ninsert "
         "values from t target; write a\ninsert values from t target; write a"},
        {LITE, "INSERT OR REPLACE INTO t VALUES (1)", "insert values from t target"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

static void within_other_statements(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "CREATE VIEW v AS SELECT a FROM t WHERE b = 1; CREATE TABLE n AS SELECT a FROM t; "
         "CREATE MATERIALIZED VIEW m AS SELECT 1",
         "select in-view from t; where 0.b = '1'; out a\nselect from t; out a\nselect in-view; "
         "out ?column?"},
        {PG,
         "CREATE POLICY p ON t USING ((SELECT auth.uid()) = u AND EXISTS (SELECT 1 FROM m WHERE "
         "m.t_id = t.id))",
         "select in-view; out uid\nselect in-view from m; where 0.t_id =, ?t.id =; out ?column?"},
        {PG, "EXPLAIN SELECT 1; COPY (SELECT a FROM t) TO STDOUT", "select from t; out a"},
    };
    check_lowered(cases, COUNT(cases), queries_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_and_joins),
        cmocka_unit_test(conditions),
        cmocka_unit_test(outputs_orders_groups),
        cmocka_unit_test(nesting),
        cmocka_unit_test(writes),
        cmocka_unit_test(within_other_statements),
    };
    return cmocka_run_group_tests_name("sql_lower_query", tests, NULL, NULL);
}
