/* analyse.h — the sources of a database to its model and findings.
 *
 * A pure function of its input: no I/O, no clock, no failure. Any thread; the result is
 * immutable and counted by reference. */
#ifndef ENGINE_ANALYSE_H
#define ENGINE_ANALYSE_H

#include <stdatomic.h>

#include "engine/lower.h"
#include "findings/finding.h"
#include "model/database.h"
#include "project/source.h"
#include "rules/rule.h"

typedef struct {
    Str path; /* relative to the workspace root, with '/' */
    SourceRole role;
    TransactionMode transactions; /* of this file; UNKNOWN: that of the database */
    LoweredFile *file;
} Source;
typedef Vec(Source) SourceVec;

/* Calls `work` once for each index below `n`, from several threads at once where it can, and
 * returns when all have: parallel_for of loop/parallel.h. */
typedef void ParallelRunner(uint32_t n, void (*work)(void *context, uint32_t index), void *context);

/* Severity by rule, parallel to all_rules[]: SEVERITY_OFF is off. */
typedef struct {
    const Severity *levels;
} RuleSettings;

typedef struct {
    Str name;
    Dialect dialect;
    ServerVersion version;
    TransactionMode transactions;
    bool is_supabase;
    const SourceVec *sources; /* in replay order */
    RuleSettings rules;
    /* Report findings of these sources only (parallel to sources); NULL: all. Design and
     * index findings belong to the source where their table stands. */
    const bool *wanted;
    /* Findings come without remedies: only consultations read them, and writing them takes longer
     * than finding what they repair. */
    bool without_remedies;
    /* For a large schema to be judged on several threads; NULL: on this one. The findings are the
     * same. */
    ParallelRunner *run;
} AnalysisInput;

typedef struct Snapshot Snapshot;
struct Snapshot {
    Arena arena;
    Vec(Arena) parts; /* more of it: what threads of their own reported */
    Database database;
    SourceVec sources;   /* each file held */
    FindingVec findings; /* located, suppressed ones removed, sorted: source, position, rule */
    Declared linked;     /* what the model files say together; empty without any */
    uint32_t n_suppressed;
    uint32_t n_operations;
    bool has_remedies;
    const Severity *levels;          /* the rules' settings, and how migrations are wrapped, for */
    TransactionMode transactions;    /* analysing the same again */
    struct FragmentTable *fragments; /* for snapshot_locate */
    _Atomic unsigned references;
};

/* NULL when `*cancel` became true. `cancel` may be NULL. */
Snapshot *analyse(const AnalysisInput *input, const atomic_bool *cancel);
Snapshot *snapshot_retain(Snapshot *snapshot);
void snapshot_release(Snapshot *snapshot);
/* The same with the findings' remedies: itself, held once more, where it has them, else a new
 * analysis of its sources. NULL when `*cancel` became true. */
Snapshot *snapshot_with_remedies(const Snapshot *snapshot, const atomic_bool *cancel);

/* Where a place stands in this snapshot; false where its fragment is not part of it. */
bool snapshot_locate(const Snapshot *snapshot, Place place, Location *location);
/* "path:line" of a place, for people; empty where it cannot be located. */
Str snapshot_cite(Arena *out, const Snapshot *snapshot, Place place);
/* What stands at a byte of a source: the innermost table or column that is named there. In a
 * database with two sides it is that of the side that is judged (`database.schema`), where it is
 * there, whichever side the source is of; else the other's. */
typedef struct {
    const Table *table;
    const Column *column; /* NULL: the table itself */
    /* The same as declared, where the database has two sides and both know it; else NULL. */
    const Table *declared_table;
    const Column *declared_column;
    Place place; /* the name under the cursor */
} Subject;
bool snapshot_subject_at(const Snapshot *snapshot, uint32_t source, uint32_t at, Subject *subject);
/* The table that is named at the byte, or of which a column is, else the one whose definition is
 * around it, as a Subject says it; NULL: none. */
const Table *snapshot_table_at(const Snapshot *snapshot, uint32_t source, uint32_t at);

/* Replays one more SQL text on a copy-free what-if: returns whether every operation of `sql`
 * applies after the snapshot's sources, with the findings our migration rules have for it. The
 * schema is rebuilt for it, so the snapshot is unchanged. Statements given before stay applied. */
typedef struct WhatIf WhatIf;
WhatIf *what_if_begin(const Snapshot *snapshot);
typedef struct {
    bool applies;
    Str problem;         /* why not */
    FindingVec findings; /* of migration rules */
    OperationCost cost;  /* the strongest lock of its operations */
} WhatIfResult;
/* Result strings live as long as the WhatIf. */
WhatIfResult what_if_apply(WhatIf *what_if, Str sql);
/* The same for a text that is lowered already: SQL, or a revision of Alembic. Keeps a reference. */
WhatIfResult what_if_apply_file(WhatIf *what_if, LoweredFile *file);
const Schema *what_if_schema(const WhatIf *what_if);
void what_if_free(WhatIf *what_if);

#endif
