/* D31: phone1, phone2, phone3 is a table laid on its side. */
#include "rules/advice.h"
#include "rules/words.h"

enum {
    ENOUGH = 3, /* three in a row are no accident */
    MAX_DIGITS = 2,
};

/* Things of which two columns already mean "several". */
static const char repeated_words[] = "phone telephone tel mobile fax email mail contact image "
                                     "photo picture tag keyword attachment child";
/* What numbers belong to by nature: lines of one address, hashes, percentiles, versions. */
static const char numbered_words[] =
    "address addr line street md sha rsa p v ipv h x y z q level tier layer utf base lat lng";

typedef struct {
    Str stem;
    uint32_t number;
} Numbered;

/* "phone_2" and "phone2" are phone and 2. False where the name does not end so. */
static bool split_number(Str name, Numbered *result)
{
    uint32_t at = name.length;
    while (at > 0 && name.data[at - 1] >= '0' && name.data[at - 1] <= '9')
        at--;
    uint32_t n_digits = name.length - at;
    if (n_digits == 0 || n_digits > MAX_DIGITS || at == 0)
        return false;
    uint32_t number = 0;
    for (uint32_t i = at; i < name.length; i++)
        number = number * 10 + (uint32_t)(name.data[i] - '0');
    if (name.data[at - 1] == '_')
        at--;
    if (at == 0)
        return false;
    *result = (Numbered){.stem = str_slice(name, 0, at), .number = number};
    return true;
}

static bool is_same_kind(const Column *a, const Column *b)
{
    return a->type.family == b->type.family && a->type.array_dims == b->type.array_dims;
}

static const Column *find_numbered(const Table *table, Str stem, uint32_t number)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        Numbered other;
        if (split_number(table->columns.items[i]->name.text, &other) && other.number == number &&
            str_equal_ignore_case(other.stem, stem))
            return table->columns.items[i];
    }
    return NULL;
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    enum { MAX_COLUMNS = 1000 }; /* beyond it no person laid this out, and pairs are many */
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of || table->columns.n > MAX_COLUMNS)
        return;
    Arena *out = rule_arena(context);
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *first = table->columns.items[i];
        Numbered start;
        if (!split_number(first->name.text, &start) || start.number > 1 || first->is_inherited)
            continue;
        if (start.number == 1 && find_numbered(table, start.stem, 0))
            continue; /* counted from 0 */
        StrVec words = words_of(out, start.stem);
        if (words.n == 0 || words_have(&words, numbered_words) || start.stem.length < 2)
            continue;
        ColumnVec columns = {0};
        VEC_PUSH(out, &columns, table->columns.items[i]);
        for (;;) {
            const Column *next = find_numbered(table, start.stem, start.number + columns.n);
            if (!next || !is_same_kind(first, next))
                break;
            VEC_PUSH(out, &columns, table->columns.items[table_column_position(table, next)]);
        }
        bool is_list =
            columns.n >= ENOUGH || (columns.n == 2 && words_have(&words, repeated_words));
        if (!is_list)
            continue;
        Finding *finding =
            report(context, place_is_set(first->name.place) ? first->name.place : first->place,
                   STR_FMT " of " STR_FMT
                           " are one list in %u columns: rows of a table of their own hold any "
                           "number",
                   STR_ARG(advice_names(out, &columns, 3)),
                   STR_ARG(table_title(out, schema, table)), columns.n);
        report_table(context, finding, table, first);
        for (uint32_t j = 1; j < columns.n && j < 10; j++)
            report_related(context, finding, columns.items[j]->place, STR_FMT,
                           STR_ARG(columns.items[j]->name.text));
    }
}

const Rule rule_repeated_columns = {
    .id = "repeated-columns",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_HINT,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "numbered columns that hold a list: phone1, phone2, phone3",
    .why = "A search must name every column, an index is needed on each, nothing keeps the "
           "values distinct, and the next value needs a migration.",
    .instead = "A table with one row per value and a foreign key back; or, for values that are "
               "only ever read together, an array or JSON column.",
    .bad = "CREATE TABLE customers (\n"
           "    id bigint PRIMARY KEY,\n"
           "    phone1 text,\n"
           "    phone2 text,\n"
           "    phone3 text\n"
           ");\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE customer_phones (\n"
            "    customer_id bigint NOT NULL REFERENCES customers (id),\n"
            "    phone text NOT NULL,\n"
            "    PRIMARY KEY (customer_id, phone)\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/tutorial-fk.html",
    .on_table = on_table,
};
