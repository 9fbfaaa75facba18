/* D20: a foreign key must point at columns that are a key; a misspelt table is none. */
#include "rules/advice.h"

enum {
    MAX_TABLES_TO_GUESS = 2000, /* a guess is for a person; beyond this it only costs time */
    MAX_NAME = 64,
};

/* Edits of one letter between the two names, or 3 where there are more than two. */
static unsigned distance(Str a, Str b)
{
    enum { FAR = 3 };
    if (a.length > MAX_NAME || b.length > MAX_NAME || a.length > b.length + 2 ||
        b.length > a.length + 2)
        return FAR;
    unsigned rows[3][MAX_NAME + 1];
    for (unsigned j = 0; j <= b.length; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a.length; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *before_that = rows[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= b.length; j++) {
            unsigned best = before[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            if (before[j] + 1 < best)
                best = before[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            bool is_swap =
                i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1];
            if (is_swap && before_that[j - 2] + 1 < best)
                best = before_that[j - 2] + 1;
            now[j] = best;
        }
    }
    unsigned result = rows[a.length % 3][b.length];
    return result < FAR ? result : FAR;
}

static const Table *nearest_table(const Schema *schema, Str name)
{
    if (schema->tables.n > MAX_TABLES_TO_GUESS || name.length < 4)
        return NULL;
    const Table *nearest = NULL;
    unsigned least = name.length < 8 ? 2 : 3; /* fewer edits than this */
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        unsigned edits = table_is_base(table) ? distance(name, table->name.text) : least;
        if (edits < least) {
            least = edits;
            nearest = table;
        }
    }
    return nearest;
}

/* Columns that the files do not show may come from a parent, a LIKE or a query. */
static bool is_fully_known(const Table *table)
{
    if (!table_is_base(table) || !table->origin || table->origin->kind != OP_CREATE_TABLE ||
        table->columns.n == 0)
        return false;
    const TableDef *definition = &table->origin->as.create_table;
    return definition->likes.n == 0 && definition->inherits.n == 0 && !definition->as_query &&
           name_is_absent(definition->partition_of.name) && !definition->is_partial;
}

static void report_missing_table(RuleContext *context, const Schema *schema, const ForeignKey *key)
{
    const Table *nearest = nearest_table(schema, key->target_name.name.text);
    if (!nearest)
        return; /* in another schema, or in files that are not here */
    Finding *finding = report(context, place_is_set(key->references) ? key->references : key->place,
                              "there is no table " STR_FMT " here; did you mean " STR_FMT,
                              STR_ARG(key->target_name.name.text), STR_ARG(nearest->name.text));
    report_table(context, finding, key->table, NULL);
    report_related(context, finding, nearest->name.place, STR_FMT " is created here",
                   STR_ARG(nearest->name.text));
}

/* What a foreign key that names no columns points at when there is no primary key. */
static void report_missing_key(RuleContext *context, const Schema *schema, const ForeignKey *key)
{
    Arena *out = rule_arena(context);
    Finding *finding = report(context, place_is_set(key->references) ? key->references : key->place,
                              "this references the primary key of " STR_FMT ", which has none",
                              STR_ARG(table_title(out, schema, key->target)));
    report_table(context, finding, key->table, NULL);
    report_related(context, finding, key->target->name.place, STR_FMT " is created here",
                   STR_ARG(key->target->name.text));
}

static bool report_missing_column(RuleContext *context, const Schema *schema, const ForeignKey *key)
{
    for (uint32_t i = 0; i < key->target_column_names.n; i++) {
        Name name = key->target_column_names.items[i];
        if (table_column(key->target, name.text))
            continue;
        Finding *finding = report(context, place_is_set(name.place) ? name.place : key->place,
                                  STR_FMT " has no column " STR_FMT,
                                  STR_ARG(table_title(rule_arena(context), schema, key->target)),
                                  STR_ARG(name.text));
        report_table(context, finding, key->table, NULL);
        report_related(context, finding, key->target->name.place, STR_FMT " is created here",
                       STR_ARG(key->target->name.text));
        return true;
    }
    return false;
}

static void report_not_unique(RuleContext *context, const Schema *schema, const ForeignKey *key)
{
    Arena *out = rule_arena(context);
    Dialect dialect = rule_dialect(context);
    Str names = sql_column_list(out, dialect, &key->target_columns);
    Str target = table_title(out, schema, key->target);
    const char *effect = dialect == DIALECT_MYSQL    ? "which row is meant is undefined"
                         : dialect == DIALECT_SQLITE ? "every change of either table then fails"
                                                     : "the database refuses it";
    Finding *finding = report(context, place_is_set(key->references) ? key->references : key->place,
                              "this references " STR_FMT " (" STR_FMT
                              "), which is neither a primary nor a unique key: %s",
                              STR_ARG(target), STR_ARG(names), effect);
    if (dialect == DIALECT_MYSQL)
        report_at_most(finding, SEVERITY_WARNING);
    report_table(context, finding, key->table, NULL);
    report_related(context, finding, key->target->name.place, STR_FMT " is created here",
                   STR_ARG(key->target->name.text));
    if (dialect == DIALECT_MYSQL || dialect == DIALECT_SQLITE)
        advise_index(context, finding, schema, key->target, &key->target_columns, true);
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (key->inherited_from)
            continue;
        if (!key->target) {
            if (name_is_absent(key->target_name.schema))
                report_missing_table(context, schema, key);
            continue;
        }
        if (!is_fully_known(key->target))
            continue;
        if (key->target_column_names.n == 0) {
            if (!key->target->primary_key)
                report_missing_key(context, schema, key);
            continue;
        }
        if (report_missing_column(context, schema, key))
            continue;
        if (key->target_columns.n == key->target_column_names.n &&
            !table_is_unique_on(key->target, &key->target_columns))
            report_not_unique(context, schema, key);
    }
}

const Rule rule_fk_target_not_unique = {
    .id = "fk-target-not-unique",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a foreign key whose target is missing, or is not a key",
    .why = "A reference must mean one row. PostgreSQL and SQL Server refuse a target without a "
           "unique key; SQLite accepts it and fails at the next insert; older MySQL accepts it "
           "and does not say which row is meant.",
    .instead = "Reference the primary key, or give the target columns a unique constraint of "
               "exactly those columns. A partial or wider unique index does not count.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);\n"
           "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    customer_email text REFERENCES customers (email)\n"
           ");\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);\n"
            "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    customer_email text REFERENCES customers (email)\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK "
               "https://www.sqlite.org/foreignkeys.html#fk_indexes",
    .on_table = on_table,
};
