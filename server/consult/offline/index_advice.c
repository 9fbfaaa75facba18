/* The indexes of section 3: what asks for each, and the statements that make it. */
#include "consult/offline/index_advice.h"

#include "rules/advice.h"

enum { N_LISTED = 6 };

/* ---- indexes that queries ask for ---- */

static Str names_of(Offline *o, const ColumnVec *columns)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++)
        VEC_PUSH(o->scratch, &names, report_code(o->scratch, columns->items[i]->name.text));
    return list_codes(o, &names, N_LISTED);
}

Str where_is(Offline *o, Place place)
{
    Str cited = cited_place(o, place);
    return str_is_empty(cited) ? STR("the query") : cited;
}

/* "finds rows by `a` and a range of `b`, orders by `c` up to a limit"; `s` is "s" for one query. */
static Str need_of(Offline *o, const Access *access, const char *s)
{
    Str text = {0};
    if (access->equal.n > 0)
        text = str_format(o->scratch, "%s%s rows by " STR_FMT, access->is_joined ? "join" : "find",
                          s, STR_ARG(names_of(o, &access->equal)));
    if (access->ranged.n > 0)
        text = str_format(o->scratch, STR_FMT "%s%s%sa range of " STR_FMT, STR_ARG(text),
                          str_is_empty(text) ? "read" : " and ", str_is_empty(text) ? s : "",
                          str_is_empty(text) ? " " : "", STR_ARG(names_of(o, &access->ranged)));
    if (str_is_empty(text) || (access->ordered.n > 0 && access->has_limit))
        text = str_format(o->scratch, STR_FMT "%sorder%s by " STR_FMT "%s", STR_ARG(text),
                          str_is_empty(text) ? "" : ", ", s, STR_ARG(names_of(o, &access->ordered)),
                          access->has_limit ? " up to a limit" : "");
    return text;
}

/* The index that finds rows by the first of its columns; NULL where there is none. */
static const Index *finder_of(const Table *table, const Access *access)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        const Column *first = index->parts.n > 0 ? index->parts.items[0].column : NULL;
        for (uint32_t k = 0; k < access->equal.n && first && !index->where; k++)
            if (str_equal(first->name.text, access->equal.items[k]->name.text))
                return index;
    }
    return NULL;
}

/* What the database does today: an index may find the rows, but not in their order. */
static Str today_of(Offline *o, const IndexPlan *plan, const Access *access)
{
    const Table *table = plan->table->table;
    bool is_sorted = access->ordered.n > 0 && access->has_limit;
    const Index *finder = finder_of(table, access);
    if (finder)
        return str_format(o->scratch, STR_FMT " finds the rows, and they are sorted",
                          STR_ARG(report_code(o->scratch, finder->name.text)));
    TableVec leaves = advice_leaves(o->scratch, table);
    uint32_t n_found = 0;
    for (uint32_t i = 0; i < leaves.n; i++)
        n_found += finder_of(leaves.items[i], access) != NULL;
    if (n_found > 0)
        return str_format(o->scratch, "%u of the %u partitions of " STR_FMT " have no index for it",
                          leaves.n - n_found, leaves.n, STR_ARG(plan->table->code));
    return str_format(o->scratch, "all of " STR_FMT " is read%s", STR_ARG(plan->table->code),
                      is_sorted ? " and sorted" : "");
}

/* Queries with the same need share a sentence. */
static uint32_t say_queries(Offline *o, ItemDraft *item, const IndexPlan *plan)
{
    enum { MAX_NEEDS = 3, MAX_PLACES = 3 };
    StrMap done = {0};
    uint32_t n_needs = 0;
    for (uint32_t i = 0; i < plan->serves.n; i++) {
        const Access *access = plan->serves.items[i];
        if (access->is_from_policy)
            continue;
        Str need = need_of(o, access, "s");
        if (map_get(&done, need))
            continue;
        map_set(o->scratch, &done, need, o);
        if (++n_needs > MAX_NEEDS)
            continue;
        StrVec places = {0};
        for (uint32_t k = i; k < plan->serves.n; k++)
            if (!plan->serves.items[k]->is_from_policy &&
                str_equal(need_of(o, plan->serves.items[k], "s"), need)) {
                Str place = where_is(o, plan->serves.items[k]->place);
                bool is_known = false;
                for (uint32_t p = 0; p < places.n && !is_known; p++)
                    is_known = str_equal(places.items[p], place);
                if (!is_known)
                    VEC_PUSH(o->scratch, &places, place);
            }
        item_say(o, item, "The quer%s at " STR_FMT " " STR_FMT "; today " STR_FMT ".",
                 places.n == 1 ? "y" : "ies", STR_ARG(list_codes(o, &places, MAX_PLACES)),
                 STR_ARG(places.n == 1 ? need : need_of(o, access, "")),
                 STR_ARG(today_of(o, plan, access)));
    }
    return n_needs;
}

static uint32_t say_policies(Offline *o, ItemDraft *item, const IndexPlan *plan)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < plan->serves.n; i++)
        if (plan->serves.items[i]->is_from_policy && n++ == 0)
            item_say(o, item,
                     "The policy at " STR_FMT " compares " STR_FMT
                     " for every row that anybody reads.",
                     STR_ARG(where_is(o, plan->serves.items[i]->place)),
                     STR_ARG(names_of(o, &plan->serves.items[i]->equal)));
    return n > 0;
}

/* The referenced table; one that the sources do not define, as it is written. */
static Str target_code(Offline *o, const ForeignKey *key)
{
    if (key->target)
        return report_code(o->scratch, title_of(o, key->target));
    return report_code(o->scratch, advice_title(o->scratch, &key->target_name));
}

static void say_keys(Offline *o, ItemDraft *item, const IndexPlan *plan)
{
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const ForeignKey *key = plan->keys.items[i];
        item_say(o, item,
                 plan->serves.n > 0 ? "It is also the index that the foreign key to " STR_FMT
                                      " lacks: a second one on " STR_FMT " would be redundant."
                                    : "The foreign key to " STR_FMT " has no index on " STR_FMT ".",
                 STR_ARG(target_code(o, key)), STR_ARG(names_of(o, &key->columns)));
    }
}

bool plan_has_query(const IndexPlan *plan)
{
    for (uint32_t i = 0; i < plan->serves.n; i++)
        if (plan->serves.items[i]->query)
            return true;
    return false;
}

static void advise_plan(Offline *o, const IndexPlan *plan)
{
    Str code = plan_code(o, plan);
    ItemDraft *item = item_new(
        o, SECTION_PERFORMANCE,
        plan_has_query(plan) && plan->keys.n > 0 ? PRIORITY_HIGH : PRIORITY_MEDIUM, (Str){0});
    item->topics = STR("index");
    item_about(o, item, plan->table);
    uint32_t n_needs = say_queries(o, item, plan) + say_policies(o, item, plan) + plan->keys.n;
    item->item.title =
        str_format(o->out, "%s" STR_FMT,
                   n_needs == 1 ? "No index serves " : "One index is missing for several needs: ",
                   STR_ARG(code));
    for (uint32_t i = 0; i < plan->serves.n; i++)
        item_cite(o, item, plan->serves.items[i]->place);
    say_keys(o, item, plan);
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const Finding *finding = plan_finding(plan->table, plan->keys.items[i]);
        if (finding)
            item_cite_finding(o, item, finding);
    }
    StepDraft *step =
        step_new(o, item, CLASS_INDEX, str_format(o->scratch, "Index " STR_FMT, STR_ARG(code)));
    plan_run(o, step, plan);
    if (plan_has_query(plan)) {
        const Access *first = NULL;
        for (uint32_t i = 0; i < plan->serves.n && !first; i++)
            first = plan->serves.items[i]->query ? plan->serves.items[i] : NULL;
        step->verify = str_format(
            o->out, "EXPLAIN of " STR_FMT " shows " STR_FMT, STR_ARG(where_is(o, first->place)),
            STR_ARG(report_code(o->scratch, plan_index_name(o, plan, plan->table->table))));
    }
    if (o->schema->dialect == DIALECT_MYSQL)
        step->undo = report_code(
            o->out, str_format(o->scratch, "DROP INDEX " STR_FMT " ON " STR_FMT ";",
                               STR_ARG(plan_index_name(o, plan, plan->table->table)),
                               STR_ARG(sql_table_name(o->scratch, o->schema, plan->table->table))));
    else
        step->undo =
            report_code(o->out, plan_drop_sql(o, plan->table->table,
                                              plan_index_name(o, plan, plan->table->table)));
    if (o->schema->dialect == DIALECT_POSTGRESQL)
        step->risk = STR("an interrupted build leaves it invalid: drop it and build again");
    if (plan->replaces && o->schema->dialect == DIALECT_POSTGRESQL) {
        Str old = plan->replaces->name.text;
        item_say(o, item, "It takes over the work of " STR_FMT ", which can go.",
                 STR_ARG(report_code(o->scratch, old)));
        StepDraft *drop =
            step_new(o, item, CLASS_DROP,
                     str_format(o->scratch, "Drop " STR_FMT ", a left part of the new index",
                                STR_ARG(report_code(o->scratch, old))));
        step_run(o, drop,
                 plan_drop_sql(o, plan->table->table,
                               sql_identifier(o->scratch, o->schema->dialect, old)),
                 true, NULL);
        drop->undo = str_format(o->out, "create it again as at " STR_FMT,
                                STR_ARG(where_is(o, plan->replaces->place)));
        drop->risk = STR("only after the new index is valid and used");
        step_about(o, drop, plan->table);
    }
}

/* ---- indexes that only foreign keys and policies ask for ---- */

static Str action_phrase(const ForeignKey *key)
{
    switch (key->on_delete) {
    case ACTION_CASCADE:
        return STR("cascades");
    case ACTION_SET_NULL:
        return STR("sets null");
    case ACTION_SET_DEFAULT:
        return STR("sets the default");
    case ACTION_UNSPECIFIED:
    case ACTION_NO_ACTION:
    case ACTION_RESTRICT:
        return STR("is refused");
    }
    return (Str){0};
}

static void list_plans(Offline *o, const IndexPlanVec *plans, Str caption)
{
    static const char *const header[] = {"index", "references", "a delete there", "written at"};
    Grid *grid = VEC_EXTEND(o->out, &o->report->sections[SECTION_PERFORMANCE].grids);
    grid->caption = str_format(o->out, STR_FMT ":", STR_ARG(caption));
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        VEC_PUSH(o->out, &grid->header, str_from(header[i]));
    for (uint32_t i = 0; i < plans->n; i++) {
        const IndexPlan *plan = &plans->items[i];
        const ForeignKey *key = plan->keys.n > 0 ? plan->keys.items[0] : NULL;
        StrVec row = {0};
        VEC_PUSH(o->out, &row, str_copy(o->out, plan_code(o, plan)));
        VEC_PUSH(o->out, &row, key ? str_copy(o->out, target_code(o, key)) : STR(""));
        VEC_PUSH(o->out, &row, key ? action_phrase(key) : STR(""));
        VEC_PUSH(o->out, &row, where_is(o, key ? key->place : plan->serves.items[0]->place));
        VEC_PUSH(o->out, &grid->rows, row);
    }
}

/* What a delete in a parent reads to the end, for the parents with the most children. */
static void say_parents(Offline *o, ItemDraft *item, const IndexPlanVec *plans)
{
    enum { MAX_PARENTS = 3 };
    StrMap done = {0};
    uint32_t n_said = 0;
    for (uint32_t i = 0; i < plans->n && n_said < MAX_PARENTS; i++) {
        if (plans->items[i].keys.n == 0)
            continue;
        Str parent = target_code(o, plans->items[i].keys.items[0]);
        if (map_get(&done, parent))
            continue;
        map_set(o->scratch, &done, parent, o);
        StrVec children = {0};
        for (uint32_t k = i; k < plans->n; k++) {
            Str child = plans->items[k].table->code;
            bool is_known = plans->items[k].keys.n == 0 ||
                            !str_equal(target_code(o, plans->items[k].keys.items[0]), parent);
            for (uint32_t c = 0; c < children.n && !is_known; c++)
                is_known = str_equal(children.items[c], child);
            if (!is_known)
                VEC_PUSH(o->scratch, &children, child);
        }
        item_say(o, item,
                 "Deleting or re-keying a row of " STR_FMT " reads " STR_FMT " from end to end.",
                 STR_ARG(parent), STR_ARG(list_codes(o, &children, N_LISTED)));
        n_said++;
    }
}

static void say_plan_policies(Offline *o, ItemDraft *item, const IndexPlanVec *plans)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < plans->n; i++)
        if (plans->items[i].serves.n > 0)
            VEC_PUSH(o->scratch, &names, plan_code(o, &plans->items[i]));
    if (names.n > 0)
        item_say(o, item, "Policies compare " STR_FMT " for every row that anybody reads.",
                 STR_ARG(list_codes(o, &names, N_LISTED)));
}

static void run_plan(Offline *o, StepDraft *step, const IndexPlan *plan)
{
    const Finding *finding =
        plan->keys.n > 0 ? plan_finding(plan->table, plan->keys.items[0]) : NULL;
    if (!finding || finding->remedies.n == 0) {
        plan_run(o, step, plan);
        return;
    }
    for (uint32_t k = 0; k < finding->remedies.n; k++)
        step_run(o, step, finding->remedies.items[k].sql,
                 finding->remedies.items[k].outside_transaction, finding);
    step_about(o, step, plan->table);
}

static Str group_title(Offline *o, const IndexPlanVec *plans, uint32_t n_policies)
{
    Str first = plan_code(o, &plans->items[0]);
    if (plans->n == 1)
        return str_format(o->scratch,
                          n_policies > 0 ? "A policy compares " STR_FMT ", which has no index"
                                         : "The foreign key " STR_FMT " has no index",
                          STR_ARG(first));
    if (n_policies == 0)
        return str_format(o->scratch, STR_FMT " and %u other foreign key%s have no index",
                          STR_ARG(first), plans->n - 1, plans->n == 2 ? "" : "s");
    return str_format(o->scratch,
                      STR_FMT " and %u other column%s of foreign keys and policies have no index",
                      STR_ARG(first), plans->n - 1, plans->n == 2 ? "" : "s");
}

static void advise_group(Offline *o, const IndexPlanVec *plans)
{
    enum { MAX_CITED = 5 };
    if (plans->n == 0)
        return;
    uint32_t n_policies = 0;
    for (uint32_t i = 0; i < plans->n; i++)
        n_policies += plans->items[i].serves.n > 0;
    Str title = group_title(o, plans, n_policies);
    ItemDraft *item =
        item_new(o, SECTION_PERFORMANCE, n_policies > 0 ? PRIORITY_HIGH : PRIORITY_MEDIUM, title);
    item->item.rule = STR("missing-fk-index");
    item->topics = STR("index foreign key");
    say_plan_policies(o, item, plans);
    say_parents(o, item, plans);
    StepDraft *step = step_new(
        o, item, CLASS_INDEX,
        plans->n == 1
            ? str_format(o->scratch, "Index " STR_FMT, STR_ARG(plan_code(o, &plans->items[0])))
        : n_policies > 0
            ? str_format(o->scratch, "Index %u columns of foreign keys and policies", plans->n)
            : str_format(o->scratch, "Index %u foreign keys", plans->n));
    for (uint32_t i = 0; i < plans->n; i++) {
        const IndexPlan *plan = &plans->items[i];
        const Finding *finding =
            plan->keys.n > 0 ? plan_finding(plan->table, plan->keys.items[0]) : NULL;
        if (finding)
            item_cite_finding(o, item, finding);
        else if (plan->serves.n > 0)
            item_cite(o, item, plan->serves.items[0]->place);
        item_about(o, item, plan->table);
        run_plan(o, step, plan);
    }
    const Finding *first = plans->items[0].keys.n > 0
                               ? plan_finding(plans->items[0].table, plans->items[0].keys.items[0])
                               : NULL;
    if (plans->n == 1 && first) {
        step_apply(o, step, first);
    } else if (o->schema->dialect == DIALECT_POSTGRESQL) {
        step->verify = STR("`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;` "
                           "returns none of them");
        step->undo = str_format(
            o->out, "`DROP INDEX CONCURRENTLY` for each, as " STR_FMT,
            STR_ARG(report_code(
                o->scratch, plan_index_name(o, &plans->items[0], plans->items[0].table->table))));
        step->risk = str_format(
            o->out,
            "an interrupted build leaves an invalid index; each of the %u slows writes to its "
            "table a little",
            plans->n);
    }
    if (plans->n > MAX_CITED)
        list_plans(o, plans, title);
}

/* ---- more queries than can be told one by one ---- */

static void advise_more(Offline *o, const IndexPlanVec *plans)
{
    if (plans->n == 0)
        return;
    StrVec codes = {0};
    for (uint32_t i = 0; i < plans->n; i++)
        VEC_PUSH(o->scratch, &codes, plan_code(o, &plans->items[i]));
    Str title = str_format(o->scratch, STR_FMT " for known queries",
                           STR_ARG(first_and_others(o, &codes, "index")));
    ItemDraft *item = item_new(o, SECTION_PERFORMANCE, PRIORITY_MEDIUM, title);
    item->topics = STR("index");
    item_say(o, item,
             "They serve the queries named in the table below, which read all of their tables "
             "today; " STR_FMT " come first.",
             STR_ARG(list_codes(o, &codes, 3)));
    StepDraft *step =
        step_new(o, item, CLASS_INDEX,
                 str_format(o->scratch, "Make %u indexes for known queries", plans->n));
    if (o->schema->dialect == DIALECT_POSTGRESQL)
        step->undo = str_format(o->out, "`DROP INDEX CONCURRENTLY` for each of the %u", plans->n);
    step->verify = STR("EXPLAIN of each query in the table shows its index");
    Grid *grid = VEC_EXTEND(o->out, &o->report->sections[SECTION_PERFORMANCE].grids);
    grid->caption = str_format(o->out, STR_FMT ":", STR_ARG(title));
    VEC_PUSH(o->out, &grid->header, STR("index"));
    VEC_PUSH(o->out, &grid->header, STR("asked for at"));
    for (uint32_t i = 0; i < plans->n; i++) {
        const IndexPlan *plan = &plans->items[i];
        item_cite(o, item, plan->serves.items[0]->place);
        item_about(o, item, plan->table);
        plan_run(o, step, plan);
        StrVec row = {0};
        VEC_PUSH(o->out, &row, str_copy(o->out, codes.items[i]));
        VEC_PUSH(o->out, &row, where_is(o, plan->serves.items[0]->place));
        VEC_PUSH(o->out, &grid->rows, row);
    }
}

void advise_indexes(Offline *o, const IndexPlanVec *plans)
{
    enum { MAX_TOLD = 15 };
    IndexPlanVec plain = {0}, more = {0};
    uint32_t n_told = 0;
    for (uint32_t i = 0; i < plans->n; i++) {
        if (!plan_has_query(&plans->items[i]))
            VEC_PUSH(o->scratch, &plain, plans->items[i]);
        else if (n_told++ < MAX_TOLD)
            advise_plan(o, &plans->items[i]);
        else
            VEC_PUSH(o->scratch, &more, plans->items[i]);
    }
    advise_more(o, &more);
    advise_group(o, &plain);
}
