/* drift.h — what the rules of the drift group share.
 *
 * model/diff.h says how the two sides differ. Here: which of these differences count. Left out are
 * tables that migration tools keep for themselves, what the declaring language cannot say (a
 * Prisma schema knows no partial index), what a model leaves to the program (a default that the
 * client fills in), and what is only missing because a model could not be read whole. */
#ifndef RULES_DRIFT_DRIFT_H
#define RULES_DRIFT_DRIFT_H

#include "rules/advice.h"

typedef void (*DriftVisit)(RuleContext *, const Database *, const Difference *);

/* Calls `visit` for each difference of the kind that counts. */
void drift_each(RuleContext *context, const Database *database, DifferenceKind kind,
                DriftVisit visit);

/* A finding at `declared`, with `migrated` as its related place; where one of them is not set, at
 * the other. */
Finding *drift_report(RuleContext *context, Place declared, Place migrated, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The table of the side that lacks something, as the related place. */
void drift_relate_table(RuleContext *context, Finding *finding, const Difference *difference);

/* "orders", "orders.note": of whichever side has it. */
Str drift_table_title(RuleContext *context, const Database *database, const Difference *difference);
Str drift_column_title(RuleContext *context, const Database *database,
                       const Difference *difference);

/* What `print` writes, as text in the result's memory. */
Str drift_print_table(RuleContext *context, const Schema *schema, const Table *table);
Str drift_print_index(RuleContext *context, const Schema *schema, const Index *index,
                      bool concurrently);

#endif
