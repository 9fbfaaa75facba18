/* Views and materialized views. */
#include "model/replay_steps.h"

static void fill(Replay *r, Table *view, const ViewDef *definition)
{
    ColumnVec columns = {0};
    view->view = definition;
    view->view_query = definition->query;
    view->columns = (ColumnVec){0};
    view->columns_by_name = (StrMap){0};
    view->has_unknown_columns = false;
    schema_unlink_view(view);
    if (definition->query) {
        replay_link_query(r, view, definition->query);
        replay_derive_columns(r, definition->query, &definition->columns, &columns,
                              &view->has_unknown_columns);
    }
    for (uint32_t i = 0; i < columns.n; i++)
        schema_insert_column(r->schema, view, columns.items[i], UINT32_MAX);
}

bool replay_create_view(Replay *r)
{
    const ViewDef *definition = &r->operation->as.create_view;
    const QualifiedName *name = &r->operation->target;
    Str name_space = schema_creation_namespace(
        r->schema, name->schema.text, definition->is_temporary || r->operation->is_temporary);
    if (schema_relation_exists(r->schema, name_space, name->name.text)) {
        QualifiedName found = {.schema = {.text = name_space}, .name = name->name};
        Table *view = schema_find_table(r->schema, &found);
        if (definition->if_not_exists || r->operation->if_not_exists)
            return true;
        if (!view || view->kind != TABLE_VIEW || !definition->or_replace)
            return replay_fail(r, REPLAY_EXISTS, name->name,
                               "relation \"" STR_FMT "\" already exists", STR_ARG(name->name.text));
        replay_touch(r, view);
        view->place = r->operation->statement;
        fill(r, view, definition);
        return true;
    }
    TableKind kind = definition->is_materialized ? TABLE_MATERIALIZED_VIEW : TABLE_VIEW;
    Table *view = schema_add_table(r->schema, name_space, name->name, kind);
    view->n_statements = 1;
    view->is_temporary = definition->is_temporary || r->operation->is_temporary;
    fill(r, view, definition);
    schema_table_arrived(r->schema, view);
    return true;
}

bool replay_drop_view(Replay *r)
{
    const QualifiedName *name = &r->operation->target;
    Table *view = schema_find_table(r->schema, name);
    if (!view || table_is_base(view)) {
        if (!view && r->operation->if_exists)
            return true;
        return replay_fail(r, REPLAY_MISSING_TABLE, name->name,
                           "view \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    }
    if (r->schema->dialect != DIALECT_MYSQL && !replay_may_drop(r, name->name))
        return false;
    schema_remove_table(r->schema, view);
    return true;
}
