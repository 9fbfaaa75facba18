/* Types that the project defines: a subclass is written as its base, a TypeDecorator as its impl,
 * and a few lines of Python that choose by the dialect's name are followed. What does more is not
 * known. */
#include "frontends/python/lower.h"

enum { CLASS_CHAIN_MAX = 8, ARGUMENTS_MAX = 64 };

/* What a class of the project says, in itself or in those it is made from. */
typedef struct {
    const PythonDefinition *load_dialect_impl, *get_col_spec, *init;
    const PythonTerm *impl;
    Str library; /* the class of a library that all begins with */
} OwnType;

static void look_into(const PythonDefinition *class, OwnType *own)
{
    for (uint32_t i = 0; i < class->body.n; i++) {
        const PythonStatement *s = class->body.items[i];
        if (s->kind == STATEMENT_FUNCTION) {
            Str name = s->definition->name.text;
            if (str_equal(name, STR("load_dialect_impl")) && !own->load_dialect_impl)
                own->load_dialect_impl = s->definition;
            else if (str_equal(name, STR("get_col_spec")) && !own->get_col_spec)
                own->get_col_spec = s->definition;
            else if (str_equal(name, STR("__init__")) && !own->init)
                own->init = s->definition;
        } else if (s->kind == STATEMENT_ASSIGNMENT && s->target && s->value && !own->impl &&
                   s->target->kind == TERM_NAME && str_equal(s->target->text, STR("impl"))) {
            own->impl = s->value;
        }
    }
}

static OwnType own_type(PythonScope *scope, const PythonDefinition *class)
{
    OwnType own = {0};
    for (uint32_t i = 0; i < CLASS_CHAIN_MAX && class; i++) {
        look_into(class, &own);
        const PythonDefinition *next = NULL;
        for (uint32_t k = 0; k < class->arguments.n && !next; k++) {
            const PythonTerm *base = class->arguments.items[k];
            if (base->kind == TERM_SUBSCRIPT) /* TypeDecorator[Decimal] */
                base = base->left;
            Resolved resolved = python_resolve(scope, base);
            if (resolved.kind == RESOLVED_CLASS)
                next = resolved.definition;
            else if (resolved.kind == RESOLVED_EXTERNAL && str_is_absent(own.library))
                own.library = resolved.dotted;
        }
        class = str_is_absent(own.library) ? next : NULL;
    }
    return own;
}

/* The call super().__init__(…) or Base.__init__(self, …) among a function's own statements. */
static const PythonTerm *base_init_call(const PythonDefinition *init)
{
    for (uint32_t i = 0; i < init->body.n; i++) {
        const PythonStatement *s = init->body.items[i];
        const PythonTerm *call = s->kind == STATEMENT_TERM ? s->value : NULL;
        if (call && call->kind == TERM_CALL && call->left && call->left->kind == TERM_ATTRIBUTE &&
            str_equal(call->left->text, STR("__init__")))
            return call;
    }
    return NULL;
}

/* What the caller gives for a parameter of __init__, whose first is self. */
static const PythonTerm *parameter_value(const PythonDefinition *init, const PythonTerm *call,
                                         const PythonTerm *name)
{
    for (uint32_t i = 1; i < init->parameters.n; i++) {
        const PythonParameter *parameter = &init->parameters.items[i];
        if (!str_equal(parameter->name.text, name->text))
            continue;
        const PythonTerm *given = call_given(call, i - 1, parameter);
        return given ? given : parameter->default_value;
    }
    return name;
}

/* *args and **kwargs: what the caller gives beyond the named parameters. */
static void hand_on_rest(PythonScope *scope, const PythonDefinition *init, const PythonTerm *call,
                         bool is_positional, PythonTermVec *items)
{
    uint32_t position = 0;
    for (uint32_t i = 0; call && i < call->items.n && i < ARGUMENTS_MAX; i++) {
        const PythonTerm *item = call->items.items[i];
        bool is_named = false;
        for (uint32_t k = 1; k < init->parameters.n && item->kind == TERM_KEYWORD; k++)
            is_named |= str_equal(init->parameters.items[k].name.text, item->text);
        bool is_rest = item->kind == TERM_KEYWORD
                           ? !is_positional && !is_named
                           : is_positional && ++position >= init->parameters.n;
        if (is_rest)
            VEC_PUSH(scope->out, items, item);
    }
}

/* The arguments that reach the library's class: those of the call itself, or what __init__ hands
 * on. False where that is not known. */
static bool library_call(PythonScope *scope, const OwnType *own, const PythonTerm *call,
                         const PythonTerm **result)
{
    *result = call;
    if (!own->init)
        return true;
    const PythonTerm *base_call = own->init->has_body ? base_init_call(own->init) : NULL;
    if (!base_call)
        return false;
    bool is_super = base_call->left->left && base_call->left->left->kind == TERM_CALL;
    PythonTerm *made = ARENA_NEW(scope->out, PythonTerm);
    *made = *base_call;
    made->items = (PythonTermVec){0};
    for (uint32_t i = is_super ? 0 : 1; i < base_call->items.n; i++) {
        const PythonTerm *item = base_call->items.items[i];
        if (item->kind == TERM_SPLAT || item->kind == TERM_DOUBLE_SPLAT) {
            hand_on_rest(scope, own->init, call, item->kind == TERM_SPLAT, &made->items);
            continue;
        }
        bool is_keyword = item->kind == TERM_KEYWORD;
        const PythonTerm *value = is_keyword ? item->left : item;
        if (value && value->kind == TERM_NAME)
            value = parameter_value(own->init, call, value);
        if (is_keyword && value) {
            PythonTerm *keyword = ARENA_NEW(scope->out, PythonTerm);
            *keyword = *item;
            keyword->left = value;
            value = keyword;
        }
        if (!value)
            return false;
        VEC_PUSH(scope->out, &made->items, value);
    }
    *result = made;
    return true;
}

Str python_dialect_name(Dialect dialect)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return STR("postgresql");
    case DIALECT_MYSQL:
        return STR("mysql");
    case DIALECT_SQLITE:
        return STR("sqlite");
    case DIALECT_SQLSERVER:
        return STR("mssql");
    }
    return (Str){0};
}

/* dialect.name == "postgresql", dialect.name in (…), not …; false where it is another question. */
static bool dialect_condition(PythonScope *scope, const PythonTerm *term, bool *answer)
{
    if (!term)
        return false;
    if (term->kind == TERM_UNARY && str_equal(term->text, STR("not"))) {
        bool inner;
        if (!dialect_condition(scope, term->left, &inner))
            return false;
        *answer = !inner;
        return true;
    }
    bool asks_name = term->kind == TERM_COMPARISON && term->left &&
                     term->left->kind == TERM_ATTRIBUTE && str_equal(term->left->text, STR("name"));
    if (!asks_name)
        return false;
    Str mine = python_dialect_name(scope->dialect), other;
    if (str_equal(term->text, STR("==")) || str_equal(term->text, STR("!="))) {
        if (!term_string(scope, term->right, &other))
            return false;
        *answer = str_equal(mine, other) == str_equal(term->text, STR("=="));
        return true;
    }
    PythonTermVec items = {0};
    if (!str_equal(term->text, STR("in")) || !term_items(scope, term->right, &items))
        return false;
    *answer = false;
    for (uint32_t i = 0; i < items.n; i++)
        *answer |= term_string(scope, items.items[i], &other) && str_equal(mine, other);
    return true;
}

/* The statements of load_dialect_impl for the dialect at hand: the returned term; NULL: not known,
 * or nothing is returned by these. */
static const PythonTerm *returned_for_dialect(PythonScope *scope, const PythonStatementVec *body,
                                              bool *is_unsure)
{
    for (uint32_t i = 0; i < body->n && !*is_unsure; i++) {
        const PythonStatement *s = body->items[i];
        bool answer;
        if (s->kind == STATEMENT_RETURN)
            return s->value;
        if (s->kind == STATEMENT_IF && dialect_condition(scope, s->value, &answer)) {
            const PythonTerm *returned =
                returned_for_dialect(scope, answer ? &s->body : &s->otherwise, is_unsure);
            if (returned)
                return returned;
        } else if (s->kind != STATEMENT_PASS) {
            *is_unsure = true;
        }
    }
    return NULL;
}

static PythonType decorated_type(PythonScope *scope, const OwnType *own, const PythonTerm *call)
{
    if (own->load_dialect_impl) {
        bool is_unsure = !own->load_dialect_impl->has_body;
        const PythonTerm *term =
            is_unsure ? NULL
                      : returned_for_dialect(scope, &own->load_dialect_impl->body, &is_unsure);
        if (is_unsure || !term)
            return python_unknown_type();
        bool is_descriptor = term->kind == TERM_CALL && term->left &&
                             term->left->kind == TERM_ATTRIBUTE &&
                             str_equal(term->left->text, STR("type_descriptor"));
        if (is_descriptor)
            return python_type(scope, call_argument(term, 0, NULL));
        bool is_impl =
            term->kind == TERM_ATTRIBUTE && str_equal(term->text, STR("impl")); /* self.impl */
        if (!is_impl)
            return python_unknown_type();
    }
    const PythonTerm *impl = python_value(scope, own->impl);
    if (!impl)
        return python_unknown_type();
    if (impl->kind == TERM_CALL) /* an object: what the decorator is given does not reach it */
        return python_type(scope, impl);
    const PythonTerm *arguments;
    if (!library_call(scope, own, call, &arguments))
        return python_unknown_type();
    Resolved resolved = python_resolve(scope, impl);
    if (resolved.kind == RESOLVED_EXTERNAL)
        return python_library_type(scope, resolved.dotted, arguments);
    return arguments ? python_unknown_type() : python_type(scope, impl);
}

/* --- @compiles --- */

/* The function under @compiles(Class, "mysql"), or under @compiles(Class) for dialects that have
 * none of their own; NULL: there is none. */
static const PythonDefinition *compile_hook(PythonScope *scope, const PythonDefinition *class)
{
    const PythonModule *module = python_module_of(class->place);
    Str mine = python_dialect_name(scope->dialect), name;
    const PythonDefinition *general = NULL;
    if (!module || !map_get(&module->imports, STR("compiles")))
        return NULL;
    for (uint32_t i = 0; i < module->body.n; i++) {
        const PythonStatement *s = module->body.items[i];
        for (uint32_t k = 0; s->kind == STATEMENT_FUNCTION && k < s->definition->decorators.n;
             k++) {
            const PythonTerm *decorator = s->definition->decorators.items[k];
            if (!call_is(scope, decorator, "compiles"))
                continue;
            Resolved target = python_resolve(scope, call_argument(decorator, 0, NULL));
            if (target.kind != RESOLVED_CLASS || target.definition != class)
                continue;
            uint32_t n = call_n_positional(decorator);
            general = n == 1 ? s->definition : general;
            for (uint32_t at = 1; at < n && at < ARGUMENTS_MAX; at++) {
                if (term_string(scope, call_argument(decorator, at, NULL), &name) &&
                    str_equal(name, mine))
                    return s->definition;
            }
        }
    }
    return general;
}

/* What the hook returns: a text, or what the compiler would have written anyway (then the type is
 * left to others). */
static bool hooked_type(PythonScope *scope, const PythonDefinition *hook, PythonType *type)
{
    *type = python_unknown_type();
    const PythonTerm *returned = python_returned(hook);
    bool is_visit = returned && returned->kind == TERM_CALL && returned->left &&
                    returned->left->kind == TERM_ATTRIBUTE &&
                    str_starts_with(returned->left->text, STR("visit_"));
    if (is_visit)
        return false;
    Str text;
    if (term_string(scope, returned, &text)) {
        uint32_t collate = str_find(text, STR(" COLLATE "), 0);
        *type = python_written_type(scope, str_slice(text, 0, collate));
    }
    return true;
}

PythonType python_class_type(PythonScope *scope, const PythonDefinition *class,
                             const PythonTerm *call)
{
    const PythonDefinition *hook = compile_hook(scope, class);
    PythonType hooked;
    if (hook && hooked_type(scope, hook, &hooked))
        return hooked;
    OwnType own = own_type(scope, class);
    Str name = sqlalchemy_name(own.library, NULL);
    if (str_equal(name, STR("TypeDecorator")) || (own.impl && !str_is_absent(own.library)))
        return decorated_type(scope, &own, call);
    if (str_equal(name, STR("UserDefinedType"))) {
        Str text;
        if (term_string(scope, python_returned(own.get_col_spec), &text))
            return python_written_type(scope, text);
        return python_unknown_type();
    }
    const PythonTerm *arguments;
    if (str_is_absent(own.library) || !library_call(scope, &own, call, &arguments))
        return python_unknown_type();
    return python_library_type(scope, own.library, arguments);
}
