/* jumps.h — from a name to where it is defined, and to everything that names the same.
 *
 * Prisma and Python files have language servers of their own, and an editor asks all of them. What
 * those answer is not answered again: a name that stands free in such a file (a class, an
 * attribute, a model) is theirs; names in strings, and fields where Prisma's server knows none, are
 * ours, and so are all places in other files. squawk's server follows names of SQL within their
 * file; where the user has it (`is_beside_squawk`), those are its. Pure; any thread. */
#ifndef ENGINE_JUMPS_H
#define ENGINE_JUMPS_H

#include "engine/occurrences.h"

/* Where `from` leads, best first. From a definition it is the other side's: from a model to the
 * migration that makes its table, and back; where there is none, itself. Elsewhere, in a model file
 * it is the model alone; in SQL it is the migrations', then the model's. */
LocatedOccurrenceVec jump_definitions(Arena *out, const Snapshot *snapshot,
                                      const LocatedOccurrence *from, bool is_beside_squawk);

/* All that names the same, by source and position, without other names for it in queries. */
LocatedOccurrenceVec jump_references(Arena *out, const Snapshot *snapshot,
                                     const LocatedOccurrence *from, bool includes_definitions,
                                     bool is_beside_squawk);

/* Those in the source of `from` itself, other names in queries too. */
LocatedOccurrenceVec jump_highlights(Arena *out, const Snapshot *snapshot,
                                     const LocatedOccurrence *from);

/* The whole of what is defined there: a statement's part, a model, a field. At least the name. */
Range jump_extent(const Snapshot *snapshot, const LocatedOccurrence *definition);

#endif
