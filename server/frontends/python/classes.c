/* What the classes of a project are to SQLAlchemy. */
#include "frontends/python/link.h"

enum { ORDER_MAX = 64, NAME_DEPTH_MAX = 12 };

Str orm_address(Link *link, const void *pointer)
{
    const void **key = ARENA_NEW(link->out, const void *);
    *key = pointer;
    return str_of((const char *)key, sizeof *key);
}

Str orm_key(Arena *out, const void *pointer, Str name)
{
    return str_format(out, "%p " STR_FMT, pointer, STR_ARG(name));
}

static LinkedClass *class_at(Link *link, const PythonDefinition *definition)
{
    LinkedClass *class =
        map_get(&link->classes, str_of((const char *)&definition, sizeof definition));
    if (class)
        return class;
    class = ARENA_NEW(link->out, LinkedClass);
    class->definition = definition;
    map_set(link->out, &link->classes, orm_address(link, definition), class);
    return class;
}

/* --- bases --- */

static const PythonTerm *own_value(const PythonDefinition *definition, const char *name)
{
    const PythonBinding *binding = map_get(&definition->names, str_from(name));
    return binding && binding->statement->kind == STATEMENT_ASSIGNMENT ? binding->statement->value
                                                                       : NULL;
}

static bool own_flag(Link *link, const PythonDefinition *definition, const char *name)
{
    bool value = false;
    return term_boolean(&link->scope, own_value(definition, name), &value) && value;
}

static void take_base_options(Link *link, LinkedClass *class)
{
    const PythonTerm *metadata = own_value(class->definition, "metadata");
    const PythonTerm *type_map = own_value(class->definition, "type_annotation_map");
    if (metadata)
        class->metadata = orm_metadata(link, metadata);
    if (type_map)
        class->type_map = python_value(&link->scope, type_map);
    const PythonTerm *registry =
        python_value(&link->scope, own_value(class->definition, "registry"));
    if (call_is(&link->scope, registry, "registry")) {
        const PythonTerm *map = call_argument(registry, NO_POSITION, "type_annotation_map");
        const PythonTerm *given = call_argument(registry, NO_POSITION, "metadata");
        class->type_map = map ? python_value(&link->scope, map) : class->type_map;
        class->metadata = given ? orm_metadata(link, given) : class->metadata;
    }
}

static void add_to_order(Link *link, LinkedClass *class, LinkedClass *base)
{
    for (uint32_t i = 0; i < class->order.n; i++) {
        if (class->order.items[i] == base)
            return;
    }
    if (class->order.n < ORDER_MAX)
        VEC_PUSH(link->out, &class->order, base);
}

static void inherit(Link *link, LinkedClass *class, LinkedClass *base)
{
    class->is_declarative |= base->is_declarative || base->kind == CLASS_BASE;
    class->is_flask |= base->is_flask;
    class->is_sqlmodel |= base->is_sqlmodel;
    class->has_unknown_base |= base->has_unknown_base;
    class->metadata = class->metadata ? class->metadata : base->metadata;
    class->type_map = class->type_map ? class->type_map : base->type_map;
    for (uint32_t i = 0; i < base->order.n; i++)
        add_to_order(link, class, base->order.items[i]);
}

/* A class given to declarative_base(cls=…) or SQLAlchemy(model_class=…). */
static void inherit_term(Link *link, LinkedClass *class, const PythonTerm *term)
{
    PythonTermVec items = {0};
    if (!term)
        return;
    if (!term_items(&link->scope, term, &items))
        VEC_PUSH(link->out, &items, term);
    for (uint32_t i = 0; i < items.n; i++) {
        Resolved base = python_resolve(&link->scope, items.items[i]);
        if (base.kind == RESOLVED_CLASS && base.definition != class->definition)
            inherit(link, class, orm_class(link, base.definition));
        else if (base.kind != RESOLVED_EXTERNAL)
            class->has_unknown_base = true;
    }
}

/* The object that `db.Model`'s db is: SQLAlchemy(…). */
static void inherit_flask(Link *link, LinkedClass *class, const PythonTerm *base)
{
    class->is_declarative = class->is_flask = true;
    if (base->kind != TERM_ATTRIBUTE)
        return;
    const PythonTerm *db = python_value(&link->scope, base->left);
    if (!db || db->kind != TERM_CALL)
        return;
    const PythonTerm *metadata = call_argument(db, NO_POSITION, "metadata");
    if (metadata)
        class->metadata = orm_metadata(link, metadata);
    inherit_term(link, class, call_argument(db, NO_POSITION, "model_class"));
}

static bool is_base_maker(Str name)
{
    return str_equal(name, STR("declarative_base")) || str_equal(name, STR("generate_base")) ||
           str_equal(name, STR("automap_base")) || str_equal(name, STR("as_declarative"));
}

/* Base = declarative_base(…) */
static bool inherit_made_base(Link *link, LinkedClass *class, const PythonTerm *call)
{
    if (!call || call->kind != TERM_CALL ||
        !is_base_maker(python_sqlalchemy_name(&link->scope, call->left)))
        return false;
    class->is_declarative = true;
    const PythonTerm *metadata = call_argument(call, NO_POSITION, "metadata");
    if (metadata)
        class->metadata = orm_metadata(link, metadata);
    const PythonTerm *registry =
        call->left->kind == TERM_ATTRIBUTE ? python_value(&link->scope, call->left->left) : NULL;
    if (!metadata && call_is(&link->scope, registry, "registry"))
        class->metadata = orm_metadata(link, call_argument(registry, NO_POSITION, "metadata"));
    inherit_term(link, class, call_argument(call, NO_POSITION, "cls"));
    return true;
}

static bool is_harmless_base(Str dotted)
{
    static const Str prefixes[] = {
        STR_INIT("typing."),
        STR_INIT("abc."),
        STR_INIT("object"),
        STR_INIT("collections."),
        STR_INIT("enum."),
        STR_INIT("flask_login."),
        STR_INIT("pydantic."),
        STR_INIT("typing_extensions."),
        STR_INIT("sqlalchemy."),
        STR_INIT("werkzeug."),
        STR_INIT("itsdangerous."),
        STR_INIT("dataclasses."),
        /* columns of its TimestampMixin: see attributes.c */
        STR_INIT("oslo_db.sqlalchemy.models."),
        STR_INIT("sqlalchemy_serializer."),
        STR_INIT("marshmallow"),
    };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (str_starts_with(dotted, prefixes[i]))
            return true;
    }
    return false;
}

static void read_base(Link *link, LinkedClass *class, const PythonTerm *base)
{
    if (base->kind == TERM_KEYWORD || base->kind == TERM_DOUBLE_SPLAT)
        return;
    if (base->kind == TERM_SUBSCRIPT) /* Generic[T] */
        base = base->left;
    Resolved resolved = python_resolve(&link->scope, base);
    if (resolved.kind == RESOLVED_CLASS) {
        LinkedClass *other = orm_class(link, resolved.definition);
        if (other != class && !other->in_progress)
            inherit(link, class, other);
        return;
    }
    if (resolved.kind == RESOLVED_VALUE && inherit_made_base(link, class, resolved.value))
        return;
    if (resolved.kind != RESOLVED_EXTERNAL) {
        bool is_object = base->kind == TERM_NAME && str_equal(base->text, STR("object"));
        class->has_unknown_base |= !is_object;
        return;
    }
    Str name = sqlalchemy_name(resolved.dotted, NULL);
    if (str_equal(name, STR("DeclarativeBase")) || str_equal(name, STR("DeclarativeBaseNoMeta")))
        class->kind = CLASS_BASE;
    else if (str_equal(name, STR("Model")) &&
             str_starts_with(resolved.dotted, STR("flask_sqlalchemy")))
        inherit_flask(link, class, base);
    else if (str_equal(name, STR("SQLModel")))
        class->is_declarative = class->is_sqlmodel = true;
    else if (str_starts_with(name, STR("declarative_base"))) /* Base of another library's maker */
        class->is_declarative = true;
    else if (!is_harmless_base(resolved.dotted))
        class->has_unknown_base = true;
}

static void read_decorators(Link *link, LinkedClass *class)
{
    const PythonTermVec *decorators = &class->definition->decorators;
    for (uint32_t i = 0; i < decorators->n; i++) {
        const PythonTerm *term = decorators->items[i];
        const PythonTerm *function = term->kind == TERM_CALL ? term->left : term;
        Str name = python_sqlalchemy_name(&link->scope, function);
        if (str_equal(name, STR("mapped")) || str_equal(name, STR("mapped_as_dataclass")))
            class->is_declarative = true;
        else if (str_equal(name, STR("as_declarative")) ||
                 str_equal(name, STR("as_declarative_base")))
            class->kind = CLASS_BASE;
        bool is_maker = term->kind == TERM_CALL && class->kind == CLASS_BASE;
        const PythonTerm *metadata = is_maker ? call_argument(term, NO_POSITION, "metadata") : NULL;
        if (metadata)
            class->metadata = orm_metadata(link, metadata);
    }
}

/* --- kinds --- */

static bool has_table_argument(Link *link, const PythonDefinition *definition)
{
    for (uint32_t i = 0; i < definition->arguments.n; i++) {
        const PythonTerm *argument = definition->arguments.items[i];
        bool value;
        if (argument->kind == TERM_KEYWORD && str_equal(argument->text, STR("table")) &&
            term_boolean(&link->scope, argument->left, &value))
            return value;
    }
    return false;
}

static ClassKind kind_of_class(Link *link, LinkedClass *class)
{
    const PythonDefinition *definition = class->definition;
    if (class->kind == CLASS_BASE)
        return CLASS_BASE;
    /* a base that is not at hand: the class says itself what it is */
    bool says_so = class->has_unknown_base && own_value(definition, "__tablename__");
    if (!class->is_declarative && !says_so)
        return CLASS_OTHER;
    if (own_flag(link, definition, "__abstract__"))
        return CLASS_ABSTRACT;
    if (class->is_sqlmodel)
        return has_table_argument(link, definition) ? CLASS_MAPPED : CLASS_OTHER;
    bool is_unknown = false;
    if (own_value(definition, "__table__") ||
        !name_is_absent(orm_table_name(link, class, &is_unknown)) || is_unknown)
        return CLASS_MAPPED;
    return class->parent ? CLASS_MAPPED : CLASS_OTHER;
}

LinkedClass *orm_class(Link *link, const PythonDefinition *definition)
{
    LinkedClass *class = class_at(link, definition);
    if (class->is_known || class->in_progress)
        return class;
    class->in_progress = true;
    class->has_unknown_base |= ++link->class_depth > ORDER_MAX;
    VEC_PUSH(link->out, &class->order, class);
    take_base_options(link, class);
    if (link->class_depth <= ORDER_MAX) {
        for (uint32_t i = 0; i < definition->arguments.n; i++)
            read_base(link, class, definition->arguments.items[i]);
    }
    read_decorators(link, class);
    for (uint32_t i = 1; i < class->order.n && !class->parent; i++) {
        if (class->order.items[i]->kind == CLASS_MAPPED)
            class->parent = class->order.items[i];
    }
    link->class_depth--;
    class->is_known = true;
    class->in_progress = false;
    class->kind = kind_of_class(link, class);
    return class;
}

static void find_in(Link *link, const PythonStatementVec *body)
{
    for (uint32_t i = 0; i < body->n; i++) {
        const PythonStatement *s = body->items[i];
        if (s->kind == STATEMENT_CLASS) {
            VEC_PUSH(link->out, &link->class_list, orm_class(link, s->definition));
            find_in(link, &s->definition->body);
        } else if (s->kind == STATEMENT_IF || s->kind == STATEMENT_TRY ||
                   s->kind == STATEMENT_WITH) {
            find_in(link, &s->body);
            find_in(link, &s->otherwise);
        }
    }
}

/* Projects with several databases have classes of one name: a string alone does not tell them
 * apart, its module does. */
static void note_twins(Link *link, LinkedClass *first, LinkedClass *class)
{
    Str name = class->definition->name.text;
    map_set(link->out, &link->twin_names, name, first);
    LinkedClass *both[] = {first, class};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        Str key = orm_key(link->out, both[i]->definition->place.fragment, name);
        if (!map_get(&link->twin_names, key))
            map_set(link->out, &link->twin_names, key, both[i]);
    }
}

void orm_find_classes(Link *link)
{
    for (uint32_t i = 0; i < link->project->n_files; i++) {
        if (!link->project->files[i].is_program)
            find_in(link, &link->project->files[i].module->body);
    }
    for (uint32_t i = 0; i < link->class_list.n; i++) {
        LinkedClass *class = link->class_list.items[i];
        Str name = class->definition->name.text;
        if (class->kind != CLASS_MAPPED)
            continue;
        LinkedClass *first = map_get(&link->class_names, name);
        if (first)
            note_twins(link, first, class);
        else
            map_set(link->out, &link->class_names, name, class);
    }
}

/* --- attributes of classes --- */

static const PythonStatement *own_attribute(const PythonDefinition *definition, Str name)
{
    const PythonBinding *binding = map_get(&definition->names, name);
    bool is_class = binding && binding->statement->kind == STATEMENT_CLASS;
    return binding && !is_class ? binding->statement : NULL;
}

const PythonStatement *orm_class_attribute(LinkedClass *class, const char *name,
                                           LinkedClass **found_in)
{
    for (uint32_t i = 0; i < class->order.n; i++) {
        LinkedClass *at = class->order.items[i];
        const PythonStatement *s = own_attribute(at->definition, str_from(name));
        bool is_parents = at != class && at->kind == CLASS_MAPPED;
        if (s && (!is_parents || s->kind == STATEMENT_FUNCTION)) {
            *found_in = at;
            return s;
        }
    }
    return NULL;
}

/* --- table names --- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* HTTPServerLog -> http_server_log, as Flask-SQLAlchemy does */
static Str snake_case(Arena *out, Str name)
{
    char *text = arena_alloc_raw(out, name.length * 2u + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool before_lower =
            i + 1 < name.length && name.data[i + 1] >= 'a' && name.data[i + 1] <= 'z';
        if (is_upper(c) && i > 0 && (is_lower_or_digit(name.data[i - 1]) || before_lower))
            text[n++] = '_';
        text[n++] = is_upper(c) ? (char)(c | 0x20) : c;
    }
    Str result = str_of(text, n);
    while (str_starts_with(result, STR("_")))
        result = str_slice(result, 1, result.length);
    return result;
}

/* UserAccount, which everybody cuts alike; not HTTPLog or Oauth2Token. */
static bool has_plain_humps(Str name)
{
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool follows_capital = i > 0 && is_upper(name.data[i - 1]);
        if ((is_upper(c) && follows_capital) || (c >= '0' && c <= '9') || c == '_')
            return false;
    }
    return true;
}

/* `cls.__name__.lower() + "s"` and its like, for the class at hand. */
static bool name_expression(Link *link, const PythonTerm *term, Str class_name, Str *value,
                            uint32_t depth)
{
    if (!term || depth > NAME_DEPTH_MAX)
        return false;
    if (term->kind == TERM_ATTRIBUTE && str_equal(term->text, STR("__name__"))) {
        *value = class_name;
        return true;
    }
    if (term->kind == TERM_CALL && term->left && term->left->kind == TERM_ATTRIBUTE &&
        str_equal(term->left->text, STR("lower")) && term->items.n == 0) {
        Str inner;
        if (!name_expression(link, term->left->left, class_name, &inner, depth + 1))
            return false;
        *value = str_lower(link->out, inner);
        return true;
    }
    if (term->kind == TERM_CALL && term->items.n == 1 && term->left) {
        /* camel_to_snake(cls.__name__): by its name, which says it */
        Str function = term->left->text, inner;
        bool is_snake =
            (str_contains(function, STR("snake")) || str_contains(function, STR("underscore"))) &&
            has_plain_humps(class_name);
        if (!is_snake ||
            !name_expression(link, term->items.items[0], class_name, &inner, depth + 1))
            return false;
        *value = snake_case(link->out, inner);
        return true;
    }
    if (term->kind == TERM_BINARY && str_equal(term->text, STR("+"))) {
        Str parts[2];
        if (!name_expression(link, term->left, class_name, &parts[0], depth + 1) ||
            !name_expression(link, term->right, class_name, &parts[1], depth + 1))
            return false;
        *value = str_join(link->out, parts, 2, STR(""));
        return true;
    }
    if (term->kind == TERM_FORMATTED && term->items.n > 0) {
        StrVec parts = {0};
        for (uint32_t i = 0; i < term->items.n && i < 16; i++) {
            Str part;
            if (!name_expression(link, term->items.items[i], class_name, &part, depth + 1))
                return false;
            VEC_PUSH(link->out, &parts, part);
        }
        *value = str_join(link->out, parts.items, parts.n, STR(""));
        return true;
    }
    return term_string(&link->scope, term, value);
}

static Name written_table_name(Link *link, LinkedClass *class, const PythonStatement *s,
                               bool *is_unknown)
{
    Name name = {.place = class->definition->name.place};
    const PythonTerm *term = s->value;
    if (s->kind == STATEMENT_FUNCTION)
        term = python_returned(s->definition);
    else if (term && term->kind != TERM_NONE)
        name = term_name(&link->scope, term);
    if (name_is_absent(name) && term && term->kind != TERM_NONE &&
        !name_expression(link, term, class->definition->name.text, &name.text, 0))
        *is_unknown = true;
    *is_unknown |= s->kind == STATEMENT_FUNCTION && !term;
    if (!place_is_set(name.place))
        name.place = class->definition->name.place;
    return name;
}

/* Flask-SQLAlchemy makes a name where no class has one, or only a mapped parent does; and then
 * makes a table of it only where the class has a primary key of its own. */
static bool has_own_primary_key(Link *link, LinkedClass *class)
{
    for (uint32_t i = 0; i < class->order.n; i++) {
        const LinkedClass *at = class->order.items[i];
        if (at != class && at->kind == CLASS_MAPPED)
            break;
        for (uint32_t k = 0; k < at->definition->body.n; k++) {
            const PythonStatement *s = at->definition->body.items[k];
            const PythonTerm *value = s->value;
            if (s->kind == STATEMENT_FUNCTION && s->definition->decorators.n > 0)
                value = python_returned(s->definition);
            const PythonTerm *column = value ? orm_column_call(link, value) : NULL;
            if (column && call_flag(&link->scope, column, "primary_key"))
                return true;
        }
    }
    return !class->parent;
}

Name orm_table_name(Link *link, LinkedClass *class, bool *is_unknown)
{
    LinkedClass *found_in = NULL;
    const PythonStatement *s = orm_class_attribute(class, "__tablename__", &found_in);
    *is_unknown = false;
    Name name = {0};
    bool is_parents_function = s && found_in != class && found_in->kind == CLASS_MAPPED;
    if (s && !is_parents_function)
        return written_table_name(link, class, s, is_unknown);
    Name class_name = class->definition->name;
    if (class->is_sqlmodel)
        return (Name){str_lower(link->out, class_name.text), class_name.place};
    if (class->is_flask && has_own_primary_key(link, class))
        name = (Name){snake_case(link->out, class_name.text), class_name.place};
    else if (is_parents_function) { /* a declared_attr of the parent is asked again */
        bool unsure = false;
        name = written_table_name(link, class, s, &unsure);
        if (unsure)
            name = (Name){0};
    }
    return name;
}
