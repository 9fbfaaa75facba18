/* prisma.h — Prisma schema files to operations and models.
 *
 * Two steps, both pure: *read* turns one file into blocks with unresolved names, cached by the
 * file's text; *link* turns all files of a database into operations. Never fails: what is whole
 * in a half-typed file is kept. What Prisma's own validation reports is not repeated here. */
#ifndef FRONTENDS_PRISMA_PRISMA_H
#define FRONTENDS_PRISMA_PRISMA_H

#include "model/orm.h"

/* One reference, the caller's; `prisma` of the result is set. */
Fragment *prisma_read(Str text, Dialect dialect);

/* Fills `declared` from the files of one schema, in `out`. Places point into the fragments. */
void prisma_link(const ModelFile *files, uint32_t n_files, Dialect dialect, Arena *out,
                 Declared *declared);

#endif
