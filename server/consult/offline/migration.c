/* Section 5: how this project migrates, what its history shows, and what the roadmap needs. */
#include "consult/offline/data_model.h"

/* ---- the history ---- */

static Str source_path(Offline *o, SourceRole role, bool is_last)
{
    Str path = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++) {
        if (o->snapshot->sources.items[i].role != role)
            continue;
        path = o->snapshot->sources.items[i].path;
        if (!is_last)
            break;
    }
    return short_path(o, shown_path(o, path));
}

/* In full: it is the one file to start from. */
static Str baseline_path(Offline *o)
{
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++)
        if (o->snapshot->sources.items[i].role == SOURCE_SCHEMA)
            return report_prose(o->out, shown_path(o, o->snapshot->sources.items[i].path));
    return STR("the definitions");
}

static void remark_layout(Offline *o)
{
    ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
    uint32_t n = count_sources(o, SOURCE_MIGRATION);
    if (n == 0) {
        item_say(o, item,
                 "No migration is among the sources; where there is none elsewhere, start a "
                 "history with " STR_FMT " as its baseline, in any runner%s.",
                 STR_ARG(baseline_path(o)),
                 o->report->roadmap.n > 0 ? ", before the first step of the roadmap" : "");
        return;
    }
    const ProjectDatabase *database = o->input->database;
    Str tool = database ? layout_title(database->layout) : (Str){0};
    const char *title = str_is_empty(tool) ? "plain SQL" : str_to_c(o->scratch, tool);
    Str last = source_path(o, SOURCE_MIGRATION, true);
    if (n == 1)
        item_say(o, item, "1 migration (%s): " STR_FMT ".", title, STR_ARG(last));
    else
        item_say(o, item, "%u migrations (%s), from " STR_FMT " to " STR_FMT ".", n, title,
                 STR_ARG(source_path(o, SOURCE_MIGRATION, false)), STR_ARG(last));
}

/* How the tool is told to run a file outside of a transaction. */
static const char *outside_phrase(Layout layout)
{
    switch (layout) {
    case LAYOUT_DBMATE:
        return "`-- migrate:up transaction:false` at the top of their migrations says so";
    case LAYOUT_GOOSE:
        return "`-- +goose NO TRANSACTION` at the top of their migrations says so";
    case LAYOUT_SQLX:
        return "`-- no-transaction` as the first line of their migrations says so";
    case LAYOUT_FLYWAY:
        return "`executeInTransaction=false` in a configuration file beside each of their "
               "migrations says so";
    case LAYOUT_DIESEL:
        return "`run_in_transaction = false` in the metadata.toml of their migrations says so";
    case LAYOUT_ATLAS:
        return "`-- atlas:txmode none` at the top of their migrations says so";
    case LAYOUT_LIQUIBASE:
        return "`runInTransaction:false` on their changesets says so";
    case LAYOUT_ALEMBIC:
        return "`with op.get_context().autocommit_block():` around them says so";
    case LAYOUT_SUPABASE:
        return "run them by hand with psql, and keep them as a migration without CONCURRENTLY and "
               "with IF NOT EXISTS";
    case LAYOUT_DRIZZLE:
        return "run them by hand with psql, and keep them as a migration without CONCURRENTLY and "
               "with IF NOT EXISTS";
    case LAYOUT_FILE:
    case LAYOUT_CONFIGURED:
    case LAYOUT_PRISMA:
    case LAYOUT_GOLANG_MIGRATE:
    case LAYOUT_SQLALCHEMY:
    case LAYOUT_VERSIONED:
    case LAYOUT_NUMBERED:
        return "they have to run outside of it";
    }
    return "";
}

static void remark_transactions(Offline *o)
{
    uint32_t n_outside = 0;
    for (uint32_t i = 0; i < o->steps.n; i++)
        for (uint32_t k = 0; o->steps.items[i]->number > 0 && k < o->steps.items[i]->statements.n;
             k++)
            n_outside += o->steps.items[i]->statements.items[k].outside_transaction;
    TransactionMode mode = TRANSACTION_UNKNOWN;
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++)
        if (o->snapshot->sources.items[i].role == SOURCE_MIGRATION)
            mode = o->snapshot->sources.items[i].transactions;
    if (n_outside == 0 || (mode != TRANSACTION_PER_FILE && mode != TRANSACTION_PER_MULTI_FILE))
        return;
    ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
    Layout layout = o->input->database ? o->input->database->layout : LAYOUT_FILE;
    Str tool = o->input->database ? layout_title(layout) : STR("The migration tool");
    Str statements =
        count_of(o, n_outside, "statement below is concurrent", "statements below are concurrent");
    if (mode == TRANSACTION_PER_MULTI_FILE)
        item_say(o, item,
                 STR_FMT " sends a file of several statements as one transaction, which "
                         "CONCURRENTLY refuses: " STR_FMT ", and %s a migration file of %s own.",
                 STR_ARG(tool), STR_ARG(statements), n_outside == 1 ? "needs" : "each needs",
                 "its");
    else
        item_say(o, item,
                 STR_FMT " runs a file in one transaction, which CONCURRENTLY refuses: " STR_FMT
                         "; %s.",
                 STR_ARG(tool), STR_ARG(statements), outside_phrase(layout));
}

/* ---- what the history shows ---- */

typedef struct {
    Str rule;
    FindingPointerVec findings;
} Habit;
typedef Vec(Habit) HabitVec;

static const char *habit_phrase(Str rule)
{
    static const struct {
        const char *rule, *phrase;
    } phrases[] = {
        {"create-index-not-concurrently",
         "index was built while writes waited|indexes were built while writes waited"},
        {"drop-index-not-concurrently",
         "index was dropped under a full lock|indexes were dropped under a full lock"},
        {"concurrently-in-transaction", "concurrent statement stands in a transaction|concurrent "
                                        "statements stand in a transaction"},
        {"check-without-not-valid", "check was added with a full scan under lock|checks were added "
                                    "with a full scan under lock"},
        {"foreign-key-without-not-valid",
         "foreign key was checked while both tables were blocked|foreign keys were checked while "
         "both tables were blocked"},
        {"unique-constraint-blocks", "unique constraint built its index under a full lock|unique "
                                     "constraints built their indexes under a full lock"},
        {"set-not-null-scan", "column was made NOT NULL with a scan under a full lock|columns were "
                              "made NOT NULL with a scan under a full lock"},
        {"add-not-null-column", "NOT NULL column was added without a default|NOT NULL columns were "
                                "added without a default"},
        {"volatile-default-rewrite", "default rewrote a whole table|defaults rewrote whole tables"},
        {"column-type-rewrite", "type change rewrote a table|type changes rewrote tables"},
        {"drop-table", "table was dropped|tables were dropped"},
        {"drop-column", "column was dropped|columns were dropped"},
        {"rename-table",
         "table was renamed under running programs|tables were renamed under running programs"},
        {"missing-where", "statement changes every row|statements change every row"},
        {"rename-column",
         "column was renamed under running programs|columns were renamed under running programs"},
    };
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (str_equal(rule, str_from(phrases[i].rule)))
            return phrases[i].phrase;
    return NULL;
}

static HabitVec collect_habits(Offline *o)
{
    HabitVec habits = {0};
    for (uint32_t i = 0; i < o->findings.n; i++) {
        const Finding *finding = o->findings.items[i];
        if (!is_migration_source(o, finding->location.source) ||
            (!str_equal(finding->group, rule_group_name(GROUP_MIGRATION)) &&
             !str_equal(finding->group, rule_group_name(GROUP_QUERY))))
            continue;
        Habit *habit = NULL;
        for (uint32_t k = 0; k < habits.n && !habit; k++)
            if (str_equal(habits.items[k].rule, finding->rule))
                habit = &habits.items[k];
        if (!habit) {
            habit = VEC_EXTEND(o->scratch, &habits);
            habit->rule = finding->rule;
        }
        VEC_PUSH(o->scratch, &habit->findings, finding);
    }
    return habits;
}

static void remark_habit(Offline *o, const Habit *habit)
{
    uint32_t n = habit->findings.n;
    const Finding *last = habit->findings.items[n - 1];
    const char *phrase = habit_phrase(habit->rule);
    ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
    item->item.rule = str_copy(o->out, habit->rule);
    if (phrase) {
        const char *bar = strchr(phrase, '|');
        Str text = n == 1 ? str_of(phrase, (size_t)(bar - phrase)) : str_from(bar + 1);
        item_say(o, item, "%u " STR_FMT " (" STR_FMT ")%s: " STR_FMT ".", n, STR_ARG(text),
                 STR_ARG(report_code(o->scratch, habit->rule)), n == 1 ? "" : "; the last one",
                 STR_ARG(report_prose(o->scratch, last->message)));
    } else {
        item_say(o, item, "%u time%s " STR_FMT "%s: " STR_FMT ".", n, n == 1 ? "" : "s",
                 STR_ARG(report_code(o->scratch, habit->rule)), n == 1 ? "" : "; the last one",
                 STR_ARG(report_prose(o->scratch, last->message)));
    }
    /* The last one first: it is the one that may still be changed. */
    for (uint32_t i = n; i-- > 0 && n - i <= 3;)
        item_cite_finding(o, item, habit->findings.items[i]);
}

static void remark_history(Offline *o)
{
    enum { MAX_HABITS = 8 };
    HabitVec habits = collect_habits(o);
    uint32_t n_migrations = count_sources(o, SOURCE_MIGRATION);
    if (n_migrations > 0 && habits.n == 0 && o->input->scope.kind == SCOPE_DATABASE) {
        ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
        if (n_migrations == 1)
            item_say(o, item, "The 1 migration makes tables and changes none that had rows.");
        else
            item_say(o, item,
                     "None of the %u migrations blocks, rewrites or breaks a table that had rows, "
                     "as far as Lintel's migration rules see.",
                     n_migrations);
    }
    /* Most frequent first; equal ones in the order found. */
    for (uint32_t said = 0; said < MAX_HABITS; said++) {
        Habit *most = NULL;
        for (uint32_t i = 0; i < habits.n; i++)
            if (habits.items[i].findings.n > 0 &&
                (!most || habits.items[i].findings.n > most->findings.n))
                most = &habits.items[i];
        if (!most)
            return;
        remark_habit(o, most);
        most->findings.n = 0;
    }
}

/* ---- changes of the roadmap that need more than one release ---- */

static void advise_expand_contract(Offline *o)
{
    StrVec tables = {0}, numbers = {0};
    for (uint32_t i = 0; i < o->steps.n; i++) {
        const StepDraft *step = o->steps.items[i];
        if (step->kind != CLASS_TYPE || step->number == 0)
            continue;
        VEC_PUSH(o->scratch, &numbers, str_format(o->scratch, "%u", step->number));
        for (uint32_t k = 0; k < step->tables.n; k++) {
            const TableFacts *facts = facts_of_key(o, step->tables.items[k]);
            if (facts)
                VEC_PUSH(o->scratch, &tables, facts->code);
        }
    }
    if (numbers.n == 0)
        return;
    ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
    item->topics = STR("zero downtime expand contract backfill");
    bool is_empty = count_sources(o, SOURCE_MIGRATION) == 0;
    item_say(o, item, "Step%s " STR_FMT " change%s types in " STR_FMT ": %s.",
             numbers.n == 1 ? "" : "s", STR_ARG(list_codes(o, &numbers, 8)),
             numbers.n == 1 ? "s" : "", STR_ARG(list_codes(o, &tables, 6)),
             is_empty ? "free while the tables are empty, so before launch"
                      : "where the table is large, add a column of the new type, write both, fill "
                        "it in batches, "
                        "switch the readers, then drop the old one");
}

static void advise_data_repairs(Offline *o)
{
    FindingPointerVec references = findings_of(o, "missing-foreign-key");
    if (references.n == 0)
        return;
    StrVec names = {0};
    for (uint32_t i = 0; i < references.n; i++) {
        const TableFacts *facts = facts_of_key(o, references.items[i]->table);
        const Column *column =
            facts ? table_column(facts->table, references.items[i]->column) : NULL;
        if (column)
            VEC_PUSH(o->scratch, &names, column_code(o, column));
    }
    ItemDraft *item = item_new(o, SECTION_MIGRATION, PRIORITY_NONE, (Str){0});
    item_say(o, item, "Data to repair first: rows whose " STR_FMT " %s at nothing.",
             STR_ARG(list_codes(o, &names, 6)), names.n == 1 ? "points" : "point");
}

void offline_migration(Offline *o)
{
    remark_layout(o);
    remark_transactions(o);
    remark_history(o);
    advise_expand_contract(o);
    advise_data_repairs(o);
}
