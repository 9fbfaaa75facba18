#include "model/print_sql.h"

#include "model/fragment.h"
#include "model/print_sql_parts.h"

/* ---- names and texts ---- */

void print_name(const Printer *p, Str name)
{
    buf_add(p->out, sql_identifier(p->scratch, p->dialect, name));
}

void print_qualified(const Printer *p, Str name_space, Str name)
{
    bool is_default = str_is_empty(name_space) ||
                      identifier_equal(p->dialect, name_space, schema_default_namespace(p->schema));
    if (!is_default) {
        print_name(p, name_space);
        buf_add_char(p->out, '.');
    }
    print_name(p, name);
}

void print_table_name(const Printer *p, const Table *table)
{
    print_qualified(p, table->schema, table->name.text);
}

void print_columns(const Printer *p, const ColumnVec *columns)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (i > 0)
            buf_add(p->out, STR(", "));
        print_name(p, columns->items[i]->name.text);
    }
}

void print_in_parentheses(const Printer *p, const Expression *expression)
{
    buf_add_char(p->out, '(');
    if (expression)
        buf_add(p->out, expression->text);
    buf_add_char(p->out, ')');
}

void print_type(const Printer *p, const ColumnType *type)
{
    buf_add(p->out, type->canonical);
}

void print_default(const Printer *p, const Expression *expression)
{
    bool is_plain = p->dialect == DIALECT_POSTGRESQL || p->dialect == DIALECT_SQLSERVER ||
                    expression->kind == EXPRESSION_NULL || expression->kind == EXPRESSION_NUMBER ||
                    expression->kind == EXPRESSION_STRING ||
                    expression->kind == EXPRESSION_BOOLEAN ||
                    (expression->kind == EXPRESSION_CURRENT && p->dialect == DIALECT_MYSQL);
    if (expression->kind == EXPRESSION_CURRENT && p->dialect == DIALECT_SQLITE)
        is_plain = !str_contains(expression->text, STR("("));
    if (is_plain)
        buf_add(p->out, expression->text);
    else
        print_in_parentheses(p, expression);
}

Str print_written(Place place)
{
    if (!place_is_set(place))
        return (Str){0};
    return str_slice(place.fragment->text, place.range.start, place.range.end);
}

/* ---- code ---- */

static bool is_elsewhere(const Printer *p, Str name_space)
{
    return p->dialect == DIALECT_POSTGRESQL && name_space.length > 0 &&
           !str_equal(name_space, schema_default_namespace(p->schema));
}

void print_path(const Printer *p, Str name_space)
{
    if (!is_elsewhere(p, name_space))
        return;
    buf_add(p->out, STR("SET search_path = "));
    print_name(p, name_space);
    buf_add(p->out, STR(", public;\n"));
}

void print_end_of_path(const Printer *p)
{
    if (p->dialect == DIALECT_POSTGRESQL)
        buf_add(p->out, STR("RESET search_path;\n"));
}

/* A written statement, run with the schema that it was written for as the search path. */
static void print_statement(const Printer *p, Str text, Str name_space, bool is_qualified)
{
    bool needs_path = !is_qualified && is_elsewhere(p, name_space);
    if (text.length == 0)
        return;
    if (needs_path)
        print_path(p, name_space);
    if (p->dialect == DIALECT_MYSQL)
        buf_format(p->out, "DELIMITER $$\n" STR_FMT "$$\nDELIMITER ;\n", STR_ARG(text));
    else if (p->dialect == DIALECT_SQLSERVER)
        buf_format(p->out, "GO\n" STR_FMT "\nGO\n", STR_ARG(text));
    else
        buf_format(p->out, STR_FMT ";\n", STR_ARG(text));
    if (needs_path)
        print_end_of_path(p);
}

static bool names_table(const Schema *schema, const ColumnType *type)
{
    return type->family == TYPE_OTHER && schema_table(schema, type->schema, type->name);
}

/* A function over a table's row type must wait for the table. */
static bool needs_tables(const Schema *schema, const FunctionDef *definition)
{
    for (uint32_t i = 0; i < definition->parameters.n; i++) {
        if (names_table(schema, &definition->parameters.items[i].type))
            return true;
    }
    return names_table(schema, &definition->returns);
}

static void print_functions(const Printer *p, bool after_tables)
{
    for (uint32_t i = 0; i < p->schema->functions.n; i++) {
        const Function *function = p->schema->functions.items[i];
        if (!function->definition || !function->origin ||
            needs_tables(p->schema, function->definition) != after_tables)
            continue;
        bool is_qualified = function->origin->target.schema.text.length > 0;
        print_statement(p, print_written(function->origin->statement), function->schema,
                        is_qualified);
    }
}

static void print_triggers(const Printer *p, const Table *table)
{
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        const Trigger *trigger = table->triggers.items[i];
        bool is_qualified = trigger->definition->table.schema.text.length > 0;
        print_statement(p, print_written(trigger->place), table->schema, is_qualified);
        if (!trigger->is_enabled && p->dialect == DIALECT_POSTGRESQL) {
            buf_add(p->out, STR("ALTER TABLE "));
            print_table_name(p, table);
            buf_add(p->out, STR(" DISABLE TRIGGER "));
            print_name(p, trigger->name.text);
            buf_add(p->out, STR(";\n"));
        }
    }
}

/* ---- views ---- */

static void print_view(const Printer *p, const Table *view)
{
    const ViewDef *definition = view->view;
    bool is_materialized = view->kind == TABLE_MATERIALIZED_VIEW;
    buf_add(p->out, is_materialized         ? STR("CREATE MATERIALIZED VIEW ")
                    : definition->recursive ? STR("CREATE RECURSIVE VIEW ")
                                            : STR("CREATE VIEW "));
    print_table_name(p, view);
    if (view->columns.n > 0) {
        buf_add(p->out, STR(" ("));
        print_columns(p, &view->columns);
        buf_add_char(p->out, ')');
    }
    if (definition->security_invoker && definition->security_barrier)
        buf_add(p->out, STR(" WITH (security_invoker = true, security_barrier = true)"));
    else if (definition->security_invoker)
        buf_add(p->out, STR(" WITH (security_invoker = true)"));
    else if (definition->security_barrier)
        buf_add(p->out, STR(" WITH (security_barrier = true)"));
    buf_format(p->out, " AS\n" STR_FMT, STR_ARG(str_trim(definition->text)));
    if (definition->check_option)
        buf_add(p->out, STR("\nWITH CHECK OPTION"));
    if (is_materialized && definition->with_no_data)
        buf_add(p->out, STR("\nWITH NO DATA"));
    buf_add(p->out, STR(";\n"));
}

/* Views after the views they read. `done` holds those that were printed. */
static void print_view_after(const Printer *p, const Table *view, StrMap *done, uint32_t depth)
{
    Str key = str_format(p->scratch, STR_FMT "." STR_FMT, STR_ARG(view->schema),
                         STR_ARG(view->name.text));
    if (!view->view || view->is_temporary || map_get(done, key) || depth > 200)
        return;
    map_set(p->scratch, done, key, p->scratch);
    for (uint32_t i = 0; i < view->depends_on.n; i++)
        print_view_after(p, view->depends_on.items[i], done, depth + 1);
    bool needs_path = is_elsewhere(p, view->schema) && view->origin &&
                      view->origin->target.schema.text.length == 0;
    if (needs_path)
        print_path(p, view->schema);
    print_view(p, view);
    if (needs_path)
        print_end_of_path(p);
    if (view->kind == TABLE_MATERIALIZED_VIEW)
        print_table_indexes(p, view);
}

/* ---- tables ---- */

/* Parents before their heirs. */
static void print_table_after(const Printer *p, const Table *table, StrMap *done, uint32_t depth)
{
    Str key = str_format(p->scratch, STR_FMT "." STR_FMT, STR_ARG(table->schema),
                         STR_ARG(table->name.text));
    if (map_get(done, key) || depth > 200)
        return;
    map_set(p->scratch, done, key, p->scratch);
    if (table->partition_of)
        print_table_after(p, table->partition_of, done, depth + 1);
    for (uint32_t i = 0; i < table->inherits.n; i++)
        print_table_after(p, table->inherits.items[i], done, depth + 1);
    /* Defaults and checks name functions as its schema finds them. */
    bool needs_path = is_elsewhere(p, table->schema) && table->origin &&
                      table->origin->target.schema.text.length == 0;
    if (needs_path)
        print_path(p, table->schema);
    print_table(p, table);
    if (needs_path)
        print_end_of_path(p);
}

typedef void TablePrinter(const Printer *p, const Table *table);

/* Calls `print` for each table that is there to stay. */
static void for_tables(const Printer *p, TablePrinter *print, bool with_views)
{
    const StrMap *tables = &p->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        if (!table->is_temporary && (with_views || table->kind == TABLE_TABLE))
            print(p, table);
    }
}

static void print_own_indexes(const Printer *p, const Table *table)
{
    if (!table->partition_of) /* partitions are printed with their table */
        print_table_indexes(p, table);
}

static void print_late_foreign_keys(const Printer *p, const Table *table)
{
    if (p->dialect != DIALECT_SQLITE)
        print_table_foreign_keys(p, table);
}

void print_sql(Buf *out, const Schema *schema, Arena *scratch)
{
    Printer printer = {
        .out = out, .schema = schema, .scratch = scratch, .dialect = schema->dialect};
    const Printer *p = &printer;
    StrMap done = {0};
    bool is_postgresql = schema->dialect == DIALECT_POSTGRESQL;
    const StrMap *tables = &schema->tables;
    print_namespaces(p);
    print_types(p);
    print_sequences(p);
    if (is_postgresql && schema->functions.n > 0)
        buf_add(out, STR("SET check_function_bodies = false;\n"));
    print_functions(p, false);
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        if (!table->is_temporary && table->kind == TABLE_TABLE)
            print_table_after(p, table, &done, 0);
    }
    for_tables(p, print_own_indexes, false);
    for_tables(p, print_table_late, false);
    for_tables(p, print_late_foreign_keys, false);
    print_sequence_owners(p);
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e))
        print_view_after(p, e->value, &done, 0);
    print_functions(p, true);
    for_tables(p, print_triggers, true);
    for_tables(p, print_security, false);
    if (is_postgresql)
        for_tables(p, print_table_grants, true);
    for_tables(p, print_comments, true);
}
