/* Columns and their types: adding, renaming, removing with all that hangs on them. */
#include "model/schema_edit.h"

#include "base/panic.h"
#include "model/type_names.h"

enum { WIDE_TABLE = 24 }; /* columns from which a map is quicker than looking at each */

static Str column_key(const Table *table, IdentifierKey *key, Str name)
{
    identifier_key_start(key);
    identifier_key_add(key, table->ignores_case ? DIALECT_MYSQL : DIALECT_POSTGRESQL, name);
    return identifier_key_text(key);
}

static void map_column(Schema *schema, Table *table, Column *column)
{
    IdentifierKey key;
    Str text = str_copy(schema->arena, column_key(table, &key, column->name.text));
    map_set(schema->arena, &table->columns_by_name, text, column);
}

static void unmap_column(Table *table, const Column *column)
{
    IdentifierKey key;
    Str text = column_key(table, &key, column->name.text);
    if (map_get(&table->columns_by_name, text) == column)
        map_remove(&table->columns_by_name, text);
}

static void place_last_at(ColumnVec *columns, uint32_t position)
{
    if (position >= columns->n - 1) /* the caller has just pushed one */
        return;
    Column *moved = columns->items[columns->n - 1];
    memmove(&columns->items[position + 1], &columns->items[position],
            sizeof(Column *) * (columns->n - 1 - position));
    columns->items[position] = moved;
}

bool schema_insert_column(Schema *schema, Table *table, Column *column, uint32_t position)
{
    if (table->columns.n >= COLUMNS_MAX || table_column(table, column->name.text))
        return false;
    column->table = table;
    VEC_PUSH(schema->arena, &table->columns, column);
    if (table->columns_by_name.n > 0) {
        map_column(schema, table, column);
    } else if (table->columns.n == WIDE_TABLE) {
        for (uint32_t i = 0; i < table->columns.n; i++)
            map_column(schema, table, table->columns.items[i]);
    }
    place_last_at(&table->columns, position);
    return true;
}

void schema_move_column(Schema *schema, Table *table, Column *column, uint32_t position)
{
    VEC_TAKE_OUT(&table->columns, column);
    VEC_PUSH(schema->arena, &table->columns, column);
    place_last_at(&table->columns, position);
}

/* ---- renaming ---- */

static void rename_in_table(Schema *schema, Table *table, Str from, Str to)
{
    Arena *arena = schema->arena;
    Dialect dialect = schema->dialect;
    for (uint32_t i = 0; i < table->checks.n; i++) {
        Check *check = table->checks.items[i];
        check->expression =
            expression_rename_column(arena, dialect, check->expression, table, from, to);
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        Column *column = table->columns.items[i];
        column->generated_expression =
            expression_rename_column(arena, dialect, column->generated_expression, table, from, to);
    }
    for (uint32_t i = 0; i < table->policies.n; i++) {
        Policy *policy = table->policies.items[i];
        policy->using_expression =
            expression_rename_column(arena, dialect, policy->using_expression, table, from, to);
        policy->check_expression =
            expression_rename_column(arena, dialect, policy->check_expression, table, from, to);
    }
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        Index *index = table->indexes.items[i];
        index->where = expression_rename_column(arena, dialect, index->where, table, from, to);
        for (uint32_t j = 0; j < index->parts.n; j++) {
            KeyPart *part = &index->parts.items[j];
            if (part->column || !part->part || !part->part->expression)
                continue;
            const Expression *renamed =
                expression_rename_column(arena, dialect, part->part->expression, table, from, to);
            if (renamed == part->part->expression)
                continue;
            IndexPart *copy = ARENA_NEW(arena, IndexPart);
            *copy = *part->part;
            copy->expression = renamed;
            part->part = copy;
        }
    }
}

static void rename_in_views(Schema *schema, const Table *table, const Column *column, Str from,
                            Str to)
{
    for (uint32_t i = 0; i < table->dependents.n; i++) {
        Table *view = table->dependents.items[i];
        if (!view->view || !view_uses_column(view, table, column))
            continue;
        ViewDef *changed = ARENA_NEW(schema->arena, ViewDef);
        *changed = *view->view;
        changed->text = text_rename(schema->arena, schema->dialect, changed->text, from, to);
        view->view = changed;
    }
}

void schema_rename_column(Schema *schema, Table *table, Column *column, Name name)
{
    Str from = column->name.text;
    rename_in_views(schema, table, column, from, name.text);
    rename_in_table(schema, table, from, name.text);
    unmap_column(table, column);
    column->name = name;
    column->changed = schema->replaying;
    if (table->columns.n >= WIDE_TABLE || table->columns_by_name.n > 0)
        map_column(schema, table, column);
    /* Foreign keys keep the names of the columns they point at. */
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        ForeignKey *foreign_key = table->referenced_by.items[i];
        for (uint32_t j = 0;
             j < foreign_key->target_column_names.n && j < foreign_key->target_columns.n; j++) {
            if (foreign_key->target_columns.items[j] != column)
                continue;
            NameVec names = {0};
            for (uint32_t k = 0; k < foreign_key->target_column_names.n; k++)
                VEC_PUSH(schema->arena, &names, foreign_key->target_column_names.items[k]);
            names.items[j].text = name.text;
            foreign_key->target_column_names = names;
        }
    }
}

/* ---- removing ---- */

static bool vec_holds(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

static void remove_constraints_of(Schema *schema, Table *table, Column *column)
{
    if (table->primary_key && (vec_holds(&table->primary_key->columns, column) ||
                               vec_holds(&table->primary_key->include, column)))
        schema_remove_key(schema, table->primary_key);
    for (uint32_t i = table->uniques.n; i > 0; i--) {
        Key *key = table->uniques.items[i - 1];
        if (vec_holds(&key->columns, column) || vec_holds(&key->include, column))
            schema_remove_key(schema, key);
    }
    for (uint32_t i = table->foreign_keys.n; i > 0; i--) {
        if (vec_holds(&table->foreign_keys.items[i - 1]->columns, column))
            schema_remove_foreign_key(schema, table->foreign_keys.items[i - 1]);
    }
    for (uint32_t i = table->referenced_by.n; i > 0; i--) {
        if (i <= table->referenced_by.n &&
            vec_holds(&table->referenced_by.items[i - 1]->target_columns, column))
            schema_remove_foreign_key(schema, table->referenced_by.items[i - 1]);
    }
    for (uint32_t i = table->checks.n; i > 0; i--) {
        Check *check = table->checks.items[i - 1];
        if (check->column == column ||
            expression_uses_column(check->expression, table, column->name.text))
            schema_remove_check(schema, table, check);
    }
    for (uint32_t i = table->exclusions.n; i > 0; i--) {
        Exclusion *exclusion = table->exclusions.items[i - 1];
        bool uses = expression_uses_column(exclusion->definition->where, table, column->name.text);
        for (uint32_t j = 0; j < exclusion->parts.n && !uses; j++)
            uses = exclusion->parts.items[j].column == column;
        if (uses)
            schema_remove_exclusion(schema, table, exclusion);
    }
}

/* MySQL takes the column out of its indexes and drops those that become empty. */
static void shrink_indexes(Schema *schema, Table *table, const Column *column)
{
    for (uint32_t i = table->indexes.n; i > 0; i--) {
        Index *index = table->indexes.items[i - 1];
        for (uint32_t j = index->parts.n; j > 0; j--) {
            if (index->parts.items[j - 1].column == column)
                VEC_REMOVE(&index->parts, j - 1);
        }
        Key *key = index->constraint;
        for (uint32_t j = key ? key->columns.n : 0; j > 0; j--) {
            if (key->columns.items[j - 1] == column)
                VEC_REMOVE(&key->columns, j - 1);
        }
        if (index->parts.n > 0)
            continue;
        if (key)
            schema_remove_key(schema, key);
        else
            schema_remove_index(schema, index);
    }
}

static void remove_dependents(Schema *schema, Table *table, Column *column)
{
    Str name = column->name.text;
    for (uint32_t i = table->policies.n; i > 0; i--) {
        const Policy *policy = table->policies.items[i - 1];
        if (expression_uses_column(policy->using_expression, table, name) ||
            expression_uses_column(policy->check_expression, table, name))
            VEC_REMOVE(&table->policies, i - 1);
    }
    for (uint32_t i = table->dependents.n; i > 0; i--) {
        if (i <= table->dependents.n &&
            view_uses_column(table->dependents.items[i - 1], table, column))
            schema_remove_table(schema, table->dependents.items[i - 1]);
    }
    for (uint32_t i = table->columns.n; i > 0; i--) {
        if (i > table->columns.n)
            continue;
        Column *other = table->columns.items[i - 1];
        if (other != column && expression_uses_column(other->generated_expression, table, name))
            schema_remove_column(schema, table, other);
    }
}

static void remove_inherited(Schema *schema, TableVec *heirs, Str name)
{
    for (uint32_t i = 0; i < heirs->n; i++) {
        Column *column = table_column(heirs->items[i], name);
        if (column && column->is_inherited)
            schema_remove_column(schema, heirs->items[i], column);
    }
}

void schema_remove_column(Schema *schema, Table *table, Column *column)
{
    if (column->table != table)
        return; /* on its way already */
    column->table = NULL;
    if (schema->dialect == DIALECT_MYSQL)
        shrink_indexes(schema, table, column);
    remove_constraints_of(schema, table, column);
    for (uint32_t i = table->indexes.n; i > 0; i--) {
        if (index_uses_column(table->indexes.items[i - 1], column))
            schema_remove_index(schema, table->indexes.items[i - 1]);
    }
    if (schema->dialect == DIALECT_POSTGRESQL)
        remove_dependents(schema, table, column);
    schema_remove_owned_sequences(schema, column);
    remove_inherited(schema, &table->partitions, column->name.text);
    remove_inherited(schema, &table->children, column->name.text);
    unmap_column(table, column);
    VEC_TAKE_OUT(&table->columns, column);
}

/* ---- types ---- */

static TypeFamily family_of(const Type *type)
{
    switch (type->kind) {
    case TYPE_DEF_ENUM:
        return TYPE_ENUM;
    case TYPE_DEF_COMPOSITE:
        return TYPE_COMPOSITE;
    case TYPE_DEF_RANGE:
        return TYPE_RANGE;
    case TYPE_DEF_DOMAIN:
        return TYPE_DOMAIN;
    case TYPE_DEF_SHELL:
        return TYPE_OTHER;
    }
    UNREACHABLE();
}

static void take_type(Arena *out, ColumnType *type, const Type *user_type)
{
    type->family = family_of(user_type);
    type->canonical = type_user_name(out, user_type->schema, user_type->name.text);
    if (type->array_dims > 0)
        type->canonical = str_format(out, STR_FMT "[]", STR_ARG(type->canonical));
}

Type *schema_resolve_column_type(const Schema *schema, Arena *out, ColumnType *type)
{
    if (schema->dialect != DIALECT_POSTGRESQL || schema->types.n == 0)
        return NULL;
    /* A built-in name means the built-in type: pg_catalog is searched first. */
    bool is_builtin = type->family != TYPE_OTHER && type->schema.length == 0;
    Type *user_type = is_builtin ? NULL : schema_find_type(schema, type->schema, type->name);
    if (user_type)
        take_type(out, type, user_type);
    return user_type;
}

void schema_resolve_type(const Schema *schema, Column *column)
{
    column->user_type = schema_resolve_column_type(schema, schema->arena, &column->type);
}

static Str type_key(const Schema *schema, IdentifierKey *key, const Type *type)
{
    identifier_key_start(key);
    identifier_key_add(key, schema->dialect, type->schema);
    identifier_key_add(key, schema->dialect, type->name.text);
    return identifier_key_text(key);
}

void schema_add_type(Schema *schema, Type *type)
{
    IdentifierKey key;
    Str text = str_copy(schema->arena, type_key(schema, &key, type));
    map_set(schema->arena, &schema->types, text, type);
}

static void take_out_type(Schema *schema, const Type *type)
{
    IdentifierKey key;
    Str text = type_key(schema, &key, type);
    if (map_get(&schema->types, text) == type)
        map_remove(&schema->types, text);
}

void schema_remove_type(Schema *schema, Type *type)
{
    take_out_type(schema, type);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Table *table = e->value;
        for (uint32_t i = table->columns.n; i > 0; i--) {
            if (i <= table->columns.n && table->columns.items[i - 1]->user_type == type)
                schema_remove_column(schema, table, table->columns.items[i - 1]);
        }
    }
}

void schema_move_type(Schema *schema, Type *type, Str name_space, Name name)
{
    take_out_type(schema, type);
    type->schema = name_space;
    type->name = name;
    schema_add_type(schema, type);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        for (uint32_t i = 0; i < table->columns.n; i++) {
            Column *column = table->columns.items[i];
            if (column->user_type != type)
                continue;
            take_type(schema->arena, &column->type, type);
            column->type.name = name.text;
            column->type.schema = name_space;
        }
    }
}
