/* Section 2: entities, keys, types, constraints. */
#include "consult/offline/data_model.h"

enum { N_LISTED = 6, N_MESSAGES = 4 };

/* How the findings of a design rule become one item. {} are the columns or tables, {n} their
 * number: no sentence stands without them. */
typedef struct {
    const char *rule;
    Priority priority;
    bool is_type_change;
    const char *one, *many;   /* titles */
    const char *reason;       /* NULL: the findings' own messages */
    const char *step, *steps; /* titles where it is no type change; NULL: the remedy's */
} Advice;

static const Advice advices[] = {
    {.rule = "fk-target-not-unique",
     .priority = PRIORITY_HIGH,
     .one = "The foreign key of {} has no valid target",
     .many = "Foreign keys of {} have no valid target",
     .step = "Give the foreign key of {} a valid target",
     .steps = "Give {n} foreign keys a valid target"},
    {.rule = "fk-type-mismatch",
     .priority = PRIORITY_HIGH,
     .is_type_change = true,
     .one = "{} has another type than the key that it references",
     .many = "{} have other types than the keys that they reference"},
    {.rule = "float-money",
     .priority = PRIORITY_HIGH,
     .is_type_change = true,
     .one = "Money in {} is floating point",
     .many = "Money in {} is floating point",
     .reason = "A binary fraction cannot hold 0.10, so sums over {} drift by cents; "
               "`numeric(12,2)` is exact."},
    {.rule = "missing-foreign-key",
     .priority = PRIORITY_MEDIUM,
     .one = "{} is a reference that nothing enforces",
     .many = "{} are references that nothing enforces",
     .reason = "By name and type {} should name rows of other tables, but such a row may go and "
               "leave the name behind.",
     .step = "Enforce the reference of {}",
     .steps = "Enforce {n} references"},
    {.rule = "null-string-default",
     .priority = PRIORITY_MEDIUM,
     .one = "{} defaults to the word NULL",
     .many = "{} default to the word NULL",
     .step = "Drop the default of {}",
     .steps = "Drop {n} defaults"},
    {.rule = "repeated-columns",
     .priority = PRIORITY_LOW,
     .one = "Numbered columns of {} are a list",
     .many = "Numbered columns of {} are lists",
     .steps = "Change {n} tables"},
    {.rule = "prefer-jsonb",
     .priority = PRIORITY_LOW,
     .is_type_change = true,
     .one = "{} is json, not jsonb",
     .many = "{} are json, not jsonb",
     .reason = "PostgreSQL parses {} at every use and can neither index nor compare the value; "
               "`jsonb` takes the same documents."},
    {.rule = "char-type",
     .priority = PRIORITY_LOW,
     .is_type_change = true,
     .one = "{} is padded with spaces",
     .many = "{} are padded with spaces",
     .reason =
         "Shorter values of {} come back longer than they went in, and the fixed length saves "
         "no byte."},
};

/* ---- what the findings are about ---- */

const Column *column_of(const TableFacts *facts, const Finding *finding)
{
    return facts && !str_is_empty(finding->column) ? table_column(facts->table, finding->column)
                                                   : NULL;
}

/* The columns (or tables) of the findings as code spans, each once. */
StrVec subjects_of(Offline *o, const FindingPointerVec *findings)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        const TableFacts *facts = facts_of_key(o, findings->items[i]->table);
        bool is_table = str_equal(findings->items[i]->rule, STR("repeated-columns"));
        const Column *column = is_table ? NULL : column_of(facts, findings->items[i]);
        Str name = column ? column_code(o, column) : code_of_key(o, findings->items[i]->table);
        bool is_known = str_is_empty(name);
        for (uint32_t k = 0; k < names.n && !is_known; k++)
            is_known = str_equal(names.items[k], name);
        if (!is_known)
            VEC_PUSH(o->scratch, &names, name);
    }
    return names;
}

void say_messages(Offline *o, ItemDraft *item, const FindingPointerVec *findings, uint32_t shown)
{
    uint32_t n = findings->n <= shown + 1 ? findings->n : shown;
    for (uint32_t i = 0; i < n; i++)
        item_say(o, item, STR_FMT, STR_ARG(message_of(o, findings->items[i])));
    if (n == findings->n)
        return;
    FindingPointerVec rest = {.items = findings->items + n, .n = findings->n - n};
    StrVec names = subjects_of(o, &rest);
    item_say(o, item, "%u more of the kind: " STR_FMT ".", rest.n,
             STR_ARG(list_codes(o, &names, 12)));
}

void cite_findings(Offline *o, ItemDraft *item, const FindingPointerVec *findings)
{
    for (uint32_t i = 0; i < findings->n; i++) {
        item_cite_finding(o, item, findings->items[i]);
        item_about(o, item, facts_of_key(o, findings->items[i]->table));
    }
}

/* A step for each finding, or one for all where they are many. */
static Str subject_of(Offline *o, const Finding *finding)
{
    const TableFacts *facts = facts_of_key(o, finding->table);
    const Column *column = column_of(facts, finding);
    return column ? column_code(o, column) : code_of_key(o, finding->table);
}

/* What is said of each statement of a group is said once. */
static void describe_group(Offline *o, StepDraft *step, StepClass kind, uint32_t n)
{
    switch (kind) {
    case CLASS_DROP:
        step->verify = STR("`SELECT indexrelname, idx_scan FROM pg_stat_user_indexes;` before, and "
                           "slow queries after");
        step->undo = str_format(o->out, "the %u definitions stand at the places named above", n);
        step->risk = STR("plans that used one use the wider index from then on");
        break;
    case CLASS_CONSTRAINT:
        step->verify =
            STR("`SELECT conname FROM pg_constraint WHERE NOT convalidated;` returns none of them");
        step->undo = str_format(o->out, "`ALTER TABLE ... DROP CONSTRAINT` for each of the %u", n);
        step->risk = STR("a VALIDATE fails where a row has no parent: repair those rows first; "
                         "from then on deleting a "
                         "parent that is still referenced fails");
        break;
    case CLASS_KEY:
        step->undo = str_format(o->out, "`ALTER TABLE ... DROP COLUMN` for each of the %u", n);
        step->risk = STR("rewrites each table while nobody else can use it: one at a time, the "
                         "small ones first");
        break;
    case CLASS_SECURITY:
    case CLASS_TYPE:
    case CLASS_INDEX:
        break;
    }
    if (o->schema->dialect != DIALECT_POSTGRESQL)
        step->verify = (Str){0};
}

void steps_for(Offline *o, ItemDraft *item, StepClass kind, const FindingPointerVec *findings,
               const char *single_title, const char *grouped_title)
{
    enum { MAX_SINGLE_STEPS = 3 };
    uint32_t n = 0;
    for (uint32_t i = 0; i < findings->n; i++)
        n += findings->items[i]->remedies.n > 0;
    StepDraft *step = NULL;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = findings->items[i];
        if (finding->remedies.n == 0)
            continue;
        if (n > MAX_SINGLE_STEPS && !step) {
            step = step_new(o, item, kind, fill(o, grouped_title, (Str){0}, n));
            describe_group(o, step, kind, n);
        }
        StepDraft *own =
            step ? step
                 : step_new(o, item, kind,
                            single_title
                                ? fill(o, single_title, subject_of(o, finding), 1)
                                : report_prose(o->scratch, finding->remedies.items[0].title));
        if (!step) {
            step_apply(o, own, finding);
            continue;
        }
        for (uint32_t k = 0; k < finding->remedies.n; k++)
            step_run(o, own, finding->remedies.items[k].sql,
                     finding->remedies.items[k].outside_transaction, finding);
        step_about(o, own, facts_of_key(o, finding->table));
    }
}

/* ---- references that had a foreign key ---- */

/* The name of the foreign key over this column alone, where the operation makes one. */
static bool makes_foreign_key(const Operation *operation, const Column *column, Str *name)
{
    if (operation->kind != OP_ADD_CONSTRAINT ||
        operation->as.add_constraint.kind != CONSTRAINT_FOREIGN_KEY ||
        operation->as.add_constraint.parts.n != 1 ||
        !str_equal_ignore_case(operation->as.add_constraint.parts.items[0].column.text,
                               column->name.text))
        return false;
    *name = operation->as.add_constraint.name.text;
    return true;
}

/* The statement that dropped the column's foreign key, where the history has one. */
static Place dropped_at(Offline *o, const Column *column)
{
    const Table *table = column->table;
    Str name = str_format(o->scratch, STR_FMT "_" STR_FMT "_fkey", STR_ARG(table->name.text),
                          STR_ARG(column->name.text));
    Place place = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++) {
        const PlacedFragmentVec *fragments = &o->snapshot->sources.items[i].file->fragments;
        for (uint32_t f = 0; f < fragments->n; f++) {
            const OperationVec *operations = &fragments->items[f].fragment->operations;
            for (uint32_t k = 0; k < operations->n; k++) {
                const Operation *operation = &operations->items[k];
                if (!str_equal_ignore_case(operation->target.name.text, table->name.text))
                    continue;
                if (makes_foreign_key(operation, column, &name))
                    place = (Place){0};
                else if (operation->kind == OP_DROP_CONSTRAINT &&
                         str_equal_ignore_case(operation->as.constraint.name.text, name))
                    place = operation->place;
            }
        }
    }
    return place;
}

/* What somebody took away on purpose is not recommended again, only mentioned. */
static FindingPointerVec without_dropped(Offline *o, const FindingPointerVec *findings)
{
    FindingPointerVec rest = {0}, dropped = {0};
    ItemDraft *item = NULL;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = findings->items[i];
        const TableFacts *facts = facts_of_key(o, finding->table);
        const Column *column = column_of(facts, finding);
        Place place = column ? dropped_at(o, column) : (Place){0};
        if (!place_is_set(place)) {
            VEC_PUSH(o->scratch, &rest, finding);
            continue;
        }
        if (!item)
            item = item_new(o, SECTION_DATA_MODEL, PRIORITY_NONE, (Str){0});
        VEC_PUSH(o->scratch, &dropped, finding);
        item_cite(o, item, place);
        item_about(o, item, facts);
    }
    if (item) {
        StrVec names = subjects_of(o, &dropped);
        item_say(o, item,
                 STR_FMT " had %s that a migration dropped; nothing is recommended against that.",
                 STR_ARG(list_codes(o, &names, N_LISTED)),
                 names.n == 1 ? "a foreign key" : "foreign keys");
    }
    return rest;
}

/* ---- money in cents ---- */

/* Fractions of cents are kept on purpose: two digits would lose them. */
static FindingPointerVec without_cents(Offline *o, const FindingPointerVec *findings)
{
    FindingPointerVec rest = {0}, cents = {0};
    for (uint32_t i = 0; i < findings->n; i++) {
        StrVec words = name_words(o->scratch, findings->items[i]->column);
        bool is_cents =
            has_word(&words, "cents") || has_word(&words, "cent") || has_word(&words, "micros");
        VEC_PUSH(o->scratch, is_cents ? &cents : &rest, findings->items[i]);
    }
    if (cents.n == 0)
        return rest;
    StrVec names = subjects_of(o, &cents);
    ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW,
                               str_format(o->scratch, "Fractions of cents in " STR_FMT,
                                          STR_ARG(list_codes(o, &names, 3))));
    item->item.rule = STR("float-money");
    item_say(o, item,
             "A float over small units drifts little, but sums over " STR_FMT
             " still depend on their order; `numeric` without a scale would not.",
             STR_ARG(list_codes(o, &names, N_LISTED)));
    cite_findings(o, item, &cents);
    return rest;
}

/* ---- one rule, one item ---- */

static void advise(Offline *o, const Advice *advice)
{
    FindingPointerVec findings = findings_of(o, advice->rule);
    if (str_equal(str_from(advice->rule), STR("missing-foreign-key")))
        findings = without_dropped(o, &findings);
    if (str_equal(str_from(advice->rule), STR("float-money")))
        findings = without_cents(o, &findings);
    if (findings.n == 0)
        return;
    StrVec subjects = subjects_of(o, &findings);
    Str names = list_codes(o, &subjects, N_LISTED);
    ItemDraft *item = item_new(o, SECTION_DATA_MODEL, advice->priority,
                               fill(o, subjects.n == 1 ? advice->one : advice->many,
                                    list_codes(o, &subjects, 2), subjects.n));
    item->item.rule = str_from(advice->rule);
    if (advice->reason && o->schema->dialect == DIALECT_POSTGRESQL)
        item_say(o, item, STR_FMT, STR_ARG(fill(o, advice->reason, names, subjects.n)));
    else
        say_messages(o, item, &findings, N_MESSAGES);
    cite_findings(o, item, &findings);
    if (advice->is_type_change) {
        for (uint32_t i = 0; i < findings.n; i++)
            type_change_add(o, item, findings.items[i]);
    } else {
        steps_for(o, item, CLASS_CONSTRAINT, &findings, advice->step, advice->steps);
    }
}

/* ---- design rules that have no text of their own here ---- */

static bool has_text(Str rule)
{
    static const char *const special[] = {"prefer-timestamptz", "prefer-bigint-key",
                                          "prefer-identity", "missing-primary-key"};
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (str_equal(rule, str_from(advices[i].rule)))
            return true;
    return str_is_among(rule, special, sizeof special / sizeof *special);
}

static Priority priority_of(Severity severity)
{
    switch (severity) {
    case SEVERITY_ERROR:
        return PRIORITY_HIGH;
    case SEVERITY_WARNING:
        return PRIORITY_MEDIUM;
    case SEVERITY_INFO:
    case SEVERITY_HINT:
    case SEVERITY_OFF:
        return PRIORITY_LOW;
    }
    return PRIORITY_LOW;
}

static void advise_others(Offline *o)
{
    StrMap done = {0};
    for (uint32_t i = 0; i < o->findings.n; i++) {
        Str rule = o->findings.items[i]->rule;
        if (!str_equal(o->findings.items[i]->group, rule_group_name(GROUP_DESIGN)) ||
            has_text(rule) || map_get(&done, rule))
            continue;
        map_set(o->scratch, &done, rule, o);
        FindingPointerVec findings = findings_of(o, str_to_c(o->scratch, rule));
        StrVec names = subjects_of(o, &findings);
        ItemDraft *item = item_new(o, SECTION_DATA_MODEL, priority_of(findings.items[0]->severity),
                                   str_format(o->scratch, STR_FMT ": " STR_FMT,
                                              STR_ARG(report_code(o->scratch, rule)),
                                              STR_ARG(list_codes(o, &names, N_LISTED))));
        item->item.rule = str_copy(o->out, rule);
        say_messages(o, item, &findings, N_MESSAGES);
        cite_findings(o, item, &findings);
        steps_for(o, item, CLASS_CONSTRAINT, &findings, NULL, "Carry out the {n} changes");
    }
}

void offline_data_model(Offline *o)
{
    advise_keys(o);
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        advise(o, &advices[i]);
    advise_personal_data(o);
    advise_shapes(o);
    advise_time_zones(o);
    advise_narrow_keys(o);
    advise_serials(o);
    advise_others(o);
    draw_diagram(o);
}
