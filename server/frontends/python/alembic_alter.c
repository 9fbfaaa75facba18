/* op.alter_column: one call, and a statement of the database for each thing that it changes.
 *
 * MySQL knows only the whole definition anew; what is not told again is lost: without
 * existing_nullable the column becomes nullable. Other databases change one thing at a time, in
 * Alembic's order: the type first, the name last. */
#include "frontends/python/alembic_run.h"

typedef struct {
    const AlembicCall *call;
    QualifiedName table;
    Name column;
} Change;

static const PythonTerm *written(const Change *change, const char *keyword)
{
    return call_argument(change->call->call, NO_POSITION, keyword);
}

static Place place_of(const Change *change, const char *keyword)
{
    const PythonTerm *term = call_keyword(change->call->call, keyword);
    return term ? term->place : change->call->call->place;
}

static Operation *emit_change(const Change *change, OperationKind kind)
{
    Operation *operation = alembic_emit(change->call->run, kind, change->call->call->place);
    operation->target = change->table;
    return operation;
}

/* --- MySQL --- */

static void replace_column(const Change *change, Name new_name)
{
    PythonScope *scope = &change->call->run->scope;
    const PythonTerm *call = change->call->call;
    const PythonTerm *type = written(change, "type_");
    if (term_is_none(type))
        type = written(change, "existing_type");
    if (term_is_none(type))
        return; /* Alembic refuses */
    ColumnDef column = {.name = name_is_absent(new_name) ? change->column : new_name,
                        .type = python_type(scope, type).type,
                        .place = call->place};
    Written nullable = call_written(scope, call, "nullable");
    if (nullable == WRITTEN_NOT)
        nullable = call_written(scope, call, "existing_nullable");
    column.not_null = nullable == WRITTEN_FALSE;
    column.not_null_place = column.not_null ? place_of(change, "nullable") : (Place){0};
    const char *default_keyword =
        call_keyword(call, "server_default") ? "server_default" : "existing_server_default";
    const PythonTerm *value = written(change, default_keyword);
    if (value && value->kind != TERM_FALSE)
        column.default_value = python_server_default(scope, value, NULL);
    column.auto_increment = call_keyword(call, "autoincrement")
                                ? call_flag(scope, call, "autoincrement")
                                : call_flag(scope, call, "existing_autoincrement");
    Str comment;
    if (term_string(scope, written(change, "comment"), &comment) ||
        term_string(scope, written(change, "existing_comment"), &comment))
        column.comment = comment;
    Operation *operation = emit_change(change, OP_REPLACE_COLUMN);
    operation->as.replace_column.old_name = change->column;
    operation->as.replace_column.column = column;
}

/* --- the others --- */

static void change_type(const Change *change)
{
    PythonScope *scope = &change->call->run->scope;
    const PythonTerm *conversion =
        scope->dialect == DIALECT_POSTGRESQL ? written(change, "postgresql_using") : NULL;
    /* before the operation: reading SQL may move those that are there */
    const Expression *using_expression =
        conversion ? alembic_expression(change->call->run, conversion) : NULL;
    Operation *operation = emit_change(change, OP_SET_COLUMN_TYPE);
    operation->as.set_type.column = change->column;
    operation->as.set_type.type = python_type(scope, written(change, "type_")).type;
    operation->as.set_type.using_expression = using_expression;
}

static void change_nullability(const Change *change)
{
    Written nullable = call_written(&change->call->run->scope, change->call->call, "nullable");
    if (nullable == WRITTEN_NOT)
        return;
    Operation *operation =
        emit_change(change, nullable == WRITTEN_FALSE ? OP_SET_NOT_NULL : OP_DROP_NOT_NULL);
    operation->as.drop_column.column = change->column;
}

static void change_default(const Change *change)
{
    PythonScope *scope = &change->call->run->scope;
    const PythonTerm *value = written(change, "server_default");
    bool is_written = call_keyword(change->call->call, "server_default") != NULL;
    if (!is_written || !value || value->kind == TERM_FALSE)
        return;
    const PythonTerm *known = python_value(scope, value);
    if (call_is(scope, known, "Identity")) {
        bool always = call_flag(scope, known, "always");
        Operation *operation = emit_change(change, OP_SET_IDENTITY);
        operation->as.set_identity.column = change->column;
        operation->as.set_identity.kind = always ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
        return;
    }
    bool is_unknown = false;
    const Expression *expression = python_server_default(scope, value, &is_unknown);
    if (is_unknown)
        return;
    Operation *operation = emit_change(change, OP_SET_COLUMN_DEFAULT);
    operation->as.set_default.column = change->column;
    operation->as.set_default.value = expression;
}

static void change_comment(const Change *change)
{
    const PythonTerm *keyword = call_keyword(change->call->call, "comment");
    Str text = {0};
    bool is_known = keyword && term_string(&change->call->run->scope, keyword->left, &text);
    bool is_none = keyword && keyword->left && keyword->left->kind == TERM_NONE;
    if (!is_known && !is_none)
        return;
    Operation *operation = emit_change(change, OP_COMMENT);
    operation->as.comment.object = OBJECT_COLUMN;
    operation->as.comment.column = change->column;
    operation->as.comment.is_null = !is_known;
    operation->as.comment.text = text;
}

static void change_name(const Change *change, Name new_name)
{
    if (str_is_empty(new_name.text))
        return;
    Operation *operation = emit_change(change, OP_RENAME_COLUMN);
    operation->as.rename.from = change->column;
    operation->as.rename.to = new_name;
}

void alembic_alter_column(const AlembicCall *c)
{
    PythonScope *scope = &c->run->scope;
    Change change = {.call = c,
                     .table = alembic_table(c),
                     .column = term_name(scope, alembic_argument(c, 1, "column_name"))};
    if (str_is_empty(change.table.name.text) || str_is_empty(change.column.text))
        return;
    const PythonTerm *name_term = written(&change, "new_column_name");
    if (!name_term)
        name_term = written(&change, "name");
    Name new_name = term_name(scope, name_term);
    bool only_default =
        call_keyword(c->call, "server_default") && term_is_none(written(&change, "type_")) &&
        term_is_none(written(&change, "nullable")) && term_is_none(name_term) &&
        !call_keyword(c->call, "autoincrement") && !call_keyword(c->call, "comment");
    if (scope->dialect == DIALECT_MYSQL && !only_default) {
        replace_column(&change, new_name);
        return;
    }
    if (!term_is_none(written(&change, "type_")))
        change_type(&change);
    change_nullability(&change);
    change_default(&change);
    change_comment(&change);
    change_name(&change, new_name);
}
