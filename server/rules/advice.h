/* advice.h — names and statements for fixes and remedies.
 *
 * A remedy is a later migration: its statements pass our own migration rules where the database has
 * a way that does, and say what they cost where it has none. Everything is in the arena of the
 * context. */
#ifndef RULES_ADVICE_H
#define RULES_ADVICE_H

#include "rules/context.h"

/* A name as PostgreSQL makes them, "orders_customer_id_idx": cut to 63 bytes, and numbered where
 * the schema has that index or table already. `label` is "idx", "key", "pkey"; `columns` may be
 * empty. */
Str advice_index_name(Arena *out, const Schema *schema, const Table *table,
                      const ColumnVec *columns, const char *label);
/* The same for a constraint, "orders_customer_id_fkey"; `table` may be NULL: `table_name` counts.
 */
Str advice_constraint_name(Arena *out, const Table *table, Str table_name, const StrVec *columns,
                           const char *label);

/* `name` as SQL, with `name_space` before it where the table's own name is written with one. */
Str advice_beside(Arena *out, const Schema *schema, const Table *table, Str name_space, Str name);

/* "a, b and 3 more", at most `shown` names. */
Str advice_names(Arena *out, const ColumnVec *columns, uint32_t shown);

/* The columns of `table` (NULL allowed) with the names of `columns`, which are another table's;
 * empty where one is missing. */
ColumnVec advice_columns_in(Arena *out, const Table *table, const ColumnVec *columns);

/* The tables that hold the rows of a partitioned table; none for another. */
TableVec advice_leaves(Arena *out, const Table *table);

/* Remedies that build an index on `columns` without blocking writes where the dialect can;
 * the steps for the partitions of a partitioned table. */
void advise_index(RuleContext *context, Finding *finding, const Schema *schema, const Table *table,
                  const ColumnVec *columns, bool unique);

/* False where a change of the column's type would be refused or needs more than one statement:
 * views, generated columns, policies or partitions depend on it, or the dialect cannot. */
bool advice_can_change_type(const Schema *schema, const Column *column);
/* A remedy that changes the type; `using_expression` may be absent. */
Remedy *advise_type(RuleContext *context, Finding *finding, const Schema *schema,
                    const Column *column, Str type, Str using_expression);

/* Whether a fix may replace the written type of `column`: it stands in a source that may be
 * edited, and nothing after its definition changed it. */
bool advice_can_edit_type(const RuleContext *context, const Column *column);

/* An edit that puts `sql`, without its semicolon, as a statement after or before `statement`. */
void fix_add_after(RuleContext *context, Fix *fix, Place statement, Str sql);
void fix_add_before(RuleContext *context, Fix *fix, Place statement, Str sql);

/* The name of `table` as the user wrote it in a statement, quoted where it must be. */
Str advice_written_name(Arena *out, Dialect dialect, const QualifiedName *name);
/* The same for messages: "sales.orders", unquoted. */
Str advice_title(Arena *out, const QualifiedName *name);

#endif
