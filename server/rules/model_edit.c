#include "rules/model_edit.h"

#include "base/buf.h"

enum { MAX_FIELDS_LOOKED_AT = 4096 };

static void index_models(RuleContext *context)
{
    const Database *database = context->database;
    context->models_of = database;
    context->models_by_operation = (StrMap){0};
    for (uint32_t i = 0; i < database->models.n; i++) {
        OrmModel *model = database->models.items[i];
        if (model->operation &&
            !map_get(&context->models_by_operation, operation_key(&model->operation)))
            map_set(context->arena, &context->models_by_operation, operation_key(&model->operation),
                    model);
    }
}

const OrmModel *model_of_table(RuleContext *context, const Table *table)
{
    if (!context->database || context->database->models.n == 0 || !table || !table->origin)
        return NULL;
    if (context->models_of != context->database)
        index_models(context);
    return map_get(&context->models_by_operation, operation_key(&table->origin));
}

const OrmField *model_field_of(const OrmModel *model, Str column)
{
    for (uint32_t i = 0; i < model->fields.n && i < MAX_FIELDS_LOOKED_AT; i++) {
        const OrmField *field = &model->fields.items[i];
        if (str_equal(field->column.text, column))
            return field->is_inherited ? NULL : field;
    }
    return NULL;
}

/* The body ends with a field: its attributes stand apart from the fields. */
static bool ends_with_field(const OrmModel *model)
{
    uint32_t end = model->insertion.range.start;
    for (uint32_t i = 0; i < model->fields.n && i < MAX_FIELDS_LOOKED_AT; i++) {
        if (model->fields.items[i].place.range.end == end)
            return true;
    }
    for (uint32_t i = 0; i < model->relations.n && i < MAX_FIELDS_LOOKED_AT; i++) {
        if (model->relations.items[i].place.range.end == end)
            return true;
    }
    return false;
}

static bool add_prisma_index(RuleContext *context, Finding *finding, const OrmModel *model,
                             const ColumnVec *columns)
{
    if (!place_is_set(model->insertion))
        return false;
    Arena *out = rule_arena(context);
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++) {
        const OrmField *field = model_field_of(model, columns->items[i]->name.text);
        if (!field)
            return false;
        VEC_PUSH(out, &names, field->name.text);
    }
    Str list = str_join(out, names.items, names.n, STR(", "));
    Fix *fix = report_fix(context, finding, "Add @@index([" STR_FMT "])", STR_ARG(list));
    fix->language = FILE_PRISMA;
    fix_replace(context, fix, model->insertion,
                str_format(out, "%s\n" STR_FMT "@@index([" STR_FMT "])",
                           ends_with_field(model) ? "\n" : "", STR_ARG(model->indent),
                           STR_ARG(list)));
    return true;
}

bool fix_add_argument(RuleContext *context, Finding *finding, Place insertion, bool has_arguments,
                      const char *title, Str argument)
{
    if (!place_is_set(insertion))
        return false;
    Arena *out = rule_arena(context);
    Fix *fix = report_fix(context, finding, "%s", title);
    fix->language = rule_language(context, insertion);
    fix_replace(context, fix, insertion,
                str_format(out, "%s" STR_FMT, has_arguments ? ", " : "", STR_ARG(argument)));
    return true;
}

static bool add_python_index(RuleContext *context, Finding *finding, const OrmModel *model,
                             const ColumnVec *columns)
{
    const OrmField *field =
        columns->n == 1 ? model_field_of(model, columns->items[0]->name.text) : NULL;
    return field && fix_add_argument(context, finding, field->insertion, field->has_arguments,
                                     "Add index=True", STR("index=True"));
}

bool fix_model_index(RuleContext *context, Finding *finding, const Table *table,
                     const ColumnVec *columns)
{
    const OrmModel *model = model_of_table(context, table);
    if (!model || columns->n == 0)
        return false;
    switch (model->kind) {
    case ORM_PRISMA:
        return add_prisma_index(context, finding, model, columns);
    case ORM_SQLALCHEMY:
        return add_python_index(context, finding, model, columns);
    }
    return false;
}
