/* scanner.c - the tokens of the SQL grammar that a regular expression cannot describe.
 *
 * Three kinds of token come from here (the list with their meaning is in grammar.js):
 *
 *   text     strings, dollar quotes, comments, whole opaque statements, compound bodies,
 *            COPY data, psql and DELIMITER lines, and the terminators;
 *   ahead    a word or mark that is structure only if something certain follows it
 *            (KEY before an index definition, NOT before IN ...);
 *   stops    tokens of no width that say "here it ends": the end of an expression, of a
 *            query, of a writing statement, a `)` that is missing before the terminator.
 *
 * Rules that hold throughout:
 *
 * - The terminator is never part of anything else. Every loop here ends at `;` (unless it
 *   is in a quote, a comment or a compound body), at a GO line and at the delimiter in force.
 * - A stop is put *before* the white space and comments it looks past: mark_end is called
 *   first, and what is read later does not belong to the token. If it turns out
 *   that no stop is due after a comment was passed, the answer is "nothing"; tree-sitter
 *   then reads the comment itself (rule `comment`) and asks again behind it.
 * - Linear: each call reads at most to the end of the token or of the word or two it peeks at.
 *   The exceptions read one statement at most (other_statement, COPY data).
 *
 * State: the delimiter set by MySQL's DELIMITER command, empty for `;`; the parentheses open at the end
 * of a piece of an unparsed_item; the number of rows read of a VALUES; whether the number of terminators is odd. */
#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <stdint.h>
#include <string.h>

enum Token { /* in the order of `externals` in grammar.js */
    SEMICOLON,
    GO,
    IMPLICIT_END,
    MISSING_CLOSE,
    UNPARSED_START,
    UNPARSED_MORE,
    OTHER_STATEMENT,
    META_COMMAND,
    COPY_DATA,
    COMMENT,
    STRING,
    DOLLAR_STRING,
    COMPOUND_BODY,
    HASH_NAME,
    STOP,
    QUERY_STOP,
    WRITE_STOP,
    COLUMN_STOP,
    CALL_PAREN,
    LENGTH_PAREN,
    ROW_PAREN,
    MORE_ROWS,
    NOT_AHEAD,
    KEY_AHEAD,
    FULLTEXT_AHEAD,
    PERIOD_AHEAD,
    CHARSET_AHEAD,
    TYPED_LITERAL_AHEAD,
    INTERVAL_AHEAD,
    TOP_AHEAD,
    COMMA_COLUMN_AHEAD,
    ELEMENTS_AHEAD,
    BODY_AHEAD,
    IN_TYPE,
    ERROR_SENTINEL,
};

enum {
    WORD_MAX = 31,
    DELIMITER_MAX = 15,
    TAG_MAX = 63,
    PEEK_MAX = 500,        /* characters of an INTERVAL's value that are read to find its unit */
    ROWS_MAX = 100,        /* rows of VALUES that get a tree */
    PIECE_MAX = 256,       /* characters of one piece of an unparsed_item, about */
    COMMENT_PEEK_MAX = 16, /* comments passed in looking for the end of an expression */
};

typedef struct {
    uint16_t open_parens; /* inside the unparsed_item that is being read */
    bool is_odd;          /* the number of terminators so far, see end_statement */
    unsigned char n_rows; /* of the VALUES that is being read, up to ROWS_MAX */
    unsigned char delimiter_length;
    char delimiter[DELIMITER_MAX];
} Scanner;

typedef struct {
    char text[WORD_MAX + 1]; /* upper case; a longer word is cut, no keyword is that long */
} Word;

/* ------------------------------------------------------------------ characters */

static bool is_space(int32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v' || c == 0xa0 ||
           c == 0xfeff || (c >= 0x2000 && c <= 0x200b) || c == 0x3000;
}

static bool is_digit(int32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_start(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 0x7f && !is_space(c));
}

static bool is_word(int32_t c)
{
    return is_word_start(c) || is_digit(c) || c == '$';
}

static void next(TSLexer *lexer)
{
    lexer->advance(lexer, false);
}

/* `first`, if not 0, is a letter of the word that has been read already. */
static Word read_word_from(TSLexer *lexer, int32_t first)
{
    Word word = {{0}};
    unsigned n = 0;
    if (first != 0) {
        word.text[n++] = (char)(first >= 'a' && first <= 'z' ? first - 'a' + 'A' : first);
    }
    for (; is_word(lexer->lookahead); n++) {
        int32_t c = lexer->lookahead;
        if (n < WORD_MAX) {
            word.text[n] = c > 0x7f ? '?' : (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
        }
        next(lexer);
    }
    return word;
}

static Word read_word(TSLexer *lexer)
{
    return read_word_from(lexer, 0);
}

static bool word_is(Word word, const char *text)
{
    return strcmp(word.text, text) == 0;
}

/* `set` holds words between single spaces, with one in front and behind. */
static bool word_in(Word word, const char *set)
{
    size_t length = strlen(word.text);
    if (length == 0) {
        return false;
    }
    for (const char *at = set; (at = strstr(at, word.text)) != NULL; at++) {
        if (at[-1] == ' ' && at[length] == ' ') {
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------- quotes and comments */

/* What a backslash does in a string. The grammar serves dialects that disagree, so
 * for plain strings the text decides (see quoted). */
typedef enum { BACKSLASH_PLAIN, BACKSLASH_ESCAPES, BACKSLASH_BY_CONTEXT } Backslash;

/* Reads a quoted text; the lookahead is its opening quote. An unterminated one goes to the end.
 *
 * BACKSLASH_BY_CONTEXT: in MySQL \' is a quote inside the string, elsewhere it is a
 * backslash and the end of the string. Taken for the end if the string is nothing but
 * the backslash (ESCAPE '\') or if a mark follows that can only stand behind a string. */
static void quoted(TSLexer *lexer, Backslash backslash)
{
    int32_t quote = lexer->lookahead;
    bool is_empty = true;
    next(lexer);
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        if (c == quote) {
            next(lexer);
            if (lexer->lookahead != quote) {
                return;
            }
            next(lexer);
        } else if (c == '\\' && backslash != BACKSLASH_PLAIN) {
            next(lexer);
            if (lexer->lookahead == quote && backslash == BACKSLASH_BY_CONTEXT) {
                next(lexer);
                c = lexer->lookahead;
                if (c == quote) {
                    next(lexer);
                    if (is_empty && lexer->lookahead != quote) {
                        return; /* '\'' is MySQL's quote, not the start of something longer */
                    }
                } else if (lexer->eof(lexer) || c == ',' || c == ')' || c == ';' || c == ':' || c == '\n' ||
                           c == '\r' || (is_empty && !is_word(c))) {
                    return;
                } else if (c == ' ') {
                    while (lexer->lookahead == ' ') {
                        next(lexer);
                    }
                    if (lexer->lookahead >= 'A' && lexer->lookahead <= 'Z') {
                        return;
                    }
                }
            } else if (!lexer->eof(lexer)) {
                next(lexer);
            }
        } else {
            next(lexer);
        }
        is_empty = false;
    }
}

/* Reads $tag$ ... $tag$; the lookahead is the first dollar. False: it is no dollar
 * quote, and at most `$tag` has been read. */
static bool dollar_quoted(TSLexer *lexer)
{
    int32_t tag[TAG_MAX];
    unsigned length = 0;
    next(lexer);
    if (is_digit(lexer->lookahead)) {
        return false;
    }
    while (is_word(lexer->lookahead) && lexer->lookahead != '$') {
        if (length == TAG_MAX) {
            return false;
        }
        tag[length++] = lexer->lookahead;
        next(lexer);
    }
    if (lexer->lookahead != '$') {
        return false;
    }
    next(lexer);
    while (!lexer->eof(lexer)) {
        if (lexer->lookahead != '$') {
            next(lexer);
            continue;
        }
        next(lexer);
        unsigned matched = 0;
        while (matched < length && lexer->lookahead == tag[matched]) {
            next(lexer);
            matched++;
        }
        if (matched == length && lexer->lookahead == '$') {
            next(lexer);
            return true;
        }
    }
    return true;
}

static void line_rest(TSLexer *lexer)
{
    while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
        next(lexer);
    }
}

/* Reads a block comment whose opening two characters are read. True: it holds another one. */
static bool block_comment(TSLexer *lexer)
{
    unsigned depth = 1;
    bool is_nested = false;
    while (depth > 0 && !lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        next(lexer);
        if (c == '*' && lexer->lookahead == '/') {
            next(lexer);
            depth--;
        } else if (c == '/' && lexer->lookahead == '*') {
            next(lexer);
            depth++;
            is_nested = true;
        }
    }
    return is_nested;
}

/* Skips white space and comments while peeking. False: a character of an operator was
 * read in looking for a comment; what follows is not a word. */
static bool peek_past_space(TSLexer *lexer)
{
    for (;;) {
        if (is_space(lexer->lookahead)) {
            next(lexer);
        } else if (lexer->lookahead == '-') {
            next(lexer);
            if (lexer->lookahead != '-') {
                return false;
            }
            line_rest(lexer);
        } else if (lexer->lookahead == '/') {
            next(lexer);
            if (lexer->lookahead != '*') {
                return false;
            }
            next(lexer);
            block_comment(lexer);
        } else {
            return true;
        }
    }
}

static Word peek_word(TSLexer *lexer)
{
    Word none = {{0}};
    return peek_past_space(lexer) && is_word_start(lexer->lookahead) ? read_word(lexer) : none;
}

/* Reads a name: quoted, bracketed or plain, with its qualifiers. */
static bool peek_name(TSLexer *lexer)
{
    for (;;) {
        if (!peek_past_space(lexer)) {
            return false;
        }
        int32_t c = lexer->lookahead;
        if (c == '"' || c == '`') {
            quoted(lexer, BACKSLASH_PLAIN);
        } else if (c == '[') {
            while (!lexer->eof(lexer) && lexer->lookahead != ']' && lexer->lookahead != '\n') {
                next(lexer);
            }
            next(lexer);
        } else if (is_word_start(c)) {
            read_word(lexer);
        } else {
            return false;
        }
        if (lexer->lookahead != '.') {
            return true;
        }
        next(lexer);
    }
}

/* --------------------------------------------------------------- terminators */

/* Reads the delimiter in force if it stands here. */
static bool at_delimiter(const Scanner *scanner, TSLexer *lexer)
{
    if (scanner->delimiter_length == 0 || lexer->lookahead != (unsigned char)scanner->delimiter[0]) {
        return false;
    }
    for (unsigned i = 0; i < scanner->delimiter_length; i++) {
        if (lexer->lookahead != (unsigned char)scanner->delimiter[i]) {
            return false;
        }
        next(lexer);
    }
    return true;
}

/* After the word GO at the start of a line: is it alone there (or with a count)? */
static bool go_is_alone(TSLexer *lexer)
{
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r' || is_digit(lexer->lookahead)) {
        next(lexer);
    }
    return lexer->lookahead == '\n' || lexer->eof(lexer) || lexer->lookahead == ';';
}

/* ------------------------------------------------------- opaque text to an end */

typedef struct {
    bool has_blocks;      /* BEGIN ... END and CASE ... END hide a `;` */
    bool parens_hide_end; /* CREATE RULE ... DO (a; b) */
    bool until_go;        /* SQL Server's routines: only a GO line or the end */
} Extent;

typedef enum { SKIPPED_NOTHING, SKIPPED_TEXT, SKIPPED_COMMENT } Skipped;

/* Reads a quoted text or a comment, or the '-' or '/' that only could have begun one. */
static Skipped skip_text(TSLexer *lexer)
{
    int32_t c = lexer->lookahead;
    if (c == '\'') {
        quoted(lexer, BACKSLASH_BY_CONTEXT);
    } else if (c == '"' || c == '`') {
        quoted(lexer, BACKSLASH_PLAIN);
    } else if (c == '$') {
        dollar_quoted(lexer);
    } else if (c == '-' || c == '/') {
        next(lexer);
        if (c == '-' && lexer->lookahead == '-') {
            line_rest(lexer);
            return SKIPPED_COMMENT;
        }
        if (c == '/' && lexer->lookahead == '*') {
            next(lexer);
            block_comment(lexer);
            return SKIPPED_COMMENT;
        }
    } else {
        return SKIPPED_NOTHING;
    }
    return SKIPPED_TEXT;
}

/* Reads to the end of the statement and marks the end behind the last thing that is not white
 * space. False: there was nothing. */
static bool opaque(const Scanner *scanner, TSLexer *lexer, Extent extent)
{
    bool found = false;
    bool at_line_start = false;
    int depth = 0, blocks = 0;
    Word last = {{0}};
    lexer->mark_end(lexer);
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        if (is_space(c)) {
            at_line_start = at_line_start || c == '\n';
            next(lexer);
            continue;
        }
        if (c == ';' && !extent.until_go && blocks <= 0 && (depth <= 0 || !extent.parens_hide_end)) {
            break;
        }
        if (at_delimiter(scanner, lexer)) {
            return found;
        }
        Word word = {{0}};
        Skipped skipped = SKIPPED_NOTHING;
        if (is_word_start(c)) {
            word = read_word(lexer);
            if (at_line_start && word_is(word, "GO") && go_is_alone(lexer)) {
                return found;
            }
            if (lexer->lookahead == '\'' && word_is(word, "E")) {
                quoted(lexer, BACKSLASH_ESCAPES);
            } else if (extent.has_blocks) {
                if (word_is(last, "END") && word_in(word, " IF LOOP WHILE REPEAT FOR CASE TRY CATCH ")) {
                    /* the END before has closed it, or it never counted */
                    blocks += word_in(word, " CASE TRY CATCH ") ? 0 : 1;
                } else if (word_is(last, "BEGIN") && word_in(word, " TRAN TRANSACTION ")) {
                    blocks--;
                } else if (word_in(word, " BEGIN CASE ")) {
                    blocks++;
                } else if (word_is(word, "END")) {
                    blocks--;
                }
            }
        } else if ((skipped = skip_text(lexer)) == SKIPPED_COMMENT) {
            continue;
        } else if (skipped == SKIPPED_NOTHING) {
            depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
            next(lexer);
        }
        last = word;
        at_line_start = false;
        found = true;
        lexer->mark_end(lexer);
    }
    return found;
}

/* Reads a piece of an item that did not parse: to a comma or closing parenthesis of its own
 * depth, to a terminator or until it is long enough. False: there was nothing. */
static bool unparsed_piece(Scanner *scanner, TSLexer *lexer, bool is_first)
{
    unsigned length = 0;
    unsigned depth = is_first ? 0 : scanner->open_parens;
    bool found = false, at_line_start = false;
    lexer->mark_end(lexer);
    while (!lexer->eof(lexer) && length < PIECE_MAX) {
        int32_t c = lexer->lookahead;
        length++;
        if (is_space(c)) {
            at_line_start = at_line_start || c == '\n';
            next(lexer);
            continue;
        }
        if (c == ';' || (depth == 0 && (c == ',' || c == ')')) || at_delimiter(scanner, lexer)) {
            break;
        }
        if (is_word_start(c)) {
            Word word = read_word(lexer);
            if (at_line_start && word_is(word, "GO") && go_is_alone(lexer)) {
                break;
            }
            if (lexer->lookahead == '\'' && word_is(word, "E")) {
                quoted(lexer, BACKSLASH_ESCAPES);
            }
        } else if (c == '\'') {
            quoted(lexer, BACKSLASH_BY_CONTEXT);
        } else if (c == '"' || c == '`') {
            quoted(lexer, BACKSLASH_PLAIN);
        } else if (c == '$') {
            dollar_quoted(lexer);
        } else if (c == '-' || c == '/') {
            next(lexer);
            if (c == '-' && lexer->lookahead == '-') {
                line_rest(lexer);
            } else if (c == '/' && lexer->lookahead == '*') {
                next(lexer);
                block_comment(lexer);
            }
        } else {
            if (c == '(' && depth < UINT16_MAX) {
                depth++;
            } else if (c == ')') {
                depth--;
            }
            next(lexer);
        }
        at_line_start = false;
        found = true;
        lexer->mark_end(lexer);
    }
    scanner->open_parens = (uint16_t)depth;
    lexer->result_symbol = is_first ? UNPARSED_START : UNPARSED_MORE;
    return found;
}

/* BEGIN is read; reads to the END that closes it, and a label behind that on the same line. */
static void compound_body(TSLexer *lexer)
{
    int depth = 1;
    Word last = {{0}};
    lexer->mark_end(lexer);
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        Word word = {{0}};
        Skipped skipped = SKIPPED_NOTHING;
        if (is_space(c)) {
            next(lexer);
            continue;
        }
        if (is_word_start(c)) {
            word = read_word(lexer);
            if (word_is(last, "END") && word_in(word, " IF LOOP WHILE REPEAT FOR ")) {
                depth++; /* that END did not close a BEGIN */
            } else if (word_is(word, "BEGIN") || (word_is(word, "CASE") && !word_is(last, "END"))) {
                depth++;
            } else if (word_is(word, "END")) {
                depth--;
                if (depth == 0) {
                    lexer->mark_end(lexer);
                    while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r') {
                        next(lexer);
                    }
                    if (is_space(lexer->lookahead)) { /* on the next line only END's own words belong here */
                        if (!peek_past_space(lexer)) {
                            return;
                        }
                        Word after = is_word_start(lexer->lookahead) ? read_word(lexer) : word;
                        if (!word_in(after, " IF LOOP WHILE REPEAT FOR ")) {
                            return;
                        }
                        depth++;
                        word = after;
                    } else if (is_word_start(lexer->lookahead)) {
                        Word after = read_word(lexer);
                        if (!word_in(after, " IF LOOP WHILE REPEAT FOR ")) {
                            lexer->mark_end(lexer);
                            return;
                        }
                        depth++;
                        word = after;
                    } else {
                        return;
                    }
                }
            }
        } else if (c == '#') {
            line_rest(lexer);
        } else if ((skipped = skip_text(lexer)) == SKIPPED_COMMENT) {
            continue;
        } else if (skipped == SKIPPED_NOTHING) {
            next(lexer);
        }
        last = word;
    }
    lexer->mark_end(lexer);
}

/* The lines of COPY data up to and with `\.`, else, as psql takes them, to the end of the text. */
static bool copy_data(TSLexer *lexer)
{
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t' || lexer->lookahead == '\r') {
        next(lexer);
    }
    if (lexer->lookahead != '\n') {
        return false;
    }
    lexer->advance(lexer, true);
    while (!lexer->eof(lexer)) {
        if (lexer->lookahead == '\\') {
            next(lexer);
            if (lexer->lookahead == '.') {
                next(lexer);
                if (lexer->lookahead == '\n' || lexer->lookahead == '\r') {
                    break;
                }
            }
        }
        line_rest(lexer);
        next(lexer);
    }
    lexer->mark_end(lexer);
    return true;
}

/* -------------------------------------------------------- statement beginnings */

static const char CREATE_MODIFIERS[] =
    " OR REPLACE UNIQUE TEMP TEMPORARY UNLOGGED GLOBAL LOCAL RECURSIVE CONSTRAINT MATERIALIZED FULLTEXT SPATIAL"
    " CLUSTERED NONCLUSTERED COLUMNSTORE VIRTUAL FOREIGN EXTERNAL ";
static const char CREATE_KINDS[] =
    " TABLE INDEX VIEW TYPE FUNCTION PROCEDURE PROC TRIGGER POLICY SEQUENCE EXTENSION SCHEMA DOMAIN DATABASE ROLE USER"
    " GROUP PUBLICATION SUBSCRIPTION SERVER STATISTICS COLLATION TABLESPACE LANGUAGE CONVERSION ";
static const char ALTER_KINDS[] =
    " TABLE VIEW MATERIALIZED INDEX SEQUENCE TYPE DOMAIN SCHEMA DATABASE EXTENSION FUNCTION PROCEDURE PROC ROUTINE"
    " AGGREGATE TRIGGER EVENT POLICY ROLE USER RULE COLLATION CONVERSION SERVER PUBLICATION SUBSCRIPTION LANGUAGE"
    " TABLESPACE STATISTICS GROUP SYSTEM LARGE TEXT DEFAULT PROCEDURAL FOREIGN ";
static const char DROP_KINDS[] =
    " TABLE VIEW MATERIALIZED INDEX SEQUENCE TYPE DOMAIN SCHEMA DATABASE EXTENSION FUNCTION PROCEDURE PROC ROUTINE"
    " AGGREGATE TRIGGER EVENT POLICY ROLE USER RULE COLUMN COLLATION CONVERSION SERVER PUBLICATION SUBSCRIPTION"
    " LANGUAGE TABLESPACE STATISTICS SYNONYM FOREIGN ACCESS TEXT OWNED TEMPORARY ";
static const char COMMENT_KINDS[] =
    " TABLE VIEW MATERIALIZED INDEX SEQUENCE TYPE DOMAIN SCHEMA DATABASE EXTENSION FUNCTION PROCEDURE ROUTINE"
    " AGGREGATE TRIGGER EVENT POLICY ROLE RULE COLUMN CONSTRAINT COLLATION CONVERSION SERVER PUBLICATION SUBSCRIPTION"
    " LANGUAGE TABLESPACE STATISTICS FOREIGN ACCESS TEXT ";
static const char OTHER_LEADS[] =
    " INSERT REPLACE UPDATE DELETE SELECT WITH VALUES TABLE GRANT REVOKE COMMIT ROLLBACK START SAVEPOINT"
    " RELEASE END ABORT SET RESET TRUNCATE REFRESH REINDEX VACUUM ANALYZE ANALYSE CLUSTER OPTIMIZE LOCK COPY CALL"
    " EXPLAIN DESCRIBE DESC USE PRAGMA MERGE RENAME ";

typedef struct {
    bool is_known; /* the grammar has rules for it */
    Extent extent; /* how far it goes if not */
} Lead;

/* Behind CREATE or ALTER and PROCEDURE, FUNCTION or TRIGGER: is it SQL Server's form, whose
 * body only ends at a GO line? */
static bool is_tsql_routine(TSLexer *lexer, Word kind)
{
    if (!peek_name(lexer) || !peek_past_space(lexer)) {
        return false;
    }
    if (lexer->lookahead == '(') {
        next(lexer);
        return peek_past_space(lexer) && lexer->lookahead == '@';
    }
    if (lexer->lookahead == '@') {
        return true;
    }
    Word after = peek_word(lexer);
    return word_is(kind, "TRIGGER") ? word_is(after, "ON") : word_in(after, " AS WITH ");
}

static Lead classify_create(TSLexer *lexer)
{
    Lead lead = {.is_known = false};
    bool in_definer = false; /* DEFINER = `a`@`b`, ALGORITHM = x, SQL SECURITY y */
    for (unsigned n = 0; n < 40; n++) {
        if (!peek_past_space(lexer)) {
            return lead;
        }
        int32_t c = lexer->lookahead;
        if (!is_word_start(c)) {
            if (!in_definer) {
                return lead;
            }
            if (c == '\'' || c == '"' || c == '`') {
                quoted(lexer, BACKSLASH_PLAIN);
            } else if (c == '=' || c == '@' || c == '(' || c == ')' || c == '%') {
                next(lexer);
            } else {
                return lead;
            }
            continue;
        }
        Word word = read_word(lexer);
        if (word_in(word, CREATE_KINDS)) {
            lead.is_known = !word_is(word, "PROC");
            if (word_in(word, " PROCEDURE PROC FUNCTION TRIGGER ") && is_tsql_routine(lexer, word)) {
                lead.is_known = false;
                lead.extent.until_go = true;
            }
            return lead;
        }
        if (word_in(word, " DEFINER ALGORITHM SQL ")) {
            in_definer = true;
        } else if (word_is(word, "EVENT")) {
            word = peek_word(lexer);
            lead.is_known = word_is(word, "TRIGGER");
            lead.extent.has_blocks = true;
            return lead;
        } else if (word_is(word, "RULE")) {
            lead.extent.parens_hide_end = true;
            return lead;
        } else if (word_is(word, "ALTER")) {
            lead.extent.until_go = true; /* SQL Server's CREATE OR ALTER */
            return lead;
        } else if (word_is(word, "AGGREGATE")) {
            word = peek_word(lexer); /* MySQL's CREATE AGGREGATE FUNCTION; PostgreSQL's CREATE AGGREGATE is opaque */
            lead.is_known = word_is(word, "FUNCTION");
            return lead;
        } else if (!in_definer && !word_in(word, CREATE_MODIFIERS)) {
            return lead;
        } else if (word_is(word, "FOREIGN")) {
            word = peek_word(lexer);
            lead.is_known = word_is(word, "TABLE");
            return lead;
        }
    }
    return lead;
}

static Lead classify(TSLexer *lexer, Word word)
{
    Lead lead = {.is_known = word_in(word, OTHER_LEADS)};
    if (word_is(word, "CREATE")) {
        return classify_create(lexer);
    }
    if (word_is(word, "ALTER")) {
        Word kind = peek_word(lexer);
        lead.is_known = word_in(kind, ALTER_KINDS) && !word_is(kind, "PROC");
        if (word_in(kind, " PROCEDURE PROC FUNCTION TRIGGER ") && is_tsql_routine(lexer, kind) && !word_is(kind, "TRIGGER")) {
            lead.is_known = false;
            lead.extent.until_go = true;
        } else if (word_is(kind, "FOREIGN")) {
            lead.is_known = word_is(peek_word(lexer), "TABLE");
        }
        lead.extent.has_blocks = word_is(kind, "EVENT");
    } else if (word_is(word, "DROP")) {
        lead.is_known = word_in(peek_word(lexer), DROP_KINDS);
    } else if (word_is(word, "COMMENT")) {
        lead.is_known = word_is(peek_word(lexer), "ON") && word_in(peek_word(lexer), COMMENT_KINDS);
    } else if (word_is(word, "BEGIN")) {
        if (!peek_past_space(lexer) || !is_word_start(lexer->lookahead)) {
            lead.is_known = true;
            return lead;
        }
        lead.is_known = word_in(read_word(lexer),
                                " TRANSACTION TRAN WORK ISOLATION READ DEFERRED IMMEDIATE EXCLUSIVE CONCURRENT NOT DEFERRABLE INSERT UPDATE"
                                " DELETE CREATE ALTER DROP GO ");
        lead.extent.has_blocks = true;
    } else if (word_is(word, "DO")) {
        lead.is_known = peek_past_space(lexer) &&
                        (lexer->lookahead == '$' || lexer->lookahead == '\'' || word_is(read_word(lexer), "LANGUAGE"));
    } else if (word_is(word, "PREPARE")) {
        lead.is_known = word_is(peek_word(lexer), "TRANSACTION");
    } else if (word_is(word, "RETURN")) {
        lead.is_known = peek_past_space(lexer) && lexer->lookahead != ';' && !lexer->eof(lexer) &&
                        !word_in(read_word(lexer), " QUERY NEXT ");
    } else if (word_in(word, " IF WHILE DECLARE LOOP FOR ")) {
        lead.extent.has_blocks = true;
    }
    return lead;
}

/* A psql line, or DELIMITER with its argument, which is remembered. */
static bool meta_command(Scanner *scanner, TSLexer *lexer, bool is_delimiter)
{
    if (is_delimiter) {
        while (lexer->lookahead == ' ' || lexer->lookahead == '\t') {
            next(lexer);
        }
        unsigned length = 0;
        while (!lexer->eof(lexer) && !is_space(lexer->lookahead) && length < DELIMITER_MAX && lexer->lookahead < 0x80) {
            scanner->delimiter[length++] = (char)lexer->lookahead;
            next(lexer);
        }
        scanner->delimiter_length = (unsigned char)(length == 1 && scanner->delimiter[0] == ';' ? 0 : length);
    }
    line_rest(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = META_COMMAND;
    return true;
}

/* The parser is where a statement may begin. */
static bool statement_start(Scanner *scanner, TSLexer *lexer)
{
    int32_t c = lexer->lookahead;
    if (c == '\\') {
        return meta_command(scanner, lexer, false);
    }
    if (c == '(') {
        return false;
    }
    Lead lead = {.is_known = false};
    if (is_word_start(c)) {
        Word word = read_word(lexer);
        if (word_is(word, "DELIMITER")) {
            return meta_command(scanner, lexer, true);
        }
        lead = classify(lexer, word);
        if (lead.is_known) {
            return false;
        }
    }
    opaque(scanner, lexer, lead.extent);
    lexer->result_symbol = OTHER_STATEMENT;
    return true;
}

/* ------------------------------------------------------------ what goes on, what ends */

static const char EXPRESSION_WORDS[] =
    " AND OR XOR IN IS LIKE ILIKE BETWEEN COLLATE ISNULL NOTNULL REGEXP RLIKE GLOB MATCH ESCAPE DIV MOD OVERLAPS"
    " OPERATOR SOUNDS ";
static const char TYPE_WORDS[] =
    " PRECISION VARYING CHARACTER CHAR VARCHAR UNSIGNED SIGNED INTEGER YEAR MONTH DAY HOUR MINUTE SECOND TO ARRAY ";
static const char NEW_STATEMENT_WORDS[] =
    " CREATE ALTER DROP INSERT UPDATE DELETE GRANT REVOKE TRUNCATE EXEC EXECUTE PRINT DECLARE ";

typedef enum { GOES_ON, ENDS, IS_NOT } Continuation;

/* A word stands behind a complete operand: does the expression go on with it? */
static Continuation after_operand(TSLexer *lexer, Word word, bool in_type)
{
    if (word_in(word, EXPRESSION_WORDS)) {
        return GOES_ON;
    }
    if (word_is(word, "NOT")) {
        return word_in(peek_word(lexer), " IN LIKE ILIKE SIMILAR BETWEEN REGEXP RLIKE GLOB MATCH ") ? IS_NOT : ENDS;
    }
    if (word_is(word, "SIMILAR")) {
        return word_is(peek_word(lexer), "TO") ? GOES_ON : ENDS;
    }
    if (word_is(word, "AT")) {
        return word_is(peek_word(lexer), "TIME") ? GOES_ON : ENDS;
    }
    if (word_is(word, "WITHIN")) {
        return word_is(peek_word(lexer), "GROUP") ? GOES_ON : ENDS;
    }
    if (word_in(word, " IGNORE RESPECT ")) {
        return word_is(peek_word(lexer), "NULLS") ? GOES_ON : ENDS;
    }
    if (word_in(word, " FILTER AGAINST ")) {
        return peek_past_space(lexer) && lexer->lookahead == '(' ? GOES_ON : ENDS;
    }
    if (word_is(word, "OVER")) {
        return peek_past_space(lexer) && (lexer->lookahead == '(' || is_word_start(lexer->lookahead) || lexer->lookahead == '"') &&
                       !word_in(read_word(lexer), " FROM ")
                   ? GOES_ON
                   : ENDS;
    }
    if (in_type) {
        if (word_in(word, TYPE_WORDS)) {
            return GOES_ON;
        }
        if (word_in(word, " WITH WITHOUT ")) {
            return word_in(peek_word(lexer), " TIME LOCAL ") ? GOES_ON : ENDS;
        }
    }
    return ENDS;
}

typedef enum { INTERVAL_NAME, INTERVAL_WITH_UNIT, INTERVAL_WITH_PRECISION } IntervalForm;

/* What stands behind the word INTERVAL: `value unit`, `(3) 'text'`, or nothing of the kind. */
static IntervalForm interval_form(TSLexer *lexer)
{
    static const char UNITS[] = " MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND"
                                " MINUTE_SECOND HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE"
                                " DAY_HOUR YEAR_MONTH ";
    if (!peek_past_space(lexer)) { /* a sign was read */
        peek_past_space(lexer);
    }
    int32_t c = lexer->lookahead;
    if (c == '\'') {
        quoted(lexer, BACKSLASH_BY_CONTEXT);
    } else if (is_digit(c) || c == '.') {
        while (is_digit(lexer->lookahead) || lexer->lookahead == '.') {
            next(lexer);
        }
    } else if (c == '?' || c == '@' || c == ':' || c == '$') {
        next(lexer);
        while (is_word(lexer->lookahead) || lexer->lookahead == '@') {
            next(lexer);
        }
    } else if (is_word_start(c) || c == '`' || c == '"') {
        if (!peek_name(lexer)) {
            return INTERVAL_NAME;
        }
    }
    if (lexer->lookahead == '(') {
        unsigned depth = 0, length = 0;
        do {
            c = lexer->lookahead;
            if (c == ';' || lexer->eof(lexer) || ++length > PEEK_MAX) {
                return INTERVAL_NAME;
            }
            if (c == '\'') {
                quoted(lexer, BACKSLASH_BY_CONTEXT);
                continue;
            }
            depth += c == '(' ? 1 : 0;
            depth -= c == ')' ? 1 : 0;
            next(lexer);
        } while (depth > 0);
    }
    if (!peek_past_space(lexer)) {
        return INTERVAL_NAME;
    }
    if (lexer->lookahead == '\'' && c == ')') {
        return INTERVAL_WITH_PRECISION;
    }
    return is_word_start(lexer->lookahead) && word_in(read_word(lexer), UNITS) ? INTERVAL_WITH_UNIT : INTERVAL_NAME;
}

static const char LITERAL_TYPES[] =
    " TIMESTAMP TIMESTAMPTZ TIME TIMETZ DOUBLE NUMERIC DECIMAL CHARACTER CHAR VARCHAR NCHAR BIT FLOAT ";

/* Behind such a word: does the rest of a type and a string follow? Not if the string follows at once, that
 * the grammar sees itself. */
static bool is_typed_literal(TSLexer *lexer)
{
    bool is_long = false;
    for (;;) {
        if (!peek_past_space(lexer)) {
            return false;
        }
        if (lexer->lookahead == '(') {
            next(lexer);
            while (is_digit(lexer->lookahead) || is_space(lexer->lookahead) || lexer->lookahead == ',') {
                next(lexer);
            }
            if (lexer->lookahead != ')') {
                return false;
            }
            next(lexer);
        } else if (is_word_start(lexer->lookahead)) {
            if (!word_in(read_word(lexer), " WITH WITHOUT TIME LOCAL ZONE PRECISION VARYING ")) {
                return false;
            }
        } else {
            return is_long && lexer->lookahead == '\'';
        }
        is_long = true;
    }
}

/* Behind KEY or INDEX and a name: do the columns of an index follow, or words that come before them? */
static bool index_follows(TSLexer *lexer, bool name_is_quoted)
{
    if (is_word_start(lexer->lookahead)) {
        return word_in(read_word(lexer), " USING CLUSTERED NONCLUSTERED UNIQUE ON ") || name_is_quoted;
    }
    if (lexer->lookahead != '(') {
        return false;
    }
    next(lexer);
    return peek_past_space(lexer) && !is_digit(lexer->lookahead);
}

/* Behind KEY or INDEX where a column may stand as well: is it an index definition? A column called
 * key has a type behind it, and a type's parentheses begin with a number. */
static bool is_index_definition(TSLexer *lexer)
{
    if (!peek_past_space(lexer)) {
        return false;
    }
    if (lexer->lookahead == '(') {
        return true;
    }
    if (is_word_start(lexer->lookahead) && (lexer->lookahead == 'i' || lexer->lookahead == 'I')) {
        Word word = read_word(lexer); /* IF NOT EXISTS, or the first part of a name */
        if (word_is(word, "IF")) {
            return true;
        }
        return lexer->lookahead == '.' || (peek_past_space(lexer) && index_follows(lexer, false));
    }
    bool is_quoted = lexer->lookahead == '`' || lexer->lookahead == '"' || lexer->lookahead == '[';
    return peek_name(lexer) && peek_past_space(lexer) && index_follows(lexer, is_quoted);
}

static bool is_fulltext_definition(TSLexer *lexer)
{
    if (!peek_past_space(lexer)) {
        return false;
    }
    if (lexer->lookahead == '(') {
        return true;
    }
    if (is_word_start(lexer->lookahead)) {
        Word word = read_word(lexer);
        if (word_in(word, " KEY INDEX ")) {
            return true;
        }
    } else if (!peek_name(lexer)) {
        return false;
    }
    return peek_past_space(lexer) && lexer->lookahead == '(';
}

/* Behind a comma in ALTER TABLE: does a further column of SQL Server's ADD follow, not an action? */
static bool is_further_column(TSLexer *lexer)
{
    static const char ACTIONS[] =
        " ADD DROP ALTER RENAME MODIFY CHANGE OWNER SET RESET ENABLE DISABLE FORCE NO ATTACH DETACH VALIDATE INHERIT REPLICA"
        " CLUSTER WITHOUT WITH CONVERT ORDER DEFAULT CHARACTER CHARSET COLLATE ENGINE ALGORITHM LOCK COMMENT AUTO_INCREMENT ROW_FORMAT"
        " COALESCE REORGANIZE EXCHANGE ANALYZE CHECK NOCHECK OPTIMIZE REBUILD REPAIR REMOVE TRUNCATE DISCARD IMPORT PARTITION"
        " OPTIONS NOT OF SWITCH SPLIT MERGE ";
    if (!peek_past_space(lexer)) {
        return false;
    }
    if (lexer->lookahead == '[') {
        return true;
    }
    if (!is_word_start(lexer->lookahead)) {
        return lexer->lookahead == '"' || lexer->lookahead == '`';
    }
    Word word = read_word(lexer);
    if (word_in(word, " CONSTRAINT PRIMARY FOREIGN UNIQUE ")) {
        return true;
    }
    return !word_in(word, ACTIONS) && peek_past_space(lexer) && (is_word_start(lexer->lookahead) || lexer->lookahead == '[');
}

/* ------------------------------------------------------------------- the scan */

static bool give(TSLexer *lexer, enum Token token)
{
    lexer->result_symbol = (TSSymbol)token;
    return true;
}

/* The same, with the text read so far. */
static bool take(TSLexer *lexer, enum Token token)
{
    lexer->mark_end(lexer);
    return give(lexer, token);
}

/* A terminator. The state changes with each, because a token that changes the state is one that the parser
 * does not skip while it recovers: it goes back to where a statement can end instead. */
static bool end_statement(Scanner *scanner, TSLexer *lexer, enum Token token)
{
    scanner->is_odd = !scanner->is_odd;
    scanner->n_rows = 0;
    return give(lexer, token);
}

/* A statement ends here (mark_end stands where the space before began): gives the stop that is due. */
static bool stop_at_end(TSLexer *lexer, const bool *valid)
{
    static const enum Token STOPS[] = {COLUMN_STOP, STOP, QUERY_STOP, WRITE_STOP, MISSING_CLOSE};
    for (unsigned i = 0; i < sizeof STOPS / sizeof *STOPS; i++) {
        if (valid[STOPS[i]]) {
            return give(lexer, STOPS[i]);
        }
    }
    return false;
}

/* A word stands here; `at_line_start` if it is the first of its line. */
static bool scan_word(Scanner *scanner, TSLexer *lexer, const bool *valid, bool at_line_start, bool past_comment)
{
    bool has_stops = valid[STOP] || valid[COLUMN_STOP] || valid[QUERY_STOP] || valid[WRITE_STOP];
    int32_t prefix = 0;
    if (!past_comment && valid[STRING] && !valid[STOP] && lexer->lookahead < 0x80 && strchr("EeNnBbXxUu", (int)lexer->lookahead) != NULL) {
        /* A prefixed string, or a word that begins like one. */
        prefix = lexer->lookahead;
        next(lexer);
        if ((prefix == 'U' || prefix == 'u') && lexer->lookahead == '&') {
            next(lexer);
            if (lexer->lookahead != '\'') {
                return false;
            }
        }
        if (lexer->lookahead == '\'') {
            quoted(lexer, prefix == 'E' || prefix == 'e' ? BACKSLASH_ESCAPES : prefix == 'N' || prefix == 'n' ? BACKSLASH_BY_CONTEXT : BACKSLASH_PLAIN);
            return take(lexer, STRING);
        }
    }
    Word word = read_word_from(lexer, prefix);
    bool begins_statement = at_line_start && !valid[BODY_AHEAD] && word_in(word, NEW_STATEMENT_WORDS);
    if (at_line_start && word_is(word, "GO")) {
        Word none = {{0}};
        if (go_is_alone(lexer)) {
            if (stop_at_end(lexer, valid)) {
                return true;
            }
            lexer->mark_end(lexer);
            return !past_comment && !has_stops && end_statement(scanner, lexer, GO);
        }
        word = none;
    }
    if (valid[STOP] || valid[COLUMN_STOP]) {
        if (valid[COLUMN_STOP] && (word_is(word, "COLLATE") || after_operand(lexer, word, false) == ENDS)) {
            return give(lexer, COLUMN_STOP);
        }
        if (valid[COLUMN_STOP]) {
            return false;
        }
        Continuation continuation = after_operand(lexer, word, valid[IN_TYPE]);
        if (continuation == IS_NOT) {
            return give(lexer, valid[NOT_AHEAD] ? NOT_AHEAD : STOP);
        }
        return continuation == ENDS ? give(lexer, STOP) : false;
    }
    if (valid[QUERY_STOP]) {
        bool ends = begins_statement || word_is(word, "RETURNING") ||
                    (word_is(word, "ON") && word_in(peek_word(lexer), " CONFLICT DUPLICATE ")) ||
                    (word_is(word, "WITH") && word_in(peek_word(lexer), " NO DATA CHECK LOCAL CASCADED "));
        if (ends) {
            return give(lexer, QUERY_STOP);
        }
    }
    if (valid[WRITE_STOP] && begins_statement) {
        return give(lexer, WRITE_STOP);
    }
    if (valid[IMPLICIT_END] && (begins_statement || (valid[ELEMENTS_AHEAD] && word_in(word, " CREATE GRANT ")))) {
        return end_statement(scanner, lexer, IMPLICIT_END);
    }
    if (past_comment) {
        return false;
    }
    if (valid[COMPOUND_BODY]) {
        if (word_is(word, "BEGIN")) {
            compound_body(lexer);
            return give(lexer, COMPOUND_BODY);
        }
        if (peek_past_space(lexer) && lexer->lookahead == ':') { /* label: BEGIN */
            next(lexer);
            if (word_is(peek_word(lexer), "BEGIN")) {
                compound_body(lexer);
                return give(lexer, COMPOUND_BODY);
            }
        }
        return false;
    }
    if (valid[KEY_AHEAD] && word_in(word, " KEY INDEX ")) {
        lexer->mark_end(lexer);
        return is_index_definition(lexer) && give(lexer, KEY_AHEAD);
    }
    if (valid[FULLTEXT_AHEAD] && word_in(word, " FULLTEXT SPATIAL ")) {
        lexer->mark_end(lexer);
        return is_fulltext_definition(lexer) && give(lexer, FULLTEXT_AHEAD);
    }
    if (valid[PERIOD_AHEAD] && word_is(word, "PERIOD")) {
        lexer->mark_end(lexer);
        return word_is(peek_word(lexer), "FOR") && give(lexer, PERIOD_AHEAD);
    }
    if (valid[CHARSET_AHEAD] && word_in(word, " CHARACTER CHAR ")) {
        lexer->mark_end(lexer);
        return word_is(peek_word(lexer), "SET") && give(lexer, CHARSET_AHEAD);
    }
    if (valid[TYPED_LITERAL_AHEAD] && word_in(word, LITERAL_TYPES) && is_typed_literal(lexer)) {
        return give(lexer, TYPED_LITERAL_AHEAD);
    }
    if (valid[INTERVAL_AHEAD] && word_is(word, "INTERVAL")) {
        switch (interval_form(lexer)) {
        case INTERVAL_NAME:
            return false;
        case INTERVAL_WITH_UNIT:
            return give(lexer, INTERVAL_AHEAD);
        case INTERVAL_WITH_PRECISION:
            return give(lexer, TYPED_LITERAL_AHEAD);
        }
    }
    if (valid[TOP_AHEAD] && word_is(word, "TOP")) {
        lexer->mark_end(lexer);
        return peek_past_space(lexer) && (is_digit(lexer->lookahead) || lexer->lookahead == '(') && give(lexer, TOP_AHEAD);
    }
    return false;
}

/* Reads rows, `(...), (...)`, from the parenthesis that stands here to the end of the last. */
static void more_rows(const Scanner *scanner, TSLexer *lexer)
{
    unsigned depth = 0;
    bool is_behind_comma = true;
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        if (is_space(c)) {
            next(lexer);
            continue;
        }
        if (c == ';' || at_delimiter(scanner, lexer) || (depth == 0 && c != ',' && !(is_behind_comma && (c == '(' || is_word_start(c))))) {
            return;
        }
        if (is_word_start(c)) {
            Word word = read_word(lexer);
            if (lexer->lookahead == '\'' && word_is(word, "E")) {
                quoted(lexer, BACKSLASH_ESCAPES);
            }
        } else if (skip_text(lexer) == SKIPPED_NOTHING) {
            depth += c == '(' ? 1 : 0;
            depth -= c == ')' && depth > 0 ? 1 : 0;
            next(lexer);
            if (depth == 0 && c == ')') {
                lexer->mark_end(lexer);
            }
        }
        is_behind_comma = depth > 0 || c == ',';
    }
}

/* A mark stands here that is no word, quote or terminator; the lookahead of a possible
 * comment start has not been read. */
static bool scan_mark(Scanner *scanner, TSLexer *lexer, const bool *valid, bool past_comment)
{
    int32_t c = lexer->lookahead;
    if (valid[STOP] || valid[COLUMN_STOP]) {
        enum Token stop = valid[COLUMN_STOP] ? COLUMN_STOP : STOP;
        switch (c) {
        case '(':
            if (valid[IN_TYPE]) {
                return false;
            }
            if (past_comment || !(valid[CALL_PAREN] || valid[LENGTH_PAREN])) {
                return valid[CALL_PAREN] ? false : give(lexer, stop);
            }
            next(lexer);
            lexer->mark_end(lexer);
            if (valid[LENGTH_PAREN]) {
                while (is_space(lexer->lookahead)) {
                    next(lexer);
                }
                bool has_digits = false;
                while (is_digit(lexer->lookahead)) {
                    has_digits = true;
                    next(lexer);
                }
                while (is_space(lexer->lookahead)) {
                    next(lexer);
                }
                if (has_digits && lexer->lookahead == ')') {
                    return give(lexer, LENGTH_PAREN);
                }
            }
            return valid[CALL_PAREN] && give(lexer, CALL_PAREN);
        case ':':
            next(lexer);
            return lexer->lookahead == ':' || lexer->lookahead == '=' ? false : give(lexer, stop);
        case '@':
            next(lexer);
            return is_word_start(lexer->lookahead) ? give(lexer, stop) : false;
        case '=':
            next(lexer);
            return lexer->lookahead == '>' && valid[COLUMN_STOP] ? give(lexer, stop) : false;
        case '+':
        case '-':
        case '*':
        case '/':
        case '<':
        case '>':
        case '!':
        case '|':
        case '&':
        case '#':
        case '~':
        case '?':
        case '^':
        case '%':
        case '.':
        case '[':
            return false;
        default:
            return give(lexer, stop);
        }
    }
    if (c == ')' || c == ']') {
        return valid[QUERY_STOP] ? give(lexer, QUERY_STOP) : valid[WRITE_STOP] ? give(lexer, WRITE_STOP) : false;
    }
    if (past_comment) {
        return false;
    }
    if (c == '(' && valid[CALL_PAREN]) {
        next(lexer);
        return take(lexer, CALL_PAREN);
    }
    if (c == '(' && valid[ROW_PAREN]) {
        if (scanner->n_rows >= ROWS_MAX && valid[MORE_ROWS]) {
            more_rows(scanner, lexer);
            return give(lexer, MORE_ROWS);
        }
        scanner->n_rows = (unsigned char)(valid[MORE_ROWS] ? scanner->n_rows + 1 : 1);
        next(lexer);
        return take(lexer, ROW_PAREN);
    }
    if (c == ',' && valid[COMMA_COLUMN_AHEAD]) {
        next(lexer);
        lexer->mark_end(lexer);
        return is_further_column(lexer) && give(lexer, COMMA_COLUMN_AHEAD);
    }
    return false;
}

static bool scan(Scanner *scanner, TSLexer *lexer, const bool *valid)
{
    bool is_recovering = valid[ERROR_SENTINEL];
    bool has_stops = !is_recovering && (valid[STOP] || valid[COLUMN_STOP] || valid[QUERY_STOP] || valid[WRITE_STOP] ||
                                        valid[MISSING_CLOSE] || valid[IMPLICIT_END]);
    bool at_line_start = false; /* a line break was crossed; get_column would cost a walk along the line */
    bool past_comment = false;
    unsigned n_comments = 0;

    if (valid[COPY_DATA] && !is_recovering) {
        if (copy_data(lexer)) {
            return give(lexer, COPY_DATA);
        }
        return false;
    }

    lexer->mark_end(lexer);
    for (;;) {
        while (is_space(lexer->lookahead)) {
            at_line_start = at_line_start || lexer->lookahead == '\n';
            lexer->advance(lexer, true);
        }
        int32_t c = lexer->lookahead;
        if (lexer->eof(lexer)) {
            return !is_recovering && stop_at_end(lexer, valid);
        }
        if (c == ';') {
            if (!is_recovering && stop_at_end(lexer, valid)) {
                return true;
            }
            if (past_comment) {
                return false;
            }
            next(lexer);
            lexer->mark_end(lexer);
            return end_statement(scanner, lexer, SEMICOLON);
        }
        if (at_delimiter(scanner, lexer)) {
            if (!is_recovering && stop_at_end(lexer, valid)) {
                return true;
            }
            lexer->mark_end(lexer);
            return !past_comment && end_statement(scanner, lexer, SEMICOLON);
        }
        bool is_comment = false, is_ours = false;
        if (c == '-' || c == '/') {
            /* Whether it is a comment shows in the second character; if not, it is an
             * operator and this scan has nothing to say, but that an expression goes on. */
            next(lexer);
            if (c == '-' && lexer->lookahead == '-') {
                line_rest(lexer);
                is_comment = true;
            } else if (c == '/' && lexer->lookahead == '*') {
                next(lexer);
                is_ours = block_comment(lexer);
                is_comment = true;
            } else if (is_recovering || valid[UNPARSED_MORE]) {
                return unparsed_piece(scanner, lexer, is_recovering) || take(lexer, is_recovering ? UNPARSED_START : UNPARSED_MORE);
            } else if (valid[OTHER_STATEMENT]) {
                opaque(scanner, lexer, (Extent){.until_go = false});
                return give(lexer, OTHER_STATEMENT);
            } else {
                return false;
            }
        } else if (c == '#') {
            next(lexer);
            c = lexer->lookahead;
            if (valid[HASH_NAME] && !is_recovering && (is_word_start(c) || c == '#')) {
                while (is_word(lexer->lookahead) || lexer->lookahead == '#') {
                    next(lexer);
                }
                return take(lexer, HASH_NAME);
            }
            if (c != '>' && c != '-' && c != '=' && c != '#' && c != '{' && c != '<' && !is_digit(c)) {
                line_rest(lexer);
                is_comment = is_ours = true;
            } else if (!is_recovering) {
                return false;
            }
        }
        if (is_comment) {
            if (!has_stops || is_ours || ++n_comments == COMMENT_PEEK_MAX) {
                return (!past_comment || n_comments == COMMENT_PEEK_MAX) && take(lexer, COMMENT);
            }
            past_comment = true;
            continue;
        }
        break;
    }

    if (is_recovering) {
        /* At a comma or parenthesis the parser looks for a list that can go on. */
        if (lexer->lookahead == ',' || lexer->lookahead == ')') {
            return false;
        }
        return unparsed_piece(scanner, lexer, true);
    }
    if (valid[UNPARSED_MORE] && !past_comment) {
        return unparsed_piece(scanner, lexer, false);
    }
    if (valid[OTHER_STATEMENT] && !valid[STOP]) {
        if (past_comment) {
            return false;
        }
        if (lexer->lookahead == 'G' || lexer->lookahead == 'g') {
            Word word = read_word(lexer);
            if (word_is(word, "GO") && go_is_alone(lexer)) {
                lexer->mark_end(lexer);
                return end_statement(scanner, lexer, GO);
            }
            Lead lead = classify(lexer, word);
            if (lead.is_known) {
                return false;
            }
            opaque(scanner, lexer, lead.extent);
            return give(lexer, OTHER_STATEMENT);
        }
        return statement_start(scanner, lexer);
    }

    int32_t c = lexer->lookahead;
    if (c == '\'') {
        if (valid[STRING] && !past_comment) {
            quoted(lexer, BACKSLASH_BY_CONTEXT);
            return take(lexer, STRING);
        }
        if (valid[STRING]) {
            return false;
        }
        return valid[STOP] && give(lexer, STOP);
    }
    if (c == '$') {
        if (valid[STOP] || valid[COLUMN_STOP]) {
            return give(lexer, valid[COLUMN_STOP] ? COLUMN_STOP : STOP);
        }
        return valid[DOLLAR_STRING] && !past_comment && dollar_quoted(lexer) && take(lexer, DOLLAR_STRING);
    }
    if (is_word_start(c)) {
        return scan_word(scanner, lexer, valid, at_line_start, past_comment);
    }
    return scan_mark(scanner, lexer, valid, past_comment);
}

/* ------------------------------------------------------------ tree-sitter's interface */

void *tree_sitter_sql_external_scanner_create(void)
{
    return ts_calloc(1, sizeof(Scanner));
}

void tree_sitter_sql_external_scanner_destroy(void *payload)
{
    ts_free(payload);
}

unsigned tree_sitter_sql_external_scanner_serialize(void *payload, char *buffer)
{
    const Scanner *scanner = payload;
    buffer[0] = (char)(scanner->open_parens & 0xff);
    buffer[1] = (char)(scanner->open_parens >> 8);
    buffer[2] = (char)scanner->n_rows;
    buffer[3] = scanner->is_odd ? 1 : 0;
    memcpy(buffer + 4, scanner->delimiter, scanner->delimiter_length);
    return scanner->delimiter_length + 4u;
}

void tree_sitter_sql_external_scanner_deserialize(void *payload, const char *buffer, unsigned length)
{
    Scanner *scanner = payload;
    *scanner = (Scanner){0};
    if (length >= 4 && length <= 4 + DELIMITER_MAX) {
        scanner->open_parens = (uint16_t)((unsigned char)buffer[0] | (unsigned)(unsigned char)buffer[1] << 8);
        scanner->n_rows = (unsigned char)buffer[2];
        scanner->is_odd = buffer[3] != 0;
        scanner->delimiter_length = (unsigned char)(length - 4);
        memcpy(scanner->delimiter, buffer + 4, length - 4);
    }
}

bool tree_sitter_sql_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid)
{
    return scan(payload, lexer, valid);
}
