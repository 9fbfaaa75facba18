/* Keys, checks and exclusions; and what is done to constraints of every kind. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

/* ---- what a constraint is about ---- */

static bool resolve_columns(Replay *r, Table *table, const ConstraintDef *definition,
                            Column *inline_column, KeyPartVec *parts, ColumnVec *columns)
{
    if (definition->parts.n == 0 && inline_column) {
        KeyPart part = {.column = inline_column};
        VEC_PUSH(r->arena, parts, part);
        VEC_PUSH(r->arena, columns, inline_column);
        return true;
    }
    for (uint32_t i = 0; i < definition->parts.n; i++) {
        const IndexPart *written = &definition->parts.items[i];
        KeyPart part = {.part = written};
        if (!written->expression) {
            bool ok;
            part.column = replay_column(r, table, written->column, &ok);
            if (!part.column)
                return false;
            VEC_PUSH(r->arena, columns, part.column);
        }
        VEC_PUSH(r->arena, parts, part);
    }
    return true;
}

static bool is_taken(const Replay *r, const Table *table, Str name)
{
    if (name.length == 0)
        return false;
    if (table_key(table, name) || table_check(table, name))
        return true;
    if (r->schema->dialect == DIALECT_MYSQL) /* foreign keys and indexes have names of their own */
        return false;
    return table_foreign_key(table, name) != NULL;
}

/* ---- keys ---- */

void replay_set_primary_nullability(Replay *r, const Key *key)
{
    if (!key->is_primary)
        return;
    Dialect dialect = r->schema->dialect;
    for (uint32_t i = 0; i < key->columns.n; i++) {
        /* SQLite lets NULLs into a primary key, but for the row's own number, WITHOUT ROWID and
         * STRICT: an old mistake that it keeps for compatibility. */
        if (dialect == DIALECT_SQLITE && !key->rowid && !key->table->without_rowid &&
            !key->table->is_strict)
            continue;
        key->columns.items[i]->is_nullable = false;
    }
}

static bool is_rowid_key(const Replay *r, const Table *table, const Key *key,
                         const KeyPartVec *parts)
{
    if (r->schema->dialect != DIALECT_SQLITE || !key->is_primary || key->columns.n != 1 ||
        table->without_rowid)
        return false;
    bool is_descending = parts->items[0].part && parts->items[0].part->order == ORDER_DESCENDING;
    return !is_descending &&
           str_equal_ignore_case(key->columns.items[0]->type.canonical, STR("integer"));
}

/* PostgreSQL merges a UNIQUE into a key over the same columns of the same CREATE TABLE. */
static bool is_repeated(const Replay *r, const Table *table, const Key *key)
{
    if (r->schema->dialect != DIALECT_POSTGRESQL || r->operation->kind != OP_CREATE_TABLE)
        return false;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Key *other = table->indexes.items[i]->constraint;
        if (!other || other->columns.n != key->columns.n || other->include.n != key->include.n ||
            other->deferrable != key->deferrable ||
            other->initially_deferred != key->initially_deferred ||
            other->nulls_not_distinct != key->nulls_not_distinct || table->partition_of)
            continue;
        bool is_same = true;
        for (uint32_t j = 0; j < key->columns.n && is_same; j++)
            is_same = other->columns.items[j] == key->columns.items[j];
        for (uint32_t j = 0; j < key->include.n && is_same; j++)
            is_same = other->include.items[j] == key->include.items[j];
        if (is_same)
            return true;
    }
    return false;
}

static bool adopt_index(Replay *r, Table *table, const ConstraintDef *definition, Key *key)
{
    QualifiedName name = {.schema = {.text = table->schema}, .name = definition->using_index};
    Index *index = schema_find_index(r->schema, &name, table);
    if (!index || index->table != table)
        return replay_fail(r, REPLAY_MISSING_INDEX, definition->using_index,
                           "index \"" STR_FMT "\" does not exist",
                           STR_ARG(definition->using_index.text));
    for (uint32_t i = 0; i < index->parts.n; i++) {
        if (index->parts.items[i].column)
            VEC_PUSH(r->arena, &key->columns, index->parts.items[i].column);
    }
    key->include = index->include;
    key->name = name_is_absent(definition->name) ? index->name : definition->name;
    key->index = index;
    if (!schema_add_key(r->schema, table, key))
        return true;
    schema_rename_index(r->schema, index, key->name);
    index->constraint = key;
    schema_hold_constraint_name(r->schema, table->schema, key->name.text);
    replay_set_primary_nullability(r, key);
    return true;
}

static Index *make_key_index(Replay *r, const ConstraintDef *definition, Key *key,
                             const KeyPartVec *parts)
{
    Index *index = ARENA_NEW(r->arena, Index);
    index->name = key->name;
    index->is_name_generated = key->is_name_generated;
    index->unique = true;
    index->nulls_not_distinct = key->nulls_not_distinct;
    index->is_clustered = key->is_clustered;
    index->parts = *parts;
    index->include = key->include;
    index->constraint = key;
    index->place = definition->place;
    index->name_place = definition->name.place;
    index->origin = r->operation;
    index->method = definition->method.length > 0 ? definition->method : STR("btree");
    return index;
}

static bool apply_key(Replay *r, Table *table, const ConstraintDef *definition,
                      Column *inline_column)
{
    Schema *schema = r->schema;
    Key *key = ARENA_NEW(r->arena, Key);
    KeyPartVec parts = {0};
    key->is_primary = definition->kind == CONSTRAINT_PRIMARY_KEY;
    key->nulls_not_distinct = definition->nulls_not_distinct;
    key->deferrable = definition->deferrable;
    key->initially_deferred = definition->initially_deferred;
    key->is_clustered = definition->is_clustered;
    key->place = definition->place;
    key->origin = r->operation;
    key->table = table;
    if (key->is_primary && table->primary_key)
        return replay_fail(r, REPLAY_EXISTS, table->primary_key->name,
                           "table \"" STR_FMT "\" already has a primary key",
                           STR_ARG(table->name.text));
    if (!name_is_absent(definition->using_index))
        return adopt_index(r, table, definition, key);
    if (!resolve_columns(r, table, definition, inline_column, &parts, &key->columns))
        return false;
    for (uint32_t i = 0; i < definition->include.n; i++) {
        Column *column = table_column(table, definition->include.items[i].text);
        if (column)
            VEC_PUSH(r->arena, &key->include, column);
    }
    if (parts.n == 0 || is_repeated(r, table, key))
        return true;
    bool is_rowid = is_rowid_key(r, table, key, &parts);
    key->name = definition->name;
    bool is_mysql_primary = schema->dialect == DIALECT_MYSQL && key->is_primary;
    Str index_name = key->name.text;
    if (name_is_absent(key->name) || is_mysql_primary) {
        key->is_name_generated = true;
        if (!is_rowid)
            index_name = generated_key_name(schema, table, key->is_primary, &parts, &key->include);
        key->name.text = schema->dialect == DIALECT_SQLITE ? (Str){0} : index_name;
    } else if (schema->dialect == DIALECT_POSTGRESQL &&
               schema_relation_exists(schema, table->schema, key->name.text)) {
        return replay_fail(r, REPLAY_EXISTS, key->name, "relation \"" STR_FMT "\" already exists",
                           STR_ARG(key->name.text));
    } else if (schema->dialect == DIALECT_SQLITE) {
        index_name = generated_key_name(schema, table, key->is_primary, &parts, &key->include);
    }
    if (!schema_add_key(schema, table, key))
        return true;
    Index *index = make_key_index(r, definition, key, &parts);
    index->name.text = index_name;
    index->is_name_generated |= schema->dialect == DIALECT_SQLITE;
    index->table = table;
    if (is_rowid) {
        key->rowid = index;
        if (definition->has_auto_increment)
            key->columns.items[0]->auto_increment = true;
    } else if (schema->dialect == DIALECT_SQLITE && key->is_primary && table->without_rowid) {
        key->rowid = index; /* the table is its own index */
    } else if (schema_add_index(schema, table, index)) {
        key->index = index;
    }
    replay_set_primary_nullability(r, key);
    for (uint32_t i = 0; key->is_primary && i < table->partitions.n; i++) {
        for (uint32_t j = 0; j < key->columns.n; j++) {
            Column *column =
                table_column(table->partitions.items[i], key->columns.items[j]->name.text);
            if (column)
                column->is_nullable = false;
        }
    }
    if (key->index)
        replay_inherit_index(r, table, key->index, 0);
    return true;
}

bool replay_make_serial_unique(Replay *r, Table *table, Column *column)
{
    ConstraintDef *definition = ARENA_NEW(r->arena, ConstraintDef);
    definition->kind = CONSTRAINT_UNIQUE;
    definition->is_inline = true;
    definition->place = column ? column->place : (Place){0};
    return !column || apply_key(r, table, definition, column);
}

/* ---- checks ---- */

static void give_check(Replay *r, Table *heir, const Check *check, uint32_t depth)
{
    Check *own = table_check(heir, check->name.text);
    if (own) {
        own->is_inherited = true;
    } else {
        if (!schema_may_copy(r->schema))
            return;
        own = ARENA_NEW(r->arena, Check);
        *own = *check;
        own->is_inherited = true;
        own->column = check->column ? table_column(heir, check->column->name.text) : NULL;
        if (!schema_add_check(r->schema, heir, own))
            return;
    }
    replay_inherit_check(r, heir, own, depth + 1);
}

void replay_inherit_check(Replay *r, Table *table, const Check *check, uint32_t depth)
{
    if (depth > INHERITANCE_MAX || check->no_inherit)
        return;
    for (uint32_t i = 0; i < table->partitions.n; i++)
        give_check(r, table->partitions.items[i], check, depth);
    for (uint32_t i = 0; i < table->children.n; i++)
        give_check(r, table->children.items[i], check, depth);
}

static bool apply_check(Replay *r, Table *table, const ConstraintDef *definition,
                        Column *inline_column)
{
    Check *check = ARENA_NEW(r->arena, Check);
    check->expression = definition->check;
    check->is_validated = !definition->not_valid || r->operation->kind == OP_CREATE_TABLE;
    check->no_inherit = definition->no_inherit;
    check->not_enforced = definition->not_enforced;
    check->column = inline_column;
    check->place = definition->place;
    check->origin = r->operation;
    check->name = definition->name;
    if (name_is_absent(check->name)) {
        check->is_name_generated = true;
        check->name.text = generated_check_name(r->schema, table, check->expression);
    }
    if (schema_add_check(r->schema, table, check))
        replay_inherit_check(r, table, check, 0);
    return true;
}

/* ---- exclusions ---- */

static bool apply_exclusion(Replay *r, Table *table, const ConstraintDef *definition)
{
    Exclusion *exclusion = ARENA_NEW(r->arena, Exclusion);
    ColumnVec columns = {0};
    if (table->exclusions.n >= TABLE_PARTS_MAX)
        return true;
    if (!resolve_columns(r, table, definition, NULL, &exclusion->parts, &columns))
        return false;
    exclusion->definition = definition;
    exclusion->method = definition->method.length > 0 ? definition->method : STR("btree");
    exclusion->place = definition->place;
    exclusion->origin = r->operation;
    exclusion->name = definition->name;
    if (name_is_absent(exclusion->name)) {
        Str middle = generated_parts_name(r->arena, &exclusion->parts, NULL);
        exclusion->name.text = generated_relation_name(r->schema, table->schema, table->name.text,
                                                       middle, "excl", true);
    }
    VEC_PUSH(r->arena, &table->exclusions, exclusion);
    schema_hold_constraint_name(r->schema, table->schema, exclusion->name.text);
    Index *index = ARENA_NEW(r->arena, Index);
    index->name = exclusion->name;
    index->is_name_generated = name_is_absent(definition->name);
    index->method = exclusion->method;
    index->parts = exclusion->parts;
    index->where = definition->where;
    index->place = definition->place;
    index->origin = r->operation;
    schema_add_index(r->schema, table, index);
    return true;
}

/* ---- steps ---- */

bool replay_apply_constraint(Replay *r, Table *table, const ConstraintDef *definition,
                             Column *inline_column)
{
    if (is_taken(r, table, definition->name.text) &&
        !(r->schema->dialect == DIALECT_MYSQL && definition->kind == CONSTRAINT_PRIMARY_KEY))
        return replay_fail(r, REPLAY_EXISTS, definition->name,
                           "constraint \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(definition->name.text), STR_ARG(table->name.text));
    switch (definition->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        return apply_key(r, table, definition, inline_column);
    case CONSTRAINT_FOREIGN_KEY:
        return replay_apply_foreign_key(r, table, definition, inline_column);
    case CONSTRAINT_CHECK:
        return apply_check(r, table, definition, inline_column);
    case CONSTRAINT_EXCLUDE:
        return apply_exclusion(r, table, definition);
    case CONSTRAINT_NOT_NULL:
        break;
    }
    if (inline_column)
        inline_column->is_nullable = false;
    for (uint32_t i = 0; i < definition->parts.n; i++) {
        bool ok;
        Column *column = replay_column(r, table, definition->parts.items[i].column, &ok);
        if (!column)
            return false;
        column->is_nullable = false;
    }
    return true;
}

bool replay_add_constraint(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    if (r->operation->if_not_exists &&
        is_taken(r, table, r->operation->as.add_constraint.name.text))
        return true;
    replay_touch(r, table);
    return replay_apply_constraint(r, table, &r->operation->as.add_constraint, NULL);
}

static Exclusion *find_exclusion(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->exclusions.n; i++) {
        if (str_equal(table->exclusions.items[i]->name.text, name))
            return table->exclusions.items[i];
    }
    return NULL;
}

static bool missing_constraint(Replay *r, const Table *table, Name name)
{
    if (r->operation->if_exists)
        return true;
    return replay_fail(r, REPLAY_MISSING_CONSTRAINT, name,
                       "constraint \"" STR_FMT "\" of table \"" STR_FMT "\" does not exist",
                       STR_ARG(name.text), STR_ARG(table->name.text));
}

static void drop_key(Replay *r, Table *table, Key *key)
{
    schema_remove_key(r->schema, key);
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        replay_serve_foreign_key(r, table, table->foreign_keys.items[i]);
}

bool replay_drop_constraint(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name name = r->operation->as.constraint.name;
    ConstraintKind kind = r->operation->as.constraint.kind;
    bool is_any = r->operation->as.constraint.is_any;
    bool is_mysql = r->schema->dialect == DIALECT_MYSQL;
    Key *key = NULL;
    ForeignKey *foreign_key = NULL;
    Check *check = NULL;
    Exclusion *exclusion = NULL;
    if (name_is_absent(name)) {
        key = table->primary_key;
        name.text = STR("PRIMARY KEY");
    } else {
        /* MySQL's DROP FOREIGN KEY, DROP CHECK and DROP CONSTRAINT each look in their own place. */
        if (!is_mysql || is_any || kind == CONSTRAINT_FOREIGN_KEY)
            foreign_key = table_foreign_key(table, name.text);
        if (!foreign_key && (!is_mysql || is_any || kind == CONSTRAINT_CHECK))
            check = table_check(table, name.text);
        if (!foreign_key && !check && kind != CONSTRAINT_FOREIGN_KEY)
            key = table_key(table, name.text);
        exclusion = find_exclusion(table, name.text);
    }
    if (!key && !foreign_key && !check && !exclusion)
        return missing_constraint(r, table, name);
    if (!is_mysql && key && !replay_may_drop(r, name))
        return false;
    replay_touch(r, table);
    if (foreign_key) {
        for (uint32_t i = 0; i < foreign_key->columns.n; i++)
            foreign_key->columns.items[i]->lost_foreign_key = true;
        schema_remove_foreign_key(r->schema, foreign_key);
    } else if (check)
        schema_remove_check(r->schema, table, check);
    else if (key)
        drop_key(r, table, key);
    else
        schema_remove_exclusion(r->schema, table, exclusion);
    return true;
}

bool replay_rename_constraint(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name from = r->operation->as.rename.from, to = r->operation->as.rename.to;
    Key *key = table_key(table, from.text);
    ForeignKey *foreign_key = table_foreign_key(table, from.text);
    Check *check = table_check(table, from.text);
    Exclusion *exclusion = find_exclusion(table, from.text);
    if (!key && !foreign_key && !check && !exclusion)
        return missing_constraint(r, table, from);
    if (is_taken(r, table, to.text))
        return replay_fail(r, REPLAY_EXISTS, to,
                           "constraint \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(to.text), STR_ARG(table->name.text));
    replay_touch(r, table);
    if (key && key->index) {
        schema_rename_index(r->schema, key->index, to);
        return true;
    }
    schema_drop_constraint_name(r->schema, table->schema, from.text);
    schema_hold_constraint_name(r->schema, table->schema, to.text);
    if (foreign_key) {
        foreign_key->name = to;
        foreign_key->is_name_generated = false;
    } else if (check) {
        check->name = to;
        check->is_name_generated = false;
    } else if (exclusion) {
        exclusion->name = to;
        for (uint32_t i = 0; i < table->indexes.n; i++) {
            if (str_equal(table->indexes.items[i]->name.text, from.text))
                schema_rename_index(r->schema, table->indexes.items[i], to);
        }
    } else if (key) {
        key->name = to;
    }
    return true;
}

bool replay_validate_constraint(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name name = r->operation->as.constraint.name;
    ForeignKey *foreign_key = table_foreign_key(table, name.text);
    Check *check = table_check(table, name.text);
    if (!foreign_key && !check)
        return table_key(table, name.text) ? true : missing_constraint(r, table, name);
    replay_touch(r, table);
    if (foreign_key)
        foreign_key->is_validated = true;
    if (check)
        check->is_validated = true;
    return true;
}

bool replay_alter_constraint(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name name = r->operation->as.constraint.name;
    ForeignKey *foreign_key = table_foreign_key(table, name.text);
    if (!foreign_key)
        return table_check(table, name.text) ? true : missing_constraint(r, table, name);
    replay_touch(r, table);
    foreign_key->deferrable = r->operation->as.constraint.deferrable;
    foreign_key->initially_deferred = r->operation->as.constraint.initially_deferred;
    return true;
}
