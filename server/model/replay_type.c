/* Types and sequences. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

static Type *find_type(Replay *r, bool *ok)
{
    const QualifiedName *name = &r->operation->target;
    Type *type = schema_find_type(r->schema, name->schema.text, name->name.text);
    *ok = true;
    if (!type && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_TYPE, name->name, "type \"" STR_FMT "\" does not exist",
                          STR_ARG(name->name.text));
    return type;
}

static bool type_exists(const Replay *r, Str name_space, Str name)
{
    /* An empty schema would mean the search path. */
    return name_space.length > 0 && schema_find_type(r->schema, name_space, name) != NULL;
}

static void add_domain_check(Replay *r, Type *type, const ConstraintDef *definition)
{
    if (definition->kind == CONSTRAINT_NOT_NULL) {
        type->is_not_null = true;
        return;
    }
    if (type->checks.n >= TABLE_PARTS_MAX)
        return;
    Check *check = ARENA_NEW(r->arena, Check);
    check->expression = definition->check;
    check->is_validated = !definition->not_valid;
    check->place = definition->place;
    check->origin = r->operation;
    check->name = definition->name;
    if (name_is_absent(check->name)) {
        check->is_name_generated = true;
        check->name.text =
            generated_constraint_name(r->schema, type->schema, type->name.text, (Str){0}, "check");
    }
    schema_hold_constraint_name(r->schema, type->schema, check->name.text);
    VEC_PUSH(r->arena, &type->checks, check);
}

bool replay_create_type(Replay *r)
{
    const TypeDef *definition = &r->operation->as.create_type;
    const QualifiedName *name = &r->operation->target;
    Str name_space = schema_creation_namespace(r->schema, name->schema.text, false);
    const Type *other = schema_find_type(r->schema, name_space, name->name.text);
    if (type_exists(r, name_space, name->name.text) && other->kind != TYPE_DEF_SHELL) {
        if (r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, name->name, "type \"" STR_FMT "\" already exists",
                           STR_ARG(name->name.text));
    }
    Type *type = ARENA_NEW(r->arena, Type);
    type->schema = name_space;
    type->name = name->name;
    type->kind = definition->kind;
    type->base = definition->base;
    type->is_not_null = definition->not_null;
    type->default_value = definition->default_value;
    type->place = r->operation->statement;
    type->origin = r->operation;
    schema_resolve_column_type(r->schema, r->arena, &type->base);
    for (uint32_t i = 0; i < definition->labels.n; i++)
        VEC_PUSH(r->arena, &type->labels, definition->labels.items[i]);
    for (uint32_t i = 0; i < definition->attributes.n && i < COLUMNS_MAX; i++) {
        Column *attribute = replay_make_column(r, &definition->attributes.items[i]);
        VEC_PUSH(r->arena, &type->attributes, attribute);
    }
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        add_domain_check(r, type, &definition->constraints.items[i]);
    schema_add_type(r->schema, type);
    return true;
}

bool replay_drop_type(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    if (!replay_may_drop(r, r->operation->target.name))
        return false;
    schema_remove_type(r->schema, type);
    return true;
}

bool replay_rename_type(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    Name to = r->operation->as.rename.to;
    if (!type)
        return ok;
    if (type_exists(r, type->schema, to.text))
        return replay_fail(r, REPLAY_EXISTS, to, "type \"" STR_FMT "\" already exists",
                           STR_ARG(to.text));
    schema_move_type(r->schema, type, type->schema, to);
    return true;
}

bool replay_set_type_schema(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    schema_move_type(r->schema, type, r->operation->as.set_schema.schema, type->name);
    return true;
}

static uint32_t label_position(const Type *type, Str label)
{
    for (uint32_t i = 0; i < type->labels.n; i++) {
        if (str_equal(type->labels.items[i].text, label))
            return i;
    }
    return UINT32_MAX;
}

bool replay_add_enum_value(Replay *r)
{
    bool ok;
    enum { LABELS_MAX = 10000 };
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    Name label = r->operation->as.add_enum_value.label;
    if (label_position(type, label.text) != UINT32_MAX) {
        if (r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, label, "enum label \"" STR_FMT "\" already exists",
                           STR_ARG(label.text));
    }
    uint32_t position = type->labels.n;
    if (r->operation->as.add_enum_value.is_before || r->operation->as.add_enum_value.is_after) {
        Name neighbour = r->operation->as.add_enum_value.neighbour;
        uint32_t at = label_position(type, neighbour.text);
        if (at == UINT32_MAX)
            return replay_fail(r, REPLAY_MISSING_OTHER, neighbour,
                               "\"" STR_FMT "\" is not a label of the enum",
                               STR_ARG(neighbour.text));
        position = r->operation->as.add_enum_value.is_after ? at + 1 : at;
    }
    if (type->labels.n >= LABELS_MAX)
        return true;
    VEC_PUSH(r->arena, &type->labels, label);
    for (uint32_t i = type->labels.n - 1; i > position; i--) {
        Name moved = type->labels.items[i - 1];
        type->labels.items[i - 1] = type->labels.items[i];
        type->labels.items[i] = moved;
    }
    return true;
}

bool replay_rename_enum_value(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    Name from = r->operation->as.rename.from, to = r->operation->as.rename.to;
    uint32_t at = label_position(type, from.text);
    if (at == UINT32_MAX)
        return replay_fail(r, REPLAY_MISSING_OTHER, from,
                           "\"" STR_FMT "\" is not a label of the enum", STR_ARG(from.text));
    if (label_position(type, to.text) != UINT32_MAX)
        return replay_fail(r, REPLAY_EXISTS, to, "enum label \"" STR_FMT "\" already exists",
                           STR_ARG(to.text));
    type->labels.items[at] = to;
    return true;
}

bool replay_alter_domain(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    if (r->operation->as.alter_domain.set_not_null)
        type->is_not_null = true;
    if (r->operation->as.alter_domain.drop_not_null)
        type->is_not_null = false;
    if (r->operation->as.alter_domain.drop_default)
        type->default_value = NULL;
    if (r->operation->as.alter_domain.default_value)
        type->default_value = r->operation->as.alter_domain.default_value;
    if (r->operation->as.alter_domain.has_constraint)
        add_domain_check(r, type, &r->operation->as.alter_domain.constraint);
    Name dropped = r->operation->as.alter_domain.drop_constraint;
    if (name_is_absent(dropped))
        return true;
    for (uint32_t i = 0; i < type->checks.n; i++) {
        if (!str_equal(type->checks.items[i]->name.text, dropped.text))
            continue;
        schema_drop_constraint_name(r->schema, type->schema, dropped.text);
        VEC_REMOVE(&type->checks, i);
        return true;
    }
    if (r->operation->if_exists)
        return true;
    return replay_fail(r, REPLAY_MISSING_CONSTRAINT, dropped,
                       "constraint \"" STR_FMT "\" of the domain does not exist",
                       STR_ARG(dropped.text));
}

static uint32_t attribute_position(const Type *type, Str name)
{
    for (uint32_t i = 0; i < type->attributes.n; i++) {
        if (str_equal(type->attributes.items[i]->name.text, name))
            return i;
    }
    return UINT32_MAX;
}

static bool missing_attribute(Replay *r, Name name)
{
    if (r->operation->if_exists)
        return true;
    return replay_fail(r, REPLAY_MISSING_COLUMN, name, "attribute \"" STR_FMT "\" does not exist",
                       STR_ARG(name.text));
}

bool replay_alter_composite(Replay *r)
{
    bool ok;
    Type *type = find_type(r, &ok);
    if (!type)
        return ok;
    const ColumnDef *added = r->operation->as.alter_composite.add;
    Name dropped = r->operation->as.alter_composite.drop;
    Name from = r->operation->as.alter_composite.rename_from;
    Name altered = r->operation->as.alter_composite.alter;
    if (added) {
        if (attribute_position(type, added->name.text) != UINT32_MAX)
            return replay_fail(r, REPLAY_EXISTS, added->name,
                               "attribute \"" STR_FMT "\" already exists",
                               STR_ARG(added->name.text));
        if (type->attributes.n < TABLE_PARTS_MAX)
            VEC_PUSH(r->arena, &type->attributes, replay_make_column(r, added));
    }
    if (!name_is_absent(dropped)) {
        uint32_t at = attribute_position(type, dropped.text);
        if (at == UINT32_MAX)
            return missing_attribute(r, dropped);
        VEC_REMOVE(&type->attributes, at);
    }
    if (!name_is_absent(from)) {
        uint32_t at = attribute_position(type, from.text);
        if (at == UINT32_MAX)
            return missing_attribute(r, from);
        type->attributes.items[at]->name = r->operation->as.alter_composite.rename_to;
    }
    if (!name_is_absent(altered)) {
        uint32_t at = attribute_position(type, altered.text);
        if (at == UINT32_MAX)
            return missing_attribute(r, altered);
        type->attributes.items[at]->type = r->operation->as.alter_composite.type;
        schema_resolve_type(r->schema, type->attributes.items[at]);
    }
    return true;
}

/* ---- sequences ---- */

static Sequence *find_sequence(Replay *r, bool *ok)
{
    const QualifiedName *name = &r->operation->target;
    Sequence *sequence = schema_find_sequence(r->schema, name);
    *ok = true;
    if (!sequence && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_OTHER, name->name,
                          "sequence \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    return sequence;
}

static void take_owner(Replay *r, Sequence *sequence, const SequenceDef *definition)
{
    if (definition->owned_by_none || !name_is_absent(definition->owned_by_column)) {
        if (sequence->owner && sequence->owner->sequence == sequence)
            sequence->owner->sequence = NULL;
        sequence->owner = NULL;
    }
    if (name_is_absent(definition->owned_by_column))
        return;
    const Table *table = schema_find_table(r->schema, &definition->owned_by_table);
    sequence->owner = table ? table_column(table, definition->owned_by_column.text) : NULL;
    if (!sequence->owner)
        return;
    if (!sequence->owner->sequence)
        sequence->owner->sequence = sequence;
    replay_recognise_serial(r, sequence->owner);
}

bool replay_create_sequence(Replay *r)
{
    const SequenceDef *definition = &r->operation->as.sequence;
    const QualifiedName *name = &r->operation->target;
    bool is_temporary = definition->is_temporary || r->operation->is_temporary;
    Str name_space = schema_creation_namespace(r->schema, name->schema.text, is_temporary);
    if (schema_relation_exists(r->schema, name_space, name->name.text)) {
        if (definition->if_not_exists || r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, name->name, "relation \"" STR_FMT "\" already exists",
                           STR_ARG(name->name.text));
    }
    Sequence *sequence = schema_add_sequence(r->schema, name_space, name->name);
    sequence->definition = definition;
    sequence->type = definition->type;
    if (sequence->type.family == TYPE_UNKNOWN)
        sequence->type = type_parse(r->arena, r->schema->dialect, STR("bigint"));
    take_owner(r, sequence, definition);
    return true;
}

bool replay_alter_sequence(Replay *r)
{
    bool ok;
    Sequence *sequence = find_sequence(r, &ok);
    if (!sequence)
        return ok;
    take_owner(r, sequence, &r->operation->as.sequence);
    if (r->operation->as.sequence.type.family != TYPE_UNKNOWN)
        sequence->type = r->operation->as.sequence.type;
    return true;
}

bool replay_drop_sequence(Replay *r)
{
    bool ok;
    Sequence *sequence = find_sequence(r, &ok);
    if (!sequence)
        return ok;
    if (!replay_may_drop(r, r->operation->target.name))
        return false;
    Column *owner = sequence->owner;
    if (owner && owner->is_serial) {
        owner->is_serial = false; /* CASCADE: the default goes with it */
        owner->default_value = NULL;
    }
    schema_remove_sequence(r->schema, sequence);
    return true;
}

bool replay_rename_sequence(Replay *r)
{
    bool ok;
    Sequence *sequence = find_sequence(r, &ok);
    if (!sequence)
        return ok;
    schema_move_sequence(r->schema, sequence, sequence->schema, r->operation->as.rename.to);
    return true;
}
