/* suppression.h — comments that switch rules off.
 *
 *     -- lintel-ignore rule[, rule]: reason       this line, or the next line with code where
 *                                                 the comment has its line to itself
 *     -- lintel-ignore-next rule: reason          the whole next statement
 *     -- lintel-ignore-file rule: reason          the whole document
 *     -- squawk-ignore rule                       like lintel-ignore-next
 *     -- squawk-ignore-file rule                  the whole document
 *
 * Without rules, all of them. Any comment of the dialect will do; in Prisma it is `//`, in Python
 * `#`, and there the next statement is the next line with all that is indented below it: a model,
 * a class, a field. Pure; results live in `out`. */
#ifndef ENGINE_SUPPRESSION_H
#define ENGINE_SUPPRESSION_H

#include "engine/lower.h"

/* `fragments` are those of the document, in order. */
SuppressionVec suppressions_find(Arena *out, const Text *text, FileLanguage language,
                                 Dialect dialect, const PlacedFragmentVec *fragments);

/* True where the comment covers a finding that starts at `at` in the document. */
bool suppression_covers(const Suppression *suppression, uint32_t at);

#endif
