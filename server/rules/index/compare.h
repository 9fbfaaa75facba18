/* compare.h — how two indexes of a table relate: what the index rules share. Pure. */
#ifndef RULES_INDEX_COMPARE_H
#define RULES_INDEX_COMPARE_H

#include "rules/context.h"

enum { MAX_INDEXES_TO_COMPARE = 200 }; /* of one table; pairs grow with the square */

/* True for an index that a person made or could drop: neither part of a partitioned table's nor one
 * that MySQL made for a foreign key. */
bool index_is_own(const Index *index);
/* True where the first `n` parts are the same: column or expression, order, operator class. */
bool index_same_parts(const Index *a, const Index *b, uint32_t n);
/* Same method and same predicate. */
bool index_same_kind(const Index *a, const Index *b);
/* "(a, lower(b))" for messages. */
Str index_parts_text(Arena *out, const Index *index);
/* "a (x, y)", "the primary key (x, y)": a key is named only where a person named it. */
Str index_key_title(Arena *out, const Index *index);
/* Remedies that drop the index, or the unique constraint behind it. */
void advise_drop(RuleContext *context, Finding *finding, const Schema *schema, const Index *index,
                 const Index *kept);

#endif
