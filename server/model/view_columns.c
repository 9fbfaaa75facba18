/* The columns that a query gives, and which columns of tables a view uses.
 *
 * A column's type is known where it is a table's column, where a cast says it, and for functions
 * whose result does not depend on more than their name. All else is left unknown: a wrong
 * type would be worse than none. */
#include "model/generated_name.h"
#include "model/replay_steps.h"

enum {
    NESTING_MAX = 12, /* of subqueries and CTEs */
    STEPS_MAX = 2000, /* queries looked at for one view: CTEs that multiply stop here */
};

typedef struct Scope {
    const Query *query;
    const struct Scope *outer;
} Scope;

typedef struct {
    Replay *r;
    uint32_t n_steps;
    bool is_partial; /* a star stood for columns that nobody knows */
} Derivation;

static void derive(Derivation *d, const Query *query, const Scope *outer, uint32_t depth,
                   ColumnVec *columns);

static Column *new_column(Derivation *d, Name name)
{
    Column *column = ARENA_NEW(d->r->arena, Column);
    column->name = name;
    column->is_nullable = true;
    column->place = name.place;
    column->origin = column->changed = d->r->operation;
    return column;
}

static Column *same_column(Derivation *d, const Column *from, Name name)
{
    Column *column = new_column(d, name);
    column->type = from->type;
    column->type.is_serial = false;
    column->user_type = from->user_type;
    column->collation = from->collation;
    column->character_set = from->character_set;
    column->is_type_exact = from->is_type_exact;
    if (!place_is_set(name.place))
        column->place = from->place;
    return column;
}

/* The query behind a CTE's name, looking outwards. */
static const Query *find_cte(const Scope *scope, Str name, const Scope **found_in)
{
    for (; scope; scope = scope->outer) {
        for (uint32_t i = 0; i < scope->query->cte_names.n && i < scope->query->subqueries.n; i++) {
            if (str_equal(scope->query->cte_names.items[i].text, name)) {
                *found_in = scope;
                return scope->query->subqueries.items[i];
            }
        }
    }
    return NULL;
}

/* The columns of one FROM item; false where they cannot be known. */
static bool columns_of_use(Derivation *d, const TableUse *use, const Scope *scope, uint32_t depth,
                           ColumnVec *columns)
{
    if (use->kind == TABLE_USE_SUBQUERY && use->subquery) {
        derive(d, use->subquery, scope, depth + 1, columns);
        return true;
    }
    if (use->kind != TABLE_USE_TABLE)
        return false;
    if (use->is_cte || use->table.schema.text.length == 0) {
        const Scope *found_in = NULL;
        const Query *cte = find_cte(scope, use->table.name.text, &found_in);
        if (cte) {
            derive(d, cte, found_in, depth + 1, columns);
            return true;
        }
    }
    const Table *table = schema_find_table(d->r->schema, &use->table);
    if (!table)
        return false;
    *columns = table->columns;
    return true;
}

static Str use_name(const TableUse *use)
{
    return name_is_absent(use->alias) ? use->table.name.text : use->alias.text;
}

static const Column *find_in(const ColumnVec *columns, Dialect dialect, Str name)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (identifier_equal(dialect, columns->items[i]->name.text, name))
            return columns->items[i];
    }
    return NULL;
}

static const Column *find_source(Derivation *d, const Scope *scope,
                                 const ColumnReference *reference, uint32_t depth)
{
    Dialect dialect = d->r->schema->dialect;
    for (uint32_t i = 0; i < scope->query->tables.n; i++) {
        const TableUse *use = &scope->query->tables.items[i];
        ColumnVec columns = {0};
        if (reference->qualifier.text.length > 0 &&
            !identifier_equal(dialect, use_name(use), reference->qualifier.text))
            continue;
        if (!columns_of_use(d, use, scope, depth, &columns))
            continue;
        const Column *found = find_in(&columns, dialect, reference->column.text);
        if (found)
            return found;
    }
    return NULL;
}

/* ---- types of expressions ---- */

static bool set_type(Derivation *d, Column *column, Str type)
{
    column->type = type_parse(d->r->arena, d->r->schema->dialect, type);
    schema_resolve_type(d->r->schema, column);
    column->is_type_exact = column->type.family != TYPE_OTHER || column->user_type;
    return true;
}

typedef struct {
    const char *function, *type;
} FunctionType;

static const FunctionType postgresql_results[] = {
    {"count", "bigint"},
    {"row_number", "bigint"},
    {"rank", "bigint"},
    {"dense_rank", "bigint"},
    {"now", "timestamptz"},
    {"current_timestamp", "timestamptz"},
    {"current_date", "date"},
    {"clock_timestamp", "timestamptz"},
    {"lower", "text"},
    {"upper", "text"},
    {"concat", "text"},
    {"concat_ws", "text"},
    {"string_agg", "text"},
    {"to_char", "text"},
    {"replace", "text"},
    {"md5", "text"},
    {"initcap", "text"},
    {"split_part", "text"},
    {"length", "integer"},
    {"char_length", "integer"},
    {"array_length", "integer"},
    {"jsonb_agg", "jsonb"},
    {"json_agg", "json"},
    {"jsonb_build_object", "jsonb"},
    {"json_build_object", "json"},
    {"to_jsonb", "jsonb"},
    {"to_json", "json"},
    {"bool_or", "boolean"},
    {"bool_and", "boolean"},
    {"exists", "boolean"},
    {"every", "boolean"},
    {"gen_random_uuid", "uuid"},
    {"to_tsvector", "tsvector"},
    {"extract", "numeric"},
    {"percent_rank", "double precision"},
    {"date_part", "double precision"},
};

static const char *sum_type(const ColumnType *argument)
{
    if (argument->family == TYPE_SMALLINT || argument->family == TYPE_INTEGER)
        return "bigint";
    if (argument->family == TYPE_BIGINT || argument->family == TYPE_NUMERIC)
        return "numeric";
    if (argument->family == TYPE_REAL)
        return "real";
    return argument->family == TYPE_DOUBLE ? "double precision" : NULL;
}

static const char *average_type(const ColumnType *argument)
{
    if (type_is_float(argument->family))
        return "double precision";
    bool is_number = type_is_integer(argument->family) || argument->family == TYPE_NUMERIC;
    return is_number ? "numeric" : NULL;
}

/* sum(a), min(a) …: the type follows the only column in it. */
static bool type_of_aggregate(Derivation *d, const Scope *scope, const Expression *expression,
                              Str function, uint32_t depth, Column *column)
{
    bool is_sum = str_equal(function, STR("sum")), is_average = str_equal(function, STR("avg"));
    bool is_extreme = str_equal(function, STR("min")) || str_equal(function, STR("max"));
    if ((!is_sum && !is_average && !is_extreme) || expression->columns.n != 1 ||
        expression->functions.n > 1)
        return false;
    /* sum(a * 2) is not about a's type alone. */
    Str inside = str_trim(expression->text);
    uint32_t open = str_find(inside, STR("("), 0);
    if (open == UINT32_MAX || !str_ends_with(inside, STR(")")))
        return false;
    Str argument = str_trim(str_slice(inside, open + 1, inside.length - 1));
    for (uint32_t i = 0; i < argument.length; i++) {
        if (str_find(STR(" +-*/|:(\n\t"), str_slice(argument, i, i + 1), 0) != UINT32_MAX)
            return false;
    }
    const Column *source = find_source(d, scope, &expression->columns.items[0], depth);
    if (!source || source->type.array_dims > 0)
        return false;
    if (is_extreme) {
        bool widens = source->type.family == TYPE_VARCHAR;
        if (widens)
            return set_type(d, column, STR("text"));
        column->type = source->type;
        column->user_type = source->user_type;
        column->is_type_exact = source->is_type_exact;
        return true;
    }
    const char *type = is_sum ? sum_type(&source->type) : average_type(&source->type);
    return type && set_type(d, column, str_from(type));
}

static void type_of_call(Derivation *d, const Scope *scope, const Expression *expression,
                         uint32_t depth, Column *column)
{
    if (d->r->schema->dialect != DIALECT_POSTGRESQL)
        return;
    Str name = generated_expression_name(d->r->arena, expression);
    for (size_t i = 0; i < sizeof postgresql_results / sizeof *postgresql_results; i++) {
        if (str_equal(name, str_from(postgresql_results[i].function))) {
            set_type(d, column, str_from(postgresql_results[i].type));
            return;
        }
    }
    if (type_of_aggregate(d, scope, expression, name, depth, column))
        return;
    QualifiedName function_name = {.name = {.text = name}};
    const Function *function = schema_find_function(d->r->schema, &function_name);
    if (!function || !function->definition || function->definition->returns_set)
        return;
    column->type = function->definition->returns;
    schema_resolve_type(d->r->schema, column);
    column->is_type_exact = column->type.family != TYPE_UNKNOWN;
}

static void type_of_expression(Derivation *d, const Scope *scope, const OutputColumn *output,
                               uint32_t depth, Column *column)
{
    const Expression *expression = output->expression;
    Str cast = output->type.length > 0 ? output->type : expression->cast_type;
    bool is_postgresql = d->r->schema->dialect == DIALECT_POSTGRESQL;
    if (cast.length > 0) {
        set_type(d, column, cast);
        return;
    }
    if (expression->kind == EXPRESSION_CALL || expression->kind == EXPRESSION_CURRENT)
        type_of_call(d, scope, expression, depth, column);
    else if (expression->kind == EXPRESSION_STRING && is_postgresql)
        set_type(d, column, STR("text"));
    else if (expression->kind == EXPRESSION_BOOLEAN && is_postgresql)
        set_type(d, column, STR("boolean"));
    else if (expression->kind == EXPRESSION_NUMBER && is_postgresql &&
             expression->constant.length < 10 && !str_contains(expression->constant, STR(".")))
        set_type(d, column, STR("integer"));
}

/* ---- outputs ---- */

static void push_copy(Derivation *d, const Column *from, ColumnVec *columns)
{
    if (columns->n < TABLE_PARTS_MAX && schema_may_copy(d->r->schema))
        VEC_PUSH(d->r->arena, columns, same_column(d, from, from->name));
}

static void derive_star(Derivation *d, const Scope *scope, const OutputColumn *output,
                        uint32_t depth, ColumnVec *columns)
{
    Dialect dialect = d->r->schema->dialect;
    for (uint32_t i = 0; i < scope->query->tables.n; i++) {
        const TableUse *use = &scope->query->tables.items[i];
        ColumnVec source = {0};
        if (output->qualifier.text.length > 0 &&
            !identifier_equal(dialect, use_name(use), output->qualifier.text))
            continue;
        if (!columns_of_use(d, use, scope, depth, &source)) {
            d->is_partial = true;
            continue;
        }
        for (uint32_t j = 0; j < source.n; j++)
            push_copy(d, source.items[j], columns);
    }
}

static void derive_output(Derivation *d, const Scope *scope, const OutputColumn *output,
                          uint32_t depth, ColumnVec *columns)
{
    if (output->is_star) {
        derive_star(d, scope, output, depth, columns);
        return;
    }
    const Expression *expression = output->expression;
    Name name = output->name;
    if (name_is_absent(name) && expression)
        name.text = generated_expression_name(d->r->arena, expression);
    if (name.text.length == 0)
        name.text = d->r->schema->dialect == DIALECT_POSTGRESQL ? STR("?column?")
                    : expression                                ? expression->text
                                                                : STR("?");
    const Column *source = NULL;
    if (expression && expression->kind == EXPRESSION_COLUMN && expression->columns.n == 1 &&
        expression->cast_type.length == 0 && output->type.length == 0)
        source = find_source(d, scope, &expression->columns.items[0], depth);
    if (source) {
        VEC_PUSH(d->r->arena, columns, same_column(d, source, name));
        return;
    }
    Column *column = new_column(d, name);
    if (expression)
        type_of_expression(d, scope, output, depth, column);
    VEC_PUSH(d->r->arena, columns, column);
}

static void derive(Derivation *d, const Query *query, const Scope *outer, uint32_t depth,
                   ColumnVec *columns)
{
    if (depth > NESTING_MAX || ++d->n_steps > STEPS_MAX) {
        d->is_partial = true;
        return;
    }
    d->is_partial |= query->outputs.n == 0; /* VALUES */
    Scope scope = {.query = query, .outer = outer};
    for (uint32_t i = 0; i < query->outputs.n && columns->n < TABLE_PARTS_MAX; i++)
        derive_output(d, &scope, &query->outputs.items[i], depth, columns);
    for (uint32_t i = 0; query->is_set_operation && i < columns->n; i++) {
        /* The branches agree on a type that the first alone does not tell. */
        if (columns->items[i]->type.family != TYPE_TEXT)
            columns->items[i]->is_type_exact = false;
    }
}

void replay_derive_columns(Replay *r, const Query *query, const NameVec *names, ColumnVec *columns,
                           bool *is_partial)
{
    Derivation d = {.r = r};
    derive(&d, query, NULL, 0, columns);
    /* With the names given, all columns are there: only their types may be missing. */
    *is_partial = d.is_partial && names->n == 0;
    for (uint32_t i = 0; i < names->n; i++) {
        if (i < columns->n)
            columns->items[i]->name = names->items[i];
        else if (i < TABLE_PARTS_MAX)
            VEC_PUSH(r->arena, columns, new_column(&d, names->items[i]));
    }
}

/* ---- what a view reads ---- */

static void link_query(Replay *r, Table *view, const Query *query, uint32_t depth)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (use->kind != TABLE_USE_TABLE || use->is_cte)
            continue;
        Table *table = schema_find_table(r->schema, &use->table);
        if (table && view->depends_on.n < TABLE_PARTS_MAX)
            schema_link_view(r->schema, view, table);
    }
    for (uint32_t i = 0; depth < NESTING_MAX && i < query->subqueries.n; i++)
        link_query(r, view, query->subqueries.items[i], depth + 1);
}

void replay_link_query(Replay *r, Table *view, const Query *query)
{
    link_query(r, view, query, 0);
}

/* ---- whether it uses a column ---- */

typedef struct {
    const Table *table;
    Str column;
    bool in_star; /* a star of the view stands for it */
} Wanted;

static bool same_name(const Wanted *wanted, Str a, Str b)
{
    return wanted->table->ignores_case ? str_equal_ignore_case(a, b) : str_equal(a, b);
}

static bool is_qualified_as(const Wanted *wanted, Str qualifier, Str alias)
{
    return qualifier.length == 0 || same_name(wanted, qualifier, alias);
}

static bool among_uses(const Wanted *wanted, const ColumnUseVec *uses, uint32_t table, Str alias)
{
    for (uint32_t i = 0; i < uses->n; i++) {
        const ColumnUse *use = &uses->items[i];
        bool is_ours = use->table == table || (use->table == NO_TABLE_USE &&
                                               is_qualified_as(wanted, use->qualifier.text, alias));
        if (is_ours && same_name(wanted, use->column.text, wanted->column))
            return true;
        if (use->other_table == table && same_name(wanted, use->other_column.text, wanted->column))
            return true;
    }
    return false;
}

static bool in_expression(const Wanted *wanted, const Expression *expression, Str alias)
{
    for (uint32_t i = 0; expression && i < expression->columns.n; i++) {
        const ColumnReference *reference = &expression->columns.items[i];
        if (is_qualified_as(wanted, reference->qualifier.text, alias) &&
            same_name(wanted, reference->column.text, wanted->column))
            return true;
    }
    return false;
}

static bool query_uses(const Wanted *wanted, const Query *query, uint32_t depth)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (use->kind != TABLE_USE_TABLE || use->is_cte ||
            !same_name(wanted, use->table.name.text, wanted->table->name.text))
            continue;
        Str alias = use_name(use);
        if (among_uses(wanted, &query->filters, i, alias) ||
            among_uses(wanted, &query->joins, i, alias) ||
            among_uses(wanted, &query->groups, i, alias) ||
            among_uses(wanted, &query->orders, i, alias) ||
            in_expression(wanted, query->where, alias))
            return true;
        for (uint32_t j = 0; j < query->outputs.n; j++) {
            const OutputColumn *output = &query->outputs.items[j];
            if (output->is_star
                    ? wanted->in_star && is_qualified_as(wanted, output->qualifier.text, alias)
                    : in_expression(wanted, output->expression, alias))
                return true;
        }
    }
    for (uint32_t i = 0; depth < NESTING_MAX && i < query->subqueries.n; i++) {
        if (query_uses(wanted, query->subqueries.items[i], depth + 1))
            return true;
    }
    return false;
}

bool view_uses_column(const Table *view, const Table *table, const Column *column)
{
    if (!view->view_query)
        return false;
    /* A star was expanded when the view was made: columns added since are not in it. */
    Wanted wanted = {.table = table,
                     .column = column->name.text,
                     .in_star = table_column(view, column->name.text) != NULL};
    return query_uses(&wanted, view->view_query, 0);
}
