/* Replay's dispatch and what all steps share.
 *
 * Steps are written so that they check first and change then: an operation that is refused
 * leaves the schema as it was. The exceptions are deliberate: a table whose foreign key
 * points at nothing is made all the same, because the files that we see are often not all there
 * is, and everything said about the table would be lost with it. */
#include "model/replay.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/panic.h"
#include "model/replay_steps.h"

Schema *schema_new(Arena *arena, Dialect dialect)
{
    Schema *schema = ARENA_NEW(arena, Schema);
    schema->dialect = dialect;
    schema->arena = arena;
    if (dialect == DIALECT_POSTGRESQL)
        VEC_PUSH(arena, &schema->search_path, STR("public"));
    if (dialect == DIALECT_POSTGRESQL || dialect == DIALECT_SQLSERVER)
        schema_add_namespace(schema, (Name){.text = schema_default_namespace(schema)});
    return schema;
}

void schema_begin_source(Schema *schema, uint32_t migration)
{
    schema->migration = migration;
    schema->search_path_is_local = false;
    schema->foreign_keys_unchecked = false;
    if (schema->dialect == DIALECT_POSTGRESQL) {
        schema->search_path = (StrVec){0};
        VEC_PUSH(schema->arena, &schema->search_path, STR("public"));
    }
}

bool replay_fail(Replay *r, ReplayProblemKind kind, Name name, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    r->problem->kind = kind;
    r->problem->name = name;
    r->problem->message = str_copy(r->out, str_of(text, length));
    return false;
}

Table *replay_table(Replay *r, bool *ok)
{
    const QualifiedName *name = &r->operation->target;
    Table *table = schema_find_table(r->schema, name);
    *ok = true;
    if (!table && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_TABLE, name->name,
                          "table \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    return table;
}

Column *replay_column(Replay *r, Table *table, Name name, bool *ok)
{
    Column *column = table_column(table, name.text);
    *ok = true;
    if (!column && !table->has_unknown_columns)
        *ok = replay_fail(r, REPLAY_MISSING_COLUMN, name,
                          "column \"" STR_FMT "\" of table \"" STR_FMT "\" does not exist",
                          STR_ARG(name.text), STR_ARG(table->name.text));
    return column;
}

void replay_touch(Replay *r, Table *table)
{
    table->changed = r->operation;
    table->n_statements++;
}

/* Where the text breaks off before the name, there is nothing to make. */
static bool makes_nameless(const Operation *operation)
{
    bool makes = operation->kind == OP_CREATE_TABLE || operation->kind == OP_CREATE_VIEW ||
                 operation->kind == OP_CREATE_TYPE || operation->kind == OP_CREATE_SEQUENCE ||
                 operation->kind == OP_CREATE_FUNCTION || operation->kind == OP_CREATE_SCHEMA;
    return makes && operation->target.name.text.length == 0;
}

static bool apply(Replay *r)
{
    if (makes_nameless(r->operation))
        return true;
    switch (r->operation->kind) {
    case OP_CREATE_TABLE:
        return replay_create_table(r);
    case OP_DROP_TABLE:
        return replay_drop_table(r);
    case OP_RENAME_TABLE:
    case OP_RENAME_VIEW:
        return replay_rename_table(r);
    case OP_SET_TABLE_SCHEMA:
        return replay_set_table_schema(r);
    case OP_SET_TABLE_OPTIONS:
        return replay_set_table_options(r);
    case OP_ATTACH_PARTITION:
        return replay_attach_partition(r);
    case OP_DETACH_PARTITION:
        return replay_detach_partition(r);
    case OP_SET_INHERIT:
        return replay_set_inherit(r);
    case OP_SET_ROW_SECURITY:
        return replay_set_row_security(r);
    case OP_ADD_COLUMN:
        return replay_add_column(r);
    case OP_DROP_COLUMN:
        return replay_drop_column(r);
    case OP_RENAME_COLUMN:
        return replay_rename_column(r);
    case OP_REPLACE_COLUMN:
        return replay_replace_column(r);
    case OP_SET_COLUMN_TYPE:
        return replay_set_column_type(r);
    case OP_SET_COLUMN_DEFAULT:
        return replay_set_column_default(r);
    case OP_SET_NOT_NULL:
        return replay_set_nullable(r, false);
    case OP_DROP_NOT_NULL:
        return replay_set_nullable(r, true);
    case OP_SET_IDENTITY:
        return replay_set_identity(r);
    case OP_DROP_EXPRESSION:
        return replay_drop_expression(r);
    case OP_ADD_CONSTRAINT:
        return replay_add_constraint(r);
    case OP_DROP_CONSTRAINT:
        return replay_drop_constraint(r);
    case OP_RENAME_CONSTRAINT:
        return replay_rename_constraint(r);
    case OP_VALIDATE_CONSTRAINT:
        return replay_validate_constraint(r);
    case OP_ALTER_CONSTRAINT:
        return replay_alter_constraint(r);
    case OP_CREATE_INDEX:
        return replay_create_index(r);
    case OP_DROP_INDEX:
        return replay_drop_index(r);
    case OP_ATTACH_INDEX:
        return replay_attach_index(r);
    case OP_RENAME_INDEX:
        return replay_rename_index(r);
    case OP_CREATE_TYPE:
        return replay_create_type(r);
    case OP_DROP_TYPE:
        return replay_drop_type(r);
    case OP_RENAME_TYPE:
        return replay_rename_type(r);
    case OP_SET_TYPE_SCHEMA:
        return replay_set_type_schema(r);
    case OP_ADD_ENUM_VALUE:
        return replay_add_enum_value(r);
    case OP_RENAME_ENUM_VALUE:
        return replay_rename_enum_value(r);
    case OP_ALTER_DOMAIN:
        return replay_alter_domain(r);
    case OP_ALTER_COMPOSITE:
        return replay_alter_composite(r);
    case OP_CREATE_SEQUENCE:
        return replay_create_sequence(r);
    case OP_ALTER_SEQUENCE:
        return replay_alter_sequence(r);
    case OP_DROP_SEQUENCE:
        return replay_drop_sequence(r);
    case OP_RENAME_SEQUENCE:
        return replay_rename_sequence(r);
    case OP_CREATE_VIEW:
        return replay_create_view(r);
    case OP_DROP_VIEW:
        return replay_drop_view(r);
    case OP_CREATE_FUNCTION:
        return replay_create_function(r);
    case OP_DROP_FUNCTION:
        return replay_drop_function(r);
    case OP_RENAME_FUNCTION:
        return replay_rename_function(r);
    case OP_CREATE_TRIGGER:
        return replay_create_trigger(r);
    case OP_DROP_TRIGGER:
        return replay_drop_trigger(r);
    case OP_SET_TRIGGER_ENABLED:
        return replay_set_trigger_enabled(r);
    case OP_CREATE_POLICY:
        return replay_create_policy(r);
    case OP_ALTER_POLICY:
        return replay_alter_policy(r);
    case OP_DROP_POLICY:
        return replay_drop_policy(r);
    case OP_GRANT:
        return replay_grant(r);
    case OP_REVOKE:
        return replay_revoke(r);
    case OP_COMMENT:
        return replay_comment(r);
    case OP_CREATE_SCHEMA:
        return replay_create_schema(r);
    case OP_DROP_SCHEMA:
        return replay_drop_schema(r);
    case OP_RENAME_SCHEMA:
        return replay_rename_schema(r);
    case OP_CREATE_EXTENSION:
        return replay_create_extension(r);
    case OP_DROP_EXTENSION:
        return replay_drop_extension(r);
    case OP_SET:
        return replay_set(r);
    case OP_USE:
        return replay_use(r);
    case OP_COMMIT:
    case OP_ROLLBACK:
        return replay_end_transaction(r);
    case OP_UNKNOWN:
    case OP_OPAQUE:
    case OP_QUERY:
    case OP_SET_OWNER:
    case OP_TRUNCATE:
    case OP_REINDEX:
    case OP_REFRESH_VIEW:
    case OP_BEGIN:
    case OP_SAVEPOINT:
        return true;
    }
    UNREACHABLE();
}

bool replay_operation(Schema *schema, const Operation *operation, Arena *out,
                      ReplayProblem *problem)
{
    ReplayProblem ignored;
    Replay r = {.schema = schema,
                .arena = schema->arena,
                .out = out,
                .operation = operation,
                .problem = problem ? problem : &ignored};
    *r.problem = (ReplayProblem){.kind = REPLAY_OK};
    schema->replaying = operation;
    bool is_applied = apply(&r);
    schema->replaying = NULL;
    if (r.problem->kind == REPLAY_OK)
        is_applied = true; /* stopped at a column that only may be missing */
    /* Inside an IF it would not have been reached: that it fails here says nothing. */
    if (!is_applied && operation->is_conditional) {
        *r.problem = (ReplayProblem){.kind = REPLAY_OK};
        return true;
    }
    return is_applied;
}

/* One pass: where each open transaction and savepoint began, and at a ROLLBACK everything since is
 * marked. Operations outside a transaction are never undone. */
void replay_mark_undone(const Operation *const *operations, uint32_t n, Arena *scratch,
                        bool *undone)
{
    typedef struct {
        Str name;
        uint32_t start;
    } Savepoint;
    Vec(Savepoint) savepoints = {0};
    uint32_t transaction_start = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++)
        undone[i] = false;
    for (uint32_t i = 0; i < n; i++) {
        const Operation *operation = operations[i];
        uint32_t undo_from = UINT32_MAX;
        if (operation->kind == OP_BEGIN && transaction_start == UINT32_MAX) {
            transaction_start = i;
            savepoints.n = 0;
        } else if (operation->kind == OP_COMMIT) {
            transaction_start = UINT32_MAX;
        } else if (operation->kind == OP_ROLLBACK) {
            undo_from = transaction_start;
            transaction_start = UINT32_MAX;
        } else if (operation->kind == OP_SAVEPOINT && transaction_start != UINT32_MAX) {
            Str name = operation->target.name.text;
            if (operation->as.savepoint.action == SAVEPOINT_SET) {
                Savepoint savepoint = {.name = name, .start = i};
                VEC_PUSH(scratch, &savepoints, savepoint);
                continue;
            }
            for (uint32_t j = savepoints.n; j > 0; j--) {
                if (!str_equal_ignore_case(savepoints.items[j - 1].name, name))
                    continue;
                if (operation->as.savepoint.action == SAVEPOINT_ROLLBACK) {
                    undo_from = savepoints.items[j - 1].start;
                    savepoints.n = j;
                } else {
                    savepoints.n = j - 1;
                }
                break;
            }
        }
        for (uint32_t j = undo_from; undo_from != UINT32_MAX && j < i; j++) {
            OperationKind kind = operations[j]->kind;
            undone[j] = kind != OP_BEGIN && kind != OP_SAVEPOINT;
        }
    }
}
