/* not_valid.h — the fix that foreign keys and checks share: add it now, check the rows later. */
#ifndef RULES_MIGRATION_NOT_VALID_H
#define RULES_MIGRATION_NOT_VALID_H

#include "rules/context.h"

/* Adds a fix that makes the constraint of an OP_ADD_CONSTRAINT NOT VALID, and validates it in a
 * statement of its own where the source does not run as one transaction. `columns` and `label`
 * make a name for a constraint without one. */
void fix_not_valid(RuleContext *context, Finding *finding, const Operation *operation,
                   const Transaction *transaction, const Table *table, const StrVec *columns,
                   const char *label);

#endif
