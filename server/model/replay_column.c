/* ALTER TABLE … COLUMN. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

Column *replay_make_column(Replay *r, const ColumnDef *definition)
{
    Column *column = ARENA_NEW(r->arena, Column);
    column->name = definition->name;
    column->type = definition->type;
    column->is_nullable = !definition->not_null;
    column->default_value = definition->default_value;
    column->default_is_unknown = definition->default_is_unknown;
    column->identity = definition->identity;
    column->auto_increment = definition->auto_increment;
    column->generated = definition->generated;
    column->generated_expression = definition->generated_expression;
    column->on_update = definition->on_update;
    column->collation = definition->collation;
    column->character_set = definition->character_set;
    column->comment = definition->comment;
    column->is_serial = definition->type.is_serial;
    column->is_type_exact = true;
    column->place = definition->place;
    column->origin = column->changed = r->operation;
    schema_resolve_type(r->schema, column);
    if (column->default_value && column->default_value->kind == EXPRESSION_NULL &&
        r->schema->dialect == DIALECT_POSTGRESQL)
        column->default_value = NULL; /* DEFAULT NULL is what a column has anyway */
    if (column->is_serial || column->identity != IDENTITY_NONE || column->auto_increment)
        column->is_nullable = r->schema->dialect == DIALECT_SQLITE && column->is_nullable;
    if (column->is_serial && r->schema->dialect == DIALECT_MYSQL)
        column->auto_increment = true;
    return column;
}

void replay_make_sequence(Replay *r, Column *column)
{
    Schema *schema = r->schema;
    if (schema->dialect != DIALECT_POSTGRESQL || column->sequence)
        return;
    if (!column->is_serial && column->identity == IDENTITY_NONE)
        return;
    const Table *table = column->table;
    Name name = {.text = generated_relation_name(schema, table->schema, table->name.text,
                                                 column->name.text, "seq", false),
                 .place = column->name.place};
    Sequence *sequence = schema_add_sequence(schema, table->schema, name);
    sequence->type = column->type;
    sequence->owner = column;
    sequence->is_generated = true;
    column->sequence = sequence;
}

void replay_spell_serial(Replay *r, Column *copy, const Column *from)
{
    const Sequence *sequence = from->sequence;
    if (!copy->is_serial || !sequence || r->schema->dialect != DIALECT_POSTGRESQL)
        return;
    Str name = sql_identifier(r->arena, DIALECT_POSTGRESQL, sequence->name.text);
    if (!str_equal(sequence->schema, STR("public")))
        name = str_format(r->arena, STR_FMT "." STR_FMT,
                          STR_ARG(sql_identifier(r->arena, DIALECT_POSTGRESQL, sequence->schema)),
                          STR_ARG(name));
    Expression *value = ARENA_NEW(r->arena, Expression);
    FunctionCall call = {.name = {.text = STR("nextval")}};
    value->kind = EXPRESSION_CALL;
    value->text = str_format(r->arena, "nextval('" STR_FMT "'::regclass)", STR_ARG(name));
    value->place = from->place;
    VEC_PUSH(r->arena, &value->functions, call);
    copy->default_value = value;
    copy->is_serial = false;
}

/* The sequence in nextval('name'), nextval('"Name"'::regclass), nextval('schema.name'). */
static Sequence *drawn_sequence(Replay *r, const Expression *value)
{
    if (!value || value->kind != EXPRESSION_CALL || value->functions.n != 1 ||
        !str_equal(value->functions.items[0].name.text, STR("nextval")))
        return NULL;
    uint32_t start = str_find(value->text, STR("'"), 0);
    uint32_t end = start == UINT32_MAX ? start : str_find(value->text, STR("'"), start + 1);
    if (end == UINT32_MAX)
        return NULL;
    /* A name is written as a type's would be. */
    ColumnType name =
        type_parse(r->arena, DIALECT_POSTGRESQL, str_slice(value->text, start + 1, end));
    QualifiedName qualified = {.schema = {.text = name.schema}, .name = {.text = name.name}};
    return schema_find_sequence(r->schema, &qualified);
}

void replay_recognise_serial(Replay *r, Column *column)
{
    if (column->is_serial || !type_is_integer(column->type.family) || !column->default_value)
        return;
    Sequence *sequence = drawn_sequence(r, column->default_value);
    if (!sequence || sequence->owner != column)
        return;
    column->sequence = sequence;
    column->is_serial = true;
    column->default_value = NULL;
}

static void inherit_into(Replay *r, Table *heir, const Column *column, uint32_t depth)
{
    Column *own = table_column(heir, column->name.text);
    if (own) {
        own->is_nullable &= column->is_nullable;
        return;
    }
    if (!schema_may_copy(r->schema))
        return;
    Column *copy = ARENA_NEW(r->arena, Column);
    *copy = *column;
    copy->is_inherited = true;
    copy->identity = IDENTITY_NONE;
    replay_spell_serial(r, copy, column);
    copy->sequence = NULL;
    if (schema_insert_column(r->schema, heir, copy, UINT32_MAX))
        replay_inherit_column(r, heir, copy, depth + 1);
}

void replay_inherit_column(Replay *r, Table *table, const Column *column, uint32_t depth)
{
    if (depth > INHERITANCE_MAX)
        return;
    for (uint32_t i = 0; i < table->partitions.n; i++)
        inherit_into(r, table->partitions.items[i], column, depth);
    for (uint32_t i = 0; i < table->children.n; i++)
        inherit_into(r, table->children.items[i], column, depth);
}

bool replay_apply_column_constraints(Replay *r, Table *table, Column *column,
                                     const ColumnDef *definition)
{
    bool ok = true;
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        ok &= replay_apply_constraint(r, table, &definition->constraints.items[i], column);
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        ok &= replay_apply_index(r, table, &definition->indexes.items[i], column);
    return ok;
}

/* Where FIRST or AFTER puts a column. */
static uint32_t wanted_position(const Table *table, const ColumnDef *definition, uint32_t otherwise)
{
    if (definition->is_first)
        return 0;
    if (name_is_absent(definition->after))
        return otherwise;
    const Column *after = table_column(table, definition->after.text);
    return after ? table_column_position(table, after) + 1 : otherwise;
}

bool replay_add_column(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    const ColumnDef *definition = &r->operation->as.add_column;
    if (table_column(table, definition->name.text)) {
        if (r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, definition->name,
                           "column \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(definition->name.text), STR_ARG(table->name.text));
    }
    replay_touch(r, table);
    Column *column = replay_make_column(r, definition);
    if (!schema_insert_column(r->schema, table, column,
                              wanted_position(table, definition, UINT32_MAX)))
        return true;
    replay_make_sequence(r, column);
    if (!r->operation->only)
        replay_inherit_column(r, table, column, 0);
    if (column->is_serial && r->schema->dialect == DIALECT_MYSQL)
        replay_make_serial_unique(r, table, column);
    return replay_apply_column_constraints(r, table, column, definition);
}

bool replay_drop_column(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name name = r->operation->as.drop_column.column;
    Column *column = table_column(table, name.text);
    if (!column && r->operation->if_exists)
        return true;
    if (!column)
        return replay_column(r, table, name, &ok), false;
    if (!replay_may_drop(r, name))
        return false;
    replay_touch(r, table);
    schema_remove_column(r->schema, table, column);
    return true;
}

static void rename_inherited(Replay *r, Table *table, Str from, Name to, uint32_t depth)
{
    if (depth > INHERITANCE_MAX)
        return;
    TableVec *heirs[] = {&table->partitions, &table->children};
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t j = 0; j < heirs[i]->n; j++) {
            Table *heir = heirs[i]->items[j];
            Column *column = table_column(heir, from);
            if (!column || !column->is_inherited || table_column(heir, to.text))
                continue;
            schema_rename_column(r->schema, heir, column, to);
            rename_inherited(r, heir, from, to, depth + 1);
        }
    }
}

bool replay_rename_column(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name from = r->operation->as.rename.from;
    Name to = r->operation->as.rename.to;
    Column *column = replay_column(r, table, from, &ok);
    if (!column)
        return ok;
    Column *other = table_column(table, to.text);
    if (other && other != column)
        return replay_fail(r, REPLAY_EXISTS, to,
                           "column \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(to.text), STR_ARG(table->name.text));
    replay_touch(r, table);
    schema_rename_column(r->schema, table, column, to);
    rename_inherited(r, table, from.text, to, 0);
    return true;
}

bool replay_replace_column(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Name old_name = r->operation->as.replace_column.old_name;
    const ColumnDef *definition = &r->operation->as.replace_column.column;
    if (name_is_absent(old_name))
        old_name = definition->name;
    Column *column = table_column(table, old_name.text);
    if (!column && r->operation->if_exists)
        return true;
    if (!column)
        return replay_column(r, table, old_name, &ok), false;
    Column *other = table_column(table, definition->name.text);
    if (other && other != column)
        return replay_fail(r, REPLAY_EXISTS, definition->name,
                           "column \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(definition->name.text), STR_ARG(table->name.text));
    replay_touch(r, table);
    if (!str_equal(column->name.text, definition->name.text))
        schema_rename_column(r->schema, table, column, definition->name);
    const Column *made = replay_make_column(r, definition);
    Column kept = *column;
    *column = *made;
    column->table = table;
    column->name = kept.name;
    column->origin = kept.origin;
    column->place = kept.place;
    column->sequence = kept.sequence;
    if (table->primary_key)
        replay_set_primary_nullability(r, table->primary_key);
    if (definition->is_first || !name_is_absent(definition->after)) {
        uint32_t position = wanted_position(table, definition, UINT32_MAX);
        if (position != UINT32_MAX && position > table_column_position(table, column))
            position--;
        schema_move_column(r->schema, table, column, position);
    }
    return replay_apply_column_constraints(r, table, column, definition);
}

/* Calls `change` on the column and on those inherited from it. */
typedef void ColumnChange(Replay *r, Column *column);

static void change_column(Replay *r, Table *table, Column *column, ColumnChange *change,
                          uint32_t depth)
{
    change(r, column);
    column->changed = r->operation;
    if (depth > INHERITANCE_MAX || r->operation->only)
        return;
    TableVec *heirs[] = {&table->partitions, &table->children};
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t j = 0; j < heirs[i]->n; j++) {
            Column *inherited = table_column(heirs[i]->items[j], column->name.text);
            if (inherited)
                change_column(r, heirs[i]->items[j], inherited, change, depth + 1);
        }
    }
}

static bool change_named(Replay *r, Name name, ColumnChange *change)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Column *column = replay_column(r, table, name, &ok);
    if (!column)
        return ok;
    replay_touch(r, table);
    change_column(r, table, column, change, 0);
    return true;
}

static void change_type(Replay *r, Column *column)
{
    column->type = r->operation->as.set_type.type;
    column->is_type_exact = true;
    if (!str_is_absent(r->operation->as.set_type.collation))
        column->collation = r->operation->as.set_type.collation;
    schema_resolve_type(r->schema, column);
}

bool replay_set_column_type(Replay *r)
{
    return change_named(r, r->operation->as.set_type.column, change_type);
}

static void change_default(Replay *r, Column *column)
{
    const Expression *value = r->operation->as.set_default.value;
    if (value && value->kind == EXPRESSION_NULL && r->schema->dialect == DIALECT_POSTGRESQL)
        value = NULL;
    column->default_value = value;
    column->default_is_unknown = false;
    column->is_serial = false; /* its sequence stays, owned by the column */
    if (column->sequence && column->identity == IDENTITY_NONE)
        column->sequence->is_generated = false;
    replay_recognise_serial(r, column);
}

bool replay_set_column_default(Replay *r)
{
    return change_named(r, r->operation->as.set_default.column, change_default);
}

static void change_not_null(Replay *r, Column *column)
{
    (void)r;
    column->is_nullable = false;
}

static void change_nullable(Replay *r, Column *column)
{
    (void)r;
    column->is_nullable = true;
}

static bool is_in_primary_key(const Table *table, const Column *column)
{
    for (uint32_t i = 0; table->primary_key && i < table->primary_key->columns.n; i++) {
        if (table->primary_key->columns.items[i] == column)
            return true;
    }
    return false;
}

bool replay_set_nullable(Replay *r, bool is_nullable)
{
    Name name = r->operation->as.drop_column.column;
    const Table *table = schema_find_table(r->schema, &r->operation->target);
    const Column *column = table ? table_column(table, name.text) : NULL;
    if (column && is_nullable && is_in_primary_key(table, column))
        return replay_fail(r, REPLAY_DEPENDENTS, name, "column \"" STR_FMT "\" is in a primary key",
                           STR_ARG(name.text));
    return change_named(r, name, is_nullable ? change_nullable : change_not_null);
}

static void change_identity(Replay *r, Column *column)
{
    IdentityKind kind = r->operation->as.set_identity.kind;
    if (kind == IDENTITY_NONE && column->identity != IDENTITY_NONE && column->sequence)
        schema_remove_sequence(r->schema, column->sequence);
    column->identity = kind;
    if (kind == IDENTITY_NONE)
        return;
    column->default_value = NULL;
    column->is_serial = false;
    column->is_nullable = false;
    replay_make_sequence(r, column);
}

bool replay_set_identity(Replay *r)
{
    return change_named(r, r->operation->as.set_identity.column, change_identity);
}

static void change_generated(Replay *r, Column *column)
{
    (void)r;
    column->generated = GENERATED_NONE;
    column->generated_expression = NULL;
}

bool replay_drop_expression(Replay *r)
{
    return change_named(r, r->operation->as.drop_column.column, change_generated);
}
