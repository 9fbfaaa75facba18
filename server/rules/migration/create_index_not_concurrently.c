/* M01: building an index holds a SHARE lock, so writes wait for the whole build. */
#include "rules/advice.h"
#include "rules/around.h"

static bool same_columns(const RuleContext *context, const Index *index, const IndexDef *definition)
{
    if (index->parts.n != definition->parts.n || index->unique != definition->unique)
        return false;
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (!part->column || !around_names_equal(context, part->column->name.text,
                                                 definition->parts.items[i].column.text))
            return false;
    }
    return true;
}

/* A partitioned table's index takes over equal indexes of its partitions and builds nothing. */
static bool is_built_on_partitions(const RuleContext *context, const Table *table,
                                   const IndexDef *definition, unsigned depth)
{
    enum { MAX_LEVELS = 16 };
    if (depth > MAX_LEVELS)
        return false;
    for (uint32_t i = 0; i < table->partitions.n; i++) {
        const Table *partition = table->partitions.items[i];
        bool found = false;
        for (uint32_t j = 0; j < partition->indexes.n && !found; j++)
            found = same_columns(context, partition->indexes.items[j], definition);
        if (!found && !(partition->partitions.n > 0 &&
                        is_built_on_partitions(context, partition, definition, depth + 1)))
            return false;
    }
    return true;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    if (operation->kind != OP_CREATE_INDEX || operation->as.create_index.concurrently)
        return;
    const IndexDef *index = &operation->as.create_index;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table)) {
        if (!table || table->kind != TABLE_MATERIALIZED_VIEW || !context->in_migration ||
            table_is_new(before, table))
            return;
    }
    bool is_partitioned = table && !str_is_absent(table->partition_by.strategy);
    if (is_partitioned && (index->only || is_built_on_partitions(context, table, index, 0)))
        return;
    if (index->if_not_exists && !name_is_absent(index->name)) {
        QualifiedName name = {.schema = operation->target.schema, .name = index->name};
        if (schema_find_index(before, &name, table))
            return; /* there already: nothing is built */
    }

    Arena *out = rule_arena(context);
    Str on = advice_title(out, &operation->target);
    Str title = name_is_absent(index->name) ? STR("an index") : index->name.text;
    Finding *finding =
        report(context, place_is_set(index->index_keyword) ? index->place : operation->place,
               "building " STR_FMT " blocks every write to " STR_FMT " until it is done",
               STR_ARG(title), STR_ARG(on));
    report_table(context, finding, table, NULL);
    if (is_partitioned || !place_is_set(index->index_keyword) ||
        !around_can_split(context, operation, transaction))
        return;
    if (index->if_not_exists && name_is_absent(index->name))
        return;
    Fix *fix = report_fix(context, finding, "Build the index concurrently");
    fix_replace(context, fix, place_after(index->index_keyword), STR(" CONCURRENTLY"));
}

const Rule rule_create_index_not_concurrently = {
    .id = "create-index-not-concurrently",
    .squawk = "require-concurrent-index-creation",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "CREATE INDEX without CONCURRENTLY on a table that is in use",
    .why = "A plain CREATE INDEX holds a SHARE lock while it reads the whole table: every "
           "INSERT, UPDATE and DELETE waits until the index is built, minutes on a large table.",
    .instead = "CREATE INDEX CONCURRENTLY, in a migration of its own that the tool does not wrap "
               "in a transaction. It takes longer and lets writes through. A build that fails "
               "leaves an invalid index: drop it and try again. On a partitioned table, build on "
               "each partition concurrently first, then on the parent.",
    .bad = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
           "-- next migration\n"
           "CREATE INDEX orders_customer_id_idx ON orders (customer_id);\n",
    .good = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
            "-- next migration\n"
            "CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n",
    .sources =
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    .on_operation = on_operation,
};
