/* replay_steps.h — one function per kind of operation, for replay.c's dispatch.
 *
 * A step checks that the operation can be applied, applies it, and returns true; or returns
 * what replay_fail gave. Not for use outside replay. */
#ifndef MODEL_REPLAY_STEPS_H
#define MODEL_REPLAY_STEPS_H

#include "model/replay.h"
#include "model/schema_edit.h"

typedef struct {
    Schema *schema;
    Arena *arena; /* the schema's */
    Arena *out;   /* messages' */
    const Operation *operation;
    ReplayProblem *problem;
} Replay;

/* Fills the problem and returns false. */
bool replay_fail(Replay *r, ReplayProblemKind kind, Name name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The operation's table; fails with REPLAY_MISSING_TABLE unless IF EXISTS is written. */
Table *replay_table(Replay *r, bool *ok);
/* NULL with *ok where the table may have columns that are not known. */
Column *replay_column(Replay *r, Table *table, Name name, bool *ok);
/* Marks a table as changed by this operation. */
void replay_touch(Replay *r, Table *table);
/* False, with the problem filled, where something depends on what is dropped and neither CASCADE
 * nor the dialect lets it go. */
bool replay_may_drop(Replay *r, Name name);

bool replay_create_table(Replay *r);
bool replay_drop_table(Replay *r);
bool replay_rename_table(Replay *r);
bool replay_set_table_schema(Replay *r);
bool replay_set_table_options(Replay *r);
bool replay_attach_partition(Replay *r);
bool replay_detach_partition(Replay *r);
bool replay_set_inherit(Replay *r);
bool replay_set_row_security(Replay *r);

bool replay_add_column(Replay *r);
bool replay_drop_column(Replay *r);
bool replay_rename_column(Replay *r);
bool replay_replace_column(Replay *r);
bool replay_set_column_type(Replay *r);
bool replay_set_column_default(Replay *r);
bool replay_set_nullable(Replay *r, bool is_nullable);
bool replay_set_identity(Replay *r);
bool replay_drop_expression(Replay *r);

bool replay_add_constraint(Replay *r);
bool replay_drop_constraint(Replay *r);
bool replay_rename_constraint(Replay *r);
bool replay_validate_constraint(Replay *r);
bool replay_alter_constraint(Replay *r);

bool replay_create_index(Replay *r);
bool replay_drop_index(Replay *r);
bool replay_attach_index(Replay *r);
bool replay_rename_index(Replay *r);

bool replay_create_type(Replay *r);
bool replay_drop_type(Replay *r);
bool replay_rename_type(Replay *r);
bool replay_set_type_schema(Replay *r);
bool replay_add_enum_value(Replay *r);
bool replay_rename_enum_value(Replay *r);
bool replay_alter_domain(Replay *r);
bool replay_alter_composite(Replay *r);
bool replay_create_sequence(Replay *r);
bool replay_alter_sequence(Replay *r);
bool replay_drop_sequence(Replay *r);
bool replay_rename_sequence(Replay *r);

bool replay_create_view(Replay *r);
bool replay_drop_view(Replay *r);

bool replay_create_function(Replay *r);
bool replay_drop_function(Replay *r);
bool replay_rename_function(Replay *r);
bool replay_create_trigger(Replay *r);
bool replay_drop_trigger(Replay *r);
bool replay_set_trigger_enabled(Replay *r);
bool replay_create_policy(Replay *r);
bool replay_alter_policy(Replay *r);
bool replay_drop_policy(Replay *r);
bool replay_grant(Replay *r);
bool replay_revoke(Replay *r);
bool replay_comment(Replay *r);
bool replay_create_schema(Replay *r);
bool replay_drop_schema(Replay *r);
bool replay_rename_schema(Replay *r);
bool replay_create_extension(Replay *r);
bool replay_drop_extension(Replay *r);
bool replay_set(Replay *r);
bool replay_use(Replay *r);
bool replay_end_transaction(Replay *r);

/* ---- shared between steps ---- */

/* The column that a definition makes, not yet in a table: no constraints. */
Column *replay_make_column(Replay *r, const ColumnDef *definition);
/* Its sequence, where it is serial or an identity: once the column is in its table. */
void replay_make_sequence(Replay *r, Column *column);
/* A copy of a serial column draws from the same sequence by an ordinary default. */
void replay_spell_serial(Replay *r, Column *copy, const Column *from);
/* A default that draws from the column's own sequence makes it serial, as pg_dump writes it. */
void replay_recognise_serial(Replay *r, Column *column);
/* Adds the column to the table's heirs. */
void replay_inherit_column(Replay *r, Table *table, const Column *column, uint32_t depth);

/* `inline_column` NULL for a table constraint. */
bool replay_apply_constraint(Replay *r, Table *table, const ConstraintDef *definition,
                             Column *inline_column);
bool replay_apply_foreign_key(Replay *r, Table *table, const ConstraintDef *definition,
                              Column *inline_column);
bool replay_apply_index(Replay *r, Table *table, const IndexDef *definition, Column *inline_column);
/* The column's own constraints and indexes, in order; the first failure is returned last. */
bool replay_apply_column_constraints(Replay *r, Table *table, Column *column,
                                     const ColumnDef *definition);
/* MySQL: SERIAL is unique. */
bool replay_make_serial_unique(Replay *r, Table *table, Column *column);
/* The parent's checks; and what a table gets when it becomes a partition, beyond columns and
 * checks. */
void replay_inherit_checks(Replay *r, Table *table, const Table *parent);
void replay_receive_parts(Replay *r, Table *partition);
/* What a partition gets from its table: indexes, keys, foreign keys. */
void replay_inherit_index(Replay *r, Table *table, Index *index, uint32_t depth);
void replay_give_index(Replay *r, Table *partition, Index *index, uint32_t depth);
void replay_give_foreign_key(Replay *r, Table *partition, ForeignKey *foreign_key, uint32_t depth);
void replay_inherit_foreign_key(Replay *r, Table *table, ForeignKey *foreign_key, uint32_t depth);
void replay_inherit_check(Replay *r, Table *table, const Check *check, uint32_t depth);
Index *replay_copy_index(Replay *r, Table *table, const Index *from);
/* MySQL: an index for each foreign key that no other index serves. */
void replay_serve_foreign_key(Replay *r, Table *table, ForeignKey *foreign_key);
void replay_set_primary_nullability(Replay *r, const Key *key);

/* The columns that a query gives, typed where that can be told; *is_partial is set where there
 * are more. */
void replay_derive_columns(Replay *r, const Query *query, const NameVec *names, ColumnVec *columns,
                           bool *is_partial);
/* Links a view with the tables that its query reads. */
void replay_link_query(Replay *r, Table *view, const Query *query);

#endif
