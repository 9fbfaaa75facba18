/* schema_edit.h — changes to a schema that keep its links and maps whole.
 *
 * For replay. Each function does one change with all that hangs on it, as the database would
 * with CASCADE; whether the change is allowed is decided by the caller. Nothing here fails.
 * Everything is made in the schema's arena. */
#ifndef MODEL_SCHEMA_EDIT_H
#define MODEL_SCHEMA_EDIT_H

#include "model/schema.h"

/* Removes the first item that is this pointer, if any. */
#define VEC_TAKE_OUT(vec, pointer)                                                                 \
    do {                                                                                           \
        for (uint32_t take_index = 0; take_index < (vec)->n; take_index++) {                       \
            if ((vec)->items[take_index] == (pointer)) {                                           \
                VEC_REMOVE((vec), take_index);                                                     \
                break;                                                                             \
            }                                                                                      \
        }                                                                                          \
    } while (0)

enum {
    TABLE_PARTS_MAX = 4096, /* indexes, constraints, policies … of one table; more is an attack */
    COLUMNS_MAX = 100000,   /* of one table; every database allows far fewer */
    COPIES_MAX = 200000,    /* columns and indexes that come by INHERITS, LIKE or SELECT * */
    INHERITANCE_MAX = 100,  /* levels of it */
};

/* False where the budget of copies is spent: the copy is then left out. */
bool schema_may_copy(Schema *schema);

/* The schema that a new relation of that written schema goes to. */
Str schema_creation_namespace(Schema *schema, Str written, bool is_temporary);
void schema_add_namespace(Schema *schema, Name name);

/* ---- tables ---- */

/* A new table, in the maps. The name must be free. */
Table *schema_add_table(Schema *schema, Str name_space, Name name, TableKind kind);
/* Links the foreign keys that were waiting for it. */
void schema_table_arrived(Schema *schema, Table *table);
bool schema_holds_table(const Schema *schema, const Table *table);
/* With its partitions, views, foreign keys to it, sequences. */
void schema_remove_table(Schema *schema, Table *table);
/* Renames, moves to another schema, or both. */
void schema_move_table(Schema *schema, Table *table, Str name_space, Name name);
/* `view` reads `source`. */
void schema_link_view(Schema *schema, Table *view, Table *source);
void schema_unlink_view(Table *view);

/* ---- columns ---- */

/* At `position`, or last for UINT32_MAX. False where the name is taken or the table full. */
bool schema_insert_column(Schema *schema, Table *table, Column *column, uint32_t position);
void schema_rename_column(Schema *schema, Table *table, Column *column, Name name);
void schema_move_column(Schema *schema, Table *table, Column *column, uint32_t position);
/* With the indexes, constraints, views, policies and generated columns that use it, and the
 * columns inherited from it. */
void schema_remove_column(Schema *schema, Table *table, Column *column);
/* Finds the enum, domain or composite that the column's type names. */
void schema_resolve_type(const Schema *schema, Column *column);
/* The same for a bare type; NULL where it is not of the user's making. */
Type *schema_resolve_column_type(const Schema *schema, Arena *out, ColumnType *type);

/* ---- indexes and constraints ---- */

bool schema_add_index(Schema *schema, Table *table, Index *index);
void schema_remove_index(Schema *schema, Index *index);
void schema_rename_index(Schema *schema, Index *index, Name name);
bool schema_add_key(Schema *schema, Table *table, Key *key);
void schema_remove_key(Schema *schema, Key *key); /* with its index and the keys that refer to it */
bool schema_add_foreign_key(Schema *schema, Table *table, ForeignKey *foreign_key);
/* Points it at its target, or lets it wait. */
void schema_link_foreign_key(Schema *schema, ForeignKey *foreign_key);
void schema_remove_foreign_key(Schema *schema, ForeignKey *foreign_key);
bool schema_add_check(Schema *schema, Table *table, Check *check);
void schema_remove_check(Schema *schema, Table *table, Check *check);
void schema_remove_exclusion(Schema *schema, Table *table, Exclusion *exclusion);

/* PostgreSQL: constraint names that are taken (model/generated_name.h asks). */
void schema_hold_constraint_name(Schema *schema, Str name_space, Str name);
void schema_drop_constraint_name(Schema *schema, Str name_space, Str name);

/* ---- sequences, functions, types ---- */

Sequence *schema_add_sequence(Schema *schema, Str name_space, Name name);
void schema_remove_sequence(Schema *schema, Sequence *sequence);
void schema_move_sequence(Schema *schema, Sequence *sequence, Str name_space, Name name);
void schema_remove_owned_sequences(Schema *schema, const Column *column);
void schema_remove_function(Schema *schema, Function *function);
void schema_add_type(Schema *schema, Type *type);
void schema_remove_type(Schema *schema, Type *type); /* with the columns of it */
void schema_move_type(Schema *schema, Type *type, Str name_space, Name name);

/* ---- what uses a column ---- */

/* True where the expression, written on `table`, certainly uses its column of that name. */
bool expression_uses_column(const Expression *expression, const Table *table, Str column);
bool index_uses_column(const Index *index, const Column *column);
bool view_uses_column(const Table *view, const Table *table, const Column *column);

/* The text with an identifier replaced wherever it stands as a name of its own. */
Str text_rename(Arena *out, Dialect dialect, Str text, Str from, Str to);
/* The expression with a column renamed; the same pointer where it does not use it. */
const Expression *expression_rename_column(Arena *out, Dialect dialect,
                                           const Expression *expression, const Table *table,
                                           Str from, Str to);

#endif
