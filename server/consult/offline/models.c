/* What the models of an ORM and its revisions do beside the schema: defaults, relations, cascades,
 * the order of revisions. One item for each rule that found something. */
#include "consult/offline/data_model.h"

enum { N_MESSAGES = 5, N_LISTED = 4 };

/* {} are the columns or tables; {n} the number of findings, where they have none. */
typedef struct {
    const char *rule;
    SectionKind section;
    const char *title, *bare;
} ModelAdvice;

static const ModelAdvice advices[] = {
    {"default-called-once", SECTION_DATA_MODEL, "The default of {} is computed once for all rows",
     "{n} defaults are computed once for all rows"},
    {"mutable-default", SECTION_DATA_MODEL, "All rows share the default of {}",
     "{n} defaults are shared by all rows"},
    {"naive-datetime-default", SECTION_DATA_MODEL, "The default time of {} has no zone",
     "{n} default times have no zone"},
    {"nullable-mismatch", SECTION_DATA_MODEL, "The annotation of {} contradicts the column on NULL",
     "{n} annotations contradict their columns on NULL"},
    {"back-populates-mismatch", SECTION_DATA_MODEL, "Relationships of {} do not fit together",
     "{n} relationships do not fit the other side"},
    {"cascade-mismatch", SECTION_DATA_MODEL,
     "Models and database answer the deletion behind {} differently",
     "Models and database answer {n} deletions differently"},
    {"cascade-deletes-parent", SECTION_DATA_MODEL, "A cascade from {} deletes the parent",
     "{n} cascades delete the parent"},
    {"orphan-without-single-parent", SECTION_DATA_MODEL, "SQLAlchemy refuses a cascade of {}",
     "SQLAlchemy refuses {n} cascades"},
    {"cascade-loads-children", SECTION_PERFORMANCE, "A delete reads all rows of {} first",
     "{n} deletes read all children first"},
    {"joined-collections", SECTION_PERFORMANCE, "Collections of {} multiply each other's rows",
     "{n} collections multiply each other's rows"},
    {"lazy-load-in-loop", SECTION_PERFORMANCE,
     "Loops over {} load what belongs to each row by itself",
     "{n} loops load what belongs to each row by itself"},
    {"query-in-loop", SECTION_PERFORMANCE, "{} is asked once for each row of another query",
     "{n} queries run once for each row of another"},
    {"commit-in-loop", SECTION_PERFORMANCE, "Loops over {} commit for each row",
     "{n} loops commit for each row"},
    {"missing-rollback", SECTION_DATA_MODEL, NULL, "{n} loops go on with a failed session"},
    {"shared-session", SECTION_DATA_MODEL, NULL, "All requests share {n} session"},
    {"relation-without-index", SECTION_PERFORMANCE, "No index serves the relation by {}",
     "{n} relations have no index"},
    {"several-heads", SECTION_MIGRATION, NULL, "The revisions do not form 1 line"},
    {"unknown-down-revision", SECTION_MIGRATION, NULL, "{n} revisions follow one that is missing"},
    {"empty-downgrade", SECTION_MIGRATION, NULL, "The downgrade of {n} revisions does nothing"},
};

static const ModelAdvice *advice_of(Str rule)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (str_equal(rule, str_from(advices[i].rule)))
            return &advices[i];
    }
    return NULL;
}

static Priority priority_of(Severity severity)
{
    if (severity == SEVERITY_ERROR)
        return PRIORITY_HIGH;
    return severity == SEVERITY_WARNING ? PRIORITY_MEDIUM : PRIORITY_LOW;
}

static Str title_for(Offline *o, Str rule, const ModelAdvice *advice,
                     const FindingPointerVec *findings)
{
    if (!advice)
        return report_code(o->scratch, rule);
    StrVec names = subjects_of(o, findings);
    const char *pattern = names.n > 0 && advice->title ? advice->title : advice->bare;
    return fill(o, pattern, list_codes(o, &names, N_LISTED), findings->n);
}

static void advise(Offline *o, Str rule)
{
    FindingPointerVec findings = findings_of(o, str_to_c(o->scratch, rule));
    const ModelAdvice *advice = advice_of(rule);
    Severity worst = SEVERITY_HINT;
    for (uint32_t i = 0; i < findings.n; i++) {
        if (findings.items[i]->severity > worst)
            worst = findings.items[i]->severity;
    }
    ItemDraft *item = item_new(o, advice ? advice->section : SECTION_DATA_MODEL, priority_of(worst),
                               title_for(o, rule, advice, &findings));
    item->item.rule = str_copy(o->out, rule);
    item->topics = STR("orm models classes relationships revisions");
    uint32_t n_shown = findings.n <= N_MESSAGES + 1 ? findings.n : N_MESSAGES;
    for (uint32_t i = 0; i < n_shown; i++)
        item_say(o, item, STR_FMT, STR_ARG(message_of(o, findings.items[i])));
    if (n_shown < findings.n)
        item_say(o, item, "%u more of the kind.", findings.n - n_shown);
    const Rule *its = rule_find(rule);
    if (its)
        item_say(o, item, "%s", its->instead);
    cite_findings(o, item, &findings);
}

void offline_models(Offline *o)
{
    StrMap done = {0};
    for (uint32_t i = 0; i < o->findings.n; i++) {
        Str rule = o->findings.items[i]->rule;
        if (!str_equal(o->findings.items[i]->group, rule_group_name(GROUP_ORM)) ||
            map_get(&done, rule))
            continue;
        map_set(o->scratch, &done, rule, o);
        advise(o, rule);
    }
}
