/* Types that most tables share: times without a zone, keys that run out, serials. */
#include "consult/offline/data_model.h"

enum { N_LISTED = 6 };

/* ---- times without a zone ---- */

void advise_time_zones(Offline *o)
{
    FindingPointerVec findings = findings_of(o, "prefer-timestamptz");
    if (findings.n == 0)
        return;
    uint32_t n_with = 0, n_without = 0;
    const Column *example = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const Table *table = o->tables.items[t]->table;
        for (uint32_t i = 0; i < table->columns.n; i++) {
            const Column *column = table->columns.items[i];
            if (column->type.family != TYPE_TIMESTAMP)
                continue;
            n_with += column->type.with_time_zone;
            n_without += !column->type.with_time_zone;
            if (column->type.with_time_zone && !example)
                example = column;
        }
    }
    StrVec tables = subjects_of(o, &findings);
    bool is_orm = offline_types_are_declared(o);
    ItemDraft *item = item_new(
        o, SECTION_DATA_MODEL, n_with > 0 ? PRIORITY_MEDIUM : PRIORITY_LOW,
        n_with > 0
            ? str_format(
                  o->scratch, "%s no time zone, %u %s",
                  str_to_c(o->scratch, count_of(o, n_without, "timestamp has", "timestamps have")),
                  n_with, n_with == 1 ? "has" : "have")
            : str_format(o->scratch, "None of the %u timestamps has a time zone", n_without));
    item->item.rule = STR("prefer-timestamptz");
    if (example)
        item_say(o, item,
                 STR_FMT " keeps an instant; what the clock meant in " STR_FMT
                         " is known only to the programs that wrote it.",
                 STR_ARG(column_code(o, example)), STR_ARG(list_codes(o, &tables, N_LISTED)));
    else
        item_say(o, item,
                 "Whether UTC or the server's zone is meant in " STR_FMT
                 " is known only to the programs that wrote it.",
                 STR_ARG(list_codes(o, &tables, N_LISTED)));
    cite_findings(o, item, &findings);
    if (is_orm) {
        item_say(o, item,
                 STR_FMT
                 " declares these %u columns and writes UTC, so nothing is to be done while "
                 "it is the only writer; a change belongs in its models, not in SQL.",
                 STR_ARG(offline_orm_title(o)), n_without);
        item->item.priority = PRIORITY_LOW;
        return;
    }
    for (uint32_t i = 0; i < findings.n; i++)
        type_change_add(o, item, findings.items[i]);
}

/* ---- keys that run out ---- */

/* When an int key of the table runs out, in months; 0: nothing is assumed. */
static uint64_t months_left(const TableFacts *facts)
{
    enum { INT_MAX_ROWS = 2147483647 };
    if (!facts || !facts->assumed || facts->assumed->growth_per_month == 0)
        return 0;
    uint64_t rows = facts->assumed->rows;
    return rows >= INT_MAX_ROWS ? 1 : (INT_MAX_ROWS - rows) / facts->assumed->growth_per_month + 1;
}

/* The key that ends first. */
static const Finding *narrowest_key(Offline *o, const FindingPointerVec *findings)
{
    const Finding *narrowest = findings->items[0];
    uint32_t fewest = UINT32_MAX;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Column *column =
            column_of(facts_of_key(o, findings->items[i]->table), findings->items[i]);
        uint32_t alignment;
        bool is_estimate;
        uint32_t bytes =
            column ? type_size(&column->type, o->schema->dialect, &alignment, &is_estimate)
                   : UINT32_MAX;
        if (bytes < fewest) {
            fewest = bytes;
            narrowest = findings->items[i];
        }
    }
    return narrowest;
}

void advise_narrow_keys(Offline *o)
{
    enum { SOON_MONTHS = 36 };
    FindingPointerVec findings = findings_of(o, "prefer-bigint-key"), grown = {0}, rest = {0};
    for (uint32_t i = 0; i < findings.n; i++) {
        const TableFacts *facts = facts_of_key(o, findings.items[i]->table);
        uint64_t months = months_left(facts);
        bool is_grown = months ? months <= SOON_MONTHS : facts && facts->shape == SHAPE_EVENT;
        VEC_PUSH(o->scratch, is_grown ? &grown : &rest, findings.items[i]);
    }
    for (uint32_t i = 0; i < grown.n; i++) {
        const Finding *finding = grown.items[i];
        const TableFacts *facts = facts_of_key(o, finding->table);
        uint64_t months = months_left(facts);
        ItemDraft *item = item_new(
            o, SECTION_DATA_MODEL, months ? PRIORITY_HIGH : PRIORITY_MEDIUM,
            str_format(o->scratch, "The key of " STR_FMT " runs out", STR_ARG(facts->code)));
        item->item.rule = finding->rule;
        item_say(o, item, STR_FMT, STR_ARG(message_of(o, finding)));
        if (months)
            item_say(o, item,
                     "At the assumed growth of " STR_FMT " rows a month " STR_FMT
                     " gets there in %llu months.",
                     STR_ARG(number_text(o->scratch, facts->assumed->growth_per_month)),
                     STR_ARG(facts->code), (unsigned long long)months);
        else
            item_say(o, item,
                     "Its rows are added for ever, by its name and " STR_FMT
                     ", so it will be the first key to get there.",
                     STR_ARG(column_code(o, facts->time)));
        item_cite_finding(o, item, finding);
        item_about(o, item, facts);
        if (!offline_types_are_declared(o))
            type_change_add(o, item, finding);
    }
    if (rest.n == 0)
        return;
    StrVec names = subjects_of(o, &rest);
    ItemDraft *item =
        item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW,
                 names.n == 1 ? str_format(o->scratch, STR_FMT " has fewer than 8 bytes",
                                           STR_ARG(names.items[0]))
                              : str_format(o->scratch, STR_FMT " have fewer than 8 bytes",
                                           STR_ARG(first_and_others(o, &names, "key"))));
    item->item.rule = STR("prefer-bigint-key");
    const Finding *narrowest = narrowest_key(o, &rest);
    item_say(o, item, STR_FMT, STR_ARG(message_of(o, narrowest)));
    item_say(
        o, item,
        "Nothing in this schema says that %s will get there, and widening rewrites each table and "
        "all that reference it; new tables beside " STR_FMT " should start with `bigint`.",
        rest.n == 1 ? "it" : "they", STR_ARG(list_codes(o, &names, N_LISTED)));
    cite_findings(o, item, &rest);
}

void advise_serials(Offline *o)
{
    FindingPointerVec findings = findings_of(o, "prefer-identity");
    if (findings.n == 0)
        return;
    StrVec names = subjects_of(o, &findings);
    ItemDraft *item = item_new(
        o, SECTION_DATA_MODEL, PRIORITY_LOW,
        names.n == 1 ? str_format(o->scratch, STR_FMT " is serial", STR_ARG(names.items[0]))
                     : str_format(o->scratch, STR_FMT " are serial",
                                  STR_ARG(first_and_others(o, &names, "key"))));
    item->item.rule = STR("prefer-identity");
    item_say(o, item,
             "Identity columns are the standard spelling, and keep people from inserting "
             "their own numbers into " STR_FMT "; not worth a migration by itself.",
             STR_ARG(list_codes(o, &names, N_LISTED)));
    cite_findings(o, item, &findings);
}
