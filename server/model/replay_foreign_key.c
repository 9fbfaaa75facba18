/* Foreign keys, their indexes in MySQL, and their copies on partitions. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

void replay_serve_foreign_key(Replay *r, Table *table, ForeignKey *foreign_key)
{
    if (r->schema->dialect != DIALECT_MYSQL || foreign_key->columns.n == 0)
        return;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        bool serves = index->kind == INDEX_NORMAL && index->parts.n >= foreign_key->columns.n;
        for (uint32_t j = 0; j < foreign_key->columns.n && serves; j++)
            serves = index->parts.items[j].column == foreign_key->columns.items[j];
        if (serves)
            return;
    }
    Index *index = ARENA_NEW(r->arena, Index);
    for (uint32_t i = 0; i < foreign_key->columns.n; i++) {
        KeyPart part = {.column = foreign_key->columns.items[i]};
        VEC_PUSH(r->arena, &index->parts, part);
    }
    index->is_implicit = true;
    index->is_name_generated = true;
    index->place = foreign_key->place;
    index->origin = r->operation;
    if (foreign_key->is_name_generated)
        index->name.text = generated_index_name(r->schema, table, &index->parts, NULL);
    else
        index->name = foreign_key->name;
    schema_add_index(r->schema, table, index);
}

static ForeignKey *make_foreign_key(Replay *r, const ConstraintDef *definition)
{
    ForeignKey *foreign_key = ARENA_NEW(r->arena, ForeignKey);
    foreign_key->target_name = definition->references;
    foreign_key->target_column_names = definition->references_columns;
    foreign_key->on_delete = definition->on_delete;
    foreign_key->on_update = definition->on_update;
    foreign_key->on_delete_columns = definition->on_delete_columns;
    foreign_key->deferrable = definition->deferrable;
    foreign_key->initially_deferred = definition->initially_deferred;
    /* On a table that is being made there is nothing to check: PostgreSQL ignores NOT VALID. */
    foreign_key->is_validated = !definition->not_valid || r->operation->kind == OP_CREATE_TABLE;
    foreign_key->match_full = definition->match_full;
    foreign_key->place = definition->place;
    foreign_key->references = definition->references.place;
    foreign_key->origin = r->operation;
    return foreign_key;
}

bool replay_apply_foreign_key(Replay *r, Table *table, const ConstraintDef *definition,
                              Column *inline_column)
{
    ForeignKey *foreign_key = make_foreign_key(r, definition);
    if (definition->parts.n == 0 && inline_column) {
        VEC_PUSH(r->arena, &foreign_key->columns, inline_column);
        VEC_PUSH(r->arena, &foreign_key->column_names, inline_column->name);
    }
    bool ok = true;
    for (uint32_t i = 0; i < definition->parts.n; i++) {
        Name name = definition->parts.items[i].column;
        bool is_there;
        Column *column = replay_column(r, table, name, &is_there);
        ok &= is_there;
        VEC_PUSH(r->arena, &foreign_key->column_names, name);
        if (column)
            VEC_PUSH(r->arena, &foreign_key->columns, column);
    }
    if (!ok)
        return false;
    foreign_key->name = definition->name;
    if (name_is_absent(definition->name)) {
        foreign_key->is_name_generated = true;
        foreign_key->name.text =
            generated_foreign_key_name(r->schema, table, &foreign_key->column_names);
    }
    if (!schema_add_foreign_key(r->schema, table, foreign_key))
        return true;
    replay_serve_foreign_key(r, table, foreign_key);
    replay_inherit_foreign_key(r, table, foreign_key, 0);
    if (!foreign_key->target && r->schema->dialect == DIALECT_POSTGRESQL)
        return replay_fail(r, REPLAY_MISSING_TABLE, definition->references.name,
                           "table \"" STR_FMT "\" does not exist",
                           STR_ARG(definition->references.name.text));
    if (foreign_key->target && definition->references_columns.n > 0 &&
        foreign_key->target_columns.n == 0) {
        for (uint32_t i = 0; i < definition->references_columns.n; i++) {
            bool is_there;
            replay_column(r, foreign_key->target, definition->references_columns.items[i],
                          &is_there);
            if (!is_there)
                return false;
        }
    }
    return true;
}

void replay_give_foreign_key(Replay *r, Table *partition, ForeignKey *foreign_key, uint32_t depth)
{
    ForeignKey *copy = NULL;
    for (uint32_t i = 0; i < partition->foreign_keys.n && !copy; i++) {
        ForeignKey *own = partition->foreign_keys.items[i];
        if (own->inherited_from || own->target != foreign_key->target ||
            own->columns.n != foreign_key->columns.n)
            continue;
        bool is_same = true;
        for (uint32_t j = 0; j < own->columns.n && is_same; j++)
            is_same = str_equal(own->columns.items[j]->name.text,
                                foreign_key->columns.items[j]->name.text);
        if (is_same)
            copy = own;
    }
    if (!copy) {
        if (!schema_may_copy(r->schema))
            return;
        copy = ARENA_NEW(r->arena, ForeignKey);
        *copy = *foreign_key;
        copy->columns = (ColumnVec){0};
        copy->target = NULL;
        copy->target_columns = (ColumnVec){0};
        for (uint32_t i = 0; i < foreign_key->columns.n; i++) {
            Column *column = table_column(partition, foreign_key->columns.items[i]->name.text);
            if (!column)
                return;
            VEC_PUSH(r->arena, &copy->columns, column);
        }
        if (!schema_add_foreign_key(r->schema, partition, copy))
            return;
    }
    copy->inherited_from = foreign_key;
    replay_inherit_foreign_key(r, partition, copy, depth + 1);
}

void replay_inherit_foreign_key(Replay *r, Table *table, ForeignKey *foreign_key, uint32_t depth)
{
    for (uint32_t i = 0; depth <= INHERITANCE_MAX && i < table->partitions.n; i++)
        replay_give_foreign_key(r, table->partitions.items[i], foreign_key, depth);
}
