/* places.h — what finding a cited place and judging its line share. Private to this folder. */
#ifndef CONSULT_CHECK_PLACES_H
#define CONSULT_CHECK_PLACES_H

#include "consult/check/parts.h"

typedef struct {
    const Source *source; /* NULL: a file that is not one of the database's */
    Str bytes;
    uint32_t n_lines;
    bool is_outside, is_there;
} CitedFile;

typedef struct {
    ReportCheck *check;
    StrMap files; /* path as written -> CitedFile */
    /* Of the paragraph at hand: what is plainly named there, and every word that is a name. */
    StrVec group_names, group_words;
    uint32_t n_cited;          /* lines that it cites, about */
    uint32_t group, group_end; /* its pieces */
    uint32_t n_places;
} Places;

/* Learns what the paragraph around the piece names; to be called in the order of the pieces. */
void place_gather(Places *places, uint32_t piece);
/* Why the lines cannot be what is meant; absent where they can. */
Str place_line_problem(Places *places, const CitedFile *file, Str path, uint32_t first,
                       uint32_t last);

#endif
