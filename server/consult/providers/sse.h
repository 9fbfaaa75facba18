/* sse.h — server-sent events from bytes that are cut anywhere.
 *
 * The format of the WHATWG's HTML standard: lines end with CR, LF or both, lines that begin with
 * a colon are comments, several `data` lines are one text, an empty line ends the event. An
 * event that the stream's end cuts off does not count. Pure: the caller brings the bytes.
 * Limit: SSE_MAX_EVENT_BYTES for what one event holds. */
#ifndef CONSULT_PROVIDERS_SSE_H
#define CONSULT_PROVIDERS_SSE_H

#include "base/buf.h"

enum { SSE_MAX_EVENT_BYTES = 8 * 1024 * 1024, SSE_MAX_NAME_BYTES = 1024 };

typedef struct {
    Str name; /* empty where the stream does not name it */
    Str data; /* may be empty */
    Str id;   /* the last one that the stream gave, of this event or before; may be empty */
} SseEvent;

/* {0} will not do: sse_new. */
typedef struct {
    Buf line, data, name, id;
    uint32_t retry_ms; /* how long to wait before connecting again; 0: not said */
    bool has_data, after_cr, is_started, is_broken;
} Sse;

Sse sse_new(void);
void sse_free(Sse *sse);

/* Calls `on_event` for each event that these bytes complete; its texts live until it returns. False
 * where it returned false, or where an event is too large: then nothing more is read. */
bool sse_push(Sse *sse, Str bytes, bool (*on_event)(void *context, const SseEvent *event),
              void *context);

#endif
