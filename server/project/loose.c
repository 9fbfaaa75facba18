/* Files that no migration layout took
 *
 * A file that defines something is a database of its own. A file that only holds queries or
 * rows belongs to a database: the one whose folder shares the longest way with its own. Where
 * two are equally near (a schema per dialect, say), nobody can tell, and it stays alone. */
#include "project/discover.h"
#include "project/path.h"

SourceRole discover_role(const FileFacts *facts)
{
    if (facts->evidence.defines)
        return SOURCE_SCHEMA;
    if (facts->evidence.queries)
        return SOURCE_QUERIES;
    return facts->evidence.fills ? SOURCE_SEED : SOURCE_SCHEMA;
}

static uint32_t common_parts(Str a, Str b)
{
    uint32_t n = 0;
    Str part_a, part_b;
    while (path_next_part(&a, &part_a) && path_next_part(&b, &part_b) && str_equal(part_a, part_b))
        n++;
    return n;
}

/* UINT32_MAX: none, or several equally near. A history counts more than a definition beside
 * it: of schema.sql and migrations/ the queries are the history's. */
static uint32_t nearest_database(const Discovery *d, Str folder)
{
    uint32_t best = UINT32_MAX, best_score = 0;
    bool is_tied = false;
    for (uint32_t i = 0; i < d->project->databases.n; i++) {
        const ProjectDatabase *database = &d->project->databases.items[i];
        if (database->layout == LAYOUT_CONFIGURED)
            continue;
        uint32_t score = 2 * common_parts(database->folder, folder) + database->has_migrations + 1u;
        is_tied = score == best_score || (is_tied && score < best_score);
        if (score > best_score) {
            is_tied = false;
            best_score = score;
            best = i;
        }
    }
    return is_tied ? UINT32_MAX : best;
}

typedef struct {
    Candidate *candidate;
    SourceRole role;
} Loose;

void discover_loose(Discovery *d)
{
    Vec(Loose) waiting = {0};
    for (uint32_t i = 0; i < d->n_candidates; i++) {
        Candidate *candidate = &d->candidates[i];
        if (candidate->is_taken || discover_is_cancelled(d))
            continue;
        SourceRole role = discover_role(candidate_facts(d, candidate));
        if (role != SOURCE_SCHEMA) {
            VEC_PUSH(d->scratch, &waiting, ((Loose){.candidate = candidate, .role = role}));
            continue;
        }
        ProjectDatabase *database =
            discover_add(d, LAYOUT_FILE, candidate->found.folder, candidate->found.config);
        discover_take(d, database, candidate, SOURCE_SCHEMA);
    }
    /* Decided before the first is attached, so that one lonely query does not attract another. */
    uint32_t *nearest = ARENA_ARRAY(d->scratch, uint32_t, waiting.n + 1);
    for (uint32_t i = 0; i < waiting.n; i++)
        nearest[i] = nearest_database(d, waiting.items[i].candidate->found.folder);
    for (uint32_t i = 0; i < waiting.n; i++) {
        Candidate *candidate = waiting.items[i].candidate;
        ProjectDatabase *database =
            nearest[i] != UINT32_MAX
                ? &d->project->databases.items[nearest[i]]
                : discover_add(d, LAYOUT_FILE, candidate->found.folder, candidate->found.config);
        discover_take(d, database, candidate, waiting.items[i].role);
    }
}
