/* declared.h — what every ORM frontend promises of the result of linking, whatever the text.
 *
 * For the fuzz targets and for the tests that read every prefix of a file. */
#ifndef TESTS_FUZZ_DECLARED_H
#define TESTS_FUZZ_DECLARED_H

#include "fuzz/fuzz.h"
#include "model/orm.h"
#include "model/replay.h"

typedef struct {
    const ModelFile *files;
    uint32_t n_files;
} DeclaredFiles;

/* Unset, or within the text of one of the files. */
static inline void check_declared_place(const DeclaredFiles *of, Place place)
{
    if (!place_is_set(place))
        return;
    bool is_known = false;
    for (uint32_t i = 0; i < of->n_files; i++)
        is_known |= of->files[i].fragment == place.fragment;
    FUZZ_CHECK(is_known);
    FUZZ_CHECK(place.range.start <= place.range.end);
    FUZZ_CHECK(place.range.end <= place.fragment->text.length);
}

static inline void check_declared_expression(const DeclaredFiles *of, const Expression *expression)
{
    if (!expression)
        return;
    FUZZ_CHECK(expression->kind != EXPRESSION_NONE);
    check_declared_place(of, expression->place);
}

static inline void check_declared_parts(const DeclaredFiles *of, const IndexPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        check_declared_place(of, parts->items[i].place);
        check_declared_place(of, parts->items[i].column.place);
        FUZZ_CHECK(parts->items[i].expression || parts->items[i].column.text.length > 0);
    }
}

static inline void check_declared_constraints(const DeclaredFiles *of,
                                              const ConstraintDefVec *constraints)
{
    for (uint32_t i = 0; i < constraints->n; i++) {
        const ConstraintDef *constraint = &constraints->items[i];
        check_declared_place(of, constraint->place);
        check_declared_place(of, constraint->name.place);
        check_declared_parts(of, &constraint->parts);
        check_declared_expression(of, constraint->check);
    }
}

static inline void check_declared_columns(const DeclaredFiles *of, const ColumnDefVec *columns)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        const ColumnDef *column = &columns->items[i];
        FUZZ_CHECK(column->name.text.length > 0);
        check_declared_place(of, column->place);
        check_declared_place(of, column->name.place);
        check_declared_place(of, column->type.place);
        check_declared_place(of, column->not_null_place);
        check_declared_place(of, column->default_place);
        check_declared_expression(of, column->default_value);
        check_declared_constraints(of, &column->constraints);
    }
}

static inline void check_declared_operation(const DeclaredFiles *of, const Operation *operation)
{
    check_declared_place(of, operation->place);
    check_declared_place(of, operation->target.place);
    check_declared_place(of, operation->target.name.place);
    FUZZ_CHECK(place_is_set(operation->place));
    if (operation->kind == OP_CREATE_TABLE) {
        check_declared_columns(of, &operation->as.create_table.columns);
        check_declared_constraints(of, &operation->as.create_table.constraints);
        check_declared_place(of, operation->as.create_table.body);
    } else if (operation->kind == OP_CREATE_INDEX) {
        check_declared_parts(of, &operation->as.create_index.parts);
        check_declared_expression(of, operation->as.create_index.where);
        check_declared_place(of, operation->as.create_index.name.place);
    } else if (operation->kind == OP_ADD_CONSTRAINT) {
        ConstraintDef constraint = operation->as.add_constraint;
        ConstraintDefVec one = {.items = &constraint, .n = 1};
        check_declared_constraints(of, &one);
    }
}

static inline void check_declared_model(const DeclaredFiles *of, const OrmModel *model)
{
    check_declared_place(of, model->place);
    check_declared_place(of, model->name.place);
    check_declared_place(of, model->insertion);
    for (uint32_t i = 0; i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        FUZZ_CHECK(field->column.text.length > 0);
        check_declared_place(of, field->place);
        check_declared_place(of, field->type);
        check_declared_place(of, field->column.place);
        check_declared_place(of, field->default_value.place);
        check_declared_place(of, field->insertion);
    }
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        check_declared_place(of, relation->place);
        check_declared_place(of, relation->target.place);
        check_declared_place(of, relation->insertion);
        FUZZ_CHECK(!relation->inverse || relation->inverse->inverse == relation ||
                   !relation->inverse->inverse);
    }
    FUZZ_CHECK(!model->operation || model->operation->kind == OP_CREATE_TABLE);
}

static inline void check_declared_uses(const DeclaredFiles *of, const Query *query,
                                       const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n; i++) {
        const ColumnUse *use = &uses->items[i];
        FUZZ_CHECK(use->table == NO_TABLE_USE || use->table < query->tables.n);
        FUZZ_CHECK(use->other_table == NO_TABLE_USE || use->other_table < query->tables.n);
        check_declared_place(of, use->place);
        check_declared_place(of, use->column.place);
    }
}

static inline void check_declared_query(const DeclaredFiles *of, const Query *query)
{
    FUZZ_CHECK(place_is_set(query->place) && query->in_program);
    check_declared_place(of, query->place);
    check_declared_place(of, query->target_place);
    for (uint32_t i = 0; i < query->tables.n; i++) {
        FUZZ_CHECK(query->tables.items[i].table.name.text.length > 0);
        check_declared_place(of, query->tables.items[i].place);
    }
    check_declared_uses(of, query, &query->filters);
    check_declared_uses(of, query, &query->joins);
    check_declared_uses(of, query, &query->groups);
    check_declared_uses(of, query, &query->orders);
    FUZZ_CHECK(!query->is_partial || query->has_where);
}

/* Places are in the files, models point at their operations, and the operations can be replayed
 * (what cannot be applied is said, not crashed on). */
static inline void check_declared(const Declared *declared, const ModelFile *files,
                                  uint32_t n_files, Dialect dialect)
{
    DeclaredFiles of = {.files = files, .n_files = n_files};
    Arena arena = {0};
    Schema *schema = schema_new(&arena, dialect);
    for (uint32_t i = 0; i < declared->operations.n; i++) {
        ReplayProblem problem = {0};
        check_declared_operation(&of, &declared->operations.items[i]);
        replay_operation(schema, &declared->operations.items[i], &arena, &problem);
    }
    for (uint32_t i = 0; i < declared->models.n; i++)
        check_declared_model(&of, declared->models.items[i]);
    for (uint32_t i = 0; i < declared->queries.n; i++)
        check_declared_query(&of, declared->queries.items[i]);
    for (uint32_t i = 0; i < declared->uses.n; i++) {
        const ProgramUse *use = &declared->uses.items[i];
        FUZZ_CHECK(place_is_set(use->place));
        check_declared_place(&of, use->place);
        check_declared_place(&of, use->related);
        FUZZ_CHECK((use->kind == PROGRAM_LAZY_LOAD) == (use->relation != NULL));
        FUZZ_CHECK((use->kind == PROGRAM_QUERY_IN_LOOP) == (use->query != NULL));
    }
    arena_release(&arena);
}

typedef void (*LinkFunction)(const ModelFile *files, uint32_t n_files, Dialect dialect, Arena *out,
                             Declared *declared);

/* Links twice, and checks. The same files give the same declarations: nothing is left from one call
 * to the next. */
static inline void check_linking(LinkFunction link, const ModelFile *files, uint32_t n_files,
                                 Dialect dialect)
{
    Arena arena = {0};
    Declared declared, again;
    link(files, n_files, dialect, &arena, &declared);
    check_declared(&declared, files, n_files, dialect);
    link(files, n_files, dialect, &arena, &again);
    FUZZ_CHECK(again.operations.n == declared.operations.n);
    FUZZ_CHECK(again.models.n == declared.models.n);
    FUZZ_CHECK(again.queries.n == declared.queries.n);
    FUZZ_CHECK(again.uses.n == declared.uses.n);
    for (uint32_t i = 0; i < again.operations.n; i++) {
        const Operation *a = &again.operations.items[i], *b = &declared.operations.items[i];
        FUZZ_CHECK(a->kind == b->kind);
        FUZZ_CHECK(str_equal(a->target.name.text, b->target.name.text));
    }
    arena_release(&arena);
}

#endif
