/* Reading four assignments without a parser
 *
 * A revision's identifiers are assigned at the top level, in the first column, mostly by
 * machine:
 *
 *     revision = 'ae1027a6acf'
 *     down_revision: Union[str, Sequence[str], None] = ("1975ea83b712", "27c6a30d7c24")
 *
 * The scan walks logical lines: brackets and strings may hold line ends. A line that begins with
 * one of the names has its annotation skipped and the strings of its value kept; a value that is
 * no string, None, or list of them gives nothing. */
#include "project/revision.h"

#include "base/hash.h"

typedef struct {
    Str text;
    uint32_t at;
} Scan;

static char peek(const Scan *scan, uint32_t ahead)
{
    return scan->at + ahead < scan->text.length ? scan->text.data[scan->at + ahead] : '\0';
}

static bool at_end(const Scan *scan)
{
    return scan->at >= scan->text.length;
}

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word_char(char c)
{
    return is_word_start(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static Str read_word(Scan *scan)
{
    uint32_t start = scan->at;
    while (!at_end(scan) && is_word_char(peek(scan, 0)))
        scan->at++;
    return str_slice(scan->text, start, scan->at);
}

/* At a quote: the string's inside as written; an open one ends with its line. */
static Str read_string(Scan *scan)
{
    char quote = peek(scan, 0);
    bool is_triple = peek(scan, 1) == quote && peek(scan, 2) == quote;
    uint32_t width = is_triple ? 3 : 1;
    scan->at += width;
    uint32_t start = scan->at;
    for (; !at_end(scan); scan->at++) {
        char c = peek(scan, 0);
        if (c == '\\' && scan->at + 1 < scan->text.length) {
            scan->at++;
            continue;
        }
        bool is_close =
            c == quote && (!is_triple || (peek(scan, 1) == quote && peek(scan, 2) == quote));
        if (!is_close && (is_triple || c != '\n'))
            continue;
        Str inside = str_slice(scan->text, start, scan->at);
        scan->at += is_close ? width : 0;
        return inside;
    }
    return str_slice(scan->text, start, scan->at);
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static void skip_comment(Scan *scan)
{
    while (!at_end(scan) && peek(scan, 0) != '\n')
        scan->at++;
}

/* Past spaces, continued lines and, within brackets, line ends and comments. */
static void skip_blank(Scan *scan, bool in_brackets)
{
    for (;;) {
        char c = peek(scan, 0);
        if (at_end(scan))
            return;
        if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || (in_brackets && c == '\n'))
            scan->at++;
        else if (c == '\\' && (peek(scan, 1) == '\n' || peek(scan, 1) == '\r'))
            scan->at += 2;
        else if (in_brackets && c == '#')
            skip_comment(scan);
        else
            return;
    }
}

/* To the end of the logical line, or, where `stops_at_assignment`, to its "=". */
static bool skip_line(Scan *scan, bool stops_at_assignment)
{
    uint32_t depth = 0;
    while (!at_end(scan)) {
        char c = peek(scan, 0);
        if (is_quote(c)) {
            (void)read_string(scan);
            continue;
        }
        if (c == '#') {
            skip_comment(scan);
            continue;
        }
        if (c == '\\') {
            scan->at++;
            if (peek(scan, 0) == '\r')
                scan->at++;
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if (c == ')' || c == ']' || c == '}') {
            depth -= depth > 0;
        } else if (c == '\n' && depth == 0) {
            return false;
        } else if (stops_at_assignment && c == '=' && depth == 0) {
            return peek(scan, 1) != '=';
        }
        scan->at += !at_end(scan);
    }
    return false;
}

/* One value at the cursor: its strings go to `names`. Anything else ends the reading. */
static void read_names(Arena *out, Scan *scan, RevisionNameVec *names)
{
    uint32_t depth = 0;
    for (;;) {
        skip_blank(scan, depth > 0);
        char c = peek(scan, 0);
        if (at_end(scan) || c == '\n' || c == '#') {
            return;
        } else if (c == '(' || c == '[' || c == '{') {
            depth++;
            scan->at++;
        } else if (c == ')' || c == ']' || c == '}') {
            if (depth-- <= 1)
                return;
            scan->at++;
        } else if (c == ',') {
            scan->at++;
        } else if (is_quote(c)) {
            VEC_PUSH(out, names, read_string(scan));
        } else if (is_word_start(c)) {
            Str word = read_word(scan);
            bool is_prefix = word.length <= 2 && is_quote(peek(scan, 0));
            bool is_part = !is_prefix && depth > 0;
            while (is_part && (peek(scan, 0) == '.' || is_word_char(peek(scan, 0))))
                scan->at++;
            if (!is_prefix && !is_part)
                return; /* None, or the name of something */
        } else {
            return;
        }
    }
}

Revision revision_scan(Arena *out, Str text)
{
    Revision result = {0};
    Scan scan = {.text = text};
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        scan.at = 3;
    while (!at_end(&scan)) {
        Str word = is_word_start(peek(&scan, 0)) ? read_word(&scan) : (Str){0};
        RevisionNameVec own = {0}, *names = NULL;
        if (str_equal(word, STR("revision")))
            names = &own;
        else if (str_equal(word, STR("down_revision")))
            names = &result.down_revisions;
        else if (str_equal(word, STR("depends_on")))
            names = &result.depends_on;
        else if (str_equal(word, STR("branch_labels")))
            names = &result.branch_labels;
        skip_blank(&scan, false);
        bool is_assigned =
            names && (peek(&scan, 0) == ':' || (peek(&scan, 0) == '=' && peek(&scan, 1) != '='));
        if (is_assigned && skip_line(&scan, true)) {
            scan.at++;
            names->n = 0; /* the last assignment counts */
            read_names(out, &scan, names);
            if (own.n > 0)
                result.revision = own.items[0];
        }
        (void)skip_line(&scan, false);
        scan.at += !at_end(&scan); /* the line end */
    }
    return result;
}

static uint64_t add_names(uint64_t hash, const RevisionNameVec *names)
{
    for (uint32_t i = 0; i < names->n; i++)
        hash = hash_bytes(names->items[i].data, names->items[i].length, hash + i + 1);
    return hash_bytes("", 0, hash + names->n);
}

uint64_t revision_hash(const Revision *revision)
{
    if (str_is_absent(revision->revision))
        return 0;
    uint64_t hash = hash_str(revision->revision);
    hash = add_names(hash, &revision->down_revisions);
    hash = add_names(hash, &revision->depends_on);
    hash = add_names(hash, &revision->branch_labels);
    return hash ? hash : 1;
}
