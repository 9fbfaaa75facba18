#include "syntax/sql_lex.h"
#include "syntax/sql_split.h"

#include "unit/unit.h"

#define PG   DIALECT_POSTGRESQL
#define MY   DIALECT_MYSQL
#define LITE DIALECT_SQLITE
#define MS   DIALECT_SQLSERVER

/* The pieces as one line: statements in [], meta lines in <>, copy data in {}, and the kind
 * of what is open at the end after a !. */
static Str summary(Arena *arena, Str text, Dialect dialect)
{
    static const char *marks[] = {"[]", "<>", "{}"};
    static const char *open[] = {"", "!string", "!name", "!dollar", "!comment"};
    PieceVec pieces = sql_split(arena, text, dialect);
    Str line = STR("");
    for (uint32_t i = 0; i < pieces.n; i++) {
        Piece piece = pieces.items[i];
        Str part = str_slice(text, piece.range.start, piece.range.end);
        line = str_format(arena, STR_FMT "%c" STR_FMT "%c%s", STR_ARG(line), marks[piece.kind][0],
                          STR_ARG(part), marks[piece.kind][1], open[piece.open]);
    }
    return line;
}

typedef struct {
    Dialect dialect;
    const char *text, *pieces;
} Case;

static void check_all(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Arena arena = {0};
        assert_str(summary(&arena, str_from(cases[i].text), cases[i].dialect), cases[i].pieces);
        arena_release(&arena);
    }
}

static void terminators(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "", ""},
        {PG, " ;; ; ", ""},
        {PG, "a; b ;c", "[a][b][c]"},
        {PG, "-- only a comment\n/* and ; another */", ""},
        {PG, "-- before\na /* ; */ b -- after;\n; c", "[a /* ; */ b][c]"},
        {PG,
         "\xEF\xBB\xBF"
         "a;b",
         "[a][b]"},
        {PG, "a\r\n;\r\nb", "[a][b]"},
        {PG, "f(;g)", "[f(][g)]"},
        {PG, "begin; a; end;", "[begin][a][end]"},
        {PG, "GO\na", "[GO\na]"},
        {PG, "insert into t values (e'\\';', 1.5e3, a$b$c) ; d",
         "[insert into t values (e'\\';', 1.5e3, a$b$c)][d]"},
        {PG, "create table t (a text default 'x;',b int)\n\t; d",
         "[create table t (a text default 'x;',b int)][d]"},
        {PG, "select 1e';', 2 -- ;\n, 3; \\d x", "[select 1e';', 2 -- ;\n, 3]<\\d x>"},
        {MY, "select `a;`, @b, 1 # ;\n; d", "[select `a;`, @b, 1][d]"},
    };
    check_all(cases, COUNT(cases));
}

static void quotes(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "';'';' ; b", "[';'';'][b]"},
        {PG, "'\\'; b", "['\\'][b]"},
        {PG, "E'\\';' ; b", "[E'\\';'][b]"},
        {PG, "ae'\\'; b", "[ae'\\'][b]"},
        {PG, "\";\"\";\"; b", "[\";\"\";\"][b]"},
        {PG, "$$;$$; b", "[$$;$$][b]"},
        {PG, "$a$;$$;$b$;$a$; b", "[$a$;$$;$b$;$a$][b]"},
        {PG, "a$b$; c$b$", "[a$b$][c$b$]"},
        {PG, "$1; $2", "[$1][$2]"},
        {PG, "/* /* ; */ ; */ a; b", "[a][b]"},
        {PG, "a[1;2", "[a[1][2]"},
        {MY, "'\\';'; b", "['\\';'][b]"},
        {MY, "\"\\\";\"; b", "[\"\\\";\"][b]"},
        {MY, "`;``;`; b", "[`;``;`][b]"},
        {MY, "a # ; \n; b", "[a][b]"},
        {MY, "a --b; c", "[a --b][c]"},
        {MY, "a -- b; c", "[a]"},
        {MY, "/* /* ; */ a; b", "[a][b]"},
        {MY, "$$;$$", "[$$][$$]"},
        {LITE, "[;]; `;`; b", "[[;]][`;`][b]"},
        {LITE, "'\\'; b", "['\\'][b]"},
        {MS, "[a]];b]; c", "[[a]];b]][c]"},
        {MS, "N';'; c", "[N';'][c]"},
        {PG, "{{ index .O \"N;\" }}.t; b", "[{{ index .O \"N;\" }}.t][b]"},
        {PG, "${a;}; #{b;}", "[${a;}][#{b;}]"},
        {PG, "{{ a\n ; b", "[{{ a][b]"},
    };
    check_all(cases, COUNT(cases));
}

static void unterminated(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "a; b 'c; d", "[a][b 'c; d]!string"},
        {PG, "a; b \"c; d", "[a][b \"c; d]!name"},
        {PG, "a; $x$ b; $y$ c", "[a][$x$ b; $y$ c]!dollar"},
        {PG, "a; /* b; /* */ c", "[a][/* b; /* */ c]!comment"},
        {PG, "E'\\", "[E'\\]!string"},
        {PG, "'", "[']!string"},
        {MY, "`a", "[`a]!name"},
        {MS, "[a", "[[a]!name"},
    };
    check_all(cases, COUNT(cases));
    Arena arena = {0};
    PieceVec pieces = sql_split(&arena, STR("a;\nb 'c"), DIALECT_POSTGRESQL);
    assert_int_equal(pieces.items[1].open_at, 5);
    arena_release(&arena);
}

static void bodies(void **state)
{
    (void)state;
    static const Case cases[] = {
        {LITE, "CREATE TRIGGER t BEGIN a; SELECT CASE WHEN 1 THEN 2 END; b; END; c",
         "[CREATE TRIGGER t BEGIN a; SELECT CASE WHEN 1 THEN 2 END; b; END][c]"},
        {LITE, "create temp trigger if not exists t begin a; end; c",
         "[create temp trigger if not exists t begin a; end][c]"},
        {LITE, "BEGIN; CREATE TABLE trigger_x (a); END; c",
         "[BEGIN][CREATE TABLE trigger_x (a)][END][c]"},
        {MY,
         "CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE x WHEN 1 THEN c; END CASE; "
         "l: LOOP LEAVE l; END LOOP; BEGIN d; END; END; e",
         "[CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; CASE x WHEN 1 THEN c; END CASE; "
         "l: LOOP LEAVE l; END LOOP; BEGIN d; END; END][e]"},
        {MY, "CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1; c",
         "[CREATE DEFINER=`a`@`b` TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1][c]"},
        {PG, "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END; c",
         "[CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; END][c]"},
        {PG, "CREATE FUNCTION begin_x() AS 'a;' ; b", "[CREATE FUNCTION begin_x() AS 'a;'][b]"},
        {PG, "CREATE RULE r AS ON INSERT TO t DO (a; b); c",
         "[CREATE RULE r AS ON INSERT TO t DO (a; b)][c]"},
        {PG, "CREATE TABLE rule (a int; b", "[CREATE TABLE rule (a int][b]"},
        {LITE, "CREATE TRIGGER t BEGIN a; END", "[CREATE TRIGGER t BEGIN a; END]"},
        {LITE, "CREATE TRIGGER t BEGIN a; END -- b", "[CREATE TRIGGER t BEGIN a; END]"},
        /* a body without END costs itself alone */
        {LITE, "CREATE TRIGGER t BEGIN a; b; c", "[CREATE TRIGGER t BEGIN a][b][c]"},
        {PG, "CREATE RULE r AS DO (a; b; c", "[CREATE RULE r AS DO (a][b][c]"},
        {LITE, "CREATE TRIGGER t BEGIN a; b 'c", "[CREATE TRIGGER t BEGIN a][b 'c]!string"},
    };
    check_all(cases, COUNT(cases));
}

static void mysql_client(void **state)
{
    (void)state;
    static const Case cases[] = {
        {MY, "DELIMITER $$\nCREATE PROCEDURE p() BEGIN a; END$$\ndelimiter ;\nb; c",
         "<DELIMITER $$>[CREATE PROCEDURE p() BEGIN a; END]<delimiter ;>[b][c]"},
        {MY, "DELIMITER //\na; b // c; d //\n", "<DELIMITER //>[a; b][c; d]"},
        {MY, "DELIMITER ;;\na; b;;\nDELIMITER ;\n", "<DELIMITER ;;>[a; b]<DELIMITER ;>"},
        {MY, "/*!40101 SET a = 1 */; b /*!1 c; */ d; e",
         "[/*!40101 SET a = 1 */][b /*!1 c; */ d][e]"},
        {MY, "DELIMITER $$\n'a$$' $$ b", "<DELIMITER $$>['a$$'][b]"},
    };
    check_all(cases, COUNT(cases));
}

static void psql(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "\\connect x\na; \\echo 'it\nb", "<\\connect x>[a]<\\echo 'it>[b]"},
        {PG, "select 1 \\gexec\nb", "[select 1]<\\gexec>[b]"},
        {PG, "COPY t (a) FROM stdin;\n1\t';\n2\n\\.\nb; c",
         "[COPY t (a) FROM stdin]{1\t';\n2\n\\.}[b][c]"},
        {PG, "COPY t FROM STDIN WITH (FORMAT csv);\r\n1\r\n\\.\r\nb",
         "[COPY t FROM STDIN WITH (FORMAT csv)]{1\r\n\\.}[b]"},
        {PG, "COPY t FROM stdin;\n\\.\nb", "[COPY t FROM stdin]{\\.}[b]"},
        {PG, "\\copy t from stdin csv\n1\n\\.\nb", "<\\copy t from stdin csv>{1\n\\.}[b]"},
        {PG, "\\copy t from 'f'\n1\n\\.\nb", "<\\copy t from 'f'>[1]<\\.>[b]"},
        /* no end of data: the statement is alone */
        {PG, "COPY t FROM STDIN; b; c", "[COPY t FROM STDIN][b][c]"},
        {PG, "COPY t FROM STDIN;\nb; c", "[COPY t FROM STDIN][b][c]"},
        {PG, "COPY t TO STDIN;\nb;\n\\.", "[COPY t TO STDIN][b]<\\.>"},
    };
    check_all(cases, COUNT(cases));
}

static void sql_server(void **state)
{
    (void)state;
    static const Case cases[] = {
        {MS, "a\nGO\nb\n go 5 \nc", "[a]<GO>[b]<go 5>[c]"},
        {MS, "SELECT go FROM t\nGO", "[SELECT go FROM t]<GO>"},
        {MS, "CREATE PROC p AS\nBEGIN\nSELECT 1;\nEND;\nSELECT 2;\nGO\na",
         "[CREATE PROC p AS\nBEGIN\nSELECT 1;\nEND;\nSELECT 2;]<GO>[a]"},
        {MS, "ALTER TABLE a\nDROP CONSTRAINT b\nCREATE TABLE c (d int)\nCREATE INDEX i ON c (d)",
         "[ALTER TABLE a\nDROP CONSTRAINT b][CREATE TABLE c (d int)][CREATE INDEX i ON c (d)]"},
        {MS, "IF NOT EXISTS (SELECT 1)\nBEGIN\nCREATE TABLE c (\nd int)\nEND\nSET NOCOUNT ON",
         "[IF NOT EXISTS (SELECT 1)\nBEGIN][CREATE TABLE c (\nd int)][END][SET NOCOUNT ON]"},
        {MS, "SELECT CASE\nWHEN a THEN b\nEND\nFROM c",
         "[SELECT CASE\nWHEN a THEN b\nEND\nFROM c]"},
        {MS,
         "MERGE t USING s ON a\nWHEN MATCHED THEN\nUPDATE SET b = 1\nWHEN NOT MATCHED THEN\n"
         "INSERT (b) VALUES (1);c",
         "[MERGE t USING s ON a\nWHEN MATCHED THEN\nUPDATE SET b = 1\nWHEN NOT MATCHED THEN\n"
         "INSERT (b) VALUES (1)][c]"},
    };
    check_all(cases, COUNT(cases));
}

/* Pieces are in order, do not overlap, begin and end with something, whatever the text. */
static void any_text_is_covered(void **state)
{
    (void)state;
    static const char alphabet[] = "a;'\"`[]()$-/*#\\\n {}E.BEGIN END CASE COPY FROM STDIN; GO\n";
    uint32_t random = 12345;
    for (int round = 0; round < 4000; round++) {
        char bytes[96];
        uint32_t length = 0;
        while (length < 80) {
            random = random * 1664525u + 1013904223u;
            uint32_t from = (random >> 8) % (uint32_t)(sizeof alphabet - 1);
            uint32_t run = (random >> 24) % 3 == 0 ? 6 : 1;
            for (uint32_t i = from; i < sizeof alphabet - 1 && run > 0; i++, run--)
                bytes[length++] = alphabet[i];
        }
        for (int dialect = 0; dialect < N_DIALECTS; dialect++) {
            Arena arena = {0};
            Str text = str_of(bytes, length);
            PieceVec pieces = sql_split(&arena, text, (Dialect)dialect);
            uint32_t before = 0;
            for (uint32_t i = 0; i < pieces.n; i++) {
                Range range = pieces.items[i].range;
                assert_true(before <= range.start && range.start < range.end &&
                            range.end <= length);
                before = range.end;
            }
            arena_release(&arena);
        }
    }
}

static void comments(void **state)
{
    (void)state;
    static const struct {
        Dialect dialect;
        const char *text, *found;
    } cases[] = {
        {PG, "a -- lint x\n'-- lint' /* lint\n */ -- other\n", "|-- lint x|/* lint\n */"},
        {PG, "do $$ -- lint 1\n begin /* lint 2 */ end '-- lint' $$ -- lint 3",
         "|-- lint 1|/* lint 2 */|-- lint 3"},
        {PG, "# lint", ""},
        {MY, "# lint\r\n`#lint`", "|# lint"},
        {PG, "/* lint", "|/* lint"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        Str text = str_from(cases[i].text);
        RangeVec found = sql_comments_with(&arena, text, cases[i].dialect, STR("lint"));
        Str line = STR("");
        for (uint32_t k = 0; k < found.n; k++) {
            Str part = str_slice(text, found.items[k].start, found.items[k].end);
            line = str_format(&arena, STR_FMT "|" STR_FMT, STR_ARG(line), STR_ARG(part));
        }
        assert_str(line, cases[i].found);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terminators),  cmocka_unit_test(quotes),
        cmocka_unit_test(unterminated), cmocka_unit_test(bodies),
        cmocka_unit_test(mysql_client), cmocka_unit_test(psql),
        cmocka_unit_test(sql_server),   cmocka_unit_test(any_text_is_covered),
        cmocka_unit_test(comments),
    };
    return cmocka_run_group_tests_name("sql_split", tests, NULL, NULL);
}
