/* What is wrong with a text whatever a parser thinks of it: a quote or comment that does not
 * end, a parenthesis without its partner, a first word that begins no statement of any
 * dialect. Each is reported only where no reading of the text could make it right: templates,
 * and quotes that another dialect would read differently, keep it silent. */
#include "base/nearest.h"
#include "frontends/sql/lower.h"
#include "syntax/sql_lex.h"

typedef struct {
    Lowering *l;
    Str text;
    Vec(uint32_t) open_parentheses; /* the outermost ones, where they are */
    uint32_t n_open;                /* all of them */
    SqlToken first;                 /* the first token of code */
    SqlToken open;                  /* a quote or comment without end; kind END: none */
    SqlToken suspect;               /* a string that spans a statement's end */
    uint32_t stray_close;           /* a ) without (; UINT32_MAX: none */
    bool has_template, has_doubtful_quote;
} Scan;

static const char known_leads[] =
    " ABORT ALTER ANALYSE ANALYZE ATTACH AUDIT BACKUP BEGIN BINLOG BULK CACHE CALL CHANGE CHECK "
    "CHECKPOINT CHECKSUM CLONE CLOSE CLUSTER COMMENT COMMIT COPY CREATE DBCC DEALLOCATE DECLARE "
    "DELETE DELIMITER DENY DESC DESCRIBE DETACH DISABLE DISCARD DO DROP ELSE ENABLE END EXEC "
    "EXECUTE EXPLAIN FETCH FLUSH FOR FORMAT FROM GET GO GOTO GRANT HANDLER HELP IF IMPORT INSERT "
    "INSTALL INVOKE KILL LABEL LISTEN LOAD LOCK LOOP MERGE MOVE NOAUDIT NOTIFY OPEN OPTIMIZE "
    "PERFORM PRAGMA PREPARE PRINT PURGE RAISE RAISERROR READTEXT REASSIGN RECONFIGURE REFRESH "
    "REINDEX RELEASE RENAME REPAIR REPEAT REPLACE RESET RESIGNAL RESTART RESTORE RETURN REVERT "
    "REVOKE ROLLBACK SAVE SAVEPOINT SECURITY SELECT SET SHOW SHUTDOWN SIGNAL SOURCE START STOP "
    "TABLE THROW TRUNCATE UNINSTALL UNLISTEN UNLOCK UPDATE UPDATETEXT UPSERT USE VACUUM VALUES "
    "WAITFOR WHEN WHILE WITH WRITETEXT XA ";

bool is_known_lead(Str text, SqlToken token)
{
    return sql_token_in(text, token, known_leads);
}

static void add_problem(Scan *s, Str rule, Str message, uint32_t start, uint32_t end)
{
    TextProblem problem = {.rule = rule,
                           .message = message,
                           .place = {.fragment = s->l->fragment, .range = {start, end}}};
    VEC_PUSH(s->l->out, &s->l->fragment->problems, problem);
}

/* 'c:\' may be meant as 'c:\' or, in MySQL, go on. */
static bool ends_in_backslash(Str text, SqlToken token)
{
    Range inside = sql_token_inside(text, token);
    return inside.end > inside.start && text.data[inside.end - 1] == '\\';
}

/* A string that holds the end of a line, and a semicolon before it, most likely lost its own
 * end there: every later quote is then read the wrong way round. */
static bool spans_statements(Str text, SqlToken token)
{
    Str string = sql_token_text(text, token);
    return str_contains(string, STR(";\n")) || str_contains(string, STR(";\r\n"));
}

static void open_parenthesis(Scan *s, uint32_t at)
{
    enum { KEPT_MAX = 1000 }; /* deeper is not written by hand: the innermost need no place */
    if (s->n_open++ < KEPT_MAX)
        VEC_PUSH(s->l->scratch, &s->open_parentheses, at);
}

static void close_parenthesis(Scan *s)
{
    if (--s->n_open < s->open_parentheses.n)
        s->open_parentheses.n--;
}

static void scan_token(Scan *s, SqlToken token)
{
    if (s->first.kind == SQL_TOKEN_END && token.kind != SQL_TOKEN_COMMENT)
        s->first = token;
    if (token.is_open)
        s->open = token;
    switch (token.kind) {
    case SQL_TOKEN_TEMPLATE:
        s->has_template = true;
        break;
    case SQL_TOKEN_STRING:
    case SQL_TOKEN_QUOTED_NAME:
        s->has_doubtful_quote |= ends_in_backslash(s->text, token);
        if (s->suspect.kind == SQL_TOKEN_END && spans_statements(s->text, token))
            s->suspect = token;
        break;
    case SQL_TOKEN_SYMBOL:
        if (sql_token_is_symbol(s->text, token, '('))
            open_parenthesis(s, token.start);
        else if (sql_token_is_symbol(s->text, token, ')') && s->n_open > 0)
            close_parenthesis(s);
        else if (sql_token_is_symbol(s->text, token, ')') && s->stray_close == UINT32_MAX)
            s->stray_close = token.start;
        else if (sql_token_is_symbol(s->text, token, '{') ||
                 sql_token_is_symbol(s->text, token, '\\'))
            s->has_template = true; /* {% if %}, {x}: another program's */
        break;
    case SQL_TOKEN_END:
    case SQL_TOKEN_WORD:
    case SQL_TOKEN_DOLLAR:
    case SQL_TOKEN_NUMBER:
    case SQL_TOKEN_COMMENT:
        break;
    }
}

static void report_open(Scan *s)
{
    if (s->has_doubtful_quote)
        return;
    SqlToken at = s->open;
    Str what = STR("this string has no closing quote");
    uint32_t length = 1;
    if (at.kind == SQL_TOKEN_COMMENT) {
        what = STR("this comment has no end");
        length = 2;
    } else if (at.kind == SQL_TOKEN_DOLLAR) {
        uint32_t tag_end = str_find(s->text, STR("$"), at.start + 1);
        length = tag_end + 1 - at.start;
        what = str_format(s->l->out, "this text has no closing " STR_FMT,
                          STR_ARG(str_slice(s->text, at.start, tag_end + 1)));
    } else {
        if (at.kind == SQL_TOKEN_QUOTED_NAME)
            what = STR("this name has no closing quote");
        if (s->suspect.kind != SQL_TOKEN_END)
            at = s->suspect;
        length = sql_token_inside(s->text, at).start - at.start;
    }
    add_problem(s, STR("unterminated-quote"), what, at.start, at.start + length);
}

static void report_parentheses(Scan *s)
{
    if (s->has_template || s->has_doubtful_quote)
        return;
    if (s->stray_close != UINT32_MAX)
        add_problem(s, STR("unbalanced-parenthesis"), STR("this parenthesis closes nothing"),
                    s->stray_close, s->stray_close + 1);
    else if (s->open_parentheses.n > 0) {
        uint32_t at = *VEC_LAST(&s->open_parentheses);
        add_problem(s, STR("unbalanced-parenthesis"), STR("this parenthesis is not closed"), at,
                    at + 1);
    }
}

/* Only a word that is nearly one that could stand there: CRAETE TABLE. */
static void report_lead(Scan *s)
{
    static const Str leads[] = {
        STR_INIT("ALTER"),   STR_INIT("ANALYZE"),  STR_INIT("BEGIN"),  STR_INIT("COMMENT"),
        STR_INIT("COMMIT"),  STR_INIT("COPY"),     STR_INIT("CREATE"), STR_INIT("DELETE"),
        STR_INIT("DROP"),    STR_INIT("EXPLAIN"),  STR_INIT("GRANT"),  STR_INIT("INSERT"),
        STR_INIT("REFRESH"), STR_INIT("REINDEX"),  STR_INIT("REVOKE"), STR_INIT("ROLLBACK"),
        STR_INIT("SELECT"),  STR_INIT("TRUNCATE"), STR_INIT("UPDATE"), STR_INIT("VACUUM"),
    };
    SqlToken next = sql_lex_code(s->text, s->first.end, s->l->dialect);
    if (s->first.kind != SQL_TOKEN_WORD || s->has_template || is_known_lead(s->text, s->first) ||
        (next.kind != SQL_TOKEN_WORD && next.kind != SQL_TOKEN_QUOTED_NAME))
        return;
    Str word = sql_token_text(s->text, s->first);
    Str nearest = nearest_name(word, leads, sizeof leads / sizeof *leads);
    if (!str_is_absent(nearest))
        add_problem(s, STR("unknown-statement"),
                    str_format(s->l->out,
                               "no statement begins with " STR_FMT "; did you mean " STR_FMT "?",
                               STR_ARG(word), STR_ARG(nearest)),
                    s->first.start, s->first.end);
}

uint32_t find_text_problems(Lowering *l, Str text)
{
    Scan s = {.l = l, .text = text, .stray_close = UINT32_MAX};
    for (uint32_t at = 0;;) {
        SqlToken token = sql_lex(text, at, l->dialect);
        if (token.kind == SQL_TOKEN_END)
            break;
        scan_token(&s, token);
        at = token.end;
    }
    report_lead(&s);
    if (s.open.kind != SQL_TOKEN_END) {
        report_open(&s);
        return 0;
    }
    report_parentheses(&s);
    return s.n_open;
}
