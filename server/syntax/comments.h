/* comments.h — the comments of model files: `//` in Prisma, `#` in Python.
 *
 * One pass that knows strings and nothing else of the language, so it works on any text. SQL's
 * comments depend on its dialect: sql_split.h. Pure. */
#ifndef SYNTAX_COMMENTS_H
#define SYNTAX_COMMENTS_H

#include "syntax/sql_split.h" /* RangeVec */
#include "text/language.h"

/* Every comment that holds `word`, in order; in `out`. `language` is not SQL. */
RangeVec comments_with(Arena *out, Str text, FileLanguage language, Str word);

#endif
