#include "engine/old_names.h"

/* The key of a table: two names with a separator, folded. Only the few that were renamed have one.
 */
static Str old_table_key(const Schema *schema, IdentifierKey *key, Str name_space, Str name)
{
    identifier_key_start(key);
    identifier_key_add(key, schema->dialect,
                       name_space.length > 0 ? name_space : schema_default_namespace(schema));
    identifier_key_add(key, schema->dialect, name);
    return identifier_key_text(key);
}

static const Table *find_table(const OldNames *names, const Schema *schema, Str name_space,
                               Str name)
{
    if (names->tables.n > 0) {
        IdentifierKey key;
        const Table *old = map_get(&names->tables, old_table_key(schema, &key, name_space, name));
        if (old)
            return old;
    }
    return schema_table(schema, name_space, name);
}

const Table *old_names_table(const OldNames *names, const Schema *schema, const QualifiedName *name)
{
    return find_table(names, schema, name->schema.text, name->name.text);
}

/* Of a column: the table's address, then the name. */
static Str old_column_key(const Table *table, Str name, Arena *out)
{
    Str folded = table->ignores_case ? str_lower(out, name) : name;
    return str_format(out, "%p " STR_FMT, (const void *)table, STR_ARG(folded));
}

const Column *old_names_column(const OldNames *names, const Table *table, Str name)
{
    if (names->columns.n > 0) {
        Arena scratch = {0};
        const Column *old = map_get(&names->columns, old_column_key(table, name, &scratch));
        arena_release(&scratch);
        if (old)
            return old;
    }
    return table_column(table, name);
}

static void pass_table(OldNames *names, const Schema *schema, const Operation *operation)
{
    Str name_space = operation->target.schema.text;
    const Table *table = find_table(names, schema, name_space, operation->as.rename.to.text);
    if (!table || name_is_absent(operation->target.name))
        return;
    IdentifierKey key;
    Str old = old_table_key(schema, &key, name_space, operation->target.name.text);
    /* A map's values are not const; nothing is written through this one. */
    map_set(names->out, &names->tables, str_copy(names->out, old), (void *)(uintptr_t)table);
}

static void pass_column(OldNames *names, const Schema *schema, const Operation *operation, Str from,
                        Str to)
{
    const Table *table = old_names_table(names, schema, &operation->target);
    const Column *column = table ? old_names_column(names, table, to) : NULL;
    if (column && !str_is_absent(from) && !str_equal(from, to))
        map_set(names->out, &names->columns, old_column_key(table, from, names->out),
                (void *)(uintptr_t)column);
}

void old_names_pass(OldNames *names, const Schema *schema, const Operation *operation)
{
    if (operation->kind == OP_RENAME_TABLE || operation->kind == OP_RENAME_VIEW)
        pass_table(names, schema, operation);
    else if (operation->kind == OP_RENAME_COLUMN)
        pass_column(names, schema, operation, operation->as.rename.from.text,
                    operation->as.rename.to.text);
    else if (operation->kind == OP_REPLACE_COLUMN)
        pass_column(names, schema, operation, operation->as.replace_column.old_name.text,
                    operation->as.replace_column.column.name.text);
}
