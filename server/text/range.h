/* range.h — a piece of a text, in bytes, half-open.
 *
 * Plain data. What the offsets count from is said by whoever holds the range: a document,
 * or a fragment of one (text/place.h). */
#ifndef TEXT_RANGE_H
#define TEXT_RANGE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint32_t start, end; /* start <= end */
} Range;

static inline uint32_t range_length(Range r)
{
    return r.end - r.start;
}

static inline bool range_is_empty(Range r)
{
    return r.start == r.end;
}

/* The end counts as inside: a cursor stands between two bytes. */
static inline bool range_touches(Range r, uint32_t at)
{
    return r.start <= at && at <= r.end;
}

static inline bool range_overlaps(Range a, Range b)
{
    return a.start < b.end && b.start < a.end;
}

/* The smallest range that holds both. */
static inline Range range_join(Range a, Range b)
{
    return (Range){.start = a.start < b.start ? a.start : b.start,
                   .end = a.end > b.end ? a.end : b.end};
}

#endif
