/* What stands under the cursor: an occurrence, as both sides of the database know it. */
#include "engine/occurrences.h"

static const Column *column_counterpart(const Table *table, const Column *column)
{
    return table && column ? table_column(table, column->name.text) : NULL;
}

/* From what the source's own side knows to what both know. */
static void settle_subject(const Snapshot *snapshot, const Schema *schema, Subject *subject)
{
    const Database *database = &snapshot->database;
    if (!database->migrated || !database->declared)
        return;
    const Schema *other = schema == database->migrated ? database->declared : database->migrated;
    const Table *table = schema_counterpart(other, subject->table);
    const Column *column = column_counterpart(table, subject->column);
    if (!table || (subject->column && !column))
        return;
    bool is_declared = schema == database->declared;
    subject->declared_table = is_declared ? subject->table : table;
    subject->declared_column = is_declared ? subject->column : column;
    if (is_declared) {
        subject->table = table;
        subject->column = column;
    }
}

bool snapshot_subject_at(const Snapshot *snapshot, uint32_t source, uint32_t at, Subject *subject)
{
    LocatedOccurrence found;
    if (!occurrence_at(snapshot, source, at, &found) || found.occurrence.thing.relation)
        return false;
    *subject = (Subject){.table = found.occurrence.thing.table,
                         .column = found.occurrence.thing.column,
                         .place = found.occurrence.place};
    settle_subject(snapshot, source_schema(snapshot, source), subject);
    return true;
}

const Table *snapshot_table_at(const Snapshot *snapshot, uint32_t source, uint32_t at)
{
    Subject named;
    if (snapshot_subject_at(snapshot, source, at, &named))
        return named.table;
    const Schema *schema = source_schema(snapshot, source);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Subject subject = {.table = e->value};
        Location location;
        if (!snapshot_locate(snapshot, subject.table->place, &location) ||
            location.source != source || !range_touches(location.range, at))
            continue;
        settle_subject(snapshot, schema, &subject);
        return subject.table;
    }
    return NULL;
}
