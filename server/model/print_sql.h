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

#endif
