/* dialect.h — the database products Lintel knows. */
#ifndef TEXT_DIALECT_H
#define TEXT_DIALECT_H

#include <stdbool.h>

#include "base/str.h"

typedef enum {
    DIALECT_POSTGRESQL,
    DIALECT_MYSQL, /* and MariaDB */
    DIALECT_SQLITE,
    DIALECT_SQLSERVER,
} Dialect;

enum { N_DIALECTS = 4 };

/* A set of dialects as bits: 1u << DIALECT_X. */
typedef unsigned DialectSet;

enum {
    IN_POSTGRESQL = 1 << DIALECT_POSTGRESQL,
    IN_MYSQL = 1 << DIALECT_MYSQL,
    IN_SQLITE = 1 << DIALECT_SQLITE,
    IN_SQLSERVER = 1 << DIALECT_SQLSERVER,
    IN_EVERY_DIALECT = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
};

/* "postgresql", "mysql", "sqlite", "sqlserver". */
Str dialect_name(Dialect dialect);
/* What people write on a page: "PostgreSQL", … */
Str dialect_title(Dialect dialect);
/* Accepts the names above and common others (postgres, pg, mariadb, sqlite3, mssql, tsql). */
bool dialect_from_name(Str name, Dialect *dialect);
/* True where unquoted and quoted names differ only by case are the same name. */
bool dialect_ignores_case(Dialect dialect);

#endif
