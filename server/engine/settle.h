/* settle.h — from what rules reported to what is shown.
 *
 * Locates places, drops what comments suppress, says which suppressions did nothing, sorts
 * (source, position, rule), removes doubles, lets one finding speak for many of a kind, and
 * offers no two fixes for the same text (fix_conflicts.h). The last step of an analysis. */
#ifndef ENGINE_SETTLE_H
#define ENGINE_SETTLE_H

#include "engine/analyse.h"

/* Replaces snapshot->findings, which hold places only. Adds problems of texts and files. */
void settle_findings(Snapshot *snapshot, const AnalysisInput *input);

#endif
