/* judge.h — the final schema of one side, by the rules on tables and on databases.
 *
 * A large one is judged in parts, on as many threads as the caller has: rules are pure, and what
 * they are given is read only. The findings come in the same order either way. */
#ifndef ENGINE_JUDGE_H
#define ENGINE_JUDGE_H

#include "engine/analyse.h"
#include "rules/context.h"

typedef struct {
    const Rule *rule;
    Severity severity;
} ActiveRule;
typedef Vec(ActiveRule) ActiveRuleVec;

typedef struct {
    const Schema *schema;
    const ActiveRuleVec *on_table, *on_database; /* but for those of drift */
    const atomic_bool *cancel;                   /* NULL: never */
    ParallelRunner *run;                         /* NULL: all on this thread */
} Judging;

/* Reports by way of `context`, whose `database` is the side's. What parts reported lives in arenas
 * that are added to the snapshot's. */
void judge_schema(Snapshot *snapshot, RuleContext *context, const Judging *judging);

/* One callback's context. */
RuleContext *context_for(RuleContext *context, const ActiveRule *active);

#endif
