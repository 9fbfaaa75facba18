/* schema_hints.h — what the changes since an earlier state mean when they are deployed.
 *
 * `base` is the database as it was (of the last commit), `now` as it is, both of the same sources,
 * by their paths. Said is what a reader of the change cannot see in it: who still uses what goes
 * away, what a running server does meanwhile, what happens to the rows that are there, and that a
 * migration is missing. What a finding of ours says already is not said again. Pure; any thread. */
#ifndef ENGINE_SCHEMA_HINTS_H
#define ENGINE_SCHEMA_HINTS_H

#include "engine/analyse.h"

/* One code for each kind. */
#define HINT_DROP      "deploy-drop"      /* still used elsewhere */
#define HINT_RENAME    "deploy-rename"    /* still called by its old name; or rather a rename */
#define HINT_REWRITE   "deploy-rewrite"   /* all rows are read or written while others wait */
#define HINT_LOCK      "deploy-lock"      /* others wait for an instant, or for each other */
#define HINT_DEFAULT   "deploy-default"   /* rows that are there are not filled */
#define HINT_MIGRATION "deploy-migration" /* no migration does it yet */

typedef struct {
    Str code;
    Str message;        /* one sentence, no full stop */
    Location location;  /* in the sources of `now` */
    RelatedVec related; /* located, likewise */
} SchemaHint;
typedef Vec(SchemaHint) SchemaHintVec;

/* In `out`, by source and position, at most SCHEMA_HINTS_MAX. Cut short where `*cancel` became
 * true; `cancel` may be NULL. */
enum { SCHEMA_HINTS_MAX = 200 };
SchemaHintVec schema_hints(Arena *out, const Snapshot *base, const Snapshot *now,
                           const atomic_bool *cancel);

#endif
