/* framing.h — bytes of the base protocol to message bodies.
 *
 * Owns the bytes that wait. Tolerant: header names in any case, \n for \r\n, unknown headers;
 * a header without a length is dropped and the next one is looked for. One thread.
 * Limits below; a longer message is skipped as a whole. */
#ifndef LSP_FRAMING_H
#define LSP_FRAMING_H

#include "base/buf.h"

enum {
    FRAMING_MAX_HEADER_BYTES = 8 * 1024,
    FRAMING_MAX_BODY_BYTES = 256 * 1024 * 1024, /* JSON of a document that nobody edits by hand */
};

typedef struct {
    Buf waiting;
    size_t n_used;   /* of waiting: bytes that were given out */
    uint64_t n_skip; /* of the input to come: the rest of a message that is too large */
    bool has_length;
    size_t body_length; /* while has_length: the body that is waited for */
} Framing;

typedef enum {
    FRAME_NONE,       /* feed more */
    FRAME_MESSAGE,    /* a body */
    FRAME_TOO_LARGE,  /* a message was longer than the limit and will be skipped */
    FRAME_BAD_HEADER, /* bytes were dropped that are no header */
} Frame;

Framing framing_new(void);
void framing_free(Framing *framing);
void framing_feed(Framing *framing, Str bytes);
typedef struct {
    char *data; /* may be overwritten */
    uint32_t length;
} FrameBody;
/* Call until FRAME_NONE. The body lives until the next framing_feed. */
Frame framing_next(Framing *framing, FrameBody *body);

#endif
