/* row_size.h — how many bytes a row and an index entry take on disk.
 *
 * PostgreSQL: exact for fixed-size columns (heap tuple header, null bitmap, alignment of each
 * column, line pointer; pages of 8 kB); values of unknown length are taken from the column's
 * name, default and limit, and mark the result as an estimate. Other databases: estimates.
 * Owns nothing; any thread. */
#ifndef MODEL_ROW_SIZE_H
#define MODEL_ROW_SIZE_H

#include "model/schema.h"

typedef struct {
    uint32_t bytes;       /* of a row on its page: header, columns, padding, line pointer */
    uint32_t padding;     /* bytes between columns that alignment leaves empty */
    uint32_t saving;      /* what the best order of the columns would save a row; often 0, as rows
                           * are rounded up to 8 bytes */
    const Column *padded; /* the column with the most padding before it, or NULL */
    uint32_t padded_bytes;
    bool is_estimate;
} RowSize;

RowSize row_size(const Table *table, Dialect dialect);

/* Bytes of one index entry on its page. */
uint32_t index_entry_size(const Index *index, Dialect dialect, bool *is_estimate);

/* Bytes of so many rows, and of an index over them (PostgreSQL: as built, 90 % full). */
uint64_t table_bytes(RowSize size, Dialect dialect, uint64_t n_rows);
uint64_t index_bytes(uint32_t entry_size, Dialect dialect, uint64_t n_rows);

#endif
