/* The columns that a class declares, in its own body and in those of its mixins. */
#include "frontends/python/link.h"

enum { CALL_DEPTH_MAX = 6 };

/* --- calls --- */

/* NotNull = functools.partial(Column, nullable=False): a call with the arguments of both. */
static const PythonTerm *partial_call(Link *link, const PythonTerm *partial, const PythonTerm *call)
{
    Resolved function = python_resolve(&link->scope, partial->left);
    bool is_partial =
        function.kind == RESOLVED_EXTERNAL && str_equal(function.dotted, STR("functools.partial"));
    if (!is_partial || partial->items.n == 0)
        return NULL;
    PythonTerm *made = ARENA_NEW(link->out, PythonTerm);
    *made = *call;
    made->left = partial->items.items[0];
    made->items = (PythonTermVec){0};
    for (uint32_t i = 1; i < partial->items.n; i++) {
        const PythonTerm *item = partial->items.items[i];
        if (item->kind != TERM_KEYWORD)
            VEC_PUSH(link->out, &made->items, item);
    }
    for (uint32_t i = 0; i < call->items.n; i++)
        VEC_PUSH(link->out, &made->items, call->items.items[i]);
    for (uint32_t i = 1; i < partial->items.n; i++) { /* the call's own keywords come first */
        const PythonTerm *item = partial->items.items[i];
        if (item->kind == TERM_KEYWORD)
            VEC_PUSH(link->out, &made->items, item);
    }
    return made;
}

/* A term of a function's body with its parameters replaced by what the call gives them. */
static const PythonTerm *substituted(Link *link, const PythonTerm *term,
                                     const PythonDefinition *function, const PythonTerm *call,
                                     uint32_t depth)
{
    if (!term || depth > CALL_DEPTH_MAX)
        return term;
    if (term->kind == TERM_NAME) {
        for (uint32_t i = 0; i < function->parameters.n && i < 16; i++) {
            const PythonParameter *parameter = &function->parameters.items[i];
            if (!str_equal(parameter->name.text, term->text))
                continue;
            const PythonTerm *given = call_given(call, i, parameter);
            return given ? given : parameter->default_value ? parameter->default_value : term;
        }
        return term;
    }
    bool is_made = term->kind == TERM_CALL || term->kind == TERM_KEYWORD ||
                   term->kind == TERM_BINARY || term->kind == TERM_FORMATTED;
    if (!is_made)
        return term;
    PythonTerm *copy = ARENA_NEW(link->out, PythonTerm);
    *copy = *term;
    if (term->kind != TERM_CALL)
        copy->left = substituted(link, term->left, function, call, depth + 1);
    copy->right = substituted(link, term->right, function, call, depth + 1);
    copy->items = (PythonTermVec){0};
    for (uint32_t i = 0; i < term->items.n; i++) {
        const PythonTerm *item = substituted(link, term->items.items[i], function, call, depth + 1);
        VEC_PUSH(link->out, &copy->items, item);
    }
    return copy;
}

static const PythonTerm *column_call(Link *link, const PythonTerm *term, uint32_t depth)
{
    term = python_value(&link->scope, term);
    if (!term || term->kind != TERM_CALL || depth > CALL_DEPTH_MAX)
        return NULL;
    Resolved function = python_resolve(&link->scope, term->left);
    if (function.kind == RESOLVED_EXTERNAL) {
        Str name = sqlalchemy_name(function.dotted, NULL);
        if (str_equal(name, STR("Column")) || str_equal(name, STR("mapped_column")))
            return term;
        bool wraps = str_equal(name, STR("deferred")) || str_equal(name, STR("column_property"));
        return wraps ? column_call(link, call_argument(term, 0, NULL), depth + 1) : NULL;
    }
    if (function.kind == RESOLVED_VALUE && function.value->kind == TERM_CALL) {
        const PythonTerm *made = partial_call(link, function.value, term);
        return made ? column_call(link, made, depth + 1) : NULL;
    }
    const PythonTerm *returned =
        function.kind == RESOLVED_FUNCTION ? python_returned(function.definition) : NULL;
    if (returned && !call_has_splat(term))
        return column_call(link, substituted(link, returned, function.definition, term, 0),
                           depth + 1);
    if (function.kind == RESOLVED_CLASS) { /* class Column(sqlalchemy.Column) */
        for (uint32_t i = 0; i < function.definition->arguments.n; i++) {
            Str base =
                python_sqlalchemy_name(&link->scope, function.definition->arguments.items[i]);
            if (str_equal(base, STR("Column")))
                return term;
        }
    }
    return NULL;
}

const PythonTerm *orm_column_call(Link *link, const PythonTerm *term)
{
    return column_call(link, term, 0);
}

/* --- columns --- */

/* What an Annotated's mapped_column() says and the attribute's own does not. */
static void merge_column(Link *link, PythonColumn *own, const PythonColumn *other)
{
    ColumnDef *a = &own->column;
    const ColumnDef *b = &other->column;
    if (!own->type_term && other->type_term) {
        own->type_term = other->type_term;
        own->type = other->type;
        a->type = b->type;
    }
    if (name_is_absent(a->name))
        a->name = b->name;
    own->is_primary_key |= other->is_primary_key;
    own->is_unique |= other->is_unique;
    own->is_index |= other->is_index;
    if (own->nullable == WRITTEN_NOT) {
        own->nullable = other->nullable;
        a->not_null |= b->not_null;
    }
    if (own->autoincrement == WRITTEN_NOT)
        own->autoincrement = other->autoincrement;
    if (!a->default_value) {
        a->default_value = b->default_value;
        own->default_is_unknown |= other->default_is_unknown;
    }
    if (a->identity == IDENTITY_NONE)
        a->identity = b->identity;
    own->has_default |= other->has_default;
    own->has_sequence |= other->has_sequence;
    own->sequence = own->sequence ? own->sequence : other->sequence;
    if (str_is_absent(a->comment))
        a->comment = b->comment;
    for (uint32_t i = 0; i < b->constraints.n; i++)
        VEC_PUSH(link->out, &a->constraints, b->constraints.items[i]);
    own->is_partial |= other->is_partial;
}

static void fill_from_annotation(Link *link, const LinkedClass *class, const Annotation *annotation,
                                 LinkedColumn *column)
{
    PythonColumn *own = &column->column;
    for (uint32_t i = 0; i < annotation->n_columns; i++) {
        PythonColumn other;
        if (python_column(&link->scope, annotation->columns[i], &other))
            merge_column(link, own, &other);
    }
    column->optional = annotation->optional;
    column->has_annotation = true;
    bool has_key = own->column.constraints.n > 0;
    if (!own->type_term) {
        PythonType type = orm_annotated_type(link, class, annotation);
        bool is_written = !type.is_null;
        if (is_written || !has_key) {
            own->type = type;
            own->type.is_null = false;
            own->column.type = type.type;
            own->column.type.place = annotation->inner ? annotation->inner->place : (Place){0};
        }
    }
    if (own->nullable == WRITTEN_NOT && annotation->optional == WRITTEN_FALSE)
        own->column.not_null = true;
}

/* A copy for the class: it may be the mixin's. */
static bool add_column(Link *link, LinkedClass *class, LinkedClass *found_in,
                       const PythonStatement *statement, const PythonTerm *call,
                       const Annotation *annotation, Name attribute)
{
    LinkedColumn column = {.attribute = attribute};
    if (call) {
        if (!python_column(&link->scope, call, &column.column))
            return false;
        Str function = python_sqlalchemy_name(&link->scope, call->left);
        column.is_mapped_column = str_equal(function, STR("mapped_column"));
        column.client_default = call_argument(call, NO_POSITION, "default");
        const PythonTerm *insert = call_argument(call, NO_POSITION, "insert_default");
        column.client_default = insert ? insert : column.client_default;
        column.on_update = call_argument(call, NO_POSITION, "onupdate");
    } else {
        column.column.column.place = statement->place;
        column.is_mapped_column = true;
    }
    if (annotation->is_mapped)
        fill_from_annotation(link, class, annotation, &column);
    if (name_is_absent(column.column.column.name))
        column.column.column.name = attribute;
    column.is_inherited = found_in != class;
    column.place = statement->place;
    column.type_place = column.column.type_term ? column.column.type_term->place
                        : annotation->inner     ? annotation->inner->place
                                                : (Place){0};
    column.column.column.place = statement->place;
    orm_add_column(link, class->table, &column);
    return true;
}

static bool is_not_mapped(Link *link, const PythonTerm *value)
{
    static const Str names[] = {
        STR_INIT("association_proxy"), STR_INIT("synonym"),          STR_INIT("composite"),
        STR_INIT("column_property"),   STR_INIT("query_expression"), STR_INIT("hybrid_property"),
    };
    if (!value || value->kind != TERM_CALL)
        return false;
    Str name = python_sqlalchemy_name(&link->scope, value->left);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(name, names[i]))
            return true;
    }
    return false;
}

/* composite(mapped_column("x"), …), composite(Point, "x", Column(…)): its columns are the table's.
 */
static void add_composite(Link *link, LinkedClass *class, LinkedClass *found_in,
                          const PythonStatement *statement, const PythonTerm *value)
{
    for (uint32_t i = 0; i < value->items.n && i < 32; i++) {
        const PythonTerm *call = orm_column_call(link, value->items.items[i]);
        Name name = call ? term_name(&link->scope, call_argument(call, 0, "name")) : (Name){0};
        Annotation none = {0};
        if (!name_is_absent(name))
            (void)add_column(link, class, found_in, statement, call, &none, name);
        else if (call)
            class->table->is_partial = true;
    }
}

bool orm_attribute(Link *link, LinkedClass *class, LinkedClass *found_in,
                   const PythonStatement *statement, const PythonTerm *value)
{
    Name attribute = statement->kind == STATEMENT_FUNCTION
                         ? statement->definition->name
                         : (Name){statement->target->text, statement->target->place};
    if (statement->target && statement->target->kind == TERM_ATTRIBUTE) /* User.name = Column() */
        attribute.place = statement->target->text_place;
    Annotation annotation = {0};
    if (statement->annotation)
        annotation = orm_annotation(link, statement->annotation);
    const PythonTerm *call = value ? orm_column_call(link, value) : NULL;
    if (call)
        return add_column(link, class, found_in, statement, call, &annotation, attribute);
    if (value && orm_relation(link, class, statement, value, &annotation, found_in != class))
        return true;
    if (call_is(&link->scope, value, "composite")) {
        add_composite(link, class, found_in, statement, value);
        return true;
    }
    bool is_bare = annotation.is_mapped && !annotation.is_dynamic && !is_not_mapped(link, value) &&
                   (!value || value->kind != TERM_CALL);
    if (!is_bare)
        return false;
    return add_column(link, class, found_in, statement, NULL, &annotation, attribute);
}

/* --- classes --- */

static bool is_declared_attr(Link *link, const PythonDefinition *function)
{
    for (uint32_t i = 0; i < function->decorators.n; i++) {
        const PythonTerm *decorator = function->decorators.items[i];
        if (decorator->kind == TERM_ATTRIBUTE && decorator->left &&
            (str_equal(decorator->text, STR("cascading")) ||
             str_equal(decorator->text, STR("directive"))))
            decorator = decorator->left;
        if (str_equal(python_sqlalchemy_name(&link->scope, decorator), STR("declared_attr")))
            return true;
    }
    return false;
}

/* def user_id(cls): return Column(…) */
static void read_declared_attr(Link *link, LinkedClass *class, LinkedClass *found_in,
                               const PythonStatement *s)
{
    const PythonDefinition *function = s->definition;
    if (str_starts_with(function->name.text, STR("__")) || !is_declared_attr(link, function))
        return;
    const PythonTerm *returned = python_returned(function);
    if (!returned || !orm_attribute(link, class, found_in, s, returned))
        class->table->is_partial = true;
}

/* oslo.db's mixins. */
static void add_library_columns(Link *link, LinkedClass *class, LinkedClass *found_in)
{
    static const struct {
        const char *mixin, *attribute, *type;
    } table[] = {
        {"oslo_db.sqlalchemy.models.TimestampMixin", "created_at", "sqlalchemy.DateTime"},
        {"oslo_db.sqlalchemy.models.TimestampMixin", "updated_at", "sqlalchemy.DateTime"},
        {"oslo_db.sqlalchemy.models.SoftDeleteMixin", "deleted_at", "sqlalchemy.DateTime"},
        {"oslo_db.sqlalchemy.models.SoftDeleteMixin", "deleted", "sqlalchemy.Integer"},
    };
    const PythonTermVec *bases = &found_in->definition->arguments;
    for (uint32_t i = 0; i < bases->n; i++) {
        Resolved base = python_resolve(&link->scope, bases->items[i]);
        for (size_t k = 0; base.kind == RESOLVED_EXTERNAL && k < sizeof table / sizeof *table;
             k++) {
            if (!str_equal(base.dotted, str_from(table[k].mixin)))
                continue;
            LinkedColumn column = {.is_inherited = true, .place = bases->items[i]->place};
            Str name = str_from(table[k].attribute);
            column.attribute = (Name){name, bases->items[i]->place};
            column.column.column.name = column.attribute;
            column.column.column.place = column.place;
            column.column.type = python_library_type(&link->scope, str_from(table[k].type), NULL);
            column.column.column.type = column.column.type.type;
            if (!map_get(&class->table->attributes, name))
                orm_add_column(link, class->table, &column);
        }
    }
}

/* For each name the first class, as Python looks it up, that says what it is: what those behind it
 * say of the same name does not count. */
static void note_binders(Link *link, LinkedClass *class, StrMap *binders)
{
    for (uint32_t i = 0; i < class->order.n; i++) {
        const PythonStatementVec *body = &class->order.items[i]->definition->body;
        for (uint32_t k = 0; k < body->n; k++) {
            const PythonStatement *s = body->items[k];
            bool is_assigned = s->kind == STATEMENT_ASSIGNMENT && s->target &&
                               (s->value || s->annotation) && s->target->kind == TERM_NAME;
            Str name = s->kind == STATEMENT_FUNCTION ? s->definition->name.text
                       : is_assigned                 ? s->target->text
                                                     : (Str){0};
            if (!str_is_empty(name) && !map_get(binders, name))
                map_set(link->out, binders, name, class->order.items[i]);
        }
    }
}

static bool is_parents(const LinkedClass *class, const LinkedClass *at)
{
    for (uint32_t i = 0; class->parent && i < class->parent->order.n; i++) {
        if (class->parent->order.items[i] == at)
            return true;
    }
    return false;
}

static void read_body(Link *link, LinkedClass *class, LinkedClass *at, const StrMap *binders)
{
    const PythonStatementVec *body = &at->definition->body;
    link->scope.inside = at->definition;
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        if (s->kind == STATEMENT_FUNCTION) {
            if (s->definition->decorators.n > 0 && map_get(binders, s->definition->name.text) == at)
                read_declared_attr(link, class, at, s);
            continue;
        }
        if (s->kind == STATEMENT_IF || s->kind == STATEMENT_FOR || s->kind == STATEMENT_WITH)
            class->table->is_partial = true;
        bool is_attribute = s->kind == STATEMENT_ASSIGNMENT && s->target &&
                            s->target->kind == TERM_NAME &&
                            !str_starts_with(s->target->text, STR("__"));
        if (!is_attribute || map_get(binders, s->target->text) != at)
            continue;
        LinkedColumn field;
        if (class->is_sqlmodel && s->annotation) {
            Annotation annotation = orm_annotation(link, s->annotation);
            if (orm_relation(link, class, s, s->value, &annotation, at != class))
                continue;
            if (orm_sqlmodel_field(link, s, &annotation, &field)) {
                field.is_inherited = at != class;
                orm_add_column(link, class->table, &field);
            }
            continue;
        }
        (void)orm_attribute(link, class, at, s, s->value);
    }
    link->scope.inside = NULL;
}

void orm_attributes(Link *link, LinkedClass *class)
{
    StrMap binders = {0};
    note_binders(link, class, &binders);
    for (uint32_t i = class->order.n; i > 0; i--) {
        LinkedClass *at = class->order.items[i - 1];
        bool is_own = at == class;
        if (!is_own && (at->kind == CLASS_MAPPED || is_parents(class, at)))
            continue;
        read_body(link, class, at, &binders);
        add_library_columns(link, class, at);
    }
    class->table->is_partial |= class->has_unknown_base;
}
