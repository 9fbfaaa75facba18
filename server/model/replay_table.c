/* CREATE TABLE and what changes a table as a whole. */
#include "model/replay_steps.h"

/* ---- CREATE TABLE ---- */

/* One thing between the parentheses, in the order of the text. */
typedef struct {
    const ColumnDef *column;
    const ConstraintDef *constraint;
    const LikeClause *like;
    uint32_t start;
    uint32_t n_inline; /* constraints of the column */
} Element;
typedef Vec(Element) ElementVec;

/* The definition lists its columns, constraints and LIKE clauses apart, each in the text's order:
 * a merge puts them together again. */
static ElementVec elements_in_order(Arena *scratch, const TableDef *definition)
{
    uint32_t n = definition->columns.n + definition->constraints.n + definition->likes.n;
    ElementVec elements = {.items = ARENA_ARRAY(scratch, Element, n), .capacity = n};
    uint32_t column = 0, constraint = 0, like = 0;
    for (;;) {
        Element next = {.start = UINT32_MAX};
        bool found = false;
        if (column < definition->columns.n) {
            next.column = &definition->columns.items[column];
            next.start = next.column->place.range.start;
            next.n_inline = next.column->constraints.n;
            found = true;
        }
        if (like < definition->likes.n) {
            uint32_t start = definition->likes.items[like].table.place.range.start;
            if (!found || start < next.start)
                next = (Element){.like = &definition->likes.items[like], .start = start};
            found = true;
        }
        if (constraint < definition->constraints.n) {
            uint32_t start = definition->constraints.items[constraint].place.range.start;
            if (!found || start < next.start)
                next = (Element){.constraint = &definition->constraints.items[constraint],
                                 .start = start};
            found = true;
        }
        if (!found)
            return elements;
        column += next.column != NULL;
        like += next.like != NULL;
        constraint += next.constraint != NULL;
        VEC_PUSH(scratch, &elements, next);
    }
}

static void copy_column(Replay *r, Table *table, const Column *from, const LikeClause *like)
{
    if (!schema_may_copy(r->schema))
        return;
    Column *copy = ARENA_NEW(r->arena, Column);
    *copy = *from;
    copy->origin = copy->changed = r->operation;
    copy->is_inherited = false;
    copy->place = like->table.place;
    bool is_mysql = r->schema->dialect == DIALECT_MYSQL;
    if (!like->defaults && !is_mysql) {
        copy->default_value = NULL;
        copy->is_serial = false;
    } else {
        replay_spell_serial(r, copy, from);
    }
    copy->sequence = NULL;
    if (!like->identity && !is_mysql)
        copy->identity = IDENTITY_NONE;
    if (!like->generated && !is_mysql) {
        copy->generated = GENERATED_NONE;
        copy->generated_expression = NULL;
    }
    if (!like->comments && !is_mysql)
        copy->comment = (Str){0};
    if (schema_insert_column(r->schema, table, copy, UINT32_MAX) && copy->identity != IDENTITY_NONE)
        replay_make_sequence(r, copy);
}

static bool like_columns(Replay *r, Table *table, const LikeClause *like)
{
    const Table *source = schema_find_table(r->schema, &like->table);
    if (!source)
        return replay_fail(r, REPLAY_MISSING_TABLE, like->table.name,
                           "table \"" STR_FMT "\" does not exist", STR_ARG(like->table.name.text));
    for (uint32_t i = 0; i < source->columns.n && source != table; i++)
        copy_column(r, table, source->columns.items[i], like);
    return true;
}

/* Checks, indexes and keys: after the table's own. */
static void like_parts(Replay *r, Table *table, const LikeClause *like)
{
    const Table *source = schema_find_table(r->schema, &like->table);
    bool is_mysql = r->schema->dialect == DIALECT_MYSQL;
    if (!source || source == table)
        return;
    for (uint32_t i = 0; (like->constraints || is_mysql) && i < source->checks.n; i++) {
        if (!schema_may_copy(r->schema))
            return;
        Check *copy = ARENA_NEW(r->arena, Check);
        *copy = *source->checks.items[i];
        copy->is_inherited = false;
        copy->origin = r->operation;
        copy->column = copy->column ? table_column(table, copy->column->name.text) : NULL;
        schema_add_check(r->schema, table, copy);
    }
    for (uint32_t i = 0; (like->indexes || is_mysql) && i < source->indexes.n; i++) {
        const Index *index = source->indexes.items[i];
        Index *copy = replay_copy_index(r, table, index);
        if (copy && is_mysql)
            schema_rename_index(r->schema, copy, index->name);
    }
}

static void inherit_columns(Replay *r, Table *table, const Table *parent)
{
    for (uint32_t i = 0; i < parent->columns.n; i++) {
        const Column *column = parent->columns.items[i];
        Column *own = table_column(table, column->name.text);
        if (own) {
            own->is_nullable &= column->is_nullable;
            continue;
        }
        if (!schema_may_copy(r->schema))
            return;
        Column *copy = ARENA_NEW(r->arena, Column);
        *copy = *column;
        copy->is_inherited = true;
        copy->identity = IDENTITY_NONE;
        replay_spell_serial(r, copy, column);
        copy->sequence = NULL;
        schema_insert_column(r->schema, table, copy, UINT32_MAX);
    }
}

static bool find_parents(Replay *r, Table *table, const TableDef *definition)
{
    bool ok = true;
    for (uint32_t i = 0; i < definition->inherits.n; i++) {
        const QualifiedName *name = &definition->inherits.items[i];
        Table *parent = schema_find_table(r->schema, name);
        if (!parent) {
            ok = replay_fail(r, REPLAY_MISSING_TABLE, name->name,
                             "table \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
            continue;
        }
        inherit_columns(r, table, parent);
        VEC_PUSH(r->arena, &table->inherits, parent);
    }
    if (definition->partition_of.name.text.length > 0) {
        Table *parent = schema_find_table(r->schema, &definition->partition_of);
        if (!parent)
            return replay_fail(r, REPLAY_MISSING_TABLE, definition->partition_of.name,
                               "table \"" STR_FMT "\" does not exist",
                               STR_ARG(definition->partition_of.name.text));
        inherit_columns(r, table, parent);
        table->partition_of = parent;
        table->partition_bound = definition->partition_bound;
    }
    return ok;
}

static void link_parents(Replay *r, Table *table)
{
    for (uint32_t i = 0; i < table->inherits.n; i++) {
        replay_inherit_checks(r, table, table->inherits.items[i]);
        VEC_PUSH(r->arena, &table->inherits.items[i]->children, table);
    }
    if (table->partition_of) {
        replay_inherit_checks(r, table, table->partition_of);
        VEC_PUSH(r->arena, &table->partition_of->partitions, table);
    }
}

/* A column that is inherited and written too: the text adds to it. */
static Column *merge_column(Column *column, const ColumnDef *definition)
{
    column->is_nullable &= !definition->not_null;
    if (definition->default_value)
        column->default_value = definition->default_value;
    column->place = definition->place;
    return column;
}

static bool add_columns(Replay *r, Table *table, const ElementVec *elements)
{
    bool ok = true;
    for (uint32_t i = 0; i < elements->n; i++) {
        const Element *element = &elements->items[i];
        if (element->like)
            ok &= like_columns(r, table, element->like);
        if (!element->column)
            continue;
        Column *column = table_column(table, element->column->name.text);
        if (column && column->is_inherited) {
            merge_column(column, element->column);
            continue;
        }
        if (column) {
            ok = replay_fail(r, REPLAY_EXISTS, element->column->name,
                             "column \"" STR_FMT "\" is given twice",
                             STR_ARG(element->column->name.text));
            continue;
        }
        column = replay_make_column(r, element->column);
        if (schema_insert_column(r->schema, table, column, UINT32_MAX))
            replay_make_sequence(r, column);
    }
    return ok;
}

/* The order in which PostgreSQL names them: checks, the primary key, other keys, foreign keys. */
typedef enum { PASS_CHECKS, PASS_PRIMARY_KEY, PASS_KEYS, PASS_FOREIGN_KEYS, N_PASSES } Pass;

static Pass pass_of(const ConstraintDef *definition)
{
    switch (definition->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        return PASS_PRIMARY_KEY;
    case CONSTRAINT_UNIQUE:
    case CONSTRAINT_EXCLUDE:
        return PASS_KEYS;
    case CONSTRAINT_FOREIGN_KEY:
        return PASS_FOREIGN_KEYS;
    case CONSTRAINT_CHECK:
    case CONSTRAINT_NOT_NULL:
        break;
    }
    return PASS_CHECKS;
}

static bool add_constraints(Replay *r, Table *table, const ElementVec *elements, Pass pass)
{
    bool ok = true;
    for (uint32_t i = 0; i < elements->n; i++) {
        const Element *element = &elements->items[i];
        if (element->constraint && pass_of(element->constraint) == pass)
            ok &= replay_apply_constraint(r, table, element->constraint, NULL);
        const ColumnDef *definition = element->column;
        for (uint32_t j = 0; j < element->n_inline; j++) {
            const ConstraintDef *own = &definition->constraints.items[j];
            if (pass_of(own) != pass)
                continue;
            Column *column = table_column(table, definition->name.text);
            if (column)
                ok &= replay_apply_constraint(r, table, own, column);
        }
    }
    return ok;
}

static bool add_indexes(Replay *r, Table *table, const TableDef *definition)
{
    bool ok = true;
    for (uint32_t i = 0; i < definition->columns.n; i++) {
        const ColumnDef *column = &definition->columns.items[i];
        if (column->type.is_serial && r->schema->dialect == DIALECT_MYSQL)
            ok &= replay_make_serial_unique(r, table, table_column(table, column->name.text));
        for (uint32_t j = 0; j < column->indexes.n; j++)
            ok &= replay_apply_index(r, table, &column->indexes.items[j],
                                     table_column(table, column->name.text));
    }
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        ok &= replay_apply_index(r, table, &definition->indexes.items[i], NULL);
    return ok;
}

/* SQLite's CREATE TABLE AS keeps of a type its affinity alone. */
static void keep_affinity(Replay *r, Column *column)
{
    Str affinity = STR("");
    if (type_is_integer(column->type.family))
        affinity = STR("INT");
    else if (type_is_text(column->type.family))
        affinity = STR("TEXT");
    else if (type_is_float(column->type.family))
        affinity = STR("REAL");
    else if (column->type.canonical.length > 0 && column->type.family != TYPE_BLOB)
        affinity = STR("NUM");
    column->type = type_parse(r->arena, DIALECT_SQLITE, affinity);
}

/* CREATE TABLE AS: the query's columns after (MySQL) or under the names of the written ones. */
static void add_query_columns(Replay *r, Table *table, const TableDef *definition)
{
    ColumnVec columns = {0};
    NameVec names = {0};
    bool names_only = r->schema->dialect == DIALECT_POSTGRESQL;
    for (uint32_t i = 0; names_only && i < definition->columns.n; i++)
        VEC_PUSH(r->arena, &names, definition->columns.items[i].name);
    replay_derive_columns(r, definition->as_query, &names, &columns, &table->has_unknown_columns);
    for (uint32_t i = 0; i < columns.n; i++) {
        columns.items[i]->is_nullable = true;
        if (r->schema->dialect == DIALECT_SQLITE)
            keep_affinity(r, columns.items[i]);
        schema_insert_column(r->schema, table, columns.items[i], UINT32_MAX);
    }
}

static void take_options(Table *table, const TableDef *definition)
{
    table->is_temporary = definition->temporary;
    table->is_unlogged = definition->unlogged;
    table->without_rowid = definition->without_rowid;
    table->is_strict = definition->strict;
    table->engine = definition->engine;
    table->character_set = definition->character_set;
    table->collation = definition->collation;
    table->comment = definition->comment;
    table->has_unknown_columns |= definition->is_partial;
    table->partition_by = definition->partition_by;
}

bool replay_create_table(Replay *r)
{
    const TableDef *definition = &r->operation->as.create_table;
    const QualifiedName *name = &r->operation->target;
    Schema *schema = r->schema;
    Str name_space = schema_creation_namespace(schema, name->schema.text,
                                               definition->temporary || r->operation->is_temporary);
    if (schema_relation_exists(schema, name_space, name->name.text)) {
        if (definition->if_not_exists || r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, name->name, "table \"" STR_FMT "\" already exists",
                           STR_ARG(name->name.text));
    }
    Table *table = schema_add_table(schema, name_space, name->name,
                                    definition->is_foreign ? TABLE_FOREIGN : TABLE_TABLE);
    table->n_statements = 1;
    take_options(table, definition);
    table->is_temporary |= r->operation->is_temporary;
    bool ok = find_parents(r, table, definition);
    Arena scratch = {0};
    ElementVec elements = elements_in_order(&scratch, definition);
    bool is_typed_by_query = definition->as_query && schema->dialect == DIALECT_POSTGRESQL;
    if (!is_typed_by_query)
        ok &= add_columns(r, table, &elements);
    if (definition->as_query)
        add_query_columns(r, table, definition);
    for (Pass pass = PASS_CHECKS; pass < PASS_FOREIGN_KEYS; pass++)
        ok &= add_constraints(r, table, &elements, pass);
    ok &= add_indexes(r, table, definition);
    /* MySQL gives foreign keys their indexes when all others are known. */
    ok &= add_constraints(r, table, &elements, PASS_FOREIGN_KEYS);
    arena_release(&scratch);
    for (uint32_t i = 0; i < definition->likes.n; i++)
        like_parts(r, table, &definition->likes.items[i]);
    link_parents(r, table);
    if (table->partition_of)
        replay_receive_parts(r, table);
    schema_table_arrived(schema, table);
    return ok;
}

/* ---- DROP, RENAME, SET SCHEMA ---- */

bool replay_drop_table(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    if (!replay_may_drop(r, r->operation->target.name))
        return false;
    schema_remove_table(r->schema, table);
    return true;
}

static bool rename_sequence_or_index(Replay *r, Name to)
{
    const QualifiedName *name = &r->operation->target;
    Sequence *sequence = schema_find_sequence(r->schema, name);
    Index *index = schema_find_index(r->schema, name, NULL);
    if (sequence)
        schema_move_sequence(r->schema, sequence, sequence->schema, to);
    else if (index)
        schema_rename_index(r->schema, index, to);
    return sequence || index;
}

bool replay_rename_table(Replay *r)
{
    bool ok;
    Name to = r->operation->as.rename.to;
    if (!schema_find_table(r->schema, &r->operation->target) &&
        r->schema->dialect == DIALECT_POSTGRESQL && rename_sequence_or_index(r, to))
        return true;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Table *other = schema_table(r->schema, table->schema, to.text);
    bool is_taken = schema_relation_exists(r->schema, table->schema, to.text);
    if (is_taken && other != table)
        return replay_fail(r, REPLAY_EXISTS, to, "relation \"" STR_FMT "\" already exists",
                           STR_ARG(to.text));
    replay_touch(r, table);
    schema_move_table(r->schema, table, table->schema, to);
    return true;
}

bool replay_set_table_schema(Replay *r)
{
    bool ok;
    Str to = r->operation->as.set_schema.schema;
    const QualifiedName *name = &r->operation->target;
    if (!schema_find_table(r->schema, name)) {
        Sequence *sequence = schema_find_sequence(r->schema, name);
        if (sequence) {
            schema_move_sequence(r->schema, sequence, to, sequence->name);
            return true;
        }
    }
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    if (str_equal(to, table->schema))
        return true;
    if (schema_relation_exists(r->schema, to, table->name.text))
        return replay_fail(r, REPLAY_EXISTS, name->name,
                           "relation \"" STR_FMT "\" already exists in schema \"" STR_FMT "\"",
                           STR_ARG(table->name.text), STR_ARG(to));
    replay_touch(r, table);
    schema_move_table(r->schema, table, to, table->name);
    for (uint32_t i = 0; i < table->columns.n; i++) {
        Sequence *sequence = table->columns.items[i]->sequence;
        if (sequence)
            schema_move_sequence(r->schema, sequence, to, sequence->name);
    }
    return true;
}

bool replay_set_table_options(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    replay_touch(r, table);
    if (!str_is_absent(r->operation->as.table_options.engine))
        table->engine = r->operation->as.table_options.engine;
    if (!str_is_absent(r->operation->as.table_options.character_set))
        table->character_set = r->operation->as.table_options.character_set;
    if (!str_is_absent(r->operation->as.table_options.collation))
        table->collation = r->operation->as.table_options.collation;
    if (!str_is_absent(r->operation->as.table_options.comment))
        table->comment = r->operation->as.table_options.comment;
    return true;
}

bool replay_set_row_security(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    replay_touch(r, table);
    if (r->operation->as.row_security.sets_enabled)
        table->row_security = r->operation->as.row_security.enabled;
    if (r->operation->as.row_security.sets_forced)
        table->row_security_forced = r->operation->as.row_security.forced;
    return true;
}
