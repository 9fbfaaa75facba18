/* lock.h — what an operation costs on a running server.
 *
 * PostgreSQL's lock levels by the reference of each statement and chapter "Explicit
 * Locking"; MySQL's by "Online DDL Operations" of InnoDB. */
#ifndef MODEL_LOCK_H
#define MODEL_LOCK_H

#include "model/schema.h"

typedef enum {
    LOCK_NONE,
    LOCK_ACCESS_SHARE,
    LOCK_ROW_SHARE,
    LOCK_ROW_EXCLUSIVE,
    LOCK_SHARE_UPDATE_EXCLUSIVE,
    LOCK_SHARE,
    LOCK_SHARE_ROW_EXCLUSIVE,
    LOCK_EXCLUSIVE,
    LOCK_ACCESS_EXCLUSIVE,
} LockLevel;

typedef struct {
    LockLevel lock;          /* on the target */
    LockLevel lock_on_other; /* on a referenced table, else LOCK_NONE */
    bool scans;              /* reads every row while the lock is held */
    bool rewrites;           /* writes the table anew while the lock is held */
    bool builds_index;       /* while the lock is held */
    bool blocks_reads, blocks_writes;
    Str note; /* one phrase for people: "rewrites the table", or empty */
} OperationCost;

typedef struct {
    uint32_t major, minor; /* 15.0; MySQL 8.0; 0: the dialect's default */
} ServerVersion;

/* Versions assumed where nothing is configured: PostgreSQL 15, MySQL 8.0, SQLite 3.40. */
ServerVersion server_version_default(Dialect dialect);

OperationCost operation_cost(const Operation *operation, const Schema *before,
                             ServerVersion version);

/* "ACCESS EXCLUSIVE". */
Str lock_name(LockLevel lock);

#endif
