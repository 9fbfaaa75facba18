/* What stands under the cursor
 *
 * Operations and queries keep every name with its place, so no text is looked at here. The
 * fragment at the byte is found first; then its names are walked, and the shortest one that
 * touches the byte wins: in orders.customer_id that is the column's, not the whole. Names
 * that define something are found in the final schema by their place, because the thing may
 * have been renamed since; names that use something are looked up. */
#include "engine/replay_sources.h"

typedef struct {
    const Schema *schema;
    const Fragment *fragment;
    uint32_t at; /* in the fragment */
    bool is_found;
    Subject subject;
} Search;

static bool is_here(const Search *search, Place place)
{
    return place.fragment == search->fragment && range_touches(place.range, search->at);
}

static void offer(Search *search, Place place, const Table *table, const Column *column)
{
    if (!table || !is_here(search, place))
        return;
    if (search->is_found && range_length(search->subject.place.range) < range_length(place.range))
        return;
    search->is_found = true;
    search->subject = (Subject){.table = table, .column = column, .place = place};
}

static void offer_column(Search *search, const Table *table, Name name)
{
    if (table && is_here(search, name.place))
        offer(search, name.place, table, table_column(table, name.text));
}

static Table *offer_table(Search *search, const QualifiedName *name)
{
    Table *table = name_is_absent(name->name) ? NULL : schema_find_table(search->schema, name);
    if (table)
        offer(search, place_is_set(name->name.place) ? name->name.place : name->place, table, NULL);
    return table;
}

static void offer_names(Search *search, const Table *table, const NameVec *names)
{
    for (uint32_t i = 0; i < names->n; i++)
        offer_column(search, table, names->items[i]);
}

static void offer_parts(Search *search, const Table *table, const IndexPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        const IndexPart *part = &parts->items[i];
        offer_column(search, table, part->column);
        for (uint32_t j = 0; part->expression && j < part->expression->columns.n; j++)
            offer_column(search, table, part->expression->columns.items[j].column);
    }
}

static void offer_expression(Search *search, const Table *table, const Expression *expression)
{
    for (uint32_t i = 0; expression && i < expression->columns.n; i++)
        offer_column(search, table, expression->columns.items[i].column);
}

static void offer_constraint(Search *search, const Table *table, const ConstraintDef *constraint)
{
    if (!constraint->is_inline)
        offer_parts(search, table, &constraint->parts);
    const Table *target = offer_table(search, &constraint->references);
    offer_names(search, target, &constraint->references_columns);
    offer_names(search, table, &constraint->include);
    offer_expression(search, table, constraint->check);
    offer_expression(search, table, constraint->where);
}

static void offer_index(Search *search, const Table *table, const IndexDef *index)
{
    offer_parts(search, table, &index->parts);
    offer_names(search, table, &index->include);
    offer_expression(search, table, index->where);
}

/* What a definition made, whatever it is called by now. */
static const Column *column_defined(const Table *table, const ColumnDef *definition)
{
    for (uint32_t i = 0; table && i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (column->place.fragment == definition->place.fragment &&
            column->place.range.start == definition->place.range.start)
            return column;
    }
    return table ? table_column(table, definition->name.text) : NULL;
}

static const Table *table_defined(const Search *search, const Operation *operation)
{
    for (MapEntry *e = map_next(&search->schema->tables, NULL); e;
         e = map_next(&search->schema->tables, e)) {
        const Table *table = e->value;
        if (table->origin == operation)
            return table;
    }
    return NULL;
}

static void offer_column_definition(Search *search, const Table *table, const ColumnDef *column)
{
    if (is_here(search, column->name.place))
        offer(search, column->name.place, table, column_defined(table, column));
    offer_column(search, table, column->after);
    offer_expression(search, table, column->generated_expression);
    for (uint32_t i = 0; i < column->constraints.n; i++)
        offer_constraint(search, table, &column->constraints.items[i]);
    for (uint32_t i = 0; i < column->indexes.n; i++)
        offer_index(search, table, &column->indexes.items[i]);
}

static void offer_table_definition(Search *search, const Table *table, const TableDef *definition)
{
    for (uint32_t i = 0; i < definition->columns.n; i++)
        offer_column_definition(search, table, &definition->columns.items[i]);
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        offer_constraint(search, table, &definition->constraints.items[i]);
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        offer_index(search, table, &definition->indexes.items[i]);
    for (uint32_t i = 0; i < definition->likes.n; i++)
        offer_table(search, &definition->likes.items[i].table);
    for (uint32_t i = 0; i < definition->inherits.n; i++)
        offer_table(search, &definition->inherits.items[i]);
    offer_parts(search, table, &definition->partition_by.parts);
    offer_table(search, &definition->partition_of);
}

static void offer_operation(Search *search, const Operation *operation)
{
    const Table *table = offer_table(search, &operation->target);
    const Table *made =
        operation->kind == OP_CREATE_TABLE ? table_defined(search, operation) : NULL;
    if (made) {
        table = made;
        offer(search, operation->target.name.place, made, NULL);
    }
    for (uint32_t i = 0; i < operation->targets.n; i++)
        offer_table(search, &operation->targets.items[i]);
    /* Only the kinds whose operands name columns or tables. */
    if (operation->kind == OP_CREATE_TABLE) {
        offer_table_definition(search, table, &operation->as.create_table);
    } else if (operation->kind == OP_ADD_COLUMN) {
        offer_column_definition(search, table, &operation->as.add_column);
    } else if (operation->kind == OP_REPLACE_COLUMN) {
        offer_column(search, table, operation->as.replace_column.old_name);
        offer_column_definition(search, table, &operation->as.replace_column.column);
    } else if (operation->kind == OP_DROP_COLUMN || operation->kind == OP_SET_NOT_NULL ||
               operation->kind == OP_DROP_NOT_NULL || operation->kind == OP_DROP_EXPRESSION) {
        offer_column(search, table, operation->as.drop_column.column);
    } else if (operation->kind == OP_RENAME_COLUMN) {
        offer_column(search, table, operation->as.rename.from);
        offer_column(search, table, operation->as.rename.to);
    } else if (operation->kind == OP_SET_COLUMN_TYPE) {
        offer_column(search, table, operation->as.set_type.column);
    } else if (operation->kind == OP_SET_COLUMN_DEFAULT) {
        offer_column(search, table, operation->as.set_default.column);
    } else if (operation->kind == OP_SET_IDENTITY) {
        offer_column(search, table, operation->as.set_identity.column);
    } else if (operation->kind == OP_ADD_CONSTRAINT) {
        offer_constraint(search, table, &operation->as.add_constraint);
    } else if (operation->kind == OP_CREATE_INDEX) {
        offer_index(search, table, &operation->as.create_index);
    } else if (operation->kind == OP_CREATE_TRIGGER) {
        offer_names(search, table, &operation->as.create_trigger.update_columns);
    } else if (operation->kind == OP_CREATE_POLICY || operation->kind == OP_ALTER_POLICY) {
        offer_expression(search, table, operation->as.create_policy.using_expression);
        offer_expression(search, table, operation->as.create_policy.check_expression);
    } else if (operation->kind == OP_COMMENT) {
        offer_column(search, table, operation->as.comment.column);
    } else if (operation->kind == OP_ATTACH_PARTITION || operation->kind == OP_DETACH_PARTITION) {
        offer_table(search, &operation->as.partition.partition);
    }
}

static const Table *table_of_use(const Search *search, const Query *query, uint32_t index)
{
    if (index >= query->tables.n)
        return NULL;
    const TableUse *use = &query->tables.items[index];
    if (use->kind != TABLE_USE_TABLE || use->is_cte)
        return NULL;
    return schema_find_table(search->schema, &use->table);
}

static void offer_uses(Search *search, const Query *query, const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n; i++) {
        const ColumnUse *use = &uses->items[i];
        offer_column(search, table_of_use(search, query, use->table), use->column);
        offer_column(search, table_of_use(search, query, use->other_table), use->other_column);
    }
}

/* A column in the select list, where its table is plain: the qualifier's, or the only one. */
static void offer_reference(Search *search, const Query *query, const ColumnReference *reference)
{
    if (!is_here(search, reference->column.place) && !is_here(search, reference->qualifier.place))
        return;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        Str title = name_is_absent(use->alias) ? use->table.name.text : use->alias.text;
        bool fits = name_is_absent(reference->qualifier)
                        ? query->tables.n == 1
                        : str_equal_ignore_case(title, reference->qualifier.text);
        const Table *table = fits ? table_of_use(search, query, i) : NULL;
        offer_column(search, table, reference->column);
        offer(search, reference->qualifier.place, table, NULL);
    }
}

/* Subqueries nest as deep as the frontend lets them, which is bounded. */
static void offer_query(Search *search, const Query *query)
{
    const Table *target = NULL;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        const Table *table = table_of_use(search, query, i);
        if (use->is_target)
            target = table;
        if (table)
            offer_table(search, &use->table);
        offer(search, use->alias.place, table, NULL);
    }
    offer_uses(search, query, &query->filters);
    offer_uses(search, query, &query->joins);
    offer_uses(search, query, &query->groups);
    offer_uses(search, query, &query->orders);
    offer_names(search, target, &query->written_columns);
    for (uint32_t i = 0; i < query->outputs.n; i++) {
        const Expression *expression = query->outputs.items[i].expression;
        for (uint32_t j = 0; expression && j < expression->columns.n; j++)
            offer_reference(search, query, &expression->columns.items[j]);
    }
    for (uint32_t i = 0; i < query->subqueries.n; i++)
        offer_query(search, query->subqueries.items[i]);
}

static void offer_definitions(Search *search)
{
    for (MapEntry *e = map_next(&search->schema->tables, NULL); e;
         e = map_next(&search->schema->tables, e)) {
        const Table *table = e->value;
        offer(search, table->name.place, table, NULL);
        for (uint32_t i = 0; i < table->columns.n; i++)
            offer(search, table->columns.items[i]->name.place, table, table->columns.items[i]);
    }
}

/* The fragment of the source that holds the byte, its end included; NULL: between two. */
static const PlacedFragment *fragment_at(const LoweredFile *file, uint32_t at)
{
    uint32_t low = 0, high = file->fragments.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (file->fragments.items[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const PlacedFragment *placed = &file->fragments.items[low - 1];
    return at <= placed->start + placed->fragment->text.length ? placed : NULL;
}

/* ---- model files ---- */

/* A relation is named like nothing in the database: it leads to the other model's table. */
static void offer_model(Search *search, const OrmModel *model)
{
    if (model->place.fragment != search->fragment || name_is_absent(model->table))
        return;
    const Table *table = schema_table(search->schema, model->schema, model->table.text);
    offer(search, model->name.place, table, NULL);
    offer(search, model->table.place, table, NULL);
    for (uint32_t i = 0; i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        const Column *column = table ? table_column(table, field->column.text) : NULL;
        if (!column)
            continue;
        offer(search, field->name.place, table, column);
        offer(search, field->column.place, table, column);
        offer(search, field->type, table, column);
    }
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (relation->target_model)
            offer(search, relation->target.place,
                  schema_table(search->schema, relation->target_model->schema,
                               relation->target_model->table.text),
                  NULL);
    }
}

static void offer_linked(Search *search, const Declared *linked)
{
    for (uint32_t i = 0; i < linked->operations.n; i++) {
        const Operation *operation = &linked->operations.items[i];
        if (operation->place.fragment == search->fragment)
            offer_operation(search, operation);
    }
    for (uint32_t i = 0; i < linked->models.n; i++)
        offer_model(search, linked->models.items[i]);
    for (uint32_t i = 0; i < linked->queries.n; i++) {
        if (linked->queries.items[i]->place.fragment == search->fragment)
            offer_query(search, linked->queries.items[i]);
    }
}

/* ---- sides ---- */

/* The schema that names in the source mean. */
static const Schema *schema_of(const Snapshot *snapshot, uint32_t source)
{
    const Database *database = &snapshot->database;
    const Source *at = &snapshot->sources.items[source];
    bool is_declared = source_side(at, database->has_migrations) == SIDE_DECLARED;
    return is_declared && database->declared ? database->declared : database->schema;
}

static const Column *column_counterpart(const Table *table, const Column *column)
{
    return table && column ? table_column(table, column->name.text) : NULL;
}

/* From what the source's own side knows to what both know. */
static void settle_subject(const Snapshot *snapshot, const Schema *schema, Subject *subject)
{
    const Database *database = &snapshot->database;
    if (!database->migrated || !database->declared)
        return;
    const Schema *other = schema == database->migrated ? database->declared : database->migrated;
    const Table *table = schema_counterpart(other, subject->table);
    const Column *column = column_counterpart(table, subject->column);
    if (!table || (subject->column && !column))
        return;
    bool is_declared = schema == database->declared;
    subject->declared_table = is_declared ? subject->table : table;
    subject->declared_column = is_declared ? subject->column : column;
    if (is_declared) {
        subject->table = table;
        subject->column = column;
    }
}

bool snapshot_subject_at(const Snapshot *snapshot, uint32_t source, uint32_t at, Subject *subject)
{
    if (source >= snapshot->sources.n)
        return false;
    const PlacedFragment *placed = fragment_at(snapshot->sources.items[source].file, at);
    if (!placed)
        return false;
    Search search = {.schema = schema_of(snapshot, source),
                     .fragment = placed->fragment,
                     .at = at - placed->start};
    for (uint32_t i = 0; i < placed->fragment->operations.n; i++)
        offer_operation(&search, &placed->fragment->operations.items[i]);
    for (uint32_t i = 0; i < placed->fragment->queries.n; i++)
        offer_query(&search, placed->fragment->queries.items[i]);
    if (source_is_linked(&snapshot->sources.items[source]))
        offer_linked(&search, &snapshot->linked);
    offer_definitions(&search); /* last: among equals, what the name became wins */
    if (search.is_found) {
        *subject = search.subject;
        settle_subject(snapshot, search.schema, subject);
    }
    return search.is_found;
}

const Table *snapshot_table_around(const Snapshot *snapshot, uint32_t source, uint32_t at)
{
    const Schema *schema = schema_of(snapshot, source);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Subject subject = {.table = e->value};
        Location location;
        if (!snapshot_locate(snapshot, subject.table->place, &location) ||
            location.source != source || !range_touches(location.range, at))
            continue;
        settle_subject(snapshot, schema, &subject);
        return subject.table;
    }
    return NULL;
}
