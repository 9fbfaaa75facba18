/* How a text is cut into statements
 *
 * One loop lexes the text and keeps, for the statement that is open, what decides where it
 * ends: its terminator (";" or what DELIMITER set), whether it is a routine or trigger and
 * how many BEGINs of its body are open, its parentheses, its first words. Nothing is ever
 * unread, with one exception: the body of a routine whose END never comes. It would swallow
 * the rest of the text, so the splitter goes back to the body's first semicolon and ends the
 * statement there. That may happen MAX_REWINDS times in a text, so the pass stays linear.
 *
 *     CREATE TRIGGER t … BEGIN  a;  b;  END;  CREATE TABLE …
 *     '---- header ----' '--- body, depth 1 -'^ ends here: depth 0
 *
 * SQL Server needs no terminators: there a statement also ends before a line that begins
 * with words that can only begin a statement, and a routine reaches to GO. */
#include "syntax/sql_split.h"

#include "syntax/sql_lex.h"

enum {
    MAX_REWINDS = 8,   /* bodies without END that are given up: see above */
    HEADER_WORDS = 16, /* within these a statement says what it creates */
    DELIMITER_MAX_BYTES = 16,
    COMMENT_NESTING = 4, /* dollar quotes within dollar quotes searched for comments */
};

typedef enum { BODY_NONE, BODY_BLOCK, BODY_BATCH, BODY_RULE } BodyKind;

typedef struct {
    bool is_open;        /* a token of it was seen */
    uint32_t start, end; /* from its first to its last token */
    uint32_t n_words;
    bool is_create, is_copy, reads_stdin, is_with, is_merge, is_update, has_case, header_done;
    BodyKind body;
    uint32_t depth; /* BEGIN and CASE that are open in the body */
    uint32_t parentheses;
    uint32_t first_semicolon; /* in the body, to come back to; 0: none */
    SqlToken previous;        /* the last token that is not a comment */
} Statement;

typedef struct {
    Arena *out;
    Str text;
    Dialect dialect;
    PieceVec pieces;
    Statement statement;
    Str delimiter; /* ";" unless MySQL's DELIMITER changed it */
    uint32_t rewinds;
    bool has_no_copy_end; /* the text holds no further \. line: do not look again */
    bool has_delimiter;   /* a DELIMITER line was read */
    SplitPart part;
    uint32_t stop; /* the first of part.stops that is not passed; all, at the end of the text */
} Splitter;

static bool is_default_delimiter(const Splitter *s)
{
    return str_equal(s->delimiter, STR(";"));
}

static void push_piece(Splitter *s, PieceKind kind, uint32_t start, uint32_t end)
{
    VEC_PUSH(s->out, &s->pieces, ((Piece){.kind = kind, .range = {.start = start, .end = end}}));
}

static void end_statement(Splitter *s)
{
    if (s->statement.is_open)
        push_piece(s, PIECE_STATEMENT, s->statement.start, s->statement.end);
    s->statement = (Statement){0};
}

static uint32_t line_end(Str text, uint32_t at)
{
    uint32_t end = str_find(text, STR("\n"), at);
    return end == UINT32_MAX ? text.length : end;
}

/* Ends of lines and white space do not belong to a line's piece. */
static uint32_t trimmed_end(Str text, uint32_t start, uint32_t end)
{
    while (end > start && (unsigned char)text.data[end - 1] <= ' ')
        end--;
    return end;
}

static bool is_first_on_line(Str text, uint32_t at)
{
    while (at > 0 && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t'))
        at--;
    return at == 0 || text.data[at - 1] == '\n' || text.data[at - 1] == '\r' ||
           (at == 3 && str_starts_with(text, STR("\xEF\xBB\xBF")));
}

/* The rest of the line as a piece of its own; returns where to go on. */
static uint32_t take_meta_line(Splitter *s, uint32_t start)
{
    uint32_t end = line_end(s->text, start);
    push_piece(s, PIECE_META, start, trimmed_end(s->text, start, end));
    return end;
}

/* COPY data from the line after `at` to its \. line. Without one there is no data: the
 * statement is misplaced or half written, and must not swallow what follows. */
static uint32_t take_copy_data(Splitter *s, uint32_t at)
{
    uint32_t start = line_end(s->text, at);
    if (s->has_no_copy_end || start >= s->text.length)
        return at;
    for (uint32_t i = start; i < s->text.length;) {
        uint32_t end = line_end(s->text, i + 1);
        Str line = str_trim(str_slice(s->text, i + 1, end));
        if (str_equal(line, STR("\\."))) {
            push_piece(s, PIECE_COPY_DATA, start + 1, trimmed_end(s->text, start + 1, end));
            return end;
        }
        i = end;
    }
    s->has_no_copy_end = true;
    return at;
}

/* \copy reads data from the lines after it; the other commands end with their line. */
static uint32_t take_psql_command(Splitter *s, uint32_t start)
{
    uint32_t end = take_meta_line(s, start);
    Str line = str_slice(s->text, start, end);
    if (!str_starts_with(line, STR("\\copy")))
        return end;
    SqlToken previous = {0};
    for (SqlToken token = sql_lex_code(line, 1, s->dialect); token.kind != SQL_TOKEN_END;
         token = sql_lex_code(line, token.end, s->dialect)) {
        if (sql_token_is(line, token, "STDIN") && sql_token_is(line, previous, "FROM"))
            return take_copy_data(s, end);
        previous = token;
    }
    return end;
}

static uint32_t take_delimiter_line(Splitter *s, SqlToken word)
{
    uint32_t end = line_end(s->text, word.start);
    Str rest = str_trim(str_slice(s->text, word.end, end));
    uint32_t length = 0;
    s->has_delimiter = true;
    while (length < rest.length && (unsigned char)rest.data[length] > ' ')
        length++;
    if (length > 0 && length <= DELIMITER_MAX_BYTES)
        s->delimiter = str_slice(rest, 0, length);
    return take_meta_line(s, word.start);
}

static bool is_go_line(const Splitter *s, SqlToken token)
{
    if (s->dialect != DIALECT_SQLSERVER || !sql_token_is(s->text, token, "GO") ||
        !is_first_on_line(s->text, token.start))
        return false;
    Str rest = str_trim(str_slice(s->text, token.end, line_end(s->text, token.end)));
    if (str_starts_with(rest, STR("--")) || str_starts_with(rest, STR(";")))
        return true;
    for (uint32_t i = 0; i < rest.length; i++) { /* GO 5 */
        if (rest.data[i] < '0' || rest.data[i] > '9')
            return false;
    }
    return true;
}

/* True where a line of SQL Server's that begins with `token` begins a statement. */
static bool begins_batch_statement(const Splitter *s, SqlToken token)
{
    const Statement *statement = &s->statement;
    if (s->dialect != DIALECT_SQLSERVER || statement->parentheses > 0 ||
        statement->body != BODY_NONE || statement->is_with || statement->is_merge ||
        !is_first_on_line(s->text, token.start) || sql_token_is(s->text, statement->previous, "AS"))
        return false;
    SqlToken next = sql_lex_code(s->text, token.end, s->dialect);
    if (sql_token_in(s->text, token, " CREATE ALTER DROP "))
        return sql_token_in(s->text, next,
                            " TABLE INDEX UNIQUE CLUSTERED NONCLUSTERED VIEW SCHEMA PROC PROCEDURE "
                            "FUNCTION TRIGGER TYPE SEQUENCE DATABASE USER ROLE LOGIN SYNONYM ");
    if (sql_token_is(s->text, token, "INSERT"))
        return sql_token_is(s->text, next, "INTO");
    if (sql_token_is(s->text, token, "SET") && !statement->is_update)
        return sql_token_in(s->text, next,
                            " ANSI_NULLS ANSI_PADDING ANSI_WARNINGS ARITHABORT NOCOUNT XACT_ABORT "
                            "QUOTED_IDENTIFIER IDENTITY_INSERT CONCAT_NULL_YIELDS_NULL "
                            "NUMERIC_ROUNDABORT ");
    if (sql_token_is(s->text, token, "BEGIN"))
        return sql_token_in(s->text, next, " TRAN TRANSACTION TRY ");
    if (sql_token_is(s->text, token, "END")) /* of an IF's block, not of a CASE */
        return statement->is_create && !statement->has_case;
    return sql_token_in(s->text, token, " USE PRINT EXEC TRUNCATE COMMIT DECLARE ");
}

/* Reads the words in front of a body: what kind of statement is this? */
static void read_header_word(Splitter *s, SqlToken token)
{
    Statement *statement = &s->statement;
    uint32_t n = statement->n_words++;
    if (n == 0) {
        bool is_alter = s->dialect == DIALECT_SQLSERVER && sql_token_is(s->text, token, "ALTER");
        statement->is_create = is_alter || sql_token_is(s->text, token, "CREATE");
        statement->is_copy = sql_token_is(s->text, token, "COPY");
        statement->is_with = sql_token_is(s->text, token, "WITH");
        statement->is_merge = sql_token_is(s->text, token, "MERGE");
        statement->is_update = sql_token_is(s->text, token, "UPDATE");
        return;
    }
    if (sql_token_is(s->text, token, "CASE"))
        statement->has_case = true;
    if (statement->is_copy && sql_token_is(s->text, token, "STDIN") &&
        sql_token_is(s->text, statement->previous, "FROM"))
        statement->reads_stdin = true;
    if (!statement->is_create || statement->header_done || n > HEADER_WORDS)
        return;
    if (sql_token_in(s->text, token, " FUNCTION PROCEDURE PROC TRIGGER EVENT PACKAGE ")) {
        statement->body = s->dialect == DIALECT_SQLSERVER ? BODY_BATCH : BODY_BLOCK;
        statement->header_done = true;
    } else if (sql_token_is(s->text, token, "RULE") && s->dialect == DIALECT_POSTGRESQL) {
        statement->body = BODY_RULE;
        statement->header_done = true;
    } else if (sql_token_in(s->text, token,
                            " TABLE VIEW INDEX TYPE SCHEMA DATABASE SEQUENCE DOMAIN POLICY ROLE "
                            "USER EXTENSION SERVER AGGREGATE OPERATOR CAST COLLATION ")) {
        /* CREATE AGGREGATE FUNCTION is MySQL's, and loads a library: no body */
        statement->header_done = true;
    }
}

/* Counts what opens and closes a block. */
static void read_body_word(Splitter *s, SqlToken token)
{
    Statement *statement = &s->statement;
    if (statement->body != BODY_BLOCK || statement->parentheses > 0)
        return;
    bool is_mysql = s->dialect == DIALECT_MYSQL;
    bool after_end = sql_token_is(s->text, statement->previous, "END");
    if (sql_token_is(s->text, token, "BEGIN")) {
        bool is_atomic =
            sql_token_is(s->text, sql_lex_code(s->text, token.end, s->dialect), "ATOMIC");
        if (s->dialect == DIALECT_POSTGRESQL ? is_atomic : is_mysql || statement->depth == 0)
            statement->depth++;
    } else if (statement->depth == 0) {
        return;
    } else if (sql_token_is(s->text, token, "CASE")) {
        if (!after_end) /* END CASE closes one */
            statement->depth++;
    } else if (sql_token_is(s->text, token, "END")) {
        SqlToken next = sql_lex_code(s->text, token.end, s->dialect);
        /* END IF and its like close what was not counted */
        if (!is_mysql || !sql_token_in(s->text, next, " IF LOOP WHILE REPEAT FOR "))
            statement->depth--;
    }
}

/* True where the END or parenthesis that closes the body is still to come. */
static bool is_inside_body(const Statement *statement)
{
    return (statement->body == BODY_BLOCK && statement->depth > 0) ||
           (statement->body == BODY_RULE && statement->parentheses > 0);
}

static bool is_terminator(Splitter *s, SqlToken token)
{
    Statement *statement = &s->statement;
    if (!is_default_delimiter(s))
        return str_starts_with(str_slice(s->text, token.start, s->text.length), s->delimiter);
    if (!sql_token_is_symbol(s->text, token, ';'))
        return false;
    bool is_inside = statement->body == BODY_BATCH || is_inside_body(statement);
    if (is_inside && statement->first_semicolon == 0)
        statement->first_semicolon = token.start;
    return !is_inside;
}

/* A word may run into a custom delimiter: END$$. */
static SqlToken cut_at_delimiter(const Splitter *s, SqlToken token)
{
    if (is_default_delimiter(s) || token.kind != SQL_TOKEN_WORD)
        return token;
    uint32_t at = str_find(sql_token_text(s->text, token), s->delimiter, 1);
    if (at != UINT32_MAX)
        token.end = token.start + at;
    return token;
}

static Unterminated unterminated_kind(SqlToken token)
{
    if (token.kind == SQL_TOKEN_COMMENT)
        return UNTERMINATED_COMMENT;
    if (token.kind == SQL_TOKEN_DOLLAR)
        return UNTERMINATED_DOLLAR_QUOTE;
    if (token.kind == SQL_TOKEN_QUOTED_NAME)
        return UNTERMINATED_IDENTIFIER;
    return UNTERMINATED_STRING;
}

static void add_token(Splitter *s, SqlToken token)
{
    Statement *statement = &s->statement;
    if (!statement->is_open)
        statement->start = token.start;
    statement->is_open = true;
    statement->end = token.end;
    if (token.kind == SQL_TOKEN_WORD) {
        read_header_word(s, token);
        read_body_word(s, token);
    } else if (sql_token_is_symbol(s->text, token, '(')) {
        statement->parentheses++;
    } else if (sql_token_is_symbol(s->text, token, ')') && statement->parentheses > 0) {
        statement->parentheses--;
    }
    statement->previous = token;
}

/* Things that stand on a line of their own, or end a statement without a terminator.
 * Returns true and moves `at` where the token was one of those. */
static bool take_line(Splitter *s, SqlToken token, uint32_t *at)
{
    if (is_go_line(s, token)) {
        end_statement(s);
        *at = take_meta_line(s, token.start);
        return true;
    }
    if (s->dialect == DIALECT_POSTGRESQL && sql_token_is_symbol(s->text, token, '\\')) {
        end_statement(s);
        *at = take_psql_command(s, token.start);
        return true;
    }
    if (s->dialect == DIALECT_MYSQL && !s->statement.is_open &&
        sql_token_is(s->text, token, "DELIMITER") && is_first_on_line(s->text, token.start)) {
        *at = take_delimiter_line(s, token);
        return true;
    }
    return false;
}

/* MySQL's versioned comments hold SQL. */
static bool is_code_comment(const Splitter *s, SqlToken token)
{
    Str comment = sql_token_text(s->text, token);
    return s->dialect == DIALECT_MYSQL &&
           (str_starts_with(comment, STR("/*!")) || str_starts_with(comment, STR("/*M!")));
}

/* At the end of the text: a body that is still open ends at its first semicolon instead. */
static bool rewind_body(Splitter *s, uint32_t *at)
{
    Statement *statement = &s->statement;
    if (!is_inside_body(statement) || statement->first_semicolon == 0 || s->rewinds >= MAX_REWINDS)
        return false;
    s->rewinds++;
    uint32_t semicolon = statement->first_semicolon;
    statement->end = trimmed_end(s->text, statement->start, semicolon);
    end_statement(s);
    *at = semicolon + 1;
    return true;
}

/* True where the statement is known, and no word in it can matter any more: only what quotes,
 * parentheses and the terminator do. */
static bool is_past_words(const Splitter *s)
{
    const Statement *statement = &s->statement;
    return statement->is_open && statement->n_words > 0 && !statement->is_copy &&
           statement->body == BODY_NONE && s->dialect != DIALECT_SQLSERVER &&
           (!statement->is_create || statement->header_done) && is_default_delimiter(s);
}

/* Most of a text is the inside of such statements: passed over without making tokens of it. */
static uint32_t skip_plain(Splitter *s, uint32_t at)
{
    uint32_t end = sql_skip_plain(s->text, at);
    uint32_t last = trimmed_end(s->text, at, end);
    if (last > at)
        s->statement.end = last;
    return end;
}

static bool is_local(const Splitter *s)
{
    return s->rewinds == 0 && !s->has_no_copy_end && !s->has_delimiter;
}

/* True where a statement begins at the token that began one in the earlier text, too, with nothing
 * before it that could matter to what comes: then all that comes is as it was. */
static bool is_at_stop(Splitter *s, SqlToken token)
{
    while (s->stop < s->part.n_stops && s->part.stops[s->stop] < token.start)
        s->stop++;
    return s->stop < s->part.n_stops && s->part.stops[s->stop] == token.start &&
           !s->statement.is_open && is_local(s);
}

static void split(Splitter *s)
{
    uint32_t at = s->part.from;
    for (;;) {
        if (is_past_words(s))
            at = skip_plain(s, at);
        SqlToken token = cut_at_delimiter(s, sql_lex(s->text, at, s->dialect));
        if (token.kind == SQL_TOKEN_END || token.is_open) {
            if (rewind_body(s, &at))
                continue;
            if (token.is_open)
                add_token(s, token);
            end_statement(s);
            if (token.is_open) {
                VEC_LAST(&s->pieces)->open = unterminated_kind(token);
                VEC_LAST(&s->pieces)->open_at = token.start;
            }
            s->stop = s->part.n_stops;
            return;
        }
        at = token.end;
        if (token.kind == SQL_TOKEN_COMMENT && !is_code_comment(s, token))
            continue;
        if (take_line(s, token, &at))
            continue;
        if (is_at_stop(s, token))
            return;
        if (is_terminator(s, token)) {
            bool reads_stdin = s->statement.reads_stdin;
            end_statement(s);
            at = token.start + s->delimiter.length;
            if (reads_stdin)
                at = take_copy_data(s, at);
            continue;
        }
        if (s->statement.is_open && begins_batch_statement(s, token))
            end_statement(s);
        add_token(s, token);
    }
}

SplitResult sql_split_part(Arena *out, Str text, Dialect dialect, const SplitPart *part)
{
    Splitter s = {.out = out, .text = text, .dialect = dialect, .delimiter = STR(";")};
    if (part)
        s.part = *part;
    split(&s);
    return (SplitResult){.pieces = s.pieces, .stop = s.stop, .is_local = is_local(&s)};
}

PieceVec sql_split(Arena *out, Str text, Dialect dialect)
{
    return sql_split_part(out, text, dialect, NULL).pieces;
}

typedef struct {
    Arena *out;
    Str text; /* the whole text; `limit` says where the part in question ends */
    Dialect dialect;
    Str word;
    RangeVec found;
} CommentSearch;

static void find_comments(CommentSearch *search, Range part, uint32_t nesting)
{
    Str text = str_slice(search->text, 0, part.end);
    for (uint32_t at = part.start;;) {
        SqlToken token = sql_lex(text, at, search->dialect);
        if (token.kind == SQL_TOKEN_END)
            return;
        at = token.end;
        bool is_comment = token.kind == SQL_TOKEN_COMMENT;
        bool is_body = token.kind == SQL_TOKEN_DOLLAR && nesting < COMMENT_NESTING;
        if ((!is_comment && !is_body) || !str_contains(sql_token_text(text, token), search->word))
            continue;
        if (is_body)
            find_comments(search, sql_token_inside(text, token), nesting + 1);
        else
            VEC_PUSH(search->out, &search->found,
                     ((Range){.start = token.start, .end = token.end}));
    }
}

RangeVec sql_comments_with(Arena *out, Str text, Dialect dialect, Str word)
{
    CommentSearch search = {.out = out, .text = text, .dialect = dialect, .word = word};
    if (str_contains(text, word))
        find_comments(&search, (Range){.end = text.length}, 0);
    return search.found;
}
