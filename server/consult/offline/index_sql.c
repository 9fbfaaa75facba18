/* A planned index as SQL: made and dropped, on partitions too. */
#include "consult/offline/index_sql.h"

#include "rules/advice.h"

static Str column_list(Offline *o, const IndexPlan *plan, const Table *table)
{
    StrVec parts = {0};
    for (uint32_t i = 0; i < plan->columns.n; i++) {
        const Column *column = table_column(table, plan->columns.items[i]->name.text);
        if (!column)
            return (Str){0};
        Str name = sql_identifier(o->scratch, o->schema->dialect, column->name.text);
        if (plan->directions.items[i] == ORDER_DESCENDING)
            name = str_format(o->scratch, STR_FMT " DESC", STR_ARG(name));
        VEC_PUSH(o->scratch, &parts, name);
    }
    return str_join(o->scratch, parts.items, parts.n, STR(", "));
}

/* True for an index that the one of the partitioned table takes over as its part: the same columns
 * in the same order, and nothing else. */
static bool is_part_of(const IndexPlan *plan, const Index *index)
{
    if (index->unique || index->where || index->constraint || index->inherited_from ||
        index->include.n > 0 || index->parts.n != plan->columns.n ||
        !str_equal(index->method, STR("btree")))
        return false;
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (!part->column || !part->part ||
            !str_equal(part->column->name.text, plan->columns.items[i]->name.text) ||
            !str_is_empty(part->part->opclass) || !str_is_empty(part->part->collation) ||
            part->part->nulls != NULLS_UNSPECIFIED ||
            (part->part->order == ORDER_DESCENDING) !=
                (plan->directions.items[i] == ORDER_DESCENDING))
            return false;
    }
    return true;
}

static bool has_part_of(const IndexPlan *plan, const Table *partition)
{
    for (uint32_t i = 0; i < partition->indexes.n; i++)
        if (is_part_of(plan, partition->indexes.items[i]))
            return true;
    return false;
}

Str plan_index_name(Offline *o, const IndexPlan *plan, const Table *table)
{
    return sql_identifier(o->scratch, o->schema->dialect,
                          advice_index_name(o->scratch, o->schema, table, &plan->columns, "idx"));
}

static Str create_sql(Offline *o, const IndexPlan *plan, const Table *table, bool concurrently)
{
    return str_format(o->scratch, "CREATE INDEX %s" STR_FMT " ON " STR_FMT " (" STR_FMT ");",
                      concurrently ? "CONCURRENTLY " : "", STR_ARG(plan_index_name(o, plan, table)),
                      STR_ARG(sql_table_name(o->scratch, o->schema, table)),
                      STR_ARG(column_list(o, plan, table)));
}

const Finding *plan_finding(const TableFacts *facts, const ForeignKey *key)
{
    for (uint32_t i = 0; i < facts->findings.n; i++)
        if (str_equal(facts->findings.items[i]->rule, STR("missing-fk-index")) &&
            key->columns.n > 0 &&
            str_equal(facts->findings.items[i]->column, key->columns.items[0]->name.text))
            return facts->findings.items[i];
    return NULL;
}

/* CONCURRENTLY is refused on a partitioned table: its partitions come first, and the parent's
 * index takes theirs over. */
void plan_run(Offline *o, StepDraft *step, const IndexPlan *plan)
{
    const Table *table = plan->table->table;
    bool concurrently = o->schema->dialect == DIALECT_POSTGRESQL;
    if (concurrently && !str_is_absent(table->partition_by.strategy)) {
        TableVec leaves = advice_leaves(o->scratch, table);
        for (uint32_t i = 0; i < leaves.n; i++)
            if (!str_is_empty(column_list(o, plan, leaves.items[i])) &&
                !has_part_of(plan, leaves.items[i]))
                step_run(o, step, create_sql(o, plan, leaves.items[i], true), true, NULL);
        concurrently = false;
    }
    StatementDraft *statement =
        step_run(o, step, create_sql(o, plan, table, concurrently), concurrently, NULL);
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const Finding *finding = plan_finding(plan->table, plan->keys.items[i]);
        if (finding)
            VEC_PUSH(o->scratch, &statement->answers, finding);
    }
    step_about(o, step, plan->table);
}

/* "orders (customer_id, placed_at DESC)": names as people say them, not as SQL quotes them. */
Str plan_code(Offline *o, const IndexPlan *plan)
{
    StrVec parts = {0};
    for (uint32_t i = 0; i < plan->columns.n; i++) {
        Str name = plan->columns.items[i]->name.text;
        VEC_PUSH(o->scratch, &parts,
                 plan->directions.items[i] == ORDER_DESCENDING
                     ? str_format(o->scratch, STR_FMT " DESC", STR_ARG(name))
                     : name);
    }
    return report_code(o->scratch,
                       str_format(o->scratch, STR_FMT " (" STR_FMT ")", STR_ARG(plan->table->title),
                                  STR_ARG(str_join(o->scratch, parts.items, parts.n, STR(", ")))));
}

/* CONCURRENTLY is refused for the index of a partitioned table here, too. */
Str plan_drop_sql(Offline *o, const Table *table, Str name)
{
    bool concurrently =
        o->schema->dialect == DIALECT_POSTGRESQL && str_is_absent(table->partition_by.strategy);
    return str_format(o->scratch, "DROP INDEX %s" STR_FMT ";", concurrently ? "CONCURRENTLY " : "",
                      STR_ARG(name));
}
