#include "consult/providers/sse.h"

Sse sse_new(void)
{
    return (Sse){.line = buf_with_max(SSE_MAX_EVENT_BYTES),
                 .data = buf_with_max(SSE_MAX_EVENT_BYTES),
                 .name = buf_with_max(SSE_MAX_NAME_BYTES),
                 .id = buf_with_max(SSE_MAX_NAME_BYTES)};
}

void sse_free(Sse *sse)
{
    buf_free(&sse->line);
    buf_free(&sse->data);
    buf_free(&sse->name);
    buf_free(&sse->id);
}

/* A name or id too long to be one is left out. */
static void keep(Buf *buf, Str value)
{
    buf_clear(buf);
    if (value.length <= SSE_MAX_NAME_BYTES)
        buf_add(buf, value);
}

static void set_retry(Sse *sse, Str value)
{
    uint32_t ms = 0;
    for (uint32_t i = 0; i < value.length; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return;
        ms = ms > 100000000 ? ms : ms * 10 + (uint32_t)(value.data[i] - '0');
    }
    if (value.length > 0)
        sse->retry_ms = ms;
}

static void take_field(Sse *sse, Str line)
{
    uint32_t colon = str_find(line, STR(":"), 0);
    if (colon == 0)
        return; /* a comment */
    Str field = str_slice(line, 0, colon);
    Str value = colon == UINT32_MAX ? STR("") : str_slice(line, colon + 1, line.length);
    if (str_starts_with(value, STR(" ")))
        value = str_slice(value, 1, value.length);
    if (str_equal(field, STR("data"))) {
        if (sse->has_data)
            buf_add_char(&sse->data, '\n');
        buf_add(&sse->data, value);
        sse->has_data = true;
        sse->is_broken = sse->data.overflowed;
    } else if (str_equal(field, STR("event"))) {
        keep(&sse->name, value);
    } else if (str_equal(field, STR("id"))) {
        if (value.length == 0 || !memchr(value.data, 0, value.length))
            keep(&sse->id, value);
    } else if (str_equal(field, STR("retry"))) {
        set_retry(sse, value);
    }
}

static bool end_line(Sse *sse, Str line, bool (*on_event)(void *context, const SseEvent *event),
                     void *context)
{
    if (!sse->is_started && str_starts_with(line, STR("\xEF\xBB\xBF")))
        line = str_slice(line, 3, line.length);
    sse->is_started = true;
    if (line.length > 0) {
        take_field(sse, line);
        return !sse->is_broken;
    }
    SseEvent event = {
        .name = buf_str(&sse->name), .data = buf_str(&sse->data), .id = buf_str(&sse->id)};
    bool goes_on = !sse->has_data || on_event(context, &event);
    buf_clear(&sse->name);
    buf_clear(&sse->data);
    sse->has_data = false;
    return goes_on;
}

/* The first line end at or after `from`, or the length. */
static uint32_t find_end(Str bytes, uint32_t from)
{
    const char *start = bytes.data + from;
    size_t left = bytes.length - from;
    const char *lf = memchr(start, '\n', left);
    const char *cr = memchr(start, '\r', lf ? (size_t)(lf - start) : left);
    const char *end = cr ? cr : lf;
    return end ? (uint32_t)(end - bytes.data) : bytes.length;
}

bool sse_push(Sse *sse, Str bytes, bool (*on_event)(void *context, const SseEvent *event),
              void *context)
{
    for (uint32_t at = 0; at < bytes.length && !sse->is_broken;) {
        /* The line feed of a CR LF that was cut in two ends nothing. */
        if (sse->after_cr && bytes.data[at] == '\n') {
            sse->after_cr = false;
            at++;
            continue;
        }
        sse->after_cr = false;
        uint32_t end = find_end(bytes, at);
        Str part = str_slice(bytes, at, end);
        if (end == bytes.length) {
            buf_add(&sse->line, part);
            sse->is_broken = sse->line.overflowed;
            break;
        }
        sse->after_cr = bytes.data[end] == '\r';
        at = end + 1;
        bool goes_on;
        if (sse->line.length == 0) { /* whole in these bytes: no copy */
            goes_on = end_line(sse, part, on_event, context);
        } else {
            buf_add(&sse->line, part);
            goes_on =
                !sse->line.overflowed && end_line(sse, buf_str(&sse->line), on_event, context);
            buf_clear(&sse->line);
        }
        if (!goes_on)
            sse->is_broken = true;
    }
    return !sse->is_broken;
}
