#include "rules/around.h"

/* A migration is short. A file of tens of thousands of operations is a dump or an attack, and
 * looking at all of it once per operation would take quadratic time. */
enum { LOOK_AROUND = 4096 };

static uint32_t first_before(const RuleContext *context)
{
    if (!context->operations)
        return context->operation_index; /* nothing to look at */
    return context->operation_index > LOOK_AROUND ? context->operation_index - LOOK_AROUND : 0;
}

static uint32_t end_after(const RuleContext *context)
{
    if (!context->operations)
        return 0;
    uint32_t n = context->operations->n;
    return n - context->operation_index > LOOK_AROUND ? context->operation_index + LOOK_AROUND : n;
}

bool around_names_equal(const RuleContext *context, Str a, Str b)
{
    return dialect_ignores_case(context->dialect) ? str_equal_ignore_case(a, b) : str_equal(a, b);
}

bool around_same_name(const RuleContext *context, const QualifiedName *a, const QualifiedName *b)
{
    if (!around_names_equal(context, a->name.text, b->name.text))
        return false;
    return name_is_absent(a->schema) || name_is_absent(b->schema) ||
           around_names_equal(context, a->schema.text, b->schema.text);
}

bool around_table_in_use(const RuleContext *context, const Operation *operation,
                         const Schema *before, const Table **table)
{
    *table = NULL;
    if (!context->in_migration || context->in_seed || operation->is_temporary)
        return false;
    if (name_is_absent(operation->target.name))
        return false;
    const Table *found = schema_find_table(before, &operation->target);
    if (!found)
        return true;
    *table = found;
    return table_is_base(found) && !found->is_temporary && !table_is_new(before, found);
}

static bool same_statement(const Operation *a, const Operation *b)
{
    return a->place.fragment == b->place.fragment && a->statement_index == b->statement_index;
}

uint32_t around_n_actions(const RuleContext *context, const Operation *operation)
{
    const OperationPointerVec *all = context->operations;
    if (!all)
        return 1;
    uint32_t n = 1;
    for (uint32_t i = context->operation_index; i > first_before(context); i--, n++) {
        if (!same_statement(all->items[i - 1], operation))
            break;
    }
    for (uint32_t i = context->operation_index + 1; i < end_after(context); i++, n++) {
        if (!same_statement(all->items[i], operation))
            break;
    }
    return n;
}

bool around_can_split(const RuleContext *context, const Operation *operation,
                      const Transaction *transaction)
{
    if (transaction->is_open || operation->in_do_block || operation->is_conditional)
        return false;
    return context->transactions == TRANSACTION_NONE ||
           context->transactions == TRANSACTION_UNKNOWN;
}

bool around_replaced_later(const RuleContext *context, const QualifiedName *name)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = context->operation_index + 1; i < end_after(context); i++) {
        const Operation *later = all->items[i];
        if ((later->kind == OP_RENAME_TABLE || later->kind == OP_RENAME_VIEW) &&
            around_names_equal(context, later->as.rename.to.text, name->name.text))
            return true;
    }
    return false;
}

bool around_made_later(const RuleContext *context, const QualifiedName *name)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = context->operation_index + 1; i < end_after(context); i++) {
        const Operation *later = all->items[i];
        if ((later->kind == OP_CREATE_TABLE || later->kind == OP_CREATE_VIEW) &&
            around_same_name(context, &later->target, name))
            return true;
    }
    return around_replaced_later(context, name);
}

bool around_emptied_before(const RuleContext *context, const QualifiedName *name)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = first_before(context); i < context->operation_index; i++) {
        const Operation *earlier = all->items[i];
        if (earlier->kind == OP_TRUNCATE && around_same_name(context, &earlier->target, name))
            return true;
        const Query *query = earlier->kind == OP_QUERY ? earlier->as.query : NULL;
        if (!query || query->kind != QUERY_DELETE || query->has_where)
            continue;
        for (uint32_t t = 0; t < query->tables.n; t++) {
            if (query->tables.items[t].is_target &&
                around_same_name(context, &query->tables.items[t].table, name))
                return true;
        }
    }
    return false;
}

enum { MAX_QUERY_DEPTH = 32 }; /* deeper than people nest; keeps hostile input off the stack */

static bool query_reads(const RuleContext *context, const Query *query, const QualifiedName *name,
                        unsigned depth)
{
    if (!query || depth > MAX_QUERY_DEPTH)
        return false;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        if (use->kind == TABLE_USE_TABLE && !use->is_target && !use->is_cte &&
            around_same_name(context, &use->table, name))
            return true;
    }
    for (uint32_t i = 0; i < query->subqueries.n; i++) {
        if (query_reads(context, query->subqueries.items[i], name, depth + 1))
            return true;
    }
    return false;
}

bool around_copied_before(const RuleContext *context, const QualifiedName *name)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = first_before(context); i < context->operation_index; i++) {
        const Operation *earlier = all->items[i];
        const Query *query = NULL;
        if (earlier->kind == OP_QUERY && earlier->as.query &&
            (earlier->as.query->kind == QUERY_INSERT || earlier->as.query->kind == QUERY_MERGE))
            query = earlier->as.query;
        else if (earlier->kind == OP_CREATE_TABLE)
            query = earlier->as.create_table.as_query;
        if (query_reads(context, query, name, 0))
            return true;
    }
    return false;
}

bool around_column_added_before(const RuleContext *context, const QualifiedName *table, Str column)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = first_before(context); i < context->operation_index; i++) {
        const Operation *earlier = all->items[i];
        if (earlier->kind == OP_ADD_COLUMN && around_same_name(context, &earlier->target, table) &&
            around_names_equal(context, earlier->as.add_column.name.text, column))
            return true;
    }
    return false;
}

bool around_column_replaced_later(const RuleContext *context, const QualifiedName *table,
                                  Str column)
{
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = context->operation_index + 1; i < end_after(context); i++) {
        const Operation *later = all->items[i];
        if (later->kind == OP_RENAME_COLUMN && around_same_name(context, &later->target, table) &&
            around_names_equal(context, later->as.rename.to.text, column))
            return true;
    }
    return false;
}

static bool contains_ignore_case(Str text, Str part)
{
    for (uint32_t i = 0; i + part.length <= text.length; i++) {
        if (str_equal_ignore_case(str_slice(text, i, i + part.length), part))
            return true;
    }
    return false;
}

/* `c IS NOT NULL`, alone or joined to other conditions by AND, as PostgreSQL's proof accepts it. */
static bool proves_not_null(const RuleContext *context, const Expression *check, Str column)
{
    if (!check || check->functions.n > 0 || check->has_subquery)
        return false;
    if (contains_ignore_case(check->text, STR(" or ")) ||
        contains_ignore_case(check->text, STR("case ")) ||
        contains_ignore_case(check->text, STR("not (")))
        return false;
    /* The text between one column reference and the next says what is asked of it. */
    for (uint32_t i = 0; i < check->columns.n; i++) {
        Name found = check->columns.items[i].column;
        if (!around_names_equal(context, found.text, column) ||
            found.place.fragment != check->place.fragment)
            continue;
        uint32_t from = found.place.range.end - check->place.range.start;
        Str rest = str_slice(check->text, from, check->text.length);
        rest = str_trim(rest);
        if (str_equal_ignore_case(str_slice(rest, 0, 11), STR("is not null")))
            return true;
    }
    return false;
}

bool around_check_proves_not_null(const RuleContext *context, const Table *table,
                                  const QualifiedName *name, Str column)
{
    if (table) {
        for (uint32_t i = 0; i < table->checks.n; i++) {
            const Check *check = table->checks.items[i];
            if (check->is_validated && !check->not_enforced &&
                proves_not_null(context, check->expression, column))
                return true;
        }
        return false;
    }
    /* Unknown to the model: its constraints are those that this source adds. */
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = first_before(context); i < context->operation_index; i++) {
        const Operation *earlier = all->items[i];
        if (earlier->kind != OP_ADD_CONSTRAINT ||
            !around_same_name(context, &earlier->target, name))
            continue;
        const ConstraintDef *added = &earlier->as.add_constraint;
        if (added->kind != CONSTRAINT_CHECK || !proves_not_null(context, added->check, column))
            continue;
        if (!added->not_valid)
            return true;
        for (uint32_t j = i + 1; j < context->operation_index; j++) {
            const Operation *validate = all->items[j];
            if (validate->kind == OP_VALIDATE_CONSTRAINT &&
                around_same_name(context, &validate->target, name) &&
                around_names_equal(context, validate->as.constraint.name.text, added->name.text))
                return true;
        }
    }
    return false;
}
