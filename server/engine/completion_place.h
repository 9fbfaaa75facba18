/* completion_place.h — what may be named at a byte of a source, where no other server would know.
 *
 * In SQL: tables behind REFERENCES, FROM, ALTER TABLE and the like, and columns in the parentheses
 * of a reference, an index, an INSERT, or behind ALTER TABLE … DROP COLUMN. In Python:
 * "table.column" in the string of a ForeignKey. Judged by the words before the byte, because what
 * is being typed does not parse. Pure; in time that grows with the statement, of which only the
 * last COMPLETION_MAX_BYTES are looked at. */
#ifndef ENGINE_COMPLETION_PLACE_H
#define ENGINE_COMPLETION_PLACE_H

#include "engine/analyse.h"

enum { COMPLETION_MAX_BYTES = 16 * 1024 };

typedef enum {
    COMPLETE_NOTHING,
    COMPLETE_TABLES,
    COMPLETE_COLUMNS,       /* of `schema`.`table` */
    COMPLETE_TABLE_COLUMNS, /* "table.column" */
} CompletionKind;

typedef struct {
    CompletionKind kind;
    bool is_squawks;   /* COMPLETE_TABLES: squawk's server offers those that the file makes */
    Str schema, table; /* as the database stores them; `schema` may be absent */
    Range typed;       /* in the source: the beginning of the name that is there already */
} CompletionPlace;

CompletionPlace completion_place(Arena *scratch, const Source *source, uint32_t at);

#endif
