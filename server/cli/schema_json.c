/* A schema as JSON: absent is null, or an empty list. */
#include "base/version.h"
#include "cli/schema.h"

static Str expression_text(const Expression *expression)
{
    return expression ? expression->text : (Str){0};
}

static Str empty_is_absent(Str s)
{
    return str_is_empty(s) ? (Str){0} : s;
}

static void add_place(JsonOut *json, Workspace *workspace, const LoadedDatabase *database,
                      Place place)
{
    Str file;
    uint32_t line;
    if (schema_place(workspace, database, place, &file, &line)) {
        jsonout_text(json, "file", file);
        jsonout_number(json, "line", line);
    } else {
        jsonout_null(json, "file");
        jsonout_null(json, "line");
    }
}

static void add_columns_of(JsonOut *json, const char *key, const ColumnVec *columns)
{
    jsonout_open_inline(json, key, '[');
    for (uint32_t i = 0; i < columns->n; i++)
        jsonout_text(json, NULL, columns->items[i]->name.text);
    jsonout_close(json, ']');
}

static void add_names(JsonOut *json, const char *key, const NameVec *names)
{
    jsonout_open_inline(json, key, '[');
    for (uint32_t i = 0; i < names->n; i++)
        jsonout_text(json, NULL, names->items[i].text);
    jsonout_close(json, ']');
}

static void add_column(JsonOut *json, const Column *column)
{
    jsonout_open_inline(json, NULL, '{');
    jsonout_text(json, "name", column->name.text);
    jsonout_text_or_null(json, "type", empty_is_absent(column->type.canonical));
    jsonout_bool(json, "nullable", column->is_nullable);
    jsonout_text_or_null(json, "default", expression_text(column->default_value));
    jsonout_text_or_null(json, "identity",
                         column->identity == IDENTITY_ALWAYS       ? STR("always")
                         : column->identity == IDENTITY_BY_DEFAULT ? STR("by_default")
                                                                   : (Str){0});
    jsonout_text_or_null(json, "generated", expression_text(column->generated_expression));
    jsonout_bool(json, "auto_increment", column->is_serial || column->auto_increment);
    jsonout_text_or_null(json, "comment", empty_is_absent(column->comment));
    jsonout_close(json, '}');
}

static void add_key(JsonOut *json, const char *name, const Key *key)
{
    if (!key) {
        jsonout_null(json, name);
        return;
    }
    jsonout_open_inline(json, name, '{');
    jsonout_text_or_null(json, "name", empty_is_absent(key->name.text));
    add_columns_of(json, "columns", &key->columns);
    jsonout_close(json, '}');
}

static void add_index_part(JsonOut *json, const KeyPart *part)
{
    const IndexPart *written = part->part;
    jsonout_open_inline(json, NULL, '{');
    if (part->column)
        jsonout_text(json, "name", part->column->name.text);
    else if (written && !name_is_absent(written->column))
        jsonout_text(json, "name", written->column.text);
    else
        jsonout_text_or_null(json, "expression",
                             expression_text(written ? written->expression : NULL));
    SortOrder order = written ? written->order : ORDER_UNSPECIFIED;
    NullsOrder nulls = written ? written->nulls : NULLS_UNSPECIFIED;
    jsonout_text_or_null(json, "order",
                         order == ORDER_ASCENDING    ? STR("asc")
                         : order == ORDER_DESCENDING ? STR("desc")
                                                     : (Str){0});
    jsonout_text_or_null(json, "nulls",
                         nulls == NULLS_FIRST  ? STR("first")
                         : nulls == NULLS_LAST ? STR("last")
                                               : (Str){0});
    jsonout_text_or_null(json, "opclass", written ? empty_is_absent(written->opclass) : (Str){0});
    jsonout_close(json, '}');
}

static void add_index(JsonOut *json, const Index *index)
{
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "name", index->name.text);
    jsonout_bool(json, "unique", index->unique);
    jsonout_text_or_null(json, "method", empty_is_absent(index->method));
    jsonout_open(json, "columns", '[');
    for (uint32_t i = 0; i < index->parts.n; i++)
        add_index_part(json, &index->parts.items[i]);
    jsonout_close(json, ']');
    add_columns_of(json, "include", &index->include);
    jsonout_text_or_null(json, "where", expression_text(index->where));
    jsonout_close(json, '}');
}

static Str action_word(ReferentialAction action)
{
    switch (action) {
    case ACTION_UNSPECIFIED:
    case ACTION_NO_ACTION:
        return STR("no_action");
    case ACTION_RESTRICT:
        return STR("restrict");
    case ACTION_CASCADE:
        return STR("cascade");
    case ACTION_SET_NULL:
        return STR("set_null");
    case ACTION_SET_DEFAULT:
        return STR("set_default");
    }
    return STR("no_action");
}

/* The columns it points to: as written, else those of the target's primary key. */
static void add_target_columns(JsonOut *json, const ForeignKey *key)
{
    if (key->target_columns.n)
        add_columns_of(json, "columns", &key->target_columns);
    else
        add_names(json, "columns", &key->target_column_names);
}

static void add_foreign_key(JsonOut *json, const ForeignKey *key)
{
    jsonout_open(json, NULL, '{');
    jsonout_text_or_null(json, "name", empty_is_absent(key->name.text));
    if (key->columns.n)
        add_columns_of(json, "columns", &key->columns);
    else
        add_names(json, "columns", &key->column_names);
    jsonout_open_inline(json, "references", '{');
    Str schema = key->target ? key->target->schema : key->target_name.schema.text;
    jsonout_text_or_null(json, "schema", empty_is_absent(schema));
    jsonout_text(json, "table", key->target ? key->target->name.text : key->target_name.name.text);
    add_target_columns(json, key);
    jsonout_close(json, '}');
    jsonout_text(json, "on_delete", action_word(key->on_delete));
    jsonout_text(json, "on_update", action_word(key->on_update));
    jsonout_bool(json, "deferrable", key->deferrable);
    jsonout_bool(json, "validated", key->is_validated);
    jsonout_close(json, '}');
}

static void add_policy(JsonOut *json, const Policy *policy)
{
    static const Str commands[] = {STR_INIT("all"), STR_INIT("select"), STR_INIT("insert"),
                                   STR_INIT("update"), STR_INIT("delete")};
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "name", policy->name.text);
    jsonout_text(json, "command", commands[policy->command]);
    jsonout_bool(json, "permissive", !policy->is_restrictive);
    add_names(json, "roles", &policy->roles);
    jsonout_text_or_null(json, "using", expression_text(policy->using_expression));
    jsonout_text_or_null(json, "with_check", expression_text(policy->check_expression));
    jsonout_close(json, '}');
}

static Str kind_word(TableKind kind)
{
    switch (kind) {
    case TABLE_TABLE:
        return STR("table");
    case TABLE_VIEW:
        return STR("view");
    case TABLE_MATERIALIZED_VIEW:
        return STR("materialized_view");
    case TABLE_FOREIGN:
        return STR("foreign_table");
    }
    return STR("table");
}

/* The index behind a key is the key's; in MySQL a unique constraint is its index. */
static bool is_listed(const Index *index, Dialect dialect)
{
    if (!index->constraint)
        return true;
    return dialect == DIALECT_MYSQL && !index->constraint->is_primary;
}

static void add_constraints(JsonOut *json, const Table *table, Dialect dialect)
{
    add_key(json, "primary_key", table->primary_key);
    jsonout_open(json, "unique_constraints", '[');
    for (uint32_t i = 0; i < table->uniques.n; i++)
        add_key(json, NULL, table->uniques.items[i]);
    jsonout_close(json, ']');
    jsonout_open(json, "indexes", '[');
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (is_listed(table->indexes.items[i], dialect))
            add_index(json, table->indexes.items[i]);
    }
    jsonout_close(json, ']');
    jsonout_open(json, "foreign_keys", '[');
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        add_foreign_key(json, table->foreign_keys.items[i]);
    jsonout_close(json, ']');
    jsonout_open(json, "checks", '[');
    for (uint32_t i = 0; i < table->checks.n; i++) {
        const Check *check = table->checks.items[i];
        jsonout_open_inline(json, NULL, '{');
        jsonout_text_or_null(json, "name", empty_is_absent(check->name.text));
        jsonout_text_or_null(json, "expression", expression_text(check->expression));
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

static void add_table(JsonOut *json, Workspace *workspace, const LoadedDatabase *database,
                      const Table *table)
{
    jsonout_open(json, NULL, '{');
    jsonout_text_or_null(json, "schema", empty_is_absent(table->schema));
    jsonout_text(json, "name", table->name.text);
    jsonout_text(json, "kind", kind_word(table->kind));
    add_place(json, workspace, database, table->place);
    jsonout_text_or_null(json, "comment", empty_is_absent(table->comment));
    jsonout_open(json, "columns", '[');
    for (uint32_t i = 0; i < table->columns.n; i++)
        add_column(json, table->columns.items[i]);
    jsonout_close(json, ']');
    add_constraints(json, table, database->about->dialect);
    jsonout_text_or_null(json, "partition_by", empty_is_absent(table->partition_by.text));
    if (table->partition_of)
        jsonout_text(json, "partition_of",
                     str_format(&workspace->arena, STR_FMT "." STR_FMT,
                                STR_ARG(table->partition_of->schema),
                                STR_ARG(table->partition_of->name.text)));
    else
        jsonout_null(json, "partition_of");
    jsonout_bool(json, "row_security", table->row_security);
    jsonout_open(json, "policies", '[');
    for (uint32_t i = 0; i < table->policies.n; i++)
        add_policy(json, table->policies.items[i]);
    jsonout_close(json, ']');
    jsonout_close(json, '}');
}

static void add_tables(JsonOut *json, Workspace *workspace, const LoadedDatabase *database,
                       const char *key, const Schema *schema)
{
    jsonout_open(json, key, '[');
    TableVec tables = schema_tables(&workspace->arena, schema);
    for (uint32_t i = 0; i < tables.n; i++)
        add_table(json, workspace, database, tables.items[i]);
    jsonout_close(json, ']');
}

static void add_enums(JsonOut *json, const char *key, const Schema *schema)
{
    jsonout_open(json, key, '[');
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        const Type *type = e->value;
        if (type->kind != TYPE_DEF_ENUM)
            continue;
        jsonout_open_inline(json, NULL, '{');
        jsonout_text_or_null(json, "schema", empty_is_absent(type->schema));
        jsonout_text(json, "name", type->name.text);
        add_names(json, "values", &type->labels);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

static void add_functions(JsonOut *json, const Schema *schema)
{
    jsonout_open(json, "functions", '[');
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        const Function *function = schema->functions.items[i];
        const FunctionDef *definition = function->definition;
        jsonout_open_inline(json, NULL, '{');
        jsonout_text_or_null(json, "schema", empty_is_absent(function->schema));
        jsonout_text(json, "name", function->name.text);
        jsonout_text_or_null(json, "arguments", function->arguments);
        jsonout_text_or_null(json, "language",
                             definition ? empty_is_absent(definition->language) : (Str){0});
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

/* The other side of a database that is described twice. */
static void add_declared(JsonOut *json, Workspace *workspace, const LoadedDatabase *database)
{
    const Database *about = &database->snapshot->database;
    if (about->migrated && about->declared) {
        add_tables(json, workspace, database, "declared_tables", about->declared);
        add_enums(json, "declared_enums", about->declared);
    } else {
        jsonout_null(json, "declared_tables");
        jsonout_null(json, "declared_enums");
    }
}

static void add_database(JsonOut *json, Workspace *workspace, const LoadedDatabase *database)
{
    const Schema *schema = database->snapshot->database.schema;
    jsonout_open(json, NULL, '{');
    jsonout_text(json, "name", database->about->name);
    jsonout_text(json, "dialect", dialect_name(database->about->dialect));
    jsonout_open(json, "sources", '[');
    for (uint32_t i = 0; i < database->snapshot->sources.n; i++)
        jsonout_text(json, NULL,
                     workspace_show(workspace, database->project,
                                    database->snapshot->sources.items[i].path));
    jsonout_close(json, ']');
    add_tables(json, workspace, database, "tables", schema);
    add_enums(json, "enums", schema);
    add_functions(json, schema);
    jsonout_open_inline(json, "extensions", '[');
    for (uint32_t i = 0; i < schema->extensions.n; i++)
        jsonout_text(json, NULL, schema->extensions.items[i].name);
    jsonout_close(json, ']');
    add_declared(json, workspace, database);
    jsonout_close(json, '}');
}

void schema_print_json(Buf *out, Workspace *workspace)
{
    JsonOut json = {.out = out};
    jsonout_open(&json, NULL, '{');
    jsonout_text(&json, "version", STR(LINTEL_VERSION));
    jsonout_open(&json, "databases", '[');
    for (uint32_t i = 0; i < workspace->databases.n; i++)
        add_database(&json, workspace, &workspace->databases.items[i]);
    jsonout_close(&json, ']');
    jsonout_close(&json, '}');
}
