/* version.h — the order of migrations, read from their names. Pure. */
#ifndef PROJECT_VERSION_H
#define PROJECT_VERSION_H

#include "base/str.h"

/* Digits compare by value, all else by byte: 9_x before 10_x, 1.2 before 1.10. */
int version_compare(Str a, Str b);

/* "1_users", "0001-users", "20240101120000_users", "2024-01-01 users", "V1", "007": a name that
 * begins with a number of its own. */
bool version_is_numbered(Str name);
/* "0.21", "v1", "2", "1.4.0": nothing but a version. */
bool version_is_whole(Str name);
/* Flyway: V1__x, V1.2__x (versioned), R__x (repeatable), B1__x (baseline), U1__x (undo);
 * '\0' for any other name. */
char version_flyway(Str name);

typedef enum { DIRECTION_NONE, DIRECTION_UP, DIRECTION_DOWN } Direction;
/* By the end of the name: x.up.sql, x-up.sql, x.do.sql, x.down.sql, x-down.sql, x.undo.sql. */
Direction version_direction(Str name);

#endif
