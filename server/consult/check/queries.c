/* The tables and columns that queries and operations name. */
#include "consult/check/parts.h"

enum { MAX_DEPTH = 20 };

/* What a query and all within it name: a column without a table may be of any of them. */
typedef struct {
    ReportCheck *check;
    StrMap own; /* names that the query makes itself: WITH, AS */
    Vec(const NamedTable *) tables;
    bool is_closed; /* every table is known, so that a column of none of them is of nothing */
    Str problem;
} Look;

static void own_name(Look *look, Name name)
{
    if (!str_is_empty(name.text))
        map_set(look->check->scratch, &look->own, str_lower(look->check->scratch, name.text), look);
}

static bool is_own(const Look *look, Str name)
{
    return map_get(&look->own, str_lower(look->check->scratch, name)) != NULL;
}

static void gather(Look *look, const Query *query, uint32_t depth)
{
    for (uint32_t i = 0; i < query->cte_names.n; i++)
        own_name(look, query->cte_names.items[i]);
    for (uint32_t i = 0; i < query->outputs.n; i++)
        own_name(look, query->outputs.items[i].name);
    for (uint32_t i = 0; i < query->tables.n; i++)
        own_name(look, query->tables.items[i].alias);
    for (uint32_t i = 0; i < query->subqueries.n && depth < MAX_DEPTH; i++)
        gather(look, query->subqueries.items[i], depth + 1);
}

static Str full_name(const Look *look, const QualifiedName *name)
{
    return str_is_empty(name->schema.text)
               ? name->name.text
               : str_format(look->check->scratch, STR_FMT "." STR_FMT, STR_ARG(name->schema.text),
                            STR_ARG(name->name.text));
}

static const NamedTable *table_at(const Look *look, const Query *query, uint32_t index)
{
    if (index >= query->tables.n || query->tables.items[index].kind != TABLE_USE_TABLE ||
        query->tables.items[index].is_cte)
        return NULL;
    const QualifiedName *name = &query->tables.items[index].table;
    const NamedTable *table = names_table(&look->check->names, full_name(look, name));
    return table ? table : names_table(&look->check->names, name->name.text);
}

static void say(Look *look, Str problem)
{
    if (str_is_absent(look->problem))
        look->problem = problem;
}

static void look_at_tables(Look *look, const Query *query)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (use->kind != TABLE_USE_TABLE || use->is_cte || is_own(look, use->table.name.text)) {
            look->is_closed = false;
            continue;
        }
        Str name = full_name(look, &use->table);
        const NamedTable *table = table_at(look, query, i);
        if (table && !table->is_open) {
            VEC_PUSH(look->check->scratch, &look->tables, table);
            continue;
        }
        look->is_closed = false;
        if (!table && !names_is_catalog(name) && !names_knows(&look->check->names, name) &&
            str_is_empty(use->table.schema.text))
            say(look, str_format(look->check->out, "there is no table " STR_FMT, STR_ARG(name)));
    }
}

static bool is_anywhere(const Look *look, Str column)
{
    for (uint32_t i = 0; i < look->tables.n; i++)
        if (names_has_column(look->tables.items[i], column))
            return true;
    return false;
}

static bool is_plain_name(Str name)
{
    for (uint32_t i = 0; i < name.length; i++)
        if (!is_word_byte(name.data[i]))
            return false;
    return name.length > 0;
}

static void look_at_column(Look *look, const Query *query, uint32_t index, Str qualifier,
                           Str column)
{
    if (!is_plain_name(column) || is_own(look, column))
        return;
    const NamedTable *table = index == NO_TABLE_USE ? NULL : table_at(look, query, index);
    if (table) {
        if (!names_has_column(table, column) &&
            !is_own(look, query->tables.items[index].table.name.text))
            say(look,
                str_format(look->check->out, STR_FMT " has no column " STR_FMT,
                           STR_ARG(query->tables.items[index].table.name.text), STR_ARG(column)));
    } else if (index == NO_TABLE_USE && str_is_empty(qualifier) && look->is_closed &&
               look->tables.n > 0 && !is_anywhere(look, column)) {
        say(look, str_format(look->check->out, "none of its tables has a column " STR_FMT,
                             STR_ARG(column)));
    }
}

static void look_at_uses(Look *look, const Query *query, const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n; i++)
        look_at_column(look, query, uses->items[i].table, uses->items[i].qualifier.text,
                       uses->items[i].column.text);
}

static uint32_t use_named(const Query *query, Str qualifier)
{
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (str_equal_ignore_case(use->alias.text, qualifier) ||
            (str_is_empty(use->alias.text) &&
             str_equal_ignore_case(use->table.name.text, qualifier)))
            return i;
    }
    return NO_TABLE_USE;
}

static void look_at_outputs(Look *look, const Query *query)
{
    for (uint32_t i = 0; i < query->outputs.n; i++) {
        const Expression *expression = query->outputs.items[i].expression;
        for (uint32_t k = 0; expression && k < expression->columns.n; k++) {
            const ColumnReference *reference = &expression->columns.items[k];
            uint32_t index = str_is_empty(reference->qualifier.text)
                                 ? query->tables.n == 1 ? 0 : NO_TABLE_USE
                                 : use_named(query, reference->qualifier.text);
            /* Its own name stands among the own ones, so it is asked for by its table. */
            const NamedTable *table = index == NO_TABLE_USE ? NULL : table_at(look, query, index);
            if (table && is_plain_name(reference->column.text) &&
                !names_has_column(table, reference->column.text) && !expression->has_subquery)
                say(look, str_format(look->check->out, STR_FMT " has no column " STR_FMT,
                                     STR_ARG(query->tables.items[index].table.name.text),
                                     STR_ARG(reference->column.text)));
        }
    }
}

static void look_at(Look *look, const Query *query, uint32_t depth)
{
    look_at_uses(look, query, &query->filters);
    look_at_uses(look, query, &query->joins);
    look_at_uses(look, query, &query->groups);
    look_at_uses(look, query, &query->orders);
    look_at_outputs(look, query);
    for (uint32_t i = 0; i < query->written_columns.n && query->tables.n > 0; i++)
        look_at_column(look, query, 0, (Str){0}, query->written_columns.items[i].text);
    for (uint32_t i = 0; i < query->subqueries.n && depth < MAX_DEPTH; i++)
        look_at(look, query->subqueries.items[i], depth + 1);
}

static void gather_tables(Look *look, const Query *query, uint32_t depth)
{
    look_at_tables(look, query);
    for (uint32_t i = 0; i < query->subqueries.n && depth < MAX_DEPTH; i++)
        gather_tables(look, query->subqueries.items[i], depth + 1);
}

Str query_problem(ReportCheck *check, const Query *query)
{
    Look look = {.check = check, .is_closed = true};
    gather(&look, query, 0);
    gather_tables(&look, query, 0);
    look_at(&look, query, 0);
    return look.problem;
}

void check_queries(ReportCheck *check)
{
    for (uint32_t i = 0; i < check->statements.n; i++) {
        CheckedStatement *statement = &check->statements.items[i];
        const QueryPointerVec *queries = &statement->fragment->queries;
        if (statement->is_schema_change || statement->is_snippet || queries->n == 0 ||
            statement->fragment->problems.n > 0)
            continue;
        statement->is_checked = statement->applies = true;
        for (uint32_t k = 0; k < queries->n && statement->applies; k++) {
            statement->problem = query_problem(check, queries->items[k]);
            statement->applies = str_is_absent(statement->problem);
        }
        check_settle_statement(check, statement);
    }
}

/* ---- operations ---- */

static Str column_problem(const NamedTable *table, const ReportCheck *check, Str table_name,
                          Str column)
{
    return str_is_empty(column) || names_has_column(table, column) ||
                   map_get(&check->names.new_ones, str_lower(check->scratch, column))
               ? (Str){0}
               : str_format(check->out, STR_FMT " has no column " STR_FMT, STR_ARG(table_name),
                            STR_ARG(column));
}

/* Columns of the table that an expression names. */
static Str expression_problem(const NamedTable *table, const ReportCheck *check, Str table_name,
                              const Expression *expression)
{
    Str problem = {0};
    for (uint32_t i = 0; expression && !expression->has_subquery && i < expression->columns.n;
         i++) {
        const ColumnReference *column = &expression->columns.items[i];
        bool is_own = str_is_empty(column->qualifier.text) ||
                      str_equal_ignore_case(column->qualifier.text, table_name);
        if (is_own && is_plain_name(column->column.text) && str_is_absent(problem))
            problem = column_problem(table, check, table_name, column->column.text);
    }
    return problem;
}

static Str expressions_problem(const NamedTable *table, const ReportCheck *check,
                               const Operation *operation)
{
    Str name = operation->target.name.text, problem = {0};
    const Expression *expressions[2] = {0};
    const IndexPartVec *parts = NULL;
    if (operation->kind == OP_CREATE_INDEX) {
        parts = &operation->as.create_index.parts;
        expressions[0] = operation->as.create_index.where;
    } else if (operation->kind == OP_ADD_CONSTRAINT) {
        expressions[0] = operation->as.add_constraint.check;
    } else if (operation->kind == OP_CREATE_POLICY) {
        expressions[0] = operation->as.create_policy.using_expression;
        expressions[1] = operation->as.create_policy.check_expression;
    }
    for (uint32_t i = 0; parts && i < parts->n && str_is_absent(problem); i++)
        problem = expression_problem(table, check, name, parts->items[i].expression);
    for (size_t i = 0; i < 2 && str_is_absent(problem); i++)
        problem = expression_problem(table, check, name, expressions[i]);
    return problem;
}

Str operation_problem(const ReportCheck *check, const Operation *operation)
{
    Str name = operation->target.name.text, problem = {0};
    const NamedTable *table = names_table(&check->names, name);
    const IndexPartVec *parts = NULL;
    Str column = {0};
    switch ((unsigned)operation->kind) { /* others name too much that is not known */
    case OP_DROP_COLUMN:
    case OP_SET_NOT_NULL:
    case OP_DROP_NOT_NULL:
        column = operation->as.drop_column.column.text;
        break;
    case OP_SET_COLUMN_TYPE:
        column = operation->as.set_type.column.text;
        break;
    case OP_SET_COLUMN_DEFAULT:
        column = operation->as.set_default.column.text;
        break;
    case OP_RENAME_COLUMN:
        column = operation->as.rename.from.text;
        break;
    case OP_CREATE_INDEX:
        parts = &operation->as.create_index.parts;
        break;
    case OP_ADD_CONSTRAINT:
        parts = &operation->as.add_constraint.parts;
        break;
    case OP_ADD_COLUMN:
    case OP_DROP_TABLE:
    case OP_TRUNCATE:
    case OP_SET_ROW_SECURITY:
    case OP_CREATE_POLICY:
        break;
    default:
        return problem;
    }
    if (!table)
        return operation->if_exists || names_is_catalog(name)
                   ? problem
                   : str_format(check->out, "there is no table " STR_FMT, STR_ARG(name));
    if (!operation->if_exists)
        problem = column_problem(table, check, name, column);
    for (uint32_t i = 0; parts && i < parts->n && str_is_absent(problem); i++)
        problem = column_problem(table, check, name, parts->items[i].column.text);
    return str_is_absent(problem) ? expressions_problem(table, check, operation) : problem;
}
