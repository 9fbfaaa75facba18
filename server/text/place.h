/* place.h — where something stands, independent of what was typed above it.
 *
 * A document is lowered fragment by fragment (an SQL statement is one fragment), and an
 * unchanged fragment is kept when the text around it changes. So a place counts from the
 * start of its fragment; the engine knows where each fragment of a snapshot starts and
 * turns places into locations. {0} means "nowhere". */
#ifndef TEXT_PLACE_H
#define TEXT_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "text/range.h"

struct Fragment; /* model/fragment.h */

typedef struct {
    const struct Fragment *fragment;
    Range range; /* bytes from the fragment's start */
} Place;

typedef struct {
    Str text; /* as the database stores it: unquoted, case folded where the dialect folds */
    Place place;
} Name;

/* A place in the numbered sources of one snapshot. */
typedef struct {
    uint32_t source; /* index into the snapshot's sources */
    Range range;     /* bytes from the start of the document */
} Location;

static inline bool location_equal(const Location *a, const Location *b)
{
    return a->source == b->source && a->range.start == b->range.start &&
           a->range.end == b->range.end;
}

static inline bool place_is_set(Place place)
{
    return place.fragment != NULL;
}

/* The empty place right before or after another: where a fix inserts. */
static inline Place place_before(Place place)
{
    place.range.end = place.range.start;
    return place;
}

static inline Place place_after(Place place)
{
    place.range.start = place.range.end;
    return place;
}

static inline bool name_is_absent(Name name)
{
    return str_is_absent(name.text);
}

#endif
