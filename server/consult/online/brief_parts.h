/* brief_parts.h — what the files that write the brief share. Not for others: brief.h. */
#ifndef CONSULT_ONLINE_BRIEF_PARTS_H
#define CONSULT_ONLINE_BRIEF_PARTS_H

#include "consult/online/brief.h"

typedef struct {
    Arena *scratch;
    const Consultation *input;
    const Snapshot *snapshot;
    const Schema *schema; /* the side that is judged */
    StrMap consulted;     /* full names of the tables that are */
    Buf out;
} Brief;

bool brief_is_consulted(const Brief *brief, const Table *table);
Str brief_title(const Brief *brief, const Table *table);
/* A text of the user's on one line, not too long. */
Str brief_line(const Brief *brief, Str text);
/* A table as lines of something like SQL. */
void brief_table(const Brief *brief, Buf *out, const Table *table);
/* True where what was added behind `before` did not fit whole: then it is taken back. */
bool brief_take_back(Buf *part, size_t before);
bool brief_finding_counts(const Brief *brief, const Finding *finding);
bool brief_is_drift(const Finding *finding);

/* brief_sides.c: where what is declared and what the migrations make differ. */
void brief_sides(Brief *brief);
/* brief_accesses.c: what the queries ask of each table, and which indexes serve it. */
void brief_accesses(Brief *brief);

#endif
