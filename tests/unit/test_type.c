/* Types: canonical names as PostgreSQL 15's format_type and MySQL 8's COLUMN_TYPE print them, and
 * the changes that PostgreSQL 15 was seen to make without a new relfilenode. */
#include "model/type.h"
#include "unit/unit.h"

static void canonical_names_are_the_databases(void **state)
{
    (void)state;
    static const struct {
        Dialect dialect;
        const char *written, *canonical;
        TypeFamily family;
    } cases[] = {
        {DIALECT_POSTGRESQL, "varchar(255)", "character varying(255)", TYPE_VARCHAR},
        {DIALECT_POSTGRESQL, "VARCHAR", "character varying", TYPE_VARCHAR},
        {DIALECT_POSTGRESQL, "char", "character(1)", TYPE_CHAR},
        {DIALECT_POSTGRESQL, "bpchar", "bpchar", TYPE_CHAR},
        {DIALECT_POSTGRESQL, "\"char\"", "\"char\"", TYPE_CHAR},
        {DIALECT_POSTGRESQL, "numeric(10, 2)", "numeric(10,2)", TYPE_NUMERIC},
        {DIALECT_POSTGRESQL, "decimal(5)", "numeric(5,0)", TYPE_NUMERIC},
        {DIALECT_POSTGRESQL, "numeric(5,-2)", "numeric(5,-2)", TYPE_NUMERIC},
        {DIALECT_POSTGRESQL, "int4", "integer", TYPE_INTEGER},
        {DIALECT_POSTGRESQL, "bigserial", "bigint", TYPE_BIGINT},
        {DIALECT_POSTGRESQL, "float(24)", "real", TYPE_REAL},
        {DIALECT_POSTGRESQL, "float", "double precision", TYPE_DOUBLE},
        {DIALECT_POSTGRESQL, "timestamp(3)", "timestamp(3) without time zone", TYPE_TIMESTAMP},
        {DIALECT_POSTGRESQL, "timestamp (3) with time zone", "timestamp(3) with time zone",
         TYPE_TIMESTAMP},
        {DIALECT_POSTGRESQL, "timestamptz", "timestamp with time zone", TYPE_TIMESTAMP},
        {DIALECT_POSTGRESQL, "timetz", "time with time zone", TYPE_TIME},
        {DIALECT_POSTGRESQL, "bit", "bit(1)", TYPE_BIT},
        {DIALECT_POSTGRESQL, "bit varying(5)", "bit varying(5)", TYPE_VARBIT},
        {DIALECT_POSTGRESQL, "interval day to second(3)", "interval day to second(3)",
         TYPE_INTERVAL},
        {DIALECT_POSTGRESQL, "text[][]", "text[]", TYPE_TEXT},
        {DIALECT_POSTGRESQL, "integer array[4]", "integer[]", TYPE_INTEGER},
        {DIALECT_POSTGRESQL, "pg_catalog.int8", "bigint", TYPE_BIGINT},
        {DIALECT_POSTGRESQL, "public.\"Role\"", "\"Role\"", TYPE_OTHER},
        {DIALECT_POSTGRESQL, "app.role", "app.role", TYPE_OTHER},
        {DIALECT_POSTGRESQL, "\"order\"[]", "\"order\"[]", TYPE_OTHER},
        {DIALECT_POSTGRESQL, "vector(1536)", "vector(1536)", TYPE_VECTOR},
        {DIALECT_POSTGRESQL, "public.citext", "citext", TYPE_TEXT},
        {DIALECT_MYSQL, "INT(11)", "int", TYPE_INTEGER},
        {DIALECT_MYSQL, "int(10) unsigned", "int unsigned", TYPE_INTEGER},
        {DIALECT_MYSQL, "TINYINT(1)", "tinyint(1)", TYPE_BOOLEAN},
        {DIALECT_MYSQL, "tinyint(4)", "tinyint", TYPE_TINYINT},
        {DIALECT_MYSQL, "bool", "tinyint(1)", TYPE_BOOLEAN},
        {DIALECT_MYSQL, "decimal", "decimal(10,0)", TYPE_NUMERIC},
        {DIALECT_MYSQL, "numeric(8,2)", "decimal(8,2)", TYPE_NUMERIC},
        {DIALECT_MYSQL, "enum('a', 'it''s')", "enum('a','it's')", TYPE_ENUM},
        {DIALECT_MYSQL, "datetime(6)", "datetime(6)", TYPE_TIMESTAMP},
        {DIALECT_MYSQL, "char", "char(1)", TYPE_CHAR},
        {DIALECT_MYSQL, "text(70000)", "mediumtext", TYPE_TEXT},
        {DIALECT_MYSQL, "serial", "bigint unsigned", TYPE_BIGINT},
        {DIALECT_MYSQL, "year(4)", "year", TYPE_YEAR},
        {DIALECT_SQLITE, "VARCHAR(255)", "VARCHAR(255)", TYPE_VARCHAR},
        {DIALECT_SQLITE, "INTEGER", "INTEGER", TYPE_BIGINT},
        {DIALECT_SQLITE, "LONGTEXT", "LONGTEXT", TYPE_TEXT},
        {DIALECT_SQLITE, "", "", TYPE_UNKNOWN},
        {DIALECT_SQLSERVER, "nvarchar(max)", "nvarchar(max)", TYPE_TEXT},
        {DIALECT_SQLSERVER, "[decimal](18, 2)", "decimal(18,2)", TYPE_NUMERIC},
        {DIALECT_SQLSERVER, "datetime2", "datetime2(7)", TYPE_TIMESTAMP},
        {DIALECT_SQLSERVER, "bit", "bit", TYPE_BOOLEAN},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ColumnType type = type_parse(&arena, cases[i].dialect, str_from(cases[i].written));
        assert_str(type.canonical, cases[i].canonical);
        if (type.family != cases[i].family)
            print_error("family of %s\n", cases[i].written);
        assert_int_equal(type.family, cases[i].family);
    }
    arena_release(&arena);
}

static void nothing_is_too_broken_to_read(void **state)
{
    (void)state;
    static const char *const broken[] = {"(",          ")",
                                         "(((((",      "numeric(",
                                         "numeric(,)", "\"",
                                         "enum('",     "[[[[",
                                         "a.b.c",      "int)))((",
                                         "'",          ".",
                                         "enum('\\",   "numeric(99999999999999999999,1)"};
    Arena arena = {0};
    for (int dialect = 0; dialect < N_DIALECTS; dialect++) {
        for (size_t i = 0; i < COUNT(broken); i++) {
            ColumnType type = type_parse(&arena, (Dialect)dialect, str_from(broken[i]));
            uint32_t alignment;
            bool is_estimate;
            assert_true(type_size(&type, (Dialect)dialect, &alignment, &is_estimate) < 100000);
            assert_true(alignment > 0);
        }
    }
    arena_release(&arena);
}

static void a_change_is_free_where_no_byte_changes(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        bool is_free;
    } cases[] = {
        {"varchar(10)", "varchar(20)", true},
        {"varchar(20)", "varchar(10)", false},
        {"varchar(20)", "varchar", true},
        {"varchar(20)", "text", true},
        {"text", "varchar", true},
        {"text", "varchar(20)", false},
        {"char(10)", "varchar(10)", false},
        {"char(10)", "text", false},
        {"char(10)", "char(20)", false},
        {"citext", "text", true},
        {"text", "citext", true},
        {"int", "bigint", false},
        {"int", "oid", true},
        {"numeric(10,2)", "numeric(12,2)", true},
        {"numeric(10,2)", "numeric(12,4)", false},
        {"numeric(10,2)", "numeric", true},
        {"numeric", "numeric(10,2)", false},
        {"timestamp(3)", "timestamp", true},
        {"timestamp", "timestamp(3)", false},
        {"timestamp(3)", "timestamp(6)", true},
        {"timestamp", "timestamptz", false},
        {"time(3)", "time", true},
        {"interval(3)", "interval", true},
        {"interval", "interval(3)", false},
        {"cidr", "inet", true},
        {"inet", "cidr", false},
        {"bit(3)", "bit varying", true},
        {"bit varying(3)", "bit varying(5)", true},
        {"bit varying(5)", "bit varying(3)", false},
        {"xml", "text", true},
        {"json", "jsonb", false},
        {"text[]", "varchar[]", false},
        {"int[]", "bigint[]", false},
        {"date", "timestamp", false},
        {"text", "text", true},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ColumnType from = type_parse(&arena, DIALECT_POSTGRESQL, str_from(cases[i].from));
        ColumnType to = type_parse(&arena, DIALECT_POSTGRESQL, str_from(cases[i].to));
        bool scans;
        bool is_free = type_change_is_free(&from, &to, &scans);
        if (is_free != cases[i].is_free)
            print_error("%s to %s\n", cases[i].from, cases[i].to);
        assert_int_equal(is_free, cases[i].is_free);
    }
    arena_release(&arena);
}

static void keys_compare_like_with_like(void **state)
{
    (void)state;
    static const struct {
        Dialect dialect;
        const char *from, *to;
        bool matches;
    } cases[] = {
        {DIALECT_POSTGRESQL, "int", "integer", true},
        {DIALECT_POSTGRESQL, "int", "bigint", false},
        {DIALECT_POSTGRESQL, "serial", "int", true},
        {DIALECT_POSTGRESQL, "varchar(20)", "text", true},
        {DIALECT_POSTGRESQL, "uuid", "text", false},
        {DIALECT_POSTGRESQL, "numeric(10,2)", "numeric", true},
        {DIALECT_POSTGRESQL, "timestamp", "timestamptz", false},
        {DIALECT_POSTGRESQL, "int[]", "int", false},
        {DIALECT_MYSQL, "int unsigned", "int", false},
        {DIALECT_MYSQL, "int(10) unsigned", "int unsigned", true},
        {DIALECT_SQLITE, "INT", "INTEGER", true},
        {DIALECT_SQLITE, "", "INTEGER", true},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ColumnType from = type_parse(&arena, cases[i].dialect, str_from(cases[i].from));
        ColumnType to = type_parse(&arena, cases[i].dialect, str_from(cases[i].to));
        if (type_matches_for_key(&from, &to) != cases[i].matches)
            print_error("%s and %s\n", cases[i].from, cases[i].to);
        assert_int_equal(type_matches_for_key(&from, &to), cases[i].matches);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_names_are_the_databases),
        cmocka_unit_test(nothing_is_too_broken_to_read),
        cmocka_unit_test(a_change_is_free_where_no_byte_changes),
        cmocka_unit_test(keys_compare_like_with_like),
    };
    return cmocka_run_group_tests_name("type", tests, NULL, NULL);
}
