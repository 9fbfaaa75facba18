/* Symbols of a document and of the workspace.
 *
 * Only SQL files have an outline of ours, where squawk's server gives none: Prisma's and Python's
 * servers give those of theirs. What a search in the workspace finds is called by its name in the
 * database, which no other server knows: tables where they are declared, or else made, and their
 * columns. */
#include "base/json.h"
#include "engine/outline.h"
#include "lsp/folders.h"
#include "lsp/handlers.h"
#include "lsp/target.h"

/* The protocol's numbers. */
enum {
    SYMBOL_PROPERTY = 7,
    SYMBOL_FIELD = 8,
    SYMBOL_ENUM = 10,
    SYMBOL_INTERFACE = 11,
    SYMBOL_FUNCTION = 12,
    SYMBOL_NUMBER = 16,
    SYMBOL_KEY = 20,
    SYMBOL_ENUM_MEMBER = 22,
    SYMBOL_STRUCT = 23,
    SYMBOL_EVENT = 24,
};

static int symbol_kind(OutlineKind kind)
{
    switch (kind) {
    case OUTLINE_TABLE:
        return SYMBOL_STRUCT;
    case OUTLINE_COLUMN:
        return SYMBOL_FIELD;
    case OUTLINE_CONSTRAINT:
    case OUTLINE_INDEX:
        return SYMBOL_KEY;
    case OUTLINE_VIEW:
        return SYMBOL_INTERFACE;
    case OUTLINE_TYPE:
        return SYMBOL_ENUM;
    case OUTLINE_LABEL:
        return SYMBOL_ENUM_MEMBER;
    case OUTLINE_FUNCTION:
        return SYMBOL_FUNCTION;
    case OUTLINE_TRIGGER:
        return SYMBOL_EVENT;
    case OUTLINE_POLICY:
        return SYMBOL_PROPERTY;
    case OUTLINE_SEQUENCE:
        return SYMBOL_NUMBER;
    }
    return SYMBOL_STRUCT;
}

/* ---- of a document ---- */

static cJSON *symbol_json(LocationWriter *writer, uint32_t source, const OutlineEntry *entry)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "name", entry->name);
    if (!str_is_empty(entry->detail))
        json_add_str(json, "detail", entry->detail);
    cJSON_AddNumberToObject(json, "kind", symbol_kind(entry->kind));
    json_add(json, "range", location_range(writer, source, entry->whole));
    json_add(json, "selectionRange", location_range(writer, source, entry->name_range));
    return json;
}

/* For clients that know no tree: SymbolInformation. */
static cJSON *flat_symbol_json(LocationWriter *writer, const OutlineEntry *entry, Str container,
                               const Location *location)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "name", entry->name);
    cJSON_AddNumberToObject(json, "kind", symbol_kind(entry->kind));
    if (!str_is_empty(container))
        json_add_str(json, "containerName", container);
    json_add(json, "location", location_json(writer, location));
    return json;
}

static cJSON *tree_json(LocationWriter *writer, uint32_t source, const OutlineEntryVec *entries)
{
    cJSON *list = cJSON_CreateArray();
    cJSON *parent = NULL, *children = NULL;
    for (uint32_t i = 0; i < entries->n; i++) {
        const OutlineEntry *entry = &entries->items[i];
        cJSON *json = symbol_json(writer, source, entry);
        if (entry->is_child && parent) {
            if (!children)
                children = cJSON_AddArrayToObject(parent, "children");
            json_push(children, json);
            continue;
        }
        json_push(list, json);
        parent = json;
        children = NULL;
    }
    return list;
}

static cJSON *flat_json(LocationWriter *writer, uint32_t source, const OutlineEntryVec *entries)
{
    cJSON *list = cJSON_CreateArray();
    Str parent = {0};
    for (uint32_t i = 0; i < entries->n; i++) {
        const OutlineEntry *entry = &entries->items[i];
        Location location = {source, entry->whole};
        Str container = entry->is_child ? parent : (Str){0};
        json_push(list, flat_symbol_json(writer, entry, container, &location));
        if (!entry->is_child)
            parent = entry->name;
    }
    return list;
}

static cJSON *outline_json(Server *server, const DocumentView *view)
{
    LocationWriter writer = {.server = server, .view = view};
    OutlineEntryVec entries =
        outline_of(&server->scratch, view->snapshot->sources.items[view->source].file);
    return server->client.symbol_trees ? tree_json(&writer, view->source, &entries)
                                       : flat_json(&writer, view->source, &entries);
}

Reply handle_document_symbol(Server *server, const Request *request)
{
    const Document *document = request_document(server, request);
    if (!document || !document_is_sql(document))
        return reply_result(NULL);
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, true, &view, &reply))
        return reply;
    return reply_result(view_is_beside_squawk(&view) ? NULL : outline_json(server, &view));
}

/* ---- of the workspace ---- */

enum { MAX_WORKSPACE_SYMBOLS = 500 }; /* more than anybody reads; the editor asks again */

typedef struct {
    LocationWriter writer;
    Str query;
    StrMap *seen;
    cJSON *list;
    int n;
} SymbolSearch;

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The letters of the query come in the name, in order, with others between: as editors match. */
static bool is_match(Str name, Str query)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < name.length && at < query.length; i++)
        at += lower(name.data[i]) == lower(query.data[at]);
    return at == query.length;
}

static void add_symbol(SymbolSearch *search, OutlineKind kind, Str name, Place place)
{
    Location location;
    if (search->n >= MAX_WORKSPACE_SYMBOLS || !is_match(name, search->query) ||
        !snapshot_locate(search->writer.view->snapshot, place, &location) ||
        !location_is_new(&search->writer, search->seen, &location))
        return;
    OutlineEntry entry = {.kind = kind, .name = name};
    Str database = search->writer.view->served->database->name;
    json_push(search->list, flat_symbol_json(&search->writer, &entry, database, &location));
    search->n++;
}

/* What both sides have is shown where it is declared, because that is what people edit. */
static bool is_shown_at_model(const Snapshot *snapshot, const Occurrence *occurrence)
{
    const Database *database = &snapshot->database;
    Location location;
    if (!database->declared || !database->migrated ||
        !snapshot_locate(snapshot, occurrence->place, &location) ||
        source_is_declared(snapshot, location.source))
        return false;
    const Table *declared = schema_counterpart(database->declared, occurrence->thing.table);
    return declared && (!occurrence->thing.column ||
                        table_column(declared, occurrence->thing.column->name.text));
}

static void consider(void *context, const Occurrence *occurrence)
{
    SymbolSearch *search = context;
    const Thing *thing = &occurrence->thing;
    /* Who asks for a table does not want all its columns as well. */
    bool is_asked_for = !thing->column || !is_match(thing->table->name.text, search->query);
    if (occurrence->role != OCCURRENCE_DEFINITION || thing->relation || !is_asked_for ||
        search->n >= MAX_WORKSPACE_SYMBOLS)
        return;
    Str name = thing->table->name.text;
    if (thing->column)
        name = str_format(&search->writer.server->scratch, STR_FMT "." STR_FMT, STR_ARG(name),
                          STR_ARG(thing->column->name.text));
    if (is_match(name, search->query) &&
        !is_shown_at_model(search->writer.view->snapshot, occurrence))
        add_symbol(search,
                   thing->column                 ? OUTLINE_COLUMN
                   : table_is_base(thing->table) ? OUTLINE_TABLE
                                                 : OUTLINE_VIEW,
                   name, occurrence->place);
}

static void add_others(SymbolSearch *search, const Schema *schema)
{
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        const Type *type = e->value;
        add_symbol(search, OUTLINE_TYPE, type->name.text, type->name.place);
    }
    for (uint32_t i = 0; i < schema->functions.n; i++)
        add_symbol(search, OUTLINE_FUNCTION, schema->functions.items[i]->name.text,
                   schema->functions.items[i]->name.place);
}

static void search_database(Server *server, ServedDatabase *served, SymbolSearch *search)
{
    if (!served->snapshot)
        return;
    DocumentView view = {.served = served, .snapshot = served->snapshot};
    search->writer = (LocationWriter){.server = server, .view = &view};
    OccurrenceScope everywhere = {0};
    occurrences_walk(view.snapshot, &everywhere, consider, search);
    add_others(search, view.snapshot->database.schema);
}

Reply handle_workspace_symbol(Server *server, const Request *request)
{
    if (!folders_are_known(server))
        return reply_later();
    StrMap seen = {0};
    SymbolSearch search = {
        .query = json_str(request->params, "query"), .seen = &seen, .list = cJSON_CreateArray()};
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next)
            search_database(server, served, &search);
    }
    for (ServedDatabase *served = server->loose; served; served = served->next)
        search_database(server, served, &search);
    return reply_result(search.list);
}
