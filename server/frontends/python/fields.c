/* OrmField: what a column is to the program, beyond the database. */
#include "frontends/python/link.h"

/* Classes whose objects are values: a call gives a constant, not the moment of reading. */
static bool is_value_class(Str dotted)
{
    static const Str names[] = {
        STR_INIT("decimal.Decimal"),    STR_INIT("datetime.timedelta"), STR_INIT("datetime.date"),
        STR_INIT("datetime.datetime"),  STR_INIT("datetime.time"),      STR_INIT("uuid.UUID"),
        STR_INIT("fractions.Fraction"),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(dotted, names[i]))
            return true;
    }
    return false;
}

static bool is_builtin(const PythonTerm *term, const char *name)
{
    return term && term->kind == TERM_NAME && str_equal(term->text, str_from(name));
}

/* The call in str(uuid4()) and uuid4().hex, on which the value depends; the term itself where there
 * is none inside. */
static const PythonTerm *inner_call(const PythonTerm *term)
{
    const PythonTerm *at = term;
    while (at->kind == TERM_ATTRIBUTE && at->left)
        at = at->left;
    if (at->kind != TERM_CALL)
        return term;
    bool is_conversion = is_builtin(at->left, "str") || is_builtin(at->left, "int");
    const PythonTerm *argument = is_conversion ? call_argument(at, 0, NULL) : NULL;
    if (!argument)
        return at;
    const PythonTerm *inner = inner_call(argument);
    return inner->kind == TERM_CALL ? inner : at;
}

static ClientValueKind kind_of_call(Link *link, const PythonTerm *call, Str *function)
{
    const PythonTerm *callee = call->left;
    Resolved resolved = python_resolve(&link->scope, callee);
    if (resolved.kind == RESOLVED_NOTHING &&
        (is_builtin(callee, "list") || is_builtin(callee, "dict") || is_builtin(callee, "set")))
        return CLIENT_VALUE_MUTABLE;
    if (resolved.kind == RESOLVED_NOTHING &&
        (is_builtin(callee, "int") || is_builtin(callee, "str") || is_builtin(callee, "float") ||
         is_builtin(callee, "bool")))
        return CLIENT_VALUE_CONSTANT;
    if (resolved.kind != RESOLVED_EXTERNAL)
        return CLIENT_VALUE_UNKNOWN;
    Str name = sqlalchemy_name(resolved.dotted, NULL);
    if (str_equal(name, STR("Sequence")) || str_equal(name, STR("Identity")))
        return CLIENT_VALUE_NONE;
    if (!str_is_absent(name))
        return CLIENT_VALUE_SQL;
    *function = resolved.dotted;
    if (str_equal(resolved.dotted, STR("functools.partial")))
        return CLIENT_VALUE_CALLABLE;
    return is_value_class(resolved.dotted) ? CLIENT_VALUE_CONSTANT : CLIENT_VALUE_CALLED_ONCE;
}

/* Of what a name was assigned. A member of an enum class is a constant, whatever its value. */
static ClientValueKind kind_of_value(const PythonTerm *name, PythonTermKind kind)
{
    if (kind == TERM_STRING || kind == TERM_NUMBER || kind == TERM_TRUE || kind == TERM_FALSE)
        return CLIENT_VALUE_CONSTANT;
    if (kind == TERM_LAMBDA)
        return CLIENT_VALUE_CALLABLE;
    if (kind == TERM_LIST || kind == TERM_DICT || kind == TERM_SET)
        return CLIENT_VALUE_MUTABLE;
    return name->kind == TERM_ATTRIBUTE ? CLIENT_VALUE_CONSTANT : CLIENT_VALUE_UNKNOWN;
}

static ClientValueKind kind_of_name(Link *link, const PythonTerm *term, Str *function)
{
    Resolved resolved = python_resolve(&link->scope, term);
    switch (resolved.kind) {
    case RESOLVED_EXTERNAL:
        *function = resolved.dotted;
        return CLIENT_VALUE_CALLABLE;
    case RESOLVED_CLASS:
    case RESOLVED_FUNCTION:
        *function = resolved.definition->name.text;
        return CLIENT_VALUE_CALLABLE;
    case RESOLVED_VALUE:
        return kind_of_value(term, resolved.value->kind);
    case RESOLVED_NOTHING:
        if (is_builtin(term, "list") || is_builtin(term, "dict") || is_builtin(term, "set")) {
            *function = term->text;
            return CLIENT_VALUE_CALLABLE;
        }
        return CLIENT_VALUE_UNKNOWN;
    case RESOLVED_MODULE:
        return CLIENT_VALUE_UNKNOWN;
    }
    return CLIENT_VALUE_UNKNOWN;
}

/* The library's function that a lambda calls; absent where it does something else. */
static Str function_of_lambda(Link *link, const PythonTerm *lambda)
{
    const PythonTerm *call = lambda->left;
    if (!call || call->kind != TERM_CALL)
        return (Str){0};
    Resolved resolved = python_resolve(&link->scope, call->left);
    return resolved.kind == RESOLVED_EXTERNAL ? resolved.dotted : (Str){0};
}

static ClientValue client_value(Link *link, const PythonTerm *term)
{
    ClientValue value = {0};
    if (term_is_none(term))
        return value;
    value.place = term->place;
    value.text = python_text(term->place);
    value.kind = CLIENT_VALUE_UNKNOWN;
    if (term->kind == TERM_STRING || term->kind == TERM_NUMBER || term->kind == TERM_TRUE ||
        term->kind == TERM_FALSE || term->kind == TERM_UNARY || term->kind == TERM_TUPLE)
        value.kind = CLIENT_VALUE_CONSTANT;
    else if (term->kind == TERM_LIST || term->kind == TERM_DICT || term->kind == TERM_SET)
        value.kind = CLIENT_VALUE_MUTABLE;
    else if (term->kind == TERM_LAMBDA) {
        value.kind = CLIENT_VALUE_CALLABLE;
        value.function = function_of_lambda(link, term);
    } else if (inner_call(term)->kind == TERM_CALL) {
        value.kind = kind_of_call(link, inner_call(term), &value.function);
    } else if (term->kind == TERM_NAME || term->kind == TERM_ATTRIBUTE) {
        value.kind = kind_of_name(link, term, &value.function);
    }
    return value;
}

OrmField orm_field(Link *link, const LinkedColumn *column)
{
    const PythonColumn *own = &column->column;
    OrmField field = {.name = column->attribute,
                      .column = own->column.name,
                      .type = column->type_place,
                      .optional = column->optional,
                      .nullable = own->nullable,
                      .nullable_place = own->nullable_place,
                      .is_inherited = column->is_inherited,
                      .has_annotation = column->has_annotation,
                      .is_mapped_column = column->is_mapped_column,
                      .place = column->place};
    field.default_value = client_value(link, column->client_default);
    field.is_pydantic = column->is_pydantic;
    field.on_update = client_value(link, column->on_update);
    field.insertion =
        orm_insertion(own->call ? own->call : column->field_call, &field.has_arguments);
    return field;
}
