/* diff_column.h — the column's part of diff.c. */
#ifndef MODEL_DIFF_COLUMN_H
#define MODEL_DIFF_COLUMN_H

#include "model/diff.h"

/* Appends how `from` and `to` differ; `base` holds their tables. */
void diff_column(Arena *out, DifferenceVec *differences, const Difference *base, const Column *from,
                 const Column *to);

/* An expression without blanks, casts, quotes and outer parentheses, in lower case: equal texts
 * mean the same; different ones may. */
Str diff_expression_key(Arena *out, const Expression *expression);

#endif
