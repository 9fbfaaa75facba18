/* How an edit keeps what did not change
 *
 *     previous   A  B  C  D  E          before the first byte that differs:  A B
 *     now        A  B  X  D  E          behind the last byte that differs:   D E
 *                                       what is left:  C against X, by text (moved statements)
 *
 * The text is cut into statements anew from the last one that lies before the change with some
 * distance, to where a statement begins behind the change that began one before, too: a quote that
 * was opened may reach to the end. Parsing and lowering are what is expensive, so a statement
 * whose text stood in the previous version keeps its fragment.
 *
 * Each fragment is used once, because a place names its fragment and must have one position. */
#include "engine/lower.h"

#include "base/map.h"
#include "base/utf8.h"
#include "engine/suppression.h"
#include "frontends/prisma/prisma.h"
#include "frontends/python/python.h"
#include "frontends/sql/sql.h"
#include "syntax/sql_split.h"

enum {
    BINARY_HEAD_BYTES = 8000, /* a NUL among the first of them: not a text, as git decides it */
    FILE_START_BYTES = 4096,  /* the first chunk of a file's arena: most files are small */
};

static LoweredFile *file_new(Text *text, FileLanguage language, Dialect dialect)
{
    Arena arena = arena_with_capacity(FILE_START_BYTES);
    LoweredFile *file = ARENA_NEW(&arena, LoweredFile);
    file->text = text_retain(text);
    file->language = language;
    file->dialect = dialect;
    file->arena = arena;
    atomic_init(&file->references, 1);
    return file;
}

LoweredFile *lowered_file_retain(LoweredFile *file)
{
    atomic_fetch_add_explicit(&file->references, 1, memory_order_relaxed);
    return file;
}

void lowered_file_release(LoweredFile *file)
{
    if (!file || atomic_fetch_sub_explicit(&file->references, 1, memory_order_acq_rel) != 1)
        return;
    for (uint32_t i = 0; i < file->fragments.n; i++)
        fragment_release(file->fragments.items[i].fragment);
    text_release(file->text);
    Arena arena = file->arena; /* the struct itself is in it */
    arena_release(&arena);
}

static void add_problem(LoweredFile *file, Str rule, Str message, uint32_t start, uint32_t end)
{
    FileProblem problem = {.rule = rule, .message = message, .range = {.start = start, .end = end}};
    VEC_PUSH(&file->arena, &file->problems, problem);
}

/* ---- is it text at all ---- */

/* Where ASCII ends: eight bytes at a time. */
static uint32_t skip_ascii(Str bytes, uint32_t at)
{
    enum { STEP = sizeof(uint64_t) };
    for (uint64_t eight; bytes.length - at >= STEP; at += STEP) {
        memcpy(&eight, bytes.data + at, STEP);
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    while (at < bytes.length && (unsigned char)bytes.data[at] < 0x80)
        at++;
    return at;
}

/* The first malformed sequence; false where there is none. */
static bool find_malformed(Str bytes, Range *range)
{
    for (uint32_t at = skip_ascii(bytes, 0); at < bytes.length; at = skip_ascii(bytes, at)) {
        uint32_t n_bytes = 0;
        uint32_t code_point = utf8_decode(bytes, at, &n_bytes);
        if (code_point == 0xFFFD && n_bytes == 1) {
            *range = (Range){.start = at, .end = at + 1};
            return true;
        }
        at += n_bytes;
    }
    return false;
}

/* True where the text can be lowered; adds what is wrong with it either way. */
static bool check_encoding(LoweredFile *file, Str bytes)
{
    if (str_starts_with(bytes, STR("\xFF\xFE")) || str_starts_with(bytes, STR("\xFE\xFF"))) {
        add_problem(file, STR("utf-16"),
                    STR("this file is UTF-16; it is not read, because SQL tools expect UTF-8"), 0,
                    2);
        return false;
    }
    uint32_t nul = bytes.length ? str_find(bytes, str_of("", 1), 0) : UINT32_MAX;
    if (nul < BINARY_HEAD_BYTES) {
        add_problem(file, STR("binary-file"), STR("this file is binary; it is not read"), nul,
                    nul + 1);
        return false;
    }
    if (nul != UINT32_MAX)
        add_problem(file, STR("binary-file"), STR("this text holds a NUL byte"), nul, nul + 1);
    Range malformed;
    if (find_malformed(bytes, &malformed)) {
        add_problem(file, STR("invalid-utf8"),
                    str_format(&file->arena, "byte 0x%02X is not valid UTF-8",
                               (unsigned)(unsigned char)bytes.data[malformed.start]),
                    malformed.start, malformed.end);
    }
    return true;
}

/* ---- fragments ---- */

typedef struct {
    const LoweredFile *previous; /* NULL: nothing to reuse */
    StrMap by_text;              /* statement -> Reusable, of those in the middle */
    uint32_t first, end;         /* previous fragments not matched at either end */
} Reuse;

typedef struct Reusable Reusable;
struct Reusable {
    uint32_t index;
    Reusable *next;
};

static Str piece_text(Str bytes, const Piece *piece)
{
    return str_slice(bytes, piece->range.start, piece->range.end);
}

static void index_middle(Arena *scratch, Reuse *reuse)
{
    for (uint32_t i = reuse->end; i > reuse->first; i--) {
        Str text = reuse->previous->fragments.items[i - 1].fragment->text;
        Reusable *entry = ARENA_NEW(scratch, Reusable);
        entry->index = i - 1;
        entry->next = map_get(&reuse->by_text, text);
        map_set(scratch, &reuse->by_text, text, entry);
    }
}

static Fragment *take_from_middle(Arena *scratch, Reuse *reuse, Str text)
{
    Reusable *entry = map_get(&reuse->by_text, text);
    if (!entry)
        return NULL;
    if (entry->next)
        map_set(scratch, &reuse->by_text, text, entry->next);
    else
        map_remove(&reuse->by_text, text);
    return reuse->previous->fragments.items[entry->index].fragment;
}

static void place_fragment(LoweredFile *file, Fragment *fragment, uint32_t start)
{
    VEC_PUSH(&file->arena, &file->fragments,
             ((PlacedFragment){.fragment = fragment, .start = start}));
}

/* How many bytes two texts share at their ends, without overlap. */
typedef struct {
    uint32_t front, back;
    uint32_t old_length, new_length;
} Ends;

static Ends common_ends(Str old, Str new)
{
    enum { STEP = 256 }; /* for memcmp, which is quick at it */
    uint32_t shorter = old.length < new.length ? old.length : new.length;
    Ends ends = {.old_length = old.length, .new_length = new.length};
    while (shorter - ends.front >= STEP &&
           memcmp(old.data + ends.front, new.data + ends.front, STEP) == 0)
        ends.front += STEP;
    while (ends.front < shorter && old.data[ends.front] == new.data[ends.front])
        ends.front++;
    const char *old_end = old.data + old.length, *new_end = new.data + new.length;
    uint32_t left = shorter - ends.front;
    while (left - ends.back >= STEP &&
           memcmp(old_end - ends.back - STEP, new_end - ends.back - STEP, STEP) == 0)
        ends.back += STEP;
    while (ends.back < left && *(old_end - ends.back - 1) == *(new_end - ends.back - 1))
        ends.back++;
    return ends;
}

/* True where the piece is the old fragment, before the first byte that changed. */
static bool is_in_front(const Ends *ends, const PlacedFragment *old, const Piece *piece,
                        uint32_t offset)
{
    return offset + piece->range.end <= ends->front && old->start == offset + piece->range.start &&
           old->fragment->text.length == piece->range.end - piece->range.start;
}

/* The same behind the last byte that changed. */
static bool is_in_back(const Ends *ends, const PlacedFragment *old, const Piece *piece,
                       uint32_t offset)
{
    uint32_t from_end = ends->new_length - (offset + piece->range.start);
    return from_end <= ends->back && ends->old_length - old->start == from_end &&
           old->fragment->text.length == piece->range.end - piece->range.start;
}

/* Fills file->fragments from the statements among the pieces. */
static void lower_pieces(LoweredFile *file, Str bytes, uint32_t offset, const PieceVec *pieces,
                         const LoweredFile *previous, const Ends *ends, Arena *scratch)
{
    uint32_t n_previous = previous ? previous->fragments.n : 0;
    const PlacedFragment *before = previous ? previous->fragments.items : NULL;
    uint32_t front = 0;
    while (front < pieces->n && front < n_previous &&
           is_in_front(ends, &before[front], &pieces->items[front], offset))
        front++;
    uint32_t back = 0;
    while (back < pieces->n - front && back < n_previous - front &&
           is_in_back(ends, &before[n_previous - 1 - back], &pieces->items[pieces->n - 1 - back],
                      offset))
        back++;
    Reuse reuse = {.previous = previous, .first = front, .end = n_previous - back};
    index_middle(scratch, &reuse);

    Parser *parser = NULL;
    for (uint32_t i = 0; i < pieces->n; i++) {
        Str text = piece_text(bytes, &pieces->items[i]);
        Fragment *fragment = NULL;
        if (i < front)
            fragment = before[i].fragment;
        else if (i >= pieces->n - back)
            fragment = before[n_previous - (pieces->n - i)].fragment;
        else
            fragment = take_from_middle(scratch, &reuse, text);
        if (fragment) {
            fragment_retain(fragment);
            file->n_reused++;
        } else {
            if (!parser)
                parser = parser_new();
            fragment = sql_lower(parser, text, file->dialect);
        }
        place_fragment(file, fragment, offset + pieces->items[i].range.start);
    }
    if (parser)
        parser_free(parser);
}

/* The byte order mark's, or 0. */
static uint32_t mark_length(Str bytes)
{
    return str_starts_with(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
}

/* Only statements lower to something; psql's meta commands and COPY data do not. */
static PieceVec statements_only(PieceVec pieces)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pieces.n; i++) {
        if (pieces.items[i].kind == PIECE_STATEMENT)
            pieces.items[n++] = pieces.items[i];
    }
    pieces.n = n;
    return pieces;
}

static void add_statement(Arena *scratch, PieceVec *pieces, const PlacedFragment *old,
                          uint32_t start)
{
    Range range = {.start = start, .end = start + old->fragment->text.length};
    VEC_PUSH(scratch, pieces, ((Piece){.kind = PIECE_STATEMENT, .range = range}));
}

/* The statements, where those of the previous version are known. */
static PieceVec split_again(LoweredFile *file, Str content, uint32_t offset,
                            const LoweredFile *previous, const Ends *ends, Arena *scratch)
{
    const PlacedFragmentVec *before = &previous->fragments;
    SplitPart part = {0};
    uint32_t n_front = 0, first_back = before->n;
    while (n_front < before->n && before->items[n_front].start +
                                          before->items[n_front].fragment->text.length +
                                          SPLIT_LOOKAHEAD <=
                                      ends->front)
        n_front++;
    if (n_front > 0)
        part.from = before->items[--n_front].start - offset;
    while (first_back > 0 && before->items[first_back - 1].start >= ends->old_length - ends->back)
        first_back--;
    uint32_t *stops = ARENA_ARRAY(scratch, uint32_t, before->n - first_back + 1);
    for (uint32_t i = first_back; i < before->n; i++)
        stops[part.n_stops++] =
            before->items[i].start + ends->new_length - ends->old_length - offset;
    part.stops = stops;
    SplitResult result = sql_split_part(scratch, content, file->dialect, &part);
    file->is_split_local = result.is_local;
    PieceVec pieces = {0};
    for (uint32_t i = 0; i < n_front; i++)
        add_statement(scratch, &pieces, &before->items[i], before->items[i].start - offset);
    for (uint32_t i = 0; i < result.pieces.n; i++)
        VEC_PUSH(scratch, &pieces, result.pieces.items[i]);
    for (uint32_t i = result.stop; i < part.n_stops; i++)
        add_statement(scratch, &pieces, &before->items[first_back + i], stops[i]);
    return pieces;
}

static void lower_statements(LoweredFile *file, Str content, uint32_t offset,
                             const LoweredFile *previous)
{
    Arena scratch = {0};
    Ends ends = {0};
    if (previous)
        ends = common_ends(text_bytes(previous->text), text_bytes(file->text));
    PieceVec pieces;
    if (previous && previous->is_split_local && mark_length(text_bytes(previous->text)) == offset) {
        pieces = split_again(file, content, offset, previous, &ends, &scratch);
    } else {
        SplitResult result = sql_split_part(&scratch, content, file->dialect, NULL);
        file->is_split_local = result.is_local;
        pieces = result.pieces;
    }
    pieces = statements_only(pieces);
    lower_pieces(file, content, offset, &pieces, previous, &ends, &scratch);
    arena_release(&scratch);
}

/* ---- files that are one fragment ---- */

static Fragment *read_whole(FileLanguage language, Str content, Dialect dialect)
{
    if (language == FILE_PRISMA)
        return prisma_read(content, dialect);
    Parser *parser = parser_new();
    Fragment *fragment = python_read(parser, content, dialect);
    parser_free(parser);
    return fragment;
}

static void lower_whole(LoweredFile *file, Str content, uint32_t offset,
                        const LoweredFile *previous)
{
    bool is_same = previous && previous->fragments.n == 1 &&
                   str_equal(previous->fragments.items[0].fragment->text, content);
    Fragment *fragment = is_same ? fragment_retain(previous->fragments.items[0].fragment)
                                 : read_whole(file->language, content, file->dialect);
    file->n_reused += is_same;
    place_fragment(file, fragment, offset);
}

LoweredFile *lower_file(Text *text, FileLanguage language, Dialect dialect,
                        const LoweredFile *previous)
{
    LoweredFile *file = file_new(text, language, dialect);
    Str bytes = text_bytes(text);
    if (!check_encoding(file, bytes))
        return file;
    uint32_t offset = mark_length(bytes);
    Str content = str_slice(bytes, offset, bytes.length);
    if (previous && (previous->dialect != dialect || previous->language != language))
        previous = NULL;
    if (language == FILE_SQL)
        lower_statements(file, content, offset, previous);
    else
        lower_whole(file, content, offset, previous);
    file->suppressions = suppressions_find(&file->arena, text, language, dialect, &file->fragments);
    return file;
}
