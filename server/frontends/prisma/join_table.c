/* The table behind two lists that point at each other: "_CategoryToPost" with the columns A and
 * B, which are named by the order of the models' names. */
#include "frontends/prisma/link.h"

/* The field whose model comes first by name; of one model with itself, the field that does. */
static bool is_in_order(const LinkedField *first, const LinkedField *second)
{
    int order = str_compare(first->model->block->name.text, second->model->block->name.text);
    if (order == 0)
        order = str_compare(first->entry->name.text, second->entry->name.text);
    return order <= 0;
}

static Str integer_of(const ColumnType *serial)
{
    if (serial->family == TYPE_BIGINT)
        return STR("BIGINT");
    return serial->family == TYPE_SMALLINT ? STR("SMALLINT") : STR("INTEGER");
}

static ColumnDef join_column(Link *link, const char *name, const LinkedField *key, Place place)
{
    ColumnType type = key->type;
    if (type.is_serial) /* an integer that points at one that counts */
        type = link_type(link, integer_of(&type));
    type.place = place;
    return (ColumnDef){.name = {.text = str_from(name), .place = place},
                       .type = type,
                       .not_null = true,
                       .place = place};
}

static void add_part(Link *link, IndexPartVec *parts, const char *column, Place place)
{
    IndexPart part = {.column = {.text = str_from(column), .place = place}, .place = place};
    VEC_PUSH(link->out, parts, part);
}

static Name part_name(Link *link, Str table, const char *suffix, Place place)
{
    return (Name){.text = link_constraint_name(link, table, NULL, str_from(suffix)),
                  .place = place};
}

static void add_join_index(Link *link, uint32_t table_index, const char *suffix, bool is_unique,
                           const char *const *columns)
{
    const Operation *table = &link->declared->operations.items[table_index];
    QualifiedName target = table->target; /* the operations move as they grow */
    Place place = table->place;
    Operation *operation = link_operation(link, OP_CREATE_INDEX, place);
    operation->target = target;
    IndexDef *index = &operation->as.create_index;
    index->name = part_name(link, target.name.text, suffix, place);
    index->unique = is_unique;
    index->place = index->index_keyword = place;
    for (uint32_t i = 0; columns[i]; i++)
        add_part(link, &index->parts, columns[i], place);
}

static ConstraintDef join_foreign_key(Link *link, Str table, const char *column, const char *suffix,
                                      const LinkedField *key, Place place)
{
    ConstraintDef constraint = {.kind = CONSTRAINT_FOREIGN_KEY,
                                .name = part_name(link, table, suffix, place),
                                .references = link_table_name(key->model),
                                .on_delete = ACTION_CASCADE,
                                .on_update = ACTION_CASCADE,
                                .place = place,
                                .kind_place = place};
    constraint.references.place = constraint.references.name.place = place;
    add_part(link, &constraint.parts, column, place);
    Name referenced = {.text = key->column.text, .place = place};
    VEC_PUSH(link->out, &constraint.references_columns, referenced);
    return constraint;
}

static QualifiedName join_table_name(Link *link, const LinkedField *first,
                                     const LinkedField *second, Str relation_name, Place place)
{
    Str a = first->model->block->name.text, b = second->model->block->name.text;
    Str parts[] = {STR("_"), a, STR("To"), b};
    Str text = str_is_empty(relation_name)
                   ? str_join(link->out, parts, 4, STR(""))
                   : str_join(link->out, (const Str[]){parts[0], relation_name}, 2, STR(""));
    return (QualifiedName){.schema = {.text = first->model->schema, .place = place},
                           .name = {.text = text, .place = place},
                           .place = place};
}

/* Both of A and B, which only PostgreSQL's tables have as a primary key, since Prisma 6. */
static void add_pair_key(Link *link, TableDef *table, Str name, Place place)
{
    ConstraintDef key = {.kind = CONSTRAINT_PRIMARY_KEY,
                         .name = part_name(link, name, "_AB_pkey", place),
                         .place = place,
                         .kind_place = place};
    add_part(link, &key.parts, "A", place);
    add_part(link, &key.parts, "B", place);
    VEC_PUSH(link->out, &table->constraints, key);
}

/* SQLite's foreign keys stand in the table, others are added to it. */
static void add_join_foreign_keys(Link *link, uint32_t table_index, const LinkedField *const *keys)
{
    static const char *const columns[] = {"A", "B"}, *const suffixes[] = {"_A_fkey", "_B_fkey"};
    for (uint32_t i = 0; i < 2; i++) {
        Operation *table = &link->declared->operations.items[table_index];
        QualifiedName target = table->target;
        ConstraintDef key = join_foreign_key(link, target.name.text, columns[i], suffixes[i],
                                             keys[i], table->place);
        if (link->dialect == DIALECT_SQLITE) {
            VEC_PUSH(link->out, &table->as.create_table.constraints, key);
            continue;
        }
        Operation *operation = link_operation(link, OP_ADD_CONSTRAINT, key.place);
        operation->target = target;
        operation->as.add_constraint = key;
    }
}

void link_join_table(Link *link, const LinkedField *first, const LinkedField *second,
                     Str relation_name)
{
    if (!is_in_order(first, second)) {
        const LinkedField *other = first;
        first = second;
        second = other;
    }
    const LinkedField *keys[] = {link_single_key(first->model), link_single_key(second->model)};
    if (!keys[0] || !keys[1] || first->model->operation == UINT32_MAX ||
        second->model->operation == UINT32_MAX)
        return;
    Place place = link_place(first->model->fragment, first->entry->range);
    uint32_t index = link->declared->operations.n;
    Operation *table = link_operation(link, OP_CREATE_TABLE, place);
    table->target = join_table_name(link, first, second, relation_name, place);
    TableDef *definition = &table->as.create_table;
    definition->is_implicit = true;
    ColumnDef columns[] = {join_column(link, "A", keys[0], place),
                           join_column(link, "B", keys[1], place)};
    VEC_PUSH(link->out, &definition->columns, columns[0]);
    VEC_PUSH(link->out, &definition->columns, columns[1]);
    if (link->provider == PROVIDER_POSTGRESQL)
        add_pair_key(link, definition, table->target.name.text, place);
    else
        add_join_index(link, index, "_AB_unique", true, (const char *const[]){"A", "B", NULL});
    add_join_index(link, index, "_B_index", false, (const char *const[]){"B", NULL});
    if (link->has_foreign_keys)
        add_join_foreign_keys(link, index, keys);
}
