/* Horspool's search: the window moves by as much as its last byte allows, so that of a long text
 * only one byte in the name's length is looked at. */
#include "engine/mention.h"

#include <string.h>

static uint8_t lower(char c)
{
    return (uint8_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

void mention_add(Mention *mention, Str name)
{
    for (uint32_t i = 0; i < mention->n; i++) {
        if (str_equal_ignore_case(mention->names[i].name, name))
            return;
    }
    bool has_escape = str_contains(name, STR("\"")) || str_contains(name, STR("`")) ||
                      str_contains(name, STR("]")) || str_contains(name, STR("\\"));
    if (name.length == 0 || name.length > UINT8_MAX || has_escape || mention->n == MENTION_NAMES) {
        mention->is_any = true;
        return;
    }
    MentionName *added = &mention->names[mention->n++];
    added->name = name;
    memset(added->skip, (int)name.length, sizeof added->skip);
    for (uint32_t i = 0; i + 1 < name.length; i++)
        added->skip[lower(name.data[i])] = (uint8_t)(name.length - 1 - i);
}

static bool is_at(Str text, uint32_t start, Str name)
{
    for (uint32_t i = name.length; i > 0; i--) {
        if (lower(text.data[start + i - 1]) != lower(name.data[i - 1]))
            return false;
    }
    return true;
}

bool mention_is_in(const Mention *mention, Str text)
{
    if (mention->is_any)
        return true;
    for (uint32_t i = 0; i < mention->n; i++) {
        const MentionName *name = &mention->names[i];
        uint32_t length = name->name.length;
        for (uint32_t end = length; end <= text.length;) {
            if (is_at(text, end - length, name->name))
                return true;
            end += name->skip[lower(text.data[end - 1])];
        }
    }
    return false;
}
