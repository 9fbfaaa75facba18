/* D01: rows that nothing tells apart. */
#include "rules/advice.h"

/* A unique key or full unique index over NOT NULL columns: rows can be told apart by it. */
static const Index *identifying_index(const Table *table)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (!index->unique || index->where || index->parts.n == 0)
            continue;
        bool is_identifying = true;
        for (uint32_t j = 0; j < index->parts.n; j++)
            is_identifying = is_identifying && index->parts.items[j].column &&
                             !index->parts.items[j].column->is_nullable;
        if (is_identifying)
            return index;
    }
    return NULL;
}

/* A table of two or three foreign keys and little else: they are its natural key. Columns that
 * may be null are only where there is nothing else: a key over them makes them NOT NULL, but for
 * SQL Server. */
static bool is_link_table(Arena *out, const Table *table, Dialect dialect, ColumnVec *columns)
{
    enum { MAX_OTHER_COLUMNS = 2 }; /* created_at, position */
    bool may_be_null = table->columns.n == table->foreign_keys.n && dialect != DIALECT_SQLSERVER;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (key->columns.n != 1 || (key->columns.items[0]->is_nullable && !may_be_null))
            return false;
        VEC_PUSH(out, columns, key->columns.items[0]);
    }
    return columns->n >= 2 && columns->n <= 3 && columns->items[0] != columns->items[1] &&
           table->columns.n - columns->n <= MAX_OTHER_COLUMNS;
}

static bool has_nullable(const ColumnVec *columns)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i]->is_nullable)
            return true;
    }
    return false;
}

static void advise_key_of(RuleContext *context, Finding *finding, const Schema *schema,
                          const Table *table, const ColumnVec *columns)
{
    if (!rule_wants_remedies(context))
        return;
    Arena *out = rule_arena(context);
    Dialect dialect = rule_dialect(context);
    Str on = sql_table_name(out, schema, table);
    Str list = sql_column_list(out, dialect, columns);
    Str name = advice_index_name(out, schema, table, &(ColumnVec){0}, "pkey");
    Str quoted = sql_identifier(out, dialect, name);
    Remedy *remedy = NULL;
    if (dialect == DIALECT_POSTGRESQL) {
        remedy = report_remedy(context, finding,
                               str_format(out, "Build a unique index on " STR_FMT " (" STR_FMT ")",
                                          STR_ARG(on), STR_ARG(list)),
                               str_format(out,
                                          "CREATE UNIQUE INDEX CONCURRENTLY " STR_FMT " ON " STR_FMT
                                          " (" STR_FMT ");",
                                          STR_ARG(quoted), STR_ARG(on), STR_ARG(list)));
        remedy->outside_transaction = true;
        remedy->verify = str_format(out,
                                    "SELECT " STR_FMT ", count(*) FROM " STR_FMT
                                    " GROUP BY " STR_FMT " HAVING count(*) > 1; -- no rows",
                                    STR_ARG(list), STR_ARG(on), STR_ARG(list));
        remedy->undo =
            str_format(out, "DROP INDEX CONCURRENTLY IF EXISTS " STR_FMT ";", STR_ARG(quoted));
        remedy->risk = str_format(out,
                                  "fails, and leaves the index invalid, where two rows of " STR_FMT
                                  " agree in (" STR_FMT ")",
                                  STR_ARG(table->name.text), STR_ARG(list));
        remedy = report_remedy(context, finding, STR("Make it the primary key"),
                               str_format(out,
                                          "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT
                                          " PRIMARY KEY USING INDEX " STR_FMT ";",
                                          STR_ARG(on), STR_ARG(quoted), STR_ARG(quoted)));
        remedy->risk =
            has_nullable(columns)
                ? STR("reads the whole table under ACCESS EXCLUSIVE to see that none is null")
                : STR("takes ACCESS EXCLUSIVE for a moment");
    } else {
        remedy =
            report_remedy(context, finding, STR("Make them the primary key"),
                          str_format(out, "ALTER TABLE " STR_FMT " ADD PRIMARY KEY (" STR_FMT ");",
                                     STR_ARG(on), STR_ARG(list)));
        remedy->risk = str_format(
            out, "rebuilds the table; fails where two rows of " STR_FMT " agree in (" STR_FMT ")",
            STR_ARG(table->name.text), STR_ARG(list));
    }
    remedy->undo = dialect == DIALECT_MYSQL
                       ? str_format(out, "ALTER TABLE " STR_FMT " DROP PRIMARY KEY;", STR_ARG(on))
                       : str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";",
                                    STR_ARG(on), STR_ARG(quoted));
}

static void advise_new_column(RuleContext *context, Finding *finding, const Schema *schema,
                              const Table *table)
{
    Arena *out = rule_arena(context);
    Str on = sql_table_name(out, schema, table);
    Str name = STR("id");
    Str action = {0};
    switch (rule_dialect(context)) {
    case DIALECT_POSTGRESQL:
        action = str_format(
            out, "ADD COLUMN " STR_FMT " bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            STR_ARG(name));
        break;
    case DIALECT_MYSQL:
        action = str_format(
            out, "ADD COLUMN " STR_FMT " bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY",
            STR_ARG(name));
        break;
    case DIALECT_SQLSERVER:
        action = str_format(out, "ADD " STR_FMT " bigint IDENTITY PRIMARY KEY", STR_ARG(name));
        break;
    case DIALECT_SQLITE: /* needs the table built anew */
        return;
    }
    Remedy *remedy = report_remedy(
        context, finding,
        str_format(out, "Number the rows of " STR_FMT, STR_ARG(table_title(out, schema, table))),
        str_format(out, "ALTER TABLE " STR_FMT " " STR_FMT ";", STR_ARG(on), STR_ARG(action)));
    remedy->undo = str_format(out, "ALTER TABLE " STR_FMT " DROP COLUMN " STR_FMT ";", STR_ARG(on),
                              STR_ARG(name));
    remedy->verify =
        str_format(out, "SELECT count(*), count(DISTINCT " STR_FMT ") FROM " STR_FMT ";",
                   STR_ARG(name), STR_ARG(on));
    remedy->risk =
        str_format(out,
                   "rewrites " STR_FMT
                   " while nobody else can use it; prefer a natural key where the rows have "
                   "one",
                   STR_ARG(table->name.text));
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->primary_key || table->partition_of || table->columns.n == 0 ||
        table->inherits.n > 0 || !table->origin || table->origin->kind != OP_CREATE_TABLE)
        return;
    /* Where a part of the definition is not shown, the key may be in it; and a table that an ORM
     * makes by itself, nobody can give one. */
    const TableDef *definition = &table->origin->as.create_table;
    if (definition->is_partial || definition->as_query || definition->likes.n > 0 ||
        definition->is_implicit)
        return;

    Arena *out = rule_arena(context);
    Str title = table_title(out, schema, table);
    const Index *index = identifying_index(table);
    Place place = place_is_set(table->name.place) ? table->name.place : table->place;
    if (index) {
        ColumnVec columns = {0};
        for (uint32_t i = 0; i < index->parts.n; i++)
            VEC_PUSH(out, &columns, index->parts.items[i].column);
        Finding *finding = report(
            context, place,
            STR_FMT " has no primary key; (" STR_FMT ") is unique and never null, so it could be",
            STR_ARG(title), STR_ARG(sql_column_list(out, rule_dialect(context), &columns)));
        report_at_most(finding, SEVERITY_HINT);
        report_table(context, finding, table, NULL);
        report_related(context, finding, index->place, "the unique key");
        return;
    }
    Column *id = table_column(table, STR("id"));
    Finding *finding = report(context, place, STR_FMT " has no primary key%s", STR_ARG(title),
                              id ? ", though it has a column id" : "");
    report_table(context, finding, table, NULL);
    bool is_partitioned = !str_is_absent(table->partition_by.strategy);
    if (rule_dialect(context) == DIALECT_SQLITE || is_partitioned)
        report_at_most(finding, SEVERITY_INFO); /* a rowid; keys need the partition's columns */
    if (rule_dialect(context) == DIALECT_SQLITE || is_partitioned)
        return;
    ColumnVec columns = {0};
    if (id)
        VEC_PUSH(out, &columns, id);
    if (id || is_link_table(out, table, rule_dialect(context), &columns))
        advise_key_of(context, finding, schema, table, &columns);
    else
        advise_new_column(context, finding, schema, table);
}

const Rule rule_missing_primary_key = {
    .id = "missing-primary-key",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a table without a primary key",
    .why = "Nothing tells two equal rows apart: the same row can be inserted twice, an UPDATE or "
           "DELETE cannot name one of them, foreign keys cannot point at it, and logical "
           "replication refuses to replay updates.",
    .instead = "The columns that identify a row, if they are short and never change (for a link "
               "table, its foreign keys); otherwise an identity column.",
    .bad = "CREATE TABLE order_lines (\n"
           "    order_id bigint NOT NULL,\n"
           "    product_id bigint NOT NULL,\n"
           "    quantity integer NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE order_lines (\n"
            "    order_id bigint NOT NULL,\n"
            "    product_id bigint NOT NULL,\n"
            "    quantity integer NOT NULL,\n"
            "    PRIMARY KEY (order_id, product_id)\n"
            ");\n",
    .sources =
        "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS "
        "https://www.postgresql.org/docs/current/logical-replication-publication.html",
    .on_table = on_table,
};
