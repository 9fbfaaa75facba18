/* Places: "db/001.sql:13", "db/001.sql:11, 24-30".
 *
 * The file must be one of the project, and have that line. Where the paragraph names something that
 * stands in the file, the line must have to do with it: hold its name, or begin the statement or
 * the part that does. Else it is off, and where the name stands is said. */
#include <ctype.h>

#include "consult/check/parts.h"
#include "consult/redact.h"
#include "project/path.h"

enum {
    MAX_PLACES = 2000,
    MAX_FILE_BYTES = 4 * 1024 * 1024,
    PART_LINES = 12, /* of a part of a statement that goes over several lines */
    MAX_GROUP_NAMES = 60,
    MAX_CITED = 3, /* by a paragraph whose lines are held against its names */
};

typedef struct {
    const Source *source; /* NULL: a file that is not one of the database's */
    Str bytes;
    uint32_t n_lines;
    bool is_outside, is_there;
} CitedFile;

typedef struct {
    ReportCheck *check;
    StrMap files; /* path as written -> CitedFile */
    /* Of the paragraph at hand: what is plainly named there, and every word that is a name. */
    StrVec group_names, group_words;
    uint32_t n_cited;          /* lines that it cites, about */
    uint32_t group, group_end; /* its pieces */
    uint32_t n_places;
} Places;

/* ---- files ---- */

static uint32_t count_lines(Str bytes)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < bytes.length; i++)
        n += bytes.data[i] == '\n';
    return n + (bytes.length > 0 && bytes.data[bytes.length - 1] != '\n');
}

static bool is_same_path(Str a, Str b)
{
    Str longer = a.length > b.length ? a : b, shorter = a.length > b.length ? b : a;
    return str_ends_with(longer, shorter) &&
           (longer.length == shorter.length ||
            longer.data[longer.length - shorter.length - 1] == '/');
}

static void find_source(const ReportCheck *check, Str path, CitedFile *file)
{
    const SourceVec *sources = &check->snapshot->sources;
    for (uint32_t i = 0; i < sources->n; i++)
        if (is_same_path(sources->items[i].path, path)) {
            file->source = &sources->items[i];
            file->bytes = text_bytes(sources->items[i].file->text);
            file->is_there = true;
            if (str_equal(sources->items[i].path, path))
                return;
        }
}

static void find_on_disk(ReportCheck *check, Str path, CitedFile *file)
{
    Error err = {0};
    Str relative;
    bool is_cut;
    const OpenTextVec *open = check->input->open;
    if (!check->has_files)
        return;
    if (!confine_path(check->scratch, &check->confine, path, &relative, &err)) {
        file->is_outside = true;
        return;
    }
    for (uint32_t i = 0; open && i < open->n; i++)
        if (is_same_path(open->items[i].path, path)) {
            file->bytes = text_bytes(open->items[i].text);
            file->is_there = true;
            return;
        }
    file->is_there = confine_secrecy(relative) == SECRET_NOT &&
                     confine_read(check->scratch, &check->confine, relative, MAX_FILE_BYTES,
                                  &file->bytes, &is_cut, &err);
}

static const CitedFile *cited_file(Places *places, Str path)
{
    ReportCheck *check = places->check;
    CitedFile *file = map_get(&places->files, path);
    if (file)
        return file;
    file = ARENA_NEW(check->scratch, CitedFile);
    map_set(check->scratch, &places->files, path, file);
    find_source(check, path, file);
    if (!file->is_there)
        find_on_disk(check, path, file);
    file->n_lines = count_lines(file->bytes);
    return file;
}

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

static void gather_group(Places *places, uint32_t piece)
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
    for (uint32_t i = 0; i < lowered->fragments.n; i++) {
        const PlacedFragment *placed = &lowered->fragments.items[i];
        if (lowered->language == FILE_SQL && text_line_at(lowered->text, placed->start) + 1 == line)
            return holds_name(places, names, placed->fragment->text);
    }
    return false;
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
            return i == line + 1 ? false : holds_name(places, names, text) && i < line + 2;
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

/* Why the lines cannot be what is meant; absent where they can. */
static Str line_problem(Places *places, const CitedFile *file, Str path, uint32_t first,
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

/* ---- in the text ---- */

static bool is_path_byte(char c)
{
    return isalnum((unsigned char)c) || strchr("_./@+-~", c) || (unsigned char)c >= 0x80;
}

static bool has_file_ending(Str path)
{
    static const char *const endings[] = {
        "sql",  "py",  "ts",   "js",   "tsx", "jsx", "mjs",  "cjs",  "prisma", "md",
        "json", "yml", "yaml", "toml", "csv", "sh",  "txt",  "lock", "ini",    "cfg",
        "conf", "env", "html", "rb",   "go",  "rs",  "java", "php",  "mako"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        Str ending = str_from(endings[i]);
        if (path.length > ending.length + 1 && str_ends_with(path, ending) &&
            path.data[path.length - ending.length - 1] == '.')
            return true;
    }
    return false;
}

/* A path that no file of the project has, whatever its ending. */
static bool leads_out(Str path)
{
    return path.length > 3 &&
           (str_starts_with(path, STR("../")) ||
            (str_starts_with(path, STR("/")) && str_find(path, STR("/"), 1) != UINT32_MAX) ||
            str_starts_with(path, STR("~/")));
}

static bool read_number(Str text, uint32_t *at, uint32_t *number)
{
    uint32_t start = *at;
    *number = 0;
    while (*at < text.length && text.data[*at] >= '0' && text.data[*at] <= '9' && *at - start < 8)
        *number = *number * 10 + (uint32_t)(text.data[(*at)++] - '0');
    return *at > start;
}

/* `at`: behind the place in the span. */
static void judge(Places *places, uint32_t piece, Span *span, Str path, uint32_t first,
                  uint32_t last, uint32_t at)
{
    ReportCheck *check = places->check;
    const CitedFile *file = cited_file(places, path);
    Str shown = report_prose(check->scratch, path), problem;
    check->n_references++;
    if (file->is_outside)
        problem = str_format(check->out, STR_FMT " is outside of the project", STR_ARG(shown));
    else if (!file->is_there)
        problem = str_format(check->out, "there is no file " STR_FMT, STR_ARG(shown));
    else
        problem = line_problem(places, file, path, first, last);
    if (str_is_absent(problem)) {
        check->n_found++;
        if (file->source && check->cited.n < MAX_PLACES)
            VEC_PUSH(check->scratch, &check->cited,
                     ((CitedLines){.source = file->source, .first = first, .last = last}));
    } else {
        if (span->kind == SPAN_TEXT && span->mark_at == 0)
            span->mark_at = at;
        Str place = str_format(check->out, STR_FMT ":%u", STR_ARG(path), first);
        check_mark_about(check, piece, span, place, problem);
    }
}

/* "-30", "–30" behind a number. */
static void read_range(Str text, uint32_t *at, uint32_t first, uint32_t *last)
{
    uint32_t behind = *at;
    *last = first;
    if (str_starts_with(str_slice(text, behind, text.length), STR("-")))
        behind++;
    else if (str_starts_with(str_slice(text, behind, text.length), STR("\xe2\x80\x93")))
        behind += 3;
    else
        return;
    if (read_number(text, &behind, last))
        *at = behind;
    else
        *last = first;
}

/* At the colon behind a path. Returns where to go on. */
static uint32_t read_lines(Places *places, uint32_t piece, Span *span, Str path, uint32_t at)
{
    Str text = span->text;
    uint32_t first, last, behind = at + 1;
    if (!read_number(text, &behind, &first))
        return at + 1;
    read_range(text, &behind, first, &last);
    judge(places, piece, span, path, first, last, behind);
    /* ", 24": another line of the same file, where it stands alone */
    for (;;) {
        uint32_t next = behind;
        if (!str_starts_with(str_slice(text, next, text.length), STR(", ")))
            return behind;
        next += 2;
        if (!read_number(text, &next, &first))
            return behind;
        read_range(text, &next, first, &last);
        bool is_end =
            next == text.length || strchr("),;", text.data[next]) ||
            (text.data[next] == '.' && (next + 1 == text.length || text.data[next + 1] == ' '));
        if (!is_end)
            return behind;
        judge(places, piece, span, path, first, last, next);
        behind = next;
    }
}

static void look_at_text(Places *places, uint32_t piece, Span *span)
{
    Str text = span->text;
    for (uint32_t at = 0; at < text.length;) {
        uint32_t end = at;
        while (end < text.length && is_path_byte(text.data[end]))
            end++;
        Str path = str_slice(text, at, end);
        if (end < text.length && text.data[end] == ':' && places->n_places < MAX_PLACES &&
            (has_file_ending(path) || leads_out(path))) {
            places->n_places++;
            gather_group(places, piece);
            at = read_lines(places, piece, span, path, end);
        } else {
            at = end + 1;
        }
    }
}

/* A link to a file: "../../etc/passwd", "db/001.sql#L13". */
static void look_at_link(Places *places, uint32_t piece, Span *span)
{
    ReportCheck *check = places->check;
    Str path = span->target;
    uint32_t hash = str_find(path, STR("#"), 0), line = 0, at = hash == UINT32_MAX ? 0 : hash + 2;
    if (hash != UINT32_MAX) {
        if (hash == 0)
            return; /* a place in the report itself */
        if (str_starts_with(str_slice(path, hash, path.length), STR("#L")))
            (void)read_number(path, &at, &line);
        path = str_slice(path, 0, hash);
    }
    uint32_t colon = str_find(path, STR(":"), 0);
    if (colon != UINT32_MAX) {
        at = colon + 1;
        (void)read_number(path, &at, &line);
        path = str_slice(path, 0, colon);
    }
    places->n_places++;
    gather_group(places, piece);
    const CitedFile *file = cited_file(places, path);
    if (line > 0 && file->is_there) {
        judge(places, piece, span, path, line, line, 0);
        return;
    }
    check->n_references++;
    check->n_found += file->is_there;
    if (!file->is_there)
        check_mark(check, piece, span,
                   str_format(check->out,
                              file->is_outside ? STR_FMT " is outside of the project"
                                               : "there is no file " STR_FMT,
                              STR_ARG(report_prose(check->scratch, path))));
}

void check_places(ReportCheck *check)
{
    Places places = {.check = check};
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        Piece *piece = &check->document.pieces.items[i];
        for (uint32_t k = 0; k < piece->spans.n; k++) {
            Span *span = &piece->spans.items[k];
            if (span->kind == SPAN_TEXT || span->kind == SPAN_CODE)
                look_at_text(&places, i, span);
            else if (span->kind == SPAN_DEAD && str_is_absent(span->mark) &&
                     link_is_path(span->target) && places.n_places < MAX_PLACES)
                look_at_link(&places, i, span);
        }
    }
}
