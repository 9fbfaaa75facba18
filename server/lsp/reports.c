#include "lsp/reports.h"

#include <time.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/version.h"
#include "loop/job.h"
#include "lsp/folders.h"
#include "lsp/names.h"
#include "lsp/report_files.h"
#include "model/print_sql.h"
#include "report/json.h"
#include "report/markdown.h"

enum {
    MAX_REPORT_BYTES = 16 * 1024 * 1024,
    MAX_REPORTS = 200, /* known at a time */
    MAX_TEXTS = 20,    /* kept in memory, of reports that are files as well */
    MAX_QUESTION = 80, /* bytes of it in a title */
};

typedef struct {
    Job job;
    Server *server;
    StoredReport *found;
} LoadJob;

struct Reports {
    Arena arena;
    StoredReport *newest;
    bool is_loading;
    LoadJob load;
};

Str report_uri(Arena *out, Str id, const char *suffix)
{
    return str_format(out, PAGE_SCHEME ":/reports/" STR_FMT ".%s", STR_ARG(id), suffix);
}

Str report_time(Arena *out, const StoredReport *stored)
{
    time_t at = (time_t)stored->made_at;
    struct tm date;
    char text[32] = "";
    if (gmtime_r(&at, &date))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &date);
    return str_copy(out, str_from(text));
}

/* ---- fingerprints ---- */

static uint64_t printed(const Schema *schema, const Table *table, uint64_t seed, Arena *scratch)
{
    enum { MAX_BYTES = 1 << 24 };
    if (!table)
        return hash_bytes("", 0, seed);
    Buf buf = buf_with_max(MAX_BYTES);
    print_sql_table(&buf, schema, table, scratch);
    uint64_t hash = hash_bytes(buf.data, buf.length, seed);
    buf_free(&buf);
    return hash;
}

uint64_t table_fingerprint(const Database *database, const Table *table, Arena *scratch)
{
    uint64_t hash =
        printed(database->schema, schema_counterpart(database->schema, table), 1, scratch);
    if (database->declared && database->declared != database->schema)
        hash = printed(database->declared, schema_counterpart(database->declared, table), hash,
                       scratch);
    return hash;
}

uint64_t schema_fingerprint(const Database *database, Arena *scratch)
{
    uint64_t hash = 2;
    const Schema *sides[] = {database->schema, database->declared};
    for (unsigned i = 0; i < 2; i++) {
        if (!sides[i] || (i == 1 && sides[1] == sides[0]))
            continue;
        for (MapEntry *e = map_next(&sides[i]->tables, NULL); e; e = map_next(&sides[i]->tables, e))
            hash += printed(sides[i], e->value, i, scratch); /* in whatever order */
    }
    return hash;
}

/* ---- a new report ---- */

static Str rendered(Arena *out, Buf *buf)
{
    Str text = str_copy(out, buf_str(buf));
    buf_free(buf);
    return text;
}

static void render(StoredReport *stored, const FinishedConsultation *finished)
{
    Buf buf = buf_with_max(MAX_REPORT_BYTES);
    buf_add(&buf, finished->notice);
    report_markdown(&buf, finished->report);
    stored->markdown = rendered(&stored->texts, &buf);
    buf = buf_with_max(MAX_REPORT_BYTES);
    report_json(&buf, finished->report, STR(LINTEL_VERSION));
    stored->json = rendered(&stored->texts, &buf);
}

/* The text in one line, without the marks of code. */
static void add_plain(Buf *out, Str text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c != '`')
            buf_add_char(out, (unsigned char)c < ' ' || c == 0x7f ? ' ' : c);
    }
}

static Str title_of(Arena *out, const Report *report)
{
    Buf buf = buf_with_max(MAX_REPORT_BYTES);
    add_plain(&buf, report->scope);
    Str question = str_trim(report->question);
    if (!str_is_empty(question)) {
        uint32_t end = question.length;
        if (end > MAX_QUESTION)
            for (end = MAX_QUESTION; end > 0 && (question.data[end] & 0xc0) == 0x80;)
                end--;
        buf_add(&buf, STR("; asked: "));
        add_plain(&buf, str_slice(question, 0, end));
        if (end < question.length)
            buf_add(&buf, STR("\xe2\x80\xa6"));
    }
    return rendered(out, &buf);
}

/* What the report says of the tables of one side that have no word yet. */
static void add_words(StoredReport *stored, const FinishedConsultation *finished, Arena *scratch,
                      const Schema *schema)
{
    StrMap spoken_of = {0};
    for (int i = 0; i < N_SECTIONS; i++) {
        const ItemVec *items = &finished->report->sections[i].items;
        for (uint32_t k = 0; k < items->n; k++)
            for (uint32_t t = 0; t < items->items[k].tables.n; t++)
                map_set(scratch, &spoken_of, items->items[k].tables.items[t], stored);
    }
    for (MapEntry *e = schema ? map_next(&schema->tables, NULL) : NULL; e;
         e = map_next(&schema->tables, e)) {
        Str name = table_full_name(&stored->arena, e->value);
        if (!map_get(&spoken_of, name) || map_get(&stored->words, name))
            continue;
        Str said = report_about(&stored->arena, finished->report, name);
        if (str_is_empty(said))
            continue;
        TableWord *word = ARENA_NEW(&stored->arena, TableWord);
        word->text = said;
        word->fingerprint = table_fingerprint(&finished->snapshot->database, e->value, scratch);
        map_set(&stored->arena, &stored->words, str_copy(&stored->arena, name), word);
    }
}

StoredReport *stored_report_new(const FinishedConsultation *finished)
{
    StoredReport *stored = ARENA_OWNER_NEW(StoredReport);
    Arena scratch = {0};
    render(stored, finished);
    stored->root = str_copy(&stored->arena, finished->root);
    stored->database = str_copy(&stored->arena, finished->database);
    stored->title = title_of(&stored->arena, finished->report);
    stored->is_whole = finished->is_whole;
    stored->run = str_copy(&stored->arena, finished->run);
    stored->id = report_id(&stored->arena, stored->root, stored->database, stored->markdown);
    add_words(stored, finished, &scratch, finished->snapshot->database.schema);
    add_words(stored, finished, &scratch, finished->snapshot->database.declared);
    stored->has_fingerprints = true;
    stored->fingerprint = schema_fingerprint(&finished->snapshot->database, &scratch);
    struct timespec now = {0};
    if (clock_gettime(CLOCK_REALTIME, &now) == 0)
        stored->made_at = now.tv_sec;
    report_files_write(stored);
    arena_release(&scratch);
    return stored;
}

void stored_report_free(StoredReport *stored)
{
    if (!stored)
        return;
    arena_release(&stored->texts);
    arena_owner_free(&stored->arena);
}

/* ---- the list ---- */

static Reports *reports_of(Server *server)
{
    if (!server->reports)
        server->reports = ARENA_OWNER_NEW(Reports);
    return server->reports;
}

static void forget_texts(StoredReport *stored)
{
    arena_release(&stored->texts);
    stored->texts = (Arena){0};
    stored->markdown = stored->json = (Str){0};
}

/* Texts of more than MAX_TEXTS reports are let go of, where a file has them. */
static void limit_texts(Reports *reports, const StoredReport *kept)
{
    unsigned n = 0;
    for (StoredReport *stored = reports->newest; stored; stored = stored->older) {
        n += !str_is_absent(stored->markdown);
        if (n > MAX_TEXTS && stored != kept && !str_is_absent(stored->markdown_path))
            forget_texts(stored);
    }
}

static void limit_reports(Reports *reports)
{
    StoredReport **link = &reports->newest;
    for (unsigned n = 0; *link && n < MAX_REPORTS; n++)
        link = &(*link)->older;
    while (*link) {
        StoredReport *old = *link;
        *link = old->older;
        stored_report_free(old);
    }
}

static StoredReport *find_id(const Reports *reports, Str id)
{
    StoredReport *stored = reports ? reports->newest : NULL;
    while (stored && !str_equal(stored->id, id) &&
           (str_is_empty(stored->run) || !str_equal(stored->run, id)))
        stored = stored->older;
    return stored;
}

const StoredReport *reports_add(Server *server, StoredReport *stored)
{
    Reports *reports = reports_of(server);
    /* The same report again: the newest of the two stays. */
    for (StoredReport **link = &reports->newest; *link; link = &(*link)->older) {
        StoredReport *old = *link;
        if (!str_equal(old->id, stored->id))
            continue;
        *link = old->older;
        stored_report_free(old);
        break;
    }
    stored->older = reports->newest;
    reports->newest = stored;
    limit_reports(reports);
    limit_texts(reports, stored);
    return stored;
}

/* A report about what is open here: other projects' stay out of the list. */
static bool is_of_here(const Server *server, const StoredReport *stored)
{
    if (str_is_absent(stored->root))
        return true;
    for (const Folder *folder = server->folders; folder; folder = folder->next) {
        Str root = folder->project ? folder->project->root : folder->options.root;
        if (str_equal(stored->root, root))
            return true;
    }
    return false;
}

const StoredReport *reports_next(const Server *server, const StoredReport *previous)
{
    const StoredReport *stored = previous          ? previous->older
                                 : server->reports ? server->reports->newest
                                                   : NULL;
    while (stored && !is_of_here(server, stored))
        stored = stored->older;
    return stored;
}

StoredReport *reports_find(Server *server, Str id)
{
    if (!str_is_absent(id) && !str_equal(id, STR("latest")))
        return find_id(server->reports, id);
    const StoredReport *newest = reports_next(server, NULL);
    return newest ? find_id(server->reports, newest->id) : NULL;
}

bool reports_are_loading(const Server *server)
{
    return server->reports && server->reports->is_loading;
}

/* Reads on the loop's thread: a file of some tens of kilobytes, once. */
Str reports_text(Server *server, StoredReport *stored, bool is_json)
{
    if (str_is_absent(stored->markdown) && report_files_read(stored))
        limit_texts(reports_of(server), stored);
    return is_json ? stored->json : stored->markdown;
}

const TableWord *reports_word(const Server *server, const ServedDatabase *served, Str table,
                              const StoredReport **found)
{
    Str root = served->project ? served->project->root : (Str){0};
    const StoredReport *stored = server->reports ? server->reports->newest : NULL;
    for (; stored; stored = stored->older) {
        if (!str_equal(stored->root, root) || !str_equal(stored->database, served->database->name))
            continue;
        const TableWord *word = map_get(&stored->words, table);
        if (word)
            *found = stored;
        /* What is older has been said anew. */
        if (word || stored->is_whole)
            return word;
    }
    return NULL;
}

void reports_free(Server *server)
{
    if (!server->reports)
        return;
    while (server->reports->newest) {
        StoredReport *stored = server->reports->newest;
        server->reports->newest = stored->older;
        stored_report_free(stored);
    }
    arena_owner_free(&server->reports->arena);
}

/* ---- those of earlier sessions ---- */

static void run(Job *base)
{
    LoadJob *job = (LoadJob *)base;
    job->found = report_files_list(MAX_REPORTS, &base->is_cancelled);
}

static void drop(Job *base)
{
    LoadJob *job = (LoadJob *)base;
    while (job->found) {
        StoredReport *stored = job->found;
        job->found = stored->older;
        stored_report_free(stored);
    }
}

static void done(Job *base)
{
    LoadJob *job = (LoadJob *)base;
    Server *server = job->server;
    Reports *reports = server->reports;
    arena_reset(&server->scratch);
    reports->is_loading = false;
    StoredReport **end = &reports->newest;
    while (*end)
        end = &(*end)->older;
    while (job->found) {
        StoredReport *stored = job->found;
        job->found = stored->older;
        stored->older = NULL;
        if (find_id(reports, stored->id)) {
            stored_report_free(stored);
            continue;
        }
        *end = stored;
        end = &stored->older;
    }
    limit_reports(reports);
    server_moved_on(server);
}

void reports_load(Server *server)
{
    if (server->reports)
        return; /* a client that says twice that it is initialized */
    Reports *reports = reports_of(server);
    reports->is_loading = true;
    reports->load = (LoadJob){
        .job = {.run = run, .done = done, .drop = drop, .is_background = true}, .server = server};
    loop_submit(server->loop, &reports->load.job);
}
