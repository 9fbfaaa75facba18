/* Type changes, one rewrite for each table
 *
 * Each change of a column's type may rewrite the whole table, and several rules ask for changes of
 * the same table. In one ALTER TABLE they cost one rewrite. So the remedies are collected
 * from all findings, and their actions joined by table. */
#include "base/buf.h"
#include "consult/offline/offline.h"

typedef struct {
    Str head;     /* "ALTER TABLE orders" */
    Str preamble; /* what has to run before, such as SET timezone; or absent */
    StrVec rest;  /* what follows, such as a change of its sequence */
    Str title;    /* of the first remedy */
    const TableFacts *facts;
    StrVec actions;
    StrVec columns; /* code spans */
    FindingPointerVec answers;
    Vec(ItemDraft *) items;
    Priority priority;
    StrVec verifications, undo, risks;
} Rewrite;
typedef Vec(Rewrite) RewriteVec;

void type_change_add(Offline *o, ItemDraft *item, const Finding *finding)
{
    if (finding->remedies.n > 0)
        VEC_PUSH(o->scratch, &o->type_changes, ((TypeChange){.item = item, .finding = finding}));
}

static void add_once(Arena *arena, StrVec *texts, Str text)
{
    if (str_is_empty(text))
        return;
    for (uint32_t i = 0; i < texts->n; i++)
        if (str_equal(texts->items[i], text))
            return;
    VEC_PUSH(arena, texts, text);
}

/* Splits "ALTER TABLE t ALTER COLUMN c TYPE x;" behind the table; false for anything else. */
static bool split_action(Str sql, Str *head, Str *action)
{
    static const char *const verbs[] = {" ALTER COLUMN ", " MODIFY "};
    if (!str_starts_with(sql, STR("ALTER TABLE ")) || !str_ends_with(sql, STR(";")))
        return false;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        uint32_t at = str_find(sql, str_from(verbs[i]), 0);
        if (at == UINT32_MAX)
            continue;
        *head = str_slice(sql, 0, at);
        *action = str_slice(sql, at + 1, sql.length - 1);
        return true;
    }
    return false;
}

/* "SET timezone = 'UTC';\nALTER TABLE …;": what runs first in the same session, and the rest. */
static Str without_preamble(Str sql, Str *preamble)
{
    uint32_t end = str_starts_with(sql, STR("SET ")) ? str_find(sql, STR(";\n"), 0) : UINT32_MAX;
    if (end == UINT32_MAX)
        return sql;
    *preamble = str_slice(sql, 0, end + 1);
    return str_slice(sql, end + 2, sql.length);
}

static Rewrite *rewrite_of(Offline *o, RewriteVec *rewrites, Str head, Str preamble)
{
    for (uint32_t i = 0; i < rewrites->n; i++)
        if (str_equal(rewrites->items[i].head, head) &&
            str_equal(rewrites->items[i].preamble, preamble))
            return &rewrites->items[i];
    Rewrite *rewrite = VEC_EXTEND(o->scratch, rewrites);
    rewrite->head = head;
    rewrite->preamble = preamble;
    for (uint32_t i = 0; i < o->tables.n; i++) {
        Str name = sql_table_name(o->scratch, o->schema, o->tables.items[i]->table);
        if (head.length == name.length + 12 && str_ends_with(head, name))
            rewrite->facts = o->tables.items[i];
    }
    return rewrite;
}

static void note_item(Offline *o, Rewrite *rewrite, ItemDraft *item)
{
    for (uint32_t i = 0; i < rewrite->items.n; i++)
        if (rewrite->items.items[i] == item)
            return;
    VEC_PUSH(o->scratch, &rewrite->items, item);
    if (item->item.priority > rewrite->priority)
        rewrite->priority = item->item.priority;
}

/* Two rules may ask for different types of one column: the first wins. */
static bool changes_already(const Rewrite *rewrite, Str action)
{
    uint32_t end = str_find(action, STR(" TYPE "), 0);
    Str target = str_slice(action, 0, end == UINT32_MAX ? action.length : end + 6);
    for (uint32_t i = 0; i < rewrite->actions.n; i++)
        if (str_starts_with(rewrite->actions.items[i], target))
            return true;
    return false;
}

static void collect(Offline *o, const TypeChange *change, RewriteVec *rewrites)
{
    const RemedyVec *remedies = &change->finding->remedies;
    Str preamble = {0};
    Rewrite *rewrite = NULL;
    for (uint32_t i = 0; i < remedies->n; i++) {
        const Remedy *remedy = &remedies->items[i];
        Str head, action, ignored;
        if (!split_action(without_preamble(remedy->sql, &preamble), &head, &action)) {
            if (rewrite)
                add_once(o->scratch, &rewrite->rest, remedy->sql);
            else
                preamble = remedy->sql;
            continue;
        }
        rewrite = rewrite_of(o, rewrites, head, preamble);
        if (str_is_empty(rewrite->title))
            rewrite->title = remedy->title;
        if (!changes_already(rewrite, action))
            VEC_PUSH(o->scratch, &rewrite->actions, action);
        VEC_PUSH(o->scratch, &rewrite->answers, change->finding);
        add_once(o->scratch, &rewrite->risks, remedy->risk);
        Str undo_head, undo_action;
        if (split_action(without_preamble(remedy->undo, &ignored), &undo_head, &undo_action) &&
            str_equal(undo_head, head))
            add_once(o->scratch, &rewrite->undo, undo_action);
        note_item(o, rewrite, change->item);
    }
}

static Str column_of_action(Str action)
{
    static const char *const verbs[] = {"ALTER COLUMN ", "MODIFY "};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (str_starts_with(action, str_from(verbs[i]))) {
            Str rest = str_slice(action, (uint32_t)strlen(verbs[i]), action.length);
            return str_slice(rest, 0, str_find(rest, STR(" "), 0));
        }
    return action;
}

static void run_rewrite(Offline *o, StepDraft *step, const Rewrite *rewrite)
{
    Str actions = str_join(o->scratch, rewrite->actions.items, rewrite->actions.n, STR(",\n    "));
    Str sql =
        str_format(o->scratch, STR_FMT "%s" STR_FMT "%s" STR_FMT ";", STR_ARG(rewrite->preamble),
                   str_is_empty(rewrite->preamble) ? "" : "\n", STR_ARG(rewrite->head),
                   rewrite->actions.n > 1 ? "\n    " : " ", STR_ARG(actions));
    step_run(o, step, sql, false, NULL);
    for (uint32_t i = 0; i < rewrite->rest.n; i++)
        step_run(o, step, rewrite->rest.items[i], false, NULL);
    StatementDraft *statement = VEC_LAST(&step->statements);
    for (uint32_t i = 0; i < rewrite->answers.n; i++) {
        bool is_repeated = false;
        for (uint32_t k = 0; k < i && !is_repeated; k++)
            is_repeated = rewrite->answers.items[k] == rewrite->answers.items[i];
        if (!is_repeated)
            VEC_PUSH(o->scratch, &statement->answers, rewrite->answers.items[i]);
    }
    step_about(o, step, rewrite->facts);
}

static StepDraft *new_step(Offline *o, const Rewrite *rewrite, Str title)
{
    StepDraft *step = step_new(o, rewrite->items.items[0], CLASS_TYPE, title);
    step->priority = rewrite->priority;
    return step;
}

static void link_items(Offline *o, StepDraft *step, const Rewrite *rewrite)
{
    for (uint32_t i = 0; i < rewrite->items.n; i++) {
        StepDraftVec *steps = &rewrite->items.items[i]->steps;
        bool is_linked = false;
        for (uint32_t k = 0; k < steps->n && !is_linked; k++)
            is_linked = steps->items[k] == step;
        if (!is_linked)
            VEC_PUSH(o->scratch, steps, step);
    }
}

/* A risk that another one says with more words is left out. */
static Str risk_of(Offline *o, const Rewrite *rewrite)
{
    StrVec told = {0};
    for (uint32_t i = 0; i < rewrite->risks.n; i++) {
        bool is_told = false;
        for (uint32_t k = 0; k < rewrite->risks.n && !is_told; k++)
            is_told = k != i && str_contains(rewrite->risks.items[k], rewrite->risks.items[i]);
        if (!is_told)
            VEC_PUSH(o->scratch, &told, rewrite->risks.items[i]);
    }
    return report_prose(o->out, str_join(o->scratch, told.items, told.n, STR("; ")));
}

static void one_step(Offline *o, const Rewrite *rewrite)
{
    StrVec columns = {0};
    for (uint32_t i = 0; i < rewrite->actions.n; i++)
        VEC_PUSH(o->scratch, &columns,
                 report_code(o->scratch, column_of_action(rewrite->actions.items[i])));
    Str table = rewrite->facts ? rewrite->facts->code : report_code(o->scratch, rewrite->head);
    Str title = columns.n == 1 && !str_is_empty(rewrite->title)
                    ? report_prose(o->scratch, rewrite->title)
                    : str_format(o->scratch, "Change " STR_FMT " of " STR_FMT " in one rewrite",
                                 STR_ARG(list_codes(o, &columns, 4)), STR_ARG(table));
    StepDraft *step = new_step(o, rewrite, title);
    run_rewrite(o, step, rewrite);
    link_items(o, step, rewrite);
    step->risk = risk_of(o, rewrite);
    if (rewrite->undo.n > 0)
        step->undo = report_code(
            o->out,
            str_format(
                o->scratch, STR_FMT "%s" STR_FMT " " STR_FMT ";", STR_ARG(rewrite->preamble),
                str_is_empty(rewrite->preamble) ? "" : " ", STR_ARG(rewrite->head),
                STR_ARG(str_join(o->scratch, rewrite->undo.items, rewrite->undo.n, STR(", ")))));
}

/* Rewrites of one priority and preamble: a step each, or one step where they are many. */
static void steps_of(Offline *o, const RewriteVec *rewrites, Priority priority, Str preamble)
{
    enum { MAX_SINGLE_STEPS = 5 };
    uint32_t n = 0;
    for (uint32_t i = 0; i < rewrites->n; i++)
        n += rewrites->items[i].priority == priority &&
             str_equal(rewrites->items[i].preamble, preamble);
    StepDraft *grouped = NULL;
    for (uint32_t i = 0; i < rewrites->n; i++) {
        const Rewrite *rewrite = &rewrites->items[i];
        if (rewrite->priority != priority || !str_equal(rewrite->preamble, preamble))
            continue;
        if (n <= MAX_SINGLE_STEPS) {
            one_step(o, rewrite);
            continue;
        }
        if (!grouped) {
            grouped =
                new_step(o, rewrite,
                         str_format(o->scratch,
                                    "Change column types in %u tables, each in one statement", n));
            grouped->undo = STR("the same statements with the old types");
            grouped->risk =
                str_is_empty(preamble)
                    ? str_format(o->out,
                                 "each table is rewritten with its indexes while nobody else "
                                 "can use it; one at a time, the smallest of the %u first",
                                 n)
                    : str_format(o->out,
                                 "its statements belong in one session; the stored times are read "
                                 "as UTC: make sure that they are; the indexes on them are built "
                                 "anew while nobody else can use the table, one of the %u at a "
                                 "time",
                                 n);
        }
        run_rewrite(o, grouped, rewrite);
        link_items(o, grouped, rewrite);
    }
}

void type_change_steps(Offline *o)
{
    RewriteVec rewrites = {0};
    for (uint32_t i = 0; i < o->type_changes.n; i++)
        collect(o, &o->type_changes.items[i], &rewrites);
    StrVec preambles = {0};
    VEC_PUSH(o->scratch, &preambles, (Str){0});
    for (uint32_t i = 0; i < rewrites.n; i++)
        add_once(o->scratch, &preambles, rewrites.items[i].preamble);
    for (int priority = PRIORITY_HIGH; priority >= PRIORITY_LOW; priority--)
        for (uint32_t i = 0; i < preambles.n; i++)
            steps_of(o, &rewrites, (Priority)priority, preambles.items[i]);
}
