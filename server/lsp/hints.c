#include "lsp/hints.h"

#include "base/log.h"
#include "engine/input.h"
#include "loop/job.h"
#include "lsp/folders.h"
#include "lsp/git_head.h"

/* What was found out of one source, to not ask git for it again while the commit is the same. */
typedef struct {
    bool is_known, is_committed;
    uint64_t hash; /* of the committed text, as it is lowered */
} CommittedFile;

/* The sources of the snapshot that the hints are of. */
typedef struct {
    Str path;
    uint64_t hash; /* of its text then */
} HintedSource;

struct DatabaseHints {
    Arena arena;
    ServedDatabase *served; /* NULL: it is gone, and only the job is waited for */
    HintsJob *job;
    uint64_t made_for; /* the database's revision; 0: none, or to be made again */
    uint64_t generation;
    /* Of the last job, in `results`. */
    Arena results;
    Str commit;
    CommittedFile *files; /* parallel to the database's sources; NULL: nothing is known */
    SchemaHintVec hints;
    HintedSource *sources;
    uint32_t n_sources;
    /* Where those are in the database's snapshot of that number, each looked for when it is first
     * asked for: 1 + its index; UINT32_MAX: nowhere; 0: not looked for yet. */
    uint32_t *found;
    uint64_t found_in;
};

struct HintsJob {
    Job job;
    Arena arena;
    DatabaseHints *hints;
    Project *project; /* held */
    const ProjectDatabase *database;
    Snapshot *snapshot;  /* held */
    LoweredFile **files; /* held; as they are now; parallel to the database's sources */
    uint64_t revision, generation;
    /* Before: what is known; afterwards: what was found. */
    Arena results;
    Str commit;
    CommittedFile *committed;
    SchemaHintVec found;
    HintedSource *sources;
};

/* ---- on the worker ---- */

/* The file as it was committed; NULL: it was not, or nothing is known of it (`*is_broken`). */
static LoweredFile *read_committed(HintsJob *job, GitHead *head, uint32_t i, bool *is_broken)
{
    const ProjectSource *source = &job->database->sources.items[i];
    CommittedFile *committed = &job->committed[i];
    LoweredFile *now = job->files[i], *file = NULL;
    if (committed->is_known && !committed->is_committed)
        return NULL;
    if (committed->is_known && now && committed->hash == text_hash(now->text))
        return lowered_file_retain(now);
    Arena scratch = {0};
    Str bytes;
    GitFile state = git_head_read(head, &scratch, source->path, &bytes);
    *is_broken = state == GIT_FILE_BROKEN;
    if (state == GIT_FILE_READ) {
        Text *blob = text_new(bytes);
        Text *text = source_text(source, blob);
        text_release(blob);
        *committed = (CommittedFile){true, true, text_hash(text)};
        if (now && committed->hash == text_hash(now->text))
            file = lowered_file_retain(now);
        else
            file = lower_file(text, file_language(source->path), job->database->dialect, now);
        text_release(text);
    } else if (state == GIT_FILE_NONE) {
        *committed = (CommittedFile){.is_known = true};
    }
    arena_release(&scratch);
    return file;
}

/* The database as it was committed, without a rule; NULL where that is as it is now, where nothing
 * of it was, and where it cannot be told. */
static Snapshot *analyse_committed(HintsJob *job, GitHead *head)
{
    uint32_t n = job->database->sources.n, n_committed = 0, n_same = 0;
    LoweredFile **files = ARENA_ARRAY(&job->arena, LoweredFile *, n);
    bool is_broken = false;
    for (uint32_t i = 0; i < n && !is_broken && !atomic_load(&job->job.is_cancelled); i++) {
        files[i] = read_committed(job, head, i, &is_broken);
        n_committed += files[i] != NULL;
        n_same += files[i] == job->files[i];
    }
    Snapshot *base = NULL;
    if (!is_broken && n_committed > 0 && n_same < n) {
        AnalysisInput *input = analysis_input(&job->arena, job->database, files);
        input->rules.levels = ARENA_ARRAY(&job->arena, Severity, n_rules); /* all off */
        base = analyse(input, &job->job.is_cancelled);
    }
    for (uint32_t i = 0; i < n; i++)
        lowered_file_release(files[i]);
    return base;
}

static void remember_sources(HintsJob *job)
{
    const SourceVec *sources = &job->snapshot->sources;
    job->sources = ARENA_ARRAY(&job->results, HintedSource, sources->n);
    for (uint32_t i = 0; i < sources->n; i++)
        job->sources[i] = (HintedSource){.path = str_copy(&job->results, sources->items[i].path),
                                         .hash = text_hash(sources->items[i].file->text)};
}

static void run(Job *base)
{
    HintsJob *job = (HintsJob *)base;
    GitHead *head = git_head_open(job->project->root, &base->is_cancelled);
    if (!head)
        return;
    if (!str_equal(git_head_commit(head), job->commit)) {
        job->commit = str_copy(&job->results, git_head_commit(head));
        for (uint32_t i = 0; i < job->database->sources.n; i++)
            job->committed[i] = (CommittedFile){0};
    }
    Snapshot *committed = analyse_committed(job, head);
    git_head_close(head);
    if (committed) {
        job->found = schema_hints(&job->results, committed, job->snapshot, &base->is_cancelled);
        remember_sources(job);
    }
    snapshot_release(committed);
}

/* ---- on the loop ---- */

static void free_hints(DatabaseHints *hints)
{
    arena_release(&hints->results);
    arena_owner_free(&hints->arena);
}

static void release_job(HintsJob *job)
{
    for (uint32_t i = 0; i < job->database->sources.n; i++)
        lowered_file_release(job->files[i]);
    snapshot_release(job->snapshot);
    project_release(job->project);
    arena_release(&job->results);
    Arena arena = job->arena;
    arena_release(&arena);
}

/* False where the database went away while the job ran. */
static bool come_back(HintsJob *job)
{
    job->hints->job = NULL;
    if (job->hints->served)
        return true;
    free_hints(job->hints);
    return false;
}

static void drop(Job *base)
{
    come_back((HintsJob *)base);
    release_job((HintsJob *)base);
}

static void done(Job *base)
{
    HintsJob *job = (HintsJob *)base;
    DatabaseHints *hints = job->hints;
    if (!come_back(job)) {
        release_job(job);
        return;
    }
    ServedDatabase *served = hints->served;
    Server *server = served->server;
    arena_reset(&server->scratch);
    if (!atomic_load(&base->is_cancelled)) {
        bool is_news = hints->hints.n > 0 || job->found.n > 0;
        arena_release(&hints->results);
        hints->results = job->results;
        job->results = (Arena){0};
        hints->commit = job->commit;
        hints->files = job->committed;
        hints->hints = job->found;
        hints->sources = job->sources;
        hints->n_sources = job->sources ? job->snapshot->sources.n : 0;
        hints->found = ARENA_ARRAY(&hints->results, uint32_t, hints->n_sources);
        hints->found_in = 0;
        hints->made_for = job->revision;
        hints->generation = job->generation;
        served->n_hint_lists += is_news;
        LOG_DEBUG("lsp", "made %u schema hints", hints->hints.n);
    }
    release_job(job);
    server_moved_on(server);
}

/* What is known of the commit, for the next job. */
static void take_known(HintsJob *job, const DatabaseHints *hints)
{
    uint32_t n = job->database->sources.n;
    job->committed = ARENA_ARRAY(&job->results, CommittedFile, n);
    if (!hints->files || hints->generation != job->generation)
        return;
    job->commit = str_copy(&job->results, hints->commit);
    for (uint32_t i = 0; i < n; i++)
        job->committed[i] = hints->files[i];
}

static void start(DatabaseHints *hints)
{
    ServedDatabase *served = hints->served;
    uint32_t n = served->database->sources.n;
    Arena arena = {0};
    HintsJob *job = ARENA_NEW(&arena, HintsJob);
    *job = (HintsJob){.job = {.run = run, .done = done, .drop = drop, .is_background = true},
                      .hints = hints,
                      .project = project_retain(served->project),
                      .database = served->database,
                      .snapshot = snapshot_retain(served->snapshot),
                      .files = ARENA_ARRAY(&arena, LoweredFile *, n),
                      .revision = served->revision,
                      .generation = served->generation};
    for (uint32_t i = 0; i < n; i++) {
        if (served->files[i].lowered)
            job->files[i] = lowered_file_retain(served->files[i].lowered);
    }
    take_known(job, hints);
    job->arena = arena;
    hints->job = job;
    loop_submit(served->server->loop, &job->job);
}

static bool is_wanted(const ServedDatabase *served)
{
    const Config *config = served->database->config;
    return served->is_wanted && served->project && served_is_current(served) &&
           !(config && config->has_no_schema_hints);
}

/* All its documents are as they are on the disk. */
static bool is_saved(Server *server, const ServedDatabase *served)
{
    for (const Document *document = server->documents.first; document; document = document->next) {
        if (!document->is_changed)
            continue;
        DocumentUseVec uses = document_uses(server, document);
        for (uint32_t i = 0; i < uses.n; i++) {
            if (uses.items[i].served == served)
                return false;
        }
    }
    return true;
}

static void update(Server *server, ServedDatabase *served)
{
    DatabaseHints *hints = served->hints;
    if (hints && hints->job) {
        if (hints->job->revision != served->revision)
            job_cancel(&hints->job->job);
        return;
    }
    if (!is_wanted(served) || (hints && hints->made_for == served->revision) ||
        !is_saved(server, served))
        return;
    if (!hints) {
        hints = served->hints = ARENA_OWNER_NEW(DatabaseHints);
        hints->served = served;
    }
    start(hints);
}

void hints_update(Server *server)
{
    if (server->is_untrusted)
        return;
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next)
            update(server, served);
    }
}

void hints_expire(Server *server)
{
    for (Folder *folder = server->folders; folder; folder = folder->next) {
        for (ServedDatabase *served = folder->databases; served; served = served->next) {
            if (!served->hints)
                continue;
            served->hints->made_for = 0;
            if (served->hints->job)
                job_cancel(&served->hints->job->job); /* it may have seen the old one */
        }
    }
}

void hints_forget(ServedDatabase *served)
{
    DatabaseHints *hints = served->hints;
    if (!hints)
        return;
    served->hints = NULL;
    hints->served = NULL;
    if (hints->job)
        job_cancel(&hints->job->job);
    else
        free_hints(hints);
}

/* ---- what is there for a document ---- */

/* 1 + the source of the snapshot that has the text which the hint was made for; UINT32_MAX. */
static uint32_t search_source(const DatabaseHints *hints, const Snapshot *snapshot, uint32_t hinted)
{
    const HintedSource *wanted = &hints->sources[hinted];
    const SourceVec *sources = &snapshot->sources;
    /* Where it was, as long as no file came or went. */
    for (uint32_t k = 0; k < sources->n; k++) {
        uint32_t i = (hinted + k) % sources->n;
        if (str_equal(sources->items[i].path, wanted->path))
            return text_hash(sources->items[i].file->text) == wanted->hash ? i + 1 : UINT32_MAX;
    }
    return UINT32_MAX;
}

/* From a hinted source to the view's; false where that has another text by now, or is gone. Many
 * hints stand in one text or lead to it, which is read once. */
static bool find_source(DatabaseHints *hints, const DocumentView *view, uint32_t *source)
{
    if (hints->found_in != view->served->n_snapshots) {
        hints->found_in = view->served->n_snapshots;
        for (uint32_t i = 0; i < hints->n_sources; i++)
            hints->found[i] = 0;
    }
    uint32_t *found = &hints->found[*source];
    if (*found == 0)
        *found = search_source(hints, view->snapshot, *source);
    *source = *found - 1;
    return *found != UINT32_MAX;
}

SchemaHintVec hints_of_view(Server *server, const DocumentView *view)
{
    SchemaHintVec found = {0};
    DatabaseHints *hints = view->served->hints;
    const Config *config = view->served->database->config;
    for (uint32_t i = 0; hints && i < hints->hints.n; i++) {
        SchemaHint hint = hints->hints.items[i];
        RelatedVec related = hint.related;
        if ((config && config->has_no_schema_hints) ||
            !find_source(hints, view, &hint.location.source) ||
            hint.location.source != view->source)
            continue;
        hint.related = (RelatedVec){0};
        for (uint32_t k = 0; k < related.n; k++) {
            Related one = related.items[k];
            if (find_source(hints, view, &one.location.source))
                VEC_PUSH(&server->scratch, &hint.related, one);
        }
        VEC_PUSH(&server->scratch, &found, hint);
    }
    return found;
}
