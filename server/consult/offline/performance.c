/* Section 3: indexes for the queries and foreign keys there are, queries, row widths. */
#include "consult/offline/capacity.h"
#include "consult/offline/data_model.h"
#include "consult/offline/index_plan.h"
#include "rules/advice.h"

enum { N_LISTED = 6 };

/* ---- an index as SQL ---- */

static Str column_list(Offline *o, const IndexPlan *plan, const Table *table)
{
    StrVec parts = {0};
    for (uint32_t i = 0; i < plan->columns.n; i++) {
        const Column *column = table_column(table, plan->columns.items[i]->name.text);
        if (!column)
            return (Str){0};
        Str name = sql_identifier(o->scratch, o->schema->dialect, column->name.text);
        if (plan->directions.items[i] == ORDER_DESCENDING)
            name = str_format(o->scratch, STR_FMT " DESC", STR_ARG(name));
        VEC_PUSH(o->scratch, &parts, name);
    }
    return str_join(o->scratch, parts.items, parts.n, STR(", "));
}

static void add_leaves(Offline *o, const Table *table, int depth, TableVec *leaves)
{
    enum { MAX_LEVELS = 16 };
    for (uint32_t i = 0; depth < MAX_LEVELS && i < table->partitions.n; i++) {
        if (table->partitions.items[i]->partitions.n > 0)
            add_leaves(o, table->partitions.items[i], depth + 1, leaves);
        else
            VEC_PUSH(o->scratch, leaves, table->partitions.items[i]);
    }
}

static Str index_name(Offline *o, const IndexPlan *plan, const Table *table)
{
    return sql_identifier(o->scratch, o->schema->dialect,
                          advice_index_name(o->scratch, o->schema, table, &plan->columns, "idx"));
}

static Str create_sql(Offline *o, const IndexPlan *plan, const Table *table, bool concurrently)
{
    return str_format(o->scratch, "CREATE INDEX %s" STR_FMT " ON " STR_FMT " (" STR_FMT ");",
                      concurrently ? "CONCURRENTLY " : "", STR_ARG(index_name(o, plan, table)),
                      STR_ARG(sql_table_name(o->scratch, o->schema, table)),
                      STR_ARG(column_list(o, plan, table)));
}

static const Finding *finding_of_key(Offline *o, const TableFacts *facts, const ForeignKey *key)
{
    FindingPointerVec findings = findings_of(o, "missing-fk-index");
    for (uint32_t i = 0; i < findings.n; i++)
        if (str_equal(findings.items[i]->table, facts->key) && key->columns.n > 0 &&
            str_equal(findings.items[i]->column, key->columns.items[0]->name.text))
            return findings.items[i];
    return NULL;
}

/* CONCURRENTLY is refused on a partitioned table: its partitions come first, and the parent's
 * index takes theirs over. */
static void run_index(Offline *o, StepDraft *step, const IndexPlan *plan)
{
    const Table *table = plan->table->table;
    bool concurrently = o->schema->dialect == DIALECT_POSTGRESQL;
    if (concurrently && !str_is_absent(table->partition_by.strategy)) {
        TableVec leaves = {0};
        add_leaves(o, table, 0, &leaves);
        for (uint32_t i = 0; i < leaves.n; i++)
            if (!str_is_empty(column_list(o, plan, leaves.items[i])))
                step_run(o, step, create_sql(o, plan, leaves.items[i], true), true, NULL);
        concurrently = false;
    }
    StatementDraft *statement =
        step_run(o, step, create_sql(o, plan, table, concurrently), concurrently, NULL);
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const Finding *finding = finding_of_key(o, plan->table, plan->keys.items[i]);
        if (finding)
            VEC_PUSH(o->scratch, &statement->answers, finding);
    }
    step_about(o, step, plan->table);
}

static Str plan_code(Offline *o, const IndexPlan *plan)
{
    return report_code(o->scratch,
                       str_format(o->scratch, STR_FMT " (" STR_FMT ")", STR_ARG(plan->table->title),
                                  STR_ARG(column_list(o, plan, plan->table->table))));
}

static Str drop_sql(Offline *o, Str name)
{
    return str_format(o->scratch, "DROP INDEX %s" STR_FMT ";",
                      o->schema->dialect == DIALECT_POSTGRESQL ? "CONCURRENTLY " : "",
                      STR_ARG(name));
}

/* ---- indexes that queries ask for ---- */

static Str names_of(Offline *o, const ColumnVec *columns)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++)
        VEC_PUSH(o->scratch, &names, report_code(o->scratch, columns->items[i]->name.text));
    return list_codes(o, &names, N_LISTED);
}

static Str where_is(Offline *o, Place place)
{
    Str cited = cited_place(o, place);
    return str_is_empty(cited) ? STR("the query") : cited;
}

static void say_access(Offline *o, ItemDraft *item, const Access *access, const IndexPlan *plan)
{
    Str place = where_is(o, access->place);
    if (access->is_from_policy) {
        item_say(o, item,
                 "The policy at " STR_FMT " compares " STR_FMT " for every row that anybody reads.",
                 STR_ARG(place), STR_ARG(names_of(o, &access->equal)));
        return;
    }
    bool has_range = access->ranged.n > 0;
    Str does = access->equal.n > 0 ? str_format(o->scratch, "finds rows by " STR_FMT,
                                                STR_ARG(names_of(o, &access->equal)))
                                   : (Str){0};
    if (has_range)
        does = str_format(o->scratch, STR_FMT "%sa range of " STR_FMT, STR_ARG(does),
                          access->equal.n > 0 ? " and " : "reads ",
                          STR_ARG(names_of(o, &access->ranged)));
    if (access->ordered.n > 0)
        does = str_format(o->scratch, STR_FMT "%sorders by " STR_FMT "%s", STR_ARG(does),
                          str_is_empty(does) ? "" : ", ", STR_ARG(names_of(o, &access->ordered)),
                          access->has_limit ? " up to a limit" : "");
    if (str_is_empty(does))
        return;
    bool is_sorted = access->ordered.n > 0 && access->has_limit &&
                     plan->columns.n > plan->n_equal &&
                     plan->columns.items[plan->n_equal] == access->ordered.items[0];
    item_say(o, item, "The query at " STR_FMT " " STR_FMT "; today it reads all of " STR_FMT "%s.",
             STR_ARG(place), STR_ARG(does), STR_ARG(plan->table->code),
             is_sorted ? " and sorts it" : "");
}

static void say_keys(Offline *o, ItemDraft *item, const IndexPlan *plan)
{
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const ForeignKey *key = plan->keys.items[i];
        item_say(o, item,
                 "It is also the index that the foreign key to %s lacks: a second one on " STR_FMT
                 " would be redundant.",
                 str_to_c(o->scratch,
                          key->target ? report_code(o->scratch,
                                                    table_title(o->scratch, o->schema, key->target))
                                      : report_code(o->scratch, key->target_name.name.text)),
                 STR_ARG(names_of(o, &key->columns)));
    }
}

static bool reads_all(const IndexPlan *plan)
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
        reads_all(plan) && plan->keys.n > 0 ? PRIORITY_HIGH : PRIORITY_MEDIUM,
        str_format(o->scratch, "%s" STR_FMT,
                   plan->serves.n + plan->keys.n > 1 ? "One index for several needs: " : "Index ",
                   STR_ARG(code)));
    item->topics = STR("index");
    item_about(o, item, plan->table);
    for (uint32_t i = 0; i < plan->serves.n; i++) {
        if (i < 4)
            say_access(o, item, plan->serves.items[i], plan);
        item_cite(o, item, plan->serves.items[i]->place);
    }
    say_keys(o, item, plan);
    for (uint32_t i = 0; i < plan->keys.n; i++) {
        const Finding *finding = finding_of_key(o, plan->table, plan->keys.items[i]);
        if (finding)
            item_cite_finding(o, item, finding);
    }
    StepDraft *step =
        step_new(o, item, CLASS_INDEX, str_format(o->scratch, "Index " STR_FMT, STR_ARG(code)));
    run_index(o, step, plan);
    if (reads_all(plan)) {
        const Access *first = NULL;
        for (uint32_t i = 0; i < plan->serves.n && !first; i++)
            first = plan->serves.items[i]->query ? plan->serves.items[i] : NULL;
        step->verify = str_format(
            o->out, "EXPLAIN of " STR_FMT " shows " STR_FMT, STR_ARG(where_is(o, first->place)),
            STR_ARG(report_code(o->scratch, index_name(o, plan, plan->table->table))));
    }
    if (o->schema->dialect == DIALECT_MYSQL)
        step->undo = report_code(
            o->out, str_format(o->scratch, "DROP INDEX " STR_FMT " ON " STR_FMT ";",
                               STR_ARG(index_name(o, plan, plan->table->table)),
                               STR_ARG(sql_table_name(o->scratch, o->schema, plan->table->table))));
    else
        step->undo = report_code(o->out, drop_sql(o, index_name(o, plan, plan->table->table)));
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
        step_run(o, drop, drop_sql(o, sql_identifier(o->scratch, o->schema->dialect, old)), true,
                 NULL);
        drop->undo = str_format(o->out, "create it again as at " STR_FMT,
                                STR_ARG(where_is(o, plan->replaces->place)));
        drop->risk = STR("only after the new index is valid and used");
        step_about(o, drop, plan->table);
    }
}

/* ---- foreign keys without an index, which no query asks for ---- */

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
        return STR("refuses");
    }
    return (Str){0};
}

static void list_keys(Offline *o, const IndexPlanVec *plans)
{
    Grid *grid = VEC_EXTEND(o->out, &o->report->sections[SECTION_PERFORMANCE].grids);
    grid->caption = str_format(o->out, "The %u foreign keys without an index:", plans->n);
    VEC_PUSH(o->out, &grid->header, STR("columns"));
    VEC_PUSH(o->out, &grid->header, STR("references"));
    VEC_PUSH(o->out, &grid->header, STR("a delete there"));
    VEC_PUSH(o->out, &grid->header, STR("written at"));
    for (uint32_t i = 0; i < plans->n; i++) {
        const IndexPlan *plan = &plans->items[i];
        const ForeignKey *key = plan->keys.items[0];
        StrVec row = {0};
        VEC_PUSH(o->out, &row, str_copy(o->out, plan_code(o, plan)));
        VEC_PUSH(o->out, &row,
                 report_code(o->out, key->target ? table_title(o->scratch, o->schema, key->target)
                                                 : key->target_name.name.text));
        VEC_PUSH(o->out, &row, action_phrase(key));
        VEC_PUSH(o->out, &row, where_is(o, key->place));
        VEC_PUSH(o->out, &grid->rows, row);
    }
}

/* "customers: orders and invoices; users: …": what a delete in a parent reads to the end. */
static void say_parents(Offline *o, ItemDraft *item, const IndexPlanVec *plans)
{
    StrMap done = {0};
    uint32_t n_said = 0;
    for (uint32_t i = 0; i < plans->n && n_said < 4; i++) {
        const Table *parent = plans->items[i].keys.items[0]->target;
        const TableFacts *facts = facts_of(o, parent);
        if (!facts || map_get(&done, facts->key))
            continue;
        map_set(o->scratch, &done, facts->key, o);
        StrVec children = {0};
        for (uint32_t k = i; k < plans->n; k++) {
            Str child = plans->items[k].table->code;
            bool is_known = plans->items[k].keys.items[0]->target != parent;
            for (uint32_t c = 0; c < children.n && !is_known; c++)
                is_known = str_equal(children.items[c], child);
            if (!is_known)
                VEC_PUSH(o->scratch, &children, child);
        }
        item_say(o, item,
                 "Deleting or re-keying a row of " STR_FMT " reads " STR_FMT " from end to end.",
                 STR_ARG(facts->code), STR_ARG(list_codes(o, &children, N_LISTED)));
        n_said++;
    }
}

static void advise_foreign_keys(Offline *o, const IndexPlanVec *plans)
{
    enum { MAX_CITED = 5 };
    if (plans->n == 0)
        return;
    const IndexPlan *first = &plans->items[0];
    ItemDraft *item =
        item_new(o, SECTION_PERFORMANCE, PRIORITY_MEDIUM,
                 plans->n == 1 ? str_format(o->scratch, "The foreign key " STR_FMT " has no index",
                                            STR_ARG(plan_code(o, first)))
                               : str_format(o->scratch, "%u foreign keys have no index", plans->n));
    item->item.rule = STR("missing-fk-index");
    item->topics = STR("index foreign key");
    say_parents(o, item, plans);
    StepDraft *step = step_new(
        o, item, CLASS_INDEX,
        plans->n == 1 ? str_format(o->scratch, "Index " STR_FMT, STR_ARG(plan_code(o, first)))
                      : str_format(o->scratch, "Index %u foreign keys", plans->n));
    StrVec names = {0};
    for (uint32_t i = 0; i < plans->n; i++) {
        const IndexPlan *plan = &plans->items[i];
        const Finding *finding = finding_of_key(o, plan->table, plan->keys.items[0]);
        if (finding)
            item_cite_finding(o, item, finding);
        item_about(o, item, plan->table);
        if (finding && finding->remedies.n > 0) {
            for (uint32_t k = 0; k < finding->remedies.n; k++)
                step_run(o, step, finding->remedies.items[k].sql,
                         finding->remedies.items[k].outside_transaction, finding);
            step_about(o, step, plan->table);
        } else {
            run_index(o, step, plan);
        }
        VEC_PUSH(o->scratch, &names, index_name(o, plan, plan->table->table));
    }
    if (plans->n == 1) {
        const Finding *finding = finding_of_key(o, first->table, first->keys.items[0]);
        if (finding)
            step_apply(o, step, finding);
    } else if (o->schema->dialect == DIALECT_POSTGRESQL) {
        step->verify = STR("`SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;` "
                           "returns none of them");
        step->undo = str_format(o->out, "`DROP INDEX CONCURRENTLY` for each, as " STR_FMT,
                                STR_ARG(report_code(o->scratch, names.items[0])));
        step->risk = str_format(o->out,
                                "an interrupted build leaves an invalid index; each of the %u "
                                "slows writes to its table a little",
                                plans->n);
    }
    if (plans->n > MAX_CITED)
        list_keys(o, plans);
}

/* ---- indexes too many ---- */

static void advise_surplus(Offline *o, const char *rule, const char *one, const char *many)
{
    FindingPointerVec findings = findings_of(o, rule);
    if (findings.n == 0)
        return;
    ItemDraft *item = item_new(o, SECTION_PERFORMANCE, PRIORITY_LOW,
                               fill(o, findings.n == 1 ? one : many, (Str){0}, findings.n));
    item->item.rule = str_from(rule);
    say_messages(o, item, &findings, 5);
    cite_findings(o, item, &findings);
    steps_for(o, item, CLASS_DROP, &findings, "Drop {n} indexes that others cover");
}

/* ---- queries ---- */

static bool has_expression_index(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->indexes.n; i++)
        for (uint32_t k = 0; k < table->indexes.items[i]->parts.n; k++) {
            const KeyPart *part = &table->indexes.items[i]->parts.items[k];
            const Expression *expression = part->part ? part->part->expression : NULL;
            for (uint32_t c = 0; expression && c < expression->columns.n; c++)
                if (str_equal_ignore_case(expression->columns.items[c].column.text,
                                          column->name.text))
                    return true;
        }
    return false;
}

static Str wrapper_of(const Access *access, const Column *column)
{
    for (uint32_t i = 0; i < access->query->filters.n; i++) {
        const ColumnUse *use = &access->query->filters.items[i];
        if (use->is_wrapped && str_equal_ignore_case(use->column.text, column->name.text))
            return use->wrapper;
    }
    return (Str){0};
}

static void advise_wrapped(Offline *o)
{
    StrMap done = {0};
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        for (uint32_t k = 0; access->table->is_consulted && k < access->wrapped.n; k++) {
            const Column *column = access->wrapped.items[k];
            Str wrapper = wrapper_of(access, column);
            Str name = column_code(o, column);
            if (str_is_empty(wrapper) || map_get(&done, name) || access->equal.n > 0 ||
                has_expression_index(access->table->table, column))
                continue;
            map_set(o->scratch, &done, name, o);
            ItemDraft *item = item_new(
                o, SECTION_PERFORMANCE, PRIORITY_LOW,
                str_format(o->scratch, "No index can find " STR_FMT " inside " STR_FMT,
                           STR_ARG(name),
                           STR_ARG(report_code(o->scratch, str_format(o->scratch, STR_FMT "()",
                                                                      STR_ARG(wrapper))))));
            item->topics = STR("index expression");
            item_say(o, item,
                     "The query at " STR_FMT
                     " compares the result of the function, so it reads all of " STR_FMT
                     "; compare the bare column, or index the expression.",
                     STR_ARG(where_is(o, access->place)), STR_ARG(access->table->code));
            item_cite(o, item, access->place);
            item_about(o, item, access->table);
        }
    }
}

static void advise_patterns(Offline *o)
{
    StrVec names = {0};
    ItemDraft *item = NULL;
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        for (uint32_t k = 0; access->table->is_consulted && k < access->pattern.n; k++) {
            const Column *column = access->pattern.items[k];
            if (!type_is_text(column->type.family) || access->equal.n > 0)
                continue;
            if (!item)
                item = item_new(o, SECTION_PERFORMANCE, PRIORITY_LOW, STR("x"));
            Str name = column_code(o, column);
            bool is_known = false;
            for (uint32_t n = 0; n < names.n && !is_known; n++)
                is_known = str_equal(names.items[n], name);
            if (!is_known)
                VEC_PUSH(o->scratch, &names, name);
            item_cite(o, item, access->place);
            item_about(o, item, access->table);
        }
    }
    if (!item)
        return;
    item->topics = STR("search trigram full text");
    item->item.title = str_format(o->out, "A search inside " STR_FMT " reads every row",
                                  STR_ARG(list_codes(o, &names, 4)));
    item_say(o, item, "A pattern that starts with a wildcard cannot use a B-tree on " STR_FMT "%s.",
             STR_ARG(list_codes(o, &names, 4)),
             o->schema->dialect == DIALECT_POSTGRESQL
                 ? "; a trigram index (extension pg_trgm) could, once the table is large enough to "
                   "feel it"
                 : "");
}

static void advise_loops(Offline *o)
{
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        if (!access->query || !access->query->inside_loop || !access->table->is_consulted)
            continue;
        ItemDraft *item =
            item_new(o, SECTION_PERFORMANCE, PRIORITY_MEDIUM,
                     str_format(o->scratch, STR_FMT " is queried once for each turn of a loop",
                                STR_ARG(access->table->code)));
        item->topics = STR("loop n+1 query");
        item_say(o, item,
                 "The statement at " STR_FMT
                 "%s%s%s stands inside a loop; a join or one statement over "
                 "all rows of it asks once.",
                 STR_ARG(where_is(o, access->place)),
                 str_is_empty(access->query->function) ? "" : " (function ",
                 str_is_empty(access->query->function)
                     ? ""
                     : str_to_c(o->scratch, report_code(o->scratch, access->query->function)),
                 str_is_empty(access->query->function) ? "" : ")");
        item_cite(o, item, access->place);
        item_about(o, item, access->table);
    }
}

static void advise_query_findings(Offline *o)
{
    FindingPointerVec findings = {0};
    for (uint32_t i = 0; i < o->findings.n; i++)
        if (str_equal(o->findings.items[i]->group, rule_group_name(GROUP_QUERY)) &&
            !is_migration_source(o, o->findings.items[i]->location.source))
            VEC_PUSH(o->scratch, &findings, o->findings.items[i]);
    if (findings.n == 0)
        return;
    ItemDraft *item = item_new(
        o, SECTION_PERFORMANCE, PRIORITY_MEDIUM,
        str_format(o->scratch, "%u quer%s to look at", findings.n, findings.n == 1 ? "y" : "ies"));
    item->item.rule = findings.items[0]->rule;
    say_messages(o, item, &findings, 4);
    cite_findings(o, item, &findings);
}

/* ---- what there is to say of queries at all ---- */

static void remark_queries(Offline *o, uint32_t n_plans)
{
    ItemDraft *item = item_new(o, SECTION_PERFORMANCE, PRIORITY_NONE, (Str){0});
    if (o->n_queries == 0) {
        item_say(
            o, item,
            "No query on these %s is in the sources (no view, function or file of queries), so "
            "indexes are judged by keys and foreign keys alone.",
            str_to_c(o->scratch, count_of(o, o->n_consulted, "table", NULL)));
        return;
    }
    if (n_plans > 0)
        item_say(o, item, "%s known; %s for.",
                 str_to_c(o->scratch, count_of(o, o->n_queries, "query is", "queries are")),
                 str_to_c(o->scratch,
                          count_of(o, n_plans, "new index is asked", "new indexes are asked")));
    else
        item_say(o, item, "%s known, and the indexes there are serve %s as far as the text tells.",
                 str_to_c(o->scratch, count_of(o, o->n_queries, "query is", "queries are")),
                 o->n_queries == 1 ? "it" : "all of them");
}

void offline_performance(Offline *o)
{
    IndexPlanVec plans = index_plan(o), plain = {0};
    uint32_t n_served = 0;
    for (uint32_t i = 0; i < plans.n; i++)
        n_served += plans.items[i].serves.n > 0;
    remark_queries(o, n_served);
    for (uint32_t i = 0; i < plans.n; i++) {
        if (plans.items[i].serves.n > 0)
            advise_plan(o, &plans.items[i]);
        else if (plans.items[i].keys.n > 0)
            VEC_PUSH(o->scratch, &plain, plans.items[i]);
    }
    advise_foreign_keys(o, &plain);
    advise_surplus(o, "duplicate-index", "An index is there twice", "{n} indexes are there twice");
    advise_surplus(o, "redundant-index", "An index is the beginning of another",
                   "{n} indexes are the beginning of another");
    advise_loops(o);
    advise_wrapped(o);
    advise_patterns(o);
    advise_query_findings(o);
    list_row_sizes(o);
}
