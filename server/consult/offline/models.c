/* What the models of an ORM and its revisions do beside the schema: defaults, relations, cascades,
 * the order of revisions. One item for each rule that found something. */
#include "consult/offline/data_model.h"

enum { N_MESSAGES = 5 };

typedef struct {
    const char *rule;
    SectionKind section;
    const char *title;
} ModelAdvice;

/* Rules that are not in it are named by their id. */
static const ModelAdvice advices[] = {
    {"default-called-once", SECTION_DATA_MODEL, "Defaults that are computed once for all rows"},
    {"mutable-default", SECTION_DATA_MODEL, "Defaults that all rows share"},
    {"naive-datetime-default", SECTION_DATA_MODEL, "Default times without a zone"},
    {"nullable-mismatch", SECTION_DATA_MODEL, "Columns whose annotation contradicts them on NULL"},
    {"back-populates-mismatch", SECTION_DATA_MODEL, "Relationships whose two sides do not fit"},
    {"cascade-mismatch", SECTION_DATA_MODEL, "Deletes that models and database answer differently"},
    {"cascade-deletes-parent", SECTION_DATA_MODEL, "Cascades that delete the parent"},
    {"orphan-without-single-parent", SECTION_DATA_MODEL, "Cascades that SQLAlchemy refuses"},
    {"cascade-loads-children", SECTION_PERFORMANCE, "Deletes that read all children first"},
    {"joined-collections", SECTION_PERFORMANCE, "Collections that multiply each other's rows"},
    {"relation-without-index", SECTION_PERFORMANCE, "Relations without an index"},
    {"several-heads", SECTION_MIGRATION, "Revisions that do not form one line"},
    {"unknown-down-revision", SECTION_MIGRATION, "Revisions that follow a missing one"},
    {"empty-downgrade", SECTION_MIGRATION, "Revisions whose downgrade does nothing"},
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
                               advice ? str_from(advice->title) : report_code(o->scratch, rule));
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
