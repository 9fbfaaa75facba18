/* excerpt.h — parts of a report's Markdown, whoever wrote it.
 *
 * Reports have their headings fixed (report.h), so that a part can be found in one that is only a
 * text. Pure. */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include "base/str.h"

/* The implementation roadmap, for an agent that is to carry it out: what the report is about, where
 * its places lie, and the section. Without what is solely for humans. Absent where the report has
 * no such section. */
Str report_roadmap(Arena *out, Str markdown);

#endif
