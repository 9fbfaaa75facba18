/* report_files.h — reports below the user's state folder.
 *
 *     reports/<id>.md          the report
 *     reports/<id>.json        the same as data, where there is such a rendering
 *     reports/<id>.meta.json   what else must be known of it
 *
 * Whoever changes a report's text makes it another report: one that does not fit its id is not
 * shown. Any thread. */
#ifndef LSP_REPORT_FILES_H
#define LSP_REPORT_FILES_H

#include "lsp/reports.h"

/* From what the report is about and its Markdown. */
Str report_id(Arena *out, Str root, Str database, Str markdown);
/* Sets `markdown_path`; what cannot be written is only logged. */
void report_files_write(StoredReport *stored);
/* Reports without their texts, the newest first, at most `most`. */
StoredReport *report_files_list(uint32_t most, const atomic_bool *cancel);
/* Fills the texts; false where the report is gone, or is not what was written. */
bool report_files_read(StoredReport *stored);

#endif
