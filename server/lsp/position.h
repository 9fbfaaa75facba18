/* position.h — between bytes of a text and LSP positions, in UTF-8 or UTF-16 units.
 *
 * A mapper belongs to one Text and one thread; it remembers the line it was last asked for,
 * so that many questions about one very long line take linear time in all. Its table is in
 * the arena it is given. Positions outside the text are clamped, as the protocol wants:
 * behind a line's end means its end, behind the last line means the end of the text. */
#ifndef LSP_POSITION_H
#define LSP_POSITION_H

#include <cjson/cJSON.h>

#include "base/vec.h"
#include "text/text.h"

typedef enum { ENCODING_UTF16, ENCODING_UTF8 } PositionEncoding;

typedef struct {
    uint32_t line, character;
} Position;

typedef struct {
    uint32_t byte, units; /* from the line's start */
} PositionMark;

typedef struct {
    const Text *text;
    PositionEncoding encoding;
    Arena *arena;
    bool has_line;
    uint32_t line;
    Range line_range;
    bool is_ascii;
    Vec(PositionMark) marks;
} PositionMapper;

PositionMapper position_mapper(const Text *text, PositionEncoding encoding, Arena *arena);
/* Inside a character: its start. */
uint32_t position_to_byte(PositionMapper *mapper, Position position);
Position position_of_byte(PositionMapper *mapper, uint32_t at);

/* LSP's Range as JSON, both ways. False where `json` is not one. A range whose end is before
 * its start is turned round. */
bool position_range_from_json(PositionMapper *mapper, const cJSON *json, Range *range);
bool position_from_json(PositionMapper *mapper, const cJSON *json, uint32_t *at);
cJSON *position_range_to_json(PositionMapper *mapper, Range range);

#endif
