/* print_sql.h — a schema as the SQL that makes it again.
 *
 * Complete DDL of the schema's dialect, in an order in which it runs on an empty database: schemas,
 * extensions, types, sequences, functions, tables, indexes, foreign keys, views, triggers,
 * policies, grants, comments. Names that the database picked are written out, so that the
 * result has the same catalog. Temporary tables are left out. Roles must be there already. */
#ifndef MODEL_PRINT_SQL_H
#define MODEL_PRINT_SQL_H

#include "base/buf.h"
#include "model/schema.h"

/* `scratch` holds names while they are put together. */
void print_sql(Buf *out, const Schema *schema, Arena *scratch);

/* Parts of it, for statements of which they are the end. One table with its indexes and foreign
 * keys; a column's definition; a CREATE INDEX; what comes behind ADD for a foreign key. */
void print_sql_table(Buf *out, const Schema *schema, const Table *table, Arena *scratch);
void print_sql_column(Buf *out, const Schema *schema, const Column *column, Arena *scratch);
void print_sql_index(Buf *out, const Schema *schema, const Index *index, Arena *scratch);
void print_sql_foreign_key(Buf *out, const Schema *schema, const ForeignKey *key, Arena *scratch);

#endif
