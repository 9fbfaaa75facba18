/* Code lenses over each table, model and class: consult; findings; references.
 *
 * References are counted when the editor shows the lens (codeLens/resolve), because each count
 * looks through the whole database. Listing them takes a command of the editor's; a client that has
 * it says so among experimental.commands, for others the count is plain text. A client that can is
 * told to ask again when another file has changed what a document's lenses say. */
#include "base/json.h"
#include "lsp/diagnostics.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/target.h"

typedef struct {
    Server *server;
    const Document *document;
    const DocumentView *view;
    PositionMapper *mapper;
    StrMap counts; /* a table's full name -> the number of its findings */
    cJSON *list;
} LensList;

/* ---- findings ---- */

static void count_findings(LensList *lenses)
{
    Arena *scratch = &lenses->server->scratch;
    const FindingVec *findings = &lenses->view->snapshot->findings;
    for (uint32_t i = 0; i < findings->n; i++) {
        Str key = findings->items[i].table;
        if (str_is_empty(key) || finding_is_left_out(lenses->view, &findings->items[i]))
            continue;
        uint32_t *count = map_get(&lenses->counts, key);
        if (!count) {
            count = ARENA_NEW(scratch, uint32_t);
            map_set(scratch, &lenses->counts, key, count);
        }
        ++*count;
    }
}

/* ---- the three ---- */

/* Takes `command`, which may be NULL, and `data`, likewise. */
static void add_lens(LensList *lenses, Range range, cJSON *command, cJSON *data)
{
    cJSON *lens = cJSON_CreateObject();
    json_add(lens, "range", position_range_to_json(lenses->mapper, range));
    if (command)
        json_add(lens, "command", command);
    if (data)
        json_add(lens, "data", data);
    json_push(lenses->list, lens);
}

/* `name` empty: a title that does nothing. */
static cJSON *command_json(Str title, Str name)
{
    cJSON *command = cJSON_CreateObject();
    json_add_str(command, "title", title);
    json_add_str(command, "command", name);
    return command;
}

static Str counted(Arena *out, uint32_t n, const char *what)
{
    return str_format(out, "%u %s%s", n, what, n == 1 ? "" : "s");
}

static void add_lenses(LensList *lenses, Range range, const Table *table)
{
    Arena *scratch = &lenses->server->scratch;
    Str name = table_full_name(scratch, table);
    cJSON *consult = command_json(STR("Consult database architect"), STR(COMMAND_CONSULT));
    cJSON *argument = cJSON_CreateObject();
    json_add_str(argument, "uri", lenses->document->uri);
    json_add_str(argument, "scope", STR("table"));
    json_add_str(argument, "table", name);
    json_push(cJSON_AddArrayToObject(consult, "arguments"), argument);
    add_lens(lenses, range, consult, NULL);

    const uint32_t *n_findings = map_get(&lenses->counts, name);
    if (n_findings)
        add_lens(lenses, range, command_json(counted(scratch, *n_findings, "finding"), STR("")),
                 NULL);

    cJSON *data = cJSON_CreateObject();
    json_add_str(data, "uri", lenses->document->uri);
    json_add_str(data, "schema", table->schema);
    json_add_str(data, "table", table->name.text);
    add_lens(lenses, range, NULL, data);
}

/* ---- where they stand ---- */

static bool stands_here(const LensList *lenses, Place place, Range *range)
{
    Location location;
    if (!snapshot_locate(lenses->view->snapshot, place, &location) ||
        location.source != lenses->view->source)
        return false;
    *range = location.range;
    return true;
}

/* Tables that a statement of this file makes, whatever they are called by now. */
static void add_tables(LensList *lenses, const Schema *schema)
{
    for (MapEntry *e = schema ? map_next(&schema->tables, NULL) : NULL; e;
         e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        const Operation *origin = table->origin;
        Range range;
        if (origin && origin->kind == OP_CREATE_TABLE &&
            stands_here(lenses, origin->target.name.place, &range))
            add_lenses(lenses, range, table);
    }
}

static void add_models(LensList *lenses)
{
    const Database *database = &lenses->view->snapshot->database;
    const OrmModelVec *models = &lenses->view->snapshot->linked.models;
    for (uint32_t i = 0; i < models->n; i++) {
        const OrmModel *model = models->items[i];
        Range range;
        const Table *table = database_model_table(database, model);
        if (table && stands_here(lenses, orm_model_name(model).place, &range))
            add_lenses(lenses, range, table);
    }
}

static void refresh(void *context)
{
    Server *server = context;
    server->lens_timer = 0;
    rpc_request(server->rpc, "workspace/codeLens/refresh", NULL, NULL, NULL);
}

void lenses_refresh(Server *server)
{
    enum { WAIT_MS = 500 }; /* for a pause: nobody reads lenses while typing elsewhere */
    bool is_due = false;
    Document *document = server->client.refreshes_lenses ? server->documents.first : NULL;
    for (; document; document = document->next) {
        uint64_t state = document->has_lenses ? document_snapshots(server, document) : 0;
        if (!document->has_lenses || state == document->lens_state)
            continue;
        /* After a change of its own the client asks by itself. */
        is_due |= document->version == document->lens_version;
        document->lens_state = state;
    }
    if (!is_due)
        return;
    loop_timer_cancel(server->loop, server->lens_timer);
    server->lens_timer = loop_timer(server->loop, WAIT_MS, refresh, server);
}

Reply handle_code_lens(Server *server, const Request *request)
{
    Document *document = documents_find(
        &server->documents, json_as_str(json_path(request->params, "textDocument", "uri", NULL)));
    if (!document)
        return reply_result(NULL);
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, false, &view, &reply))
        return reply;
    PositionMapper mapper =
        position_mapper(document->text, server->client.encoding, &server->scratch);
    LensList lenses = {.server = server,
                       .document = document,
                       .view = &view,
                       .mapper = &mapper,
                       .list = cJSON_CreateArray()};
    const Source *source = &view.snapshot->sources.items[view.source];
    count_findings(&lenses);
    if (source->file->language == FILE_PRISMA || source->role == SOURCE_MODEL)
        add_models(&lenses);
    if (source->file->language == FILE_SQL || source->role == SOURCE_MIGRATION)
        add_tables(&lenses, source_schema(view.snapshot, view.source));
    document->has_lenses = true;
    document->lens_version = document->version;
    document->lens_state = document_snapshots(server, document);
    return reply_result(lenses.list);
}

/* ---- references ---- */

static bool is_reference(OccurrenceRole role)
{
    return role == OCCURRENCE_CHANGE || role == OCCURRENCE_REFERENCE || role == OCCURRENCE_READ ||
           role == OCCURRENCE_WRITE;
}

static const Table *table_of_data(const Snapshot *snapshot, const cJSON *data)
{
    const Database *database = &snapshot->database;
    Str name_space = json_str(data, "schema"), name = json_str(data, "table");
    const Table *table = schema_table(database->schema, name_space, name);
    return table || !database->declared ? table
                                        : schema_table(database->declared, name_space, name);
}

static cJSON *references_command(Server *server, const DocumentView *view, const Table *table,
                                 const cJSON *lens)
{
    LocationWriter writer = {.server = server, .view = view};
    Thing thing = {.table = table};
    LocatedOccurrenceVec all = occurrences_of(&server->scratch, view->snapshot, &thing);
    cJSON *locations = cJSON_CreateArray();
    for (uint32_t i = 0; i < all.n; i++) {
        if (is_reference(all.items[i].occurrence.role))
            json_push(locations, location_json(&writer, &all.items[i].location));
    }
    Str title = counted(&server->scratch, (uint32_t)cJSON_GetArraySize(locations), "reference");
    if (!server->client.shows_references) {
        cJSON_Delete(locations);
        return command_json(title, STR(""));
    }
    cJSON *command = command_json(title, STR(COMMAND_SHOW_REFERENCES));
    cJSON *arguments = cJSON_AddArrayToObject(command, "arguments");
    json_push(arguments, json_string(json_as_str(json_path(lens, "data", "uri", NULL))));
    json_push(arguments, cJSON_Duplicate(json_path(lens, "range", "start", NULL), 1));
    json_push(arguments, locations);
    return command;
}

Reply handle_code_lens_resolve(Server *server, const Request *request)
{
    const cJSON *lens = request->params, *data = json_get(lens, "data");
    const Document *document = documents_find(&server->documents, json_str(data, "uri"));
    if (!json_path(lens, "range", "start", NULL) || str_is_absent(json_str(data, "table")))
        return reply_invalid(STR("this is no lens of ours"));
    if (!document)
        return reply_error(RPC_CONTENT_MODIFIED, STR("the document is closed"));
    DocumentView view;
    ViewState state = document_view(server, document, false, &view);
    if (state == VIEW_LATER)
        return reply_later();
    const Table *table = state == VIEW_READY ? table_of_data(view.snapshot, data) : NULL;
    if (!table)
        return reply_error(RPC_CONTENT_MODIFIED, STR("the table is gone"));
    cJSON *result = cJSON_Duplicate(lens, 1);
    cJSON_DeleteItemFromObjectCaseSensitive(result, "command");
    json_add(result, "command", references_command(server, &view, table, lens));
    return reply_result(result);
}
