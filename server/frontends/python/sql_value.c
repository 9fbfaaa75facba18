/* SQLAlchemy's expression language, as far as defaults, checks and index elements use it: it is
 * printed as the dialect's compiler prints it, and what the text uses is noted on the way. */
#include "frontends/python/lower.h"
#include "frontends/sql/sql.h"
#include "model/identifier.h"

enum { SQL_TERMS_MAX = 400 };

typedef struct {
    PythonScope *scope;
    Expression *e; /* gets functions and columns */
    uint32_t n_terms;
    bool failed;
} Printing;

static Str print(Printing *p, const PythonTerm *term);

static Str fail(Printing *p)
{
    p->failed = true;
    return STR("");
}

static Str joined(Printing *p, Str a, const char *between, Str b)
{
    return str_format(p->scope->out, STR_FMT "%s" STR_FMT, STR_ARG(a), between, STR_ARG(b));
}

static void add_function(Printing *p, Str schema, Str name, Place place)
{
    FunctionCall call = {.name = {str_lower(p->scope->out, name), place}, .schema = schema};
    VEC_PUSH(p->scope->out, &p->e->functions, call);
}

/* A text that was read as SQL: what it uses is used. */
static Str print_text(Printing *p, const PythonTerm *string)
{
    string = python_value(p->scope, string);
    if (!string || string->kind != TERM_STRING)
        return fail(p);
    const Expression *inner = string->sql ? string->sql->expression : NULL;
    if (!inner)
        return fail(p);
    for (uint32_t i = 0; i < inner->functions.n; i++)
        VEC_PUSH(p->scope->out, &p->e->functions, inner->functions.items[i]);
    for (uint32_t i = 0; i < inner->columns.n; i++)
        VEC_PUSH(p->scope->out, &p->e->columns, inner->columns.items[i]);
    p->e->has_subquery |= inner->has_subquery;
    return inner->text;
}

/* text("…"), func.now() in a variable; not the Column(…) that an attribute is. */
static bool is_sql_call(PythonScope *scope, const PythonTerm *call)
{
    Resolved function = python_resolve(scope, call->left);
    if (function.kind != RESOLVED_EXTERNAL)
        return false;
    Str name = sqlalchemy_name(function.dotted, NULL);
    return str_find(function.dotted, STR(".func."), 0) != UINT32_MAX ||
           str_equal(name, STR("text")) || str_equal(name, STR("literal_column")) ||
           str_equal(name, STR("true")) || str_equal(name, STR("false")) ||
           str_equal(name, STR("null")) || str_equal(name, STR("literal")) ||
           str_equal(name, STR("cast"));
}

/* --- functions --- */

/* Those that SQL writes without parentheses. */
static bool is_bare_word(Str name)
{
    static const Str names[] = {
        STR_INIT("current_date"), STR_INIT("current_time"),   STR_INIT("current_timestamp"),
        STR_INIT("localtime"),    STR_INIT("localtimestamp"), STR_INIT("current_user"),
        STR_INIT("session_user"),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, names[i]))
            return true;
    }
    return false;
}

static Str print_list(Printing *p, const PythonTermVec *items, const char *between)
{
    Str list = STR("");
    for (uint32_t i = 0; i < items->n && !p->failed; i++) {
        Str item = print(p, items->items[i]);
        list = i == 0 ? item : joined(p, list, between, item);
    }
    return list;
}

/* func.name(…), func.package.name(…); `dotted` is "sqlalchemy.func.name". */
static Str print_function(Printing *p, Str dotted, const PythonTerm *call)
{
    uint32_t at = str_find(dotted, STR(".func."), 0);
    Str name = str_slice(dotted, at + 6, dotted.length);
    bool is_sqlserver = p->scope->dialect == DIALECT_SQLSERVER;
    if (str_equal(name, STR("now")) && (p->scope->dialect == DIALECT_SQLITE || is_sqlserver))
        name = STR("current_timestamp");
    uint32_t dot = str_find(name, STR("."), 0);
    Str schema = dot == UINT32_MAX ? (Str){0} : str_slice(name, 0, dot);
    Str last = dot == UINT32_MAX ? name : str_slice(name, dot + 1, name.length);
    add_function(p, schema, last, call->place);
    if (is_bare_word(name) && call->items.n == 0) {
        char *upper = arena_alloc_raw(p->scope->out, name.length);
        for (uint32_t i = 0; i < name.length; i++)
            upper[i] = name.data[i] == '_' ? '_' : (char)(name.data[i] & ~0x20);
        return str_of(upper, name.length);
    }
    Str list = print_list(p, &call->items, ", ");
    return str_format(p->scope->out, STR_FMT "(" STR_FMT ")", STR_ARG(name), STR_ARG(list));
}

/* --- operators --- */

static const char *operator_of(Str written)
{
    static const struct {
        const char *python, *sql;
    } table[] = {
        {"==", " = "}, {"!=", " != "}, {"<", " < "}, {">", " > "},   {"<=", " <= "}, {">=", " >= "},
        {"+", " + "},  {"-", " - "},   {"*", " * "}, {"&", " AND "}, {"|", " OR "},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (str_equal(written, str_from(table[i].python)))
            return table[i].sql;
    }
    return NULL;
}

/* A comparison within an AND keeps its place without parentheses, an OR does not. */
static Str print_operand(Printing *p, const PythonTerm *term, bool is_logical)
{
    Str text = print(p, term);
    bool is_compound =
        term && term->kind == TERM_BINARY && (!is_logical || str_equal(term->text, STR("|")));
    return is_compound ? joined(p, joined(p, STR("("), "", text), "", STR(")")) : text;
}

static Str print_two(Printing *p, const PythonTerm *term)
{
    const char *operator= operator_of(term->text);
    if (!operator)
        return fail(p);
    bool is_null = term->right && term->right->kind == TERM_NONE;
    if (is_null && (str_equal(term->text, STR("==")) || str_equal(term->text, STR("!="))))
        return joined(p, print(p, term->left),
                      str_equal(term->text, STR("==")) ? " IS " : " IS NOT ", STR("NULL"));
    bool is_logical = str_equal(term->text, STR("&")) || str_equal(term->text, STR("|"));
    Str left = print_operand(p, term->left, is_logical);
    Str right = print_operand(p, term->right, is_logical);
    return joined(p, left, operator, right);
}

/* column.method(…) */
static Str print_method(Printing *p, const PythonTerm *call)
{
    Str method = call->left->text;
    const PythonTerm *object = call->left->left, *first = call_argument(call, 0, NULL);
    bool is_null = first && first->kind == TERM_NONE;
    if (str_equal(method, STR("is_")) && is_null)
        return joined(p, print(p, object), " IS ", STR("NULL"));
    if ((str_equal(method, STR("is_not")) || str_equal(method, STR("isnot"))) && is_null)
        return joined(p, print(p, object), " IS NOT ", STR("NULL"));
    if ((str_equal(method, STR("is_")) || str_equal(method, STR("isnot")) ||
         str_equal(method, STR("is_not"))) &&
        first)
        return joined(p, print(p, object), str_equal(method, STR("is_")) ? " IS " : " IS NOT ",
                      print(p, first));
    PythonTermVec items = {0};
    bool is_in = str_equal(method, STR("in_"));
    bool is_not_in = str_equal(method, STR("not_in")) || str_equal(method, STR("notin_"));
    if ((is_in || is_not_in) && term_items(p->scope, first, &items)) {
        Str list = print_list(p, &items, ", ");
        return str_format(p->scope->out, STR_FMT "%s(" STR_FMT ")", STR_ARG(print(p, object)),
                          is_in ? " IN " : " NOT IN ", STR_ARG(list));
    }
    bool is_like = str_equal(method, STR("like"));
    if ((is_like || str_equal(method, STR("ilike"))) && first)
        return joined(p, print(p, object), is_like ? " LIKE " : " ILIKE ", print(p, first));
    if (str_equal(method, STR("op")) || str_equal(method, STR("label")))
        return str_equal(method, STR("label")) ? print(p, object) : fail(p);
    return fail(p);
}

static Str print_call(Printing *p, const PythonTerm *call)
{
    PythonScope *scope = p->scope;
    Resolved function = python_resolve(scope, call->left);
    Str name =
        function.kind == RESOLVED_EXTERNAL ? sqlalchemy_name(function.dotted, NULL) : (Str){0};
    if (str_is_absent(name)) {
        bool has_object = call->left && call->left->kind == TERM_ATTRIBUTE;
        return has_object ? print_method(p, call) : fail(p);
    }
    if (str_find(function.dotted, STR(".func."), 0) != UINT32_MAX)
        return print_function(p, function.dotted, call);
    if (str_equal(name, STR("text")) || str_equal(name, STR("literal_column")))
        return print_text(p, call_argument(call, 0, "text"));
    bool has_no_booleans = scope->dialect == DIALECT_SQLITE || scope->dialect == DIALECT_SQLSERVER;
    if (str_equal(name, STR("true")))
        return has_no_booleans ? STR("1") : STR("true");
    if (str_equal(name, STR("false")))
        return has_no_booleans ? STR("0") : STR("false");
    if (str_equal(name, STR("null")))
        return STR("NULL");
    if (str_equal(name, STR("and_")))
        return print_list(p, &call->items, " AND ");
    if (str_equal(name, STR("or_")))
        return print_list(p, &call->items, " OR ");
    if (str_equal(name, STR("not_")))
        return joined(p, STR("NOT ("), "",
                      joined(p, print(p, call_argument(call, 0, NULL)), "", STR(")")));
    if (str_equal(name, STR("literal")))
        return print(p, call_argument(call, 0, NULL));
    if (str_equal(name, STR("cast")) || str_equal(name, STR("Cast"))) {
        PythonType type = python_type(scope, call_argument(call, 1, NULL));
        if (type.type.family == TYPE_UNKNOWN)
            return fail(p);
        return str_format(scope->out, "CAST(" STR_FMT " AS " STR_FMT ")",
                          STR_ARG(print(p, call_argument(call, 0, NULL))),
                          STR_ARG(type.type.written));
    }
    if (str_equal(name, STR("column")) || str_equal(name, STR("Column"))) {
        Name column = term_name(scope, call_argument(call, 0, NULL));
        if (name_is_absent(column))
            return fail(p);
        VEC_PUSH(scope->out, &p->e->columns, ((ColumnReference){.column = column}));
        return sql_identifier(scope->out, scope->dialect, column.text);
    }
    return fail(p);
}

/* --- columns --- */

static Str print_column(Printing *p, const PythonTerm *term)
{
    PythonScope *scope = p->scope;
    Name column = python_column_name(scope, term);
    if (name_is_absent(column))
        return fail(p);
    VEC_PUSH(scope->out, &p->e->columns, ((ColumnReference){.column = column}));
    return sql_identifier(scope->out, scope->dialect, column.text);
}

Name python_column_name(PythonScope *scope, const PythonTerm *term)
{
    if (!term)
        return (Name){0};
    if (term->kind == TERM_CALL &&
        (call_is(scope, term, "Column") || call_is(scope, term, "column")))
        return term_name(scope, call_argument(term, 0, "name"));
    if (term->kind == TERM_SUBSCRIPT && term->items.n == 1) /* t.c["name"] */
        return term_name(scope, term->items.items[0]);
    if (term->kind != TERM_NAME && term->kind != TERM_ATTRIBUTE)
        return term_name(scope, term);
    const Name *known = scope->attributes ? map_get(scope->attributes, term->text) : NULL;
    Place place = term->kind == TERM_ATTRIBUTE ? term->text_place : term->place;
    if (known)
        return (Name){known->text, place};
    if (term->kind == TERM_NAME) { /* a column in a variable, or a constant */
        Resolved resolved = python_resolve(scope, term);
        if (resolved.kind == RESOLVED_VALUE && resolved.value != term &&
            resolved.value->kind == TERM_STRING)
            return (Name){resolved.value->text, place};
        if (resolved.kind == RESOLVED_VALUE && call_is(scope, resolved.value, "Column")) {
            Name name = term_name(scope, call_argument(resolved.value, 0, "name"));
            if (!name_is_absent(name))
                return (Name){name.text, place};
        }
        return scope->attributes ? (Name){0} : (Name){term->text, place};
    }
    return (Name){term->text, place};
}

/* --- terms --- */

static Str print(Printing *p, const PythonTerm *term)
{
    PythonScope *scope = p->scope;
    if (!term || p->failed || ++p->n_terms > SQL_TERMS_MAX)
        return fail(p);
    switch (term->kind) {
    case TERM_STRING:
        return sql_string(scope->out, scope->dialect, term->text);
    case TERM_NUMBER:
        return term->text;
    case TERM_TRUE:
        return scope->dialect == DIALECT_POSTGRESQL ? STR("true") : STR("1");
    case TERM_FALSE:
        return scope->dialect == DIALECT_POSTGRESQL ? STR("false") : STR("0");
    case TERM_NONE:
        return STR("NULL");
    case TERM_UNARY:
        if (str_equal(term->text, STR("-")) && term->left && term->left->kind == TERM_NUMBER)
            return joined(p, STR("-"), "", term->left->text);
        if (str_equal(term->text, STR("~")))
            return joined(p, STR("NOT ("), "", joined(p, print(p, term->left), "", STR(")")));
        return fail(p);
    case TERM_BINARY:
    case TERM_COMPARISON:
        return print_two(p, term);
    case TERM_CALL:
        return print_call(p, term);
    case TERM_NAME:
    case TERM_ATTRIBUTE: {
        const PythonTerm *value = python_value(scope, term);
        bool is_constant = value != term && value &&
                           (value->kind == TERM_STRING || value->kind == TERM_NUMBER ||
                            value->kind == TERM_TRUE || value->kind == TERM_FALSE);
        bool is_sql =
            value != term && value && value->kind == TERM_CALL && is_sql_call(scope, value);
        return is_constant || is_sql ? print(p, value) : print_column(p, term);
    }
    case TERM_SUBSCRIPT:
        return print_column(p, term);
    case TERM_OTHER:
    case TERM_KEYWORD:
    case TERM_SPLAT:
    case TERM_DOUBLE_SPLAT:
    case TERM_FORMATTED:
    case TERM_LIST:
    case TERM_TUPLE:
    case TERM_SET:
    case TERM_DICT:
    case TERM_PAIR:
    case TERM_CONDITIONAL:
    case TERM_LAMBDA:
    case TERM_COMPREHENSION:
        return fail(p);
    }
    return fail(p);
}

/* The kind of a printed term by what it was. */
static void set_kind(Printing *p, const PythonTerm *term, Str text)
{
    Expression *e = p->e;
    e->kind = EXPRESSION_OTHER;
    if (e->functions.n > 0 && term->kind == TERM_CALL)
        e->kind = sql_is_current_value(e->functions.items[0].name.text) ? EXPRESSION_CURRENT
                                                                        : EXPRESSION_CALL;
    else if (str_equal(text, STR("true")) || str_equal(text, STR("false")))
        e->kind = EXPRESSION_BOOLEAN;
    else if (str_equal(text, STR("NULL")))
        e->kind = EXPRESSION_NULL;
    else if (text.length > 0 && (term->kind == TERM_NUMBER || term->kind == TERM_UNARY ||
                                 str_equal(text, STR("1")) || str_equal(text, STR("0"))))
        e->kind =
            term->kind == TERM_UNARY && text.data[0] != '-' ? EXPRESSION_OTHER : EXPRESSION_NUMBER;
    else if (term->kind == TERM_STRING)
        e->kind = EXPRESSION_STRING;
    else if (e->columns.n == 1 && (term->kind == TERM_NAME || term->kind == TERM_ATTRIBUTE))
        e->kind = EXPRESSION_COLUMN;
    if (e->kind == EXPRESSION_BOOLEAN || e->kind == EXPRESSION_NUMBER)
        e->constant = text;
    if (e->kind == EXPRESSION_STRING)
        e->constant = term->text;
}

/* text("…") alone is what was read there. */
static const Expression *read_text(PythonScope *scope, const PythonTerm *term)
{
    bool is_text = call_is(scope, term, "text") || call_is(scope, term, "literal_column");
    if (!is_text)
        return NULL;
    const PythonTerm *string = python_value(scope, call_argument(term, 0, "text"));
    return string && string->kind == TERM_STRING && string->sql ? string->sql->expression : NULL;
}

const Expression *python_sql_expression(PythonScope *scope, const PythonTerm *term)
{
    if (!term)
        return NULL;
    const PythonTerm *value = python_value(scope, term);
    if (value->kind == TERM_STRING && value->sql && value->sql->expression)
        return value->sql->expression; /* CheckConstraint("…") */
    const Expression *text = read_text(scope, value);
    if (text)
        return text;
    Expression *e = ARENA_NEW(scope->out, Expression);
    if (value->kind == TERM_STRING && value != term && value->text.length > 0) {
        /* SQL in a variable was not read as such: only what it says is known */
        *e = (Expression){.kind = EXPRESSION_OTHER, .text = value->text, .place = term->place};
        return e;
    }
    Printing p = {.scope = scope, .e = e};
    e->text = print(&p, term);
    if (p.failed)
        return NULL;
    e->place = term->place;
    set_kind(&p, value, e->text);
    return e;
}

const Expression *python_server_default(PythonScope *scope, const PythonTerm *term,
                                        bool *is_unknown)
{
    if (is_unknown)
        *is_unknown = false;
    if (term_is_none(term) || (term->kind == TERM_FALSE))
        return NULL;
    Str constant;
    if (term_string(scope, term, &constant)) {
        Expression *e = ARENA_NEW(scope->out, Expression);
        *e = (Expression){.kind = EXPRESSION_STRING,
                          .text = sql_string(scope->out, scope->dialect, constant),
                          .constant = constant,
                          .place = term->place};
        return e;
    }
    const PythonTerm *value = python_value(scope, term);
    if (call_is(scope, value, "DefaultClause"))
        return python_server_default(scope, call_argument(value, 0, "arg"), is_unknown);
    bool is_sql = value->kind == TERM_CALL || value->kind == TERM_NAME ||
                  value->kind == TERM_ATTRIBUTE || value->kind == TERM_BINARY;
    const Expression *e = is_sql ? python_sql_expression(scope, value) : NULL;
    if (e && e->kind == EXPRESSION_COLUMN)
        e = NULL; /* a name that only the program knows */
    if (!e && is_unknown)
        *is_unknown = true;
    return e;
}
