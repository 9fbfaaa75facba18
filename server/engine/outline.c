#include "engine/outline.h"

typedef struct {
    Arena *out;
    const PlacedFragment *placed;
    OutlineEntryVec entries;
} Outline;

static Range range_of(const Outline *outline, Place place)
{
    uint32_t start = outline->placed->start;
    return (Range){start + place.range.start, start + place.range.end};
}

/* What was not written in this statement (a picked name, a copied column) has no entry. */
static void add(Outline *outline, OutlineKind kind, bool is_child, Place whole, Name name,
                Str detail)
{
    const Fragment *fragment = outline->placed->fragment;
    if (str_is_empty(name.text) || name.place.fragment != fragment || whole.fragment != fragment)
        return;
    OutlineEntry entry = {.kind = kind,
                          .is_child = is_child,
                          .name = name.text,
                          .detail = detail,
                          .name_range = range_of(outline, name.place)};
    entry.whole = range_join(range_of(outline, whole), entry.name_range);
    VEC_PUSH(outline->out, &outline->entries, entry);
}

static void add_column(Outline *outline, const ColumnDef *column, Place whole)
{
    add(outline, OUTLINE_COLUMN, true, whole, column->name, column->type.canonical);
}

/* A named one; those of columns are left out, as the column is there. */
static void add_constraint(Outline *outline, const ConstraintDef *constraint, bool is_child)
{
    if (!constraint->is_inline)
        add(outline, OUTLINE_CONSTRAINT, is_child, constraint->place, constraint->name, (Str){0});
}

static void add_table(Outline *outline, const Operation *operation)
{
    const TableDef *table = &operation->as.create_table;
    add(outline, OUTLINE_TABLE, false, operation->statement, operation->target.name, (Str){0});
    for (uint32_t i = 0; i < table->columns.n; i++)
        add_column(outline, &table->columns.items[i], table->columns.items[i].place);
    for (uint32_t i = 0; i < table->constraints.n; i++)
        add_constraint(outline, &table->constraints.items[i], true);
    for (uint32_t i = 0; i < table->indexes.n; i++)
        add(outline, OUTLINE_INDEX, true, table->indexes.items[i].place,
            table->indexes.items[i].name, (Str){0});
}

static void add_type(Outline *outline, const Operation *operation)
{
    const TypeDef *type = &operation->as.create_type;
    add(outline, OUTLINE_TYPE, false, operation->statement, operation->target.name, (Str){0});
    for (uint32_t i = 0; i < type->labels.n; i++)
        add(outline, OUTLINE_LABEL, true, type->labels.items[i].place, type->labels.items[i],
            (Str){0});
    for (uint32_t i = 0; i < type->attributes.n; i++)
        add_column(outline, &type->attributes.items[i], type->attributes.items[i].place);
}

/* "orders.note": what a later statement adds to a table. */
static Name member(Outline *outline, const Operation *operation, Name name)
{
    if (!name_is_absent(name))
        name.text = str_format(outline->out, STR_FMT "." STR_FMT,
                               STR_ARG(operation->target.name.text), STR_ARG(name.text));
    return name;
}

static void add_to_table(Outline *outline, const Operation *operation)
{
    if (operation->kind == OP_ADD_COLUMN)
        add(outline, OUTLINE_COLUMN, false, operation->place,
            member(outline, operation, operation->as.add_column.name),
            operation->as.add_column.type.canonical);
    else if (operation->kind == OP_ADD_CONSTRAINT)
        add(outline, OUTLINE_CONSTRAINT, false, operation->place,
            member(outline, operation, operation->as.add_constraint.name), (Str){0});
}

static void add_operation(Outline *outline, const Operation *operation)
{
    Place whole = operation->statement;
    Str table = operation->target.name.text;
    if (operation->kind == OP_CREATE_TABLE)
        add_table(outline, operation);
    else if (operation->kind == OP_CREATE_TYPE)
        add_type(outline, operation);
    else if (operation->kind == OP_CREATE_VIEW)
        add(outline, OUTLINE_VIEW, false, whole, operation->target.name, (Str){0});
    else if (operation->kind == OP_CREATE_INDEX)
        add(outline, OUTLINE_INDEX, false, whole, operation->as.create_index.name, table);
    else if (operation->kind == OP_CREATE_FUNCTION)
        add(outline, OUTLINE_FUNCTION, false, whole, operation->target.name, (Str){0});
    else if (operation->kind == OP_CREATE_TRIGGER)
        add(outline, OUTLINE_TRIGGER, false, whole, operation->as.create_trigger.name, table);
    else if (operation->kind == OP_CREATE_POLICY)
        add(outline, OUTLINE_POLICY, false, whole, operation->as.create_policy.name, table);
    else if (operation->kind == OP_CREATE_SEQUENCE)
        add(outline, OUTLINE_SEQUENCE, false, whole, operation->target.name, (Str){0});
    else
        add_to_table(outline, operation);
}

OutlineEntryVec outline_of(Arena *out, const LoweredFile *file)
{
    Outline outline = {.out = out};
    for (uint32_t i = 0; file->language == FILE_SQL && i < file->fragments.n; i++) {
        outline.placed = &file->fragments.items[i];
        const OperationVec *operations = &outline.placed->fragment->operations;
        for (uint32_t j = 0; j < operations->n; j++)
            add_operation(&outline, &operations->items[j]);
    }
    return outline.entries;
}
