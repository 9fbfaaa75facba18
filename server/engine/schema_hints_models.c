/* What is declared otherwise than it was: what the missing migration would do, or, where a database
 * has no migrations, what its next deployment does to the tables that are there. */
#include "engine/schema_hints_parts.h"
#include "model/diff_sql.h"
#include "model/identifier.h"

enum { MAX_DIFFERENCES = 2000 }; /* to look at; each is compared with those that are left */

typedef struct {
    Hints *h;
    const Schema *was, *is; /* as declared */
    bool has_migrations;
    WhatIf *what_if; /* NULL until it is asked */
    DifferenceVec all;
} Models;

/* ---- where it stands ---- */

/* A place that is gone: where it stood. */
static bool locate_gone(const Models *m, Place place, Location *location)
{
    const Hints *h = m->h;
    Location was;
    if (!snapshot_locate(h->base, place, &was) || h->now_of_base[was.source] == UINT32_MAX)
        return false;
    uint32_t source = h->now_of_base[was.source];
    if (!h->files[source].is_changed)
        return false;
    const Text *now = h->now->sources.items[source].file->text;
    uint32_t line = h->files[source].lines.to_line[text_line_at(
        h->base->sources.items[was.source].file->text, was.range.start)];
    if (line >= text_line_count(now))
        line = text_line_count(now) - 1;
    while (line > 0 && range_is_empty(text_line_range(now, line)))
        line--; /* something to underline */
    *location = (Location){.source = source, .range = text_line_range(now, line)};
    return true;
}

static bool locate(const Models *m, const Difference *difference, Location *location)
{
    const DifferencePart *to = &difference->to;
    if (difference->kind == DIFFERENCE_TABLE)
        return locate_gone(m, difference->from.table->name.place, location);
    Place place = to->column        ? to->column->name.place
                  : to->index       ? to->index->place
                  : to->foreign_key ? to->foreign_key->place
                  : to->key         ? to->key->place
                                    : to->table->name.place;
    return snapshot_locate(m->h->now, place, location) ||
           snapshot_locate(m->h->now, to->table->name.place, location);
}

/* ---- which differences ---- */

static bool is_partial(const Table *table)
{
    return table->origin && table->origin->kind == OP_CREATE_TABLE &&
           table->origin->as.create_table.is_partial;
}

/* The same difference between what the migrations make and what is declared. */
static bool is_same(const Models *m, const Difference *ours, const Difference *theirs)
{
    Dialect dialect = m->is->dialect;
    if (ours->kind != theirs->kind || ours->way != theirs->way)
        return false;
    if (ours->kind == DIFFERENCE_TABLE)
        return theirs->from.table ==
               schema_counterpart(m->h->now->database.migrated, ours->from.table);
    if (ours->to.table != theirs->to.table || ours->to.column != theirs->to.column ||
        ours->to.index != theirs->to.index || ours->to.key != theirs->to.key ||
        ours->to.foreign_key != theirs->to.foreign_key)
        return false;
    return ours->way != DIFFERENCE_EXTRA || ours->kind != DIFFERENCE_COLUMN ||
           identifier_equal(dialect, ours->from.column->name.text, theirs->from.column->name.text);
}

static bool is_migrated(const Models *m, const Difference *difference)
{
    if (!m->has_migrations)
        return false;
    const DifferenceVec *left = &m->h->now->database.differences;
    for (uint32_t i = 0; i < left->n; i++) {
        if (is_same(m, difference, &left->items[i]))
            return false;
    }
    return true;
}

static bool counts(const Difference *difference)
{
    bool is_extra = difference->way == DIFFERENCE_EXTRA;
    const DifferencePart *to = &difference->to;
    if (to->table && is_partial(to->table))
        return false;
    switch (difference->kind) {
    case DIFFERENCE_TABLE: /* a new one is empty */
        return is_extra && table_is_base(difference->from.table);
    case DIFFERENCE_COLUMN:
    case DIFFERENCE_TYPE:
        return true;
    case DIFFERENCE_NULLABILITY:
        return !to->column->is_nullable;
    case DIFFERENCE_DEFAULT:
        return to->column->default_value != NULL;
    case DIFFERENCE_UNIQUE:
    case DIFFERENCE_INDEX:
    case DIFFERENCE_FOREIGN_KEY:
        return !is_extra;
    case DIFFERENCE_PRIMARY_KEY:
    case DIFFERENCE_ACTIONS:
    case DIFFERENCE_CHECK:
    case DIFFERENCE_ENUM:
    case DIFFERENCE_ENUM_VALUE:
        break;
    }
    return false;
}

/* ---- a column under another name ---- */

/* The only column of its table that came, or went, if it is the only one. */
static const Difference *only(const Models *m, const Table *table, DifferenceWay way)
{
    const Difference *found = NULL;
    for (uint32_t i = 0; i < m->all.n; i++) {
        const Difference *difference = &m->all.items[i];
        if (difference->kind != DIFFERENCE_COLUMN || difference->way != way ||
            difference->to.table != table)
            continue;
        if (found)
            return NULL;
        found = difference;
    }
    return found;
}

/* One column gone and one come, of the same type: whoever compares schemas drops and adds. */
static bool is_rename(const Models *m, const Difference *difference, const Column **old_column)
{
    if (difference->kind != DIFFERENCE_COLUMN)
        return false;
    const Difference *gone = only(m, difference->to.table, DIFFERENCE_EXTRA);
    const Difference *come = only(m, difference->to.table, DIFFERENCE_MISSING);
    if (!gone || !come ||
        !str_equal(gone->from.column->type.canonical, come->to.column->type.canonical))
        return false;
    *old_column = gone->from.column;
    return true;
}

static void add_rename(Models *m, Location location, const Column *old_column)
{
    RelatedVec users = hints_users(m->h, old_column->table, old_column, false);
    Str still =
        users.n == 0
            ? STR("")
            : str_format(&m->h->scratch, "; it is still called " STR_FMT " at " STR_FMT,
                         STR_ARG(old_column->name.text), STR_ARG(hints_places(m->h, &users)));
    hints_add(m->h, HINT_RENAME, location,
              "if this is " STR_FMT " under another name, the migration must rename it: one that "
              "drops and adds loses its values" STR_FMT,
              STR_ARG(old_column->name.text), STR_ARG(still))
        ->related = users;
}

/* ---- what it does ---- */

static void add_phrase(Hints *h, Str *phrases, Str phrase)
{
    if (str_is_empty(phrase))
        return;
    *phrases = str_is_empty(*phrases) ? phrase
                                      : str_format(&h->scratch, STR_FMT "; " STR_FMT,
                                                   STR_ARG(*phrases), STR_ARG(phrase));
}

/* What our rules say of the statement, else what it costs. */
static Str effect(Models *m, Str sql, const Table *table, const char **code)
{
    enum { MAX_SAID = 2 };
    Hints *h = m->h;
    Str phrases = {0};
    if (str_is_absent(sql))
        return phrases;
    if (!m->what_if)
        m->what_if = what_if_begin(m->has_migrations ? h->now : h->base);
    WhatIfResult result = what_if_apply(m->what_if, sql);
    for (uint32_t i = 0; i < result.findings.n && i < MAX_SAID; i++)
        add_phrase(h, &phrases, result.findings.items[i].message);
    bool is_long = false;
    Str cost = hints_cost(h, &result.cost, table_title(&h->scratch, m->is, table), &is_long);
    if (is_long || result.findings.n > 0)
        *code = HINT_REWRITE;
    if (result.findings.n == 0)
        add_phrase(h, &phrases, cost);
    return phrases;
}

/* A finding says already, on that line, that it is not migrated. */
static bool is_said(const Hints *h, Location location)
{
    const Text *text = h->now->sources.items[location.source].file->text;
    location.range = text_line_range(text, text_line_at(text, location.range.start));
    return hints_is_found(h, location, GROUP_DRIFT);
}

/* What is to be said of it, with `*code`; nothing where it would surprise nobody. */
static Str phrases_of(Models *m, const Difference *difference, Str sql, RelatedVec *users,
                      const char **code)
{
    Hints *h = m->h;
    const DifferencePart *from = &difference->from, *to = &difference->to;
    *code = HINT_LOCK;
    Str phrases = effect(m, sql, to->table ? to->table : from->table, code);
    if (difference->kind == DIFFERENCE_DEFAULT) {
        /* Its lock is nothing beside what it does not do. */
        phrases = STR("rows that are there keep what they have, as a default is for new ones");
        *code = HINT_DEFAULT;
    }
    if (difference->way == DIFFERENCE_EXTRA)
        *users = hints_users(h, from->table, from->column, false);
    if (users->n > 0) {
        Str places = hints_places(h, users);
        add_phrase(h, &phrases, str_format(&h->scratch, "still used at " STR_FMT, STR_ARG(places)));
        *code = HINT_DROP;
    }
    return phrases;
}

static void add_difference(Models *m, const Difference *difference, Location location)
{
    Hints *h = m->h;
    RelatedVec users = {0};
    const char *code;
    Str sql = difference_sql(&h->scratch, m->was, m->is, difference);
    Str phrases = phrases_of(m, difference, sql, &users, &code);
    bool is_small = str_is_empty(phrases) || str_equal(str_from(code), STR(HINT_LOCK));
    bool is_known =
        m->has_migrations && difference->way != DIFFERENCE_EXTRA && is_said(h, location);
    if (is_small && (is_known || !m->has_migrations))
        return;
    const char *lead = !m->has_migrations ? "on a database that is there"
                       : is_known         ? "the missing migration"
                                          : "no migration does this yet";
    Str statement = str_is_absent(sql) ? STR("")
                                       : str_format(&h->scratch, " (" STR_FMT ")",
                                                    STR_ARG(str_slice(sql, 0, sql.length - 1)));
    SchemaHint *hint =
        hints_add(h, m->has_migrations ? HINT_MIGRATION : code, location, "%s" STR_FMT "%s" STR_FMT,
                  lead, STR_ARG(statement), str_is_empty(phrases) ? "" : ": ", STR_ARG(phrases));
    hint->related = users;
}

void hints_of_models(Hints *h)
{
    const Database *was = &h->base->database, *is = &h->now->database;
    if (!was->declared || !is->declared || was->declared->tables.n == 0)
        return;
    Models m = {
        .h = h, .was = was->declared, .is = is->declared, .has_migrations = is->migrated != NULL};
    m.all = schema_diff(&h->scratch, m.was, m.is);
    for (uint32_t i = 0; i < m.all.n && i < MAX_DIFFERENCES && hints_go_on(h); i++) {
        const Difference *difference = &m.all.items[i];
        const Column *old_column;
        Location location;
        if (!counts(difference) || is_migrated(&m, difference) ||
            !locate(&m, difference, &location))
            continue;
        if (!is_rename(&m, difference, &old_column))
            add_difference(&m, difference, location);
        else if (difference->way == DIFFERENCE_MISSING)
            add_rename(&m, location, old_column);
    }
    what_if_free(m.what_if);
}
