/* I03: an index that is the beginning of another one. */
#include "rules/advice.h"
#include "rules/index/compare.h"

/* Methods whose entries are sorted, so that a longer index answers for its beginning. */
static bool is_sorted(const RuleContext *context, const Index *index)
{
    return str_equal_ignore_case(index->method, STR("btree")) ||
           rule_dialect(context) == DIALECT_SQLITE || rule_dialect(context) == DIALECT_SQLSERVER;
}

static bool has_column(const Index *index, const Column *column)
{
    for (uint32_t i = 0; i < index->parts.n; i++) {
        if (index->parts.items[i].column == column)
            return true;
    }
    for (uint32_t i = 0; i < index->include.n; i++) {
        if (index->include.items[i] == column)
            return true;
    }
    return false;
}

/* Everything that `small` can do, `large` does. */
static bool is_covered(const RuleContext *context, const Index *small, const Index *large)
{
    if (small->unique || small->constraint || small->is_clustered || large->is_clustered ||
        small->parts.n > large->parts.n || !is_sorted(context, small) ||
        !index_same_kind(small, large) || !index_same_parts(small, large, small->parts.n))
        return false;
    if (small->parts.n == large->parts.n && !large->unique)
        return false; /* the same, or differing in what they include: not this rule's */
    if (large->constraint && large->constraint->deferrable)
        return false;
    for (uint32_t i = 0; i < small->include.n; i++) {
        if (!has_column(large, small->include.items[i]))
            return false;
    }
    return true;
}

static Finding *report_covered(RuleContext *context, const Index *small, const Index *large)
{
    Arena *out = rule_arena(context);
    Place place = place_is_set(small->name_place) ? small->name_place : small->place;
    Str title = index_key_title(out, large);
    if (small->parts.n == large->parts.n)
        return report(context, place, STR_FMT " does nothing that " STR_FMT " does not do",
                      STR_ARG(small->name.text), STR_ARG(title));
    return report(context, place,
                  STR_FMT " " STR_FMT " is the beginning of " STR_FMT
                          ", which serves the same queries",
                  STR_ARG(small->name.text), STR_ARG(index_parts_text(out, small)), STR_ARG(title));
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (table->indexes.n > MAX_INDEXES_TO_COMPARE || table->is_temporary)
        return;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *small = table->indexes.items[i];
        if (!index_is_own(small))
            continue;
        for (uint32_t j = 0; j < table->indexes.n; j++) {
            const Index *large = table->indexes.items[j];
            if (i == j || !index_is_own(large) || !is_covered(context, small, large))
                continue;
            Finding *finding = report_covered(context, small, large);
            report_table(context, finding, table, NULL);
            report_related(context, finding,
                           place_is_set(large->name_place) ? large->name_place : large->place,
                           STR_FMT " is made here", STR_ARG(large->name.text));
            advise_drop(context, finding, schema, small, large);
            break;
        }
    }
}

const Rule rule_redundant_index = {
    .id = "redundant-index",
    .since = "0.1",
    .group = GROUP_INDEX,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "an index whose columns are the first columns of another index of the table",
    .why = "A sorted index on (a, b) finds rows by a as well as one on (a) does. The shorter one "
           "costs every write and takes memory; it is only a little smaller to read.",
    .instead = "Drop the shorter one, unless it is much narrower and the query by it is your "
               "hottest.",
    .bad =
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, placed_at timestamptz);\n"
        "CREATE INDEX orders_customer_idx ON orders (customer_id);\n"
        "CREATE INDEX orders_customer_placed_idx ON orders (customer_id, placed_at);\n",
    .good =
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, placed_at timestamptz);\n"
        "CREATE INDEX orders_placed_idx ON orders (placed_at);\n"
        "CREATE INDEX orders_customer_placed_idx ON orders (customer_id, placed_at);\n",
    .sources = "https://www.postgresql.org/docs/current/indexes-multicolumn.html "
               "https://dev.mysql.com/doc/refman/8.0/en/multiple-column-indexes.html",
    .on_table = on_table,
};
