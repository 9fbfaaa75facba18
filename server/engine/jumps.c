#include "engine/jumps.h"

#include "engine/replay_sources.h"
#include "syntax/sql_lex.h"

/* ---- whose name it is ---- */

static FileLanguage language_of(const Snapshot *snapshot, uint32_t source)
{
    return snapshot->sources.items[source].file->language;
}

/* Whether a string is open at the byte: the quotes of its line before it, by the rules that Prisma
 * and Python share. A string of several lines counts as none. */
static bool is_in_string(const Text *text, uint32_t at)
{
    enum { MAX_LINE = 4096 }; /* longer than any line that people write */
    Str bytes = text_bytes(text);
    Range line = text_line_range(text, text_line_at(text, at));
    char open = 0;
    uint32_t start = at - line.start > MAX_LINE ? at - MAX_LINE : line.start;
    for (uint32_t i = start; i < at; i++) {
        char c = bytes.data[i];
        if (open && c == '\\')
            i++;
        else if (open && c == open)
            open = 0;
        else if (!open && (c == '"' || c == '\''))
            open = c;
    }
    return open || (at < bytes.length && (bytes.data[at] == '"' || bytes.data[at] == '\''));
}

/* It stands on a name that the file's own server follows: not in a string, nor SQL. */
static bool is_symbol(const Snapshot *snapshot, const LocatedOccurrence *occurrence)
{
    const Source *source = &snapshot->sources.items[occurrence->location.source];
    return source_is_linked(source) &&
           !is_in_string(source->file->text, occurrence->location.range.start);
}

/* Prisma's server follows names of models, not those of fields. */
static bool is_followed_elsewhere(const Snapshot *snapshot, const LocatedOccurrence *from)
{
    if (!is_symbol(snapshot, from))
        return false;
    const Thing *thing = &from->occurrence.thing;
    bool is_model = !thing->column && !thing->relation;
    return is_model || language_of(snapshot, from->location.source) != FILE_PRISMA;
}

/* Whether the byte of an SQL file is in a string, such as a function's body. Far into a statement
 * it counts as one. */
static bool is_in_sql_string(const Source *source, uint32_t at)
{
    enum { MAX_STATEMENT = 16 * 1024 };
    const PlacedFragment *placed = source_fragment_at(source, at);
    if (!placed || at - placed->start > MAX_STATEMENT)
        return true;
    SqlToken token = {0};
    Str text = placed->fragment->text;
    do {
        token = sql_lex(text, token.end, source->file->dialect);
    } while (token.kind != SQL_TOKEN_END && token.end <= at - placed->start);
    return token.kind == SQL_TOKEN_STRING || token.kind == SQL_TOKEN_DOLLAR;
}

/* squawk's server follows the name: it stands in SQL, outside of function bodies. */
static bool is_squawks(const Snapshot *snapshot, const LocatedOccurrence *occurrence)
{
    const Source *source = &snapshot->sources.items[occurrence->location.source];
    return source->file->language == FILE_SQL &&
           !is_in_sql_string(source, occurrence->location.range.start);
}

/* From a name that squawk's server follows it gets to this one too: they stand in one file and are
 * the same. It does not follow renames. */
static bool is_reached_by_squawk(const Snapshot *snapshot, const LocatedOccurrence *from,
                                 const LocatedOccurrence *one)
{
    Range a = from->location.range, b = one->location.range;
    Str text = text_bytes(snapshot->sources.items[from->location.source].file->text);
    return one->location.source == from->location.source &&
           str_equal_ignore_case(str_slice(text, a.start, a.end),
                                 str_slice(text, b.start, b.end)) &&
           is_squawks(snapshot, one);
}

/* ---- definitions ---- */

/* Of one side: its definitions, else, where nothing says more, its titles. */
static void add_definitions(Arena *out, const Snapshot *snapshot, const LocatedOccurrenceVec *all,
                            bool is_declared, LocatedOccurrenceVec *found)
{
    OccurrenceRole roles[] = {OCCURRENCE_DEFINITION, OCCURRENCE_TITLE};
    for (unsigned r = 0; r < sizeof roles / sizeof *roles; r++) {
        uint32_t n_before = found->n;
        for (uint32_t i = 0; i < all->n; i++) {
            const LocatedOccurrence *one = &all->items[i];
            if (one->occurrence.role == roles[r] &&
                source_is_declared(snapshot, one->location.source) == is_declared)
                VEC_PUSH(out, found, *one);
        }
        if (found->n > n_before)
            return;
    }
}

static bool has_location(const LocatedOccurrenceVec *list, const Location *location)
{
    for (uint32_t i = 0; i < list->n; i++) {
        if (location_equal(&list->items[i].location, location))
            return true;
    }
    return false;
}

static LocatedOccurrenceVec definitions(Arena *out, const Snapshot *snapshot,
                                        const LocatedOccurrence *from)
{
    LocatedOccurrenceVec own = {0}, other = {0};
    if (from->occurrence.role == OCCURRENCE_TYPE || is_followed_elsewhere(snapshot, from))
        return own;
    LocatedOccurrenceVec all = occurrences_of(out, snapshot, &from->occurrence.thing);
    bool is_declared = source_is_declared(snapshot, from->location.source);
    add_definitions(out, snapshot, &all, is_declared, &own);
    add_definitions(out, snapshot, &all, !is_declared, &other);
    bool is_beside_definition = from->occurrence.role == OCCURRENCE_TITLE;
    if (other.n > 0 && (has_location(&own, &from->location) || is_beside_definition))
        return other;
    bool is_in_model = source_is_linked(&snapshot->sources.items[from->location.source]);
    if (own.n > 0 && is_in_model)
        return own;
    for (uint32_t i = 0; i < other.n; i++)
        VEC_PUSH(out, &own, other.items[i]);
    return own;
}

LocatedOccurrenceVec jump_definitions(Arena *out, const Snapshot *snapshot,
                                      const LocatedOccurrence *from, bool is_beside_squawk)
{
    LocatedOccurrenceVec found = definitions(out, snapshot, from);
    if (!is_beside_squawk || !is_squawks(snapshot, from))
        return found;
    uint32_t n = 0;
    for (uint32_t i = 0; i < found.n; i++) {
        if (!is_reached_by_squawk(snapshot, from, &found.items[i]))
            found.items[n++] = found.items[i];
    }
    found.n = n;
    return found;
}

/* ---- references ---- */

/* The file's own server lists it: a free name in a file of the language that `from` is of. */
static bool is_listed_elsewhere(const Snapshot *snapshot, const LocatedOccurrence *from,
                                const LocatedOccurrence *one)
{
    return language_of(snapshot, from->location.source) ==
               language_of(snapshot, one->location.source) &&
           is_symbol(snapshot, one);
}

LocatedOccurrenceVec jump_references(Arena *out, const Snapshot *snapshot,
                                     const LocatedOccurrence *from, bool includes_definitions,
                                     bool is_beside_squawk)
{
    LocatedOccurrenceVec found = {0};
    if (from->occurrence.role == OCCURRENCE_TYPE)
        return found;
    LocatedOccurrenceVec all = occurrences_of(out, snapshot, &from->occurrence.thing);
    bool is_shared = is_symbol(snapshot, from);
    bool is_shared_with_squawk = is_beside_squawk && is_squawks(snapshot, from);
    for (uint32_t i = 0; i < all.n; i++) {
        const LocatedOccurrence *one = &all.items[i];
        OccurrenceRole role = one->occurrence.role;
        bool is_definition = role == OCCURRENCE_DEFINITION || role == OCCURRENCE_TITLE;
        bool is_name = role != OCCURRENCE_ALIAS && role != OCCURRENCE_TYPE;
        if (is_name && (includes_definitions || !is_definition) &&
            !(is_shared && is_listed_elsewhere(snapshot, from, one)) &&
            !(is_shared_with_squawk && is_reached_by_squawk(snapshot, from, one)))
            VEC_PUSH(out, &found, *one);
    }
    return found;
}

LocatedOccurrenceVec jump_highlights(Arena *out, const Snapshot *snapshot,
                                     const LocatedOccurrence *from)
{
    LocatedOccurrenceVec found = {0};
    uint32_t source = from->location.source;
    if (from->occurrence.role == OCCURRENCE_TYPE ||
        (language_of(snapshot, source) == FILE_PYTHON && is_symbol(snapshot, from)))
        return found;
    LocatedOccurrenceVec all = occurrences_of(out, snapshot, &from->occurrence.thing);
    for (uint32_t i = 0; i < all.n; i++) {
        if (all.items[i].location.source == source &&
            all.items[i].occurrence.role != OCCURRENCE_TYPE)
            VEC_PUSH(out, &found, all.items[i]);
    }
    return found;
}

/* ---- extents ---- */

static Place extent_of(const Thing *thing)
{
    if (thing->relation)
        return thing->relation->place;
    return thing->column ? thing->column->place : thing->table->place;
}

Range jump_extent(const Snapshot *snapshot, const LocatedOccurrence *definition)
{
    Range name = definition->location.range;
    Location whole;
    if (!snapshot_locate(snapshot, extent_of(&definition->occurrence.thing), &whole) ||
        whole.source != definition->location.source)
        return name;
    bool holds = whole.range.start <= name.start && name.end <= whole.range.end;
    return holds ? whole.range : name;
}
