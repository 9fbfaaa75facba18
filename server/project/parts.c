#include "project/parts.h"

typedef enum { MARKER_NONE, MARKER_UP, MARKER_DOWN } Marker;

/* The words of a "--" comment line without its dashes; absent for any other line. */
static Str comment_words(Str line)
{
    line = str_trim(line);
    if (!str_starts_with(line, STR("--")))
        return (Str){0};
    uint32_t at = 2;
    while (at < line.length &&
           (line.data[at] == '-' || line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    return str_slice(line, at, line.length);
}

static bool begins(Str words, Str with)
{
    return words.length >= with.length &&
           str_equal_ignore_case(str_slice(words, 0, with.length), with);
}

static Marker marker_of(Str line, MigrationParts parts)
{
    Str words = comment_words(line);
    if (str_is_empty(words))
        return MARKER_NONE;
    switch (parts) {
    case PARTS_ALL:
        return MARKER_NONE;
    case PARTS_DBMATE:
        return begins(words, STR("migrate:up"))     ? MARKER_UP
               : begins(words, STR("migrate:down")) ? MARKER_DOWN
                                                    : MARKER_NONE;
    case PARTS_GOOSE:
        if (begins(words, STR("+goose up")) || begins(words, STR("+migrate up")))
            return MARKER_UP;
        return begins(words, STR("+goose down")) || begins(words, STR("+migrate down"))
                   ? MARKER_DOWN
                   : MARKER_NONE;
    case PARTS_NODE_PG_MIGRATE:
        return begins(words, STR("up migration"))     ? MARKER_UP
               : begins(words, STR("down migration")) ? MARKER_DOWN
                                                      : MARKER_NONE;
    }
    return MARKER_NONE;
}

MigrationParts parts_detect(Str text)
{
    Str line;
    while (str_next_line(&text, &line)) {
        Str words = comment_words(line);
        if (str_is_empty(words))
            continue;
        for (int parts = PARTS_DBMATE; parts <= PARTS_NODE_PG_MIGRATE; parts++) {
            if (marker_of(line, (MigrationParts)parts) != MARKER_NONE)
                return (MigrationParts)parts;
        }
    }
    return PARTS_ALL;
}

char *parts_blank(Arena *out, Str text, MigrationParts parts)
{
    bool has_down = false;
    Str rest = text, line;
    while (parts != PARTS_ALL && !has_down && str_next_line(&rest, &line))
        has_down = marker_of(line, parts) == MARKER_DOWN;
    if (!has_down)
        return NULL;
    char *bytes = arena_alloc(out, (size_t)text.length + 1);
    memcpy(bytes, text.data, text.length);
    bool is_down = false;
    rest = text;
    while (str_next_line(&rest, &line)) {
        Marker marker = marker_of(line, parts);
        if (marker != MARKER_NONE)
            is_down = marker == MARKER_DOWN;
        size_t start = (size_t)(line.data - text.data);
        if (is_down)
            memset(bytes + start, ' ', line.length);
    }
    return bytes;
}

TransactionMode parts_transactions(Str text, TransactionMode otherwise)
{
    Str line;
    while (str_next_line(&text, &line)) {
        Str words = comment_words(line);
        if (str_is_empty(words))
            continue;
        if (begins(words, STR("+goose no transaction")) || begins(words, STR("no-transaction")) ||
            begins(words, STR("atlas:txmode none")) ||
            (begins(words, STR("+migrate up")) && str_contains(words, STR("notransaction"))) ||
            (begins(words, STR("migrate:up")) && str_contains(words, STR("transaction:false"))) ||
            (begins(words, STR("changeset")) && str_contains(words, STR("runInTransaction:false"))))
            return TRANSACTION_NONE;
    }
    return otherwise;
}
