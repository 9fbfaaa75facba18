/* op.*: which operation of Alembic's is which of ours. */
#include "frontends/python/alembic_run.h"

/* --- what they share --- */

Operation *alembic_emit(AlembicRun *run, OperationKind kind, Place place)
{
    Operation *operation = VEC_EXTEND(run->out, &run->fragment->operations);
    *operation = (Operation){.kind = kind,
                             .dialect = run->scope.dialect,
                             .place = place,
                             .statement = place,
                             .statement_index = run->n_statements++,
                             .is_conditional = run->is_conditional};
    return operation;
}

const PythonTerm *alembic_argument(const AlembicCall *c, uint32_t position, const char *name)
{
    if (c->batch && position != NO_POSITION && c->table_position != NO_POSITION) {
        if (position == c->table_position)
            return call_argument(c->batch, 0, "table_name");
        position -= position > c->table_position;
    }
    return call_argument(c->call, position, name);
}

QualifiedName alembic_table(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    const PythonTerm *schema = c->batch ? call_argument(c->batch, 1, "schema")
                                        : call_argument(c->call, NO_POSITION, "schema");
    const PythonTerm *name = alembic_argument(c, c->table_position, "table_name");
    QualifiedName table = {.schema = term_name(scope, schema), .name = term_name(scope, name)};
    table.place = table.name.place;
    return table;
}

/* An operation on the call's table; NULL where its name is not known. */
static Operation *emit_on_table(const AlembicCall *c, OperationKind kind)
{
    QualifiedName table = alembic_table(c);
    if (str_is_empty(table.name.text))
        return NULL;
    Operation *operation = alembic_emit(c->run, kind, c->call->place);
    operation->target = table;
    return operation;
}

/* --- tables --- */

static void drop_table(const AlembicCall *c)
{
    Operation *operation = emit_on_table(c, OP_DROP_TABLE);
    if (!operation)
        return;
    operation->if_exists = call_flag(&c->run->scope, c->call, "if_exists");
    VEC_PUSH(c->run->out, &operation->targets, operation->target);
}

static void rename_table(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    const PythonTerm *from = call_argument(c->call, 0, "old_table_name");
    Name to = term_name(scope, call_argument(c->call, 1, "new_table_name"));
    QualifiedName table = {
        .schema = term_name(scope, call_argument(c->call, 2, "schema")),
        .name = term_name(scope, from),
    };
    table.place = table.name.place;
    if (str_is_empty(table.name.text) || str_is_empty(to.text))
        return;
    Operation *operation = alembic_emit(c->run, OP_RENAME_TABLE, c->call->place);
    operation->target = table;
    operation->as.rename.to = to;
}

static void comment_table(const AlembicCall *c)
{
    Str text;
    const PythonTerm *comment = alembic_argument(c, 1, "comment");
    bool is_known = term_string(&c->run->scope, comment, &text);
    if (!is_known && comment && comment->kind != TERM_NONE)
        return;
    Operation *operation = emit_on_table(c, OP_COMMENT);
    if (!operation)
        return;
    operation->as.comment.object = OBJECT_TABLE;
    operation->as.comment.is_null = !is_known;
    operation->as.comment.text = is_known ? text : (Str){0};
}

static void uncomment_table(const AlembicCall *c)
{
    Operation *operation = emit_on_table(c, OP_COMMENT);
    if (!operation)
        return;
    operation->as.comment.object = OBJECT_TABLE;
    operation->as.comment.is_null = true;
}

static void drop_column(const AlembicCall *c)
{
    Name column = term_name(&c->run->scope, alembic_argument(c, 1, "column_name"));
    Operation *operation = str_is_empty(column.text) ? NULL : emit_on_table(c, OP_DROP_COLUMN);
    if (!operation)
        return;
    operation->as.drop_column.column = column;
    operation->if_exists = call_flag(&c->run->scope, c->call, "if_exists");
}

/* --- constraints --- */

static void create_foreign_key(const AlembicCall *c)
{
    alembic_add_constraint(c, CONSTRAINT_FOREIGN_KEY);
}

static void create_unique_constraint(const AlembicCall *c)
{
    alembic_add_constraint(c, CONSTRAINT_UNIQUE);
}

static void create_check_constraint(const AlembicCall *c)
{
    alembic_add_constraint(c, CONSTRAINT_CHECK);
}

static void create_primary_key(const AlembicCall *c)
{
    alembic_add_constraint(c, CONSTRAINT_PRIMARY_KEY);
}

static void create_exclude_constraint(const AlembicCall *c)
{
    alembic_add_constraint(c, CONSTRAINT_EXCLUDE);
}

/* --- SQL and rows --- */

static void execute(const AlembicCall *c)
{
    alembic_execute(c->run, call_argument(c->call, 0, "sqltext"), c->call->place);
}

static void bulk_insert(const AlembicCall *c)
{
    (void)alembic_emit(c->run, OP_OPAQUE, c->call->place);
}

/* --- the table of them --- */

typedef struct {
    const char *name;
    uint32_t table_position;
    void (*lower)(const AlembicCall *c);
} OperationRow;

static const OperationRow rows[] = {
    {"create_table", 0, alembic_create_table},
    {"drop_table", 0, drop_table},
    {"rename_table", NO_POSITION, rename_table},
    {"add_column", 0, alembic_add_column},
    {"drop_column", 0, drop_column},
    {"alter_column", 0, alembic_alter_column},
    {"create_index", 1, alembic_create_index},
    {"drop_index", 1, alembic_drop_index},
    {"create_foreign_key", 1, create_foreign_key},
    {"create_unique_constraint", 1, create_unique_constraint},
    {"create_check_constraint", 1, create_check_constraint},
    {"create_primary_key", 1, create_primary_key},
    {"create_exclude_constraint", 1, create_exclude_constraint},
    {"drop_constraint", 1, alembic_drop_constraint},
    {"create_table_comment", 0, comment_table},
    {"drop_table_comment", 0, uncomment_table},
    {"bulk_insert", NO_POSITION, bulk_insert},
    {"execute", NO_POSITION, execute},
};

static bool creates(OperationKind kind)
{
    return kind == OP_CREATE_TABLE || kind == OP_ADD_COLUMN || kind == OP_ADD_CONSTRAINT ||
           kind == OP_CREATE_INDEX || kind == OP_CREATE_TYPE || kind == OP_ADD_ENUM_VALUE ||
           kind == OP_CREATE_SEQUENCE || kind == OP_CREATE_VIEW || kind == OP_CREATE_FUNCTION ||
           kind == OP_CREATE_TRIGGER || kind == OP_CREATE_POLICY || kind == OP_CREATE_SCHEMA ||
           kind == OP_CREATE_EXTENSION || kind == OP_ATTACH_PARTITION;
}

/* Within a guard it runs where it is needed: that is IF EXISTS and IF NOT EXISTS. */
static void guard_since(AlembicRun *run, uint32_t first)
{
    OperationVec *operations = &run->fragment->operations;
    for (uint32_t i = first; run->is_guarded && i < operations->n; i++) {
        Operation *operation = &operations->items[i];
        if (!creates(operation->kind)) {
            operation->if_exists = true;
            continue;
        }
        operation->if_not_exists = true;
        if (operation->kind == OP_CREATE_INDEX)
            operation->as.create_index.if_not_exists = true;
    }
}

static bool lower_row(AlembicRun *run, const PythonTerm *call, Str name, const PythonTerm *batch)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!str_equal(name, str_from(rows[i].name)))
            continue;
        uint32_t first = run->fragment->operations.n;
        AlembicCall c = {run, call, batch, rows[i].table_position};
        rows[i].lower(&c);
        for (uint32_t k = first; batch && k < run->fragment->operations.n; k++)
            run->fragment->operations.items[k].is_batch = true;
        guard_since(run, first);
        return true;
    }
    return false;
}

/* --- objects that create and drop themselves --- */

static void type_method(AlembicRun *run, const PythonTerm *call, bool is_create)
{
    const PythonTerm *object = python_value(&run->scope, call->left->left);
    PythonType type = python_type(&run->scope, object);
    if (!type.is_enum || str_is_empty(type.enum_name.text))
        return; /* of another database than PostgreSQL: nothing happens */
    bool is_checked = true;
    (void)term_boolean(&run->scope, call_argument(call, 1, "checkfirst"), &is_checked);
    if (is_create) {
        alembic_create_type(run, &type, NULL, is_checked, call->place);
        return;
    }
    Operation *operation = alembic_emit(run, OP_DROP_TYPE, call->place);
    operation->target = (QualifiedName){
        .schema = type.enum_schema, .name = type.enum_name, .place = type.enum_name.place};
    operation->if_exists = is_checked;
    VEC_PUSH(run->out, &operation->targets, operation->target);
}

/* Table("t", metadata, …).drop(bind) */
static void drop_object(AlembicRun *run, const PythonTerm *table, const PythonTerm *call)
{
    Name name = term_name(&run->scope, call_argument(table, 0, "name"));
    if (str_is_empty(name.text))
        return;
    Operation *operation = alembic_emit(run, OP_DROP_TABLE, call->place);
    operation->target = (QualifiedName){
        .schema = term_name(&run->scope, call_argument(table, NO_POSITION, "schema")),
        .name = name,
        .place = name.place};
    operation->if_exists = call_flag(&run->scope, call, "checkfirst");
    VEC_PUSH(run->out, &operation->targets, operation->target);
}

static bool object_method(AlembicRun *run, const PythonTerm *call, Str dotted)
{
    if (call->left->kind != TERM_ATTRIBUTE)
        return false;
    bool is_create = str_equal(call->left->text, STR("create"));
    if (!is_create && !str_equal(call->left->text, STR("drop")))
        return false;
    Str class =
        sqlalchemy_name(str_slice(dotted, 0, dotted.length - call->left->text.length - 1), NULL);
    const PythonTerm *object = python_value(&run->scope, call->left->left);
    uint32_t first = run->fragment->operations.n;
    if (str_equal_ignore_case(class, STR("Enum")))
        type_method(run, call, is_create);
    else if (str_equal(class, STR("Table")) && object && object->kind == TERM_CALL && is_create)
        alembic_create_table_object(run, object, call);
    else if (str_equal(class, STR("Table")) && object && object->kind == TERM_CALL)
        drop_object(run, object, call);
    else
        return false;
    guard_since(run, first);
    return true;
}

static bool is_execute(const PythonTerm *function)
{
    return function->kind == TERM_ATTRIBUTE &&
           (str_equal(function->text, STR("execute")) ||
            str_equal(function->text, STR("exec_driver_sql")) ||
            str_equal(function->text, STR("scalar")) || str_equal(function->text, STR("scalars")));
}

bool alembic_operation(AlembicRun *run, const PythonTerm *call, Str dotted)
{
    bool is_alembic = str_starts_with(dotted, STR("alembic."));
    if (str_starts_with(dotted, STR("alembic.op."))) {
        Str name = str_slice(dotted, STR("alembic.op.").length, dotted.length);
        Str batch = STR("batch_alter_table.");
        const PythonTerm *object =
            call->left->kind == TERM_ATTRIBUTE ? python_value(&run->scope, call->left->left) : NULL;
        bool is_batch = str_starts_with(name, batch) && object && object->kind == TERM_CALL;
        if (is_batch)
            name = str_slice(name, batch.length, name.length);
        if (str_find(name, STR("."), 0) == UINT32_MAX)
            return lower_row(run, call, name, is_batch ? object : NULL);
    }
    /* op.get_bind().execute(…), Session(op.get_bind()).execute(…) */
    bool is_session = str_starts_with(dotted, STR("sqlalchemy.orm."));
    if ((is_alembic || is_session) && is_execute(call->left)) {
        uint32_t first = run->fragment->operations.n;
        alembic_execute(run, call_argument(call, 0, "statement"), call->place);
        guard_since(run, first);
        return true;
    }
    return object_method(run, call, dotted);
}
