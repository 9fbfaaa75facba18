/* I02: two indexes that are the same in all that an index can do. */
#include "rules/advice.h"
#include "rules/index/compare.h"

static bool same_includes(const Index *a, const Index *b)
{
    if (a->include.n != b->include.n)
        return false;
    for (uint32_t i = 0; i < a->include.n; i++) {
        bool found = false;
        for (uint32_t j = 0; j < b->include.n; j++)
            found = found || a->include.items[i] == b->include.items[j];
        if (!found)
            return false;
    }
    return true;
}

static bool is_same(const Index *a, const Index *b)
{
    return a->parts.n == b->parts.n && a->unique == b->unique &&
           a->nulls_not_distinct == b->nulls_not_distinct && a->is_clustered == b->is_clustered &&
           index_same_kind(a, b) && index_same_parts(a, b, a->parts.n) && same_includes(a, b);
}

static bool is_deferrable(const Index *index)
{
    return index->constraint && index->constraint->deferrable;
}

/* Keys stay, the primary one first of all; otherwise the older index stays. */
static bool is_kept(const Index *a, const Index *b)
{
    int a_rank = a->constraint ? (a->constraint->is_primary ? 2 : 1) : 0;
    int b_rank = b->constraint ? (b->constraint->is_primary ? 2 : 1) : 0;
    return a_rank >= b_rank;
}

static void report_pair(RuleContext *context, const Schema *schema, const Index *kept,
                        const Index *extra)
{
    Arena *out = rule_arena(context);
    Finding *finding = report(
        context, place_is_set(extra->name_place) ? extra->name_place : extra->place,
        STR_FMT " on " STR_FMT " is the same index as " STR_FMT, STR_ARG(extra->name.text),
        STR_ARG(table_title(out, schema, extra->table)), STR_ARG(index_key_title(out, kept)));
    report_table(context, finding, extra->table, NULL);
    report_related(context, finding,
                   place_is_set(kept->name_place) ? kept->name_place : kept->place,
                   STR_FMT " is made here", STR_ARG(kept->name.text));
    advise_drop(context, finding, schema, extra, kept);
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (table->indexes.n > MAX_INDEXES_TO_COMPARE || table->is_temporary)
        return;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *later = table->indexes.items[i];
        for (uint32_t j = 0; j < i && index_is_own(later); j++) {
            const Index *earlier = table->indexes.items[j];
            if (!index_is_own(earlier) || !is_same(earlier, later) ||
                is_deferrable(earlier) != is_deferrable(later))
                continue;
            bool keep_earlier = is_kept(earlier, later);
            report_pair(context, schema, keep_earlier ? earlier : later,
                        keep_earlier ? later : earlier);
            break; /* of three equal ones, two are reported */
        }
    }
}

const Rule rule_duplicate_index = {
    .id = "duplicate-index",
    .since = "0.1",
    .group = GROUP_INDEX,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "two indexes of one table with the same columns, order and condition",
    .why = "Every INSERT and most UPDATEs write both, both take disk and cache, and no query is "
           "ever faster for the second one. Often the other one came with a primary key or a "
           "unique constraint.",
    .instead = "Drop one: the one that no constraint rests on.",
    .bad = "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);\n"
           "CREATE UNIQUE INDEX users_email_idx ON users (email);\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, email text UNIQUE);\n"
            "CREATE UNIQUE INDEX users_lower_email_idx ON users (lower(email));\n",
    .sources = "https://www.postgresql.org/docs/current/indexes-unique.html",
    .on_table = on_table,
};
