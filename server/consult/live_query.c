#include "consult/live_query.h"

bool query_is_live(const Database *database, const Query *query, SourceRole role)
{
    const Schema *schema = database->schema;
    if (query->in_view) {
        for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
            const Table *view = e->value;
            if (view->view && view->place.fragment == query->place.fragment)
                return true;
        }
        return false;
    }
    if (query->in_function) {
        for (uint32_t i = 0; i < schema->functions.n; i++)
            if (schema->functions.items[i]->place.fragment == query->place.fragment)
                return true;
        return false;
    }
    return query->in_program || role == SOURCE_QUERIES || role == SOURCE_SCHEMA;
}
