/* D19: a column that is named and typed like a reference to a table of the schema, and is none.
 *
 * A guess by name, so every doubt counts against it: no foreign keys anywhere (the project does
 * without), tables that keep history, pairs of id and type that point at several tables. */
#include "rules/advice.h"
#include "rules/words.h"

/* Rows that outlive what they speak of. */
static const char history_words[] =
    "log logs audit audits history histories event events archive archives archived backup backups "
    "snapshot snapshots staging import imports tmp temp old stats statistics analytics metric "
    "metrics "
    "version versions raw queue outbox deleted migration migrations";

static bool keeps_history(Arena *out, const Table *table)
{
    StrVec words = words_of(out, table->name.text);
    return words_have(&words, history_words);
}

static bool is_in_foreign_key(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        for (uint32_t j = 0; j < table->foreign_keys.items[i]->columns.n; j++) {
            if (table->foreign_keys.items[i]->columns.items[j] == column)
                return true;
        }
    }
    return false;
}

/* Each partition may have the foreign key by itself. */
static bool is_in_partitions_foreign_key(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->partitions.n; i++) {
        const Table *partition = table->partitions.items[i];
        const Column *its = table_column(partition, column->name.text);
        if (its && is_in_foreign_key(partition, its))
            return true;
    }
    return false;
}

/* comments.subject_id beside subject_type: the type says which table is meant. */
static bool is_polymorphic(Arena *out, const Table *table, const StrVec *words)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        StrVec other = words_of(out, table->columns.items[i]->name.text);
        if (other.n != words->n ||
            !word_is_in(other.items[other.n - 1], "type kind class table model"))
            continue;
        bool is_same = true;
        for (uint32_t j = 0; j + 1 < words->n; j++)
            is_same = is_same && str_equal(other.items[j], words->items[j]);
        if (is_same)
            return true;
    }
    return false;
}

/* Tables by the singular of their names; a name that two tables share means neither. */
static StrMap tables_by_key(Arena *out, const Schema *schema)
{
    static const Table ambiguous;
    StrMap map = {0};
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Table *table = e->value;
        if (!table_is_base(table) || table->is_temporary || table->partition_of)
            continue;
        StrVec words = words_of(out, table->name.text);
        Str key = words_key(out, &words);
        if (str_is_empty(key))
            continue;
        const void *known = map_get(&map, key);
        map_set(out, &map, key, known ? (void *)(uintptr_t)&ambiguous : table);
    }
    return map;
}

static void advise(RuleContext *context, Finding *finding, const Schema *schema, Column *column,
                   const Table *target)
{
    Arena *out = rule_arena(context);
    Dialect dialect = rule_dialect(context);
    const Table *table = column->table;
    if (!rule_wants_remedies(context) || dialect == DIALECT_SQLITE ||
        !str_is_absent(table->partition_by.strategy))
        return;
    ColumnVec columns = {0};
    VEC_PUSH(out, &columns, column);
    if (dialect != DIALECT_MYSQL && !table_index_covering(table, &columns))
        advise_index(context, finding, schema, table, &columns, false);
    StrVec names = {0};
    VEC_PUSH(out, &names, column->name.text);
    Str name = sql_identifier(out, dialect,
                              advice_constraint_name(out, table, table->name.text, &names, "fkey"));
    Str on = sql_table_name(out, schema, table);
    Str to = sql_table_name(out, schema, target);
    Str from_column = sql_identifier(out, dialect, column->name.text);
    Str to_column = sql_identifier(out, dialect, target->primary_key->columns.items[0]->name.text);
    bool is_postgresql = dialect == DIALECT_POSTGRESQL;
    Remedy *remedy = report_remedy(
        context, finding,
        str_format(out, "Let " STR_FMT "." STR_FMT " reference " STR_FMT, STR_ARG(on),
                   STR_ARG(from_column), STR_ARG(to)),
        str_format(out,
                   "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT " FOREIGN KEY (" STR_FMT
                   ") REFERENCES " STR_FMT " (" STR_FMT ")%s;",
                   STR_ARG(on), STR_ARG(name), STR_ARG(from_column), STR_ARG(to),
                   STR_ARG(to_column), is_postgresql ? " NOT VALID" : ""));
    remedy->undo = dialect == DIALECT_MYSQL
                       ? str_format(out, "ALTER TABLE " STR_FMT " DROP FOREIGN KEY " STR_FMT ";",
                                    STR_ARG(on), STR_ARG(name))
                       : str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";",
                                    STR_ARG(on), STR_ARG(name));
    Str orphans = str_format(out,
                             "SELECT count(*) FROM " STR_FMT " a WHERE a." STR_FMT
                             " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " STR_FMT
                             " b WHERE b." STR_FMT " = a." STR_FMT "); -- 0",
                             STR_ARG(on), STR_ARG(from_column), STR_ARG(to), STR_ARG(to_column),
                             STR_ARG(from_column));
    remedy->verify = orphans;
    remedy->risk =
        is_postgresql
            ? STR("from now on an insert without its parent fails, and so does deleting a "
                  "parent that is still referenced")
            : STR("fails where a row has no parent; copies the table and blocks writes");
    if (!is_postgresql)
        return;
    remedy =
        report_remedy(context, finding, STR("Check the rows that are there"),
                      str_format(out, "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT ";",
                                 STR_ARG(on), STR_ARG(name)));
    remedy->verify = orphans;
    remedy->undo = STR("nothing to undo");
    remedy->risk =
        str_format(out, "fails where a row of " STR_FMT " has no parent: repair those first",
                   STR_ARG(table->name.text));
}

/* Most names are told without taking them apart into words. */
static bool may_end_in_id(Str name)
{
    while (name.length > 0 && strchr("_ -.", name.data[name.length - 1]))
        name.length--;
    return name.length > 2 &&
           str_equal_ignore_case(str_slice(name, name.length - 2, name.length), STR("id"));
}

/* The table that the column's name and type speak of; NULL where there is a foreign key, or doubt.
 */
static Table *likely_target(Arena *out, const StrMap *tables, const Column *column)
{
    const Table *table = column->table;
    /* What is cheap and says no to most comes first. */
    if (!may_end_in_id(column->name.text) || is_in_foreign_key(table, column))
        return NULL;
    StrVec words = words_of(out, column->name.text);
    if (words.n < 2 || !str_equal(words.items[words.n - 1], STR("id")) || column->is_inherited ||
        column->generated != GENERATED_NONE)
        return NULL;
    StrVec stem = words;
    stem.n--;
    Table *target = map_get(tables, words_key(out, &stem));
    if (!target || !target->primary_key || target == table ||
        !str_equal_ignore_case(target->schema, table->schema))
        return NULL;
    const Key *primary = target->primary_key;
    if (primary->columns.n != 1 ||
        !type_matches_for_key(&column->type, &primary->columns.items[0]->type) ||
        column->type.array_dims > 0 || column->type.family == TYPE_UNKNOWN ||
        column->type.family == TYPE_OTHER)
        return NULL;
    if (is_in_partitions_foreign_key(table, column) || is_polymorphic(out, table, &words) ||
        keeps_history(out, table))
        return NULL;
    return target;
}

static void report_column(RuleContext *context, const Schema *schema, Column *column,
                          const Table *target)
{
    Arena *out = rule_arena(context);
    Finding *finding =
        report(context, place_is_set(column->name.place) ? column->name.place : column->place,
               STR_FMT "." STR_FMT " looks like a reference to " STR_FMT
                       ", but nothing keeps it pointing at one",
               STR_ARG(table_title(out, schema, column->table)), STR_ARG(column->name.text),
               STR_ARG(table_title(out, schema, target)));
    report_table(context, finding, column->table, column);
    report_related(context, finding, target->primary_key->place, "the key of " STR_FMT,
                   STR_ARG(table_title(out, schema, target)));
    advise(context, finding, schema, column, target);
}

typedef struct {
    Column *column;
    Table *target;
} Candidate;
typedef Vec(Candidate) CandidateVec;

static void add_candidates(Arena *out, const StrMap *tables, const Table *table,
                           CandidateVec *candidates)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of || str_equal_ignore_case(table->engine, STR("myisam")))
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        Table *target = likely_target(out, tables, table->columns.items[i]);
        if (target)
            VEC_PUSH(out, candidates,
                     ((Candidate){.column = table->columns.items[i], .target = target}));
    }
}

static Str table_key_of(Arena *out, const Table *table)
{
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(table->schema), STR_ARG(table->name.text));
}

/* Parents to which a foreign key was dropped by name and not added again: the project has decided
 * to do without them. */
static StrMap given_up(Arena *out, const CandidateVec *candidates)
{
    StrMap targets = {0};
    for (uint32_t i = 0; i < candidates->n; i++) {
        if (candidates->items[i].column->lost_foreign_key)
            map_set(out, &targets, table_key_of(out, candidates->items[i].target),
                    candidates->items[i].target);
    }
    return targets;
}

static void report_candidates(RuleContext *context, const Schema *schema, Arena *scratch,
                              const CandidateVec *candidates)
{
    StrMap without = given_up(scratch, candidates);
    for (uint32_t i = 0; i < candidates->n; i++) {
        const Candidate *one = &candidates->items[i];
        if (!map_get(&without, table_key_of(scratch, one->target)))
            report_column(context, schema, one->column, one->target);
    }
}

static void on_database(RuleContext *context, const Database *database)
{
    const Schema *schema = database->schema;
    Arena scratch = {0};
    StrMap tables = tables_by_key(&scratch, schema);
    CandidateVec candidates = {0};
    uint32_t n_foreign_keys = 0;
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        n_foreign_keys += table->partition_of ? 0 : table->foreign_keys.n;
        add_candidates(&scratch, &tables, table, &candidates);
    }
    bool does_without = n_foreign_keys < candidates.n || n_foreign_keys == 0;
    if (!does_without)
        report_candidates(context, schema, &scratch, &candidates);
    arena_release(&scratch);
}

const Rule rule_missing_foreign_key = {
    .id = "missing-foreign-key",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a column named and typed like a reference to another table, without a foreign key",
    .why = "Nothing stops a row from pointing at a parent that never was, or is no longer, "
           "there. Joins then drop the row in silence, and nobody notices until the sums differ.",
    .instead = "A foreign key, with an index on the column. Where the reference is loose on "
               "purpose (another system's id, rows that outlive their parent), suppress this "
               "with that reason.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE products (id bigint PRIMARY KEY);\n"
           "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    customer_id bigint NOT NULL REFERENCES customers (id),\n"
           "    product_id bigint NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE products (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    customer_id bigint NOT NULL REFERENCES customers (id),\n"
            "    product_id bigint NOT NULL REFERENCES products (id)\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    .on_database = on_database,
};
