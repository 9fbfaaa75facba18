/* old_names.h — what a name meant before the renames that came after it.
 *
 * For walking a history backwards: `old_names_pass` is told of each operation, the last one
 * first, and from then on the names are those from before it. {.out = arena} is the state behind
 * the last operation, where names mean what they say. */
#ifndef ENGINE_OLD_NAMES_H
#define ENGINE_OLD_NAMES_H

#include "model/schema.h"

typedef struct {
    Arena *out;
    StrMap tables;  /* "schema.name", folded -> Table */
    StrMap columns; /* the table's address and the folded name -> Column */
} OldNames;

/* The table or column of the final schema that is meant; NULL: none that is left. */
const Table *old_names_table(const OldNames *names, const Schema *schema,
                             const QualifiedName *name);
const Column *old_names_column(const OldNames *names, const Table *table, Str name);

void old_names_pass(OldNames *names, const Schema *schema, const Operation *operation);

#endif
