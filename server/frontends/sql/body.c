/* Bodies: PL/pgSQL, SQL functions, compound statements of MySQL and SQLite.
 *
 * A body is walked token by token, with a stack of the blocks that are open. Control words
 * change the stack; everything else is a statement up to its semicolon and is parsed as SQL
 * by itself, so that a construct we do not know costs one statement:
 *
 *     IF NOT EXISTS (SELECT 1 FROM pg_type …) THEN     push IF, guarded
 *         CREATE TYPE a …;                             lowered: if_not_exists
 *     ELSE                                             the same IF, conditional now
 *         PERFORM f(x) FROM t;                         lowered as SELECT f(x) FROM t
 *     END IF;                                          pop
 *
 * What a DO block does may depend on what it finds. A branch guarded by a look into the
 * catalog is "create it where it is missing" and counts as unconditional with IF NOT EXISTS;
 * so does a block whose EXCEPTION clause catches the failure. Any other branch, and a loop,
 * is conditional. The handler stands after what it covers, hence block_has_handler. */
#include "frontends/sql/lower.h"

#include "syntax/sql_lex.h"

enum {
    STACK_MAX = 64,        /* deeper blocks are walked and treated as conditional */
    LABEL_MAX_BYTES = 256, /* names are shorter; bounds the search for >> */
};

typedef enum { BLOCK_BEGIN, BLOCK_IF, BLOCK_CASE, BLOCK_LOOP } BlockKind;

typedef struct {
    BlockKind kind;
    bool is_conditional, is_guarded;
    bool in_handler;          /* after EXCEPTION */
    uint32_t first_operation; /* emitted since it opened */
} Block;

typedef struct {
    Lowering *l;
    Str text;
    uint32_t base; /* of text in the fragment */
    uint32_t at;
    BodyLanguage language;
    Block stack[STACK_MAX];
    uint32_t depth;                    /* may be larger than STACK_MAX */
    bool was_conditional, was_in_loop; /* around the body */
} Walker;

static SqlToken next_token(const Walker *w, uint32_t at)
{
    return sql_lex_code(w->text, at, w->l->dialect);
}

static bool is_word(const Walker *w, SqlToken token, const char *word)
{
    return sql_token_is(w->text, token, word);
}

/* --- blocks --- */

static void push(Walker *w, BlockKind kind, bool is_conditional, bool is_guarded)
{
    if (w->depth < STACK_MAX)
        w->stack[w->depth] = (Block){.kind = kind,
                                     .is_conditional = is_conditional,
                                     .is_guarded = is_guarded,
                                     .first_operation = w->l->fragment->operations.n};
    w->depth++;
}

static Block *top(Walker *w)
{
    return w->depth > 0 && w->depth <= STACK_MAX ? &w->stack[w->depth - 1] : NULL;
}

static void pop(Walker *w)
{
    if (w->depth > 0)
        w->depth--;
}

/* Tells the lowering where the next statement stands. */
static void apply_blocks(Walker *w)
{
    Lowering *l = w->l;
    l->is_conditional = w->was_conditional || w->depth > STACK_MAX;
    l->inside_loop = w->was_in_loop;
    l->is_guarded = false;
    uint32_t n = w->depth < STACK_MAX ? w->depth : STACK_MAX;
    for (uint32_t i = 0; i < n; i++) {
        l->is_conditional |= w->stack[i].is_conditional || w->stack[i].in_handler;
        l->inside_loop |= w->stack[i].kind == BLOCK_LOOP;
        l->is_guarded |= w->stack[i].is_guarded;
    }
}

/* An EXCEPTION clause: what came before in its block may fail and go on. */
static void enter_handler(Walker *w)
{
    Block *block = top(w);
    if (!block || block->kind != BLOCK_BEGIN)
        return;
    block->in_handler = true;
    OperationVec *operations = &w->l->fragment->operations;
    for (uint32_t i = block->first_operation; i < operations->n; i++)
        guard_operation(&operations->items[i]);
}

/* --- parts of statements --- */

/* The end of the statement at `at`: its semicolon, or the end of the text. */
static uint32_t statement_end(const Walker *w, uint32_t at)
{
    for (;;) {
        SqlToken token = next_token(w, at);
        if (token.kind == SQL_TOKEN_END || sql_token_is_symbol(w->text, token, ';'))
            return token.start;
        at = token.end;
    }
}

/* The next of the words (" THEN LOOP ") outside parentheses and CASE expressions; a token of
 * kind END where a semicolon comes first. */
static SqlToken find_word(const Walker *w, uint32_t at, const char *words)
{
    uint32_t parentheses = 0;
    uint32_t cases = 0;
    for (;;) {
        SqlToken token = next_token(w, at);
        at = token.end;
        if (token.kind == SQL_TOKEN_END || sql_token_is_symbol(w->text, token, ';'))
            return (SqlToken){.kind = SQL_TOKEN_END, .start = token.start, .end = token.start};
        if (sql_token_is_symbol(w->text, token, '('))
            parentheses++;
        else if (sql_token_is_symbol(w->text, token, ')') && parentheses > 0)
            parentheses--;
        else if (is_word(w, token, "CASE"))
            cases++;
        else if (is_word(w, token, "END") && cases > 0)
            cases--;
        else if (parentheses == 0 && cases == 0 && sql_token_in(w->text, token, words))
            return token;
    }
}

static bool contains_word(const Walker *w, uint32_t start, uint32_t end, const char *words)
{
    for (uint32_t at = start;;) {
        SqlToken token = next_token(w, at);
        if (token.kind == SQL_TOKEN_END || token.start >= end)
            return false;
        if (sql_token_in(w->text, token, words))
            return true;
        at = token.end;
    }
}

static void lower_range(Walker *w, uint32_t start, uint32_t end)
{
    apply_blocks(w);
    Str text = str_trim(str_slice(w->text, start, end));
    if (text.length > 0)
        lower_text(w->l, text, w->base + (uint32_t)(text.data - w->text.data));
}

/* The parenthesis that closes the one before `at`, or the end. */
static uint32_t closing_parenthesis(const Walker *w, uint32_t at, uint32_t end)
{
    uint32_t depth = 1;
    for (;;) {
        SqlToken token = next_token(w, at);
        if (token.kind == SQL_TOKEN_END || token.start >= end)
            return end;
        if (sql_token_is_symbol(w->text, token, '('))
            depth++;
        else if (sql_token_is_symbol(w->text, token, ')') && --depth == 0)
            return token.start;
        at = token.end;
    }
}

/* The subqueries of an expression: whatever stands around them, each is a query between
 * parentheses. */
static void lower_expression_range(Walker *w, uint32_t start, uint32_t end)
{
    for (uint32_t at = start;;) {
        SqlToken token = next_token(w, at);
        if (token.kind == SQL_TOKEN_END || token.start >= end)
            return;
        at = token.end;
        if (!sql_token_is_symbol(w->text, token, '('))
            continue;
        SqlToken first = next_token(w, token.end);
        if (!sql_token_in(w->text, first, " SELECT WITH ") || first.start >= end)
            continue;
        at = closing_parenthesis(w, first.end, end);
        apply_blocks(w);
        lower_text_queries(w->l, str_slice(w->text, first.start, at), w->base + first.start);
    }
}

/* PERFORM f(x) FROM t is SELECT f(x) FROM t: as long, so positions stay. */
static void lower_perform(Walker *w, uint32_t start, uint32_t end)
{
    static const Str select = STR_INIT("SELECT "); /* as long as PERFORM */
    Str parts[] = {select, str_slice(w->text, start + select.length, end)};
    apply_blocks(w);
    lower_text(w->l, str_join(w->l->out, parts, 2, STR("")), w->base + start);
}

/* The inside of a plain string with its doubled quotes resolved at equal offsets: a quote
 * that opens a string gets its space before it, one that closes, after it. */
static Str align_quotes(Lowering *l, Str inside)
{
    if (!str_contains(inside, STR("'")))
        return inside;
    char *out = arena_alloc_raw(l->out, inside.length + 1u);
    bool is_open = false;
    for (uint32_t i = 0; i < inside.length;) {
        if (inside.data[i] != '\'') {
            out[i] = inside.data[i];
            i++;
            continue;
        }
        uint32_t run = 1;
        while (i + run < inside.length && inside.data[i + run] == '\'')
            run++;
        uint32_t n_quotes = run / 2;
        for (uint32_t k = 0; k < run; k++)
            out[i + k] = (is_open ? k < n_quotes : k >= run - n_quotes) ? '\'' : ' ';
        is_open ^= n_quotes % 2 == 1;
        i += run;
    }
    return str_of(out, inside.length);
}

/* EXECUTE 'literal' and EXECUTE format('literal') with nothing to fill in. */
static void lower_execute(Walker *w, uint32_t at, uint32_t end)
{
    SqlToken token = next_token(w, at);
    bool is_format = is_word(w, token, "FORMAT");
    if (is_format) {
        token = next_token(w, token.end); /* ( */
        token = next_token(w, token.end);
    }
    bool is_string = token.kind == SQL_TOKEN_STRING && w->text.data[token.start] == '\'';
    if ((!is_string && token.kind != SQL_TOKEN_DOLLAR) || token.is_open || token.end > end)
        return;
    SqlToken after = next_token(w, token.end);
    Range range = sql_token_inside(w->text, token);
    Str inside = str_slice(w->text, range.start, range.end);
    bool is_whole = is_format
                        ? sql_token_is_symbol(w->text, after, ')')
                        : after.start >= end || sql_token_in(w->text, after, " USING INTO LOOP ");
    if (!is_whole || (is_format && str_contains(inside, STR("%"))) ||
        w->l->body_depth >= BODY_DEPTH_MAX)
        return;
    apply_blocks(w);
    w->l->body_depth++;
    Str text = is_string ? align_quotes(w->l, inside) : inside;
    lower_text(w->l, text, w->base + range.start);
    w->l->body_depth--;
}

/* --- control statements --- */

/* A look into the catalog, to see whether something is there. */
static bool is_catalog_check(const Walker *w, uint32_t start, uint32_t end)
{
    bool asks = contains_word(w, start, end, " EXISTS TO_REGCLASS TO_REGTYPE TO_REGPROC ");
    return asks &&
           contains_word(
               w, start, end,
               " INFORMATION_SCHEMA PG_CATALOG PG_TYPE PG_CONSTRAINT PG_CLASS PG_INDEXES "
               "PG_INDEX PG_ATTRIBUTE PG_NAMESPACE PG_POLICY PG_POLICIES PG_TRIGGER PG_PROC "
               "PG_TABLES PG_VIEWS PG_MATVIEWS PG_ENUM PG_EXTENSION PG_ROLES PG_USER "
               "PG_AUTHID PG_PUBLICATION PG_PUBLICATION_TABLES PG_SEQUENCES TO_REGCLASS "
               "TO_REGTYPE TO_REGPROC ");
}

/* IF … THEN and ELSIF … THEN. */
static void read_if(Walker *w, SqlToken word, bool is_first)
{
    SqlToken then = find_word(w, word.end, " THEN ");
    bool is_guarded = is_catalog_check(w, word.end, then.start);
    if (is_first) {
        lower_expression_range(w, word.end, then.start);
        push(w, BLOCK_IF, !is_guarded, is_guarded);
    } else if (top(w)) {
        top(w)->is_conditional = true;
        top(w)->is_guarded = false;
        lower_expression_range(w, word.end, then.start);
    }
    w->at = then.end;
}

static void read_else(Walker *w, SqlToken word)
{
    if (top(w)) {
        top(w)->is_conditional = true;
        top(w)->is_guarded = false;
    }
    w->at = word.end;
}

/* CASE x WHEN … THEN, a statement. */
static void read_when(Walker *w, SqlToken word)
{
    SqlToken then = find_word(w, word.end, " THEN ");
    lower_expression_range(w, word.end, then.start);
    w->at = then.end;
}

static void read_case(Walker *w, SqlToken word)
{
    SqlToken when = find_word(w, word.end, " WHEN ");
    push(w, BLOCK_CASE, true, false);
    w->at = when.start;
}

/* FOR r IN query LOOP, WHILE c LOOP, WHILE c DO, FOREACH x IN ARRAY a LOOP. */
static void read_loop_head(Walker *w, SqlToken word)
{
    SqlToken loop = find_word(w, word.end, " LOOP DO ");
    if (is_word(w, word, "FOR")) {
        SqlToken in = find_word(w, word.end, " IN ");
        SqlToken first = next_token(w, in.end);
        if (in.kind != SQL_TOKEN_END && in.start < loop.start) {
            if (is_word(w, first, "EXECUTE"))
                lower_execute(w, first.end, loop.start);
            else if (sql_token_in(w->text, first, " SELECT WITH VALUES INSERT UPDATE DELETE ") ||
                     sql_token_is_symbol(w->text, first, '('))
                lower_range(w, first.start, loop.start);
        }
    } else {
        lower_expression_range(w, word.end, loop.start);
    }
    push(w, BLOCK_LOOP, true, false);
    w->at = loop.end;
}

/* END, END IF, END LOOP, END label: closes the innermost block. */
static void read_end(Walker *w, SqlToken word)
{
    w->at = statement_end(w, word.end);
    pop(w);
}

static void read_return(Walker *w, SqlToken word, uint32_t end)
{
    SqlToken first = next_token(w, word.end);
    if (is_word(w, first, "QUERY")) {
        SqlToken second = next_token(w, first.end);
        if (is_word(w, second, "EXECUTE"))
            lower_execute(w, second.end, end);
        else
            lower_range(w, second.start, end);
    } else {
        lower_expression_range(w, word.end, end);
    }
}

/* c CURSOR FOR SELECT …, OPEN c FOR SELECT …, DECLARE c CURSOR FOR SELECT … */
static bool lower_cursor(Walker *w, uint32_t start, uint32_t end)
{
    SqlToken word = find_word(w, start, " FOR IS ");
    SqlToken first = next_token(w, word.end);
    if (word.kind == SQL_TOKEN_END || word.start >= end)
        return false;
    if (is_word(w, first, "EXECUTE"))
        lower_execute(w, first.end, end);
    else if (sql_token_in(w->text, first, " SELECT WITH VALUES "))
        lower_range(w, first.start, end);
    return true;
}

/* DECLARE, up to BEGIN in PL/pgSQL; one statement in MySQL. */
static void read_declarations(Walker *w, SqlToken word)
{
    if (w->language == BODY_COMPOUND) {
        uint32_t end = statement_end(w, word.end);
        if (contains_word(w, word.end, end, " CURSOR "))
            lower_cursor(w, word.end, end);
        /* a handler's statement may be a block: read on behind its FOR */
        if (contains_word(w, word.end, end, " HANDLER "))
            end = find_word(w, word.end, " BEGIN ").start;
        w->at = end;
        return;
    }
    w->at = word.end;
    for (;;) {
        SqlToken token = next_token(w, w->at);
        if (token.kind == SQL_TOKEN_END || is_word(w, token, "BEGIN"))
            return;
        uint32_t end = statement_end(w, token.start);
        if (!contains_word(w, token.start, end, " CURSOR ") || !lower_cursor(w, token.start, end))
            lower_expression_range(w, token.end, end);
        w->at = end < w->text.length ? end + 1 : end;
    }
}

/* A word that begins a statement of SQL: everything that changes or reads tables. */
static bool begins_sql(const Walker *w, SqlToken token)
{
    return sql_token_in(w->text, token,
                        " SELECT WITH VALUES INSERT UPDATE DELETE MERGE REPLACE CREATE ALTER DROP "
                        "GRANT REVOKE COMMENT TRUNCATE REFRESH REINDEX SET RESET LOCK CALL ANALYZE "
                        "CLUSTER COPY DO ");
}

static void read_plain_statement(Walker *w, SqlToken word)
{
    uint32_t end = statement_end(w, word.start);
    w->at = end;
    if (is_word(w, word, "RETURN"))
        read_return(w, word, end);
    else if (is_word(w, word, "PERFORM"))
        lower_perform(w, word.start, end);
    else if (is_word(w, word, "EXECUTE"))
        lower_execute(w, word.end, end);
    else if (is_word(w, word, "OPEN"))
        lower_cursor(w, word.end, end);
    else if (begins_sql(w, word) && !(w->language != BODY_SQL && is_word(w, word, "SET")))
        lower_range(w, word.start, end);
    else
        lower_expression_range(w, word.end, end); /* an assignment, RAISE, EXIT WHEN … */
}

/* <<label>> and label: */
static bool skip_label(Walker *w, SqlToken token)
{
    if (sql_token_is_symbol(w->text, token, '<')) {
        Str window = str_slice(w->text, 0, token.end + LABEL_MAX_BYTES);
        uint32_t close = str_find(window, STR(">>"), token.end);
        w->at = close == UINT32_MAX ? token.end : close + 2;
        return true;
    }
    SqlToken after = next_token(w, token.end);
    if (w->language == BODY_COMPOUND && token.kind == SQL_TOKEN_WORD &&
        sql_token_is_symbol(w->text, after, ':')) {
        w->at = after.end;
        return true;
    }
    return false;
}

static bool read_control(Walker *w, SqlToken token)
{
    if (is_word(w, token, "BEGIN")) {
        SqlToken next = next_token(w, token.end);
        push(w, BLOCK_BEGIN, false, false);
        w->at = is_word(w, next, "ATOMIC") ? next.end : token.end;
    } else if (is_word(w, token, "DECLARE")) {
        read_declarations(w, token);
    } else if (is_word(w, token, "IF")) {
        read_if(w, token, true);
    } else if (sql_token_in(w->text, token, " ELSIF ELSEIF ")) {
        read_if(w, token, false);
    } else if (is_word(w, token, "ELSE")) {
        read_else(w, token);
    } else if (is_word(w, token, "CASE")) {
        read_case(w, token);
    } else if (is_word(w, token, "WHEN")) {
        read_when(w, token);
    } else if (sql_token_in(w->text, token, " FOR WHILE FOREACH ")) {
        read_loop_head(w, token);
    } else if (sql_token_in(w->text, token, " LOOP REPEAT ")) {
        push(w, BLOCK_LOOP, true, false);
        w->at = token.end;
    } else if (is_word(w, token, "EXCEPTION")) {
        enter_handler(w);
        w->at = token.end;
    } else if (is_word(w, token, "UNTIL")) {
        SqlToken end = find_word(w, token.end, " END ");
        w->at = end.start > token.end ? end.start : token.end;
    } else if (is_word(w, token, "END")) {
        read_end(w, token);
    } else {
        return false;
    }
    return true;
}

static void walk(Walker *w)
{
    for (;;) {
        SqlToken token = next_token(w, w->at);
        if (token.kind == SQL_TOKEN_END)
            return;
        if (sql_token_is_symbol(w->text, token, ';'))
            w->at = token.end;
        else if (skip_label(w, token))
            continue;
        else if (w->language != BODY_SQL && read_control(w, token))
            continue;
        else
            read_plain_statement(w, token);
    }
}

void lower_body(Lowering *l, Str text, uint32_t base, BodyLanguage language)
{
    if (l->body_depth >= BODY_DEPTH_MAX || l->dialect == DIALECT_SQLSERVER)
        return; /* SQL Server's statements need no semicolons: they cannot be told apart here */
    Lowering outer = *l;
    Walker w = {.l = l,
                .text = text,
                .base = base,
                .language = language,
                .was_conditional = l->is_conditional,
                .was_in_loop = l->inside_loop};
    l->body_depth++;
    walk(&w);
    uint32_t next_statement = l->statement_index;
    *l = outer;
    l->statement_index = next_statement;
}

Str body_text(Lowering *l, NodeIndex literal, uint32_t *base)
{
    Str quoted = node_text(l, literal);
    Str inside;
    if (node_kind(l, literal) == SQL_DOLLAR_STRING) {
        inside = literal_text(l, literal);
    } else {
        uint32_t quote = str_find(quoted, STR("'"), 0);
        uint32_t end = quoted.length;
        uint32_t start = quote == UINT32_MAX ? 0 : quote + 1;
        if (end > start && quoted.data[end - 1] == '\'')
            end--;
        inside = str_slice(quoted, start, end);
    }
    *base = l->base + l->tree->nodes[literal].start + (uint32_t)(inside.data - quoted.data);
    return node_kind(l, literal) == SQL_DOLLAR_STRING ? inside : align_quotes(l, inside);
}
