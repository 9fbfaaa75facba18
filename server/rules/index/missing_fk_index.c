/* I01: a foreign key that no index serves. PostgreSQL, SQL Server and SQLite index only the side
 * that is referenced; MySQL makes the other index itself. */
#include "rules/advice.h"
#include "rules/context.h"
#include "rules/model_edit.h"

enum {
    SHOWN_QUERIES = 3,
    MAX_QUERIES = 2000, /* a few examples are wanted, not all */
};

static bool is_plain_not_null(const Expression *where, Str column)
{
    if (where->columns.n != 1 || where->functions.n > 0 ||
        !str_equal_ignore_case(where->columns.items[0].column.text, column))
        return false;
    Str text = str_trim(where->text);
    while (str_ends_with(text, STR(")")))
        text = str_trim(str_slice(text, 0, text.length - 1));
    return text.length > 11 && str_equal_ignore_case(str_slice(text, text.length - 11, text.length),
                                                     STR("is not null"));
}

static bool is_partial_on(const Index *index, const Column *column)
{
    return index->where && index->parts.n > 0 && index->parts.items[0].column == column &&
           (str_equal(index->method, STR("btree")) || str_equal(index->method, STR("hash")));
}

/* A partial index WHERE c IS NOT NULL leaves out only rows that reference nothing. */
static bool has_partial_index(const Table *table, const ColumnVec *columns)
{
    if (columns->n != 1)
        return false;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (is_partial_on(index, columns->items[0]) &&
            is_plain_not_null(index->where, columns->items[0]->name.text))
            return true;
    }
    return false;
}

/* Who sees one there would doubt the finding. */
static void relate_partial_indexes(RuleContext *context, Finding *finding, const Table *table,
                                   const Column *column)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (is_partial_on(index, column))
            report_related(context, finding,
                           place_is_set(index->name_place) ? index->name_place : index->place,
                           STR_FMT " starts with it, but only has the rows of its WHERE",
                           STR_ARG(index->name.text));
    }
}

static bool is_same_set(const ColumnVec *a, const ColumnVec *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        bool found = false;
        for (uint32_t j = 0; j < b->n; j++)
            found = found || a->items[i] == b->items[j];
        if (!found)
            return false;
    }
    return true;
}

static bool is_reported_for_another(const Table *table, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (!table->foreign_keys.items[i]->inherited_from &&
            is_same_set(&table->foreign_keys.items[i]->columns,
                        &table->foreign_keys.items[index]->columns))
            return true;
    }
    return false;
}

static bool uses(const Query *query, const ColumnUseVec *columns, const Table *table,
                 const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        const ColumnUse *use = &columns->items[i];
        if (!str_equal(use->column.text, column->name.text) || use->table >= query->tables.n)
            continue;
        if (str_equal(query->tables.items[use->table].table.name.text, table->name.text))
            return true;
    }
    return false;
}

static void relate_queries(RuleContext *context, Finding *finding, const Table *table,
                           const Column *column)
{
    if (!context->database)
        return;
    const QueryPointerVec *queries = &context->database->queries;
    uint32_t n_shown = 0;
    for (uint32_t i = 0; i < queries->n && i < MAX_QUERIES && n_shown < SHOWN_QUERIES; i++) {
        const Query *query = queries->items[i];
        bool filters = uses(query, &query->filters, table, column);
        if (!filters && !uses(query, &query->joins, table, column))
            continue;
        report_related(context, finding, query->place, "this query %s by " STR_FMT,
                       filters ? "filters" : "joins", STR_ARG(column->name.text));
        n_shown++;
    }
}

/* Beside the table's own definition only: an index on a table that is in use is a remedy. */
static void add_fix(RuleContext *context, Finding *finding, const Schema *schema,
                    const ForeignKey *key)
{
    if (!key->origin || !key->table->origin || !rule_can_edit(context, key->place) ||
        !rule_can_edit(context, key->table->place))
        return;
    Arena *out = rule_arena(context);
    Dialect dialect = rule_dialect(context);
    Str name = advice_index_name(out, schema, key->table, &key->columns, "idx");
    Fix *fix = report_fix(context, finding, "Add the index after the table");
    fix_add_after(context, fix, key->origin->statement,
                  str_format(out, "CREATE INDEX " STR_FMT " ON " STR_FMT " (" STR_FMT ")",
                             STR_ARG(sql_identifier(out, dialect, name)),
                             STR_ARG(sql_table_name(out, schema, key->table)),
                             STR_ARG(sql_column_list(out, dialect, &key->columns))));
}

/* The models declare an index that no migration makes yet: drift-index says so, and two indexes
 * would be one too many. */
static bool is_declared_and_due(const RuleContext *context, const Schema *schema,
                                const Table *table, const ColumnVec *columns)
{
    const Database *database = context->database;
    if (!database || !database->declared || schema != database->migrated)
        return false;
    const Table *declared = schema_counterpart(database->declared, table);
    ColumnVec theirs = advice_columns_in(context->arena, declared, columns);
    return theirs.n && table_index_covering(declared, &theirs);
}

static void check_key(RuleContext *context, const Schema *schema, const Table *table,
                      uint32_t index)
{
    const ForeignKey *key = table->foreign_keys.items[index];
    if (key->inherited_from || key->columns.n == 0 || key->columns.n != key->column_names.n ||
        is_reported_for_another(table, index) || table_index_covering(table, &key->columns) ||
        has_partial_index(table, &key->columns) ||
        is_declared_and_due(context, schema, table, &key->columns))
        return;
    Arena *out = rule_arena(context);
    Str names = advice_names(out, &key->columns, 4);
    Str from = table_title(out, schema, table);
    Str to =
        key->target ? table_title(out, schema, key->target) : advice_title(out, &key->target_name);
    Finding *finding = NULL;
    if (key->columns.n == 1)
        finding = report(context, key->place,
                         STR_FMT "." STR_FMT " references " STR_FMT ", but no index starts with it",
                         STR_ARG(from), STR_ARG(names), STR_ARG(to));
    else
        finding =
            report(context, key->place,
                   STR_FMT " of " STR_FMT " reference " STR_FMT ", but no index starts with them",
                   STR_ARG(names), STR_ARG(from), STR_ARG(to));
    report_table(context, finding, table, key->columns.n == 1 ? key->columns.items[0] : NULL);
    if (key->columns.n == 1)
        relate_partial_indexes(context, finding, table, key->columns.items[0]);
    relate_queries(context, finding, table, key->columns.items[0]);
    if (!fix_model_index(context, finding, table, &key->columns))
        add_fix(context, finding, schema, key);
    advise_index(context, finding, schema, table, &key->columns, false);
}

/* An index may be among what could not be read of a program. */
static bool is_partial(const Table *table)
{
    return table->origin && table->origin->kind == OP_CREATE_TABLE &&
           table->origin->as.create_table.is_partial;
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        is_partial(table))
        return;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        check_key(context, schema, table, i);
}

const Rule rule_missing_fk_index = {
    .id = "missing-fk-index",
    .since = "0.1",
    .group = GROUP_INDEX,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a foreign key whose columns no index starts with",
    .why = "Deleting or re-keying a row of the referenced table must find the rows that point at "
           "it: without an index it reads the whole referencing table, for each row deleted. "
           "Joins and lists by the parent do the same. Only the referenced side is indexed by "
           "itself (MySQL makes both indexes).",
    .instead = "An index whose first columns are those of the foreign key. One that goes on with "
               "what your queries filter and sort by serves both.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    customer_id bigint NOT NULL REFERENCES customers (id)\n"
           ");\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    customer_id bigint NOT NULL REFERENCES customers (id)\n"
            ");\n"
            "CREATE INDEX orders_customer_id_idx ON orders (customer_id);\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK "
               "https://www.sqlite.org/foreignkeys.html#fk_indexes",
    .on_table = on_table,
};
