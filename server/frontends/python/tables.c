/* Tables: of classes, and Table(…) by itself. */
#include "frontends/python/link.h"

enum { COLUMNS_MAX = 4096, ITEMS_MAX = 2000 };

/* --- metadata --- */

const PythonTerm *orm_metadata(Link *link, const PythonTerm *term)
{
    PythonScope *scope = &link->scope;
    for (uint32_t i = 0; i < 8 && term; i++) {
        const PythonTerm *value = python_value(scope, term);
        if (call_is(scope, value, "MetaData"))
            return value;
        bool is_attribute =
            value && value->kind == TERM_ATTRIBUTE && str_equal(value->text, STR("metadata"));
        if (!is_attribute)
            return NULL;
        Resolved owner = python_resolve(scope, value->left);
        if (owner.kind == RESOLVED_CLASS)
            return orm_class(link, owner.definition)->metadata;
        if (owner.kind != RESOLVED_VALUE || owner.value->kind != TERM_CALL)
            return NULL;
        const PythonTerm *given = call_argument(owner.value, NO_POSITION, "metadata");
        if (!given) { /* SQLAlchemy(model_class=Base), registry().generate_base() */
            const PythonTerm *base = call_argument(owner.value, NO_POSITION, "model_class");
            Resolved class = python_resolve(scope, base);
            return class.kind == RESOLVED_CLASS ? orm_class(link, class.definition)->metadata
                                                : NULL;
        }
        term = given;
    }
    return NULL;
}

Str orm_metadata_schema(Link *link, const PythonTerm *metadata)
{
    Str schema;
    bool has_schema =
        term_string(&link->scope, call_argument(metadata, NO_POSITION, "schema"), &schema);
    return has_schema && schema.length > 0 ? schema : (Str){0};
}

/* --- the list of tables --- */

LinkedTable *orm_find_table(const Link *link, Str schema, Str name)
{
    LinkedTable *first = map_get(&link->by_name, name);
    for (LinkedTable *table = first; table; table = table->next_same_name) {
        if (str_equal(table->schema, schema))
            return table;
    }
    return str_is_empty(schema) ? first : NULL;
}

/* NULL: there is one of that name already. */
static LinkedTable *table_new(Link *link, Name name, Str schema)
{
    LinkedTable *first = map_get(&link->by_name, name.text);
    for (LinkedTable *table = first; table; table = table->next_same_name) {
        if (str_equal(table->schema, schema))
            return NULL;
    }
    LinkedTable *table = ARENA_NEW(link->out, LinkedTable);
    table->name = name;
    table->schema = schema;
    if (first) {
        table->next_same_name = first->next_same_name;
        first->next_same_name = table;
    } else {
        map_set(link->out, &link->by_name, name.text, table);
    }
    VEC_PUSH(link->out, &link->tables, table);
    return table;
}

static void note_attribute(Link *link, LinkedTable *table, Str attribute, const Name *column)
{
    Name *kept = ARENA_NEW(link->out, Name);
    *kept = *column;
    if (!str_is_empty(attribute))
        map_set(link->out, &table->attributes, attribute, kept);
}

void orm_add_column(Link *link, LinkedTable *table, LinkedColumn *column)
{
    PythonColumn *own = &column->column;
    Str name = own->column.name.text;
    table->is_partial |= own->is_partial;
    note_attribute(link, table, column->attribute.text, &own->column.name);
    Str key;
    if (own->call && term_string(&link->scope, call_argument(own->call, NO_POSITION, "key"), &key))
        note_attribute(link, table, key, &own->column.name);
    if (str_is_empty(name) || map_get(&table->column_names, name) ||
        table->columns.n >= COLUMNS_MAX)
        return;
    map_set(link->out, &table->column_names, name, table);
    /* keys and checks written in a column are the table's, and know now what it is called */
    for (uint32_t i = 0; i < own->column.constraints.n; i++) {
        ConstraintDef constraint = own->column.constraints.items[i];
        if (constraint.kind == CONSTRAINT_FOREIGN_KEY) {
            constraint.parts = (IndexPartVec){0};
            IndexPart part = {.column = own->column.name, .place = own->column.name.place};
            VEC_PUSH(link->out, &constraint.parts, part);
        }
        constraint.is_inline = false;
        VEC_PUSH(link->out, &table->constraints, constraint);
    }
    own->column.constraints = (ConstraintDefVec){0};
    VEC_PUSH(link->out, &table->columns, *column);
}

/* --- what stands in __table_args__ and Table(…) beside columns --- */

static bool add_part(Link *link, LinkedTable *table, const PythonTerm *term)
{
    PythonScope *scope = &link->scope;
    const PythonTerm *value = python_value(scope, term);
    if (!value || value->kind != TERM_CALL)
        return false;
    ConstraintDef constraint;
    IndexDef index;
    scope->attributes = &table->attributes;
    bool is_known = true;
    Str class = python_sqlalchemy_name(scope, value->left);
    if (str_equal(class, STR("Index"))) {
        is_known = python_index(scope, value, 1, &index);
        if (is_known)
            VEC_PUSH(link->out, &table->indexes, index);
    } else if (str_ends_with(class, STR("Constraint"))) {
        is_known = python_constraint(scope, value, &constraint);
        if (is_known)
            VEC_PUSH(link->out, &table->constraints, constraint);
    } else {
        is_known = false;
    }
    scope->attributes = NULL;
    return is_known;
}

/* mysql_engine, schema, comment …: a keyword of Table(…), or a key of __table_args__'s dict. */
static void add_option(Link *link, LinkedTable *table, Str key, const PythonTerm *value)
{
    PythonScope *scope = &link->scope;
    Str text;
    bool flag;
    if (str_equal(key, STR("sqlite_autoincrement")) && term_boolean(scope, value, &flag))
        table->sqlite_autoincrement = flag;
    if (!term_string(scope, value, &text))
        return;
    if (str_equal(key, STR("comment")))
        table->comment = text;
    else if (str_equal(key, STR("postgresql_partition_by")))
        table->partition_by = text;
    if (scope->dialect != DIALECT_MYSQL)
        return;
    if (str_equal(key, STR("mysql_engine")))
        table->engine = text;
    else if (str_equal(key, STR("mysql_charset")) || str_equal(key, STR("mysql_default_charset")))
        table->character_set = text;
    else if (str_equal(key, STR("mysql_collate")))
        table->collation = text;
}

static const PythonTerm *dict_item(Link *link, const PythonTerm *dict, const char *name)
{
    dict = python_value(&link->scope, dict);
    for (uint32_t i = 0; dict && dict->kind == TERM_DICT && i < dict->items.n; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str key;
        if (pair->kind == TERM_PAIR && term_string(&link->scope, pair->left, &key) &&
            str_equal(key, str_from(name)))
            return pair->right;
    }
    return NULL;
}

static void add_options(Link *link, LinkedTable *table, const PythonTerm *dict)
{
    for (uint32_t i = 0; i < dict->items.n && i < ITEMS_MAX; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str key;
        if (pair->kind == TERM_PAIR && term_string(&link->scope, pair->left, &key))
            add_option(link, table, key, pair->right);
    }
}

/* --- __table_args__ --- */

/* The tuple or dictionary; NULL: none, or *is_unknown. */
static const PythonTerm *table_args(LinkedClass *class, LinkedClass **found_in, bool *is_unknown)
{
    const PythonStatement *s = orm_class_attribute(class, "__table_args__", found_in);
    *is_unknown = false;
    if (!s || (*found_in != class && (*found_in)->kind == CLASS_MAPPED))
        return NULL;
    if (s->kind != STATEMENT_FUNCTION)
        return s->value;
    *is_unknown = !python_only_returns(s->definition);
    return python_returned(s->definition);
}

static const PythonTerm *args_dict(Link *link, const PythonTerm *args)
{
    const PythonTerm *value = python_value(&link->scope, args);
    PythonTermVec items = {0};
    if (!value || value->kind == TERM_DICT)
        return value;
    if (!term_items(&link->scope, args, &items) || items.n == 0)
        return NULL;
    const PythonTerm *last = python_value(&link->scope, items.items[items.n - 1]);
    return last && last->kind == TERM_DICT ? last : NULL;
}

/* The schema that a class's table is in; absent: none. */
static Str class_schema(Link *link, LinkedClass *class)
{
    LinkedClass *found_in;
    bool is_unknown;
    const PythonTerm *args = table_args(class, &found_in, &is_unknown);
    const PythonTerm *dict = args ? args_dict(link, args) : NULL;
    const PythonTerm *schema = dict ? dict_item(link, dict, "schema") : NULL;
    Str text;
    if (schema)
        return term_string(&link->scope, schema, &text) ? text : (Str){0};
    return orm_metadata_schema(link, class->metadata);
}

void orm_table_args(Link *link, LinkedClass *class)
{
    LinkedClass *found_in = NULL;
    bool is_unknown;
    const PythonTerm *args = table_args(class, &found_in, &is_unknown);
    LinkedTable *table = class->table;
    table->is_partial |= is_unknown;
    if (!args)
        return;
    link->scope.inside = found_in->definition;
    const PythonTerm *dict = args_dict(link, args);
    if (dict)
        add_options(link, table, dict);
    PythonTermVec items = {0};
    const PythonTerm *value = python_value(&link->scope, args);
    if (value->kind != TERM_DICT && !term_items(&link->scope, args, &items)) {
        table->is_partial |= value->kind != TERM_NONE;
        items.n = 0;
    }
    for (uint32_t i = 0; i < items.n && i < ITEMS_MAX; i++) {
        const PythonTerm *item = python_value(&link->scope, items.items[i]);
        if (item != dict && !add_part(link, table, items.items[i]))
            table->is_partial = true;
    }
    link->scope.inside = NULL;
}

/* --- classes --- */

/* __table__ = users, or Table(…); NULL: the class has none of its own. */
static const PythonStatement *own_hybrid(LinkedClass *class)
{
    LinkedClass *found_in;
    const PythonStatement *s = orm_class_attribute(class, "__table__", &found_in);
    return s && found_in == class ? s : NULL;
}

static Str indent_of(const PythonDefinition *definition)
{
    if (definition->body.n == 0)
        return STR("    ");
    Place place = definition->body.items[0]->place;
    Str text = place.fragment->text;
    uint32_t start = place.range.start;
    while (start > 0 && (text.data[start - 1] == ' ' || text.data[start - 1] == '\t'))
        start--;
    bool is_line_start = start == 0 || text.data[start - 1] == '\n';
    return is_line_start ? str_slice(text, start, place.range.start) : STR("    ");
}

static OrmModel *new_model(Link *link, LinkedClass *class, Name table, Str schema)
{
    const PythonDefinition *definition = class->definition;
    OrmModel *model = ARENA_NEW(link->out, OrmModel);
    model->kind = ORM_SQLALCHEMY;
    model->name = definition->name;
    model->schema = schema;
    model->table = table;
    model->place = definition->place;
    model->insertion =
        place_is_set(definition->body_place) ? place_after(definition->body_place) : (Place){0};
    model->indent = indent_of(definition);
    VEC_PUSH(link->out, &link->declared->models, model);
    return model;
}

void orm_class_table(Link *link, LinkedClass *class)
{
    if (class->table || class->in_progress)
        return;
    class->in_progress = true;
    if (class->parent && !class->parent->table)
        orm_class_table(link, class->parent);
    bool is_unknown = false;
    Name name = orm_table_name(link, class, &is_unknown);
    Str schema = class_schema(link, class);
    LinkedTable *own = NULL;
    const PythonStatement *hybrid = own_hybrid(class);
    if (hybrid) {
        own = hybrid->value ? orm_table_of_term(link, hybrid->value) : NULL;
        if (own && !own->class)
            own->class = class->definition;
    } else if (!name_is_absent(name) && !str_is_empty(name.text)) {
        own = table_new(link, name, schema);
        if (own) {
            own->class = class->definition;
            own->metadata = class->metadata;
            own->place = class->definition->place;
        } else {
            own = orm_find_table(link, schema, name.text);
            class->shares_table = true;
        }
    } else if (class->parent && !is_unknown) {
        own = class->parent->table;
        class->shares_table = true;
    }
    class->in_progress = false;
    class->table = own;
    if (!own)
        return;
    Name table = class->shares_table ? (Name){own->name.text, class->definition->name.place}
                                     : (Name){own->name.text, name.place};
    if (!place_is_set(table.place))
        table.place = own->name.place;
    class->model = new_model(link, class, table, own->schema);
    class->model->parent = class->parent ? class->parent->model : NULL;
    if (!own->model)
        own->model = class->model;
}

/* --- Table(…) --- */

/* Table(…), or a function of the project that ends by calling it with all it was given. */
static bool is_table_call(Link *link, const PythonTerm *value)
{
    if (!value || value->kind != TERM_CALL)
        return false;
    Resolved function = python_resolve(&link->scope, value->left);
    if (function.kind == RESOLVED_EXTERNAL)
        return str_equal(sqlalchemy_name(function.dotted, NULL), STR("Table"));
    const PythonDefinition *wrapper =
        function.kind == RESOLVED_FUNCTION ? function.definition : NULL;
    if (!wrapper || !wrapper->has_body || wrapper->body.n == 0)
        return false;
    const PythonStatement *last = wrapper->body.items[wrapper->body.n - 1];
    const PythonTerm *call = last->kind == STATEMENT_RETURN ? last->value : NULL;
    return call_is(&link->scope, call, "Table") && call->items.n == 2 &&
           call->items.items[0]->kind == TERM_SPLAT &&
           call->items.items[1]->kind == TERM_DOUBLE_SPLAT;
}

static void add_table_argument(Link *link, LinkedTable *table, const PythonTerm *argument,
                               bool is_metadata)
{
    const PythonTerm *call = orm_column_call(link, argument);
    if (!call) {
        bool is_part = add_part(link, table, argument);
        table->is_partial |= !is_part && !is_metadata;
        return;
    }
    LinkedColumn column = {.place = argument->place};
    if (!python_column(&link->scope, call, &column.column) ||
        name_is_absent(column.column.column.name)) {
        table->is_partial = true;
        return;
    }
    column.attribute = column.column.column.name;
    column.type_place = column.column.type_term ? column.column.type_term->place : (Place){0};
    column.client_default = call_argument(call, NO_POSITION, "default");
    column.on_update = call_argument(call, NO_POSITION, "onupdate");
    orm_add_column(link, table, &column);
}

/* db.Table(…): that of the SQLAlchemy(metadata=…) object. */
static const PythonTerm *metadata_of_object(Link *link, const PythonTerm *call)
{
    const PythonTerm *object = call->left && call->left->kind == TERM_ATTRIBUTE
                                   ? python_value(&link->scope, call->left->left)
                                   : NULL;
    if (!object || object->kind != TERM_CALL)
        return NULL;
    const PythonTerm *given = call_argument(object, NO_POSITION, "metadata");
    return given ? orm_metadata(link, given) : NULL;
}

/* The table with its name, before its columns: keys may point to it from anywhere. */
static void make_table(Link *link, const PythonTerm *call, const PythonStatement *statement)
{
    PythonScope *scope = &link->scope;
    Name name = term_name(scope, call_argument(call, 0, "name"));
    bool is_reflected = call_keyword(call, "autoload") || call_keyword(call, "autoload_with");
    if (name_is_absent(name) || is_reflected)
        return;
    const PythonTerm *second = call_argument(call, 1, "metadata");
    const PythonTerm *metadata = second ? orm_metadata(link, second) : NULL;
    metadata = metadata ? metadata : metadata_of_object(link, call);
    const PythonTerm *schema = call_argument(call, NO_POSITION, "schema");
    Str schema_name = orm_metadata_schema(link, metadata);
    if (schema && !term_is_none(schema) && !term_string(scope, schema, &schema_name))
        return;
    LinkedTable *table = table_new(link, name, schema_name);
    if (!table)
        return;
    table->metadata = metadata;
    table->place = statement->place;
    table->call = call;
    table->inside = scope->inside;
    map_set(link->out, &link->by_statement, orm_address(link, call), table);
}

void orm_core_columns(Link *link, LinkedTable *table)
{
    PythonScope *scope = &link->scope;
    const PythonTerm *call = table->call;
    const PythonTerm *second = call_argument(call, 1, NULL);
    scope->inside = table->inside;
    uint32_t position = 0;
    for (uint32_t i = 0; i < call->items.n && i < COLUMNS_MAX; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_KEYWORD) {
            add_option(link, table, item->text, item->left);
            continue;
        }
        PythonTermVec items = {0};
        if (item->kind == TERM_SPLAT) {
            table->is_partial |= !term_items(scope, item->left, &items);
        } else if (item->kind == TERM_DOUBLE_SPLAT) {
            table->is_partial = true;
        } else if (position++ > 0) {
            VEC_PUSH(link->out, &items, item);
        }
        for (uint32_t k = 0; k < items.n; k++)
            add_table_argument(link, table, items.items[k], items.items[k] == second);
    }
    scope->inside = NULL;
}

static void tables_in(Link *link, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        bool has_value = s->kind == STATEMENT_ASSIGNMENT || s->kind == STATEMENT_TERM;
        if (has_value && is_table_call(link, s->value))
            make_table(link, s->value, s);
        else if (s->kind == STATEMENT_CLASS) { /* __table__ = Table(…) */
            link->scope.inside = s->definition;
            tables_in(link, &s->definition->body);
            link->scope.inside = s->definition->outer;
        } else if (s->kind == STATEMENT_IF || s->kind == STATEMENT_TRY ||
                   s->kind == STATEMENT_WITH) {
            tables_in(link, &s->body);
            tables_in(link, &s->otherwise);
        }
    }
}

void orm_core_tables(Link *link, const PythonModule *module)
{
    tables_in(link, &module->body);
}

/* --- terms that stand for tables and columns --- */

LinkedTable *orm_table_of_term(Link *link, const PythonTerm *term)
{
    if (!term)
        return NULL;
    if (term->kind == TERM_ATTRIBUTE && str_equal(term->text, STR("__table__")))
        term = term->left;
    const PythonTerm *value = python_value(&link->scope, term);
    if (value && value->kind == TERM_CALL) {
        LinkedTable *table =
            map_get(&link->by_statement, str_of((const char *)&value, sizeof value));
        if (table)
            return table;
    }
    Resolved resolved = python_resolve(&link->scope, term);
    if (resolved.kind != RESOLVED_CLASS)
        return NULL;
    LinkedClass *class = orm_class(link, resolved.definition);
    return class->table;
}

/* `users.c.id`, `User.id`, `User.__table__.c.id`: whose column it is. */
static LinkedTable *table_of_column(Link *link, const PythonTerm *term)
{
    if (term && term->kind == TERM_SUBSCRIPT)
        term = term->left;
    else if (term && term->kind == TERM_ATTRIBUTE)
        term = term->left;
    else
        return NULL;
    bool is_collection = term && term->kind == TERM_ATTRIBUTE &&
                         (str_equal(term->text, STR("c")) || str_equal(term->text, STR("columns")));
    return orm_table_of_term(link, is_collection ? term->left : term);
}

/* The column's name that an attribute of a class has, before its columns are read. */
static Name attribute_column(Link *link, LinkedClass *class, Str attribute, Place place)
{
    for (uint32_t i = 0; i < class->order.n; i++) {
        const PythonBinding *binding =
            map_get(&class->order.items[i]->definition->names, attribute);
        if (!binding || binding->statement->kind != STATEMENT_ASSIGNMENT)
            continue;
        const PythonTerm *call = orm_column_call(link, binding->statement->value);
        Name name = term_name(&link->scope, call_argument(call, 0, "name"));
        return name_is_absent(name) ? (Name){attribute, place} : (Name){name.text, place};
    }
    return (Name){attribute, place};
}

bool orm_reference_of(void *context, const PythonTerm *term, QualifiedName *table, Name *column)
{
    Link *link = context;
    if (term && term->kind == TERM_LAMBDA)
        term = term->left;
    if (!term)
        return false;
    if (term->kind == TERM_NAME) { /* a column of the same class, or in a variable */
        const PythonDefinition *inside = link->scope.inside;
        LinkedClass *class = inside ? orm_class(link, inside) : NULL;
        const PythonTerm *value = python_value(&link->scope, term);
        if (!class || !class->table || !orm_column_call(link, value))
            return false;
        *column = attribute_column(link, class, term->text, term->place);
        *table =
            (QualifiedName){.name = {class->table->name.text, term->place}, .place = term->place};
        if (!str_is_absent(class->table->schema))
            table->schema = (Name){class->table->schema, term->place};
        return true;
    }
    const LinkedTable *target = table_of_column(link, term);
    if (!target)
        return false;
    Place place = term->kind == TERM_ATTRIBUTE ? term->text_place : term->place;
    const Name *known = map_get(&target->attributes, term->text);
    if (term->kind == TERM_SUBSCRIPT)
        *column = term->items.n == 1 ? term_name(&link->scope, term->items.items[0]) : (Name){0};
    else if (known)
        *column = (Name){known->text, place};
    else if (target->class)
        *column = attribute_column(link, orm_class(link, target->class), term->text, place);
    else
        *column = (Name){term->text, place};
    *table = (QualifiedName){.name = {target->name.text, term->place}, .place = term->place};
    if (!str_is_absent(target->schema))
        table->schema = (Name){target->schema, term->place};
    return !name_is_absent(*column);
}

/* --- statements behind the tables --- */

/* Index("ix_users_name", User.name): it belongs to the table of its columns. */
static void add_index(Link *link, const PythonTerm *call)
{
    LinkedTable *table = NULL;
    for (uint32_t i = 0; i < call->items.n && i < 32 && !table; i++) {
        const PythonTerm *item = call->items.items[i];
        for (uint32_t depth = 0; item && depth < 6 && !table; depth++) {
            table = table_of_column(link, item);
            if (table || item->kind != TERM_CALL)
                break;
            /* func.lower(User.name), User.name.desc() */
            bool is_method = item->items.n == 0 && item->left;
            item = is_method ? item->left->left : item->items.n ? item->items.items[0] : NULL;
        }
    }
    if (table)
        (void)add_part(link, table, call);
}

/* User.nickname = Column(…), behind the class. */
static void add_outside_attribute(Link *link, const PythonStatement *s)
{
    Resolved resolved = python_resolve(&link->scope, s->target->left);
    if (resolved.kind != RESOLVED_CLASS)
        return;
    LinkedClass *class = orm_class(link, resolved.definition);
    if (class->table && class->kind == CLASS_MAPPED)
        (void)orm_attribute(link, class, class, s, s->value);
}

/* setattr(User, "nickname", Column(…)) */
static void add_set_attribute(Link *link, const PythonStatement *s)
{
    Name name = term_name(&link->scope, call_argument(s->value, 1, NULL));
    Resolved resolved = python_resolve(&link->scope, call_argument(s->value, 0, NULL));
    const PythonTerm *value = call_argument(s->value, 2, NULL);
    if (name_is_absent(name) || resolved.kind != RESOLVED_CLASS || !value)
        return;
    LinkedClass *class = orm_class(link, resolved.definition);
    PythonTerm *target = ARENA_NEW(link->out, PythonTerm);
    *target = (PythonTerm){.kind = TERM_NAME, .text = name.text, .place = name.place};
    PythonStatement *assignment = ARENA_NEW(link->out, PythonStatement);
    *assignment = (PythonStatement){
        .kind = STATEMENT_ASSIGNMENT, .target = target, .value = value, .place = s->place};
    if (class->table && class->kind == CLASS_MAPPED)
        (void)orm_attribute(link, class, class, assignment, value);
}

static bool is_setattr(const PythonTerm *call)
{
    return call->kind == TERM_CALL && call->left && call->left->kind == TERM_NAME &&
           str_equal(call->left->text, STR("setattr")) && call->items.n == 3;
}

static void statements_in(Link *link, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        bool has_value = (s->kind == STATEMENT_ASSIGNMENT || s->kind == STATEMENT_TERM) && s->value;
        if (has_value && call_is(&link->scope, s->value, "Index"))
            add_index(link, s->value);
        else if (s->kind == STATEMENT_TERM && s->value && is_setattr(s->value))
            add_set_attribute(link, s);
        else if (s->kind == STATEMENT_ASSIGNMENT && s->value && s->value->kind == TERM_CALL &&
                 s->target && s->target->kind == TERM_ATTRIBUTE)
            add_outside_attribute(link, s);
        else if (s->kind == STATEMENT_CLASS) {
            link->scope.inside = s->definition;
            statements_in(link, &s->definition->body);
            link->scope.inside = s->definition->outer;
        } else if (s->kind == STATEMENT_IF || s->kind == STATEMENT_TRY) {
            statements_in(link, &s->body);
            statements_in(link, &s->otherwise);
        }
    }
}

void orm_core_statements(Link *link, const PythonModule *module)
{
    statements_in(link, &module->body);
}
