/* json_out.h — printing JSON with its line breaks: small, in order, byte-stable.
 *
 *     JsonOut json = {.out = &buf};
 *     jsonout_open(&json, NULL, '{');
 *     jsonout_text(&json, "version", STR("1"));
 *     jsonout_open(&json, "findings", '[');
 *     jsonout_close(&json, ']');
 *     jsonout_close(&json, '}');
 *
 * `key` is NULL in an array and at the top. Malformed UTF-8 becomes U+FFFD. Each value has its
 * line, but those of what was opened with jsonout_open_inline share one. */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include "base/buf.h"

typedef struct {
    Buf *out;
    uint32_t depth;
    bool has_items;   /* at this depth: a comma comes first */
    uint32_t inlined; /* > 0: without line breaks */
} JsonOut;

void jsonout_open(JsonOut *json, const char *key, char bracket);
void jsonout_close(JsonOut *json, char bracket);
/* An object or array on one line. */
void jsonout_open_inline(JsonOut *json, const char *key, char bracket);
void jsonout_text(JsonOut *json, const char *key, Str value);
/* null where the text is absent. */
void jsonout_text_or_null(JsonOut *json, const char *key, Str value);
void jsonout_number(JsonOut *json, const char *key, uint64_t value);
void jsonout_bool(JsonOut *json, const char *key, bool value);
void jsonout_null(JsonOut *json, const char *key);

#endif
