/* output.h — what commands print with: colours, excerpts, JSON, and stdout itself. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/buf.h"
#include "findings/finding.h"
#include "text/text.h"

/* The most that one command prints. */
#define OUTPUT_MAX_BYTES ((size_t)1 << 30)

/* Writes the buffer to stdout. Returns `status`, or EXIT_TROUBLE where it could not be written
 * (a closed pipe is no trouble: the reader has seen enough). */
int output_print(const Buf *buf, int status);

/* True where stdout is a terminal that shows colours, and NO_COLOR is not set. */
bool output_has_colour(void);
/* Escape sequences; "" without colour. */
const char *output_severity_colour(Severity severity, bool colour);
const char *output_dim(bool colour);
const char *output_bold(bool colour);
const char *output_reset(bool colour);

/* The page of `lintel --version`. */
void output_version(Buf *out);

/* ---- positions: many in one text, in linear time where they stand near each other ---- */

typedef struct {
    const Text *text;
    uint32_t at;
    TextPosition position;
} PositionCursor;

/* The position of byte `at`, counted from the one asked for before. {0} is a new cursor. */
TextPosition position_at(PositionCursor *cursor, const Text *text, uint32_t at);

#endif
