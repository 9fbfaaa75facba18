/* Places: "db/001.sql:13", "db/001.sql:11, 24-30".
 *
 * The file must be one of the project, and have that line. Where the paragraph names something that
 * stands in the file, the line must have to do with it: hold its name, or begin the statement or
 * the part that does. Else it is off, and where the name stands is said. */
#include <ctype.h>

#include "consult/check/places.h"
#include "consult/redact.h"
#include "project/path.h"

enum {
    MAX_PLACES = 2000,
    MAX_FILE_BYTES = 4 * 1024 * 1024,
};

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

/* "migration.sql" may be any of many: then its lines are not judged by what stands in them. */
static void find_source(const ReportCheck *check, Str path, CitedFile *file)
{
    const SourceVec *sources = &check->snapshot->sources;
    uint32_t n = 0;
    for (uint32_t i = 0; i < sources->n; i++) {
        const Source *source = &sources->items[i];
        Str bytes = text_bytes(source->file->text);
        if (!is_same_path(source->path, path))
            continue;
        file->is_there = true;
        file->source = n++ == 0 ? source : NULL;
        if (str_equal(source->path, path)) {
            file->source = source;
            file->bytes = bytes;
            return;
        }
        if (bytes.length > file->bytes.length)
            file->bytes = bytes;
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

/* Of a file that is not there to be looked at. */
static Str file_problem(const ReportCheck *check, const CitedFile *file, Str path)
{
    return str_format(check->out,
                      file->is_outside ? STR_FMT " is outside of the project"
                                       : "there is no file " STR_FMT,
                      STR_ARG(report_prose(check->scratch, path)));
}

/* `at`: behind the place in the span. */
static void judge(Places *places, uint32_t piece, Span *span, Str path, uint32_t first,
                  uint32_t last, uint32_t at)
{
    ReportCheck *check = places->check;
    const CitedFile *file = cited_file(places, path);
    Str problem = file->is_there ? place_line_problem(places, file, path, first, last)
                                 : file_problem(check, file, path);
    check->n_references++;
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
            place_gather(places, piece);
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
    place_gather(places, piece);
    const CitedFile *file = cited_file(places, path);
    if (line > 0 && file->is_there) {
        judge(places, piece, span, path, line, line, 0);
        return;
    }
    check->n_references++;
    check->n_found += file->is_there;
    if (!file->is_there)
        check_mark(check, piece, span, file_problem(check, file, path));
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
