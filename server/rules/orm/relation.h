/* relation.h — what rules about models ask of them.
 *
 * Pure. "Nothing" is the answer wherever the files do not say enough. */
#ifndef RULES_ORM_RELATION_H
#define RULES_ORM_RELATION_H

#include "rules/model_edit.h"

/* The table of a model in a schema; NULL: it has none there. */
const Table *model_table(const Schema *schema, const OrmModel *model);
/* "Order", or the table's name where the model has no name of its own. */
Str model_title(const OrmModel *model);
/* "an Order", "a User". */
Str model_phrase(Arena *out, const OrmModel *model);
/* "Order.state"; "state" where it comes from a mixin, so that all classes that have it from there
 * say the same of it, which is then shown once. */
Str field_title(Arena *out, const OrmModel *model, const OrmField *field);
/* The finding is about the field's column in `table` (NULL allowed); about none where it comes from
 * a mixin. */
void report_field(RuleContext *context, Finding *finding, const Table *table,
                  const OrmField *field);
/* "Order.items" */
Str relation_title(Arena *out, const OrmModel *model, const OrmRelation *relation);
/* By the attribute's name, in the model and what it inherits from; NULL: none. */
const OrmField *model_field(const OrmModel *model, Str name);
const OrmRelation *model_relation(const OrmModel *model, Str name);
/* True where the model, or what it inherits from, may have more than was read. */
bool model_may_have_more(const OrmModel *model);
/* True for one class, or where one inherits from the other. */
bool model_is_akin(const OrmModel *a, const OrmModel *b);

typedef enum {
    SHAPE_UNKNOWN,
    SHAPE_MANY_TO_ONE, /* the own table holds the foreign key */
    SHAPE_ONE_TO_MANY, /* the other one does */
    SHAPE_MANY_TO_MANY,
} RelationShape;

/* How the foreign keys join the two tables, and which one does (NULL: several columns' worth, or
 * none). Unknown for a table that points at itself, and where several keys could be meant. */
RelationShape relation_shape(const Database *database, const OrmModel *model,
                             const OrmRelation *relation, const ForeignKey **key);
/* True where the rows of the table that holds the key are unique by it: one to one. */
bool relation_key_is_unique(const ForeignKey *key);
/* What the database does when the referenced row goes: the migrations' word, where they have that
 * key, else the model's. */
ReferentialAction relation_on_delete(const Database *database, const ForeignKey *key);

/* Where `part` of the relation (its cascade, say) is written; its name where it is not. */
Place relation_place(const OrmRelation *relation, Place part);
/* Whether the list in `cascade` holds the word; "all" holds "delete". */
bool relation_cascades(const OrmRelation *relation, const char *word);
/* True where the attribute holds several objects. */
bool relation_is_list(const OrmRelation *relation, RelationShape shape);

#endif
