/* markdown.h — a report as a Markdown document.
 *
 * Pure and byte-stable. Only what CommonMark and pipe tables know, and Mermaid in a fenced
 * block. */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"
#include "report/report.h"

void report_markdown(Buf *out, const Report *report);
/* One section of a computed report, with its heading; the roadmap's has its steps. */
void report_markdown_section(Buf *out, const Report *report, SectionKind kind);

#endif
