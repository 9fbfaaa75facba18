/* line_diff.h — which lines of a text are not those of an earlier one.
 *
 * Pure; in time that grows with the two texts. Line ends do not count: \n and \r\n are the same. */
#ifndef TEXT_LINE_DIFF_H
#define TEXT_LINE_DIFF_H

#include "text/text.h"

typedef struct {
    bool *is_changed;  /* of each line of `to`: it is new, or another one than before */
    uint32_t *to_line; /* of each line of `from`: the line it is now; of one that is gone, the line
                        * that stands where it stood (at most the number of lines of `to`) */
} LineDiff;

LineDiff line_diff(Arena *out, const Text *from, const Text *to);

#endif
