/* CREATE AGGREGATE, from its words: the grammar reads it as a statement that it does not know. */
#include "frontends/sql/lower.h"
#include "syntax/sql_lex.h"

typedef struct {
    Lowering *l;
    Str text;        /* the statement */
    uint32_t offset; /* of the text in the fragment */
    SqlToken token;
} Reader;

static void advance(Reader *r)
{
    r->token = sql_lex_code(r->text, r->token.end, r->l->dialect);
}

static bool skip_word(Reader *r, const char *word)
{
    bool is_it = sql_token_is(r->text, r->token, word);
    if (is_it)
        advance(r);
    return is_it;
}

/* A word, or a name in quotes, without them; absent for anything else. */
static Name read_name(Reader *r)
{
    Name name = {.place = {.fragment = r->l->fragment,
                           .range = {r->offset + r->token.start, r->offset + r->token.end}}};
    Str written = sql_token_text(r->text, r->token);
    if (r->token.kind == SQL_TOKEN_WORD) {
        name.text = fold_name(r->l, written);
    } else if (r->token.kind == SQL_TOKEN_QUOTED_NAME && !r->token.is_open) {
        char *text = arena_alloc_raw(r->l->out, written.length);
        uint32_t n = 0;
        for (uint32_t i = 1; i + 1 < written.length; i++) {
            text[n++] = written.data[i];
            i += written.data[i] == '"'; /* a doubled one is one */
        }
        name.text = str_of(text, n);
    } else {
        return (Name){0};
    }
    advance(r);
    return name;
}

static void add_parameter(Reader *r, FunctionDef *function, uint32_t start, uint32_t end)
{
    Str type = str_trim(str_slice(r->text, start, end));
    if (str_is_empty(type) || str_equal(type, STR("*")))
        return;
    Parameter parameter = {.type = type_parse(r->l->out, r->l->dialect, type)};
    VEC_PUSH(r->l->out, &function->parameters, parameter);
}

/* "(text, numeric(10,2) ORDER BY integer)": types alone, as they are nearly always written. */
static bool read_parameters(Reader *r, FunctionDef *function)
{
    uint32_t start = r->token.end, depth = 0;
    for (advance(r); r->token.kind != SQL_TOKEN_END; advance(r)) {
        bool is_close = sql_token_is_symbol(r->text, r->token, ')');
        bool is_order = depth == 0 && sql_token_is(r->text, r->token, "ORDER");
        bool is_comma = depth == 0 && sql_token_is_symbol(r->text, r->token, ',');
        if ((is_close && depth == 0) || is_order || is_comma) {
            add_parameter(r, function, start, r->token.start);
            start = r->token.end;
        }
        if (is_order) { /* ORDER BY */
            advance(r);
            start = r->token.end;
        } else if (is_close && depth == 0) {
            return true;
        }
        depth += sql_token_is_symbol(r->text, r->token, '(') ? 1 : 0;
        depth -= is_close ? 1 : 0;
    }
    return false;
}

bool lower_create_aggregate(Lowering *l, NodeIndex node)
{
    Reader r = {.l = l, .text = node_text(l, node), .offset = l->base + l->tree->nodes[node].start};
    advance(&r);
    if (l->dialect != DIALECT_POSTGRESQL || !skip_word(&r, "CREATE"))
        return false;
    bool or_replace = skip_word(&r, "OR") && skip_word(&r, "REPLACE");
    Operation op = operation_at(l, OP_CREATE_FUNCTION, node);
    Place keyword = {.fragment = l->fragment,
                     .range = {r.offset + r.token.start, r.offset + r.token.end}};
    if (!skip_word(&r, "AGGREGATE"))
        return false;
    op.keyword = keyword;
    op.target.name = read_name(&r);
    if (sql_token_is_symbol(r.text, r.token, '.')) {
        advance(&r);
        op.target.schema = op.target.name;
        op.target.name = read_name(&r);
    }
    if (name_is_absent(op.target.name) || !sql_token_is_symbol(r.text, r.token, '('))
        return false;
    op.target.place = op.target.name.place;
    FunctionDef *function = &op.as.create_function;
    function->is_aggregate = true;
    function->or_replace = or_replace;
    function->language = STR("internal");
    /* The old form has its only type among its options: (BASETYPE = …). */
    SqlToken first = sql_lex_code(r.text, r.token.end, l->dialect);
    SqlToken second = sql_lex_code(r.text, first.end, l->dialect);
    if (!sql_token_is_symbol(r.text, second, '=') && !read_parameters(&r, function))
        return false;
    emit(l, &op);
    return true;
}
