#include "text/text.h"

#include <stdatomic.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/panic.h"
#include "base/utf8.h"
#include "base/vec.h"

/* The struct, the bytes and the line table share one arena, which is part of the struct: releasing
 * is copying the arena out and freeing it. */
struct Text {
    Arena arena;
    Str bytes;
    uint32_t *line_starts;
    uint32_t n_lines;
    atomic_uint references;
};

/* Where the line that begins at `start` ends, its end included; the length for the last line.
 * Most texts hold no \r at all (`has_returns` false): then memchr does the work. */
static uint32_t next_line(Str bytes, uint32_t start, bool has_returns)
{
    if (start == bytes.length)
        return start;
    const char *from = bytes.data + start;
    const char *newline = memchr(from, '\n', bytes.length - start);
    uint32_t end = newline ? (uint32_t)(newline - bytes.data) + 1 : bytes.length;
    const char *lone = has_returns ? memchr(from, '\r', end - start) : NULL;
    if (!lone || (newline && lone + 1 == newline))
        return end;
    return (uint32_t)(lone - bytes.data) + 1;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* A Text with room for `length` bytes, which the caller fills before calling finish(). */
static Text *make(uint32_t length, char **bytes)
{
    Arena arena = arena_with_capacity(sizeof(Text) + (size_t)length + 64);
    Text *text = ARENA_NEW(&arena, Text);
    *bytes = arena_alloc_raw(&arena, (size_t)length + 1);
    (*bytes)[length] = '\0';
    text->bytes = str_of(*bytes, length);
    text->arena = arena;
    atomic_init(&text->references, 1);
    return text;
}

typedef Vec(uint32_t) LineVec;

/* Adds the lines that start behind `at`, a line's start, up to `last`. */
static void add_lines(Text *text, LineVec *starts, uint32_t at, uint32_t last)
{
    Str bytes = text->bytes;
    bool has_returns = bytes.length > 0 && memchr(bytes.data, '\r', bytes.length);
    while (at < bytes.length) {
        at = next_line(bytes, at, has_returns);
        if (at > last)
            return;
        if (is_line_end(bytes.data[at - 1]))
            VEC_PUSH(&text->arena, starts, at);
    }
}

static Text *finish(Text *text, const LineVec *starts)
{
    text->line_starts = starts->items;
    text->n_lines = starts->n;
    return text;
}

Text *text_new(Str bytes)
{
    char *copy;
    Text *text = make(bytes.length, &copy);
    if (bytes.length > 0)
        memcpy(copy, bytes.data, bytes.length);
    LineVec starts = {0};
    VEC_PUSH(&text->arena, &starts, 0);
    add_lines(text, &starts, 0, bytes.length);
    return finish(text, &starts);
}

Text *text_retain(Text *text)
{
    atomic_fetch_add_explicit(&text->references, 1, memory_order_relaxed);
    return text;
}

void text_release(Text *text)
{
    if (!text || atomic_fetch_sub_explicit(&text->references, 1, memory_order_acq_rel) != 1)
        return;
    Arena arena = text->arena;
    arena_release(&arena);
}

Str text_bytes(const Text *text)
{
    return text->bytes;
}

uint64_t text_hash(const Text *text)
{
    return hash_str(text->bytes);
}

uint32_t text_line_count(const Text *text)
{
    return text->n_lines;
}

uint32_t text_line_at(const Text *text, uint32_t at)
{
    /* The last line that starts at or before `at`. */
    uint32_t low = 0, high = text->n_lines;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (text->line_starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

Range text_line_range(const Text *text, uint32_t line)
{
    if (line >= text->n_lines)
        return (Range){.start = text->bytes.length, .end = text->bytes.length};
    Range range = {.start = text->line_starts[line], .end = text->bytes.length};
    if (line + 1 < text->n_lines)
        range.end = text->line_starts[line + 1];
    if (range.end > range.start && line + 1 < text->n_lines) {
        char last = text->bytes.data[range.end - 1];
        range.end--;
        if (last == '\n' && range.end > range.start && text->bytes.data[range.end - 1] == '\r')
            range.end--;
    }
    return range;
}

/* Whether a line starts at a byte is for that byte and the one before it to say. So the lines up to
 * the change and those behind it start where they did, and only those between are looked for. */
static LineVec changed_lines(Text *changed, const Text *text, Range range, uint32_t n_inserted)
{
    uint32_t new_end = range.start + n_inserted;
    uint32_t n_front = range.start > 0 ? text_line_at(text, range.start - 1) + 1 : 1;
    uint32_t back = text_line_at(text, range.end) + 1; /* the first that starts behind it */
    LineVec starts = {.capacity = n_front + (text->n_lines - back) + 8};
    starts.items = ARENA_ARRAY(&changed->arena, uint32_t, starts.capacity);
    starts.n = n_front;
    memcpy(starts.items, text->line_starts, sizeof *starts.items * n_front);
    add_lines(changed, &starts, starts.items[n_front - 1], new_end);
    for (uint32_t i = back; i < text->n_lines; i++)
        VEC_PUSH(&changed->arena, &starts, text->line_starts[i] - range.end + new_end);
    return starts;
}

Text *text_replace(const Text *text, Range range, Str replacement)
{
    uint32_t length = text->bytes.length;
    uint32_t start = range.start < length ? range.start : length;
    uint32_t end = range.end < length ? range.end : length;
    if (end < start)
        end = start;
    size_t total = (size_t)length - (end - start) + replacement.length;
    CHECK(total <= UINT32_MAX);
    char *bytes;
    Text *changed = make((uint32_t)total, &bytes);
    if (start > 0)
        memcpy(bytes, text->bytes.data, start);
    if (replacement.length > 0)
        memcpy(bytes + start, replacement.data, replacement.length);
    if (length > end)
        memcpy(bytes + start + replacement.length, text->bytes.data + end, length - end);
    LineVec starts =
        changed_lines(changed, text, (Range){.start = start, .end = end}, replacement.length);
    return finish(changed, &starts);
}

TextPosition text_position(const Text *text, uint32_t at)
{
    if (at > text->bytes.length)
        at = text->bytes.length;
    uint32_t line = text_line_at(text, at);
    Str before = str_slice(text->bytes, text->line_starts[line], at);
    return (TextPosition){.line = line + 1, .column = utf8_count(before) + 1};
}
