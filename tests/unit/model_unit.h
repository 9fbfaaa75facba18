/* model_unit.h — operations made by hand, for the tests of the model.
 *
 * Everything is static and lives in the arena of the test. */
#ifndef TESTS_UNIT_MODEL_UNIT_H
#define TESTS_UNIT_MODEL_UNIT_H

#include "model/fragment.h"
#include "model/replay.h"
#include "unit/unit.h"

typedef struct {
    Arena arena;
    Schema *schema;
    ReplayProblem problem;
} World;

static inline void world_start(World *w, Dialect dialect)
{
    *w = (World){.schema = NULL};
    w->schema = schema_new(&w->arena, dialect);
}

static inline void world_end(World *w)
{
    arena_release(&w->arena);
}

static inline Name name_of(const char *text)
{
    return (Name){.text = str_from(text)};
}

/* "schema.name" or "name". */
static inline QualifiedName qualified(World *w, const char *text)
{
    Str whole = str_copy(&w->arena, str_from(text));
    uint32_t dot = str_find(whole, STR("."), 0);
    if (dot == UINT32_MAX)
        return (QualifiedName){.name = {.text = whole}};
    return (QualifiedName){.schema = {.text = str_slice(whole, 0, dot)},
                           .name = {.text = str_slice(whole, dot + 1, whole.length)}};
}

static inline Operation *operation(World *w, OperationKind kind, const char *target)
{
    Operation *op = ARENA_NEW(&w->arena, Operation);
    op->kind = kind;
    op->dialect = w->schema->dialect;
    if (target)
        op->target = qualified(w, target);
    return op;
}

static inline bool apply(World *w, const Operation *op)
{
    return replay_operation(w->schema, op, &w->arena, &w->problem);
}

/* Applies, and fails the test where it could not be. */
#define must_apply(w, op)                                                                          \
    do {                                                                                           \
        if (!apply((w), (op))) {                                                                   \
            print_error("refused: " STR_FMT "\n", STR_ARG((w)->problem.message));                  \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

#define must_refuse(w, op, why)                                                                    \
    do {                                                                                           \
        assert_false(apply((w), (op)));                                                            \
        assert_int_equal((w)->problem.kind, (why));                                                \
        assert_true((w)->problem.message.length > 0);                                              \
    } while (0)

static inline ColumnDef column_def(World *w, const char *name, const char *type)
{
    return (ColumnDef){.name = name_of(name),
                       .type = type_parse(&w->arena, w->schema->dialect, str_from(type))};
}

/* Columns as "a integer, b text"; the words "not null" at a type's end are read. */
static inline void add_columns_text(World *w, ColumnDefVec *columns, const char *text)
{
    Str rest = str_from(text);
    while (rest.length > 0) {
        uint32_t end = 0, depth = 0;
        for (; end < rest.length && (rest.data[end] != ',' || depth > 0); end++)
            depth += rest.data[end] == '(' ? 1u : rest.data[end] == ')' ? UINT32_MAX : 0u;
        Str item = str_trim(str_slice(rest, 0, end));
        rest = end < rest.length ? str_slice(rest, end + 1, rest.length) : (Str){0};
        uint32_t space = str_find(item, STR(" "), 0);
        Str type = space == UINT32_MAX ? STR("") : str_trim(str_slice(item, space, item.length));
        ColumnDef column = {
            .name = {.text = space == UINT32_MAX ? item : str_slice(item, 0, space)}};
        if (str_ends_with(type, STR("not null"))) {
            column.not_null = true;
            type = str_slice(type, 0, type.length - 8);
        }
        column.type = type_parse(&w->arena, w->schema->dialect, type);
        VEC_PUSH(&w->arena, columns, column);
    }
}

static inline Operation *create_table(World *w, const char *name, const char *columns)
{
    Operation *op = operation(w, OP_CREATE_TABLE, name);
    add_columns_text(w, &op->as.create_table.columns, columns);
    return op;
}

/* "a, b" as the parts of a key or index. */
static inline void add_parts(World *w, IndexPartVec *parts, const char *text)
{
    Str rest = str_from(text);
    while (rest.length > 0) {
        uint32_t comma = str_find(rest, STR(","), 0);
        uint32_t end = comma == UINT32_MAX ? rest.length : comma;
        IndexPart part = {.column = {.text = str_trim(str_slice(rest, 0, end))}};
        VEC_PUSH(&w->arena, parts, part);
        rest = end < rest.length ? str_slice(rest, end + 1, rest.length) : (Str){0};
    }
}

static inline ConstraintDef constraint(World *w, ConstraintKind kind, const char *name,
                                       const char *columns)
{
    ConstraintDef def = {.kind = kind};
    if (name)
        def.name = name_of(name);
    if (columns)
        add_parts(w, &def.parts, columns);
    return def;
}

static inline ConstraintDef foreign_key(World *w, const char *name, const char *columns,
                                        const char *target)
{
    ConstraintDef def = constraint(w, CONSTRAINT_FOREIGN_KEY, name, columns);
    def.references = qualified(w, target);
    return def;
}

/* An expression that uses one column. */
static inline const Expression *expression_on(World *w, const char *text, const char *column)
{
    Expression *e = ARENA_NEW(&w->arena, Expression);
    e->kind = EXPRESSION_OTHER;
    e->text = str_from(text);
    if (column) {
        ColumnReference reference = {.column = name_of(column)};
        VEC_PUSH(&w->arena, &e->columns, reference);
    }
    return e;
}

static inline ConstraintDef check(World *w, const char *name, const char *text, const char *column)
{
    ConstraintDef def = constraint(w, CONSTRAINT_CHECK, name, NULL);
    def.check = expression_on(w, text, column);
    return def;
}

static inline Operation *add_constraint(World *w, const char *table, ConstraintDef def)
{
    Operation *op = operation(w, OP_ADD_CONSTRAINT, table);
    op->as.add_constraint = def;
    return op;
}

static inline Operation *create_index(World *w, const char *table, const char *name,
                                      const char *columns)
{
    Operation *op = operation(w, OP_CREATE_INDEX, table);
    if (name)
        op->as.create_index.name = name_of(name);
    add_parts(w, &op->as.create_index.parts, columns);
    return op;
}

static inline Operation *add_column(World *w, const char *table, const char *columns)
{
    ColumnDefVec defs = {0};
    Operation *op = operation(w, OP_ADD_COLUMN, table);
    add_columns_text(w, &defs, columns);
    op->as.add_column = defs.items[0];
    return op;
}

static inline Operation *drop_column(World *w, const char *table, const char *column)
{
    Operation *op = operation(w, OP_DROP_COLUMN, table);
    op->as.drop_column.column = name_of(column);
    return op;
}

static inline Operation *rename_to(World *w, OperationKind kind, const char *target,
                                   const char *from, const char *to)
{
    Operation *op = operation(w, kind, target);
    if (from)
        op->as.rename.from = name_of(from);
    op->as.rename.to = name_of(to);
    return op;
}

static inline Table *table_named(const World *w, const char *name)
{
    return schema_table(w->schema, (Str){0}, str_from(name));
}

static inline Index *index_named(const Table *table, const char *name)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (str_equal(table->indexes.items[i]->name.text, str_from(name)))
            return table->indexes.items[i];
    }
    return NULL;
}

/* "a, b": the columns' names. */
static inline Str column_names(World *w, const Table *table)
{
    return sql_column_list(&w->arena, w->schema->dialect, &table->columns);
}

#endif
