/* context.h — what a rule is run with: made by the engine, read by rules through rule.h.
 *
 * The engine makes one per analysis, sets the fields below before each callback, and finds what was
 * reported at the end of `findings`. Plain data, one thread; the arena is the snapshot's. */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H

#include "model/database.h"
#include "rules/rule.h"

typedef Vec(const Operation *) OperationPointerVec;

#define NO_SOURCE UINT32_MAX

struct RuleContext {
    /* for the whole analysis */
    Arena *arena;             /* of the findings and all they point to */
    FindingVec *findings;     /* reports are pushed here: places set, locations not */
    Arena *list_arena;        /* of that list itself: it may be one that is soon released */
    const Database *database; /* NULL while operations are replayed; `schema`: the side judged */
    Dialect dialect;
    ServerVersion version; /* never 0: the dialect's default is filled in */
    TransactionMode transactions;
    bool wants_remedies;
    Remedy unwanted; /* what a rule fills in where they are not wanted */
    /* The number of the source in which a place stands, in replay order; NO_SOURCE where it is none
     * of this analysis. */
    uint32_t (*source_of)(const void *engine, Place place);
    /* Whether the source may still be edited to repair a finding: a definition file, or the
     * newest migration. An older migration has run somewhere; only a later one repairs it. */
    bool (*is_editable)(const void *engine, uint32_t source);
    FileLanguage (*language_of)(const void *engine, uint32_t source);
    const void *engine; /* for the functions above */
    /* Made when a rule first asks which model declares a table (rules/model_edit.h). */
    StrMap models_by_operation;
    const Database *models_of; /* whose they are */

    /* for each callback */
    const Rule *rule;
    Severity severity; /* the configured level of `rule`: never SEVERITY_OFF */
    /* on_operation, on_query: the source at hand is a migration, or a loose file, which is judged
     * as one: tables that it makes itself are new, others exist. on_table: ignored. */
    bool in_migration;
    bool in_seed; /* the source at hand only fills in data */
    const OperationPointerVec
        *operations;          /* on_operation: all of the source, in order; else NULL */
    uint32_t operation_index; /* of the one at hand */
};

/* True where a suppression or a configuration key `name` means this rule: its id, or a name of
 * squawk's, which may mean several rules (constraint-missing-not-valid). */
bool rule_answers_to(const Rule *rule, Str name);

#endif
