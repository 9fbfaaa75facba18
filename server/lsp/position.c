/* UTF-16 columns need a walk along the line. A file that is one line of 2 MB with thousands
 * of findings would make that quadratic, so the mapper keeps, for the line it was last asked
 * for, a mark every MARK_BYTES: how many units lie before that byte. */
#include "lsp/position.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/utf8.h"

enum { MARK_BYTES = 1024 };

PositionMapper position_mapper(const Text *text, PositionEncoding encoding, Arena *arena)
{
    return (PositionMapper){.text = text, .encoding = encoding, .arena = arena};
}

static Str line_bytes(const PositionMapper *mapper)
{
    return str_slice(text_bytes(mapper->text), mapper->line_range.start, mapper->line_range.end);
}

static bool is_ascii(Str s)
{
    unsigned char seen = 0;
    for (uint32_t i = 0; i < s.length; i++)
        seen |= (unsigned char)s.data[i];
    return seen < 0x80;
}

static uint32_t units_of(Str s, uint32_t at, uint32_t *n_bytes)
{
    utf8_decode(s, at, n_bytes);
    return *n_bytes == 4 ? 2 : 1;
}

static void make_marks(PositionMapper *mapper)
{
    mapper->marks.n = 0;
    Str line = line_bytes(mapper);
    uint32_t units = 0;
    uint32_t next = 0;
    for (uint32_t at = 0; at < line.length;) {
        if (at >= next) {
            PositionMark mark = {.byte = at, .units = units};
            VEC_PUSH(mapper->arena, &mapper->marks, mark);
            next += MARK_BYTES;
        }
        uint32_t n_bytes;
        units += units_of(line, at, &n_bytes);
        at += n_bytes;
    }
}

static void use_line(PositionMapper *mapper, uint32_t line)
{
    if (mapper->has_line && mapper->line == line)
        return;
    mapper->has_line = true;
    mapper->line = line;
    mapper->line_range = text_line_range(mapper->text, line);
    mapper->is_ascii = mapper->encoding == ENCODING_UTF8 || is_ascii(line_bytes(mapper));
    if (!mapper->is_ascii)
        make_marks(mapper);
}

/* The last mark that is not behind what is looked for. */
static PositionMark mark_before(const PositionMapper *mapper, uint32_t byte, uint32_t units)
{
    uint32_t low = 0;
    uint32_t high = mapper->marks.n;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        PositionMark mark = mapper->marks.items[middle];
        if (mark.byte <= byte && mark.units <= units)
            low = middle;
        else
            high = middle;
    }
    return mapper->marks.n ? mapper->marks.items[low] : (PositionMark){0};
}

uint32_t position_to_byte(PositionMapper *mapper, Position position)
{
    if (position.line >= text_line_count(mapper->text))
        return text_bytes(mapper->text).length;
    use_line(mapper, position.line);
    Str line = line_bytes(mapper);
    uint32_t byte = position.character;
    if (!mapper->is_ascii) {
        PositionMark mark = mark_before(mapper, UINT32_MAX, position.character);
        uint32_t units = mark.units;
        byte = mark.byte;
        while (byte < line.length) {
            uint32_t n_bytes;
            units += units_of(line, byte, &n_bytes);
            if (units > position.character)
                break;
            byte += n_bytes;
        }
    } else if (byte < line.length && mapper->encoding == ENCODING_UTF8) {
        /* Not into the middle of a character. */
        for (uint32_t back = 1; back <= 3 && back <= byte; back++) {
            uint32_t n_bytes;
            utf8_decode(line, byte - back, &n_bytes);
            if (n_bytes > back) {
                byte -= back;
                break;
            }
        }
    }
    return mapper->line_range.start + (byte < line.length ? byte : line.length);
}

Position position_of_byte(PositionMapper *mapper, uint32_t at)
{
    uint32_t length = text_bytes(mapper->text).length;
    if (at > length)
        at = length;
    uint32_t line = text_line_at(mapper->text, at);
    use_line(mapper, line);
    if (at > mapper->line_range.end) /* between the bytes of a line's end */
        at = mapper->line_range.end;
    uint32_t byte = at - mapper->line_range.start;
    if (mapper->is_ascii)
        return (Position){.line = line, .character = byte};
    Str bytes = line_bytes(mapper);
    PositionMark mark = mark_before(mapper, byte, UINT32_MAX);
    uint32_t units = mark.units;
    for (uint32_t i = mark.byte; i < byte;) {
        uint32_t n_bytes;
        uint32_t more = units_of(bytes, i, &n_bytes);
        i += n_bytes;
        if (i <= byte)
            units += more;
    }
    return (Position){.line = line, .character = units};
}

/* A number of the protocol: uinteger, where too large is as good as the largest. */
static bool number_from_json(const cJSON *json, const char *key, uint32_t *value)
{
    const cJSON *item = json_get(json, key);
    if (!cJSON_IsNumber(item))
        return false;
    double number = item->valuedouble;
    *value = number <= 0 ? 0 : number >= 2147483647.0 ? 2147483647u : (uint32_t)number;
    return true;
}

bool position_from_json(PositionMapper *mapper, const cJSON *json, uint32_t *at)
{
    Position position;
    if (!number_from_json(json, "line", &position.line) ||
        !number_from_json(json, "character", &position.character))
        return false;
    *at = position_to_byte(mapper, position);
    return true;
}

bool position_range_from_json(PositionMapper *mapper, const cJSON *json, Range *range)
{
    uint32_t start, end;
    if (!position_from_json(mapper, json_get(json, "start"), &start) ||
        !position_from_json(mapper, json_get(json, "end"), &end))
        return false;
    *range = start <= end ? (Range){start, end} : (Range){end, start};
    return true;
}

/* As digits: cJSON would print a double, and read it back to see whether it fits. */
static void add_count(cJSON *json, const char *key, uint32_t count)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%" PRIu32, count);
    cJSON_AddRawToObject(json, key, digits);
}

static cJSON *position_to_json(PositionMapper *mapper, uint32_t at)
{
    Position position = position_of_byte(mapper, at);
    cJSON *json = cJSON_CreateObject();
    add_count(json, "line", position.line);
    add_count(json, "character", position.character);
    return json;
}

cJSON *position_range_to_json(PositionMapper *mapper, Range range)
{
    cJSON *json = cJSON_CreateObject();
    json_add(json, "start", position_to_json(mapper, range.start));
    json_add(json, "end", position_to_json(mapper, range.end));
    return json;
}
