/* Where models and migrations say different things: one item, and the migration that is missing. */
#include "consult/offline/data_model.h"

enum { N_MESSAGES = 6 };

static FindingPointerVec drift_findings(Offline *o)
{
    FindingPointerVec findings = {0};
    for (uint32_t i = 0; i < o->findings.n; i++) {
        if (str_equal(o->findings.items[i]->group, rule_group_name(GROUP_DRIFT)))
            VEC_PUSH(o->scratch, &findings, o->findings.items[i]);
    }
    return findings;
}

/* What the tool calls the making of a migration. */
static const char *tool_phrase(const Offline *o)
{
    const ProjectDatabase *database = o->input->database;
    if (database && database->layout == LAYOUT_PRISMA)
        return "`prisma migrate dev --create-only` drafts the missing migration";
    if (database && database->layout == LAYOUT_ALEMBIC)
        return "`alembic revision --autogenerate` drafts the missing revision, but for enum values "
               "and checks";
    return "The missing migration is to be written";
}

/* What the tool does with what it finds in the database and in no model. */
static const char *drop_phrase(const Offline *o)
{
    const ProjectDatabase *database = o->input->database;
    if (database && database->layout == LAYOUT_PRISMA)
        return "The next `prisma migrate dev` drops what only the migrations make, unless "
               "schema.prisma declares it";
    if (database && database->layout == LAYOUT_ALEMBIC)
        return "The next `alembic revision --autogenerate` proposes to drop what only the "
               "migrations make, unless the models declare it";
    return "What only the migrations make is to be declared, or dropped";
}

void offline_drift(Offline *o)
{
    FindingPointerVec findings = drift_findings(o);
    if (findings.n == 0)
        return;
    uint32_t n_worse = 0, n_extra = 0;
    for (uint32_t i = 0; i < findings.n; i++) {
        n_worse += findings.items[i]->severity >= SEVERITY_WARNING;
        n_extra += is_migration_source(o, findings.items[i]->location.source);
    }
    ItemDraft *item = item_new(
        o, SECTION_MIGRATION, n_worse ? PRIORITY_MEDIUM : PRIORITY_LOW,
        str_format(o->scratch, "What is declared and what the migrations make differ in %u place%s",
                   findings.n, findings.n == 1 ? "" : "s"));
    item->topics = STR("drift models declared migrated");
    say_messages(o, item, &findings, N_MESSAGES);
    if (n_extra < findings.n)
        item_say(o, item, "%s; where the database is right, the declaration follows it.",
                 tool_phrase(o));
    if (n_extra)
        item_say(o, item, "%s.", drop_phrase(o));
    cite_findings(o, item, &findings);
    steps_for(o, item, CLASS_CONSTRAINT, &findings, NULL,
              "Make the {n} changes that are declared and not migrated");
}
