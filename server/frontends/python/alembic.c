/* A revision file as a whole: who it is, where its functions stand, what they do. */
#include "frontends/python/alembic.h"

#include "frontends/python/alembic_run.h"

bool alembic_is_revision(Str text)
{
    return str_contains(text, STR("revision")) && str_contains(text, STR("def upgrade"));
}

/* --- what it says of itself --- */

static const PythonTerm *assigned(const PythonModule *module, Str name)
{
    const PythonStatement *binding = map_get(&module->names, name);
    return binding && binding->kind == STATEMENT_ASSIGNMENT ? binding->value : NULL;
}

static const PythonDefinition *function_named(const PythonModule *module, const char *name)
{
    const PythonStatement *binding = map_get(&module->names, str_from(name));
    return binding && binding->kind == STATEMENT_FUNCTION ? binding->definition : NULL;
}

/* A string, or a list of them; what is no string is left out. */
static NameVec names_of(PythonScope *scope, const PythonTerm *term, bool *has_unread)
{
    NameVec names = {0};
    PythonTermVec items = {0};
    if (term && !term_items(scope, term, &items)) {
        items.n = 0;
        VEC_PUSH(scope->out, &items, term);
    }
    for (uint32_t i = 0; i < items.n; i++) {
        Name name = term_name(scope, items.items[i]);
        if (!name_is_absent(name))
            VEC_PUSH(scope->out, &names, name);
        else
            *has_unread |= items.items[i]->kind != TERM_NONE;
    }
    return names;
}

static Str first_line(Str text)
{
    Str line;
    while (str_next_line(&text, &line)) {
        line = str_trim(line);
        if (line.length)
            return line;
    }
    return (Str){0};
}

/* The comment that `alembic revision --autogenerate` leaves for people to act on and to remove. */
static Place autogenerate_comment(const Fragment *fragment)
{
    Str text = fragment->text;
    uint32_t at = str_find(text, STR("please adjust!"), 0);
    if (at == UINT32_MAX)
        return (Place){0};
    uint32_t start = at, end = at;
    while (start > 0 && text.data[start - 1] != '\n')
        start--;
    while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r')
        end++;
    while (start < at && text.data[start] != '#')
        start++;
    return start < at ? (Place){fragment, {start, end}} : (Place){0};
}

static bool is_empty(const PythonDefinition *function)
{
    for (uint32_t i = 0; i < function->body.n; i++) {
        const PythonStatement *statement = function->body.items[i];
        bool is_nothing = statement->kind == STATEMENT_PASS ||
                          (statement->kind == STATEMENT_RETURN && term_is_none(statement->value)) ||
                          (statement->kind == STATEMENT_TERM && statement->value &&
                           statement->value->kind == TERM_STRING);
        if (!is_nothing)
            return false;
    }
    return function->has_body;
}

static bool raises(const PythonDefinition *function)
{
    return function->body.n > 0 && function->body.items[0]->kind == STATEMENT_RAISE;
}

/* A comment in the function that Alembic's template does not write. For functions without strings
 * that matter: an empty one. */
static bool has_comment(const PythonDefinition *function)
{
    Str text = function->place.fragment->text;
    text = str_slice(text, function->name.place.range.end, function->place.range.end);
    for (Str line; str_next_line(&text, &line);) {
        line = str_trim(line);
        if (str_starts_with(line, STR("#")) && !str_starts_with(line, STR("# ###")))
            return true;
    }
    return false;
}

/* --- what its functions do --- */

/* Flask-Migrate's template for several databases: upgrade(engine_name) calls upgrade_NAME by its
 * name; the application's own database is the one without a name. */
static const PythonDefinition *own_function(const PythonModule *module, const char *name)
{
    const PythonDefinition *function = function_named(module, name);
    char of_own_database[32] = {0};
    for (size_t i = 0; i < sizeof of_own_database - 2 && name[i]; i++) {
        of_own_database[i] = name[i];
        of_own_database[i + 1] = '_';
    }
    const PythonDefinition *other = function_named(module, of_own_database);
    return function && function->parameters.n > 0 && other ? other : function;
}

/* Runs one direction on its own; what it gave is taken out of the fragment. */
static OperationVec run_function(Parser *parser, Fragment *fragment, Dialect dialect,
                                 const PythonDefinition *function)
{
    StrMap names = {0};
    AlembicRun run = {.parser = parser,
                      .fragment = fragment,
                      .out = &fragment->arena,
                      .scope = {.dialect = dialect, .out = &fragment->arena},
                      .names = &names};
    if (function)
        alembic_walk(&run, &function->body);
    OperationVec operations = fragment->operations;
    fragment->operations = (OperationVec){0};
    return operations;
}

void alembic_read(Parser *parser, Fragment *fragment, Dialect dialect)
{
    const PythonModule *module = fragment->python;
    PythonScope scope = {.dialect = dialect, .out = &fragment->arena};
    Name revision = term_name(&scope, assigned(module, STR("revision")));
    const PythonDefinition *upgrade = function_named(module, "upgrade");
    const PythonDefinition *downgrade = function_named(module, "downgrade");
    if (name_is_absent(revision) || !upgrade)
        return;
    bool has_unread_down = false, has_unread_label = false, ignored = false;
    MigrationFile *file = ARENA_NEW(&fragment->arena, MigrationFile);
    *file = (MigrationFile){
        .revision = revision,
        .down_revisions =
            names_of(&scope, assigned(module, STR("down_revision")), &has_unread_down),
        .depends_on = names_of(&scope, assigned(module, STR("depends_on")), &ignored),
        .branch_labels =
            names_of(&scope, assigned(module, STR("branch_labels")), &has_unread_label),
        .message = first_line(module->doc),
        .upgrade = upgrade->name.place,
        .upgrade_is_empty = is_empty(upgrade),
        .autogenerate_comment = autogenerate_comment(fragment),
        .fragment = fragment,
    };
    file->has_unread_down_revision = has_unread_down;
    file->has_unread_label = has_unread_label;
    if (downgrade) {
        file->downgrade = downgrade->name.place;
        file->downgrade_is_empty = is_empty(downgrade);
        file->downgrade_raises = raises(downgrade);
        file->downgrade_has_comment = has_comment(downgrade);
    }
    file->downgrade_operations =
        run_function(parser, fragment, dialect, own_function(module, "downgrade"));
    fragment->queries = (QueryPointerVec){0}; /* going back is not what the program does */
    fragment->problems = (TextProblemVec){0};
    fragment->operations = run_function(parser, fragment, dialect, own_function(module, "upgrade"));
    fragment->migration = file;
}
