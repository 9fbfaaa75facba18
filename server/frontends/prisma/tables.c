#include "frontends/prisma/link.h"

bool link_has_column(const LinkedField *field)
{
    return place_is_set(field->type.place);
}

uint32_t link_n_scalars(const LinkedModel *model)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < model->n_fields; i++)
        n += model->fields[i].kind != FIELD_RELATION;
    return n;
}

/* ---- enums ---- */

static void create_enum(Link *link, const LinkedEnum *enumeration)
{
    const Fragment *fragment = enumeration->fragment;
    Place place = link_place(fragment, enumeration->block->range);
    Operation *operation = link_operation(link, OP_CREATE_TYPE, place);
    operation->target = (QualifiedName){.schema = {.text = enumeration->schema},
                                        .name = enumeration->name,
                                        .place = enumeration->name.place};
    operation->as.create_type.kind = TYPE_DEF_ENUM;
    operation->as.create_type.labels = enumeration->labels;
}

/* ---- tables ---- */

static ColumnDef column_of(Link *link, const LinkedField *field)
{
    const PrismaEntry *entry = field->entry;
    ColumnDef column = {.name = field->column,
                        .type = field->type,
                        .place = link_place(field->model->fragment, entry->range)};
    if (!entry->is_optional && !entry->is_list) {
        column.not_null = true;
        column.not_null_place = field->type.place;
    }
    link_set_default(link, field, &column);
    return column;
}

static Place body_place(const LinkedModel *model)
{
    Range range = model->block->range;
    range.start = model->block->name.range.end;
    return link_place(model->fragment, range);
}

/* Half-typed, a model may have no column yet: then there is no table. */
static void create_table(Link *link, LinkedModel *model)
{
    ColumnDefVec columns = {.capacity = link_n_scalars(model)};
    columns.items = ARENA_ARRAY(link->out, ColumnDef, columns.capacity);
    for (uint32_t i = 0; i < model->n_fields; i++) {
        const LinkedField *field = &model->fields[i];
        if (field->kind == FIELD_RELATION || !link_has_column(field))
            continue;
        ColumnDef *column = VEC_EXTEND(link->out, &columns);
        *column = column_of(link, field);
    }
    if (columns.n == 0)
        return;
    Place place = link_place(model->fragment, model->block->range);
    Operation *operation = link_operation(link, OP_CREATE_TABLE, place);
    operation->target = link_table_name(model);
    TableDef *table = &operation->as.create_table;
    table->columns = columns;
    table->body = body_place(model);
    link_primary_key(link, model, table);
    if (link->provider == PROVIDER_SQLSERVER)
        link_unique_constraints(link, model, table);
    model->operation = link->declared->operations.n - 1;
}

void link_tables(Link *link)
{
    for (uint32_t i = 0; i < link->enums.n && link->dialect == DIALECT_POSTGRESQL; i++)
        create_enum(link, link->enums.items[i]);
    for (uint32_t i = 0; i < link->models.n; i++) {
        if (link->models.items[i]->block->kind == PRISMA_MODEL)
            create_table(link, link->models.items[i]);
    }
    for (uint32_t i = 0; i < link->models.n; i++) {
        if (link->models.items[i]->operation != UINT32_MAX)
            link_indexes(link, link->models.items[i]);
    }
}
