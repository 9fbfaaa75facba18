/* Indexes: made, named, dropped, and passed on to partitions. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

/* An operator class that the column's type has anyway is as good as none: PostgreSQL does not print
 * it either. Its name is the type's with _ops, but for inet in GiST, which has no default. */
static bool is_default_opclass(const Column *column, Str method, Str opclass)
{
    static const char *const types[][2] = {
        {"smallint", "int2_ops"},     {"integer", "int4_ops"},
        {"bigint", "int8_ops"},       {"text", "text_ops"},
        {"uuid", "uuid_ops"},         {"date", "date_ops"},
        {"boolean", "bool_ops"},      {"jsonb", "jsonb_ops"},
        {"tsvector", "tsvector_ops"}, {"bytea", "bytea_ops"},
        {"real", "float4_ops"},       {"double precision", "float8_ops"},
        {"tsquery", "tsquery_ops"},   {"interval", "interval_ops"},
    };
    if (column->type.array_dims > 0)
        return str_equal(opclass, STR("array_ops"));
    if (column->type.family == TYPE_NUMERIC)
        return str_equal(opclass, STR("numeric_ops"));
    if (column->type.family == TYPE_TIMESTAMP)
        return str_equal(opclass, column->type.with_time_zone ? STR("timestamptz_ops")
                                                              : STR("timestamp_ops"));
    if (column->type.family == TYPE_RANGE)
        return str_equal(opclass, STR("range_ops"));
    if (column->type.family == TYPE_INET)
        return str_equal(opclass, STR("inet_ops")) && !str_equal(method, STR("gist"));
    for (uint32_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_equal(column->type.canonical, str_from(types[i][0])))
            return str_equal(opclass, str_from(types[i][1]));
    }
    return false;
}

static void forget_default_opclasses(Replay *r, Index *index)
{
    if (r->schema->dialect != DIALECT_POSTGRESQL)
        return;
    for (uint32_t i = 0; i < index->parts.n; i++) {
        KeyPart *part = &index->parts.items[i];
        if (!part->column || !part->part || part->part->opclass.length == 0 ||
            !is_default_opclass(part->column, index->method, part->part->opclass))
            continue;
        IndexPart *copy = ARENA_NEW(r->arena, IndexPart);
        *copy = *part->part;
        copy->opclass = (Str){0};
        part->part = copy;
    }
}

static bool resolve_parts(Replay *r, Table *table, const IndexPartVec *parts, KeyPartVec *resolved)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        KeyPart part = {.part = &parts->items[i]};
        if (!parts->items[i].expression) {
            bool ok;
            part.column = replay_column(r, table, parts->items[i].column, &ok);
            if (!ok)
                return false;
        }
        VEC_PUSH(r->arena, resolved, part);
    }
    return true;
}

static bool resolve_names(Replay *r, Table *table, const NameVec *names, ColumnVec *resolved)
{
    for (uint32_t i = 0; i < names->n; i++) {
        bool ok;
        Column *column = replay_column(r, table, names->items[i], &ok);
        if (!ok)
            return false;
        if (column)
            VEC_PUSH(r->arena, resolved, column);
    }
    return true;
}

static Str default_method(const Replay *r, IndexKind kind)
{
    if (kind == INDEX_FULLTEXT)
        return STR("fulltext");
    if (kind == INDEX_SPATIAL)
        return STR("rtree");
    (void)r;
    return STR("btree");
}

/* True where nothing else has the name; false also where IF NOT EXISTS makes that fine. */
static bool name_is_free(Replay *r, const Table *table, const IndexDef *definition, bool *ok)
{
    *ok = true;
    if (name_is_absent(definition->name))
        return true;
    bool is_taken;
    if (r->schema->dialect == DIALECT_POSTGRESQL || r->schema->dialect == DIALECT_SQLITE) {
        is_taken = schema_relation_exists(r->schema, table->schema, definition->name.text);
    } else {
        QualifiedName name = {.name = definition->name};
        const Index *other = schema_find_index(r->schema, &name, table);
        is_taken = other && !other->is_implicit;
    }
    if (is_taken && !definition->if_not_exists)
        *ok =
            replay_fail(r, REPLAY_EXISTS, definition->name,
                        "relation \"" STR_FMT "\" already exists", STR_ARG(definition->name.text));
    return !is_taken;
}

/* True where the parts of `index` start with those of `shorter`. */
static bool starts_with_parts(const Index *index, const Index *shorter)
{
    if (index->parts.n < shorter->parts.n || index->kind != INDEX_NORMAL || index->where)
        return false;
    for (uint32_t i = 0; i < shorter->parts.n; i++) {
        if (!index->parts.items[i].column ||
            index->parts.items[i].column != shorter->parts.items[i].column)
            return false;
    }
    return true;
}

/* MySQL drops the index that it made for a foreign key once another serves. */
static void drop_implicit(Replay *r, Table *table, const Index *added)
{
    for (uint32_t i = table->indexes.n; i > 0; i--) {
        Index *index = table->indexes.items[i - 1];
        if (index != added && index->is_implicit && starts_with_parts(added, index))
            schema_remove_index(r->schema, index);
    }
}

bool replay_apply_index(Replay *r, Table *table, const IndexDef *definition, Column *inline_column)
{
    bool ok;
    if (!name_is_free(r, table, definition, &ok))
        return ok;
    Index *index = ARENA_NEW(r->arena, Index);
    index->kind = definition->kind;
    index->unique = definition->unique;
    index->nulls_not_distinct = definition->nulls_not_distinct;
    index->is_clustered = definition->is_clustered;
    index->is_concurrent = definition->concurrently;
    index->where = definition->where;
    index->storage = definition->storage;
    index->place = definition->place;
    index->name_place = definition->name.place;
    index->origin = r->operation;
    index->method =
        definition->method.length > 0 ? definition->method : default_method(r, definition->kind);
    if (!resolve_parts(r, table, &definition->parts, &index->parts) ||
        !resolve_names(r, table, &definition->include, &index->include))
        return false;
    forget_default_opclasses(r, index);
    if (definition->parts.n == 0 && inline_column) {
        KeyPart part = {.column = inline_column};
        VEC_PUSH(r->arena, &index->parts, part);
    }
    index->name = definition->name;
    if (name_is_absent(index->name)) {
        index->is_name_generated = true;
        index->name.text = generated_index_name(r->schema, table, &index->parts, &index->include);
    }
    if (!schema_add_index(r->schema, table, index))
        return true;
    if (r->schema->dialect == DIALECT_MYSQL)
        drop_implicit(r, table, index);
    if (!definition->only)
        replay_inherit_index(r, table, index, 0);
    return true;
}

bool replay_create_index(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    const IndexDef *definition = &r->operation->as.create_index;
    if (!replay_apply_index(r, table, definition, NULL))
        return false;
    replay_touch(r, table);
    return true;
}

/* ---- partitions ---- */

/* The same index on another table that has columns of the same names; NULL where it lacks one or
 * the budget of copies is spent. */
Index *replay_copy_index(Replay *r, Table *table, const Index *from)
{
    if (!schema_may_copy(r->schema))
        return NULL;
    Index *copy = ARENA_NEW(r->arena, Index);
    *copy = *from;
    copy->parts = (KeyPartVec){0};
    copy->include = (ColumnVec){0};
    copy->constraint = NULL;
    copy->inherited_from = NULL;
    copy->is_name_generated = true;
    copy->origin = r->operation;
    for (uint32_t i = 0; i < from->parts.n; i++) {
        KeyPart part = from->parts.items[i];
        if (part.column) {
            part.column = table_column(table, part.column->name.text);
            if (!part.column)
                return NULL;
        }
        VEC_PUSH(r->arena, &copy->parts, part);
    }
    for (uint32_t i = 0; i < from->include.n; i++) {
        Column *column = table_column(table, from->include.items[i]->name.text);
        if (!column)
            return NULL;
        VEC_PUSH(r->arena, &copy->include, column);
    }
    const Key *key = from->constraint;
    if (key) {
        Key *key_copy = ARENA_NEW(r->arena, Key);
        *key_copy = *key;
        key_copy->columns = (ColumnVec){0};
        for (uint32_t i = 0; i < copy->parts.n; i++)
            VEC_PUSH(r->arena, &key_copy->columns, copy->parts.items[i].column);
        key_copy->include = copy->include;
        key_copy->index = copy;
        key_copy->origin = r->operation;
        key_copy->is_name_generated = true;
        if (key_copy->is_primary && table->primary_key)
            return NULL;
        copy->constraint = key_copy;
        copy->name = (Name){.text = generated_key_name(r->schema, table, key_copy->is_primary,
                                                       &copy->parts, &copy->include)};
        key_copy->name = copy->name;
        if (!schema_add_key(r->schema, table, key_copy))
            return NULL;
        replay_set_primary_nullability(r, key_copy);
    } else {
        copy->name =
            (Name){.text = generated_index_name(r->schema, table, &copy->parts, &copy->include)};
    }
    return schema_add_index(r->schema, table, copy) ? copy : NULL;
}

static bool same_expression(const KeyPart *a, const KeyPart *b)
{
    return a->part && b->part && a->part->expression && b->part->expression &&
           str_equal(a->part->expression->text, b->part->expression->text);
}

/* An index of the partition that can stand for the table's: same shape, not yet a part. */
static Index *matching_index(Table *partition, const Index *index)
{
    for (uint32_t i = 0; i < partition->indexes.n; i++) {
        Index *own = partition->indexes.items[i];
        if (own->inherited_from || own->unique != index->unique || own->parts.n != index->parts.n ||
            !str_equal(own->method, index->method) ||
            (own->where != NULL) != (index->where != NULL))
            continue;
        bool is_constraint = index->constraint != NULL;
        if (is_constraint &&
            (!own->constraint || own->constraint->is_primary != index->constraint->is_primary))
            continue;
        bool is_same = true;
        for (uint32_t j = 0; j < own->parts.n && is_same; j++) {
            const KeyPart *a = &own->parts.items[j], *b = &index->parts.items[j];
            if (a->column && b->column)
                is_same = str_equal(a->column->name.text, b->column->name.text);
            else
                is_same = !a->column && !b->column && same_expression(a, b);
        }
        if (is_same)
            return own;
    }
    return NULL;
}

void replay_give_index(Replay *r, Table *partition, Index *index, uint32_t depth)
{
    Index *part = matching_index(partition, index);
    if (!part)
        part = replay_copy_index(r, partition, index);
    if (!part)
        return;
    part->inherited_from = index;
    replay_inherit_index(r, partition, part, depth + 1);
}

void replay_inherit_index(Replay *r, Table *table, Index *index, uint32_t depth)
{
    for (uint32_t i = 0; depth <= INHERITANCE_MAX && i < table->partitions.n; i++)
        replay_give_index(r, table->partitions.items[i], index, depth);
}

/* ---- drop, rename ---- */

static Index *find_index(Replay *r, const QualifiedName *on, bool *ok)
{
    const QualifiedName *name = &r->operation->target;
    const Table *table = on->name.text.length > 0 ? schema_find_table(r->schema, on) : NULL;
    Index *index = schema_find_index(r->schema, name, table);
    *ok = true;
    if (!index && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_INDEX, name->name,
                          "index \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    return index;
}

bool replay_drop_index(Replay *r)
{
    bool ok;
    Index *index = find_index(r, &r->operation->as.drop_index.table, &ok);
    if (!index)
        return ok;
    bool is_mysql = r->schema->dialect == DIALECT_MYSQL;
    if (!is_mysql && !replay_may_drop(r, r->operation->target.name))
        return false;
    Table *table = index->table;
    replay_touch(r, table);
    if (index->constraint)
        schema_remove_key(r->schema, index->constraint);
    else
        schema_remove_index(r->schema, index);
    for (uint32_t i = 0; is_mysql && i < table->foreign_keys.n; i++)
        replay_serve_foreign_key(r, table, table->foreign_keys.items[i]);
    return true;
}

/* ALTER INDEX i ATTACH PARTITION j: where the partition was attached, or the table's index was
 * built, with j there, j is a part of i already. */
bool replay_attach_index(Replay *r)
{
    static const QualifiedName no_table;
    bool ok;
    Index *index = find_index(r, &no_table, &ok);
    if (!index)
        return ok;
    const QualifiedName *name = &r->operation->as.partition.partition;
    Index *part = schema_find_index(r->schema, name, NULL);
    if (!part)
        return replay_fail(r, REPLAY_MISSING_INDEX, name->name,
                           "index \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    if (part->inherited_from == index || part->table->partition_of != index->table)
        return true;
    replay_touch(r, part->table);
    part->inherited_from = index;
    return true;
}

/* ALTER INDEX i RENAME TO j has the index as its target; ALTER TABLE t RENAME INDEX i TO j the
 * table. */
static Index *renamed_index(Replay *r, bool *ok)
{
    static const QualifiedName no_table;
    Name from = r->operation->as.rename.from;
    if (name_is_absent(from))
        return find_index(r, &no_table, ok);
    const Table *table = replay_table(r, ok);
    if (!table)
        return NULL;
    QualifiedName name = {.name = from};
    Index *index = schema_find_index(r->schema, &name, table);
    *ok = true;
    if (!index)
        *ok = replay_fail(r, REPLAY_MISSING_INDEX, from, "index \"" STR_FMT "\" does not exist",
                          STR_ARG(from.text));
    return index;
}

bool replay_rename_index(Replay *r)
{
    bool ok;
    Index *index = renamed_index(r, &ok);
    Name to = r->operation->as.rename.to;
    if (!index)
        return ok;
    if (schema_relation_exists(r->schema, index->schema, to.text) &&
        r->schema->dialect == DIALECT_POSTGRESQL)
        return replay_fail(r, REPLAY_EXISTS, to, "relation \"" STR_FMT "\" already exists",
                           STR_ARG(to.text));
    replay_touch(r, index->table);
    schema_rename_index(r->schema, index, to);
    return true;
}
