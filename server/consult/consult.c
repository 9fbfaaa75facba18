/* A consultation, from the snapshot to the report
 *
 * Sections propose items and steps; rules of the project drop what they forbid; the steps that
 * are left are ordered, replayed and numbered; then the sections that speak about the
 * roadmap as a whole follow. The assessment and the first section come last, because they
 * know what the others found. */
#include "consult/consult.h"

#include "consult/offline/offline.h"

static bool go_on(const Consultation *input, const char *what, uint32_t percent)
{
    if (input->cancel && atomic_load_explicit(input->cancel, memory_order_relaxed))
        return false;
    if (input->progress)
        input->progress(input->progress_data, str_from(what), percent);
    return true;
}

/* ---- what the project's rules say ---- */

void withhold(Offline *o, const Directive *by, Str what)
{
    for (uint32_t i = 0; i < o->withheld.n; i++) {
        Withheld *withheld = &o->withheld.items[i];
        if (withheld->by == by && str_equal(withheld->what, what)) {
            withheld->times++;
            return;
        }
    }
    VEC_PUSH(o->scratch, &o->withheld,
             ((Withheld){.by = by, .what = str_copy(o->scratch, what), .times = 1}));
}

static void remove_steps(Offline *o, const ItemDraft *item)
{
    for (uint32_t i = 0; i < item->steps.n; i++)
        for (uint32_t k = 0; k < o->steps.n; k++)
            if (o->steps.items[k] == item->steps.items[i]) {
                VEC_REMOVE(&o->steps, k);
                break;
            }
}

/* Names without their schema, too: people write them that way. */
static StrVec plain_tables(Offline *o, const Item *item)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < item->tables.n; i++) {
        const TableFacts *facts = facts_of_key(o, item->tables.items[i]);
        if (facts)
            VEC_PUSH(o->scratch, &names, facts->title);
    }
    return names;
}

/* Items about many tables were made without those of a forbidden table already (findings are
 * dropped one by one), so a table's name forbids only what is about it alone. */
static void drop_forbidden(Offline *o, uint32_t from)
{
    if (!o->input->rules)
        return;
    for (uint32_t i = from; i < o->items.n;) {
        ItemDraft *draft = o->items.items[i];
        StrVec tables = plain_tables(o, &draft->item), none = {0};
        const Directive *by;
        Str title = str_is_absent(draft->item.title) ? draft->topics : draft->item.title;
        if (str_is_empty(title) ||
            !project_rules_forbid(o->input->rules, draft->item.rule, title, draft->topics,
                                  tables.n == 1 ? &tables : &none, &by)) {
            i++;
            continue;
        }
        withhold(o, by, str_format(o->scratch, "advice: " STR_FMT, STR_ARG(title)));
        remove_steps(o, draft);
        VEC_REMOVE(&o->items, i);
    }
}

static void report_rules(Offline *o)
{
    const ProjectRules *rules = o->input->rules;
    for (uint32_t i = 0; rules && i < rules->files.n; i++)
        VEC_PUSH(o->out, &o->report->rules,
                 ((ReportRules){.path = str_copy(o->out, rules->files.items[i].path),
                                .n_lines = rules->files.items[i].n_lines,
                                .sha256 = str_copy(o->out, rules->files.items[i].sha256)}));
    for (uint32_t d = 0; rules && d < rules->directives.n; d++) {
        const Directive *directive = &rules->directives.items[d];
        StrVec what = {0};
        for (uint32_t i = 0; i < o->withheld.n; i++) {
            const Withheld *withheld = &o->withheld.items[i];
            if (withheld->by == directive)
                VEC_PUSH(o->scratch, &what,
                         withheld->times == 1
                             ? withheld->what
                             : str_format(o->scratch, STR_FMT " (%u times)",
                                          STR_ARG(withheld->what), withheld->times));
        }
        VEC_PUSH(
            o->out, &o->report->rules_applied,
            str_format(o->out, "%s " STR_FMT " (" STR_FMT ":%u): %s" STR_FMT,
                       directive->kind == DIRECTIVE_IGNORE_RULE ? "ignore" : "do not recommend",
                       STR_ARG(report_code(o->scratch, directive->subject)),
                       STR_ARG(report_prose(o->scratch, directive->path)), directive->line,
                       what.n > 0 ? "withheld " : "nothing to withhold",
                       STR_ARG(list_codes(o, &what, 6))));
    }
    for (uint32_t i = 0; rules && i < rules->misunderstood.n; i++)
        VEC_PUSH(o->out, &o->report->rules_applied,
                 str_format(o->out, "not understood: " STR_FMT,
                            STR_ARG(report_prose(o->scratch, rules->misunderstood.items[i]))));
}

/* ---- head and end ---- */

static Str scope_text(Offline *o)
{
    const ConsultScope *scope = &o->input->scope;
    Str counts = str_format(o->scratch, "%s, %s",
                            str_to_c(o->scratch, count_of(o, o->n_consulted, "table", NULL)),
                            str_to_c(o->scratch, count_of(o, o->n_queries, "query", "queries")));
    Str name = o->snapshot->database.name;
    switch (scope->kind) {
    case SCOPE_DATABASE:
        return str_format(o->out, "%s: " STR_FMT,
                          str_to_c(o->scratch, str_is_empty(name) ? STR("the database")
                                                                  : report_code(o->scratch, name)),
                          STR_ARG(counts));
    case SCOPE_TABLE:
        return str_format(o->out, "table " STR_FMT ": " STR_FMT,
                          STR_ARG(code_of_key(o, scope->table)), STR_ARG(counts));
    case SCOPE_FILE:
        return str_format(
            o->out, STR_FMT ": " STR_FMT,
            STR_ARG(report_code(o->scratch,
                                shown_path(o, o->snapshot->sources.items[scope->source].path))),
            STR_ARG(counts));
    case SCOPE_SELECTION: {
        const Source *source = &o->snapshot->sources.items[scope->source];
        uint32_t first = text_line_at(source->file->text, scope->range.start) + 1;
        uint32_t last = text_line_at(source->file->text, scope->range.end) + 1;
        return str_format(o->out, STR_FMT " lines %u to %u: " STR_FMT,
                          STR_ARG(report_code(o->scratch, shown_path(o, source->path))), first,
                          last, STR_ARG(counts));
    }
    }
    return (Str){0};
}

static void suggest(Offline *o)
{
    StrVec *suggestions = &o->report->suggestions;
    uint32_t n_assumed = 0;
    const TableFacts *growing = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        n_assumed += facts->is_consulted && facts->assumed && facts->assumed->rows > 0;
        if (facts->is_consulted && !growing &&
            (facts->shape == SHAPE_EVENT || facts->table->referenced_by.n > 2))
            growing = facts;
    }
    if (n_assumed == 0 && o->n_consulted > 0)
        VEC_PUSH(
            o->out, suggestions,
            str_format(
                o->out,
                "Lintel could not see how many rows %s hold%s%s. `assume:` in lintel.yaml%s "
                "would "
                "turn the estimates into figures.",
                str_to_c(o->scratch, these_tables(o)), o->n_consulted == 1 ? "s" : "",
                growing && o->n_consulted > 1
                    ? str_to_c(o->scratch, str_format(o->scratch, ", " STR_FMT " first of all",
                                                      STR_ARG(growing->code)))
                    : "",
                o->schema->dialect == DIALECT_POSTGRESQL ? ", from `pg_stat_user_tables`," : ""));
    if (o->n_queries == 0 && o->n_consulted > 0)
        VEC_PUSH(
            o->out, suggestions,
            str_format(o->out,
                       "No query on %s was found: files with the application's SQL "
                       "(`queries:` of the "
                       "database in lintel.yaml) would let indexes be judged by what is asked.",
                       str_to_c(o->scratch, these_tables(o))));
    if (o->snapshot->n_suppressed > 0)
        VEC_PUSH(o->out, suggestions,
                 str_format(o->out,
                            "%s suppressed by comments in the sources; whether the reasons still "
                            "hold is for you to say.",
                            str_to_c(o->scratch, count_of(o, o->snapshot->n_suppressed,
                                                          "finding is", "findings are"))));
}

/* ---- putting it together ---- */

static void fill_sections(Offline *o)
{
    for (uint32_t i = 0; i < o->items.n; i++)
        for (uint32_t k = 0; k < o->items.items[i]->steps.n; k++)
            if (o->items.items[i]->steps.items[k]->number > 0)
                VEC_PUSH(o->out, &o->items.items[i]->item.steps,
                         o->items.items[i]->steps.items[k]->number);
    for (int section = 0; section < N_SECTIONS; section++)
        for (int rank = 0; rank <= PRIORITY_HIGH; rank++) {
            /* remarks, then high to low */
            Priority priority = rank == 0 ? PRIORITY_NONE : (Priority)(PRIORITY_HIGH + 1 - rank);
            for (uint32_t i = 0; i < o->items.n; i++) {
                const ItemDraft *draft = o->items.items[i];
                if (draft->section == (SectionKind)section && draft->item.priority == priority)
                    VEC_PUSH(o->out, &o->report->sections[section].items, draft->item);
            }
        }
    for (int section = 0; section < N_SECTIONS; section++)
        if (o->report->sections[section].items.n == 0)
            VEC_PUSH(o->out, &o->report->sections[section].items,
                     ((Item){.body = str_format(
                                 o->out,
                                 section == SECTION_DATA_MODEL
                                     ? "No rule objects to the keys, types and constraints of %s."
                                     : "There is nothing to say of %s.",
                                 str_to_c(o->scratch, consulted_tables(o)))}));
}

static bool check_scope(const Consultation *input, Error *err)
{
    const ConsultScope *scope = &input->scope;
    if ((scope->kind == SCOPE_FILE || scope->kind == SCOPE_SELECTION) &&
        scope->source >= input->snapshot->sources.n)
        return error_set(err, ERR_NOT_FOUND, "the file is not part of the database " STR_FMT,
                         STR_ARG(input->snapshot->database.name));
    return true;
}

static bool run(Offline *o)
{
    const Consultation *input = o->input;
    offline_collect(o);
    if (!go_on(input, "judging the data model", 20))
        return false;
    offline_data_model(o);
    offline_drift(o);
    offline_models(o);
    type_change_steps(o);
    if (!go_on(input, "planning indexes", 40))
        return false;
    offline_performance(o);
    offline_technology(o);
    drop_forbidden(o, 0);
    if (!go_on(input, "replaying the roadmap", 60))
        return false;
    uint32_t n_judged = o->items.n;
    offline_roadmap(o);
    if (!go_on(input, "writing the report", 80))
        return false;
    offline_scaling(o);
    offline_migration(o);
    offline_backup(o);
    drop_forbidden(o, n_judged);
    offline_current_state(o);
    offline_assessment(o);
    return true;
}

Report *consult(Arena *out, const Consultation *input, Error *err)
{
    if (!check_scope(input, err))
        return NULL;
    Snapshot *snapshot = snapshot_with_remedies(input->snapshot, input->cancel);
    if (!snapshot) {
        error_set(err, ERR_CANCELLED, "the consultation was cancelled");
        return NULL;
    }
    Arena scratch = {0};
    Offline o = {.out = out,
                 .scratch = &scratch,
                 .input = input,
                 .snapshot = snapshot,
                 .schema = snapshot->database.schema,
                 .report = report_new(out)};
    Report *report = NULL;
    if (!run(&o)) {
        error_set(err, ERR_CANCELLED, "the consultation was cancelled");
    } else if (o.n_consulted == 0 && input->scope.kind == SCOPE_TABLE) {
        error_set(err, ERR_NOT_FOUND, "there is no table " STR_FMT, STR_ARG(input->scope.table));
    } else {
        fill_sections(&o);
        suggest(&o);
        report_rules(&o);
        report = o.report;
        report->dialect = o.schema->dialect;
        report->scope = scope_text(&o);
        report->question = str_copy(out, input->question);
        Str name = input->agent ? input->agent->agent.name : STR(DEFAULT_AGENT);
        report->consultant =
            str_format(out, STR_FMT ", offline", STR_ARG(report_prose(&scratch, name)));
        report_count(report);
        go_on(input, "done", 100);
    }
    arena_release(&scratch);
    snapshot_release(snapshot);
    return report;
}
