#include "consult/online/brief_parts.h"
#include "rules/rule.h"

enum { FINDINGS_BYTES = 8 * 1024, TABLES_BYTES = 10 * 1024 };

bool brief_is_drift(const Finding *finding)
{
    return str_equal(finding->group, rule_group_name(GROUP_DRIFT));
}

static void add_findings(Brief *brief)
{
    const FindingVec *findings = &brief->snapshot->findings;
    Buf part = buf_with_max(FINDINGS_BYTES);
    uint32_t n = 0, n_left_out = 0;
    for (uint32_t i = 0; i < findings->n; i++) {
        const Finding *finding = &findings->items[i];
        if (!brief_is_drift(finding) || !brief_finding_counts(brief, finding))
            continue;
        size_t before = part.length;
        buf_format(&part, "- " STR_FMT " [" STR_FMT "] " STR_FMT "\n",
                   STR_ARG(snapshot_cite(brief->scratch, brief->snapshot, finding->place)),
                   STR_ARG(finding->rule), STR_ARG(brief_line(brief, finding->message)));
        n++;
        n_left_out += brief_take_back(&part, before);
    }
    buf_add(&brief->out,
            n == 0 ? STR("Lintel has found no difference that matters.\n") : buf_str(&part));
    if (n_left_out > 0)
        buf_format(&brief->out, "- and %u more\n", n_left_out);
    buf_free(&part);
}

/* In full: no list of tables above has them. */
static void add_declared_only(Brief *brief)
{
    const DifferenceVec *differences = &brief->snapshot->database.differences;
    Buf part = buf_with_max(TABLES_BYTES);
    uint32_t n_left_out = 0;
    for (uint32_t i = 0; i < differences->n; i++) {
        const Difference *difference = &differences->items[i];
        if (difference->kind != DIFFERENCE_TABLE || difference->way != DIFFERENCE_MISSING)
            continue;
        size_t before = part.length;
        brief_table(brief, &part, difference->to.table);
        n_left_out += brief_take_back(&part, before);
    }
    if (part.length > 0)
        buf_format(&brief->out,
                   "\nDeclared, and not made by any migration:\n\n```sql\n" STR_FMT "```\n",
                   STR_ARG(buf_str(&part)));
    if (n_left_out > 0)
        buf_format(&brief->out, "\nAnd %u more such tables.\n", n_left_out);
    buf_free(&part);
}

void brief_sides(Brief *brief)
{
    const Database *database = &brief->snapshot->database;
    if (!database->migrated || !database->declared)
        return;
    buf_format(
        &brief->out,
        "\n## Declared and migrated\n\nThe tables above are what the migrations make. Models or "
        "definitions declare %u tables. Where they differ:\n\n",
        database->declared->tables.n);
    add_findings(brief);
    add_declared_only(brief);
}
