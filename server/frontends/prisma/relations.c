/* How the two fields of a relation find each other
 *
 * A relation is two fields: one on each model, or two of one model. What they share is the pair of
 * models and the name in @relation, which may be missing on both. So they meet in a group:
 *
 *     models 3 and 7, "author":   of the model 3: [posts]      of the model 7: [author]
 *
 * In a valid schema a side has one field (two, where a model relates to itself); while a schema is
 * being typed there may be more, and the first ones are paired. */
#include "frontends/prisma/link.h"

typedef Vec(LinkedField *) FieldVec;

typedef struct {
    Str name;          /* of the relation, or absent */
    FieldVec sides[2]; /* of the model that is declared first, and of the other */
} Group;

/* ---- what @relation says ---- */

static const PrismaAttribute *relation_attribute(const LinkedField *field)
{
    return prisma_attribute(field->entry, STR("relation"));
}

static Name relation_name(const LinkedField *field)
{
    return link_string(field->model->fragment, relation_attribute(field), "name", 0);
}

static NameVec field_names(Link *link, const LinkedField *field, const char *label)
{
    NameVec names = {0};
    const PrismaAttribute *attribute = relation_attribute(field);
    const PrismaValue *list =
        attribute ? prisma_argument(&attribute->arguments, str_from(label), UINT32_MAX) : NULL;
    if (!list || list->kind != PRISMA_ARRAY)
        return names;
    for (uint32_t i = 0; i < list->arguments.n; i++) {
        const PrismaValue *item = list->arguments.items[i].value;
        Name name = {.text = item->text, .place = link_place(field->model->fragment, item->range)};
        if (item->kind == PRISMA_NAME)
            VEC_PUSH(link->out, &names, name);
    }
    return names;
}

static ReferentialAction written_action(const LinkedField *field, const char *label)
{
    static const struct {
        Str name;
        ReferentialAction action;
    } actions[] = {{STR_INIT("Cascade"), ACTION_CASCADE},
                   {STR_INIT("Restrict"), ACTION_RESTRICT},
                   {STR_INIT("NoAction"), ACTION_NO_ACTION},
                   {STR_INIT("SetNull"), ACTION_SET_NULL},
                   {STR_INIT("SetDefault"), ACTION_SET_DEFAULT}};
    const PrismaAttribute *attribute = relation_attribute(field);
    const PrismaValue *value =
        attribute ? prisma_argument(&attribute->arguments, str_from(label), UINT32_MAX) : NULL;
    for (size_t i = 0; value && i < sizeof actions / sizeof *actions; i++) {
        if (str_equal(value->text, actions[i].name))
            return actions[i].action;
    }
    return ACTION_UNSPECIFIED;
}

static void add_orm_relation(Link *link, LinkedField *field)
{
    const PrismaEntry *entry = field->entry;
    const Fragment *fragment = field->model->fragment;
    OrmRelation relation = {.name = link_name(fragment, entry->name),
                            .target = link_name(fragment, entry->type),
                            .target_model = field->target->orm,
                            .is_list = entry->is_list,
                            .is_optional = entry->is_optional,
                            .relation_name = relation_name(field),
                            .fields = field_names(link, field, "fields"),
                            .references = field_names(link, field, "references"),
                            .on_delete = written_action(field, "onDelete"),
                            .on_update = written_action(field, "onUpdate"),
                            .place = link_place(fragment, entry->range)};
    const PrismaAttribute *attribute = prisma_attribute(entry, STR("relation"));
    if (attribute && attribute->arguments.n > 0) {
        const PrismaValue *last = VEC_LAST(&attribute->arguments)->value;
        relation.has_arguments = true;
        if (last)
            relation.insertion = place_after(link_place(fragment, last->range));
    }
    OrmRelationVec *relations = &field->model->orm->relations;
    field->orm_index = relations->n;
    VEC_PUSH(link->out, relations, relation);
}

static OrmRelation *orm_relation(const LinkedField *field)
{
    return &field->model->orm->relations.items[field->orm_index];
}

/* ---- foreign keys ---- */

/* The columns of the named fields; *some_required where one of them is NOT NULL. False where one
 * is no column. */
static bool columns_of(Link *link, const LinkedModel *model, const NameVec *fields,
                       IndexPartVec *parts, NameVec *columns, bool *some_required)
{
    for (uint32_t i = 0; i < fields->n; i++) {
        const LinkedField *field = link_field(model, fields->items[i].text);
        if (!field || field->kind == FIELD_RELATION || !link_has_column(field))
            return false;
        Name column = {.text = field->column.text, .place = fields->items[i].place};
        IndexPart part = {.column = column, .place = column.place};
        if (parts)
            VEC_PUSH(link->out, parts, part);
        VEC_PUSH(link->out, columns, column);
        *some_required |= !field->entry->is_optional;
    }
    return fields->n > 0;
}

/* What Prisma takes where nothing is written: a row that is needed holds on to what it points at,
 * another lets go. SQL Server has no RESTRICT. */
static ReferentialAction default_on_delete(const Link *link, bool is_required)
{
    if (!is_required)
        return ACTION_SET_NULL;
    return link->provider == PROVIDER_SQLSERVER ? ACTION_NO_ACTION : ACTION_RESTRICT;
}

static Name foreign_key_name(Link *link, const LinkedField *field, const NameVec *columns)
{
    const PrismaAttribute *attribute = relation_attribute(field);
    Name name = link_string(field->model->fragment, attribute, "map", UINT32_MAX);
    if (!name_is_absent(name))
        return name;
    name.text = link_constraint_name(link, field->model->table.text, columns, STR("_fkey"));
    name.place = link_place(field->model->fragment, attribute->name.range);
    return name;
}

/* SQLite's ALTER TABLE adds no constraints: there they stand in the table. */
static ConstraintDef *new_constraint(Link *link, const LinkedModel *model, Place place)
{
    if (link->dialect == DIALECT_SQLITE) {
        Operation *table = &link->declared->operations.items[model->operation];
        return VEC_EXTEND(link->out, &table->as.create_table.constraints);
    }
    Operation *operation = link_operation(link, OP_ADD_CONSTRAINT, place);
    operation->target = link_table_name(model);
    return &operation->as.add_constraint;
}

static void add_foreign_key(Link *link, const LinkedField *field)
{
    const OrmRelation *relation = orm_relation(field);
    const LinkedModel *model = field->model, *target = field->target;
    ConstraintDef key = {.kind = CONSTRAINT_FOREIGN_KEY};
    NameVec columns = {0};
    bool is_required = false, unused = false;
    if (model->operation == UINT32_MAX || target->operation == UINT32_MAX ||
        !columns_of(link, model, &relation->fields, &key.parts, &columns, &is_required) ||
        !columns_of(link, target, &relation->references, NULL, &key.references_columns, &unused) ||
        relation->fields.n != relation->references.n)
        return;
    const PrismaAttribute *attribute = relation_attribute(field);
    key.name = foreign_key_name(link, field, &columns);
    key.references = link_table_name(target);
    key.references.name.place = relation->target.place;
    key.references.place = relation->target.place;
    key.on_delete = relation->on_delete;
    if (key.on_delete == ACTION_UNSPECIFIED)
        key.on_delete = default_on_delete(link, is_required || !field->entry->is_optional);
    key.on_update = relation->on_update;
    if (key.on_update == ACTION_UNSPECIFIED)
        key.on_update = ACTION_CASCADE;
    key.place = link_place(model->fragment, attribute->range);
    key.kind_place = link_place(model->fragment, attribute->name.range);
    *new_constraint(link, model, key.place) = key;
}

/* ---- pairs ---- */

static void pair(Link *link, const Group *group, LinkedField *first, LinkedField *second)
{
    OrmRelation *one = orm_relation(first), *other = orm_relation(second);
    one->inverse = other;
    other->inverse = one;
    bool has_fields = one->fields.n > 0 || other->fields.n > 0;
    if (one->is_list && other->is_list && !has_fields)
        link_join_table(link, first, second, group->name);
}

static void pair_group(Link *link, const Group *group)
{
    const FieldVec *a = &group->sides[0], *b = &group->sides[1];
    if (b->n == 0) { /* of one model with itself, or one field only */
        if (a->n >= 2)
            pair(link, group, a->items[0], a->items[1]);
        return;
    }
    for (uint32_t i = 0; i < a->n && i < b->n; i++)
        pair(link, group, a->items[i], b->items[i]);
}

static Group *group_of(Link *link, StrMap *groups, const LinkedField *field)
{
    uint32_t own = field->model->index, other = field->target->index;
    Str name = relation_name(field).text;
    Str key = str_format(link->scratch, "%u %u " STR_FMT, own < other ? own : other,
                         own < other ? other : own, STR_ARG(name));
    Group *group = map_get(groups, key);
    if (!group) {
        group = ARENA_NEW(link->scratch, Group);
        group->name = name;
        map_set(link->scratch, groups, key, group);
    }
    return group;
}

void link_relations(Link *link)
{
    StrMap groups = {0};
    FieldVec fields = {0};
    for (uint32_t i = 0; i < link->models.n; i++) {
        LinkedModel *model = link->models.items[i];
        for (uint32_t j = 0; j < model->n_fields; j++) {
            LinkedField *field = &model->fields[j];
            if (field->kind != FIELD_RELATION)
                continue;
            add_orm_relation(link, field);
            VEC_PUSH(link->scratch, &fields, field);
            Group *group = group_of(link, &groups, field);
            bool is_second = field->model->index > field->target->index;
            VEC_PUSH(link->scratch, &group->sides[is_second], field);
        }
    }
    for (MapEntry *entry = map_next(&groups, NULL); entry; entry = map_next(&groups, entry))
        pair_group(link, entry->value);
    for (uint32_t i = 0; i < fields.n && link->has_foreign_keys; i++)
        add_foreign_key(link, fields.items[i]);
}
