#include "model/database.h"

const Schema *database_model_schema(const Database *database)
{
    return database->declared ? database->declared : database->schema;
}

const Table *database_model_table(const Database *database, const OrmModel *model)
{
    return model && !name_is_absent(model->table)
               ? schema_table(database_model_schema(database), model->schema, model->table.text)
               : NULL;
}
