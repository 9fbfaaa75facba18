/* Names are followed through imports, assignments and classes until something is reached that is
 * no name. Files may point in circles, and stars may multiply: each question has a depth and a
 * number of steps, and what takes more is not known. */
#include "frontends/python/lower.h"

enum {
    RESOLVE_DEPTH_MAX = 48,
    RESOLVE_STEPS_MAX = 600,
    REBOUND_MAX = 32,    /* how often a class's body binds a name anew */
    KNOWN_KEY_MAX = 120, /* bytes: longer names are followed each time */
};

static Resolved resolve_term(PythonScope *scope, const PythonTerm *term);
static Resolved resolve_in_module(PythonScope *scope, const PythonModule *module, Str name);

static bool enter(PythonScope *scope)
{
    if (scope->depth == 0)
        scope->steps = 0;
    if (scope->depth >= RESOLVE_DEPTH_MAX || scope->steps >= RESOLVE_STEPS_MAX) {
        scope->n_cut++;
        return false;
    }
    scope->depth++;
    scope->steps++;
    return true;
}

static void leave(PythonScope *scope)
{
    scope->depth--;
}

static Str dotted_join(PythonScope *scope, Str left, Str right)
{
    if (str_is_empty(left))
        return right;
    Str parts[] = {left, right};
    return str_join(scope->out, parts, 2, STR("."));
}

static Resolved external(Str dotted)
{
    return (Resolved){.kind = RESOLVED_EXTERNAL, .dotted = dotted};
}

/* --- bindings --- */

static Resolved resolve_binding(PythonScope *scope, const PythonStatement *binding)
{
    if (binding->kind == STATEMENT_CLASS || binding->kind == STATEMENT_FUNCTION) {
        bool is_class = binding->kind == STATEMENT_CLASS;
        return (Resolved){.kind = is_class ? RESOLVED_CLASS : RESOLVED_FUNCTION,
                          .definition = binding->definition};
    }
    const PythonTerm *value = binding->value;
    Resolved itself = {.kind = RESOLVED_VALUE, .value = value};
    if (value->kind != TERM_NAME && value->kind != TERM_ATTRIBUTE)
        return itself;
    Resolved behind = resolve_term(scope, value);
    return behind.kind == RESOLVED_NOTHING ? itself : behind;
}

/* The last statement of the class's own body that binds the name and ends before `before`: what
 * the body itself sees there. */
static const PythonStatement *class_binding(const PythonDefinition *class, Str name,
                                            uint32_t before)
{
    const PythonBinding *binding = map_get(&class->names, name);
    for (uint32_t i = 0; binding && i < REBOUND_MAX; i++) {
        if (binding->statement->place.range.end <= before)
            return binding->statement;
        binding = binding->previous;
    }
    return NULL;
}

/* In the class, or in those of the project that it is made from, first come first. */
static Resolved resolve_in_class(PythonScope *scope, const PythonDefinition *class, Str name)
{
    Resolved result = {0};
    if (!enter(scope))
        return result;
    const PythonStatement *binding = class_binding(class, name, UINT32_MAX);
    scope->n_tied++;
    if (binding) {
        result = resolve_binding(scope, binding);
    } else {
        for (uint32_t i = 0; i < class->arguments.n && result.kind == RESOLVED_NOTHING; i++) {
            Resolved base = resolve_term(scope, class->arguments.items[i]);
            if (base.kind == RESOLVED_CLASS && base.definition != class)
                result = resolve_in_class(scope, base.definition, name);
            else if (base.kind == RESOLVED_EXTERNAL)
                result = external(dotted_join(scope, base.dotted, name));
        }
    }
    leave(scope);
    return result;
}

/* --- modules --- */

/* What an import that leads out of the project stands for. Nearly every Flask program has a `db`,
 * and the module that makes it may not be among the files at hand. */
static Resolved resolve_foreign(PythonScope *scope, Str module, Str symbol)
{
    bool is_known = str_starts_with(module, STR("sqlalchemy")) ||
                    str_starts_with(module, STR("sqlmodel")) ||
                    str_starts_with(module, STR("alembic"));
    if (str_equal(symbol, STR("db")) && !is_known)
        return external(STR("flask_sqlalchemy.SQLAlchemy"));
    return external(str_is_absent(symbol) ? module : dotted_join(scope, module, symbol));
}

static Resolved resolve_import(PythonScope *scope, const PythonModule *module,
                               const PythonImport *import)
{
    const PythonModule *target = python_project_find(scope->project, module, import->module);
    if (str_is_absent(import->symbol))
        return target ? (Resolved){.kind = RESOLVED_MODULE, .module = target}
                      : resolve_foreign(scope, import->module, import->symbol);
    if (target && target != module) {
        Resolved result = resolve_in_module(scope, target, import->symbol);
        if (result.kind != RESOLVED_NOTHING)
            return result;
    }
    if (target) {
        const PythonModule *child = python_project_child(scope->project, target, import->symbol);
        if (child)
            return (Resolved){.kind = RESOLVED_MODULE, .module = child};
    } else { /* the package's own file is not at hand: `from app.models import user` */
        bool ends_in_dot = str_ends_with(import->module, STR("."));
        Str whole = ends_in_dot ? str_format(scope->out, STR_FMT STR_FMT, STR_ARG(import->module),
                                             STR_ARG(import->symbol))
                                : dotted_join(scope, import->module, import->symbol);
        const PythonModule *file = python_project_find(scope->project, module, whole);
        if (file)
            return (Resolved){.kind = RESOLVED_MODULE, .module = file};
    }
    return resolve_foreign(scope, import->module, import->symbol);
}

/* `from m import *` of a library: only names that the library is known to have. */
static bool is_star_name(Str module, Str name)
{
    static const char orm[] = " declarative_base relationship mapped_column Mapped backref "
                              "DeclarativeBase registry declared_attr ";
    static const char core[] =
        " Column Table MetaData ForeignKey ForeignKeyConstraint Index UniqueConstraint "
        "CheckConstraint PrimaryKeyConstraint Sequence Identity Computed DDL text func select "
        "String Unicode UnicodeText Text Integer SmallInteger BigInteger Float Numeric Boolean "
        "Date DateTime Time Interval LargeBinary PickleType Enum JSON ARRAY VARCHAR CHAR TEXT "
        "INTEGER BIGINT SMALLINT NUMERIC DECIMAL FLOAT REAL BLOB TIMESTAMP DATETIME BOOLEAN DATE "
        "TIME Uuid UUID Double DOUBLE VARBINARY BINARY TypeDecorator UserDefinedType BYTEA JSONB "
        "INET CIDR MACADDR HSTORE TSVECTOR ENUM TINYINT MEDIUMTEXT LONGTEXT MEDIUMBLOB LONGBLOB ";
    char word[64];
    if (name.length == 0 || name.length + 2u >= sizeof word)
        return false;
    word[0] = ' ';
    memcpy(word + 1, name.data, name.length);
    word[name.length + 1] = ' ';
    Str padded = str_of(word, name.length + 2u);
    if (str_starts_with(module, STR("sqlalchemy.orm")) ||
        str_starts_with(module, STR("sqlalchemy.ext")))
        return str_contains(str_from(orm), padded);
    return str_starts_with(module, STR("sqlalchemy")) && str_contains(str_from(core), padded);
}

static Resolved resolve_star(PythonScope *scope, const PythonModule *module, Str name)
{
    for (uint32_t i = module->stars.n; i > 0; i--) {
        Str star = module->stars.items[i - 1];
        const PythonModule *target = python_project_find(scope->project, module, star);
        Resolved result = {0};
        if (target && target != module)
            result = resolve_in_module(scope, target, name);
        else if (!target && is_star_name(star, name))
            result = external(dotted_join(scope, star, name));
        if (result.kind != RESOLVED_NOTHING)
            return result;
    }
    return (Resolved){0};
}

static Resolved follow_in_module(PythonScope *scope, const PythonModule *module, Str name)
{
    Resolved result = {0};
    if (!enter(scope))
        return result;
    const PythonStatement *binding = map_get(&module->names, name);
    const PythonImport *import = map_get(&module->imports, name);
    if (binding)
        result = resolve_binding(scope, binding);
    else if (import)
        result = resolve_import(scope, module, import);
    else
        result = resolve_star(scope, module, name);
    leave(scope);
    return result;
}

/* A program says Column and Integer thousands of times. What a name turned out to be is kept where
 * that is the same whoever asks: nothing was cut short, and no class's body had a say. */
static Resolved resolve_in_module(PythonScope *scope, const PythonModule *module, Str name)
{
    char bytes[sizeof module + KNOWN_KEY_MAX];
    if (!scope->known || name.length > KNOWN_KEY_MAX)
        return follow_in_module(scope, module, name);
    memcpy(bytes, &module, sizeof module);
    memcpy(bytes + sizeof module, name.data ? name.data : "", name.length);
    Str key = str_of(bytes, sizeof module + name.length);
    const Resolved *known = map_get(scope->known, key);
    if (known)
        return *known;
    uint32_t n_cut = scope->n_cut, n_tied = scope->n_tied;
    Resolved result = follow_in_module(scope, module, name);
    if (scope->n_cut == n_cut && scope->n_tied == n_tied) {
        Resolved *kept = ARENA_NEW(scope->out, Resolved);
        *kept = result;
        map_set(scope->out, scope->known, str_copy(scope->out, key), kept);
    }
    return result;
}

/* --- terms --- */

static bool is_inside(const PythonTerm *term, const PythonDefinition *class)
{
    return term->place.fragment == class->place.fragment &&
           term->place.range.start >= class->place.range.start &&
           term->place.range.end <= class->place.range.end;
}

static Resolved resolve_name_term(PythonScope *scope, const PythonTerm *term)
{
    const PythonModule *module = python_module_of(term->place);
    if (!module)
        return (Resolved){0};
    for (const PythonDefinition *class = scope->inside; class; class = class->outer) {
        if (!is_inside(term, class))
            break;
        const PythonStatement *binding = class_binding(class, term->text, term->place.range.start);
        if (binding)
            return resolve_binding(scope, binding);
    }
    return resolve_in_module(scope, module, term->text);
}

/* The library's class that a call makes an object of, seen through classes of the project. */
static Str library_class(PythonScope *scope, const PythonTerm *function)
{
    Resolved callee = resolve_term(scope, function);
    for (uint32_t i = 0; i < 8 && callee.kind == RESOLVED_CLASS; i++) {
        const PythonDefinition *class = callee.definition;
        callee = (Resolved){0};
        for (uint32_t k = 0; k < class->arguments.n && callee.kind == RESOLVED_NOTHING; k++) {
            if (class->arguments.items[k]->kind != TERM_KEYWORD)
                callee = resolve_term(scope, class->arguments.items[k]);
        }
    }
    return callee.kind == RESOLVED_EXTERNAL ? callee.dotted : (Str){0};
}

static Resolved resolve_attribute(PythonScope *scope, const PythonTerm *term)
{
    if (!term->left)
        return (Resolved){0};
    Resolved left = resolve_term(scope, term->left);
    switch (left.kind) {
    case RESOLVED_EXTERNAL: {
        /* `import app.models.user`: the import names the root only */
        Str whole = dotted_join(scope, left.dotted, term->text);
        const PythonModule *module =
            python_project_find(scope->project, python_module_of(term->place), whole);
        return module ? (Resolved){.kind = RESOLVED_MODULE, .module = module} : external(whole);
    }
    case RESOLVED_CLASS:
        return resolve_in_class(scope, left.definition, term->text);
    case RESOLVED_MODULE: {
        Resolved inner = resolve_in_module(scope, left.module, term->text);
        const PythonModule *child =
            inner.kind == RESOLVED_NOTHING
                ? python_project_child(scope->project, left.module, term->text)
                : NULL;
        return child ? (Resolved){.kind = RESOLVED_MODULE, .module = child} : inner;
    }
    case RESOLVED_VALUE: {
        if (left.value->kind != TERM_CALL)
            return (Resolved){0};
        Str class = library_class(scope, left.value->left);
        return str_is_absent(class) ? (Resolved){0}
                                    : external(dotted_join(scope, class, term->text));
    }
    case RESOLVED_NOTHING:
    case RESOLVED_FUNCTION:
        return (Resolved){0};
    }
    return (Resolved){0};
}

static Resolved resolve_term(PythonScope *scope, const PythonTerm *term)
{
    Resolved result = {0};
    if (!term || !enter(scope))
        return result;
    if (term->kind == TERM_NAME)
        result = resolve_name_term(scope, term);
    else if (term->kind == TERM_ATTRIBUTE)
        result = resolve_attribute(scope, term);
    else if (term->kind == TERM_CALL) /* SQLAlchemy().Model, registry().metadata */
        result = (Resolved){.kind = RESOLVED_VALUE, .value = term};
    leave(scope);
    return result;
}

Resolved python_resolve(PythonScope *scope, const PythonTerm *term)
{
    return resolve_term(scope, term);
}

Resolved python_resolve_name(PythonScope *scope, const PythonModule *module, Str name)
{
    return resolve_in_module(scope, module, name);
}

/* --- names of SQLAlchemy --- */

Str sqlalchemy_name(Str dotted, Str *dialect_name)
{
    static const Str roots[] = {STR_INIT("sqlalchemy."), STR_INIT("flask_sqlalchemy."),
                                STR_INIT("sqlmodel."), STR_INIT("flask_sqlalchemy_lite.")};
    bool is_known = false;
    for (size_t i = 0; i < sizeof roots / sizeof *roots && !is_known; i++)
        is_known = str_starts_with(dotted, roots[i]);
    if (dialect_name)
        *dialect_name = (Str){0};
    if (!is_known)
        return (Str){0};
    uint32_t at = dotted.length;
    while (at > 0 && dotted.data[at - 1] != '.')
        at--;
    Str name = str_slice(dotted, at, dotted.length);
    uint32_t dialects = dialect_name ? str_find(dotted, STR(".dialects."), 0) : UINT32_MAX;
    if (dialects != UINT32_MAX) {
        uint32_t start = dialects + (uint32_t)sizeof ".dialects." - 1;
        uint32_t end = str_find(dotted, STR("."), start);
        *dialect_name = str_slice(dotted, start, end);
    }
    return name;
}

Str python_sqlalchemy_name(PythonScope *scope, const PythonTerm *term)
{
    Resolved resolved = python_resolve(scope, term);
    return resolved.kind == RESOLVED_EXTERNAL ? sqlalchemy_name(resolved.dotted, NULL) : (Str){0};
}

bool call_is(PythonScope *scope, const PythonTerm *term, const char *name)
{
    return term && term->kind == TERM_CALL &&
           str_equal(python_sqlalchemy_name(scope, term->left), str_from(name));
}

const PythonTerm *python_value(PythonScope *scope, const PythonTerm *term)
{
    if (!term || (term->kind != TERM_NAME && term->kind != TERM_ATTRIBUTE))
        return term;
    Resolved resolved = python_resolve(scope, term);
    return resolved.kind == RESOLVED_VALUE ? resolved.value : term;
}
