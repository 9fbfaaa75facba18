/* revision.h — what an Alembic revision file says of its place in the history.
 *
 * One pass over the text that knows Python's strings, comments, brackets and line ends, and reads
 * the four assignments at the top level; all else is frontends/python's. Pure. */
#ifndef PROJECT_REVISION_H
#define PROJECT_REVISION_H

#include "base/str.h"
#include "base/vec.h"

typedef Vec(Str) RevisionNameVec;

typedef struct {
    Str revision; /* absent: this is no revision file */
    RevisionNameVec down_revisions, depends_on, branch_labels;
} Revision;

/* The names point into `text`. Names that only the running program knows (a constant of another
 * module) are left out. */
Revision revision_scan(Arena *out, Str text);

/* Equal for revisions that stand at the same place of the history; 0 where it is none. */
uint64_t revision_hash(const Revision *revision);

#endif
