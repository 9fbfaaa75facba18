/* identifier.h — names as SQL writes them, and as keys for looking up.
 *
 * Owns nothing. Any thread. */
#ifndef MODEL_IDENTIFIER_H
#define MODEL_IDENTIFIER_H

#include "base/arena.h"
#include "base/str.h"
#include "text/dialect.h"

/* The name as SQL of the dialect writes it: quoted where it must be; a template as it is. */
Str sql_identifier(Arena *out, Dialect dialect, Str name);
/* The text as an SQL string constant of the dialect. */
Str sql_string(Arena *out, Dialect dialect, Str text);

/* True for a name that another program fills in: {{ .Schema }}, ${schema}. SQL writes it as it
 * is, people leave it out. Not so what could be more than one name: it holds no ; and no comment.
 */
bool identifier_is_template(Str name);

/* True where the dialect takes both for the same name. */
bool identifier_equal(Dialect dialect, Str a, Str b);

/* Names joined by a byte that no name holds, lower case where the dialect ignores case: a key of
 * the schema's maps. The text points into `bytes`: copy it before keeping it. Names longer
 * than any database allows are cut and told apart by their hash. */
typedef struct {
    char bytes[1024];
    uint32_t length;
} IdentifierKey;

static inline void identifier_key_start(IdentifierKey *key) /* its bytes are not cleared */
{
    key->length = 0;
}

void identifier_key_add(IdentifierKey *key, Dialect dialect, Str name);
static inline Str identifier_key_text(const IdentifierKey *key)
{
    return str_of(key->bytes, key->length);
}

#endif
