/* Functions, procedures, triggers and DO. What stands in their bodies is read by body.c. */
#include "frontends/sql/lower.h"

static ParameterMode parameter_mode(const Lowering *l, NodeIndex mode)
{
    if (has_token(l, mode, SQL_KW_VARIADIC))
        return PARAMETER_VARIADIC;
    if (has_token(l, mode, SQL_KW_INOUT))
        return PARAMETER_INOUT;
    if (has_token(l, mode, SQL_KW_OUT))
        return has_token(l, mode, SQL_KW_IN) ? PARAMETER_INOUT : PARAMETER_OUT;
    return PARAMETER_IN;
}

static void add_parameters(Lowering *l, NodeIndex list, FunctionDef *function, bool is_table)
{
    FOR_EACH_CHILD(l, child, list) {
        if (node_kind(l, child) != SQL_PARAMETER_DEFINITION)
            continue;
        Parameter parameter = {
            .mode = is_table ? PARAMETER_TABLE : parameter_mode(l, field(l, child, SQL_FIELD_MODE)),
            .name = lower_name(l, field(l, child, SQL_FIELD_NAME)),
            .type = lower_type(l, field(l, child, SQL_FIELD_TYPE)),
            .default_value = lower_expression(l, field(l, child, SQL_FIELD_DEFAULT)),
        };
        VEC_PUSH(l->out, &function->parameters, parameter);
    }
}

static void read_returns(Lowering *l, NodeIndex node, FunctionDef *function)
{
    NodeIndex table = child_of_kind(l, node, SQL_RETURNS_TABLE);
    NodeIndex type = field(l, node, SQL_FIELD_TYPE);
    if (table != NO_NODE) {
        add_parameters(l, table, function, true);
        function->returns_set = true;
        return;
    }
    function->returns = lower_type(l, type);
    function->returns_set = has_token(l, type, SQL_KW_SETOF);
    function->returns_trigger = str_equal(function->returns.name, STR("trigger"));
}

static void read_setting(Lowering *l, NodeIndex node, FunctionDef *function)
{
    Str name = node_text(l, field(l, node, SQL_FIELD_PARAMETER));
    if (!str_equal_ignore_case(name, STR("search_path")))
        return;
    function->has_search_path = true;
    NodeIndex first = field(l, node, SQL_FIELD_VALUE);
    if (first != NO_NODE)
        function->search_path =
            str_slice(l->tree->text, l->tree->nodes[first].start, l->tree->nodes[node].end);
}

static void read_attribute(Lowering *l, NodeIndex node, FunctionDef *function)
{
    switch (node_kind(l, node)) {
    case SQL_RETURNS:
        read_returns(l, node, function);
        break;
    case SQL_LANGUAGE:
        function->language = lower_case(l, literal_text(l, field(l, node, SQL_FIELD_NAME)));
        break;
    case SQL_SECURITY:
        function->security_definer = has_token(l, node, SQL_KW_DEFINER);
        function->security_place = node_place(l, node);
        break;
    case SQL_VOLATILITY:
        function->volatility = lower_case(l, node_text(l, node));
        break;
    case SQL_NULL_INPUT:
        function->is_strict = !has_token(l, node, SQL_KW_CALLED);
        break;
    case SQL_SET_CONFIGURATION:
        read_setting(l, node, function);
        break;
    default:
        break;
    }
}

static void read_body(Lowering *l, NodeIndex body, FunctionDef *function, Name name)
{
    bool was_in_function = l->in_function;
    Str outer = l->function;
    l->in_function = true;
    l->function = name.text;
    NodeIndex text_node = field(l, body, SQL_FIELD_TEXT);
    NodeIndex compound = field(l, body, SQL_FIELD_COMPOUND);
    NodeIndex statement = field(l, body, SQL_FIELD_STATEMENT);
    function->body_place = node_place(l, body);
    if (text_node != NO_NODE) {
        uint32_t base = 0;
        Str text = body_text(l, text_node, &base);
        function->body = text;
        function->body_place =
            (Place){.fragment = l->fragment, .range = {.start = base, .end = base + text.length}};
        if (str_equal(function->language, STR("sql")))
            lower_body(l, text, base, BODY_SQL);
        else if (str_equal(function->language, STR("plpgsql")))
            lower_body(l, text, base, BODY_PLPGSQL);
    } else if (compound != NO_NODE) {
        function->body = node_text(l, compound);
        function->body_place = node_place(l, compound);
        lower_body(l, function->body, l->base + l->tree->nodes[compound].start, BODY_COMPOUND);
    } else if (statement != NO_NODE) {
        function->body = node_text(l, statement);
        function->body_place = node_place(l, statement);
        if (node_kind(l, statement) == SQL_RETURN_STATEMENT)
            lower_expression_queries(l, statement);
        else
            lower_statement(l, statement);
    }
    l->in_function = was_in_function;
    l->function = outer;
}

void lower_create_function(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_FUNCTION, node);
    FunctionDef *function = &op.as.create_function;
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.if_not_exists |= has_token(l, node, SQL_KW_EXISTS);
    function->is_procedure = has_token(l, node, SQL_KW_PROCEDURE);
    op.keyword = token_place(l, node, function->is_procedure ? SQL_KW_PROCEDURE : SQL_KW_FUNCTION);
    function->or_replace = has_token(l, node, SQL_KW_REPLACE);
    function->is_aggregate = has_token(l, node, SQL_KW_AGGREGATE);
    add_parameters(l, field(l, node, SQL_FIELD_PARAMETERS), function, false);
    FOR_EACH_CHILD(l, attribute, node)
        read_attribute(l, attribute, function);
    if (str_is_absent(function->language)) /* a body in SQL's own words says so itself */
        function->language = STR("sql");
    NodeIndex body = field(l, node, SQL_FIELD_BODY);
    if (body != NO_NODE)
        read_body(l, body, function, op.target.name);
    emit(l, &op);
}

/* --- triggers --- */

static Str trigger_timing(const Lowering *l, NodeIndex timing)
{
    if (has_token(l, timing, SQL_KW_BEFORE))
        return STR("before");
    if (has_token(l, timing, SQL_KW_AFTER))
        return STR("after");
    if (has_token(l, timing, SQL_KW_INSTEAD))
        return STR("instead of");
    return STR("before"); /* SQLite's default; the others want one written */
}

static void add_event(Lowering *l, NodeIndex event, TriggerDef *trigger)
{
    if (has_token(l, event, SQL_KW_INSERT))
        trigger->events |= TRIGGER_INSERT;
    if (has_token(l, event, SQL_KW_DELETE))
        trigger->events |= TRIGGER_DELETE;
    if (has_token(l, event, SQL_KW_TRUNCATE))
        trigger->events |= TRIGGER_TRUNCATE;
    if (has_token(l, event, SQL_KW_UPDATE)) {
        trigger->events |= TRIGGER_UPDATE;
        trigger->update_columns = lower_names(l, event, SQL_FIELD_COLUMN);
    }
}

/* A trigger's own statements run when it fires, like a function's. */
static void read_trigger_body(Lowering *l, NodeIndex body, Name name)
{
    bool was_in_function = l->in_function;
    Str outer = l->function;
    l->in_function = true;
    l->function = name.text;
    if (node_kind(l, body) == SQL_COMPOUND_BODY)
        lower_body(l, node_text(l, body), l->base + l->tree->nodes[body].start, BODY_COMPOUND);
    else
        lower_statement(l, body);
    l->in_function = was_in_function;
    l->function = outer;
}

void lower_create_trigger(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_TRIGGER, node);
    TriggerDef *trigger = &op.as.create_trigger;
    NodeIndex body = field(l, node, SQL_FIELD_BODY);
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_TABLE));
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    trigger->name = lower_object_name(l, field(l, node, SQL_FIELD_NAME)).name;
    trigger->table = op.target;
    trigger->timing = trigger_timing(l, field(l, node, SQL_FIELD_TIMING));
    trigger->is_constraint = has_token(l, node, SQL_KW_CONSTRAINT);
    trigger->or_replace = has_token(l, node, SQL_KW_REPLACE);
    trigger->function = lower_object_name(l, field(l, node, SQL_FIELD_FUNCTION));
    trigger->when = lower_expression(l, field(l, node, SQL_FIELD_WHEN));
    trigger->for_each_row = l->dialect == DIALECT_SQLITE; /* it has no others */
    FOR_EACH_CHILD(l, child, node) {
        if (node_kind(l, child) == SQL_TRIGGER_EVENT)
            add_event(l, child, trigger);
        else if (node_kind(l, child) == SQL_FOR_EACH)
            trigger->for_each_row = has_token(l, child, SQL_KW_ROW);
    }
    lower_expression_queries(l, field(l, node, SQL_FIELD_WHEN));
    if (body != NO_NODE)
        read_trigger_body(l, body, trigger->name);
    emit(l, &op);
}

/* --- DO --- */

void lower_do(Lowering *l, NodeIndex node)
{
    NodeIndex text_node = field(l, node, SQL_FIELD_TEXT);
    NodeIndex language = field(l, node, SQL_FIELD_LANGUAGE);
    Str name = literal_text(l, field(l, language, SQL_FIELD_NAME));
    uint32_t before = l->fragment->operations.n;
    bool is_plpgsql = language == NO_NODE || str_equal_ignore_case(name, STR("plpgsql"));
    if (text_node != NO_NODE && is_plpgsql) {
        bool was_in_do = l->in_do_block;
        l->in_do_block = true;
        uint32_t base = 0;
        Str text = body_text(l, text_node, &base);
        lower_body(l, text, base, BODY_PLPGSQL);
        l->in_do_block = was_in_do;
    }
    if (l->fragment->operations.n == before) {
        Operation op = operation_at(l, OP_OPAQUE, node);
        emit(l, &op);
    }
}
