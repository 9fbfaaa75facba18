/* CREATE TABLE and CREATE INDEX as operations: each part that the text declares. */
#include "unit/lowering.h"

static void create_table(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "CREATE TABLE t (a int)", "create-table t | a integer"},
        {PG, "CREATE TABLE IF NOT EXISTS Foo.\"Bar\" (A int, \"B\" int NOT NULL, c int NULL)",
         "create-table foo.Bar if-not-exists | a integer | B integer notnull | c integer null"},
        {PG,
         "CREATE TEMP TABLE t (a int); CREATE UNLOGGED TABLE t (a int); CREATE FOREIGN TABLE t "
         "(a int) SERVER s",
         "create-table t temporary | a integer\ncreate-table t unlogged | a "
         "integer\ncreate-table t foreign | a integer"},
        {PG,
         "CREATE TABLE t (a int, CONSTRAINT k UNIQUE (a, b DESC), PRIMARY KEY (x) INCLUDE (y), "
         "FOREIGN KEY (a, b) REFERENCES s.u (c, d) MATCH FULL ON DELETE SET NULL (b) ON UPDATE "
         "CASCADE DEFERRABLE INITIALLY DEFERRED)",
         "create-table t | a integer | k:unique(a,b desc) | primary(x) include(y) | "
         "foreign(a,b)->s.u(c,d) delete SET NULL(b) update CASCADE full deferrable deferred"},
        {PG,
         "CREATE TABLE t (UNIQUE NULLS NOT DISTINCT (a) WITH (fillfactor = 70), CHECK (a > 0) NO "
         "INHERIT, CONSTRAINT n NOT NULL f)",
         "create-table t | unique(a) nullsnotdistinct | check other:a > 0 noinherit | "
         "n:notnull(f)"},
        {PG, "CREATE TABLE t (EXCLUDE USING gist (c WITH &&, lower(d) WITH =) WHERE (e > 1))",
         "create-table t | exclude using gist(c with &&,<lower(d)> with =) where other:(e > 1)"},
        {PG, "CREATE TABLE t (LIKE b INCLUDING ALL EXCLUDING COMMENTS, x int) INHERITS (p1, s.p2)",
         "create-table t | x integer | like b defaults indexes inherits p1 inherits s.p2"},
        {PG, "CREATE TABLE t (a int) PARTITION BY RANGE (a, (b + 1))",
         "create-table t | a integer partition by range(a,<(b + 1)>)"},
        {PG, "CREATE TABLE p PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
         "create-table p partition of m [FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')]"},
        {PG,
         "CREATE TABLE p PARTITION OF s.m (CONSTRAINT x CHECK (a > 1)) DEFAULT PARTITION BY HASH "
         "(b)",
         "create-table p | x:check other:a > 1 partition by hash(b) partition of s.m [DEFAULT]"},
        {PG, "CREATE TABLE t AS SELECT a, b FROM x WITH NO DATA", "create-table t as query nodata"},
        {PG, "SELECT a, b INTO TEMP t FROM u", "create-table t temporary as query"},
        {PG,
         "CREATE SCHEMA y\nCREATE TABLE a (b int)\nCREATE VIEW v AS SELECT 1; CREATE TABLE z (a "
         "int)",
         "create-schema y\ncreate-table y.a | b integer\ncreate-view y.v\ncreate-table z | a "
         "integer"},
        {PG,
         "CREATE TABLE averyveryverylongname_averyveryverylongname_averyveryverylongname_x (a "
         "int)",
         "create-table averyveryverylongname_averyveryverylongname_averyveryverylongna | a "
         "integer"},
        {PG, "CREATE TABLE U&\"d\\0061t\\+000061\" (\"a\"\"b\" int)",
         "create-table data | a\"b integer"},
        {PG, "CREATE TABLE {{ index .Options \"Namespace\" }}.users (id int)",
         "create-table {{ index .Options \"Namespace\" }}.users | id integer"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void columns(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "CREATE TABLE t (a text NOT NULL DEFAULT 'x' COLLATE \"C\", b int)",
         "create-table t | a text notnull default string:'x' collate C | b integer"},
        {PG,
         "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE NULLS NOT DISTINCT, c int CONSTRAINT "
         "pos CHECK (c > 0) NO INHERIT, d int CONSTRAINT fk REFERENCES u (x) ON DELETE CASCADE "
         "NOT VALID)",
         "create-table t | a integer primary | b integer unique nullsnotdistinct | c integer "
         "pos:check other:c > 0 noinherit | d integer fk:foreign->u(x) delete CASCADE notvalid"},
        {PG,
         "CREATE TABLE t (a int DEFAULT 1, b text DEFAULT 'it''s'::text, c int DEFAULT -1, d "
         "bool DEFAULT false, e timestamptz DEFAULT now(), f timestamptz DEFAULT "
         "CURRENT_TIMESTAMP, g uuid DEFAULT gen_random_uuid(), h text DEFAULT NULL, i text[] "
         "DEFAULT ARRAY[]::text[], j jsonb DEFAULT '{}'::jsonb, k int DEFAULT (1 + 2), l text "
         "DEFAULT E'a\\nb')",
         "create-table t | a integer default number:1 | b text default string:'it''s'::text | c "
         "integer default number:-1 | d boolean default boolean:false | e timestamp with time "
         "zone default current:now() | f timestamp with time zone default "
         "current:CURRENT_TIMESTAMP | g uuid default call:gen_random_uuid() | h text default "
         "null:NULL | i text[] default other:ARRAY[]::text[] | j jsonb default "
         "string:'{}'::jsonb | k integer default other:(1 + 2) | l text default string:E'a\\nb'"},
        {PG,
         "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED BY DEFAULT AS "
         "IDENTITY (START WITH 5), c int GENERATED ALWAYS AS (a * 2) STORED, d bigserial)",
         "create-table t | a integer identity always | b integer identity default | c integer "
         "stored as other:(a * 2) | d bigint serial"},
        {PG,
         "CREATE TABLE t (a double precision, b character varying(255), c timestamp(3) with time "
         "zone, d numeric(10, 2)[], e bit varying(3), f interval day to second(3), g \"My "
         "Type\", h public.status, i time without time zone, j int ARRAY[3], k text COLLATE "
         "\"C\")",
         "create-table t | a double precision | b character varying(255) | c timestamp(3) with "
         "time zone | d numeric(10,2)[] | e bit varying(3) | f interval day to second(3) | g "
         "\"My Type\" | h status | i time without time zone | j integer[] | k text collate C"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void indexes(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG,
         "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin (a "
         "gin_trgm_ops, b COLLATE \"C\" text_pattern_ops DESC NULLS LAST) INCLUDE (c, d) WITH "
         "(fastupdate = off) WHERE (b IS NOT NULL)",
         "create-index s.t if-not-exists concurrently only unique i using gin(a gin_trgm_ops,b "
         "collate C text_pattern_ops desc nulls last) include(c,d) where other:(b IS NOT NULL)"},
        {PG, "CREATE INDEX ON t ((a), (b -> 'c'), lower((d)::text))",
         "create-index t ?(a,<(b -> 'c')>,<lower((d)::text)>)"},
        {PG,
         "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT; CREATE UNIQUE INDEX IF NOT EXISTS i "
         "ON t (a) NULLS DISTINCT",
         "create-index t unique i(a) nullsnotdistinct\ncreate-index t if-not-exists unique i(a)"},
        {MY,
         "CREATE UNIQUE INDEX i ON t (a(5) ASC, b) USING BTREE; CREATE FULLTEXT INDEX f ON t (c)",
         "create-index t unique i using btree(a(5) asc,b)\ncreate-index t fulltext f(c)"},
        {LITE,
         "CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a COLLATE NOCASE DESC, lower(b)) WHERE c > 1",
         "create-index t if-not-exists unique i(a collate NOCASE desc,<lower(b)>) where other:c "
         "> 1"},
        {MS,
         "CREATE UNIQUE CLUSTERED INDEX [IX] ON [dbo].[t] ([a] ASC, b DESC) INCLUDE ([c]) WHERE "
         "([x] IS NOT NULL) WITH (ONLINE = ON) ON [PRIMARY]",
         "create-index dbo.t unique clustered IX(a asc,b desc) include(c) where other:([x] IS "
         "NOT NULL)"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void mysql(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {MY,
         "CREATE TABLE `db`.`t` (`id` int(11) unsigned NOT NULL AUTO_INCREMENT, a varchar(9) "
         "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'it''s', b timestamp "
         "DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, c enum('x','y') NOT NULL, d int "
         "AS (id + 1) VIRTUAL, e bigint PRIMARY KEY, f text DEFAULT \"q\") ENGINE=InnoDB "
         "AUTO_INCREMENT=5 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='hi'",
         "create-table db.t | id int unsigned notnull auto | a varchar(9) default null:NULL "
         "collate utf8mb4_bin charset utf8mb4 comment 'it's' | b timestamp default "
         "current:CURRENT_TIMESTAMP onupdate current:CURRENT_TIMESTAMP | c enum('x','y') notnull "
         "| d int virtual as other:(id + 1) | e bigint primary | f text default string:\"q\" "
         "engine innodb charset utf8mb4 collate utf8mb4_bin comment 'hi'"},
        {MY,
         "CREATE TABLE t (PRIMARY KEY (id), UNIQUE KEY uk (a(10), b DESC) USING BTREE, KEY k "
         "(a), INDEX (b), FULLTEXT KEY ft (e), SPATIAL INDEX sp (g), KEY fn ((lower(a))), "
         "CONSTRAINT fk FOREIGN KEY (k) REFERENCES u (id) ON UPDATE NO ACTION, CONSTRAINT c "
         "CHECK (f > 1) NOT ENFORCED)",
         "create-table t | primary(id) | uk:unique using btree(a(10),b desc) | "
         "fk:foreign(k)->u(id) update NO ACTION | c:check other:f > 1 notenforced | index k(a) | "
         "index ?(b) | index fulltext ft(e) | index spatial sp(g) | index fn(<(lower(a))>)"},
        {MY, "CREATE TABLE a LIKE b", "create-table a | like b defaults indexes comments"},
        {MY, "/*!40101 CREATE TABLE IF NOT EXISTS t (a int) */ /*!50100 ENGINE=InnoDB */",
         "create-table t if-not-exists | a int engine innodb"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void sqlite(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {LITE,
         "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, a VARCHAR(9) COLLATE "
         "NOCASE, b, c UNSIGNED BIG INT DEFAULT (datetime('now')), [d e] TEXT DEFAULT \"x\", `f` "
         "REAL UNIQUE ON CONFLICT IGNORE, g AS (a || b) STORED, PRIMARY KEY (a, b DESC) ON "
         "CONFLICT REPLACE) WITHOUT ROWID, STRICT",
         "create-table t | id INTEGER notnull auto primary autoincrement | a VARCHAR(9) collate "
         "NOCASE | b ? | c UNSIGNED BIG INT default call:(datetime('now')) | d e TEXT default "
         "string:\"x\" | f REAL unique conflict ignore | g ? stored as other:(a || b) | "
         "primary(a,b desc) conflict replace withoutrowid strict"},
        {LITE,
         "CREATE TEMP TABLE t (a); CREATE TABLE temp.x (a); CREATE VIRTUAL TABLE v USING fts5(a, "
         "b)",
         "create-table t temporary | a ?\ncreate-table temp.x temporary | a ?\nopaque v"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void sql_server(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {MS,
         "CREATE TABLE [dbo].[Orders](\n[Id] [int] IDENTITY(1,1) NOT NULL,\n[Name] "
         "[nvarchar](max) NULL,\n[Price] [decimal](18, 2) NOT NULL CONSTRAINT [DF] DEFAULT "
         "((0)),\n[Total] AS ([Price]*2) PERSISTED,\nCONSTRAINT [PK] PRIMARY KEY CLUSTERED ([Id] "
         "ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY],\nINDEX IX NONCLUSTERED (Name)) ON [PRIMARY] "
         "TEXTIMAGE_ON [PRIMARY]\nGO\nCREATE TABLE #t (a int)",
         "create-table dbo.Orders | Id int notnull auto | Name nvarchar(max) null | Price "
         "decimal(18,2) notnull default number:((0)) | Total ? stored as other:([Price]*2) | "
         "PK:primary(Id asc) clustered | index IX(Name)\ncreate-table #t temporary | a int"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

static void half_typed(void **state)
{
    (void)state;
    static const LowerCase cases[] = {
        {PG, "CREATE TABLE t (a int, b int NOT", "create-table t | a integer | b integer"},
        {PG, "CREATE TABLE t (a int, b varchar(, c text",
         "create-table t | a integer | b character varying"},
        {PG, "CREATE TABLE t (a int, b int NOT, c int)",
         "create-table t | a integer | b integer | c integer"},
        {PG, "CREATE TABLE t (a int, b int REFERENCES", "create-table t | a integer | b integer"},
        {PG, "CREATE TABLE t (a int,", "create-table t | a integer"},
        {PG, "CREATE TABLE ", "unknown"},
        {PG, "CREATE TABLE t (a int,, b text)", "create-table t | a integer | b text"},
        {PG, "ALTER TABLE t ADD COLUMN a int NOT", "add-column t | a integer"},
        {PG, "ALTER TABLE t ADD COLUMN", "opaque t"},
        {PG, "ALTER TABLE t DROP COLUMN a, DROP COLUMN", "drop-column t a\nopaque t"},
        {PG, "CREATE INDEX i ON t (a, lower(", "create-index t i(a,<lower(>)"},
        {PG, "SELECT * FROM", "unknown"},
    };
    check_lowered(cases, COUNT(cases), operations_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_table), cmocka_unit_test(columns), cmocka_unit_test(indexes),
        cmocka_unit_test(mysql),        cmocka_unit_test(sqlite),  cmocka_unit_test(sql_server),
        cmocka_unit_test(half_typed),
    };
    return cmocka_run_group_tests_name("sql_lower_table", tests, NULL, NULL);
}
