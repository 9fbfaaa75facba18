#include "model/schema.h"

#include "base/panic.h"

static void *find(const Schema *schema, const StrMap *map, Str name_space, Str name)
{
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, name_space);
    identifier_key_add(&key, schema->dialect, name);
    return map_get(map, identifier_key_text(&key));
}

Str schema_default_namespace(const Schema *schema)
{
    switch (schema->dialect) {
    case DIALECT_POSTGRESQL:
        return STR("public");
    case DIALECT_SQLSERVER:
        return STR("dbo");
    case DIALECT_MYSQL:
        if (schema->database.length > 0 &&
            !str_equal_ignore_case(schema->database, schema->home_database))
            return schema->database;
        return STR("");
    case DIALECT_SQLITE:
        return STR("");
    }
    UNREACHABLE();
}

/* The schema that a written one means: MySQL's home database and SQLite's main are "". */
static Str meant_namespace(const Schema *schema, Str written)
{
    if (schema->dialect == DIALECT_MYSQL && schema->home_database.length > 0 &&
        str_equal_ignore_case(written, schema->home_database))
        return STR("");
    if (schema->dialect == DIALECT_SQLITE && (str_equal_ignore_case(written, STR("main")) ||
                                              str_equal_ignore_case(written, STR("temp"))))
        return STR("");
    return written;
}

/* Looks along the search path where no schema is written. */
static void *find_on_path(const Schema *schema, const StrMap *map, Str written, Str name)
{
    if (map->n == 0)
        return NULL;
    if (written.length > 0)
        return find(schema, map, meant_namespace(schema, written), name);
    if (schema->dialect != DIALECT_POSTGRESQL)
        return find(schema, map, schema_default_namespace(schema), name);
    void *found = schema->has_temporary ? find(schema, map, STR("pg_temp"), name) : NULL;
    for (uint32_t i = 0; !found && i < schema->search_path.n; i++)
        found = find(schema, map, schema->search_path.items[i], name);
    return found;
}

Table *schema_table(const Schema *schema, Str table_schema, Str name)
{
    return find_on_path(schema, &schema->tables, table_schema, name);
}

Table *schema_find_table(const Schema *schema, const QualifiedName *name)
{
    return schema_table(schema, name->schema.text, name->name.text);
}

Type *schema_find_type(const Schema *schema, Str type_schema, Str name)
{
    return find_on_path(schema, &schema->types, type_schema, name);
}

Table *schema_counterpart(const Schema *other, const Table *table)
{
    return other ? find(other, &other->tables, table->schema, table->name.text) : NULL;
}

Type *schema_type_counterpart(const Schema *other, const Type *type)
{
    return other ? find(other, &other->types, type->schema, type->name.text) : NULL;
}

Sequence *schema_find_sequence(const Schema *schema, const QualifiedName *name)
{
    return find_on_path(schema, &schema->sequences, name->schema.text, name->name.text);
}

Function *schema_find_function(const Schema *schema, const QualifiedName *name)
{
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        Function *function = schema->functions.items[i];
        if (!identifier_equal(schema->dialect, function->name.text, name->name.text))
            continue;
        if (name->schema.text.length == 0 ||
            identifier_equal(schema->dialect, function->schema, name->schema.text))
            return function;
    }
    return NULL;
}

Index *schema_find_index(const Schema *schema, const QualifiedName *name, const Table *table)
{
    if (schema->dialect == DIALECT_POSTGRESQL || schema->dialect == DIALECT_SQLITE)
        return find_on_path(schema, &schema->indexes, name->schema.text, name->name.text);
    for (uint32_t i = 0; table && i < table->indexes.n; i++) {
        if (identifier_equal(schema->dialect, table->indexes.items[i]->name.text, name->name.text))
            return table->indexes.items[i];
    }
    return NULL;
}

bool schema_relation_exists(const Schema *schema, Str table_schema, Str name)
{
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, table_schema);
    identifier_key_add(&key, schema->dialect, name);
    Str text = identifier_key_text(&key);
    uint32_t hash = map_hash(text);
    return map_get_hashed(&schema->tables, text, hash) ||
           map_get_hashed(&schema->indexes, text, hash) ||
           map_get_hashed(&schema->sequences, text, hash);
}

static bool same_name(const Table *table, Str a, Str b)
{
    return table->ignores_case ? str_equal_ignore_case(a, b) : str_equal(a, b);
}

Column *table_column(const Table *table, Str name)
{
    if (table->columns_by_name.n > 0) {
        IdentifierKey key;
        identifier_key_start(&key);
        identifier_key_add(&key, table->ignores_case ? DIALECT_MYSQL : DIALECT_POSTGRESQL, name);
        return map_get(&table->columns_by_name, identifier_key_text(&key));
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (same_name(table, table->columns.items[i]->name.text, name))
            return table->columns.items[i];
    }
    return NULL;
}

uint32_t table_column_position(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i] == column)
            return i;
    }
    return UINT32_MAX;
}

Key *table_key(const Table *table, Str name)
{
    if (table->primary_key && same_name(table, table->primary_key->name.text, name))
        return table->primary_key;
    for (uint32_t i = 0; i < table->uniques.n; i++) {
        if (same_name(table, table->uniques.items[i]->name.text, name))
            return table->uniques.items[i];
    }
    return NULL;
}

ForeignKey *table_foreign_key(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        if (same_name(table, table->foreign_keys.items[i]->name.text, name))
            return table->foreign_keys.items[i];
    }
    return NULL;
}

Check *table_check(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->checks.n; i++) {
        if (same_name(table, table->checks.items[i]->name.text, name))
            return table->checks.items[i];
    }
    return NULL;
}

Policy *table_policy(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->policies.n; i++) {
        if (same_name(table, table->policies.items[i]->name.text, name))
            return table->policies.items[i];
    }
    return NULL;
}

static bool holds(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

/* True where the first parts of the index are these columns, whole and in any order. */
static bool index_leads_with(const Index *index, const ColumnVec *columns)
{
    if (index->parts.n < columns->n)
        return false;
    for (uint32_t i = 0; i < columns->n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (!part->column || !holds(columns, part->column))
            return false;
        if (part->part && part->part->prefix_length > 0)
            return false;
    }
    /* The same column twice in the index would hide that another is missing. */
    for (uint32_t i = 0; i < columns->n; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < columns->n && !is_there; j++)
            is_there = index->parts.items[j].column == columns->items[i];
        if (!is_there)
            return false;
    }
    return true;
}

static bool searches_by_equality(const Index *index, const ColumnVec *columns)
{
    if (index->kind != INDEX_NORMAL || index->where)
        return false;
    if (str_equal(index->method, STR("hash")))
        return columns->n == 1 && index->parts.n == 1;
    return str_equal(index->method, STR("btree")) || str_is_empty(index->method);
}

const Index *table_index_covering(const Table *table, const ColumnVec *columns)
{
    if (columns->n == 0)
        return NULL;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (searches_by_equality(index, columns) && index_leads_with(index, columns))
            return index;
    }
    const Key *key = table->primary_key;
    return key && key->rowid && index_leads_with(key->rowid, columns) ? key->rowid : NULL;
}

bool table_is_unique_on(const Table *table, const ColumnVec *columns)
{
    if (columns->n == 0)
        return false;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (index->unique && !index->where && index->parts.n == columns->n &&
            index_leads_with(index, columns))
            return true;
    }
    const Key *key = table->primary_key;
    return key && key->rowid && key->rowid->parts.n == columns->n &&
           index_leads_with(key->rowid, columns);
}

bool table_is_new(const Schema *schema, const Table *table)
{
    return table->origin && table->origin_migration == schema->migration;
}

bool table_is_base(const Table *table)
{
    return table->kind == TABLE_TABLE || table->kind == TABLE_FOREIGN;
}

static bool is_default_namespace(const Schema *schema, const Table *table)
{
    return str_is_empty(table->schema) || str_equal(table->schema, STR("pg_temp")) ||
           identifier_equal(schema->dialect, table->schema, schema_default_namespace(schema));
}

Str table_full_name(Arena *out, const Table *table)
{
    if (str_is_empty(table->schema))
        return table->name.text;
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(table->schema), STR_ARG(table->name.text));
}

Str table_title(Arena *out, const Schema *schema, const Table *table)
{
    if (is_default_namespace(schema, table) || identifier_is_template(table->schema))
        return table->name.text;
    return table_full_name(out, table);
}

Str sql_table_name(Arena *out, const Schema *schema, const Table *table)
{
    Str name = sql_identifier(out, schema->dialect, table->name.text);
    if (is_default_namespace(schema, table))
        return name;
    return str_format(out, STR_FMT "." STR_FMT,
                      STR_ARG(sql_identifier(out, schema->dialect, table->schema)), STR_ARG(name));
}

Str sql_column_list(Arena *out, Dialect dialect, const ColumnVec *columns)
{
    Str *names = ARENA_ARRAY(out, Str, columns->n + 1);
    for (uint32_t i = 0; i < columns->n; i++)
        names[i] = sql_identifier(out, dialect, columns->items[i]->name.text);
    return str_join(out, names, columns->n, STR(", "));
}
