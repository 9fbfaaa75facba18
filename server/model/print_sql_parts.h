/* print_sql_parts.h — what the files print_sql*.c share. */
#ifndef MODEL_PRINT_SQL_PARTS_H
#define MODEL_PRINT_SQL_PARTS_H

#include "model/print_sql.h"

typedef struct {
    Buf *out;
    const Schema *schema;
    Arena *scratch;
    Dialect dialect;
} Printer;

/* A name, quoted where it must be. */
void print_name(const Printer *p, Str name);
/* "schema.name", the schema left out where it is the default one. */
void print_qualified(const Printer *p, Str name_space, Str name);
void print_table_name(const Printer *p, const Table *table);
void print_columns(const Printer *p, const ColumnVec *columns);
/* "(…)" around the expression's text. */
void print_in_parentheses(const Printer *p, const Expression *expression);
void print_type(const Printer *p, const ColumnType *type);
void print_default(const Printer *p, const Expression *expression);
/* " COLLATE name", or nothing. */
void print_collation(const Printer *p, Str collation);

/* Around statements that were written for another schema than the default one. */
void print_path(const Printer *p, Str name_space);
void print_end_of_path(const Printer *p);
/* The statement as it was written: for what the model does not take apart. */
Str print_written(Place statement);

/* Schemas, extensions, types; sequences but those that a column makes; which columns own them. */
void print_namespaces(const Printer *p);
void print_types(const Printer *p);
void print_sequences(const Printer *p);
void print_sequence_owners(const Printer *p);

/* Row security with its policies; what others may do; comments. */
void print_security(const Printer *p, const Table *table);
void print_table_grants(const Printer *p, const Table *table);
void print_comments(const Printer *p, const Table *table);

/* Constraints and indexes one by one. */
void print_key(const Printer *p, const Key *key);
void print_index(const Printer *p, const Table *table, const Index *index);
void print_foreign_key(const Printer *p, const ForeignKey *foreign_key);
void print_check(const Printer *p, const Check *check);

void print_table(const Printer *p, const Table *table);
/* Keys and indexes; those of partitions first, so that the table's take them as their parts. */
void print_table_indexes(const Printer *p, const Table *table);
void print_table_foreign_keys(const Printer *p, const Table *table);
void print_table_late(const Printer *p, const Table *table); /* NOT VALID checks, exclusions */
/* True where the sequence is what writing "serial" or IDENTITY would make. */
bool print_is_usual_sequence(const Printer *p, const Column *column);

#endif
