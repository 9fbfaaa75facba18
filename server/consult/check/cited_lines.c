/* Whether a cited line has to do with what its paragraph names. */
#include "consult/check/places.h"

enum {
    PART_LINES = 12, /* of a part of a statement that goes over several lines */
    MAX_GROUP_NAMES = 60,
    MAX_CITED = 3, /* by a paragraph whose lines are held against its names */
};

static Str line_of(const CitedFile *file, uint32_t line)
{
    if (file->source) {
        Range range = text_line_range(file->source->file->text, line - 1);
        return str_slice(file->bytes, range.start, range.end);
    }
    return (Str){0};
}

/* ---- what the paragraph speaks of ---- */

typedef struct {
    Places *places;
    bool in_code;
} Gather;

static void add_group_name(void *context, Str word)
{
    Gather *gather = context;
    Places *places = gather->places;
    ReportCheck *check = places->check;
    bool has_shape = gather->in_code || str_contains(word, STR("_"));
    if (word.length < 2 || places->group_words.n == MAX_GROUP_NAMES ||
        !names_knows(&check->names, word))
        return;
    Str lower = str_lower(check->scratch, word);
    VEC_PUSH(check->scratch, &places->group_words, lower);
    if (has_shape)
        VEC_PUSH(check->scratch, &places->group_names, lower);
}

/* Not the name of a rule, a path or a command. */
static bool may_hold_names(const Span *span)
{
    return span->kind == SPAN_TEXT ||
           (span->kind == SPAN_CODE && !str_contains(span->text, STR("-")) &&
            !str_contains(span->text, STR("/")));
}

/* ":13", ", 24" */
static uint32_t count_cited(Str line)
{
    uint32_t n = 0;
    for (uint32_t i = 1; i + 1 < line.length; i++) {
        char before = line.data[i - 1], c = line.data[i];
        if ((c == ':' && before > ' ') || (c == ' ' && before == ','))
            n += line.data[i + 1] >= '0' && line.data[i + 1] <= '9';
    }
    return n;
}

/* "none of the 6 timestamps": the lines are of more than is named. */
static bool speaks_of_many(const ReportCheck *check, Str line)
{
    static const char *const words[] = {"none of", "all of", "each of", "every", " more",
                                        " other",  "both",   "several", "many ", "some of"};
    Str lower = str_lower(check->scratch, line);
    return HAS_ANY(lower, words);
}

void place_gather(Places *places, uint32_t piece)
{
    const PieceVec *pieces = &places->check->document.pieces;
    if (piece < places->group_end)
        return;
    uint32_t group = pieces->items[piece].group;
    places->group_names.n = places->group_words.n = 0;
    places->group_end = piece + 1;
    while (places->group_end < pieces->n && pieces->items[places->group_end].group == group &&
           pieces->items[places->group_end].kind == PIECE_TEXT)
        places->group_end++;
    places->n_cited = 0;
    for (uint32_t i = piece; i < places->group_end; i++) {
        places->n_cited += count_cited(pieces->items[i].line);
        if (speaks_of_many(places->check, pieces->items[i].line))
            places->n_cited += MAX_CITED;
        const SpanVec *spans = &pieces->items[i].spans;
        for (uint32_t k = 0; k < spans->n; k++) {
            Gather gather = {.places = places, .in_code = spans->items[k].kind == SPAN_CODE};
            if (may_hold_names(&spans->items[k]))
                words_visit(spans->items[k].text, add_group_name, &gather);
        }
    }
}

/* ---- lines ---- */

typedef struct {
    const Names *known;
    const StrVec *names;
    bool is_found;
} Holds;

/* customerId is customer_id. */
static bool is_same_word(Str a, Str b)
{
    uint32_t i = 0, k = 0;
    for (;;) {
        while (i < a.length && a.data[i] == '_')
            i++;
        while (k < b.length && b.data[k] == '_')
            k++;
        if (i == a.length || k == b.length)
            return i == a.length && k == b.length;
        if ((a.data[i] | 0x20) != (b.data[k] | 0x20))
            return false;
        i++;
        k++;
    }
}

static void compare_word(void *context, Str word)
{
    Holds *holds = context;
    for (uint32_t i = 0; i < holds->names->n && !holds->is_found; i++)
        holds->is_found = is_same_word(word, holds->names->items[i]);
    if (holds->is_found)
        return;
    /* A class stands for its table. */
    const NamedTable *table = names_table(holds->known, word);
    for (uint32_t i = 0; table && i < holds->names->n && !holds->is_found; i++)
        holds->is_found = names_table(holds->known, holds->names->items[i]) == table;
}

static bool holds_name(const Places *places, const StrVec *names, Str text)
{
    Holds holds = {.known = &places->check->names, .names = names};
    words_visit(text, compare_word, &holds);
    return holds.is_found;
}

static uint32_t indent_of(Str line)
{
    uint32_t n = 0;
    while (n < line.length && (line.data[n] == ' ' || line.data[n] == '\t'))
        n++;
    return n;
}

static char last_of(Str line)
{
    Str text = str_trim(line);
    return text.length > 0 ? text.data[text.length - 1] : ' ';
}

/* The line begins a statement that holds one of the names. */
static bool begins_statement(const Places *places, const CitedFile *file, const StrVec *names,
                             uint32_t line)
{
    const LoweredFile *lowered = file->source->file;
    const PlacedFragment *fragments = lowered->fragments.items;
    uint32_t start = text_line_range(lowered->text, line - 1).start;
    uint32_t low = 0, high = lowered->fragments.n;
    if (lowered->language != FILE_SQL)
        return false;
    while (low < high) { /* the first that does not begin before the line */
        uint32_t middle = low + (high - low) / 2;
        if (fragments[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low < lowered->fragments.n &&
           text_line_at(lowered->text, fragments[low].start) + 1 == line &&
           holds_name(places, names, fragments[low].fragment->text);
}

/* The line begins something that goes on below it, deeper or in brackets: a model, a class, a
 * call, a part of a statement. */
static bool begins_part(const Places *places, const CitedFile *file, const StrVec *names,
                        uint32_t line)
{
    Str first = line_of(file, line);
    char end = last_of(first);
    bool is_block = strchr("{(:[", end) != NULL;
    if (str_trim(first).length == 0 || (!is_block && strchr(",;)", end)))
        return false;
    for (uint32_t i = line + 1; i <= file->n_lines && i <= line + (is_block ? 200 : PART_LINES);
         i++) {
        Str text = line_of(file, i);
        if (is_block && str_trim(text).length > 0 && indent_of(text) <= indent_of(first))
            return false;
        if (holds_name(places, names, text))
            return true;
        if (!is_block && strchr(",;", last_of(text)))
            return false;
    }
    return false;
}

/* What a table or a class is called in the database. */
static Str table_name(const ReportCheck *check, Str name)
{
    const OrmModel *model = check_model(check, name);
    return model ? model->table.text : name;
}

/* True where the line is of what defines one of the tables that the paragraph names; without its
 * first line, unless wanted. */
static bool is_within_table(const Places *places, const CitedFile *file, uint32_t line,
                            bool with_first)
{
    const ReportCheck *check = places->check;
    const Database *database = &check->snapshot->database;
    const Schema *schemas[] = {database->migrated, database->declared};
    for (uint32_t i = 0; i < places->group_names.n; i++)
        for (size_t s = 0; s < sizeof schemas / sizeof *schemas; s++) {
            Str name = table_name(check, places->group_names.items[i]);
            const Table *table = schemas[s] ? schema_table(schemas[s], (Str){0}, name) : NULL;
            Location at;
            if (!table || !snapshot_locate(check->snapshot, table->place, &at) ||
                &check->snapshot->sources.items[at.source] != file->source)
                continue;
            const Text *text = file->source->file->text;
            Location title;
            if (!with_first && snapshot_locate(check->snapshot, table->name.place, &title) &&
                title.source == at.source && text_line_at(text, title.range.start) + 1 == line)
                continue;
            if (text_line_at(text, at.range.start) + (with_first ? 1 : 2) <= line &&
                text_line_at(text, at.range.end) + 1 >= line)
                return true;
        }
    return false;
}

/* True where the paragraph names a column that is one of the table around the line. */
static bool names_column(const Places *places)
{
    for (uint32_t i = 0; i < places->group_names.n; i++) {
        Str name = places->group_names.items[i];
        if (map_get(&places->check->names.columns, name) &&
            !map_get(&places->check->names.tables, name))
            return true;
    }
    return false;
}

/* The nearest line that holds one of the names; 0: none does. */
static uint32_t nearest_line(const Places *places, const CitedFile *file, const StrVec *names,
                             uint32_t line)
{
    enum { REACH = 400 };
    for (uint32_t d = 1; d < REACH; d++) {
        if (line > d && holds_name(places, names, line_of(file, line - d)))
            return line - d;
        if (line + d <= file->n_lines && holds_name(places, names, line_of(file, line + d)))
            return line + d;
    }
    return 0;
}

/* Names that are columns or parts, without those of tables, where there are any. */
static StrVec precise_names(const Places *places)
{
    StrVec precise = {0};
    for (uint32_t i = 0; i < places->group_names.n; i++)
        if (!map_get(&places->check->names.tables, places->group_names.items[i]))
            VEC_PUSH(places->check->scratch, &precise, places->group_names.items[i]);
    return precise.n > 0 ? precise : places->group_names;
}

/* The line holds one of the names. Where columns are named, a table's own name within its
 * definition says nothing. */
static bool speaks_of(const Places *places, const CitedFile *file, uint32_t line)
{
    const StrMap *tables = &places->check->names.tables;
    Str text = line_of(file, line);
    StrVec columns = {0};
    if (!holds_name(places, &places->group_words, text))
        return false;
    if (!names_column(places) || !is_within_table(places, file, line, false))
        return true;
    for (uint32_t i = 0; i < places->group_words.n; i++)
        if (!map_get(tables, places->group_words.items[i]))
            VEC_PUSH(places->check->scratch, &columns, places->group_words.items[i]);
    return holds_name(places, &columns, text);
}

Str place_line_problem(Places *places, const CitedFile *file, Str path, uint32_t first,
                       uint32_t last)
{
    ReportCheck *check = places->check;
    if (first == 0 || last < first || first > file->n_lines || last > file->n_lines)
        return str_format(check->out, STR_FMT " has %u line%s",
                          STR_ARG(report_prose(check->scratch, path)), file->n_lines,
                          file->n_lines == 1 ? "" : "s");
    if (!file->source || places->group_names.n == 0)
        return (Str){0};
    for (uint32_t line = first; line <= last && line < first + 200; line++)
        if (speaks_of(places, file, line) ||
            begins_statement(places, file, &places->group_words, line) ||
            begins_part(places, file, &places->group_words, line))
            return (Str){0};
    if (!names_column(places) && is_within_table(places, file, first, true))
        return (Str){0};
    StrVec precise = precise_names(places);
    uint32_t nearest = nearest_line(places, file, &precise, first);
    uint32_t distance = nearest > first ? nearest - first : first - nearest;
    bool is_bare = str_trim(line_of(file, first)).length < 3;
    /* What is meant there is not named; one of many lines need not be of what is named. */
    if (nearest == 0 || (places->n_cited > MAX_CITED && (!is_bare || distance > 1)))
        return (Str){0};
    return str_format(check->out, "line %u has nothing to do with it, line %u may be meant", first,
                      nearest);
}
