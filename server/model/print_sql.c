#include "model/print_sql.h"

#include "base/panic.h"
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

/* ---- what comes before tables ---- */

static void print_namespaces(const Printer *p)
{
    const StrMap *schemas = &p->schema->schemas;
    for (MapEntry *e = map_next(schemas, NULL); e; e = map_next(schemas, e)) {
        const Name *name = e->value;
        if (identifier_equal(p->dialect, name->text, schema_default_namespace(p->schema)))
            continue;
        buf_add(p->out, STR("CREATE SCHEMA "));
        print_name(p, name->text);
        buf_add(p->out, STR(";\n"));
    }
    for (uint32_t i = 0; i < p->schema->extensions.n; i++) {
        const Extension *extension = &p->schema->extensions.items[i];
        Str text = extension->origin ? print_written(extension->origin->statement) : (Str){0};
        if (text.length > 0) {
            buf_format(p->out, STR_FMT ";\n", STR_ARG(text));
            continue;
        }
        buf_add(p->out, STR("CREATE EXTENSION IF NOT EXISTS "));
        print_name(p, extension->name);
        buf_add(p->out, STR(";\n"));
    }
}

static void print_labels(const Printer *p, const Type *type)
{
    buf_add(p->out, STR(" AS ENUM ("));
    for (uint32_t i = 0; i < type->labels.n; i++) {
        if (i > 0)
            buf_add(p->out, STR(", "));
        buf_add(p->out, sql_string(p->scratch, p->dialect, type->labels.items[i].text));
    }
    buf_add_char(p->out, ')');
}

static void print_domain(const Printer *p, const Type *type)
{
    buf_add(p->out, STR(" AS "));
    print_type(p, &type->base);
    if (type->default_value)
        buf_format(p->out, " DEFAULT " STR_FMT, STR_ARG(type->default_value->text));
    if (type->is_not_null)
        buf_add(p->out, STR(" NOT NULL"));
    for (uint32_t i = 0; i < type->checks.n; i++) {
        buf_add(p->out, STR(" CONSTRAINT "));
        print_name(p, type->checks.items[i]->name.text);
        buf_add(p->out, STR(" CHECK "));
        print_in_parentheses(p, type->checks.items[i]->expression);
    }
}

static void print_user_type(const Printer *p, const Type *type)
{
    buf_add(p->out, type->kind == TYPE_DEF_DOMAIN ? STR("CREATE DOMAIN ") : STR("CREATE TYPE "));
    print_qualified(p, type->schema, type->name.text);
    switch (type->kind) {
    case TYPE_DEF_ENUM:
        print_labels(p, type);
        break;
    case TYPE_DEF_DOMAIN:
        print_domain(p, type);
        break;
    case TYPE_DEF_COMPOSITE:
        buf_add(p->out, STR(" AS ("));
        for (uint32_t i = 0; i < type->attributes.n; i++) {
            if (i > 0)
                buf_add(p->out, STR(", "));
            print_name(p, type->attributes.items[i]->name.text);
            buf_add_char(p->out, ' ');
            print_type(p, &type->attributes.items[i]->type);
        }
        buf_add_char(p->out, ')');
        break;
    case TYPE_DEF_RANGE:
        buf_add(p->out, STR(" AS RANGE (SUBTYPE = "));
        print_type(p, &type->base);
        buf_add_char(p->out, ')');
        break;
    case TYPE_DEF_SHELL:
        break;
    }
    buf_add(p->out, STR(";\n"));
}

static void print_types(const Printer *p)
{
    const StrMap *types = &p->schema->types;
    for (MapEntry *e = map_next(types, NULL); e; e = map_next(types, e))
        print_user_type(p, e->value);
    for (MapEntry *e = map_next(types, NULL); e; e = map_next(types, e)) {
        const Type *type = e->value;
        if (type->comment.length == 0)
            continue;
        buf_add(p->out, type->kind == TYPE_DEF_DOMAIN ? STR("COMMENT ON DOMAIN ")
                                                      : STR("COMMENT ON TYPE "));
        print_qualified(p, type->schema, type->name.text);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, type->comment)));
    }
}

static void print_option(const Printer *p, const char *word, const Expression *value)
{
    if (value)
        buf_format(p->out, " %s " STR_FMT, word, STR_ARG(value->text));
}

/* True where a column's own definition makes the sequence. */
static bool comes_with_column(const Printer *p, const Sequence *sequence)
{
    const Column *owner = sequence->owner;
    if (!owner || owner->sequence != sequence || !owner->table)
        return false;
    return owner->identity != IDENTITY_NONE ||
           (owner->is_serial && print_is_usual_sequence(p, owner));
}

static void print_sequences(const Printer *p)
{
    const StrMap *sequences = &p->schema->sequences;
    for (MapEntry *e = map_next(sequences, NULL); e; e = map_next(sequences, e)) {
        const Sequence *sequence = e->value;
        if (comes_with_column(p, sequence) || str_equal(sequence->schema, STR("pg_temp")))
            continue;
        buf_add(p->out, STR("CREATE SEQUENCE "));
        print_qualified(p, sequence->schema, sequence->name.text);
        if (sequence->type.canonical.length > 0)
            buf_format(p->out, " AS " STR_FMT, STR_ARG(sequence->type.canonical));
        const SequenceDef *definition = sequence->definition;
        if (definition) {
            print_option(p, "INCREMENT BY", definition->increment);
            print_option(p, "MINVALUE", definition->minimum);
            print_option(p, "MAXVALUE", definition->maximum);
            print_option(p, "START WITH", definition->start);
            print_option(p, "CACHE", definition->cache);
            if (definition->cycle)
                buf_add(p->out, STR(" CYCLE"));
        }
        buf_add(p->out, STR(";\n"));
    }
}

static void print_sequence_owners(const Printer *p)
{
    const StrMap *sequences = &p->schema->sequences;
    for (MapEntry *e = map_next(sequences, NULL); e; e = map_next(sequences, e)) {
        const Sequence *sequence = e->value;
        const Column *owner = sequence->owner;
        if (!owner || !owner->table || comes_with_column(p, sequence))
            continue;
        buf_add(p->out, STR("ALTER SEQUENCE "));
        print_qualified(p, sequence->schema, sequence->name.text);
        buf_add(p->out, STR(" OWNED BY "));
        print_table_name(p, owner->table);
        buf_add_char(p->out, '.');
        print_name(p, owner->name.text);
        buf_add(p->out, STR(";\n"));
    }
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

/* ---- access, comments ---- */

static Str command_name(PolicyCommand command)
{
    switch (command) {
    case POLICY_ALL:
        return STR("ALL");
    case POLICY_SELECT:
        return STR("SELECT");
    case POLICY_INSERT:
        return STR("INSERT");
    case POLICY_UPDATE:
        return STR("UPDATE");
    case POLICY_DELETE:
        return STR("DELETE");
    }
    UNREACHABLE();
}

/* PUBLIC and CURRENT_USER are words of the language, not names. */
static void print_role(const Printer *p, Str role)
{
    if (str_equal(role, STR("public")) || str_equal(role, STR("current_user")) ||
        str_equal(role, STR("session_user")) || str_equal(role, STR("current_role")))
        buf_add(p->out, role);
    else
        print_name(p, role);
}

static void print_policy(const Printer *p, const Table *table, const Policy *policy)
{
    buf_add(p->out, STR("CREATE POLICY "));
    print_name(p, policy->name.text);
    buf_add(p->out, STR(" ON "));
    print_table_name(p, table);
    if (policy->is_restrictive)
        buf_add(p->out, STR(" AS RESTRICTIVE"));
    buf_format(p->out, " FOR " STR_FMT, STR_ARG(command_name(policy->command)));
    for (uint32_t i = 0; i < policy->roles.n; i++) {
        buf_add(p->out, i == 0 ? STR(" TO ") : STR(", "));
        print_role(p, policy->roles.items[i].text);
    }
    if (policy->using_expression) {
        buf_add(p->out, STR(" USING "));
        print_in_parentheses(p, policy->using_expression);
    }
    if (policy->check_expression) {
        buf_add(p->out, STR(" WITH CHECK "));
        print_in_parentheses(p, policy->check_expression);
    }
    buf_add(p->out, STR(";\n"));
}

static void print_grants(const Printer *p, const GrantVec *grants, const char *kind, Str object)
{
    for (uint32_t i = 0; i < grants->n; i++) {
        const Grant *grant = &grants->items[i];
        for (uint32_t j = 0; j < grant->privileges.n; j++)
            buf_format(p->out, "%s" STR_FMT, j == 0 ? "GRANT " : ", ",
                       STR_ARG(grant->privileges.items[j]));
        buf_format(p->out, " ON %s " STR_FMT " TO ", kind, STR_ARG(object));
        print_role(p, grant->grantee);
        buf_add(p->out, STR(";\n"));
    }
}

static void print_comments(const Printer *p, const Table *table)
{
    if (p->dialect != DIALECT_POSTGRESQL)
        return;
    if (table->comment.length > 0) {
        buf_format(p->out, "COMMENT ON %s ",
                   table->kind == TABLE_VIEW                ? "VIEW"
                   : table->kind == TABLE_MATERIALIZED_VIEW ? "MATERIALIZED VIEW"
                                                            : "TABLE");
        print_table_name(p, table);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, table->comment)));
    }
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (column->comment.length == 0)
            continue;
        buf_add(p->out, STR("COMMENT ON COLUMN "));
        print_table_name(p, table);
        buf_add_char(p->out, '.');
        print_name(p, column->name.text);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, column->comment)));
    }
}

static void print_security(const Printer *p, const Table *table)
{
    if (p->dialect != DIALECT_POSTGRESQL)
        return;
    if (table->row_security) {
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" ENABLE ROW LEVEL SECURITY;\n"));
    }
    if (table->row_security_forced) {
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" FORCE ROW LEVEL SECURITY;\n"));
    }
    for (uint32_t i = 0; i < table->policies.n; i++)
        print_policy(p, table, table->policies.items[i]);
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

static void print_table_grants(const Printer *p, const Table *table)
{
    Arena *scratch = p->scratch;
    print_grants(p, &table->grants, "TABLE", sql_table_name(scratch, p->schema, table));
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
