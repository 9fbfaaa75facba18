/* What an expression uses is found by one walk over its nodes, which stand in preorder: no
 * recursion, so depth costs nothing. Its kind is that of its core, seen through parentheses,
 * casts and signs. */
#include "frontends/sql/lower.h"

#include "base/vec.h"
#include "frontends/sql/sql.h"

enum { SCOPE_DEPTH_MAX = 32 }; /* selects within selects that are told apart */

bool sql_is_current_value(Str name)
{
    static const Str names[] = {
        STR_INIT("now"),
        STR_INIT("current_timestamp"),
        STR_INIT("current_date"),
        STR_INIT("current_time"),
        STR_INIT("localtime"),
        STR_INIT("localtimestamp"),
        STR_INIT("transaction_timestamp"),
        STR_INIT("statement_timestamp"),
        STR_INIT("curdate"),
        STR_INIT("curtime"),
        STR_INIT("utc_timestamp"),
        STR_INIT("utc_date"),
        STR_INIT("utc_time"),
        STR_INIT("unix_timestamp"),
        STR_INIT("getdate"),
        STR_INIT("getutcdate"),
        STR_INIT("sysdatetime"),
        STR_INIT("sysutcdatetime"),
        STR_INIT("sysdatetimeoffset"),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal_ignore_case(name, names[i]))
            return true;
    }
    return false;
}

/* Functions that SQL calls without parentheses and that are no clocks. */
static bool is_bare_function(const Lowering *l, Str name)
{
    static const Str names[] = {
        STR_INIT("current_user"),    STR_INIT("session_user"),   STR_INIT("current_role"),
        STR_INIT("current_catalog"), STR_INIT("current_schema"), STR_INIT("user"),
    };
    size_t n = sizeof names / sizeof *names;
    if (l->dialect != DIALECT_POSTGRESQL) /* there a column may be called user */
        n--;
    for (size_t i = 0; i < n; i++) {
        if (str_equal_ignore_case(name, names[i]))
            return true;
    }
    return false;
}

NodeIndex bare_expression(const Lowering *l, NodeIndex node)
{
    while (node_kind(l, node) == SQL_PARENTHESIZED_EXPRESSION) {
        NodeIndex inner = field(l, node, SQL_FIELD_EXPRESSION);
        if (inner == NO_NODE)
            return node;
        node = inner;
    }
    return node;
}

static Str type_text(Lowering *l, NodeIndex type)
{
    return lower_case(l, node_text(l, type));
}

/* The node whose kind is the whole's; `cast_type` gets the outermost cast. */
static NodeIndex core_of(Lowering *l, NodeIndex node, Str *cast_type)
{
    for (;;) {
        NodeIndex inner = NO_NODE;
        switch (node_kind(l, node)) {
        case SQL_PARENTHESIZED_EXPRESSION:
            inner = field(l, node, SQL_FIELD_EXPRESSION);
            break;
        case SQL_COLLATE_EXPRESSION:
            inner = field(l, node, SQL_FIELD_VALUE);
            break;
        case SQL_CAST:
        case SQL_TYPED_LITERAL:
            inner = field(l, node, SQL_FIELD_VALUE);
            if (str_is_absent(*cast_type))
                *cast_type = type_text(l, field(l, node, SQL_FIELD_TYPE));
            break;
        default:
            break;
        }
        if (inner == NO_NODE)
            return node;
        node = inner;
    }
}

/* -1 and +1 are numbers. */
static bool is_signed_number(const Lowering *l, NodeIndex node)
{
    if (node_kind(l, node) != SQL_UNARY_EXPRESSION)
        return false;
    Str sign = node_text(l, field(l, node, SQL_FIELD_OPERATOR));
    NodeIndex operand = bare_expression(l, field(l, node, SQL_FIELD_OPERAND));
    return node_kind(l, operand) == SQL_NUMBER &&
           (str_equal(sign, STR("-")) || str_equal(sign, STR("+")));
}

static bool is_unqualified(const Lowering *l, NodeIndex column_reference)
{
    return field(l, column_reference, SQL_FIELD_QUALIFIER) == NO_NODE;
}

/* Numbers, strings and booleans, also the words that SQLite and MySQL spell booleans with. */
static ExpressionKind literal_kind(const Lowering *l, NodeIndex node)
{
    switch (node_kind(l, node)) {
    case SQL_NULL:
        return EXPRESSION_NULL;
    case SQL_NUMBER:
        return EXPRESSION_NUMBER;
    case SQL_STRING:
    case SQL_DOLLAR_STRING:
    case SQL_CONCATENATED_STRING:
        return EXPRESSION_STRING;
    case SQL_TRUE:
    case SQL_FALSE:
        return EXPRESSION_BOOLEAN;
    case SQL_QUOTED_IDENTIFIER:
        return l->dialect == DIALECT_MYSQL ? EXPRESSION_STRING : EXPRESSION_OTHER;
    default:
        return is_signed_number(l, node) ? EXPRESSION_NUMBER : EXPRESSION_NONE;
    }
}

/* MySQL writes strings in double quotes, which the grammar reads as a name. */
static bool is_double_quoted_string(const Lowering *l, NodeIndex column_reference)
{
    if (l->dialect != DIALECT_MYSQL || !is_unqualified(l, column_reference))
        return false;
    Str text = node_text(l, column_reference);
    return text.length >= 2 && text.data[0] == '"';
}

static ExpressionKind reference_kind(const Lowering *l, NodeIndex node)
{
    Str name = node_text(l, node);
    if (is_double_quoted_string(l, node))
        return EXPRESSION_STRING;
    if (is_unqualified(l, node)) {
        if (sql_is_current_value(name))
            return EXPRESSION_CURRENT;
        if (is_bare_function(l, name))
            return EXPRESSION_CALL;
    }
    return EXPRESSION_COLUMN;
}

bool is_column_reference(const Lowering *l, NodeIndex node)
{
    return node_kind(l, node) == SQL_COLUMN_REFERENCE &&
           reference_kind(l, node) == EXPRESSION_COLUMN;
}

static ExpressionKind expression_kind(const Lowering *l, NodeIndex core)
{
    ExpressionKind literal = literal_kind(l, core);
    if (literal != EXPRESSION_NONE)
        return literal;
    switch (node_kind(l, core)) {
    case SQL_COLUMN_REFERENCE:
        return reference_kind(l, core);
    case SQL_FUNCTION_CALL: {
        NodeIndex name = field(l, core, SQL_FIELD_NAME);
        return sql_is_current_value(node_text(l, name)) ? EXPRESSION_CURRENT : EXPRESSION_CALL;
    }
    default:
        return EXPRESSION_OTHER;
    }
}

static Str constant_text(Lowering *l, NodeIndex core, ExpressionKind kind)
{
    switch (kind) {
    case EXPRESSION_NUMBER:
        return node_text(l, core);
    case EXPRESSION_BOOLEAN:
        return node_kind(l, core) == SQL_TRUE ? STR("true") : STR("false");
    case EXPRESSION_STRING:
        if (node_kind(l, core) == SQL_COLUMN_REFERENCE)
            core = field(l, core, SQL_FIELD_NAME);
        return literal_text(l, core);
    case EXPRESSION_NONE:
    case EXPRESSION_NULL:
    case EXPRESSION_CURRENT:
    case EXPRESSION_CALL:
    case EXPRESSION_COLUMN:
    case EXPRESSION_OTHER:
        return (Str){0};
    }
    return (Str){0};
}

Str constant_of(Lowering *l, NodeIndex node)
{
    if (node == NO_NODE)
        return (Str){0};
    Str cast_type = {0};
    NodeIndex core = core_of(l, node, &cast_type);
    return constant_text(l, core, expression_kind(l, core));
}

/* --- what it uses --- */

/* The selects around the node that the walk has reached. */
typedef struct {
    NodeIndex end[SCOPE_DEPTH_MAX];
    bool has_from[SCOPE_DEPTH_MAX];
    uint32_t n;
} SelectScopes;

static void leave_scopes(SelectScopes *scopes, NodeIndex at)
{
    while (scopes->n > 0 && at >= scopes->end[scopes->n - 1])
        scopes->n--;
}

static void enter_scope(const Lowering *l, SelectScopes *scopes, NodeIndex select)
{
    if (scopes->n == SCOPE_DEPTH_MAX)
        return;
    scopes->end[scopes->n] = l->tree->nodes[select].next;
    scopes->has_from[scopes->n] = field(l, select, SQL_FIELD_FROM) != NO_NODE;
    scopes->n++;
}

static void add_function(Lowering *l, Expression *e, NodeIndex name_node, bool in_subselect)
{
    QualifiedName name = lower_object_name(l, name_node);
    name.name.text = lower_case(l, name.name.text);
    FunctionCall call = {
        .name = name.name, .schema = name.schema.text, .in_subselect = in_subselect};
    if (e->functions.n < PARTS_MAX)
        VEC_PUSH(l->out, &e->functions, call);
}

static void add_column(Lowering *l, Expression *e, NodeIndex node)
{
    ColumnReference column = {0};
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            column.qualifier = lower_name(l, child);
        else if (node_field(l, child) == SQL_FIELD_NAME)
            column.column = lower_name(l, child);
    }
    if (e->columns.n < PARTS_MAX)
        VEC_PUSH(l->out, &e->columns, column);
}

static void add_star(Lowering *l, Expression *e, NodeIndex node)
{
    if (field(l, node, SQL_FIELD_QUALIFIER) == NO_NODE)
        return; /* count(*) */
    ColumnReference column = {.column = {.text = STR("*"), .place = node_place(l, node)}};
    FOR_EACH_CHILD(l, child, node) {
        if (node_field(l, child) == SQL_FIELD_QUALIFIER)
            column.qualifier = lower_name(l, child);
    }
    if (e->columns.n < PARTS_MAX)
        VEC_PUSH(l->out, &e->columns, column);
}

static void add_uses(Lowering *l, Expression *e, NodeIndex root)
{
    SelectScopes scopes = {0};
    NodeIndex end = l->tree->nodes[root].next;
    for (NodeIndex i = root; i < end; i++) {
        leave_scopes(&scopes, i);
        bool in_subselect = scopes.n > 0 && !scopes.has_from[scopes.n - 1];
        switch (node_kind(l, i)) {
        case SQL_SELECT:
            if (l->tree->nodes[i].is_named) /* SELECT the word has a number of its own */
                enter_scope(l, &scopes, i);
            break;
        case SQL_SUBQUERY:
            e->has_subquery = true;
            break;
        case SQL_PARAMETER:
            e->has_parameter = true;
            break;
        case SQL_FUNCTION_CALL:
            add_function(l, e, field(l, i, SQL_FIELD_NAME), in_subselect);
            break;
        case SQL_COLUMN_REFERENCE:
            if (reference_kind(l, i) == EXPRESSION_COLUMN)
                add_column(l, e, i);
            else if (reference_kind(l, i) != EXPRESSION_STRING)
                add_function(l, e, i, in_subselect);
            break;
        case SQL_STAR:
            add_star(l, e, i);
            break;
        default:
            break;
        }
    }
}

static Expression *expression_of(Lowering *l, NodeIndex node)
{
    Expression *e = ARENA_NEW(l->out, Expression);
    if (node_kind(l, node) == SQL_COLUMN_REFERENCE) { /* exactly one, and there are many */
        e->columns.items = ARENA_NEW(l->out, ColumnReference);
        e->columns.capacity = 1;
    }
    NodeIndex core = core_of(l, node, &e->cast_type);
    e->kind = expression_kind(l, core);
    e->constant = constant_text(l, core, e->kind);
    e->text = node_text(l, node);
    e->place = node_place(l, node);
    if (e->kind != EXPRESSION_NULL && e->kind != EXPRESSION_NUMBER &&
        e->kind != EXPRESSION_BOOLEAN && !(e->kind == EXPRESSION_STRING && core == node))
        add_uses(l, e, node);
    return e;
}

const Expression *lower_expression(Lowering *l, NodeIndex node)
{
    return node == NO_NODE ? NULL : expression_of(l, node);
}

const Expression *lower_default(Lowering *l, NodeIndex node)
{
    if (node == NO_NODE)
        return NULL;
    Expression *e = expression_of(l, node);
    /* SQLite: DEFAULT "x" is the string x, as no column can stand there */
    if (l->dialect == DIALECT_SQLITE && e->kind == EXPRESSION_COLUMN && e->columns.n == 1 &&
        name_is_absent(e->columns.items[0].qualifier)) {
        e->kind = EXPRESSION_STRING;
        e->constant = e->columns.items[0].column.text;
        e->columns.n = 0;
    }
    return e;
}
