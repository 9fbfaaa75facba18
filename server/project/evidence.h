/* evidence.h — what a text shows of itself: its dialect, and what its statements do.
 *
 * One pass without memory that knows comments, strings and dollar quotes. A guess by design:
 * configuration and layout are asked first. */
#ifndef PROJECT_EVIDENCE_H
#define PROJECT_EVIDENCE_H

#include "text/dialect.h"

/* Products whose SQL we do not read (ClickHouse, Oracle, Snowflake, BigQuery, ...). */
enum { DIALECT_FOREIGN = N_DIALECTS, N_EVIDENCE };

typedef struct {
    uint32_t score[N_EVIDENCE]; /* weight of what only this dialect writes */
    bool defines;               /* a CREATE, ALTER, DROP or the like */
    bool queries;               /* a SELECT, UPDATE, DELETE, MERGE */
    bool fills;                 /* an INSERT or COPY */
} Evidence;

/* Adds what the first 64 KiB of `text` show. */
void evidence_add(Evidence *evidence, Str text);

/* The dialect with the highest score; false where nothing was seen (then PostgreSQL). */
bool evidence_dialect(const Evidence *evidence, Dialect *dialect);

/* More of the text is some other product's than any of our dialects'. */
bool evidence_is_foreign(const Evidence *evidence);

#endif
