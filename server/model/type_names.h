/* type_names.h — how each dialect reads and prints the names of its types.
 *
 * Inside type.c's family only: use type_make. A maker gets a type whose schema, name and
 * arguments are set, and fills family, canonical, length, precision, scale and the flags. */
#ifndef MODEL_TYPE_NAMES_H
#define MODEL_TYPE_NAMES_H

#include "model/type.h"

typedef struct {
    ColumnType *type;
    Str name; /* lower case, without quotes */
    const Str *arguments;
    uint32_t n_arguments;
    bool is_quoted;
    Arena *out;
} TypeRequest;

void type_make_postgresql(TypeRequest *request);
void type_make_mysql(TypeRequest *request);
void type_make_sqlite(TypeRequest *request);
void type_make_sqlserver(TypeRequest *request);

typedef struct {
    const char *name;
    TypeFamily family;
    const char *canonical; /* NULL: the name itself */
} TypeName;

/* NULL where the table has no such name. */
const TypeName *type_name_find(const TypeName *names, uint32_t n_names, Str name);

/* The argument at `index` as a number; false where there is none. */
bool type_argument(const TypeRequest *request, uint32_t index, uint32_t *value);

/* PostgreSQL's printed name of a type that is not built in: the schema is left out where the
 * default search path finds it. */
Str type_user_name(Arena *out, Str schema, Str name);

#endif
