#include "text/dialect.h"

#include <stddef.h>

#include "base/panic.h"

Str dialect_name(Dialect dialect)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return STR("postgresql");
    case DIALECT_MYSQL:
        return STR("mysql");
    case DIALECT_SQLITE:
        return STR("sqlite");
    case DIALECT_SQLSERVER:
        return STR("sqlserver");
    }
    UNREACHABLE();
}

Str dialect_title(Dialect dialect)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return STR("PostgreSQL");
    case DIALECT_MYSQL:
        return STR("MySQL");
    case DIALECT_SQLITE:
        return STR("SQLite");
    case DIALECT_SQLSERVER:
        return STR("SQL Server");
    }
    UNREACHABLE();
}

bool dialect_from_name(Str name, Dialect *dialect)
{
    static const struct {
        const char *name;
        Dialect dialect;
    } names[] = {
        {"postgresql", DIALECT_POSTGRESQL}, {"postgres", DIALECT_POSTGRESQL},
        {"pg", DIALECT_POSTGRESQL},         {"psql", DIALECT_POSTGRESQL},
        {"pgsql", DIALECT_POSTGRESQL},      {"cockroachdb", DIALECT_POSTGRESQL},
        {"supabase", DIALECT_POSTGRESQL},   {"mysql", DIALECT_MYSQL},
        {"mariadb", DIALECT_MYSQL},         {"sqlite", DIALECT_SQLITE},
        {"sqlite3", DIALECT_SQLITE},        {"sqlserver", DIALECT_SQLSERVER},
        {"mssql", DIALECT_SQLSERVER},       {"tsql", DIALECT_SQLSERVER},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_ignore_case(name, str_from(names[i].name))) {
            *dialect = names[i].dialect;
            return true;
        }
    }
    return false;
}

bool dialect_ignores_case(Dialect dialect)
{
    /* MySQL's table names follow the file system; its column names never count case. Two tables
     * that differ by case alone would break on half of the machines, so they are one here. */
    return dialect != DIALECT_POSTGRESQL;
}
