/* utf8.h — well-formed UTF-8 and what is not.
 *
 * A malformed byte counts as one code point (U+FFFD) of one byte, so that walking a text
 * never fails and never skips. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Decodes the code point at `at` (< s.length); *n_bytes gets 1 to 4. */
uint32_t utf8_decode(Str s, uint32_t at, uint32_t *n_bytes);
/* Writes a code point (at most 0x10FFFF) and returns its 1 to 4 bytes; nothing behind them is
 * touched. A surrogate is written like any other, so the result is malformed: reading finds it. */
uint32_t utf8_encode(uint32_t code_point, char *out);
bool utf8_is_valid(Str s);
/* As much of the start as fits into so many bytes and does not end within a code point. */
Str utf8_cut(Str s, uint32_t max_bytes);
uint32_t utf8_count(Str s);       /* code points */
uint32_t utf8_count_utf16(Str s); /* UTF-16 code units */
/* The byte offset after `units` UTF-16 units; inside a surrogate pair: its start.
 * Past the end: the length. */
uint32_t utf8_offset_of_utf16(Str s, uint32_t units);

#endif
