#include "engine/judge.h"

enum {
    FEW_TABLES = 200, /* judged before a thread would have started */
    MAX_PARTS = 8,    /* of the tables: each keeps memory of its own */
};

typedef Vec(const Table *) TablePointerVec;

/* Some tables, or one rule's look at the whole. */
typedef struct {
    RuleContext context;
    Arena results, lists;
    FindingVec findings;
    const Table *const *tables;
    uint32_t n_tables;
    const ActiveRule *on_database; /* NULL: the tables */
    const Judging *judging;
} Part;
typedef Vec(Part) PartVec;

static bool is_cancelled(const Judging *judging)
{
    return judging->cancel && atomic_load_explicit(judging->cancel, memory_order_relaxed);
}

RuleContext *context_for(RuleContext *context, const ActiveRule *active)
{
    context->rule = active->rule;
    context->severity = active->severity;
    return context;
}

static void judge_table(RuleContext *context, const Table *table, const Judging *judging)
{
    for (uint32_t i = 0; i < judging->on_table->n; i++) {
        const ActiveRule *active = &judging->on_table->items[i];
        active->rule->on_table(context_for(context, active), table, judging->schema);
    }
}

static void judge_part(void *parts, uint32_t index)
{
    Part *part = &((Part *)parts)[index];
    part->context.arena = &part->results;
    part->context.list_arena = &part->lists;
    part->context.findings = &part->findings;
    for (uint32_t i = 0; i < part->n_tables && !is_cancelled(part->judging); i++)
        judge_table(&part->context, part->tables[i], part->judging);
    if (part->on_database && !is_cancelled(part->judging))
        part->on_database->rule->on_database(context_for(&part->context, part->on_database),
                                             part->context.database);
}

static void judge_here(RuleContext *context, const TablePointerVec *tables, const Judging *judging)
{
    for (uint32_t i = 0; i < tables->n && !is_cancelled(judging); i++)
        judge_table(context, tables->items[i], judging);
    for (uint32_t i = 0; i < judging->on_database->n && !is_cancelled(judging); i++) {
        const ActiveRule *active = &judging->on_database->items[i];
        active->rule->on_database(context_for(context, active), context->database);
    }
}

static PartVec make_parts(Arena *scratch, const RuleContext *context, const TablePointerVec *tables,
                          const Judging *judging)
{
    PartVec parts = {0};
    uint32_t each = (tables->n + MAX_PARTS - 1) / MAX_PARTS;
    for (uint32_t first = 0; first < tables->n; first += each) {
        uint32_t n = tables->n - first < each ? tables->n - first : each;
        VEC_PUSH(scratch, &parts,
                 ((Part){.context = *context,
                         .tables = &tables->items[first],
                         .n_tables = n,
                         .judging = judging}));
    }
    for (uint32_t i = 0; i < judging->on_database->n; i++)
        VEC_PUSH(scratch, &parts,
                 ((Part){.context = *context,
                         .on_database = &judging->on_database->items[i],
                         .judging = judging}));
    return parts;
}

static void gather(Snapshot *snapshot, RuleContext *context, PartVec *parts)
{
    FindingVec *all = context->findings;
    uint32_t n = all->n;
    for (uint32_t i = 0; i < parts->n; i++)
        n += parts->items[i].findings.n;
    if (n > all->capacity) { /* in one piece: a list that grows leaves its smaller selves behind */
        all->items = arena_grow(context->list_arena, all->items, sizeof(Finding) * all->capacity,
                                sizeof(Finding) * n);
        all->capacity = n;
    }
    for (uint32_t i = 0; i < parts->n; i++) {
        Part *part = &parts->items[i];
        for (uint32_t k = 0; k < part->findings.n; k++)
            VEC_PUSH(context->list_arena, all, part->findings.items[k]);
        arena_release(&part->lists);
        if (part->results.newest)
            VEC_PUSH(&snapshot->arena, &snapshot->parts, part->results);
    }
}

void judge_schema(Snapshot *snapshot, RuleContext *context, const Judging *judging)
{
    Arena scratch = {0};
    TablePointerVec tables = {0};
    const StrMap *all = &judging->schema->tables;
    for (MapEntry *e = map_next(all, NULL); e; e = map_next(all, e))
        VEC_PUSH(&scratch, &tables, e->value);
    if (judging->run && tables.n >= FEW_TABLES) {
        PartVec parts = make_parts(&scratch, context, &tables, judging);
        judging->run(parts.n, judge_part, parts.items);
        gather(snapshot, context, &parts);
    } else {
        judge_here(context, &tables, judging);
    }
    arena_release(&scratch);
}
