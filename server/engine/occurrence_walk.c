/* From operations, queries and models to the names in them
 *
 * Operations and queries keep every name with its place, so no text is looked at here. What a name
 * means is looked up in the final schema of the side that its source stands on. That alone would
 * lose a table that has been renamed since: so the sources are walked from the last operation
 * to the first, and each rename that is passed says what its old name leads to from there on
 * backwards. A table that was dropped and made again under its name counts as one. */
#include "engine/mention.h"
#include "engine/occurrences.h"
#include "engine/old_names.h"
#include "engine/replay_sources.h"

typedef struct {
    const Snapshot *snapshot;
    const Schema *schema;        /* that names in the source at hand mean */
    OldNames *old_names;         /* of that side */
    const Fragment *only;        /* NULL: all */
    bool has_table;              /* only `sides` are wanted */
    const Table *sides[N_SIDES]; /* one table, as each side has it */
    Mention mention;             /* what it is called, or was at some time */
    OccurrenceVisitor *visit;
    void *context;
    Arena scratch;
    StrMap made_by; /* the bytes of an operation's address -> the table it made */
    bool has_made_by;
} Walk;

static bool is_wanted(const Walk *walk, Place place)
{
    return place_is_set(place) && (!walk->only || place.fragment == walk->only);
}

static bool is_wanted_table(const Walk *walk, const Table *table)
{
    return table && (!walk->has_table || table == walk->sides[SIDE_MIGRATED] ||
                     table == walk->sides[SIDE_DECLARED]);
}

static void say(Walk *walk, Place place, OccurrenceRole role, Thing thing)
{
    if (!is_wanted_table(walk, thing.table) || !is_wanted(walk, place))
        return;
    Occurrence occurrence = {.thing = thing, .role = role, .place = place};
    walk->visit(walk->context, &occurrence);
}

static void say_table(Walk *walk, Place place, OccurrenceRole role, const Table *table)
{
    say(walk, place, role, (Thing){.table = table});
}

static void say_column(Walk *walk, const Table *table, Name name, OccurrenceRole role)
{
    if (!is_wanted_table(walk, table) || !is_wanted(walk, name.place))
        return;
    const Column *column = old_names_column(walk->old_names, table, name.text);
    if (column)
        say(walk, name.place, role, (Thing){.table = table, .column = column});
}

static Place place_of_table(const QualifiedName *name)
{
    return place_is_set(name->name.place) ? name->name.place : name->place;
}

static const Table *find_table(const Walk *walk, const QualifiedName *name)
{
    return name_is_absent(name->name) ? NULL : old_names_table(walk->old_names, walk->schema, name);
}

static const Table *say_named(Walk *walk, const QualifiedName *name, OccurrenceRole role)
{
    const Table *table = find_table(walk, name);
    if (table)
        say_table(walk, place_of_table(name), role, table);
    return table;
}

static void say_names(Walk *walk, const Table *table, const NameVec *names, OccurrenceRole role)
{
    for (uint32_t i = 0; i < names->n; i++)
        say_column(walk, table, names->items[i], role);
}

/* ---- keys and indexes ---- */

static void say_expression(Walk *walk, const Table *table, const Expression *expression)
{
    for (uint32_t i = 0; expression && i < expression->columns.n; i++)
        say_column(walk, table, expression->columns.items[i].column, OCCURRENCE_REFERENCE);
}

static void say_parts(Walk *walk, const Table *table, const IndexPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        say_column(walk, table, parts->items[i].column, OCCURRENCE_REFERENCE);
        say_expression(walk, table, parts->items[i].expression);
    }
}

static void say_constraint(Walk *walk, const Table *table, const ConstraintDef *constraint)
{
    if (!constraint->is_inline)
        say_parts(walk, table, &constraint->parts);
    const Table *target = say_named(walk, &constraint->references, OCCURRENCE_REFERENCE);
    say_names(walk, target, &constraint->references_columns, OCCURRENCE_REFERENCE);
    say_names(walk, table, &constraint->include, OCCURRENCE_REFERENCE);
    say_expression(walk, table, constraint->check);
    say_expression(walk, table, constraint->where);
}

static void say_index(Walk *walk, const Table *table, const IndexDef *index)
{
    say_parts(walk, table, &index->parts);
    say_names(walk, table, &index->include, OCCURRENCE_REFERENCE);
    say_expression(walk, table, index->where);
}

/* ---- what defines ---- */

/* What a model's operation names is a title: the class or the field is the definition. */
static OccurrenceRole definition_role(const Operation *operation)
{
    const Fragment *fragment = operation->place.fragment;
    bool is_linked = fragment && (fragment->prisma || (fragment->python && !fragment->migration));
    return is_linked ? OCCURRENCE_TITLE : OCCURRENCE_DEFINITION;
}

/* What a definition made, whatever it is called by now. */
static const Column *column_defined(const Walk *walk, const Table *table,
                                    const ColumnDef *definition, bool *is_origin)
{
    const Column *named = old_names_column(walk->old_names, table, definition->name.text);
    *is_origin = named && named->place.fragment == definition->place.fragment &&
                 named->place.range.start == definition->place.range.start;
    return named;
}

static void say_column_definition(Walk *walk, const Operation *operation, const Table *table,
                                  const ColumnDef *definition)
{
    bool is_origin = false;
    const Column *column =
        is_wanted_table(walk, table) ? column_defined(walk, table, definition, &is_origin) : NULL;
    if (column)
        say(walk, definition->name.place,
            is_origin ? definition_role(operation) : OCCURRENCE_CHANGE,
            (Thing){.table = table, .column = column});
    say_column(walk, table, definition->after, OCCURRENCE_REFERENCE);
    say_expression(walk, table, definition->generated_expression);
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        say_constraint(walk, table, &definition->constraints.items[i]);
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        say_index(walk, table, &definition->indexes.items[i]);
}

static void say_table_definition(Walk *walk, const Operation *operation, const Table *table)
{
    const TableDef *definition = &operation->as.create_table;
    for (uint32_t i = 0; i < definition->columns.n; i++)
        say_column_definition(walk, operation, table, &definition->columns.items[i]);
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        say_constraint(walk, table, &definition->constraints.items[i]);
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        say_index(walk, table, &definition->indexes.items[i]);
    for (uint32_t i = 0; i < definition->likes.n; i++)
        say_named(walk, &definition->likes.items[i].table, OCCURRENCE_REFERENCE);
    for (uint32_t i = 0; i < definition->inherits.n; i++)
        say_named(walk, &definition->inherits.items[i], OCCURRENCE_REFERENCE);
    say_parts(walk, table, &definition->partition_by.parts);
    say_named(walk, &definition->partition_of, OCCURRENCE_REFERENCE);
}

static void fill_made_by(Walk *walk, const Schema *schema)
{
    if (!schema)
        return;
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Table *table = e->value;
        if (table->origin)
            map_set(&walk->scratch, &walk->made_by, operation_key(&table->origin), table);
    }
}

/* The table that the operation made, by whatever name; NULL: none that is left. */
static const Table *table_made_by(Walk *walk, const Operation *operation)
{
    if (!walk->has_made_by) {
        walk->has_made_by = true;
        fill_made_by(walk, walk->snapshot->database.migrated);
        fill_made_by(walk, walk->snapshot->database.declared);
    }
    return map_get(&walk->made_by, operation_key(&operation));
}

static bool makes_table(const Operation *operation)
{
    return operation->kind == OP_CREATE_TABLE || operation->kind == OP_CREATE_VIEW;
}

/* ---- operations ---- */

static const Table *say_target(Walk *walk, const Operation *operation)
{
    const Table *table = find_table(walk, &operation->target);
    OccurrenceRole role = OCCURRENCE_CHANGE;
    if (makes_table(operation)) {
        const Table *made =
            table && table->origin == operation ? table : table_made_by(walk, operation);
        if (made) {
            table = made;
            role = definition_role(operation);
        }
    }
    if (table)
        say_table(walk, place_of_table(&operation->target), role, table);
    return table;
}

/* A rename: both names are of the thing that came out of it. */
static void say_rename(Walk *walk, const Operation *operation, const Table *table)
{
    if (operation->kind == OP_RENAME_TABLE || operation->kind == OP_RENAME_VIEW) {
        if (table)
            say_table(walk, operation->as.rename.to.place, OCCURRENCE_CHANGE, table);
    } else if (operation->kind == OP_RENAME_COLUMN) {
        say_column(walk, table, operation->as.rename.from, OCCURRENCE_CHANGE);
        say_column(walk, table, operation->as.rename.to, OCCURRENCE_CHANGE);
    }
}

/* Only the kinds whose operands name columns or tables. */
static void say_operands(Walk *walk, const Operation *operation, const Table *table)
{
    if (operation->kind == OP_CREATE_TABLE) {
        say_table_definition(walk, operation, table);
    } else if (operation->kind == OP_ADD_COLUMN) {
        say_column_definition(walk, operation, table, &operation->as.add_column);
    } else if (operation->kind == OP_REPLACE_COLUMN) {
        say_column(walk, table, operation->as.replace_column.old_name, OCCURRENCE_CHANGE);
        say_column_definition(walk, operation, table, &operation->as.replace_column.column);
    } else if (operation->kind == OP_DROP_COLUMN || operation->kind == OP_SET_NOT_NULL ||
               operation->kind == OP_DROP_NOT_NULL || operation->kind == OP_DROP_EXPRESSION) {
        say_column(walk, table, operation->as.drop_column.column, OCCURRENCE_CHANGE);
    } else if (operation->kind == OP_SET_COLUMN_TYPE) {
        say_column(walk, table, operation->as.set_type.column, OCCURRENCE_CHANGE);
    } else if (operation->kind == OP_SET_COLUMN_DEFAULT) {
        say_column(walk, table, operation->as.set_default.column, OCCURRENCE_CHANGE);
    } else if (operation->kind == OP_SET_IDENTITY) {
        say_column(walk, table, operation->as.set_identity.column, OCCURRENCE_CHANGE);
    } else if (operation->kind == OP_ADD_CONSTRAINT) {
        say_constraint(walk, table, &operation->as.add_constraint);
    } else if (operation->kind == OP_CREATE_INDEX) {
        say_index(walk, table, &operation->as.create_index);
    } else if (operation->kind == OP_DROP_INDEX) {
        say_named(walk, &operation->as.drop_index.table, OCCURRENCE_CHANGE);
    } else if (operation->kind == OP_CREATE_TRIGGER) {
        say_names(walk, table, &operation->as.create_trigger.update_columns, OCCURRENCE_REFERENCE);
    } else if (operation->kind == OP_CREATE_POLICY || operation->kind == OP_ALTER_POLICY) {
        say_expression(walk, table, operation->as.create_policy.using_expression);
        say_expression(walk, table, operation->as.create_policy.check_expression);
    } else if (operation->kind == OP_COMMENT) {
        say_column(walk, table, operation->as.comment.column, OCCURRENCE_REFERENCE);
    } else if (operation->kind == OP_ATTACH_PARTITION || operation->kind == OP_DETACH_PARTITION) {
        say_named(walk, &operation->as.partition.partition, OCCURRENCE_CHANGE);
    }
}

static void say_operation(Walk *walk, const Operation *operation)
{
    const Table *table = say_target(walk, operation);
    for (uint32_t i = 0; i < operation->targets.n; i++)
        say_named(walk, &operation->targets.items[i], OCCURRENCE_CHANGE);
    say_rename(walk, operation, table);
    say_operands(walk, operation, table);
}

/* ---- queries ---- */

static const Table *table_of_use(const Walk *walk, const Query *query, uint32_t index)
{
    if (index >= query->tables.n)
        return NULL;
    const TableUse *use = &query->tables.items[index];
    if (use->kind != TABLE_USE_TABLE || use->is_cte)
        return NULL;
    return find_table(walk, &use->table);
}

static void say_qualifier(Walk *walk, const Table *table, Name qualifier)
{
    if (!table || name_is_absent(qualifier))
        return;
    bool is_own_name = str_equal_ignore_case(qualifier.text, table->name.text);
    say_table(walk, qualifier.place, is_own_name ? OCCURRENCE_READ : OCCURRENCE_ALIAS, table);
}

static void say_uses(Walk *walk, const Query *query, const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n; i++) {
        const ColumnUse *use = &uses->items[i];
        if (!is_wanted(walk, use->column.place) && !is_wanted(walk, use->other_column.place))
            continue;
        const Table *table = table_of_use(walk, query, use->table);
        say_qualifier(walk, table, use->qualifier);
        say_column(walk, table, use->column, OCCURRENCE_READ);
        say_column(walk, table_of_use(walk, query, use->other_table), use->other_column,
                   OCCURRENCE_READ);
    }
}

/* A column in the select list, where its table is plain: the qualifier's, or the only one. */
static void say_reference(Walk *walk, const Query *query, const ColumnReference *reference)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        Str title = name_is_absent(use->alias) ? use->table.name.text : use->alias.text;
        bool fits = name_is_absent(reference->qualifier)
                        ? query->tables.n == 1
                        : str_equal_ignore_case(title, reference->qualifier.text);
        if (!fits)
            continue;
        const Table *table = table_of_use(walk, query, i);
        say_column(walk, table, reference->column, OCCURRENCE_READ);
        say_qualifier(walk, table, reference->qualifier);
        return; /* the first, as the same title twice is no query */
    }
}

/* Subqueries nest as deep as the frontend lets them, which is bounded. */
static void say_query(Walk *walk, const Query *query)
{
    const Table *target = NULL;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        const Table *table = table_of_use(walk, query, i);
        if (use->is_target)
            target = table;
        if (table)
            say_table(walk, place_of_table(&use->table),
                      use->is_target ? OCCURRENCE_WRITE : OCCURRENCE_READ, table);
        if (!name_is_absent(use->alias))
            say_table(walk, use->alias.place, OCCURRENCE_ALIAS, table);
    }
    say_uses(walk, query, &query->filters);
    say_uses(walk, query, &query->joins);
    say_uses(walk, query, &query->groups);
    say_uses(walk, query, &query->orders);
    say_names(walk, target, &query->written_columns, OCCURRENCE_WRITE);
    for (uint32_t i = 0; i < query->outputs.n; i++) {
        const Expression *expression = query->outputs.items[i].expression;
        for (uint32_t j = 0; expression && j < expression->columns.n; j++)
            say_reference(walk, query, &expression->columns.items[j]);
    }
    for (uint32_t i = 0; i < query->subqueries.n; i++)
        say_query(walk, query->subqueries.items[i]);
}

/* ---- model files ---- */

static const Table *table_of_model(const Walk *walk, const OrmModel *model)
{
    return database_model_table(&walk->snapshot->database, model);
}

/* The column behind a field of the model or of one that it inherits from. */
static const Column *column_of_field(const Walk *walk, const OrmModel *model, Str field,
                                     const Table **table)
{
    enum { MAX_PARENTS = 32 };
    for (int depth = 0; model && depth < MAX_PARENTS; depth++, model = model->parent) {
        *table = table_of_model(walk, model);
        for (uint32_t i = 0; *table && i < model->fields.n; i++) {
            if (str_equal(model->fields.items[i].name.text, field))
                return table_column(*table, model->fields.items[i].column.text);
        }
    }
    return NULL;
}

/* foreign_keys= may name the other side's attribute as well as the own. */
static void say_fields(Walk *walk, const OrmModel *model, const OrmModel *other,
                       const NameVec *names)
{
    for (uint32_t i = 0; i < names->n; i++) {
        if (!is_wanted(walk, names->items[i].place))
            continue;
        const Table *table = NULL;
        const Column *column = column_of_field(walk, model, names->items[i].text, &table);
        if (!column)
            column = column_of_field(walk, other, names->items[i].text, &table);
        if (column)
            say(walk, names->items[i].place, OCCURRENCE_REFERENCE,
                (Thing){.table = table, .column = column});
    }
}

static void say_relation(Walk *walk, const OrmModel *model, const Table *table,
                         const OrmRelation *relation)
{
    const Table *target = table_of_model(walk, relation->target_model);
    say(walk, relation->name.place, OCCURRENCE_DEFINITION,
        (Thing){.table = table, .relation = relation});
    say_table(walk, relation->target.place, OCCURRENCE_REFERENCE, target);
    if (relation->inverse)
        say(walk, relation->back_populates.place, OCCURRENCE_REFERENCE,
            (Thing){.table = target, .relation = relation->inverse});
    say_fields(walk, model, relation->target_model, &relation->fields);
    say_fields(walk, relation->target_model, NULL, &relation->references);
    if (!name_is_absent(relation->secondary))
        say_table(walk, relation->secondary.place, OCCURRENCE_REFERENCE,
                  schema_table(walk->schema, (Str){0}, relation->secondary.text));
}

static void say_model(Walk *walk, const OrmModel *model)
{
    const Table *table = table_of_model(walk, model);
    for (uint32_t i = 0; table && i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        const Column *column = table_column(table, field->column.text);
        if (!column)
            continue;
        Thing thing = {.table = table, .column = column};
        say(walk, field->type, OCCURRENCE_TYPE, thing);
        say(walk, field->column.place, OCCURRENCE_TITLE, thing);
        say(walk, field->name.place, OCCURRENCE_DEFINITION, thing);
    }
    for (uint32_t i = 0; table && i < model->relations.n; i++)
        say_relation(walk, model, table, &model->relations.items[i]);
    say_table(walk, model->table.place, OCCURRENCE_TITLE, table);
    say_table(walk, orm_model_name(model).place, OCCURRENCE_DEFINITION, table);
}

static bool stands_in(const Walk *walk, Place place)
{
    return !walk->only || place.fragment == walk->only;
}

static void say_linked(Walk *walk, const Declared *linked)
{
    for (uint32_t i = 0; i < linked->operations.n; i++) {
        if (stands_in(walk, linked->operations.items[i].place))
            say_operation(walk, &linked->operations.items[i]);
    }
    for (uint32_t i = 0; i < linked->queries.n; i++) {
        if (stands_in(walk, linked->queries.items[i]->place))
            say_query(walk, linked->queries.items[i]);
    }
    for (uint32_t i = 0; i < linked->models.n; i++)
        say_model(walk, linked->models.items[i]);
}

/* ---- the walk ---- */

static bool is_made_from_query(const Operation *origin)
{
    return origin && origin->kind == OP_CREATE_TABLE && origin->as.create_table.as_query;
}

/* What a view's query or a statement that is not looked into made: found by the names in the
 * final schema, which know their places. */
static void say_final_names(Walk *walk, const Schema *schema)
{
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        if (!is_wanted_table(walk, table))
            continue;
        bool is_view = !table_is_base(table);
        bool is_made_by_query = is_view || is_made_from_query(table->origin);
        say_table(walk, table->name.place, is_view ? OCCURRENCE_DEFINITION : OCCURRENCE_TITLE,
                  table);
        for (uint32_t i = 0; is_made_by_query && i < table->columns.n; i++) {
            const Column *column = table->columns.items[i];
            if (!column->is_inherited)
                say(walk, column->name.place, OCCURRENCE_DEFINITION,
                    (Thing){.table = table, .column = column});
        }
    }
}

/* A rename that is passed makes what it was called before one of its names. */
static void pass_rename(Walk *walk, const Operation *operation)
{
    old_names_pass(walk->old_names, walk->schema, operation);
    bool is_rename = operation->kind == OP_RENAME_TABLE || operation->kind == OP_RENAME_VIEW;
    if (walk->has_table && is_rename && !name_is_absent(operation->target.name) &&
        is_wanted_table(walk, find_table(walk, &operation->target)))
        mention_add(&walk->mention, operation->target.name.text);
}

static bool is_to_visit(const Walk *walk, const Fragment *fragment)
{
    if (walk->only)
        return fragment == walk->only;
    return !walk->has_table || mention_is_in(&walk->mention, fragment->text);
}

/* A statement that renames the table comes with its newer name, so it is visited. */
static void walk_fragment(Walk *walk, const Fragment *fragment)
{
    bool is_visited = is_to_visit(walk, fragment);
    for (uint32_t i = 0; is_visited && i < fragment->queries.n; i++)
        say_query(walk, fragment->queries.items[i]);
    for (uint32_t i = fragment->operations.n; i > 0; i--) {
        const Operation *operation = &fragment->operations.items[i - 1];
        pass_rename(walk, operation);
        if (is_visited)
            say_operation(walk, operation);
    }
}

const Schema *source_schema(const Snapshot *snapshot, uint32_t source)
{
    const Database *database = &snapshot->database;
    bool is_declared =
        source_side(&snapshot->sources.items[source], database->has_migrations) == SIDE_DECLARED;
    return is_declared && database->declared ? database->declared : database->schema;
}

bool source_is_declared(const Snapshot *snapshot, uint32_t source)
{
    const Database *database = &snapshot->database;
    return database->migrated && database->declared &&
           source_schema(snapshot, source) == database->declared;
}

static void want_table(Walk *walk, const Database *database, const Table *table)
{
    const Schema *schemas[N_SIDES] = {database->migrated, database->declared};
    walk->has_table = true;
    for (int side = 0; side < N_SIDES; side++)
        walk->sides[side] = schema_counterpart(schemas[side], table);
    if (walk->sides[SIDE_MIGRATED] != table && walk->sides[SIDE_DECLARED] != table)
        walk->sides[SIDE_MIGRATED] = table; /* a name that its schema finds another table by */
    for (int side = 0; side < N_SIDES; side++) {
        if (walk->sides[side])
            mention_add(&walk->mention, walk->sides[side]->name.text);
    }
}

void occurrences_walk(const Snapshot *snapshot, const OccurrenceScope *scope,
                      OccurrenceVisitor *visit, void *context)
{
    const Database *database = &snapshot->database;
    Walk walk = {.snapshot = snapshot, .only = scope->fragment, .visit = visit, .context = context};
    if (scope->table)
        want_table(&walk, database, scope->table);
    OldNames sides[N_SIDES] = {{.out = &walk.scratch}, {.out = &walk.scratch}};
    OldNames none = {.out = &walk.scratch};
    for (uint32_t i = snapshot->sources.n; i > 0; i--) {
        const Source *source = &snapshot->sources.items[i - 1];
        Side side = source_side(source, database->has_migrations);
        walk.schema = source_schema(snapshot, i - 1);
        walk.old_names = source_is_replayed(source) ? &sides[side] : &none;
        for (uint32_t j = source->file->fragments.n; j > 0; j--)
            walk_fragment(&walk, source->file->fragments.items[j - 1].fragment);
    }
    walk.old_names = &none;
    if (snapshot->linked.operations.n > 0 || snapshot->linked.models.n > 0) {
        walk.schema = database_model_schema(database);
        say_linked(&walk, &snapshot->linked);
    }
    if (database->migrated)
        say_final_names(&walk, database->migrated);
    if (database->declared)
        say_final_names(&walk, database->declared);
    arena_release(&walk.scratch);
}
