/* Constraints and indexes that op.* adds and drops. */
#include "frontends/python/alembic_run.h"

enum { COLUMNS_MAX = 64 };

/* --- keys and checks --- */

/* ["a", "b"], or one name by itself. */
static bool read_columns(PythonScope *scope, const PythonTerm *list, NameVec *names)
{
    PythonTermVec items = {0};
    if (!list)
        return false;
    if (!term_items(scope, list, &items)) {
        items.n = 0;
        VEC_PUSH(scope->out, &items, list);
    }
    for (uint32_t i = 0; i < items.n; i++) {
        Name name = python_column_name(scope, items.items[i]);
        if (str_is_empty(name.text) || i >= COLUMNS_MAX)
            return false;
        VEC_PUSH(scope->out, names, name);
    }
    return names->n > 0;
}

static bool read_key(PythonScope *scope, const PythonTerm *list, IndexPartVec *parts)
{
    NameVec names = {0};
    if (!read_columns(scope, list, &names))
        return false;
    for (uint32_t i = 0; i < names.n; i++)
        VEC_PUSH(scope->out, parts,
                 ((IndexPart){.column = names.items[i], .place = names.items[i].place}));
    return true;
}

static bool read_foreign_key(const AlembicCall *c, ConstraintDef *constraint)
{
    PythonScope *scope = &c->run->scope;
    const PythonTerm *table = alembic_argument(c, 2, "referent_table");
    if (!table)
        table = call_argument(c->call, NO_POSITION, "referent");
    constraint->references = (QualifiedName){
        .schema = term_name(scope, call_argument(c->call, NO_POSITION, "referent_schema")),
        .name = term_name(scope, table)};
    constraint->references.place = constraint->references.name.place;
    return !str_is_empty(constraint->references.name.text) &&
           read_key(scope, alembic_argument(c, 3, "local_cols"), &constraint->parts) &&
           read_columns(scope, alembic_argument(c, 4, "remote_cols"),
                        &constraint->references_columns);
}

/* create_exclude_constraint("name", "table", ("a", "="), …): an ExcludeConstraint whose name and
 * table come first. */
static bool read_exclude(const AlembicCall *c, ConstraintDef *constraint)
{
    PythonScope *scope = &c->run->scope;
    if (scope->dialect != DIALECT_POSTGRESQL)
        return false;
    PythonTermVec items = {0};
    uint32_t n_left_out = c->batch ? 1 : 2;
    for (uint32_t i = 0; i < c->call->items.n; i++) {
        const PythonTerm *item = c->call->items.items[i];
        bool is_positional = item->kind != TERM_KEYWORD;
        if (is_positional && n_left_out > 0)
            n_left_out--;
        else
            VEC_PUSH(scope->out, &items, item);
    }
    PythonTerm *call = ARENA_NEW(scope->out, PythonTerm);
    *call = *c->call;
    call->items = items;
    return python_exclude_constraint(scope, call, constraint);
}

static QualifiedName constrained_table(const AlembicCall *c, ConstraintKind kind)
{
    QualifiedName table = alembic_table(c);
    PythonScope *scope = &c->run->scope;
    const PythonTerm *schema = call_argument(c->call, NO_POSITION, "source_schema");
    const PythonTerm *name = call_argument(c->call, NO_POSITION, "source_table");
    if (!name)
        name = call_argument(c->call, NO_POSITION, "source");
    if (kind == CONSTRAINT_FOREIGN_KEY && schema)
        table.schema = term_name(scope, schema);
    if (str_is_empty(table.name.text) && name) {
        table.name = term_name(scope, name);
        table.place = table.name.place;
    }
    return table;
}

void alembic_add_constraint(const AlembicCall *c, ConstraintKind kind)
{
    PythonScope *scope = &c->run->scope;
    ConstraintDef constraint = {
        .kind = kind, .place = c->call->place, .kind_place = c->call->left->text_place};
    python_constraint_options(scope, c->call, &constraint);
    constraint.name = term_name(scope, alembic_argument(c, 0, "constraint_name"));
    if (name_is_absent(constraint.name))
        constraint.name = term_name(scope, call_argument(c->call, NO_POSITION, "name"));
    bool is_known = false;
    switch (kind) {
    case CONSTRAINT_FOREIGN_KEY:
        is_known = read_foreign_key(c, &constraint);
        break;
    case CONSTRAINT_UNIQUE:
    case CONSTRAINT_PRIMARY_KEY:
        is_known = read_key(scope, alembic_argument(c, 2, "columns"), &constraint.parts);
        break;
    case CONSTRAINT_CHECK:
        constraint.check = alembic_expression(c->run, alembic_argument(c, 2, "condition"));
        is_known = constraint.check != NULL;
        break;
    case CONSTRAINT_EXCLUDE:
        is_known = read_exclude(c, &constraint);
        break;
    case CONSTRAINT_NOT_NULL:
        break;
    }
    QualifiedName table = constrained_table(c, kind);
    if (!is_known || str_is_empty(table.name.text))
        return;
    Operation *operation = alembic_emit(c->run, OP_ADD_CONSTRAINT, c->call->place);
    operation->target = table;
    operation->as.add_constraint = constraint;
}

static bool kind_named(Str name, ConstraintKind *kind)
{
    static const struct {
        const char *name;
        ConstraintKind kind;
    } kinds[] = {{"foreignkey", CONSTRAINT_FOREIGN_KEY},
                 {"primary", CONSTRAINT_PRIMARY_KEY},
                 {"unique", CONSTRAINT_UNIQUE},
                 {"check", CONSTRAINT_CHECK}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_equal(name, str_from(kinds[i].name))) {
            *kind = kinds[i].kind;
            return true;
        }
    }
    return false;
}

void alembic_drop_constraint(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    Name name = term_name(scope, alembic_argument(c, 0, "constraint_name"));
    QualifiedName table = alembic_table(c);
    Str type = {0};
    ConstraintKind kind = CONSTRAINT_CHECK;
    (void)term_string(scope, alembic_argument(c, 2, "type_"), &type);
    bool has_kind = kind_named(type, &kind);
    bool is_mysql = scope->dialect == DIALECT_MYSQL;
    bool is_primary = is_mysql && has_kind && kind == CONSTRAINT_PRIMARY_KEY;
    if (str_is_empty(table.name.text) || (str_is_empty(name.text) && !is_primary))
        return;
    if (is_mysql && has_kind && kind == CONSTRAINT_UNIQUE) { /* as Alembic does it there */
        Operation *drop = alembic_emit(c->run, OP_DROP_INDEX, c->call->place);
        drop->target = (QualifiedName){.name = name, .place = name.place};
        drop->as.drop_index.table = table;
        VEC_PUSH(c->run->out, &drop->targets, drop->target);
        return;
    }
    Operation *operation = alembic_emit(c->run, OP_DROP_CONSTRAINT, c->call->place);
    operation->target = table;
    operation->if_exists = call_flag(scope, c->call, "if_exists");
    operation->as.constraint.name = is_primary ? (Name){0} : name;
    operation->as.constraint.kind = is_mysql ? kind : CONSTRAINT_CHECK;
    operation->as.constraint.is_any = !is_mysql || !has_kind;
}

/* --- indexes --- */

/* The call that Index() would have been: the name, then the columns one by one. */
static const PythonTerm *as_index(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    PythonTermVec columns = {0};
    const PythonTerm *name = alembic_argument(c, 0, "index_name");
    if (!term_items(scope, alembic_argument(c, 2, "columns"), &columns) || columns.n == 0)
        return NULL;
    PythonTerm *call = ARENA_NEW(scope->out, PythonTerm);
    *call = *c->call;
    call->items = (PythonTermVec){0};
    PythonTerm *none = ARENA_NEW(scope->out, PythonTerm);
    *none = (PythonTerm){.kind = TERM_NONE, .place = c->call->place};
    VEC_PUSH(scope->out, &call->items, name ? name : none);
    for (uint32_t i = 0; i < columns.n; i++)
        VEC_PUSH(scope->out, &call->items, columns.items[i]);
    for (uint32_t i = 0; i < c->call->items.n; i++) {
        if (c->call->items.items[i]->kind == TERM_KEYWORD)
            VEC_PUSH(scope->out, &call->items, c->call->items.items[i]);
    }
    return call;
}

void alembic_create_index(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    IndexDef index;
    QualifiedName table = alembic_table(c);
    const PythonTerm *call = as_index(c);
    if (str_is_empty(table.name.text) || !call || !python_index(scope, call, 1, &index))
        return;
    const PythonTerm *unique = alembic_argument(c, 4, "unique");
    (void)term_boolean(scope, unique, &index.unique);
    Operation *operation = alembic_emit(c->run, OP_CREATE_INDEX, c->call->place);
    operation->target = table;
    operation->concurrently = index.concurrently;
    operation->if_not_exists = index.if_not_exists;
    operation->as.create_index = index;
}

void alembic_drop_index(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    Name name = term_name(scope, alembic_argument(c, 0, "index_name"));
    QualifiedName table = alembic_table(c);
    if (str_is_empty(name.text))
        return;
    Operation *operation = alembic_emit(c->run, OP_DROP_INDEX, c->call->place);
    operation->target = (QualifiedName){.schema = table.schema, .name = name, .place = name.place};
    operation->if_exists = call_flag(scope, c->call, "if_exists");
    operation->concurrently = scope->dialect == DIALECT_POSTGRESQL &&
                              call_flag(scope, c->call, "postgresql_concurrently");
    bool names_table = scope->dialect == DIALECT_MYSQL || scope->dialect == DIALECT_SQLSERVER;
    if (names_table) {
        operation->target.schema = (Name){0};
        operation->as.drop_index.table = table;
    }
    VEC_PUSH(c->run->out, &operation->targets, operation->target);
}
