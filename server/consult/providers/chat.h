/* chat.h — a conversation with a language model as data, whichever API carries it.
 *
 * Plain data in arenas. What a provider sends that means nothing to others (its thinking, its own
 * searches) is kept as opaque JSON and goes back to it unchanged. */
#ifndef CONSULT_PROVIDERS_CHAT_H
#define CONSULT_PROVIDERS_CHAT_H

#include "base/str.h"
#include "base/vec.h"

typedef enum {
    BLOCK_TEXT,
    BLOCK_TOOL_CALL,
    BLOCK_TOOL_RESULT,
    BLOCK_OPAQUE, /* of the provider; only it can read it */
} BlockKind;

typedef struct {
    BlockKind kind;
    Str text;       /* BLOCK_TEXT, BLOCK_TOOL_RESULT; of BLOCK_OPAQUE its JSON */
    Str id;         /* of the call, also in its result */
    Str name;       /* of the tool called */
    Str input;      /* of the call: the JSON of an object */
    bool is_broken; /* of the call: what came was no JSON object; input is then what came */
    bool is_error;  /* of the result */
} Block;
typedef Vec(Block) BlockVec;

typedef struct {
    bool is_model; /* false: ours, with texts and the results of tools */
    BlockVec blocks;
} ChatMessage;
typedef Vec(ChatMessage) ChatMessageVec;

typedef struct {
    Str name; /* letters, digits, _ and -; at most 64 */
    Str description;
    Str schema; /* JSON Schema of its input, an object */
} ToolSpec;
typedef Vec(ToolSpec) ToolSpecVec;

/* What is asked: the conversation so far. The last message is ours. */
typedef struct {
    Str system;
    ChatMessageVec messages;
    ToolSpecVec tools;
    uint32_t max_output_tokens;
    /* How often the provider may search the web itself; 0: not at all, or it cannot
     * (endpoint_can_search). */
    uint32_t max_searches;
} Chat;

typedef enum {
    STOP_END,
    STOP_TOOLS,     /* it waits for the results of its calls */
    STOP_TRUNCATED, /* max_output_tokens */
    STOP_WINDOW,    /* no more fits into its context */
    STOP_PAUSED,    /* to be asked again with what it has said */
    STOP_REFUSED,
} StopReason;

typedef struct {
    uint64_t input_tokens; /* read anew */
    uint64_t cached_tokens, cache_written_tokens;
    uint64_t output_tokens;
    uint32_t n_searches; /* of the provider's own */
} Usage;

typedef struct {
    BlockVec blocks;
    StopReason stop;
    Str explanation; /* of a refusal, or absent */
    Usage usage;
    Str model; /* as the provider names it, or absent */
} Reply;

/* The texts of the reply one behind the other. */
Str reply_text(Arena *out, const Reply *reply);

/* Adds what a reply used. */
void usage_add(Usage *sum, const Usage *usage);

#endif
