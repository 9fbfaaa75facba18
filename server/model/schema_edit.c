#include "model/schema_edit.h"

#include "base/panic.h"

/* ---- maps ---- */

static Str key2(const Schema *schema, IdentifierKey *key, Str name_space, Str name)
{
    identifier_key_start(key);
    identifier_key_add(key, schema->dialect, name_space);
    identifier_key_add(key, schema->dialect, name);
    return identifier_key_text(key);
}

static void put(Schema *schema, StrMap *map, Str name_space, Str name, void *value)
{
    IdentifierKey key;
    Str text = str_copy(schema->arena, key2(schema, &key, name_space, name));
    map_set(schema->arena, map, text, value);
}

/* Only where the map holds `value` under that name. */
static void take(Schema *schema, StrMap *map, Str name_space, Str name, const void *value)
{
    IdentifierKey key;
    Str text = key2(schema, &key, name_space, name);
    if (map_get(map, text) == value)
        map_remove(map, text);
}

bool schema_may_copy(Schema *schema)
{
    if (schema->n_copied >= COPIES_MAX)
        return false;
    schema->n_copied++;
    return true;
}

void schema_add_namespace(Schema *schema, Name name)
{
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, name.text);
    if (map_get(&schema->schemas, identifier_key_text(&key)))
        return;
    Name *copy = ARENA_NEW(schema->arena, Name);
    *copy = name;
    map_set(schema->arena, &schema->schemas, str_copy(schema->arena, identifier_key_text(&key)),
            copy);
}

Str schema_creation_namespace(Schema *schema, Str written, bool is_temporary)
{
    if (schema->dialect == DIALECT_POSTGRESQL) {
        if (is_temporary || str_equal(written, STR("pg_temp"))) {
            schema->has_temporary = true;
            return STR("pg_temp");
        }
        if (written.length > 0)
            return written;
        /* The first of the path that exists; one that was made elsewhere is taken to exist. */
        for (uint32_t i = 0; i < schema->search_path.n; i++) {
            IdentifierKey key;
            identifier_key_start(&key);
            identifier_key_add(&key, schema->dialect, schema->search_path.items[i]);
            if (map_get(&schema->schemas, identifier_key_text(&key)))
                return schema->search_path.items[i];
        }
        return schema->search_path.n > 0 ? schema->search_path.items[0]
                                         : schema_default_namespace(schema);
    }
    if (written.length == 0)
        return schema_default_namespace(schema);
    if (schema->dialect == DIALECT_MYSQL && schema->home_database.length > 0 &&
        str_equal_ignore_case(written, schema->home_database))
        return STR("");
    if (schema->dialect == DIALECT_SQLITE && (str_equal_ignore_case(written, STR("main")) ||
                                              str_equal_ignore_case(written, STR("temp"))))
        return STR("");
    return written;
}

/* ---- tables ---- */

Table *schema_add_table(Schema *schema, Str name_space, Name name, TableKind kind)
{
    Table *table = ARENA_NEW(schema->arena, Table);
    table->schema = name_space;
    table->name = name;
    table->kind = kind;
    table->ignores_case = dialect_ignores_case(schema->dialect);
    table->origin = table->changed = schema->replaying;
    table->origin_migration = schema->migration;
    if (schema->replaying)
        table->place = schema->replaying->statement;
    put(schema, &schema->tables, name_space, name.text, table);
    return table;
}

void schema_table_arrived(Schema *schema, Table *table)
{
    IdentifierKey key;
    ForeignKeyVec *waiting =
        map_remove(&schema->awaited, key2(schema, &key, table->schema, table->name.text));
    for (uint32_t i = 0; waiting && i < waiting->n; i++) {
        ForeignKey *foreign_key = waiting->items[i];
        if (foreign_key->table && !foreign_key->target)
            schema_link_foreign_key(schema, foreign_key);
    }
}

bool schema_holds_table(const Schema *schema, const Table *table)
{
    IdentifierKey key;
    return map_get(&schema->tables, key2(schema, &key, table->schema, table->name.text)) == table;
}

static void unlink_parents(Table *table)
{
    if (table->partition_of)
        VEC_TAKE_OUT(&table->partition_of->partitions, table);
    for (uint32_t i = 0; i < table->inherits.n; i++)
        VEC_TAKE_OUT(&table->inherits.items[i]->children, table);
    table->partition_of = NULL;
    table->inherits.n = 0;
}

void schema_remove_table(Schema *schema, Table *table)
{
    if (!schema_holds_table(schema, table))
        return; /* on its way already: a cycle of views */
    take(schema, &schema->tables, table->schema, table->name.text, table);
    bool is_strict = schema->dialect == DIALECT_POSTGRESQL;
    while (is_strict && table->dependents.n > 0) {
        Table *view = *VEC_LAST(&table->dependents);
        table->dependents.n--;
        schema_remove_table(schema, view);
    }
    while (is_strict && table->partitions.n > 0) {
        Table *partition = *VEC_LAST(&table->partitions);
        table->partitions.n--;
        partition->partition_of = NULL;
        schema_remove_table(schema, partition);
    }
    while (is_strict && table->children.n > 0) {
        Table *child = *VEC_LAST(&table->children);
        table->children.n--;
        schema_remove_table(schema, child);
    }
    for (Table *whole = table->partition_of; whole; whole = whole->partition_of) {
        while (whole->referenced_by.n > 0)
            schema_remove_foreign_key(schema, *VEC_LAST(&whole->referenced_by));
    }
    unlink_parents(table);
    schema_unlink_view(table);
    while (table->foreign_keys.n > 0)
        schema_remove_foreign_key(schema, *VEC_LAST(&table->foreign_keys));
    while (table->referenced_by.n > 0) {
        ForeignKey *foreign_key = *VEC_LAST(&table->referenced_by);
        if (is_strict) {
            schema_remove_foreign_key(schema, foreign_key);
        } else {
            table->referenced_by.n--;
            foreign_key->target = NULL;
            foreign_key->target_columns.n = 0;
            schema_link_foreign_key(schema, foreign_key);
        }
    }
    while (table->indexes.n > 0)
        schema_remove_index(schema, *VEC_LAST(&table->indexes));
    for (uint32_t i = 0; i < table->checks.n; i++)
        schema_drop_constraint_name(schema, table->schema, table->checks.items[i]->name.text);
    for (uint32_t i = 0; i < table->columns.n; i++)
        schema_remove_owned_sequences(schema, table->columns.items[i]);
}

static void register_index(Schema *schema, Index *index, bool is_there)
{
    const Table *table = index->table;
    bool is_per_table = schema->dialect == DIALECT_MYSQL || schema->dialect == DIALECT_SQLSERVER;
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, index->schema);
    if (is_per_table)
        identifier_key_add(&key, schema->dialect, table->name.text);
    identifier_key_add(&key, schema->dialect, index->name.text);
    Str text = identifier_key_text(&key);
    if (!is_there) {
        if (map_get(&schema->indexes, text) == index)
            map_remove(&schema->indexes, text);
    } else if (!map_get(&schema->indexes, text)) {
        map_set(schema->arena, &schema->indexes, str_copy(schema->arena, text), index);
    }
}

void schema_move_table(Schema *schema, Table *table, Str name_space, Name name)
{
    bool moves = !str_equal(name_space, table->schema);
    take(schema, &schema->tables, table->schema, table->name.text, table);
    for (uint32_t i = 0; i < table->indexes.n; i++)
        register_index(schema, table->indexes.items[i], false);
    for (uint32_t i = 0; moves && i < table->checks.n; i++) {
        schema_drop_constraint_name(schema, table->schema, table->checks.items[i]->name.text);
        schema_hold_constraint_name(schema, name_space, table->checks.items[i]->name.text);
    }
    for (uint32_t i = 0; moves && i < table->foreign_keys.n; i++) {
        Str foreign_key = table->foreign_keys.items[i]->name.text;
        schema_drop_constraint_name(schema, table->schema, foreign_key);
        schema_hold_constraint_name(schema, name_space, foreign_key);
    }
    Str old_name = table->name.text;
    Str old_space = table->schema;
    table->schema = name_space;
    table->name = name;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        Index *index = table->indexes.items[i];
        index->schema = name_space;
        if (moves && index->constraint) {
            schema_drop_constraint_name(schema, old_space, index->name.text);
            schema_hold_constraint_name(schema, name_space, index->name.text);
        }
        register_index(schema, index, true);
    }
    for (uint32_t i = 0; i < table->dependents.n; i++) {
        Table *view = table->dependents.items[i];
        if (!view->view)
            continue;
        ViewDef *changed = ARENA_NEW(schema->arena, ViewDef);
        *changed = *view->view;
        changed->text =
            text_rename(schema->arena, schema->dialect, changed->text, old_name, name.text);
        view->view = changed;
    }
    put(schema, &schema->tables, name_space, name.text, table);
    schema_table_arrived(schema, table);
}

void schema_link_view(Schema *schema, Table *view, Table *source)
{
    if (view == source)
        return;
    for (uint32_t i = 0; i < view->depends_on.n; i++) {
        if (view->depends_on.items[i] == source)
            return;
    }
    VEC_PUSH(schema->arena, &view->depends_on, source);
    VEC_PUSH(schema->arena, &source->dependents, view);
}

void schema_unlink_view(Table *view)
{
    for (uint32_t i = 0; i < view->depends_on.n; i++)
        VEC_TAKE_OUT(&view->depends_on.items[i]->dependents, view);
    view->depends_on.n = 0;
}

/* ---- indexes and keys ---- */

bool schema_add_index(Schema *schema, Table *table, Index *index)
{
    if (table->indexes.n >= TABLE_PARTS_MAX)
        return false;
    index->table = table;
    index->schema = table->schema;
    if (str_is_absent(index->method))
        index->method = STR("btree");
    VEC_PUSH(schema->arena, &table->indexes, index);
    register_index(schema, index, true);
    if (index->constraint)
        schema_hold_constraint_name(schema, table->schema, index->name.text);
    return true;
}

/* A partitioned table's index takes its parts with it. */
static void remove_index_parts(Schema *schema, const Index *index)
{
    for (uint32_t i = 0; i < index->table->partitions.n; i++) {
        const Table *partition = index->table->partitions.items[i];
        for (uint32_t j = partition->indexes.n; j > 0; j--) {
            Index *part = partition->indexes.items[j - 1];
            if (part->inherited_from != index)
                continue;
            part->inherited_from = NULL;
            if (part->constraint)
                schema_remove_key(schema, part->constraint);
            else
                schema_remove_index(schema, part);
            break;
        }
    }
}

void schema_remove_index(Schema *schema, Index *index)
{
    if (!index->table)
        return;
    remove_index_parts(schema, index);
    register_index(schema, index, false);
    if (index->constraint)
        schema_drop_constraint_name(schema, index->schema, index->name.text);
    VEC_TAKE_OUT(&index->table->indexes, index);
}

void schema_rename_index(Schema *schema, Index *index, Name name)
{
    register_index(schema, index, false);
    if (index->constraint) {
        schema_drop_constraint_name(schema, index->schema, index->name.text);
        schema_hold_constraint_name(schema, index->schema, name.text);
        index->constraint->name = name;
        index->constraint->is_name_generated = false;
    }
    index->name = name;
    index->is_name_generated = false;
    register_index(schema, index, true);
}

bool schema_add_key(Schema *schema, Table *table, Key *key)
{
    if (table->uniques.n >= TABLE_PARTS_MAX)
        return false;
    key->table = table;
    if (key->is_primary)
        table->primary_key = key;
    else
        VEC_PUSH(schema->arena, &table->uniques, key);
    return true;
}

static bool same_columns(const ColumnVec *a, const ColumnVec *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < b->n && !is_there; j++)
            is_there = a->items[i] == b->items[j];
        if (!is_there)
            return false;
    }
    return true;
}

void schema_remove_key(Schema *schema, Key *key)
{
    Table *table = key->table;
    if (!table)
        return;
    key->table = NULL;
    if (table->primary_key == key)
        table->primary_key = NULL;
    VEC_TAKE_OUT(&table->uniques, key);
    if (key->index)
        schema_remove_index(schema, key->index);
    if (schema->dialect != DIALECT_POSTGRESQL)
        return;
    for (uint32_t i = table->referenced_by.n; i > 0; i--) {
        if (i > table->referenced_by.n)
            continue;
        ForeignKey *foreign_key = table->referenced_by.items[i - 1];
        if (same_columns(&foreign_key->target_columns, &key->columns) &&
            !table_is_unique_on(table, &key->columns))
            schema_remove_foreign_key(schema, foreign_key);
    }
}

/* ---- foreign keys and checks ---- */

bool schema_add_foreign_key(Schema *schema, Table *table, ForeignKey *foreign_key)
{
    if (table->foreign_keys.n >= TABLE_PARTS_MAX)
        return false;
    foreign_key->table = table;
    VEC_PUSH(schema->arena, &table->foreign_keys, foreign_key);
    schema_hold_constraint_name(schema, table->schema, foreign_key->name.text);
    schema_link_foreign_key(schema, foreign_key);
    return true;
}

static void await(Schema *schema, ForeignKey *foreign_key)
{
    const QualifiedName *name = &foreign_key->target_name;
    Str name_space = schema_creation_namespace(schema, name->schema.text, false);
    IdentifierKey key;
    Str text = key2(schema, &key, name_space, name->name.text);
    ForeignKeyVec *waiting = map_get(&schema->awaited, text);
    if (!waiting) {
        waiting = ARENA_NEW(schema->arena, ForeignKeyVec);
        map_set(schema->arena, &schema->awaited, str_copy(schema->arena, text), waiting);
    }
    VEC_PUSH(schema->arena, waiting, foreign_key);
}

void schema_link_foreign_key(Schema *schema, ForeignKey *foreign_key)
{
    Table *target = schema_find_table(schema, &foreign_key->target_name);
    if (!target) {
        await(schema, foreign_key);
        return;
    }
    foreign_key->target = target;
    foreign_key->target_columns = (ColumnVec){0};
    const NameVec *names = &foreign_key->target_column_names;
    for (uint32_t i = 0; i < names->n; i++) {
        Column *column = table_column(target, names->items[i].text);
        if (!column) {
            foreign_key->target_columns.n = 0;
            break;
        }
        VEC_PUSH(schema->arena, &foreign_key->target_columns, column);
    }
    for (uint32_t i = 0; names->n == 0 && target->primary_key && i < target->primary_key->columns.n;
         i++)
        VEC_PUSH(schema->arena, &foreign_key->target_columns,
                 target->primary_key->columns.items[i]);
    VEC_PUSH(schema->arena, &target->referenced_by, foreign_key);
}

void schema_remove_foreign_key(Schema *schema, ForeignKey *foreign_key)
{
    Table *table = foreign_key->table;
    if (!table)
        return;
    for (uint32_t i = 0; i < table->partitions.n; i++) {
        const Table *partition = table->partitions.items[i];
        for (uint32_t j = 0; j < partition->foreign_keys.n; j++) {
            if (partition->foreign_keys.items[j]->inherited_from == foreign_key) {
                schema_remove_foreign_key(schema, partition->foreign_keys.items[j]);
                break;
            }
        }
    }
    VEC_TAKE_OUT(&table->foreign_keys, foreign_key);
    schema_drop_constraint_name(schema, table->schema, foreign_key->name.text);
    if (foreign_key->target)
        VEC_TAKE_OUT(&foreign_key->target->referenced_by, foreign_key);
    foreign_key->target = NULL;
    foreign_key->table = NULL;
}

bool schema_add_check(Schema *schema, Table *table, Check *check)
{
    if (table->checks.n >= TABLE_PARTS_MAX)
        return false;
    VEC_PUSH(schema->arena, &table->checks, check);
    schema_hold_constraint_name(schema, table->schema, check->name.text);
    return true;
}

static void remove_inherited_check(Schema *schema, Table *table, Str name)
{
    Check *check = table_check(table, name);
    if (check && check->is_inherited)
        schema_remove_check(schema, table, check);
}

void schema_remove_check(Schema *schema, Table *table, Check *check)
{
    VEC_TAKE_OUT(&table->checks, check);
    schema_drop_constraint_name(schema, table->schema, check->name.text);
    for (uint32_t i = 0; i < table->partitions.n; i++)
        remove_inherited_check(schema, table->partitions.items[i], check->name.text);
    for (uint32_t i = 0; i < table->children.n; i++)
        remove_inherited_check(schema, table->children.items[i], check->name.text);
}

void schema_remove_exclusion(Schema *schema, Table *table, Exclusion *exclusion)
{
    VEC_TAKE_OUT(&table->exclusions, exclusion);
    schema_drop_constraint_name(schema, table->schema, exclusion->name.text);
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (str_equal(table->indexes.items[i]->name.text, exclusion->name.text)) {
            schema_remove_index(schema, table->indexes.items[i]);
            return;
        }
    }
}

/* ---- sequences and functions ---- */

Sequence *schema_add_sequence(Schema *schema, Str name_space, Name name)
{
    Sequence *sequence = ARENA_NEW(schema->arena, Sequence);
    sequence->schema = name_space;
    sequence->name = name;
    sequence->origin = schema->replaying;
    put(schema, &schema->sequences, name_space, name.text, sequence);
    return sequence;
}

void schema_remove_sequence(Schema *schema, Sequence *sequence)
{
    take(schema, &schema->sequences, sequence->schema, sequence->name.text, sequence);
    if (sequence->owner && sequence->owner->sequence == sequence)
        sequence->owner->sequence = NULL;
}

void schema_move_sequence(Schema *schema, Sequence *sequence, Str name_space, Name name)
{
    take(schema, &schema->sequences, sequence->schema, sequence->name.text, sequence);
    sequence->schema = name_space;
    sequence->name = name;
    put(schema, &schema->sequences, name_space, name.text, sequence);
}

void schema_remove_owned_sequences(Schema *schema, const Column *column)
{
    if (column->sequence)
        schema_remove_sequence(schema, column->sequence);
}

void schema_remove_function(Schema *schema, Function *function)
{
    VEC_TAKE_OUT(&schema->functions, function);
}
