/* Lines and fences.
 *
 * Which lines are code depends on the lists and quotes around them, where renderers and people
 * disagree. We need not decide as they do: every block that we take for code is written at the
 * margin, in a fence of our own, behind a blank line, and there every renderer takes it for code;
 * every other line is written so that it cannot open a fence. What follows a block that stood
 * indented in a list moves to the margin with it, until the text comes back to the margin itself.
 */
#include "consult/check/document.h"

enum { MAX_LANGUAGE_BYTES = 20 };

typedef struct {
    Arena *out;
    Document document;
    Str rest, line; /* what is to be read; the line at hand */
    uint32_t number, group;
    uint32_t dedent; /* what lines are moved to the left by */
    bool was_blank;
} Reader;

static uint32_t indent_of(Str line)
{
    uint32_t n = 0;
    while (n < line.length && (line.data[n] == ' ' || line.data[n] == '\t'))
        n++;
    return n;
}

static Str without_indent(Str line)
{
    return str_slice(line, indent_of(line), line.length);
}

/* "- ", "* ", "+ ", "1. ", "1) " with what blanks follow; 0: the line is no list item. */
static uint32_t marker_length(Str text)
{
    uint32_t n = 0;
    while (n < text.length && n < 9 && text.data[n] >= '0' && text.data[n] <= '9')
        n++;
    if (n >= text.length)
        return 0;
    bool is_marker =
        n > 0 ? strchr(".)", text.data[n]) != NULL : strchr("-*+", text.data[n]) != NULL;
    n++;
    if (!is_marker || n >= text.length || (text.data[n] != ' ' && text.data[n] != '\t'))
        return 0;
    return n + indent_of(str_slice(text, n, text.length));
}

/* What comes before the content: indents, quotes, list markers. */
static uint32_t prefix_length(Str line)
{
    uint32_t at = 0;
    for (;;) {
        at += indent_of(str_slice(line, at, line.length));
        uint32_t marker = marker_length(str_slice(line, at, line.length));
        if (marker > 0)
            at += marker;
        else if (at < line.length && line.data[at] == '>')
            at++;
        else
            return at;
    }
}

/* ---- fences ---- */

typedef struct {
    char mark;
    uint32_t length, indent;
    bool is_quoted;
    Str info;
} Fence;

static bool opens_fence(Str line, Fence *fence)
{
    uint32_t at = prefix_length(line), n = 0;
    if (at == line.length || (line.data[at] != '`' && line.data[at] != '~'))
        return false;
    while (at + n < line.length && line.data[at + n] == line.data[at])
        n++;
    Str info = str_trim(str_slice(line, at + n, line.length));
    if (n < 3 || (line.data[at] == '`' && str_contains(info, STR("`"))))
        return false;
    bool is_quoted = false;
    for (uint32_t i = 0; i < at; i++)
        is_quoted = is_quoted || line.data[i] == '>';
    *fence = (Fence){
        .mark = line.data[at], .length = n, .indent = at, .is_quoted = is_quoted, .info = info};
    return true;
}

static Str without_quotes(Str line)
{
    Str text = without_indent(line);
    while (str_starts_with(text, STR(">")))
        text = without_indent(str_slice(text, 1, text.length));
    return text;
}

static bool closes_fence(Str line, const Fence *fence)
{
    Str text = str_trim(fence->is_quoted ? without_quotes(line) : line);
    if (text.length < fence->length)
        return false;
    for (uint32_t i = 0; i < text.length; i++)
        if (text.data[i] != fence->mark)
            return false;
    return true;
}

static Str language_of(Arena *out, Str info)
{
    uint32_t n = 0;
    while (n < info.length && n < MAX_LANGUAGE_BYTES &&
           ((info.data[n] >= 'a' && info.data[n] <= 'z') ||
            (info.data[n] >= 'A' && info.data[n] <= 'Z') ||
            (info.data[n] >= '0' && info.data[n] <= '9') || strchr("+#-_", info.data[n])))
        n++;
    return str_lower(out, str_slice(info, 0, n));
}

/* One line of a fence's code: without its quote and up to the fence's indent. */
static Str code_line(Str line, const Fence *fence)
{
    uint32_t at = 0;
    if (fence->is_quoted) {
        at = indent_of(line);
        while (at < line.length && line.data[at] == '>')
            at++;
        at += at < line.length && line.data[at] == ' ';
        return str_slice(line, at, line.length);
    }
    while (at < line.length && at < fence->indent &&
           (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    return str_slice(line, at, line.length);
}

static Piece *add_piece(Reader *r, PieceKind kind)
{
    VEC_PUSH(r->out, &r->document.pieces,
             ((Piece){.kind = kind, .number = r->number, .group = r->group}));
    return VEC_LAST(&r->document.pieces);
}

static void read_code(Reader *r, const Fence *fence)
{
    /* A number before the fence is kept as a line: "1. ```sql". */
    Str before = str_trim(str_slice(r->line, 0, fence->indent));
    if (before.length > 1 && !fence->is_quoted) {
        Piece *piece = add_piece(r, PIECE_TEXT);
        piece->line = before;
        piece->spans = spans_read(r->out, before);
    }
    Piece *piece = add_piece(r, PIECE_CODE);
    piece->language = language_of(r->out, fence->info);
    Buf code = buf_with_max((size_t)DOCUMENT_MAX_BYTES * 2);
    Str line;
    while (str_next_line(&r->rest, &line)) {
        r->number++;
        if (closes_fence(line, fence))
            break;
        buf_add(&code, code_line(line, fence));
        buf_add_char(&code, '\n');
    }
    piece->code = str_copy(r->out, buf_str(&code));
    buf_free(&code);
    r->dedent = fence->indent;
}

/* ---- headings ---- */

static Str without_number(Str title)
{
    uint32_t n = 0;
    if (str_starts_with(title, STR("Section ")))
        title = str_slice(title, 8, title.length);
    while (n < title.length && title.data[n] >= '0' && title.data[n] <= '9')
        n++;
    if (n > 0 && n < title.length && strchr(".):", title.data[n]))
        title = str_slice(title, n + 1, title.length);
    return str_trim(title);
}

static Str without_stars(Str title)
{
    title = str_trim(title);
    while (title.length > 0 && strchr("*_:#", title.data[0]))
        title = str_slice(title, 1, title.length);
    while (title.length > 0 && strchr("*_:#", title.data[title.length - 1]))
        title.length--;
    return str_trim(title);
}

static Str plain_title(Str title)
{
    return without_stars(without_number(without_stars(title)));
}

/* "## X"; "**X**" as a whole line, also as the whole of a list item. */
static uint32_t heading_level(Str line, Str *title)
{
    Str text = str_trim(str_slice(line, prefix_length(line), line.length));
    uint32_t n = 0;
    while (n < text.length && text.data[n] == '#')
        n++;
    if (n > 0 && n <= 6 && (n == text.length || text.data[n] == ' ' || text.data[n] == '\t')) {
        *title = plain_title(str_slice(text, n, text.length));
        return n;
    }
    Str bold = text;
    if (str_ends_with(bold, STR(":")))
        bold.length--;
    if (bold.length < 5 || !str_starts_with(bold, STR("**")) || !str_ends_with(bold, STR("**")) ||
        str_find(bold, STR("**"), 2) != bold.length - 2)
        return 0;
    *title = plain_title(bold);
    return 7;
}

static bool is_rule(Str line)
{
    Str text = str_trim(line);
    uint32_t n = 0;
    char mark = text.length ? text.data[0] : 0;
    if (mark != '-' && mark != '*' && mark != '_')
        return false;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] != mark && text.data[i] != ' ')
            return false;
        n += text.data[i] == mark;
    }
    return n >= 3;
}

/* ---- reading ---- */

static void begin_group(Reader *r, Str line)
{
    Str text = without_indent(line);
    if (r->was_blank || str_starts_with(text, STR("|")) || marker_length(text) > 0)
        r->group++;
    r->was_blank = false;
}

static void read_line(Reader *r)
{
    Fence fence;
    Str line = r->line, title;
    if (str_is_empty(str_trim(line))) {
        r->was_blank = true;
        add_piece(r, PIECE_BLANK);
        return;
    }
    if (opens_fence(line, &fence)) {
        begin_group(r, line);
        read_code(r, &fence);
        return;
    }
    uint32_t indent = indent_of(line);
    if (indent < r->dedent)
        r->dedent = 0;
    line = str_slice(line, r->dedent, line.length);
    if (is_rule(line)) {
        r->group++;
        add_piece(r, PIECE_RULE);
        return;
    }
    uint32_t level = heading_level(line, &title);
    r->was_blank = r->was_blank || level > 0;
    begin_group(r, line);
    Piece *piece = add_piece(r, level > 0 ? PIECE_HEADING : PIECE_TEXT);
    piece->line = line;
    piece->spans = spans_read(r->out, line);
    if (level > 0) {
        piece->level = level;
        piece->title = title;
        r->was_blank = true; /* what follows is not of the heading */
    }
}

static bool is_odd_end(Str text, uint32_t at)
{
    Str sign = str_slice(text, at, at + 3);
    return str_equal(sign, STR("\xe2\x80\xa8")) || str_equal(sign, STR("\xe2\x80\xa9"));
}

/* A carriage return ends a line, too, for a renderer; and for some the signs that Unicode has for
 * it do. Other controls are blanks. */
static Str with_plain_ends(Arena *out, Str text)
{
    char *copy = arena_alloc_raw(out, text.length + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_pair = i + 1 < text.length && text.data[i + 1] == '\n';
        if (c == '\r' && is_pair)
            continue;
        if (is_odd_end(text, i)) {
            copy[n++] = ' ';
            i += 2;
        } else if (c == '\r') {
            copy[n++] = '\n';
        } else {
            copy[n++] = (c < ' ' && c != '\n' && c != '\t') || c == 0x7f ? ' ' : (char)c;
        }
    }
    return str_of(copy, n);
}

/* "|---|:-:|", also in a quote or a list: what makes a table of the line before it. */
static bool is_delimiter_row(Str line)
{
    bool has_dash = false;
    for (uint32_t i = 0; i < line.length; i++) {
        if (!strchr("|-: \t>*+", line.data[i]))
            return false;
        has_dash = has_dash || line.data[i] == '-';
    }
    return has_dash;
}

/* Lines without a blank one between them are a table when one of them is its delimiter. */
static void find_tables(PieceVec *pieces)
{
    for (uint32_t first = 0; first < pieces->n;) {
        uint32_t end = first;
        bool is_table = false;
        while (end < pieces->n && (pieces->items[end].kind == PIECE_TEXT ||
                                   pieces->items[end].kind == PIECE_HEADING)) {
            is_table = is_table || is_delimiter_row(pieces->items[end].line);
            end++;
        }
        for (uint32_t i = first; i < end; i++)
            pieces->items[i].in_table = is_table;
        first = end + 1;
    }
}

Document document_read(Arena *out, Str markdown)
{
    Reader r = {.out = out,
                .rest = with_plain_ends(out, str_slice(markdown, 0, DOCUMENT_MAX_BYTES))};
    while (str_next_line(&r.rest, &r.line)) {
        r.number++;
        read_line(&r);
    }
    find_tables(&r.document.pieces);
    return r.document;
}

/* ---- writing ---- */

/* What Mermaid would do more than draw. */
static bool is_active_diagram(Str language, Str code)
{
    static const char *const words[] = {"click", "href", "://", "%%{", "<", "callback"};
    if (!str_equal(language, STR("mermaid")))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_contains(code, str_from(words[i])))
            return true;
    return false;
}

static void write_code(Buf *out, const Piece *piece)
{
    uint32_t run = longest_backticks(piece->code), n = run < 3 ? 3 : run + 1;
    bool is_active = is_active_diagram(piece->language, piece->code);
    for (uint32_t i = 0; i < n; i++)
        buf_add_char(out, '`');
    buf_format(out, STR_FMT "\n", STR_ARG(is_active ? STR("text") : piece->language));
    buf_add(out, piece->code);
    for (uint32_t i = 0; i < n; i++)
        buf_add_char(out, '`');
    buf_add_char(out, '\n');
    if (is_active)
        buf_add(out, STR("\n> \xe2\x9a\xa0 This diagram does more than show something, so it is "
                         "not drawn.\n"));
}

static bool ends_blank(const Buf *out)
{
    return out->length == 0 || (out->length >= 2 && out->data[out->length - 1] == '\n' &&
                                out->data[out->length - 2] == '\n');
}

static void end_paragraph(Buf *out)
{
    if (!ends_blank(out))
        buf_add_char(out, '\n');
}

static void write_notes(Buf *out, const Piece *piece)
{
    if (piece->notes.n == 0)
        return;
    end_paragraph(out);
    for (uint32_t i = 0; i < piece->notes.n; i++)
        buf_format(out, "%s> " STR_FMT "\n", i > 0 ? ">\n" : "", STR_ARG(piece->notes.items[i]));
    buf_add_char(out, '\n');
}

void document_write(Buf *out, const Document *document, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end && i < document->pieces.n; i++) {
        const Piece *piece = &document->pieces.items[i];
        switch (piece->kind) {
        case PIECE_BLANK:
            end_paragraph(out);
            break;
        case PIECE_RULE:
            end_paragraph(out);
            buf_add(out, STR("---\n\n"));
            break;
        case PIECE_HEADING:
        case PIECE_TEXT:
            spans_write(out, piece->line, &piece->spans, piece->in_table);
            break;
        case PIECE_CODE:
            end_paragraph(out);
            write_code(out, piece);
            buf_add_char(out, '\n');
            break;
        }
        write_notes(out, piece);
    }
}

Str document_neutralise(Arena *out, Str markdown)
{
    Arena scratch = {0};
    Document document = document_read(&scratch, markdown);
    Buf buf = buf_with_max((size_t)DOCUMENT_MAX_BYTES * 4);
    document_write(&buf, &document, 0, document.pieces.n);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    arena_release(&scratch);
    return text;
}
