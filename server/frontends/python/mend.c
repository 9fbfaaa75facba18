/* Half-typed text.
 *
 * An open bracket or quote takes all that follows it, up to the end of the file, for its own, and
 * a parser that recovers from that guesses. People do not write like that: a line that begins like
 * a statement, no deeper than the one that is open, is the next statement. So a text with errors
 * is cut at such lines and each statement is tried alone:
 *
 *     class A(Base):                     tried as a whole; broken
 *         id = Column(Integer)           tried alone; kept
 *         name = Column(String(          closed: "))" is put in
 *         kind = = Column(Enum)          cannot be closed: hidden behind a 0
 *     class B(Base):                     tried as a whole; kept
 *
 * What is hidden keeps its length, and what is put in is noted: so the tree of the mended text is
 * moved back to the places of the real one.
 *
 * Some texts look as if a statement began within a bracket or a string. What is not accepted when
 * it was cut there is tried without the cut, as long as that takes time in proportion to the text.
 * Blocks are entered to a depth; what is deeper counts as one statement. */
#include "frontends/python/mend.h"

#include <string.h>

#include "base/vec.h"
#include "frontends/python/module.h"

enum {
    OPEN_MAX = 32,         /* brackets that are closed for the user */
    WIDE_TRIES = 4,        /* bytes tried without cuts, for each byte of the text */
    WIDE_TRIES_MIN = 4096, /* and those that any text gets */
    TAB_WIDTH = 8,
};

typedef struct {
    uint32_t at; /* in the real text */
    Str put;
} Insertion;

typedef struct {
    Parser *parser;
    Str text;
    char *mended; /* of the same length */
    Arena *out;
    Arena trial;
    Vec(Insertion) insertions;
    uint64_t wide_left;
    uint32_t depth;
} Mending;

/* A line of the program, which may be several of the text. */
typedef struct {
    uint32_t start, end; /* behind its newline */
    uint32_t last;       /* behind its last character that is no comment */
    char open[OPEN_MAX]; /* brackets that it leaves open */
    uint32_t n_open;
    bool is_cut; /* it ends where something was still open */
} Line;

/* --- lines --- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static uint32_t line_end(Str text, uint32_t at, uint32_t end)
{
    const char *newline = at < end ? memchr(text.data + at, '\n', end - at) : NULL;
    return newline ? (uint32_t)(newline - text.data) + 1 : end;
}

/* Where the first character of the line at `at` stands, and in what column. */
static uint32_t indented(Str text, uint32_t at, uint32_t end, uint32_t *indent)
{
    *indent = 0;
    for (; at < end && (text.data[at] == ' ' || text.data[at] == '\t'); at++)
        *indent += text.data[at] == '\t' ? TAB_WIDTH : 1;
    return at;
}

static bool is_empty_line(Str text, uint32_t first, uint32_t end)
{
    return first >= end || text.data[first] == '\n' || text.data[first] == '\r' ||
           text.data[first] == '#';
}

static bool starts_with_one_of(Str line, const Str *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_starts_with(line, words[i]) &&
            (line.length == words[i].length || !is_word(line.data[words[i].length])))
            return true;
    }
    return false;
}

static bool continues_statement(Str line)
{
    static const Str words[] = {STR_INIT("else"), STR_INIT("elif"), STR_INIT("except"),
                                STR_INIT("finally")};
    return starts_with_one_of(line, words, sizeof words / sizeof *words);
}

static bool begins_block(Str line)
{
    static const Str words[] = {STR_INIT("class"), STR_INIT("def"),  STR_INIT("async"),
                                STR_INIT("if"),    STR_INIT("elif"), STR_INIT("for"),
                                STR_INIT("while"), STR_INIT("with")};
    return starts_with_one_of(line, words, sizeof words / sizeof *words);
}

/* `name = …`, `name: type = …`, class, def, an import, a decorator: not an argument by the usual
 * way of writing, nor prose. */
static bool looks_like_statement(Str line)
{
    static const Str words[] = {STR_INIT("class"), STR_INIT("def"), STR_INIT("async def"),
                                STR_INIT("import")};
    if (starts_with_one_of(line, words, sizeof words / sizeof *words) ||
        str_starts_with(line, STR("@")))
        return true;
    if (str_starts_with(line, STR("from ")))
        return str_contains(line, STR(" import "));
    uint32_t at = 0;
    while (at < line.length && is_word(line.data[at]))
        at++;
    Str rest = str_slice(line, at, line.length);
    return at > 0 && (str_starts_with(rest, STR(" = ")) ||
                      (str_starts_with(rest, STR(": ")) && str_contains(rest, STR(" = "))));
}

/* Whether the text's line at `at` cannot belong to what was opened before it, by a statement that
 * is indented by `indent`. */
static bool begins_anew(Str text, uint32_t at, uint32_t end, uint32_t indent, bool in_string)
{
    uint32_t column;
    uint32_t first = indented(text, at, end, &column);
    if (is_empty_line(text, first, end))
        return false;
    char c = text.data[first];
    if (!is_word(c) && c != '@')
        return false;
    if (!in_string && column <= indent)
        return true;
    return (!in_string || column <= indent) &&
           looks_like_statement(str_slice(text, first, line_end(text, first, end)));
}

/* Behind the string whose quote is at `at`. */
static uint32_t skip_string(Str text, uint32_t at, uint32_t end, uint32_t indent, bool cuts,
                            bool *is_cut)
{
    char quote = text.data[at];
    bool is_triple = at + 2 < end && text.data[at + 1] == quote && text.data[at + 2] == quote;
    for (at += is_triple ? 3 : 1; at < end; at++) {
        char c = text.data[at];
        if (c == '\\') {
            at++;
        } else if (c == quote && !is_triple) {
            return at + 1;
        } else if (c == quote && at + 2 < end && text.data[at + 1] == quote &&
                   text.data[at + 2] == quote) {
            return at + 3;
        } else if (c == '\n' && !is_triple) {
            return at;
        } else if (c == '\n' && cuts && begins_anew(text, at + 1, end, indent, true)) {
            *is_cut = true;
            return at + 1;
        }
    }
    return end;
}

static char closing(char c)
{
    return c == '(' ? ')' : c == '[' ? ']' : '}';
}

/* The line that starts at `at`, of a statement indented by `indent`. */
static Line line_at(Str text, uint32_t at, uint32_t end, uint32_t indent, bool cuts)
{
    Line line = {.start = at, .last = at};
    uint32_t column;
    bool is_header = cuts && begins_block(str_slice(text, indented(text, at, end, &column), end));
    while (at < end && !line.is_cut) {
        char c = text.data[at];
        if (c == '#') {
            while (at < end && text.data[at] != '\n')
                at++;
            continue;
        }
        if (c == '"' || c == '\'') {
            line.last = at = skip_string(text, at, end, indent, cuts, &line.is_cut);
            continue;
        }
        at++;
        if (c == '\n') {
            if (line.n_open == 0)
                break;
            line.is_cut = cuts && (begins_anew(text, at, end, indent, false) ||
                                   (is_header && text.data[line.last - 1] == ':'));
        } else if (c == '\\' && at < end) {
            at++;
        } else if (c == '(' || c == '[' || c == '{') {
            if (line.n_open < OPEN_MAX)
                line.open[line.n_open++] = c;
        } else if (line.n_open > 0 && closing(line.open[line.n_open - 1]) == c) {
            line.n_open--;
        }
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            line.last = at;
    }
    line.end = at < end ? at : end;
    if (line.last > line.end)
        line.last = line.end;
    return line;
}

/* Behind the lines from `at` on that are deeper than `indent`, or empty and before such lines. */
static uint32_t block_end(Str text, uint32_t at, uint32_t end, uint32_t indent, bool cuts,
                          bool *is_cut)
{
    uint32_t last = at;
    while (at < end) {
        uint32_t column;
        uint32_t first = indented(text, at, end, &column);
        if (is_empty_line(text, first, end)) {
            at = line_end(text, first, end);
            continue;
        }
        if (column <= indent)
            break;
        Line line = line_at(text, at, end, indent, cuts);
        *is_cut |= line.is_cut;
        last = at = line.end;
    }
    return last;
}

/* Behind the statement at `at`, with its decorators, its block, and its else. */
static uint32_t statement_end(Str text, uint32_t at, uint32_t end, uint32_t indent, bool cuts,
                              bool *is_cut)
{
    for (;;) {
        uint32_t column;
        uint32_t first = indented(text, at, end, &column);
        bool is_decorator = first < end && text.data[first] == '@';
        Line line = line_at(text, at, end, indent, cuts);
        *is_cut |= line.is_cut;
        uint32_t last = block_end(text, line.end, end, indent, cuts, is_cut);
        uint32_t next = last;
        while (next < end && is_empty_line(text, first = indented(text, next, end, &column), end))
            next = line_end(text, first, end);
        bool goes_on = next < end && column == indent &&
                       (is_decorator ||
                        continues_statement(str_slice(text, first, line_end(text, first, end))));
        if (!goes_on)
            return last;
        at = next;
    }
}

/* --- mending --- */

static bool accepts(Mending *m, Str text)
{
    Tree tree;
    bool is_accepted = parser_parse_well_formed(m->parser, LANGUAGE_PYTHON, text, &m->trial, &tree);
    arena_reset(&m->trial);
    return is_accepted;
}

static bool accepts_with(Mending *m, Range range, Str put, Str after)
{
    Str parts[] = {str_slice(m->text, range.start, range.end), put, after};
    return accepts(m, str_join(&m->trial, parts, 3, STR("")));
}

static void blank(Mending *m, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++) {
        if (m->mended[i] != '\n')
            m->mended[i] = ' ';
    }
}

static void hide(Mending *m, uint32_t start, uint32_t end)
{
    uint32_t column;
    uint32_t first = indented(m->text, start, end, &column);
    blank(m, start, end);
    if (first < end)
        m->mended[first] = '0';
}

static void put(Mending *m, uint32_t at, Str text)
{
    Insertion insertion = {at, str_copy(m->out, text)};
    VEC_PUSH(m->out, &m->insertions, insertion);
}

/* Closes what the line leaves open; where a block follows it, with a colon. */
static bool close_line(Mending *m, const Line *line, bool has_block)
{
    char closers[OPEN_MAX + 1];
    uint32_t n = 0;
    while (n < line->n_open) {
        closers[n] = closing(line->open[line->n_open - 1 - n]);
        n++;
    }
    closers[n] = ':';
    Str text = str_of(closers, n + has_block);
    Range range = {line->start, line->last};
    if (has_block && m->text.data[line->last - 1] == ':') /* class A(Base: */
        range.end--;
    if (text.length == 0 || !accepts_with(m, range, text, has_block ? STR("0\n") : STR("\n")))
        return false;
    blank(m, range.end, line->end); /* comments between its end and the next line */
    put(m, range.end, text);
    return true;
}

static void mend_block(Mending *m, uint32_t start, uint32_t end);

/* A statement that is not accepted as it is. */
static void mend_statement(Mending *m, uint32_t start, uint32_t end, uint32_t indent)
{
    bool is_bare = false; /* a decorator of nothing */
    for (uint32_t at = start; at < end;) {
        uint32_t column;
        uint32_t first = indented(m->text, at, end, &column);
        if (is_empty_line(m->text, first, end)) {
            at = line_end(m->text, first, end);
            continue;
        }
        bool is_cut = false;
        Line line = line_at(m->text, at, end, indent, true);
        uint32_t block = block_end(m->text, line.end, end, indent, true, &is_cut);
        bool has_block = block > line.end;
        Str words = str_slice(m->text, first, line.last);
        is_bare = words.data[0] == '@';
        if (is_bare) {
            if (!accepts(m, str_slice(words, 1, words.length)))
                blank(m, line.start, line.end);
        } else if (line.n_open == 0 && str_ends_with(words, STR(":"))) {
            Range header = {line.start, line.last};
            if (!continues_statement(words) && !accepts_with(m, header, STR("0\n"), (Str){0})) {
                hide(m, start, end);
                return;
            }
            mend_block(m, line.end, block);
        } else if (close_line(m, &line, has_block)) {
            mend_block(m, line.end, block);
        } else {
            if (!accepts(m, words))
                hide(m, line.start, line.end);
            blank(m, line.end, block);
        }
        at = block;
    }
    if (is_bare)
        hide(m, start, end);
}

/* Statements of a block stand in one column, those of a file in the first. */
static void mend_block(Mending *m, uint32_t start, uint32_t end)
{
    uint32_t level = m->depth == 0 ? 0 : UINT32_MAX; /* UINT32_MAX: that of the first */
    if (m->depth >= PYTHON_BLOCK_DEPTH_MAX) {
        hide(m, start, end);
        return;
    }
    m->depth++;
    for (uint32_t at = start; at < end;) {
        uint32_t indent;
        uint32_t first = indented(m->text, at, end, &indent);
        if (is_empty_line(m->text, first, end)) {
            at = line_end(m->text, first, end);
            continue;
        }
        bool is_cut = false, is_wide_cut = false;
        uint32_t until = statement_end(m->text, at, end, indent, true, &is_cut);
        bool is_whole = accepts(m, str_slice(m->text, at, until));
        if (!is_whole && is_cut && m->wide_left > 0) {
            uint32_t wide = statement_end(m->text, at, end, indent, false, &is_wide_cut);
            m->wide_left -= wide - at < m->wide_left ? wide - at : m->wide_left;
            is_whole = wide > until && accepts(m, str_slice(m->text, at, wide));
            if (is_whole)
                until = wide;
        }
        level = level == UINT32_MAX ? indent : level;
        if (indent != level)
            blank(m, at, until);
        else if (!is_whole)
            mend_statement(m, at, until, indent);
        at = until;
    }
    m->depth--;
}

/* --- the tree --- */

static Str mended_text(const Mending *m)
{
    Vec(char) bytes = {0};
    uint32_t more = 0, at = 0;
    for (uint32_t i = 0; i < m->insertions.n; i++)
        more += m->insertions.items[i].put.length;
    bytes.items = arena_alloc_raw(m->out, m->text.length + more + 1);
    for (uint32_t i = 0; i <= m->insertions.n; i++) {
        bool is_last = i == m->insertions.n;
        uint32_t until = is_last ? m->text.length : m->insertions.items[i].at;
        memcpy(bytes.items + bytes.n, m->mended + at, until - at);
        bytes.n += until - at;
        at = until;
        if (!is_last) {
            Str text = m->insertions.items[i].put;
            memcpy(bytes.items + bytes.n, text.data, text.length);
            bytes.n += text.length;
        }
    }
    return str_of(bytes.items, bytes.n);
}

/* Moves the places of what comes behind an insertion back, the first insertion first. */
static uint32_t real_place(const Mending *m, const uint32_t *ends, uint32_t at)
{
    uint32_t low = 0, high = m->insertions.n; /* the first insertion that ends behind `at` */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ends[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t before = low == 0 ? 0 : ends[low - 1] - m->insertions.items[low - 1].at;
    uint32_t place = at - before;
    if (low < m->insertions.n && place > m->insertions.items[low].at)
        place = m->insertions.items[low].at;
    return place;
}

static Tree tree_of(const Mending *m, const Tree *mended)
{
    uint32_t *ends = ARENA_ARRAY(m->out, uint32_t, m->insertions.n);
    uint32_t added = 0;
    for (uint32_t i = 0; i < m->insertions.n; i++) {
        added += m->insertions.items[i].put.length;
        ends[i] = m->insertions.items[i].at + added;
    }
    Node *nodes = ARENA_ARRAY(m->out, Node, mended->n_nodes);
    for (uint32_t i = 0; i < mended->n_nodes; i++) {
        nodes[i] = mended->nodes[i];
        nodes[i].start = real_place(m, ends, nodes[i].start);
        nodes[i].end = real_place(m, ends, nodes[i].end);
    }
    return (Tree){.text = m->text, .nodes = nodes, .n_nodes = mended->n_nodes};
}

Tree mend_parse(Parser *parser, Str text, Arena *out)
{
    Tree tree;
    if (parser_parse_well_formed(parser, LANGUAGE_PYTHON, text, out, &tree))
        return tree;
    Mending m = {.parser = parser, .text = text, .out = out};
    m.wide_left = (uint64_t)text.length * WIDE_TRIES + WIDE_TRIES_MIN;
    m.mended = arena_alloc_raw(out, text.length + 1);
    memcpy(m.mended, text.data, text.length);
    mend_block(&m, 0, text.length);
    Tree mended = parser_parse(parser, LANGUAGE_PYTHON, mended_text(&m), out);
    arena_release(&m.trial);
    return tree_of(&m, &mended);
}
