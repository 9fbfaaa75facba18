/* Partitions and inheritance: joining, leaving, and what comes down from a parent. */
#include "model/replay_steps.h"

void replay_inherit_checks(Replay *r, Table *table, const Table *parent)
{
    for (uint32_t i = 0; i < parent->checks.n; i++) {
        const Check *check = parent->checks.items[i];
        Check *own = table_check(table, check->name.text);
        if (own) {
            own->is_inherited = true;
            continue;
        }
        if (check->no_inherit || !schema_may_copy(r->schema))
            continue;
        own = ARENA_NEW(r->arena, Check);
        *own = *check;
        own->is_inherited = true;
        own->column = check->column ? table_column(table, check->column->name.text) : NULL;
        schema_add_check(r->schema, table, own);
    }
}

/* What a table gets when it becomes a partition, beyond columns and checks. */
void replay_receive_parts(Replay *r, Table *partition)
{
    const Table *whole = partition->partition_of;
    for (uint32_t i = 0; i < whole->indexes.n; i++)
        replay_give_index(r, partition, whole->indexes.items[i], 0);
    for (uint32_t i = 0; i < whole->foreign_keys.n; i++)
        replay_give_foreign_key(r, partition, whole->foreign_keys.items[i], 0);
}

/* True where `table` is `ancestor` or below it: linking would close a circle. */
static bool is_below(const Table *table, const Table *ancestor, uint32_t depth)
{
    if (table == ancestor || depth > INHERITANCE_MAX)
        return true;
    if (table->partition_of && is_below(table->partition_of, ancestor, depth + 1))
        return true;
    for (uint32_t i = 0; i < table->inherits.n; i++) {
        if (is_below(table->inherits.items[i], ancestor, depth + 1))
            return true;
    }
    return false;
}

static Table *other_table(Replay *r, const QualifiedName *name, bool *ok)
{
    Table *table = schema_find_table(r->schema, name);
    *ok = true;
    if (!table)
        *ok = replay_fail(r, REPLAY_MISSING_TABLE, name->name,
                          "table \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    return table;
}

bool replay_attach_partition(Replay *r)
{
    bool ok;
    Table *parent = replay_table(r, &ok);
    if (!parent)
        return ok;
    Table *partition = other_table(r, &r->operation->as.partition.partition, &ok);
    if (!partition)
        return ok;
    if (partition->partition_of || is_below(parent, partition, 0))
        return replay_fail(r, REPLAY_EXISTS, partition->name,
                           "\"" STR_FMT "\" is already a partition", STR_ARG(partition->name.text));
    replay_touch(r, parent);
    replay_touch(r, partition);
    partition->partition_of = parent;
    partition->partition_bound = r->operation->as.partition.bound;
    VEC_PUSH(r->arena, &parent->partitions, partition);
    for (uint32_t i = 0; i < partition->columns.n; i++) {
        const Column *column = table_column(parent, partition->columns.items[i]->name.text);
        partition->columns.items[i]->is_inherited = column != NULL;
        if (column)
            partition->columns.items[i]->is_nullable &= column->is_nullable;
    }
    replay_inherit_checks(r, partition, parent);
    replay_receive_parts(r, partition);
    return true;
}

bool replay_detach_partition(Replay *r)
{
    bool ok;
    Table *parent = replay_table(r, &ok);
    if (!parent)
        return ok;
    Table *partition = other_table(r, &r->operation->as.partition.partition, &ok);
    if (!partition)
        return ok;
    if (partition->partition_of != parent)
        return replay_fail(r, REPLAY_MISSING_OTHER, partition->name,
                           "\"" STR_FMT "\" is not a partition of \"" STR_FMT "\"",
                           STR_ARG(partition->name.text), STR_ARG(parent->name.text));
    replay_touch(r, parent);
    replay_touch(r, partition);
    VEC_TAKE_OUT(&parent->partitions, partition);
    partition->partition_of = NULL;
    partition->partition_bound = (Str){0};
    for (uint32_t i = 0; i < partition->columns.n; i++)
        partition->columns.items[i]->is_inherited = false;
    for (uint32_t i = 0; i < partition->indexes.n; i++)
        partition->indexes.items[i]->inherited_from = NULL;
    for (uint32_t i = 0; i < partition->foreign_keys.n; i++)
        partition->foreign_keys.items[i]->inherited_from = NULL;
    for (uint32_t i = 0; i < partition->checks.n; i++)
        partition->checks.items[i]->is_inherited = false;
    return true;
}

/* What came from a parent that is none any more is the table's own. */
static void keep_as_own(Table *table)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        bool is_inherited = false;
        for (uint32_t j = 0; j < table->inherits.n && !is_inherited; j++)
            is_inherited =
                table_column(table->inherits.items[j], table->columns.items[i]->name.text) != NULL;
        table->columns.items[i]->is_inherited &= is_inherited;
    }
    for (uint32_t i = 0; i < table->checks.n; i++) {
        bool is_inherited = false;
        for (uint32_t j = 0; j < table->inherits.n && !is_inherited; j++)
            is_inherited =
                table_check(table->inherits.items[j], table->checks.items[i]->name.text) != NULL;
        table->checks.items[i]->is_inherited &= is_inherited;
    }
}

bool replay_set_inherit(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Table *parent = other_table(r, &r->operation->as.inherit.parent, &ok);
    if (!parent)
        return ok;
    replay_touch(r, table);
    VEC_TAKE_OUT(&table->inherits, parent);
    VEC_TAKE_OUT(&parent->children, table);
    if (!r->operation->as.inherit.add) {
        keep_as_own(table);
        return true;
    }
    if (is_below(parent, table, 0))
        return true;
    VEC_PUSH(r->arena, &table->inherits, parent);
    VEC_PUSH(r->arena, &parent->children, table);
    replay_inherit_checks(r, table, parent);
    return true;
}
