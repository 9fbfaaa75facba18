/* D02: a counter of four bytes ends at two billion, and so does every column that copies it. */
#include "rules/advice.h"

static bool counts_up(const Column *column)
{
    return column->is_serial || column->auto_increment || column->identity != IDENTITY_NONE;
}

/* The last number of the type; NULL for bigint and what is no integer. */
static const char *last_value(const ColumnType *type)
{
    static const struct {
        TypeFamily family;
        const char *is_signed, *is_unsigned;
    } last[] = {{TYPE_TINYINT, "127", "255"},
                {TYPE_SMALLINT, "32,767", "65,535"},
                {TYPE_MEDIUMINT, "8,388,607", "16,777,215"},
                {TYPE_INTEGER, "2,147,483,647", "4,294,967,295"}};
    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
        if (last[i].family == type->family)
            return type->is_unsigned ? last[i].is_unsigned : last[i].is_signed;
    }
    return NULL;
}

/* The column of each single-column foreign key that points at `key`. */
static ColumnVec copies_of(Arena *out, const Column *key, bool *is_complete)
{
    ColumnVec copies = {0};
    *is_complete = true;
    const Table *table = key->table;
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ForeignKey *reference = table->referenced_by.items[i];
        for (uint32_t j = 0; j < reference->target_columns.n; j++) {
            if (reference->target_columns.items[j] != key || j >= reference->columns.n)
                continue;
            Column *copy = reference->columns.items[j];
            if (copy->is_inherited || reference->inherited_from)
                continue; /* goes with its parent's */
            bool is_known = false;
            for (uint32_t k = 0; k < copies.n; k++)
                is_known = is_known || copies.items[k] == copy;
            if (!is_known)
                VEC_PUSH(out, &copies, copy);
            if (copy->type.family == TYPE_UNKNOWN || copy->type.family == TYPE_OTHER)
                *is_complete = false;
        }
    }
    return copies;
}

static Str bigint_of(const Column *column)
{
    if (column->is_serial)
        return STR("bigserial");
    return column->type.is_unsigned ? STR("bigint unsigned") : STR("bigint");
}

static bool needs_change(const Column *column)
{
    return type_is_integer(column->type.family) && column->type.family != TYPE_BIGINT;
}

/* All written types at once: changing only the key would leave its foreign keys behind. */
static void add_fix(RuleContext *context, Finding *finding, const Column *key,
                    const ColumnVec *copies)
{
    if (!advice_can_edit_type(context, key))
        return;
    for (uint32_t i = 0; i < copies->n; i++) {
        if (needs_change(copies->items[i]) && !advice_can_edit_type(context, copies->items[i]))
            return;
    }
    Fix *fix = copies->n > 0
                   ? report_fix(context, finding, "Make it bigint, and its foreign keys too")
                   : report_fix(context, finding, "Make it bigint");
    fix_replace(context, fix, key->type.place, bigint_of(key));
    for (uint32_t i = 0; i < copies->n; i++) {
        if (needs_change(copies->items[i]) && copies->items[i] != key)
            fix_replace(context, fix, copies->items[i]->type.place, bigint_of(copies->items[i]));
    }
}

/* The sequence of a serial column stays as narrow as it was made. */
static void advise_sequence(RuleContext *context, Finding *finding, const Schema *schema,
                            const Column *key)
{
    Arena *out = rule_arena(context);
    QualifiedName name = {
        .schema = {.text = key->table->schema},
        .name = {.text = str_format(out, STR_FMT "_" STR_FMT "_seq", STR_ARG(key->table->name.text),
                                    STR_ARG(key->name.text))}};
    const Sequence *sequence = schema_find_sequence(schema, &name);
    if (!sequence || sequence->owner != key)
        return;
    Str quoted = advice_beside(out, schema, key->table, sequence->schema, sequence->name.text);
    Remedy *remedy =
        report_remedy(context, finding, STR("Let its sequence count on"),
                      str_format(out, "ALTER SEQUENCE " STR_FMT " AS bigint;", STR_ARG(quoted)));
    remedy->undo = str_format(out, "ALTER SEQUENCE " STR_FMT " AS %s;", STR_ARG(quoted),
                              key->type.family == TYPE_SMALLINT ? "smallint" : "integer");
    remedy->risk = STR("takes an instant; inserts into the table wait for it");
}

static void add_remedies(RuleContext *context, Finding *finding, const Schema *schema,
                         const Column *key, const ColumnVec *copies)
{
    if (!advice_can_change_type(schema, key))
        return;
    for (uint32_t i = 0; i < copies->n; i++) {
        if (needs_change(copies->items[i]) && !advice_can_change_type(schema, copies->items[i]))
            return;
    }
    Str type = key->type.is_unsigned ? STR("bigint unsigned") : STR("bigint");
    advise_type(context, finding, schema, key, type, (Str){0});
    for (uint32_t i = 0; i < copies->n; i++) {
        if (needs_change(copies->items[i]) && copies->items[i] != key)
            advise_type(context, finding, schema, copies->items[i], type, (Str){0});
    }
    if (key->is_serial)
        advise_sequence(context, finding, schema, key);
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table->primary_key || table->primary_key->columns.n != 1 || table->partition_of ||
        table->is_temporary)
        return;
    const Column *key = table->primary_key->columns.items[0];
    const char *last = last_value(&key->type);
    if (!counts_up(key) || !last || key->is_inherited || key->type.array_dims > 0)
        return;

    Arena *out = rule_arena(context);
    bool is_complete = true;
    ColumnVec copies = copies_of(out, key, &is_complete);
    Finding *finding =
        report(context, place_is_set(key->type.place) ? key->type.place : key->place,
               STR_FMT "." STR_FMT " counts up to %s and then every insert fails",
               STR_ARG(table_title(out, schema, table)), STR_ARG(key->name.text), last);
    if (key->type.family == TYPE_INTEGER && key->type.is_unsigned)
        report_at_most(finding, SEVERITY_HINT); /* four billion is a long way */
    report_table(context, finding, table, key);
    for (uint32_t i = 0; i < copies.n && i < 5; i++) {
        if (needs_change(copies.items[i]))
            report_related(context, finding, copies.items[i]->place,
                           STR_FMT "." STR_FMT " copies it",
                           STR_ARG(table_title(out, schema, copies.items[i]->table)),
                           STR_ARG(copies.items[i]->name.text));
    }
    if (!is_complete)
        return;
    add_fix(context, finding, key, &copies);
    add_remedies(context, finding, schema, key, &copies);
}

const Rule rule_prefer_bigint_key = {
    .id = "prefer-bigint-key",
    .alias = "prefer-bigint-over-int prefer-bigint-over-smallint prefer-big-int",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLSERVER,
    .what = "a primary key that counts up in fewer than eight bytes",
    .why = "Rolled back inserts and deleted rows use numbers up too. When the last one is "
           "reached, every insert fails, and widening the key then means rewriting the table and "
           "all that reference it while nobody can use them. Alignment often eats the four bytes "
           "that the smaller key saves.",
    .instead = "bigint, for the key and the foreign keys that copy it. For a table that stays "
               "small by nature (countries, statuses), suppress this with that reason.",
    .bad = "CREATE TABLE orders (\n"
           "    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY\n"
           ");\n",
    .good = "CREATE TABLE orders (\n"
            "    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-numeric.html "
               "https://dev.mysql.com/doc/refman/8.0/en/integer-types.html",
    .on_table = on_table,
};
