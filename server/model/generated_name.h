/* generated_name.h — the names that databases give to what people left unnamed.
 *
 * PostgreSQL's are those of makeObjectName, ChooseRelationName and ChooseConstraintName: parts
 * cut to fit 63 bytes, a number appended to the label while the name is taken. MySQL and
 * SQLite count. SQL Server appends random digits, which are left out here. */
#ifndef MODEL_GENERATED_NAME_H
#define MODEL_GENERATED_NAME_H

#include "model/schema.h"

/* "first_second_label" in at most 63 bytes; `second` may be empty. */
Str generated_name_make(Arena *out, Str first, Str second, Str label);

/* A name that no table, view, index or sequence (and, with is_constraint, no constraint) of
 * the namespace has. */
Str generated_relation_name(Schema *schema, Str name_space, Str first, Str second,
                            const char *label, bool is_constraint);
Str generated_constraint_name(Schema *schema, Str name_space, Str first, Str second,
                              const char *label);

/* "a_b_expr": the middle of an index's or key's name, from its parts and INCLUDE columns. */
Str generated_parts_name(Arena *out, const KeyPartVec *parts, const ColumnVec *include);

Str generated_key_name(Schema *schema, const Table *table, bool is_primary, const KeyPartVec *parts,
                       const ColumnVec *include);
Str generated_index_name(Schema *schema, const Table *table, const KeyPartVec *parts,
                         const ColumnVec *include);
Str generated_foreign_key_name(Schema *schema, const Table *table, const NameVec *columns);
Str generated_check_name(Schema *schema, const Table *table, const Expression *expression);

/* The name PostgreSQL gives an output column or index element without an alias: the function's,
 * the column's, the cast's type; "" where it has none. */
Str generated_expression_name(Arena *out, const Expression *expression);

#endif
