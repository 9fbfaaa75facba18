/* A header is a block of lines up to an empty one. What to do with bytes that are no header?
 * The body before them may have been longer than it said, so that a real header stands
 * somewhere behind the rubbish. A block without a length at the start of a line is therefore
 * searched for the last "Content-Length:" in it, wherever that stands; when there is none
 * the block is dropped. A block that does not end within the limit is dropped but for its
 * tail, in which a header may have begun. */
#include "lsp/framing.h"

enum {
    KEPT_TAIL_BYTES = 64,           /* longer than "Content-Length: <number>\r\n\r" */
    KEPT_CAPACITY = 4 * 1024 * 1024 /* memory that stays for the next message */
};

static const Str length_header = STR_INIT("content-length:");

Framing framing_new(void)
{
    /* Room for a body, the header behind it, and one read. */
    size_t max = (size_t)FRAMING_MAX_BODY_BYTES + FRAMING_MAX_HEADER_BYTES + 1024 * 1024;
    return (Framing){.waiting = buf_with_max(max)};
}

void framing_free(Framing *framing)
{
    buf_free(&framing->waiting);
}

void framing_feed(Framing *framing, Str bytes)
{
    if (framing->n_used > 0) {
        buf_consume(&framing->waiting, framing->n_used);
        framing->n_used = 0;
        if (framing->waiting.length == 0 && framing->waiting.capacity > KEPT_CAPACITY)
            buf_free(&framing->waiting);
    }
    uint32_t skipped = bytes.length;
    if (skipped > framing->n_skip)
        skipped = (uint32_t)framing->n_skip;
    framing->n_skip -= skipped;
    buf_add(&framing->waiting, str_slice(bytes, skipped, bytes.length));
}

static Str rest(const Framing *framing)
{
    return str_slice(buf_str(&framing->waiting), (uint32_t)framing->n_used, UINT32_MAX);
}

/* The length of the header with its empty line, or 0 when that has not come. */
static uint32_t header_length(Str s)
{
    uint32_t end = s.length < FRAMING_MAX_HEADER_BYTES ? s.length : FRAMING_MAX_HEADER_BYTES;
    for (uint32_t i = 0; i + 1 < end; i++) {
        if (s.data[i] != '\n')
            continue;
        if (s.data[i + 1] == '\n')
            return i + 2;
        if (i + 2 < end && s.data[i + 1] == '\r' && s.data[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

/* False where there is no plain number. */
static bool parse_length(Str text, uint64_t *length)
{
    text = str_trim(text);
    if (text.length == 0 || text.length > 18)
        return false;
    uint64_t value = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text.data[i] - '0');
    }
    *length = value;
    return true;
}

static bool length_in_lines(Str header, uint64_t *length)
{
    bool found = false;
    for (Str line; str_next_line(&header, &line);) {
        if (str_equal_ignore_case(str_slice(line, 0, length_header.length), length_header))
            found = parse_length(str_slice(line, length_header.length, line.length), length);
    }
    return found;
}

static bool length_in_rubbish(Str header, uint64_t *length)
{
    for (uint32_t at = header.length; at-- > 0;) {
        Str here = str_slice(header, at, header.length);
        if (!str_equal_ignore_case(str_slice(here, 0, length_header.length), length_header))
            continue;
        Str line;
        return str_next_line(&here, &line) &&
               parse_length(str_slice(line, length_header.length, line.length), length);
    }
    return false;
}

static Frame take_header(Framing *framing)
{
    Str s = rest(framing);
    uint32_t n = header_length(s);
    if (n == 0 && s.length < FRAMING_MAX_HEADER_BYTES)
        return FRAME_NONE;
    if (n == 0) {
        framing->n_used += FRAMING_MAX_HEADER_BYTES - KEPT_TAIL_BYTES;
        return FRAME_BAD_HEADER;
    }
    framing->n_used += n;
    Str header = str_slice(s, 0, n);
    uint64_t length = 0;
    if (!length_in_lines(header, &length) && !length_in_rubbish(header, &length))
        return FRAME_BAD_HEADER;
    if (length > FRAMING_MAX_BODY_BYTES) {
        uint64_t here = s.length - n < length ? s.length - n : length;
        framing->n_used += (size_t)here;
        framing->n_skip = length - here;
        return FRAME_TOO_LARGE;
    }
    framing->has_length = true;
    framing->body_length = (size_t)length;
    return FRAME_MESSAGE;
}

Frame framing_next(Framing *framing, FrameBody *body)
{
    if (!framing->has_length) {
        Frame frame = take_header(framing);
        if (frame != FRAME_MESSAGE)
            return frame;
    }
    Str s = rest(framing);
    if (s.length < framing->body_length)
        return FRAME_NONE;
    *body = (FrameBody){.data = framing->waiting.data + framing->n_used,
                        .length = (uint32_t)framing->body_length};
    framing->n_used += framing->body_length;
    framing->has_length = false;
    return FRAME_MESSAGE;
}
