/* How a twin is found
 *
 * Two findings are about the same where rule, table and column are equal. Several may be so (two
 * pairs of equal indexes on one table), therefore those whose messages are equal too are joined
 * first, and only what is left goes by the key alone. The migrated ones are sorted by key; each
 * declared one looks through the few with its own key, and each migrated one is used once. An
 * equal message used for one declared finding uses up all the migrations' copies of it, because a
 * history may make the same table twice. */
#include "engine/merge.h"

#include <stdlib.h>

typedef struct {
    Snapshot *snapshot;
    FindingVec *migrated; /* sorted by key */
    FindingVec *declared;
    bool *is_used;     /* parallel to migrated */
    Finding **twin_of; /* parallel to declared; NULL: none */
    StrMap tables;     /* of the migrated schema, by what findings call them */
    Arena *scratch;
} Merge;

static int compare_keys(const Finding *a, const Finding *b)
{
    int order = str_compare(a->rule, b->rule);
    if (order == 0)
        order = str_compare(a->table, b->table);
    return order ? order : str_compare(a->column, b->column);
}

static int compare_findings(const void *left, const void *right)
{
    const Finding *a = left, *b = right;
    int order = compare_keys(a, b);
    return order ? order : str_compare(a->message, b->message);
}

/* The first migrated finding that does not sort before `finding`. */
static uint32_t first_of(const Merge *m, const Finding *finding,
                         int (*compare)(const void *, const void *))
{
    uint32_t low = 0, high = m->migrated->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(&m->migrated->items[middle], finding) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_by_key(const void *left, const void *right)
{
    return compare_keys(left, right);
}

static void join_equal_messages(Merge *m)
{
    for (uint32_t i = 0; i < m->declared->n; i++) {
        const Finding *finding = &m->declared->items[i];
        for (uint32_t j = first_of(m, finding, compare_findings);
             j < m->migrated->n && compare_findings(&m->migrated->items[j], finding) == 0; j++) {
            m->twin_of[i] = &m->migrated->items[j];
            if (m->is_used[j])
                break; /* an equal declared finding came first: theirs are the same */
            m->is_used[j] = true;
        }
    }
}

/* Findings of one key are few; but a hostile text may make them many. */
enum { MAX_LOOKED_AT = 32 };

static void join_equal_keys(Merge *m)
{
    for (uint32_t i = 0; i < m->declared->n; i++) {
        const Finding *finding = &m->declared->items[i];
        if (m->twin_of[i] || str_is_empty(finding->table))
            continue;
        uint32_t first = first_of(m, finding, compare_by_key);
        for (uint32_t j = first; j < m->migrated->n && j - first < MAX_LOOKED_AT &&
                                 compare_keys(&m->migrated->items[j], finding) == 0;
             j++) {
            if (m->is_used[j])
                continue;
            m->is_used[j] = true;
            m->twin_of[i] = &m->migrated->items[j];
            break;
        }
    }
}

/* Findings call a table "schema.name"; case does not tell tables apart but in PostgreSQL. */
static Str folded_key(const Merge *m, Str table)
{
    bool is_exact = m->snapshot->database.dialect == DIALECT_POSTGRESQL;
    return is_exact ? table : str_lower(m->scratch, table);
}

static void index_tables(Merge *m)
{
    const StrMap *tables = &m->snapshot->database.migrated->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        Table *table = e->value;
        map_set(m->scratch, &m->tables, folded_key(m, table_full_name(m->scratch, table)), table);
    }
}

/* True where the migrations have not made yet what the finding is about. */
static bool is_not_migrated(const Merge *m, const Finding *finding)
{
    if (str_is_empty(finding->table))
        return false;
    const Table *table = map_get(&m->tables, folded_key(m, finding->table));
    return !table || (!str_is_empty(finding->column) && !table_column(table, finding->column));
}

/* The declared finding stands for both. What repairs the database is what the migrated side says:
 * it is the one that has run. */
static void show_both(Merge *m, Finding *finding, Finding *twin)
{
    Arena *arena = &m->snapshot->arena;
    finding->twin = twin->place;
    finding->remedies = twin->remedies;
    VEC_PUSH(arena, &finding->related,
             ((Related){.place = twin->place, .message = STR("migrated here")}));
    VEC_PUSH(arena, &m->snapshot->findings, *finding);
}

static void push(Merge *m, const Finding *finding)
{
    VEC_PUSH(&m->snapshot->arena, &m->snapshot->findings, *finding);
}

/* Room for all, in one piece: a list that grows leaves its smaller selves in the snapshot. */
static void reserve(Snapshot *snapshot, uint32_t n)
{
    FindingVec *findings = &snapshot->findings;
    uint32_t wanted = findings->n + n;
    if (wanted <= findings->capacity)
        return;
    findings->items = arena_grow(&snapshot->arena, findings->items,
                                 sizeof(Finding) * findings->capacity, sizeof(Finding) * wanted);
    findings->capacity = wanted;
}

void merge_sides(Snapshot *snapshot, FindingVec *migrated, FindingVec *declared)
{
    Arena scratch = {0};
    Merge m = {.snapshot = snapshot,
               .migrated = migrated,
               .scratch = &scratch,
               .declared = declared,
               .is_used = ARENA_ARRAY(&scratch, bool, migrated->n + 1),
               .twin_of = ARENA_ARRAY(&scratch, Finding *, declared->n + 1)};
    const Database *database = &snapshot->database;
    bool has_both = database->migrated && database->declared;
    reserve(snapshot, migrated->n + declared->n);
    if (has_both && migrated->n)
        qsort(migrated->items, migrated->n, sizeof(Finding), compare_findings);
    if (has_both) {
        index_tables(&m);
        join_equal_messages(&m);
        join_equal_keys(&m);
    }
    for (uint32_t i = 0; i < declared->n; i++) {
        Finding *finding = &declared->items[i];
        Finding *twin = m.twin_of[i];
        if (twin)
            show_both(&m, finding, twin);
        else if (!has_both || is_not_migrated(&m, finding))
            push(&m, finding);
    }
    for (uint32_t i = 0; i < migrated->n; i++) {
        if (!m.is_used[i])
            push(&m, &migrated->items[i]);
    }
    arena_release(&scratch);
}
