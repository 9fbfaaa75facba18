/* mention.h — whether a text holds one of a few names, whatever their case.
 *
 * A quick no for texts that cannot name a table; a yes means that it has to be read. {0} holds no
 * name and says no. The names are not copied. */
#ifndef ENGINE_MENTION_H
#define ENGINE_MENTION_H

#include "base/str.h"

enum { MENTION_NAMES = 8 }; /* more: every text may hold one */

typedef struct {
    Str name;
    uint8_t skip[256]; /* by a byte, lower case: how far the window moves when it ends with it */
} MentionName;

typedef struct {
    MentionName names[MENTION_NAMES];
    uint32_t n;
    bool is_any; /* too many, or one that is very long or written with escapes */
} Mention;

void mention_add(Mention *mention, Str name);
bool mention_is_in(const Mention *mention, Str text);

#endif
