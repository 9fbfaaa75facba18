/* around.h — what stands around an operation: in its statement, in its migration, in the schema.
 *
 * The questions that keep migration rules quiet where nothing can go wrong. Pure; allocates
 * nothing. Only for on_operation, which knows the operations before and after. */
#ifndef RULES_AROUND_H
#define RULES_AROUND_H

#include "rules/context.h"

/* True where the operation runs against a table that may hold rows and have users: in a migration,
 * and neither made by that same migration nor temporary. A table that the files do not show exists.
 * `*table` gets the table, or NULL where it is unknown. */
bool around_table_in_use(const RuleContext *context, const Operation *operation,
                         const Schema *before, const Table **table);

/* How many actions the statement has: ALTER TABLE with three is three. */
uint32_t around_n_actions(const RuleContext *context, const Operation *operation);

/* True where a fix may turn the statement into several, or into one that cannot run in a
 * transaction: none is open, and the tool does not run a file as one. */
bool around_can_split(const RuleContext *context, const Operation *operation,
                      const Transaction *transaction);

/* Same table or view, going by the names alone: an absent schema matches any. */
bool around_same_name(const RuleContext *context, const QualifiedName *a, const QualifiedName *b);

/* True where a later operation of the source makes a table or a view called `name`. */
bool around_made_later(const RuleContext *context, const QualifiedName *name);
/* True where a later operation of the source gives another table that name. */
bool around_replaced_later(const RuleContext *context, const QualifiedName *name);
/* True where an earlier statement of the source removes all rows of `name`. */
bool around_emptied_before(const RuleContext *context, const QualifiedName *name);
/* True where an earlier statement of the source reads `name` to fill another table. */
bool around_copied_before(const RuleContext *context, const QualifiedName *name);
/* True where `column` of `table` was added, or the table made, by an earlier operation of the
 * source. */
bool around_column_added_before(const RuleContext *context, const QualifiedName *table, Str column);

/* True where a later operation of the source renames another column of `table` to `column`. */
bool around_column_replaced_later(const RuleContext *context, const QualifiedName *table,
                                  Str column);

/* True where a validated CHECK says that the column is not null, in the schema or, for a table
 * that the files do not show, earlier in the source. */
bool around_check_proves_not_null(const RuleContext *context, const Table *table,
                                  const QualifiedName *name, Str column);

/* Text comparison as the dialect does it for names. */
bool around_names_equal(const RuleContext *context, Str a, Str b);

#endif
