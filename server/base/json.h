/* json.h — reading and building JSON without surprises.
 *
 * Thin over cJSON: lookups that never fail, strings that are Str on our side and well-formed
 * on the other. A cJSON tree has one owner, who frees it; "takes" means that ownership moves.
 *
 * cJSON's strings end at the first NUL, and it refuses lone surrogates. Both may stand, as
 * escapes, in the text of a document. json_parse rewrites them before parsing; for NUL it
 * puts a character that no text holds, and json_text gives the NUL back. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/str.h"

/* NULL where the text is not JSON. `text` is overwritten. The caller owns the tree. */
cJSON *json_parse(char *text, uint32_t length);
/* The same from a text that must stay as it is. */
cJSON *json_read(Str text);
/* The text of a document: with NULs. Lives in `out`. */
Str json_text(Arena *out, const cJSON *string);

/* A member, or NULL; the object may be NULL or no object. */
const cJSON *json_get(const cJSON *object, const char *key);
/* A member of a member...: json_path(params, "textDocument", "uri", NULL). */
const cJSON *json_path(const cJSON *object, ...) __attribute__((sentinel));
/* Absent where it is not a string. Lives as long as the tree. */
Str json_str(const cJSON *object, const char *key);
Str json_as_str(const cJSON *string);
bool json_is_true(const cJSON *object, const char *key);
/* False where it is not a whole number that fits. */
bool json_int(const cJSON *object, const char *key, int32_t *value);
/* True where the array holds the string. */
bool json_has(const cJSON *array, const char *string);

/* Malformed UTF-8 and NUL become U+FFFD. */
cJSON *json_string(Str s);
void json_add_str(cJSON *object, const char *key, Str s);
/* Takes `item`. */
void json_add(cJSON *object, const char *key, cJSON *item);
void json_push(cJSON *array, cJSON *item);
/* Appends the tree's text, without white space. */
void json_print(const cJSON *tree, Buf *out);

#endif
