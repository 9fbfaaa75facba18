/* link.h — the model files of a database to what they declare together.
 *
 * Pure; calls the frontends' link step once for each language. */
#ifndef ENGINE_LINK_H
#define ENGINE_LINK_H

#include "engine/analyse.h"

/* Fills `linked` in `out` from the sources that are model files (source_is_linked) and programs
 * (source_is_program), whose paths must live as long. */
void link_models(Arena *out, const SourceVec *sources, Dialect dialect, Declared *linked);

#endif
