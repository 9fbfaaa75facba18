/* diff_sql.h — a difference of two schemas as the statement that makes it.
 *
 * What a migration from one to the other would say, in the plainest form: not the form that is
 * gentle to a running server, which rules advise. Pure. */
#ifndef MODEL_DIFF_SQL_H
#define MODEL_DIFF_SQL_H

#include "model/diff.h"

/* One statement with its semicolon, in `out`; absent where the dialect has none for it, or where
 * more than one would be needed. `from` and `to` are the schemas that were compared. */
Str difference_sql(Arena *out, const Schema *from, const Schema *to, const Difference *difference);

#endif
