/* The names in a report's code spans.
 *
 * Twice through the text: first for what the report says is to be made, which may be named anywhere
 * afterwards or before; then for what it says is there. A name is looked up where it has a shape
 * that only names of a schema have (table.column, table (column, …)), or where the words around it
 * say what it is (meaning.h). Whatever is found counts; of what is not, only what was plainly meant
 * is marked. */
#include "base/nearest.h"
#include "consult/check/meaning.h"
#include "consult/check/parts.h"
#include "consult/check/shapes.h"

enum {
    MAX_SPAN = 2000,
    CONTEXT = 160,    /* bytes looked at beside a name */
    MAX_NEAREST = 60, /* marks that also say what was probably meant */
    MAX_CELLS = 64,
    MAX_ROW = 10000, /* bytes of a row whose cells are told apart */
};

typedef struct {
    ReportCheck *check;
    uint32_t piece;
    Str lower; /* the line */
    Meaning header[MAX_CELLS];
    bool is_row, is_header, is_gathering;
    uint32_t n_nearest;
} Walk;

/* ---- the words around ---- */

static Str before_of(const Walk *walk, const Span *span)
{
    return str_slice(walk->lower, span->start > CONTEXT ? span->start - CONTEXT : 0, span->start);
}

static Str behind_of(const Walk *walk, const Span *span)
{
    return str_slice(walk->lower, span->end, span->end + CONTEXT);
}

static bool is_to_be_made(const Walk *walk, const Span *span, bool is_plain)
{
    Str clause = before_of(walk, span);
    clause = str_slice(clause, meaning_clause_start(clause), clause.length);
    return meaning_is_made(clause, behind_of(walk, span), is_plain);
}

static uint32_t cell_of(Str line, uint32_t at)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < at && i < line.length; i++)
        n += line.data[i] == '|' && (i == 0 || line.data[i - 1] != '\\');
    return n;
}

/* By its neighbours: "the tables `a`, `b`", "the `a` and `b` tables". */
static Meaning meaning_at(const Walk *walk, uint32_t index)
{
    enum { MAX_LIST = 12 };
    const SpanVec *spans = &walk->check->document.pieces.items[walk->piece].spans;
    const Span *span = &spans->items[index];
    Meaning meaning = meaning_behind(behind_of(walk, span));
    for (uint32_t i = index; meaning == MEANS_NOTHING && i + 2 < spans->n && i < index + MAX_LIST;
         i += 2) {
        if (!meaning_is_list(spans->items[i + 1].text) || spans->items[i + 2].kind != SPAN_CODE)
            break;
        Meaning last = meaning_behind(behind_of(walk, &spans->items[i + 2]));
        if (last == MEANS_TABLE || last == MEANS_COLUMN)
            meaning = last;
    }
    if (meaning == MEANS_NOTHING)
        meaning = meaning_before(before_of(walk, span));
    for (uint32_t i = index; meaning == MEANS_NOTHING && i >= 2 && i + MAX_LIST > index; i -= 2) {
        if (!meaning_is_list(spans->items[i - 1].text) || spans->items[i - 2].kind != SPAN_CODE)
            break;
        Meaning first = meaning_before(before_of(walk, &spans->items[i - 2]));
        if (first == MEANS_TABLE || first == MEANS_COLUMN)
            meaning = first;
    }
    if (meaning == MEANS_NOTHING && walk->is_row && !walk->is_header &&
        walk->lower.length < MAX_ROW) {
        uint32_t cell = cell_of(walk->lower, span->start);
        uint32_t before = index >= 2 ? cell_of(walk->lower, spans->items[index - 2].start) : 0;
        if (cell != before && cell < MAX_CELLS)
            meaning = walk->header[cell];
    }
    return meaning;
}

/* ---- verdicts ---- */

static void found(Walk *walk)
{
    if (walk->is_gathering)
        return;
    walk->check->n_references++;
    walk->check->n_found++;
}

static void not_found(Walk *walk, Span *span, Str reason, Str nearest)
{
    walk->check->n_references++;
    if (!str_is_absent(nearest))
        reason = str_format(walk->check->out, STR_FMT "; there is " STR_FMT, STR_ARG(reason),
                            STR_ARG(report_prose(walk->check->scratch, nearest)));
    check_mark(walk->check, walk->piece, span, reason);
}

static Str nearest_table(Walk *walk, Str name)
{
    return walk->n_nearest++ < MAX_NEAREST
               ? names_nearest_table(walk->check->scratch, &walk->check->names, name)
               : (Str){0};
}

static Str nearest_column(Walk *walk, const NamedTable *table, Str name)
{
    return walk->n_nearest++ < MAX_NEAREST ? names_nearest_column(walk->check->scratch, table, name)
                                           : (Str){0};
}

static Str prose(const Walk *walk, Str text)
{
    return report_prose(walk->check->scratch, str_slice(text, 0, 100));
}

static void no_column(Walk *walk, Span *span, const NamedTable *table, Str table_name, Str column)
{
    not_found(walk, span,
              str_format(walk->check->out, STR_FMT " has no column " STR_FMT,
                         STR_ARG(prose(walk, table_name)), STR_ARG(prose(walk, column))),
              nearest_column(walk, table, column));
}

static void no_table(Walk *walk, Span *span, Str name)
{
    not_found(
        walk, span,
        str_format(walk->check->out, "there is no table " STR_FMT, STR_ARG(prose(walk, name))),
        nearest_table(walk, name));
}

/* ---- table.column ---- */

static bool has_plural_shape(Str word)
{
    return word.length >= 5 && (word.data[word.length - 1] == 's' || str_contains(word, STR("_")));
}

static void look_at_unknown_table(Walk *walk, Span *span, uint32_t index, const Dotted *dotted)
{
    ReportCheck *check = walk->check;
    Str first = dotted->parts[0], second = dotted->parts[1];
    if (names_is_catalog(first) || names_knows(&check->names, first) ||
        shape_is_file_ending(second) || shape_is_shouted(first) || dotted->n != 2)
        return;
    bool is_column = map_get(&check->names.columns, str_lower(check->scratch, second)) != NULL;
    bool is_meant = meaning_at(walk, index) != MEANS_NOTHING;
    if (!is_meant && !(is_column && has_plural_shape(first)))
        return;
    if (names_in_sources(&check->names, first) || is_to_be_made(walk, span, false))
        return;
    no_table(walk, span, first);
}

static void look_at_dotted(Walk *walk, Span *span, uint32_t index, const Dotted *dotted)
{
    ReportCheck *check = walk->check;
    const Names *names = &check->names;
    Str whole = span->text, last = dotted->parts[dotted->n - 1];
    Str owner =
        str_slice(whole, 0, whole.length - (last.length < whole.length ? last.length + 1 : 0));
    if (names_table(names, whole)) { /* schema.table */
        found(walk);
        return;
    }
    bool has_schema = map_get(&names->schemas, str_lower(check->scratch, dotted->parts[0])) != NULL;
    if (dotted->n == 3 && !has_schema)
        return; /* prisma.order.findMany */
    const NamedTable *table = names_table(names, dotted->n == 3 ? owner : dotted->parts[0]);
    if (!table && dotted->n == 3)
        table = names_table(names, dotted->parts[1]);
    if (!table) {
        look_at_unknown_table(walk, span, index, dotted);
        return;
    }
    if (names_has_part(table, last)) {
        found(walk);
        return;
    }
    if (shape_is_file_ending(last) || (table->is_model && shape_is_of_every_class(last)) ||
        map_get(&names->new_ones, str_lower(check->scratch, whole)) ||
        map_get(&names->new_ones, str_lower(check->scratch, last)))
        return;
    no_column(walk, span, table, dotted->n == 3 ? dotted->parts[1] : dotted->parts[0], last);
}

/* ---- table (column, …) ---- */

static void look_at_list(Walk *walk, Span *span, const Dotted *dotted)
{
    ReportCheck *check = walk->check;
    Str whole = str_slice(span->text, 0, dotted->end);
    const NamedTable *table = names_table(&check->names, whole);
    uint32_t open = str_find(span->text, STR("("), 0);
    /* "an index on `invoices (order_id)`"; without the blank it is a function. */
    if (!table && open > dotted->end && dotted->n == 1 &&
        meaning_before(before_of(walk, span)) != MEANS_NOTHING &&
        !names_knows(&check->names, whole) && !names_in_sources(&check->names, whole) &&
        !shape_is_language(check->scratch, check->schema->dialect, whole) &&
        !names_is_catalog(whole) && !is_to_be_made(walk, span, true))
        no_table(walk, span, whole);
    if (!table || table->is_open || !str_ends_with(span->text, STR(")")))
        return;
    Str list = str_slice(span->text, open + 1, span->text.length - 1), item;
    if (str_contains(list, STR("=")))
        return; /* a call */
    for (uint32_t at = 0; shape_next_item(list, &at, &item);) {
        Str column = shape_item_column(item);
        if (str_is_absent(column) ||
            shape_is_language(check->scratch, check->schema->dialect, column))
            continue;
        if (!names_has_column(table, column) &&
            !map_get(&check->names.new_ones, str_lower(check->scratch, column))) {
            no_column(walk, span, table, whole, column);
            return;
        }
    }
    found(walk);
}

/* ---- one word ---- */

/* A name of the schema with a letter or two wrong. */
static Str misspelt(Walk *walk, Str word)
{
    ReportCheck *check = walk->check;
    if (word.length < 8 || !str_contains(word, STR("_")) || walk->n_nearest >= MAX_NEAREST)
        return (Str){0};
    walk->n_nearest++;
    StrVec keys = {0};
    const StrMap *maps[] = {&check->names.columns, &check->names.tables};
    for (size_t m = 0; m < sizeof maps / sizeof *maps; m++)
        for (MapEntry *e = map_next(maps[m], NULL); e; e = map_next(maps[m], e))
            if (e->key.length >= 6 && (e->key.data[0] | 0x20) == (word.data[0] | 0x20))
                VEC_PUSH(check->scratch, &keys, e->key);
    Str nearest = nearest_name(word, keys.items, keys.n);
    if (str_is_absent(nearest) || edit_distance(word, nearest) > 2)
        return (Str){0};
    /* One of many, or many of one, is what programs call it. */
    Str shorter = word.length < nearest.length ? word : nearest;
    Str longer = word.length < nearest.length ? nearest : word;
    return str_equal_ignore_case(shorter, str_slice(longer, 0, shorter.length)) ? (Str){0}
                                                                                : nearest;
}

static void look_at_word(Walk *walk, Span *span, uint32_t index, Str word)
{
    ReportCheck *check = walk->check;
    if (names_knows(&check->names, word)) {
        Meaning meaning = meaning_at(walk, index);
        bool is_table = names_table(&check->names, word) != NULL;
        if (meaning == MEANS_TABLE && !is_table && !is_to_be_made(walk, span, false) &&
            !map_get(&check->names.new_ones, str_lower(check->scratch, word)) &&
            !map_get(&check->names.others, str_lower(check->scratch, word)) &&
            str_ends_with(str_trim(before_of(walk, span)), STR("the table"))) {
            no_table(walk, span, word);
            return;
        }
        found(walk);
        return;
    }
    if (shape_is_shouted(word) || names_is_catalog(word) ||
        shape_is_language(check->scratch, check->schema->dialect, word))
        return;
    Meaning meaning = meaning_at(walk, index);
    if (meaning == MEANS_NOTHING) {
        Str nearest = misspelt(walk, word);
        if (!str_is_absent(nearest) && !is_to_be_made(walk, span, false) &&
            !names_in_sources(&check->names, word))
            not_found(walk, span,
                      str_format(check->out, "there is no " STR_FMT, STR_ARG(prose(walk, word))),
                      nearest);
        return;
    }
    if (is_to_be_made(walk, span, false) || names_in_sources(&check->names, word))
        return;
    if (meaning == MEANS_TABLE)
        no_table(walk, span, word);
    else
        not_found(walk, span,
                  str_format(check->out, "there is no %s" STR_FMT " in the schema",
                             meaning == MEANS_COLUMN ? "column " : "", STR_ARG(prose(walk, word))),
                  (Str){0});
}

/* ---- a statement in a sentence ---- */

static bool begins_statement(Str text)
{
    static const char *const verbs[] = {"select ", "insert ", "update ", "delete ",
                                        "alter ",  "create ", "drop ",   "truncate "};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        Str verb = str_from(verbs[i]);
        if (str_equal_ignore_case(str_slice(text, 0, verb.length), verb))
            return true;
    }
    return false;
}

static void look_at_statement(Walk *walk, Span *span)
{
    ReportCheck *check = walk->check;
    if (text_is_abbreviated(span->text) || check->lowered.n > 2000)
        return;
    const LoweredFile *file = check_lower(check, span->text, FILE_SQL);
    bool is_any = false;
    Str problem = {0};
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        const Fragment *fragment = file->fragments.items[i].fragment;
        if (fragment->problems.n > 0)
            return; /* half a statement: "DROP INDEX CONCURRENTLY" */
        for (uint32_t k = 0; k < fragment->operations.n; k++) {
            const Operation *operation = &fragment->operations.items[k];
            if (operation->kind == OP_UNKNOWN)
                return;
            is_any = true;
            if (walk->is_gathering)
                names_propose(&check->names, operation);
            else if (str_is_absent(problem))
                problem = operation_problem(check, operation);
        }
        for (uint32_t k = 0; k < fragment->queries.n && str_is_absent(problem); k++)
            problem =
                walk->is_gathering ? (Str){0} : query_problem(check, fragment->queries.items[k]);
    }
    if (walk->is_gathering || !is_any)
        return;
    if (str_is_absent(problem))
        found(walk);
    else
        not_found(walk, span, report_prose(check->out, problem), (Str){0});
}

/* ---- spans ---- */

/* First time: what is to be made. */
static void gather(Walk *walk, Span *span, const Dotted *dotted, bool is_name)
{
    ReportCheck *check = walk->check;
    const NamedTable *owner =
        is_name && dotted->n > 1 ? names_table(&check->names, dotted->parts[dotted->n - 2]) : NULL;
    if (!is_name || dotted->end != span->text.length || !is_to_be_made(walk, span, owner != NULL))
        return;
    Str last = dotted->parts[dotted->n - 1];
    if (dotted->n > 1 ? !owner || !names_has_part(owner, last)
                      : !names_knows(&check->names, last)) {
        names_propose_word(&check->names, span->text);
        if (dotted->n == 1)
            names_propose_word(&check->names, last);
    }
}

static void look_at_span(Walk *walk, uint32_t index)
{
    Span *span = &walk->check->document.pieces.items[walk->piece].spans.items[index];
    Dotted dotted;
    if (span->kind != SPAN_CODE || span->text.length == 0 || span->text.length > MAX_SPAN ||
        !str_is_absent(span->mark))
        return;
    bool is_name = shape_dotted(span->text, &dotted);
    if (begins_statement(span->text)) {
        look_at_statement(walk, span);
        return;
    }
    if (walk->is_gathering) {
        gather(walk, span, &dotted, is_name);
        return;
    }
    if (!is_name)
        return;
    Str rest = str_trim(str_slice(span->text, dotted.end, span->text.length));
    if (str_starts_with(rest, STR("(")))
        look_at_list(walk, span, &dotted);
    else if (rest.length == 0 && dotted.n > 1)
        look_at_dotted(walk, span, index, &dotted);
    else if (rest.length == 0)
        look_at_word(walk, span, index, dotted.parts[0]);
}

/* ---- rows of tables ---- */

static bool is_delimiter_row(Str line)
{
    Str text = str_trim(line);
    for (uint32_t i = 0; i < text.length; i++)
        if (!strchr("|-: ", text.data[i]))
            return false;
    return str_contains(text, STR("--")) && str_contains(text, STR("|"));
}

static void read_header(Walk *walk)
{
    uint32_t cell = 0, start = 0;
    memset(walk->header, 0, sizeof walk->header);
    for (uint32_t i = 0; i <= walk->lower.length && cell < MAX_CELLS; i++)
        if (i == walk->lower.length || walk->lower.data[i] == '|') {
            walk->header[cell++] = meaning_of_header(str_slice(walk->lower, start, i));
            start = i + 1;
        }
}

static void begin_line(Walk *walk, Piece *piece)
{
    const PieceVec *pieces = &walk->check->document.pieces;
    walk->lower = str_lower(walk->check->scratch, piece->line);
    bool was_row = walk->is_row;
    walk->is_row = str_starts_with(str_trim(piece->line), STR("|"));
    walk->is_header = walk->is_row && !was_row && walk->piece + 1 < pieces->n &&
                      is_delimiter_row(pieces->items[walk->piece + 1].line);
    if (walk->is_header)
        read_header(walk);
    else if (!walk->is_row || !was_row)
        memset(walk->header, 0, sizeof walk->header);
}

static void walk_all(ReportCheck *check, bool is_gathering)
{
    Walk walk = {.check = check, .is_gathering = is_gathering};
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        Piece *piece = &check->document.pieces.items[i];
        if (piece->kind != PIECE_TEXT && piece->kind != PIECE_HEADING) {
            walk.is_row = false;
            continue;
        }
        walk.piece = i;
        begin_line(&walk, piece);
        for (uint32_t k = 0; k < piece->spans.n; k++)
            look_at_span(&walk, k);
    }
}

void check_references(ReportCheck *check)
{
    walk_all(check, true);
    walk_all(check, false);
}
