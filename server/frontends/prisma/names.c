/* The names that Prisma gives to keys and indexes without a `map`: the table, its columns and a
 * suffix, joined by underscores and cut before the suffix. */
#include "frontends/prisma/link.h"

uint32_t link_name_max(const Link *link)
{
    switch (link->provider) {
    case PROVIDER_POSTGRESQL:
    case PROVIDER_COCKROACHDB:
        return 63;
    case PROVIDER_MYSQL:
        return 64;
    case PROVIDER_SQLITE: /* has no limit; Prisma sets one */
        return 10000;
    case PROVIDER_SQLSERVER:
        return 128;
    }
    return 63;
}

/* `text` in at most `limit` bytes, not cut within a character. */
static Str clip(Str text, uint32_t limit)
{
    if (text.length <= limit)
        return text;
    while (limit > 0 && ((unsigned char)text.data[limit] & 0xC0) == 0x80)
        limit--;
    return str_slice(text, 0, limit);
}

Str link_constraint_name(const Link *link, Str table, const NameVec *columns, Str suffix)
{
    Str base = table;
    if (columns && columns->n > 0) {
        Str *parts = ARENA_ARRAY(link->scratch, Str, columns->n + 1);
        parts[0] = table;
        for (uint32_t i = 0; i < columns->n; i++)
            parts[i + 1] = columns->items[i].text;
        base = str_join(link->scratch, parts, columns->n + 1, STR("_"));
    }
    base = clip(base, link_name_max(link) - suffix.length);
    return str_join(link->out, (const Str[]){base, suffix}, 2, STR(""));
}
