/* outline.h — what an SQL file makes, as a tree of two levels.
 *
 * Tables with their columns, enums with their values, views, indexes, functions, triggers,
 * policies, and what a later statement adds to a table. Model files have outlines by their own
 * servers. Pure; any thread. */
#ifndef ENGINE_OUTLINE_H
#define ENGINE_OUTLINE_H

#include "engine/lower.h"

typedef enum {
    OUTLINE_TABLE,
    OUTLINE_COLUMN,
    OUTLINE_CONSTRAINT,
    OUTLINE_INDEX,
    OUTLINE_VIEW,
    OUTLINE_TYPE,
    OUTLINE_LABEL,
    OUTLINE_FUNCTION,
    OUTLINE_TRIGGER,
    OUTLINE_POLICY,
    OUTLINE_SEQUENCE,
} OutlineKind;

typedef struct {
    OutlineKind kind;
    bool is_child;           /* of the last one before it that is none */
    Str name;                /* not empty */
    Str detail;              /* a column's type, an index's table; may be absent */
    Range whole, name_range; /* bytes of the document; the first holds the second */
} OutlineEntry;
typedef Vec(OutlineEntry) OutlineEntryVec;

/* In text order. */
OutlineEntryVec outline_of(Arena *out, const LoweredFile *file);

#endif
