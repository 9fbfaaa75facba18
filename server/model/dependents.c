/* What a DROP would take with it, and whether it may. */
#include "model/replay_steps.h"

typedef struct {
    Arena *out;
    const Schema *schema;
    DependentVec *found;
    bool for_refusal; /* leave out what goes along without CASCADE */
    TableVec dropped; /* by the same statement: DROP TABLE a, b */
} Search;

static bool is_dropped_too(const Search *search, const Table *table)
{
    for (uint32_t i = 0; i < search->dropped.n; i++) {
        if (search->dropped.items[i] == table)
            return true;
    }
    return false;
}

static void add(const Search *search, Place place, Str what)
{
    Dependent dependent = {.what = what, .place = place};
    VEC_PUSH(search->out, search->found, dependent);
}

static Str named(const Search *search, const char *kind, Str name, const Table *on)
{
    if (!on)
        return str_format(search->out, "%s " STR_FMT, kind, STR_ARG(name));
    return str_format(search->out, "%s " STR_FMT " on " STR_FMT, kind, STR_ARG(name),
                      STR_ARG(table_title(search->out, search->schema, on)));
}

static void add_views(const Search *search, const Table *table)
{
    for (uint32_t i = 0; i < table->dependents.n; i++) {
        const Table *view = table->dependents.items[i];
        const char *kind = view->kind == TABLE_MATERIALIZED_VIEW ? "materialized view" : "view";
        if (is_dropped_too(search, view))
            continue;
        add(search, view->place, named(search, kind, view->name.text, NULL));
    }
}

static void add_references(const Search *search, const Table *table)
{
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ForeignKey *foreign_key = table->referenced_by.items[i];
        if (foreign_key->table != table && !foreign_key->inherited_from &&
            !is_dropped_too(search, foreign_key->table))
            add(search, foreign_key->place,
                named(search, "foreign key", foreign_key->name.text, foreign_key->table));
    }
}

static void of_table(const Search *search, const Table *table)
{
    /* Rows of a partition are referred to through the table that it is a part of. */
    const Table *whole = table;
    for (uint32_t depth = 0; whole && depth < INHERITANCE_MAX; depth++) {
        add_references(search, whole);
        whole = whole->partition_of;
    }
    if (search->schema->dialect == DIALECT_MYSQL)
        return; /* views stay, broken */
    add_views(search, table);
    for (uint32_t i = 0; i < table->children.n; i++) {
        if (!is_dropped_too(search, table->children.items[i]))
            add(search, table->children.items[i]->place,
                named(search, "table", table->children.items[i]->name.text, NULL));
    }
    for (uint32_t i = 0; !search->for_refusal && i < table->partitions.n; i++)
        add(search, table->partitions.items[i]->place,
            named(search, "partition", table->partitions.items[i]->name.text, NULL));
}

static bool holds(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

/* What belongs to the table and goes with its column without being asked. */
static void own_parts(const Search *search, const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (!index_uses_column(index, column))
            continue;
        const char *kind = !index->constraint              ? "index"
                           : index->constraint->is_primary ? "primary key"
                                                           : "unique constraint";
        add(search, index->place, named(search, kind, index->name.text, NULL));
    }
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *foreign_key = table->foreign_keys.items[i];
        if (holds(&foreign_key->columns, column))
            add(search, foreign_key->place,
                named(search, "foreign key", foreign_key->name.text, NULL));
    }
    for (uint32_t i = 0; i < table->checks.n; i++) {
        const Check *check = table->checks.items[i];
        if (check->column == column ||
            expression_uses_column(check->expression, table, column->name.text))
            add(search, check->place, named(search, "check", check->name.text, NULL));
    }
}

static void of_column(const Search *search, const Table *table, const Column *column)
{
    Str name = column->name.text;
    if (!search->for_refusal)
        own_parts(search, table, column);
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ForeignKey *foreign_key = table->referenced_by.items[i];
        if (holds(&foreign_key->target_columns, column) && !foreign_key->inherited_from &&
            !(foreign_key->table == table && holds(&foreign_key->columns, column)))
            add(search, foreign_key->place,
                named(search, "foreign key", foreign_key->name.text, foreign_key->table));
    }
    if (search->schema->dialect != DIALECT_POSTGRESQL)
        return;
    for (uint32_t i = 0; i < table->dependents.n; i++) {
        const Table *view = table->dependents.items[i];
        if (view_uses_column(view, table, column))
            add(search, view->place, named(search, "view", view->name.text, NULL));
    }
    for (uint32_t i = 0; i < table->policies.n; i++) {
        const Policy *policy = table->policies.items[i];
        if (expression_uses_column(policy->using_expression, table, name) ||
            expression_uses_column(policy->check_expression, table, name))
            add(search, policy->place, named(search, "policy", policy->name.text, NULL));
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *other = table->columns.items[i];
        if (other != column && expression_uses_column(other->generated_expression, table, name))
            add(search, other->place, named(search, "generated column", other->name.text, NULL));
    }
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        const TriggerDef *trigger = table->triggers.items[i]->definition;
        bool uses = expression_uses_column(trigger->when, table, name);
        for (uint32_t j = 0; j < trigger->update_columns.n && !uses; j++)
            uses = str_equal(trigger->update_columns.items[j].text, name);
        if (uses)
            add(search, table->triggers.items[i]->place,
                named(search, "trigger", trigger->name.text, NULL));
    }
}

static void of_key(const Search *search, const Key *key)
{
    const Table *table = key->table;
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ForeignKey *foreign_key = table->referenced_by.items[i];
        const ColumnVec *target = &foreign_key->target_columns;
        bool is_same = target->n == key->columns.n && target->n > 0;
        for (uint32_t j = 0; j < target->n && is_same; j++)
            is_same = holds(&key->columns, target->items[j]);
        if (is_same && !foreign_key->inherited_from)
            add(search, foreign_key->place,
                named(search, "foreign key", foreign_key->name.text, foreign_key->table));
    }
}

static bool uses_type(const FunctionDef *function, const Type *type)
{
    for (uint32_t i = 0; i < function->parameters.n; i++) {
        if (str_equal(function->parameters.items[i].type.name, type->name.text))
            return true;
    }
    return str_equal(function->returns.name, type->name.text);
}

static void of_type(const Search *search, const Type *type)
{
    const StrMap *tables = &search->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        for (uint32_t i = 0; i < table->columns.n; i++) {
            const Column *column = table->columns.items[i];
            if (column->user_type == type && !column->is_inherited)
                add(search, column->place, named(search, "column", column->name.text, table));
        }
    }
    for (uint32_t i = 0; i < search->schema->functions.n; i++) {
        const Function *function = search->schema->functions.items[i];
        if (function->definition && uses_type(function->definition, type))
            add(search, function->place, named(search, "function", function->name.text, NULL));
    }
}

static bool calls(const Expression *expression, const Function *function)
{
    for (uint32_t i = 0; expression && i < expression->functions.n; i++) {
        const FunctionCall *call = &expression->functions.items[i];
        if (str_equal(call->name.text, function->name.text) &&
            (call->schema.length == 0 || str_equal(call->schema, function->schema)))
            return true;
    }
    return false;
}

static void of_function(const Search *search, const Function *function)
{
    const StrMap *tables = &search->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        for (uint32_t i = 0; i < table->triggers.n; i++) {
            const Trigger *trigger = table->triggers.items[i];
            if (str_equal(trigger->definition->function.name.text, function->name.text))
                add(search, trigger->place, named(search, "trigger", trigger->name.text, table));
        }
        for (uint32_t i = 0; i < table->policies.n; i++) {
            const Policy *policy = table->policies.items[i];
            if (calls(policy->using_expression, function) ||
                calls(policy->check_expression, function))
                add(search, policy->place, named(search, "policy", policy->name.text, table));
        }
        for (uint32_t i = 0; i < table->columns.n; i++) {
            const Column *column = table->columns.items[i];
            if (calls(column->default_value, function))
                add(search, column->place,
                    named(search, "default value of column", column->name.text, table));
        }
    }
}

static void of_schema(const Search *search, Str name)
{
    const Schema *schema = search->schema;
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        if (identifier_equal(schema->dialect, table->schema, name))
            add(search, table->place, named(search, "table", table->name.text, NULL));
    }
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        const Type *type = e->value;
        if (identifier_equal(schema->dialect, type->schema, name))
            add(search, type->place, named(search, "type", type->name.text, NULL));
    }
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        const Function *function = schema->functions.items[i];
        if (identifier_equal(schema->dialect, function->schema, name))
            add(search, function->place, named(search, "function", function->name.text, NULL));
    }
}

/* A sequence that a column's default draws from. */
static void of_sequence(const Search *search, const Sequence *sequence)
{
    const Column *owner = sequence->owner;
    if (owner && owner->table && owner->sequence == sequence &&
        (owner->is_serial || owner->identity != IDENTITY_NONE))
        add(search, owner->place,
            named(search, "default value of column", owner->name.text, owner->table));
}

/* Functions that go by this name; a drop of one of several overloads may leave what uses others. */
static bool is_only_overload(const Schema *schema, const Function *function)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < schema->functions.n; i++)
        n += str_equal(schema->functions.items[i]->name.text, function->name.text) ? 1u : 0u;
    return n == 1;
}

static void search_dependents(const Search *search, const Operation *operation)
{
    const Schema *schema = search->schema;
    const QualifiedName *target = &operation->target;
    const Table *table = schema_find_table(schema, target);
    if (operation->kind == OP_DROP_TABLE || operation->kind == OP_DROP_VIEW) {
        if (table)
            of_table(search, table);
    } else if (operation->kind == OP_DROP_COLUMN) {
        const Column *column =
            table ? table_column(table, operation->as.drop_column.column.text) : NULL;
        if (column)
            of_column(search, table, column);
    } else if (operation->kind == OP_DROP_CONSTRAINT) {
        const Key *key = !table ? NULL
                         : name_is_absent(operation->as.constraint.name)
                             ? table->primary_key
                             : table_key(table, operation->as.constraint.name.text);
        if (key)
            of_key(search, key);
    } else if (operation->kind == OP_DROP_INDEX) {
        const Table *on = schema_find_table(schema, &operation->as.drop_index.table);
        const Index *index = schema_find_index(schema, target, on);
        if (index && index->constraint)
            add(search, index->place,
                named(search, "constraint", index->constraint->name.text, index->table));
    } else if (operation->kind == OP_DROP_TYPE) {
        const Type *type = schema_find_type(schema, target->schema.text, target->name.text);
        if (type)
            of_type(search, type);
    } else if (operation->kind == OP_DROP_FUNCTION) {
        const Function *function = schema_find_function(schema, target);
        if (function && is_only_overload(schema, function))
            of_function(search, function);
    } else if (operation->kind == OP_DROP_SCHEMA) {
        of_schema(search, target->name.text);
    } else if (operation->kind == OP_DROP_SEQUENCE) {
        const Sequence *sequence = schema_find_sequence(schema, target);
        if (sequence)
            of_sequence(search, sequence);
    }
}

/* The other names of DROP TABLE a, b: what they hold is no obstacle. */
static void find_dropped(Search *search, const Operation *operation)
{
    enum { LOOKED_AT_MAX = 256 };
    for (uint32_t i = 0; i < operation->targets.n && i < LOOKED_AT_MAX; i++) {
        Table *table = schema_find_table(search->schema, &operation->targets.items[i]);
        if (table)
            VEC_PUSH(search->out, &search->dropped, table);
    }
}

DependentVec operation_dependents(Arena *out, const Schema *before, const Operation *operation)
{
    DependentVec found = {0};
    Search search = {.out = out, .schema = before, .found = &found};
    find_dropped(&search, operation);
    search_dependents(&search, operation);
    return found;
}

/* Which dialects refuse: PostgreSQL whatever depends; MySQL a table that others refer to; SQL
 * Server likewise, and columns in use; SQLite next to nothing. An index behind a constraint cannot
 * be dropped anywhere, not even with CASCADE. */
bool replay_may_drop(Replay *r, Name name)
{
    const Operation *operation = r->operation;
    Dialect dialect = r->schema->dialect;
    if (dialect == DIALECT_SQLITE ||
        (dialect == DIALECT_MYSQL && r->schema->foreign_keys_unchecked))
        return true;
    if (operation->cascade && operation->kind != OP_DROP_INDEX && dialect == DIALECT_POSTGRESQL)
        return true;
    DependentVec found = {0};
    Search search = {.out = r->out, .schema = r->schema, .found = &found, .for_refusal = true};
    find_dropped(&search, operation);
    search_dependents(&search, operation);
    if (found.n == 0)
        return true;
    return replay_fail(r, REPLAY_DEPENDENTS, name,
                       "\"" STR_FMT "\" cannot be dropped: " STR_FMT " depends on it%s",
                       STR_ARG(name.text), STR_ARG(found.items[0].what),
                       found.n > 1 ? ", and more" : "");
}
