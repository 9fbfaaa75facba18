/* Section 3: indexes, queries, row widths. */
#include "consult/offline/capacity.h"
#include "consult/offline/data_model.h"
#include "consult/offline/index_advice.h"
#include "rules/advice.h"

enum { N_LISTED = 6 };

/* ---- indexes too many ---- */

static Str tables_of(Offline *o, const FindingPointerVec *findings)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        Str name = code_of_key(o, findings->items[i]->table);
        bool is_known = false;
        for (uint32_t k = 0; k < names.n && !is_known; k++)
            is_known = str_equal(names.items[k], name);
        if (!is_known)
            VEC_PUSH(o->scratch, &names, name);
    }
    return list_codes(o, &names, 2);
}

static void advise_surplus(Offline *o, const char *rule, const char *one, const char *many)
{
    FindingPointerVec findings = findings_of(o, rule);
    if (findings.n == 0)
        return;
    ItemDraft *item =
        item_new(o, SECTION_PERFORMANCE, PRIORITY_LOW,
                 fill(o, findings.n == 1 ? one : many, tables_of(o, &findings), findings.n));
    item->item.rule = str_from(rule);
    say_messages(o, item, &findings, 3);
    cite_findings(o, item, &findings);
    steps_for(o, item, CLASS_DROP, &findings, NULL, "Drop {n} indexes that others cover");
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

/* Only for functions that are immutable for text; elsewhere the advice is in words. */
static void run_expression_index(Offline *o, ItemDraft *item, const Access *access,
                                 const Column *column, Str function)
{
    const Table *table = access->table->table;
    bool can_index = o->schema->dialect == DIALECT_POSTGRESQL &&
                     type_is_text(column->type.family) &&
                     (str_equal(function, STR("lower")) || str_equal(function, STR("upper"))) &&
                     str_is_absent(table->partition_by.strategy);
    if (!can_index)
        return;
    ColumnVec columns = {0};
    VEC_PUSH(o->scratch, &columns, table_column(table, column->name.text));
    Str name =
        sql_identifier(o->scratch, o->schema->dialect,
                       advice_index_name(o->scratch, o->schema, table, &columns,
                                         str_to_c(o->scratch, str_format(o->scratch, STR_FMT "_idx",
                                                                         STR_ARG(function)))));
    StepDraft *step =
        step_new(o, item, CLASS_INDEX,
                 str_format(o->scratch, "Index " STR_FMT " of " STR_FMT,
                            STR_ARG(report_code(o->scratch, str_format(o->scratch, STR_FMT "()",
                                                                       STR_ARG(function)))),
                            STR_ARG(column_code(o, column))));
    step_run(o, step,
             str_format(o->scratch,
                        "CREATE INDEX CONCURRENTLY " STR_FMT " ON " STR_FMT " (" STR_FMT "(" STR_FMT
                        "));",
                        STR_ARG(name), STR_ARG(sql_table_name(o->scratch, o->schema, table)),
                        STR_ARG(function),
                        STR_ARG(sql_column_list(o->scratch, o->schema->dialect, &columns))),
             true, NULL);
    step_about(o, step, access->table);
    step->verify =
        str_format(o->out, "EXPLAIN of " STR_FMT " shows " STR_FMT,
                   STR_ARG(where_is(o, access->place)), STR_ARG(report_code(o->scratch, name)));
    step->undo = report_code(
        o->out, str_format(o->scratch, "DROP INDEX CONCURRENTLY " STR_FMT ";", STR_ARG(name)));
}

static void advise_wrapped(Offline *o)
{
    StrMap done = {0};
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        for (uint32_t k = 0; access->table->is_consulted && k < access->wrapped.n; k++) {
            const Column *column = access->wrapped.items[k];
            bool is_planned = false;
            for (uint32_t p = 0; p < o->lowered.n && !is_planned; p++)
                is_planned = o->lowered.items[p] == column;
            Str wrapper = wrapper_of(access, column);
            Str name = column_code(o, column);
            if (str_is_empty(wrapper) || is_planned || map_get(&done, name) ||
                access->equal.n > 0 || has_expression_index(access->table->table, column))
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
            run_expression_index(o, item, access, column, wrapper);
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
        bool is_judged = access->query && access->query->in_program; /* by query-in-loop */
        if (!access->query || is_judged || !access->query->inside_loop ||
            !access->table->is_consulted)
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
    ItemDraft *item =
        item_new(o, SECTION_PERFORMANCE, PRIORITY_MEDIUM,
                 str_format(o->scratch, "Look at the quer%s on " STR_FMT,
                            findings.n == 1 ? "y" : "ies", STR_ARG(tables_of(o, &findings))));
    item->item.rule = findings.items[0]->rule;
    say_messages(o, item, &findings, 4);
    cite_findings(o, item, &findings);
}

/* ---- what there is to say of queries at all ---- */

static void remark_queries(Offline *o, const IndexPlanVec *plans)
{
    ItemDraft *item = item_new(o, SECTION_PERFORMANCE, PRIORITY_NONE, (Str){0});
    if (o->n_queries == 0) {
        item_say(o, item,
                 "No query on %s is in the sources (no view, function or file of queries), so "
                 "indexes are judged by keys and foreign keys alone.",
                 str_to_c(o->scratch, consulted_tables(o)));
        return;
    }
    Str queries = count_of(o, o->n_queries, "query is", "queries are");
    StrVec asked = {0};
    for (uint32_t i = 0; i < plans->n; i++)
        if (plan_has_query(&plans->items[i]))
            VEC_PUSH(o->scratch, &asked, plan_code(o, &plans->items[i]));
    if (asked.n > 0)
        item_say(o, item, "%s known; %s ask%s for " STR_FMT ".", str_to_c(o->scratch, queries),
                 o->n_queries == 1 ? "it" : "some", o->n_queries == 1 ? "s" : "",
                 STR_ARG(list_codes(o, &asked, 3)));
    else
        item_say(o, item, "%s known on %s; as far as the text tells, existing indexes serve %s.",
                 str_to_c(o->scratch, queries), str_to_c(o->scratch, consulted_tables(o)),
                 o->n_queries == 1 ? "it" : "all of them");
}

void offline_performance(Offline *o)
{
    IndexPlanVec plans = index_plan(o);
    remark_queries(o, &plans);
    advise_indexes(o, &plans);
    advise_surplus(o, "duplicate-index", "An index of {} is there twice",
                   "{n} indexes are there twice");
    advise_surplus(o, "redundant-index", "An index of {} is the beginning of another",
                   "Indexes of {} are the beginnings of others");
    advise_loops(o);
    advise_wrapped(o);
    advise_patterns(o);
    advise_query_findings(o);
    list_row_sizes(o);
}
