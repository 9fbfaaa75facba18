/* assembly.h — a reply while it streams in: blocks that grow, and how it ended.
 *
 * A provider turns each event of its stream into calls of these. Blocks are found by the
 * provider's own index, because one may begin before another has ended. Pure but for the
 * callback that shows text as it comes. Limit: MAX_REPLY_BYTES for all of it. */
#ifndef CONSULT_PROVIDERS_ASSEMBLY_H
#define CONSULT_PROVIDERS_ASSEMBLY_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "consult/providers/chat.h"
#include "consult/providers/sse.h"

enum {
    MAX_REPLY_BYTES = 8 * 1024 * 1024,
    MAX_REPLY_BLOCKS = 1000,
};

typedef struct {
    int32_t index; /* the provider's */
    BlockKind kind;
    Str id, name;
    Buf text;   /* the text, the pieces of a call's input, or those of an opaque block's member */
    cJSON *raw; /* of an opaque block; owned */
    const char *member; /* of it: "input" (JSON) or another (a string); NULL: nothing has come */
} Growing;

typedef enum {
    FAULT_NONE,
    FAULT_TEMPORARY, /* overloaded, rate limited, broken: may be tried again */
    FAULT_FINAL,
} FaultKind;

typedef struct {
    Arena arena; /* of the blocks' names and the table */
    Vec(Growing) blocks;
    size_t n_bytes;
    bool has_stop; /* the stream said why it ends */
    bool is_over;  /* and that it is over */
    StopReason stop;
    Str explanation, model;
    Usage usage;
    FaultKind fault;
    Str problem;                              /* of a fault: what the stream said */
    void (*on_text)(void *context, Str text); /* may be NULL */
    void *context;
} Assembly;

void assembly_free(Assembly *assembly);

/* The block of that index, or NULL. */
Growing *assembly_find(Assembly *assembly, int32_t index);
/* A new one; NULL where there are too many (that is a fault then). The pointer is good until the
 * next is added. */
Growing *assembly_add(Assembly *assembly, int32_t index, BlockKind kind);
/* True where a call's input is whole: a JSON object, to its end. */
bool assembly_is_whole(const Growing *call);
/* Adds to a block's text; a text block's is shown. */
void assembly_grow(Assembly *assembly, Growing *block, Str piece);
/* The first fault stays. Texts are copied. */
void assembly_fail(Assembly *assembly, FaultKind kind, Str problem);

/* What has come, in `out`. A call without any input has "{}". */
Reply assembly_reply(Assembly *assembly, Arena *out);

#endif
