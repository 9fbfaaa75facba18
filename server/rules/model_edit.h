/* model_edit.h — fixes in the text of models: how each language writes an index, and an argument.
 *
 * A rule that repairs a table knows columns; the model behind the table knows where and how its
 * language says it. The fix is for that language only. */
#ifndef RULES_MODEL_EDIT_H
#define RULES_MODEL_EDIT_H

#include "rules/context.h"

/* The model that declares `table` (NULL allowed); NULL: none does. For on_table, on_query and
 * on_database. */
const OrmModel *model_of_table(RuleContext *context, const Table *table);
/* The model's own field for the column; NULL: there is none, or it is inherited. */
const OrmField *model_field_of(const OrmModel *model, Str column);

/* A fix that declares an index on `columns` in the model behind `table`: `@@index([a, b])` in
 * Prisma, `index=True` in SQLAlchemy. False, and nothing added, where no model declares the table,
 * or its language has no short way to say it. */
bool fix_model_index(RuleContext *context, Finding *finding, const Table *table,
                     const ColumnVec *columns);

/* A fix that adds `argument` behind those that are written; false where nothing can be added. */
bool fix_add_argument(RuleContext *context, Finding *finding, Place insertion, bool has_arguments,
                      const char *title, Str argument);

#endif
