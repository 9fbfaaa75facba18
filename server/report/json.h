/* json.h — a report as JSON, for the agent or program that carries the roadmap out.
 *
 * Pure and byte-stable: one object, printed with line breaks. The suggestions for humans are
 * a member of their own, outside the roadmap. Malformed UTF-8 becomes U+FFFD. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buf.h"
#include "report/report.h"

void report_json(Buf *out, const Report *report, Str version);

#endif
