/* parts.h — the part of a migration file that migrating upwards runs.
 *
 * dbmate, goose (and sql-migrate) and node-pg-migrate keep both directions in one file,
 * behind marker comments. The other direction is blanked, byte by byte, so that every
 * position stays. Pure. */
#ifndef PROJECT_PARTS_H
#define PROJECT_PARTS_H

#include "project/project.h"

/* By the markers at the beginnings of lines; PARTS_ALL where there are none. */
MigrationParts parts_detect(Str text);

/* A text of the same length; NULL where all of it counts. */
char *parts_blank(Arena *out, Str text, MigrationParts parts);

/* What the markers say of the transaction: NONE for "-- +goose NO TRANSACTION",
 * "transaction:false" (dbmate), "-- no-transaction" (sqlx), "-- atlas:txmode none";
 * `otherwise` where they say nothing. */
TransactionMode parts_transactions(Str text, TransactionMode otherwise);

#endif
