/* text.h — one immutable version of a document.
 *
 * Owns its bytes and the table of its line starts. Counted by reference, atomically: any
 * thread may hold and read one. An edit makes a new Text. Lines end at \n, \r\n or \r (as
 * LSP counts them). Not here: UTF-16 columns (lsp/position.h). */
#ifndef TEXT_TEXT_H
#define TEXT_TEXT_H

#include "base/str.h"
#include "text/range.h"

typedef struct Text Text;

/* Copies the bytes. */
Text *text_new(Str bytes);
Text *text_retain(Text *text);
void text_release(Text *text); /* NULL is allowed */

Str text_bytes(const Text *text);
uint64_t text_hash(const Text *text); /* of the bytes: reads them all */
uint32_t text_line_count(const Text *text);
/* 0-based line holding byte `at` (<= length). O(log lines). */
uint32_t text_line_at(const Text *text, uint32_t at);
/* Byte range of a 0-based line without its end; past the last line: the empty end. */
Range text_line_range(const Text *text, uint32_t line);
/* A new Text with `range` (clamped) replaced. */
Text *text_replace(const Text *text, Range range, Str replacement);

typedef struct {
    uint32_t line, column; /* 1-based; column in code points */
} TextPosition;

TextPosition text_position(const Text *text, uint32_t at);

#endif
