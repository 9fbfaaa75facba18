/* merge.h — the findings of two sides to those of one database.
 *
 * The declared side (models, definitions) and the migrated one are judged apart. What both have is
 * shown once, where people edit: at the declaration, with the migration as a related place. A
 * finding of the declared side that the migrated one does not have has been answered there (an
 * index written by hand, say) and is dropped, unless its table or column is not migrated yet. A
 * finding of the migrations alone stays where it is. */
#ifndef ENGINE_MERGE_H
#define ENGINE_MERGE_H

#include "engine/analyse.h"

/* Appends to snapshot->findings. Takes the items of both vectors apart. */
void merge_sides(Snapshot *snapshot, FindingVec *migrated, FindingVec *declared);

#endif
