/* state_files.h — pages as files, for clients that show nothing but files.
 *
 * Below $XDG_STATE_HOME/lintel, else ~/.local/state/lintel. */
#ifndef LSP_STATE_FILES_H
#define LSP_STATE_FILES_H

#include "base/error.h"
#include "base/str.h"

/* Reports are kept for those who go back to one; a file is some tens of kilobytes. */
enum { STATE_REPORTS_MAX = 400 }; /* files: each report is two */

/* Writes `text` as `name` ("reports/ab12.md"), whole or not at all; folders are made. `name`
 * is cleaned of whatever would lead out of the folder. The absolute path in `out`. A report
 * ("reports/…") that makes one too many removes the oldest. */
WARN_UNUSED bool state_file_write(Arena *out, Str name, Str text, Str *path, Error *err);

#endif
