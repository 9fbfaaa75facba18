#include "lsp/served.h"

#include "base/log.h"
#include "engine/input.h"
#include "loop/job.h"
#include "loop/parallel.h"
#include "lsp/folders.h"
#include "lsp/hints.h"
#include "lsp/pages.h"
#include "lsp/reports.h"

enum {
    MANY_FILES = 32,  /* reading more than this many may take longer than a person waits */
    NOTE_EVERY = 100, /* files between two notes of progress */
    QUICKLY_SEEN_BYTES = 64 * 1024, /* what may be looked at once more with each edit */
};

struct AnalyseJob {
    Job job;
    Arena arena;
    ServedDatabase *served;
    Project *project; /* held; NULL for a loose document */
    const ProjectDatabase *database;
    uint64_t revision, generation;
    uint32_t n;
    LoweredFile **files; /* held; parallel to the database's sources */
    Text **open;         /* held, or NULL */
    bool *must_lower, *is_lowered;
    bool *must_fit;      /* look whether the project would still see the open text as it did */
    bool no_longer_fits; /* the project has to be opened again */
    Snapshot *snapshot;
};

typedef struct {
    JobNote note;
    Arena arena;
    AnalyseJob *job;
    uint32_t n_lowered;
} ProgressNote;

/* ---- on the worker ---- */

static void drop_note(JobNote *note)
{
    Arena arena = ((ProgressNote *)note)->arena;
    arena_release(&arena);
}

static void deliver_note(JobNote *note)
{
    const ProgressNote *progress = (ProgressNote *)note;
    progress->job->served->n_lowered = progress->n_lowered;
    drop_note(note);
}

static void note_progress(AnalyseJob *job, uint32_t n_lowered)
{
    Arena arena = arena_with_capacity(sizeof(ProgressNote));
    ProgressNote *note = ARENA_NEW(&arena, ProgressNote);
    *note = (ProgressNote){.note = {.deliver = deliver_note, .drop = drop_note},
                           .arena = arena,
                           .job = job,
                           .n_lowered = n_lowered};
    job_notify(&job->job, &note->note);
}

static void lower_source(AnalyseJob *job, uint32_t i)
{
    const ProjectSource *source = &job->database->sources.items[i];
    Error err;
    Text *text = job->open[i]   ? source_text(source, job->open[i])
                 : job->project ? project_read(job->project, source, NULL, &err)
                                : NULL;
    LoweredFile *old = job->files[i];
    job->files[i] = NULL;
    if (text) {
        if (job->must_fit[i] && !project_fits(job->project, source, text_bytes(job->open[i])))
            job->no_longer_fits = true;
        job->files[i] = lower_file(text, file_language(source->path), job->database->dialect, old);
        text_release(text);
    }
    lowered_file_release(old);
    job->is_lowered[i] = true;
}

static void run(Job *base)
{
    AnalyseJob *job = (AnalyseJob *)base;
    uint32_t n_lowered = 0;
    for (uint32_t i = 0; i < job->n; i++) {
        if (!job->must_lower[i])
            continue;
        if (atomic_load(&base->is_cancelled))
            return;
        lower_source(job, i);
        if (++n_lowered % NOTE_EVERY == 0)
            note_progress(job, n_lowered);
    }
    AnalysisInput *input = analysis_input(&job->arena, job->database, job->files);
    input->without_remedies = true;
    input->run = parallel_for;
    job->snapshot = analyse(input, &base->is_cancelled);
}

/* ---- on the loop ---- */

static void release_job(Job *base)
{
    AnalyseJob *job = (AnalyseJob *)base;
    for (uint32_t i = 0; i < job->n; i++) {
        lowered_file_release(job->files[i]);
        text_release(job->open[i]);
    }
    snapshot_release(job->snapshot);
    project_release(job->project);
    Arena arena = job->arena;
    arena_release(&arena);
}

static void release_files(ServedDatabase *served)
{
    for (uint32_t i = 0; i < served->database->sources.n; i++) {
        lowered_file_release(served->files[i].lowered);
        text_release(served->files[i].document);
    }
    arena_release(&served->files_arena);
}

static void free_served(ServedDatabase *served)
{
    release_files(served);
    snapshot_release(served->snapshot);
    project_release(served->project);
    config_release(served->loose_config);
    arena_release(&served->names);
    arena_owner_free(&served->arena);
}

static void keep_lowered(ServedDatabase *served, AnalyseJob *job)
{
    if (job->generation != served->generation)
        return;
    for (uint32_t i = 0; i < job->n; i++) {
        if (!job->is_lowered[i])
            continue;
        ServedFile *file = &served->files[i];
        lowered_file_release(file->lowered);
        text_release(file->document);
        file->lowered = job->files[i];
        file->document = job->open[i];
        file->lowered_at = job->revision;
        job->files[i] = NULL;
        job->open[i] = NULL;
    }
}

/* False where the database went away while the job ran. */
static bool come_back(AnalyseJob *job)
{
    job->served->job = NULL;
    if (!job->served->is_removed)
        return true;
    free_served(job->served);
    return false;
}

static void drop(Job *base)
{
    come_back((AnalyseJob *)base);
    release_job(base);
}

static void done(Job *base)
{
    AnalyseJob *job = (AnalyseJob *)base;
    ServedDatabase *served = job->served;
    Server *server = served->server;
    arena_reset(&server->scratch);
    if (!come_back(job)) {
        release_job(base);
        return;
    }
    keep_lowered(served, job);
    if (job->snapshot && job->revision == served->revision) {
        snapshot_release(served->snapshot);
        served->snapshot = job->snapshot;
        job->snapshot = NULL;
        served->analysed = job->revision;
        served->was_complete = true;
        served->n_snapshots++;
        pages_schema_changed(server);
        served->is_asked_for = false;
        LOG_DEBUG("lsp", "analysed a database of %u files", job->n);
    }
    const Project *misfit = job->no_longer_fits ? served->project : NULL;
    release_job(base);
    if (misfit)
        folders_reopen_project(server, misfit);
    server_moved_on(server);
}

ServedDatabase *served_new(Server *server, Project *project, const ProjectDatabase *database)
{
    ServedDatabase *served = ARENA_OWNER_NEW(ServedDatabase);
    served->server = server;
    served->project = project ? project_retain(project) : NULL;
    served->database = database;
    served->files = ARENA_ARRAY(&served->files_arena, ServedFile, database->sources.n);
    served->revision = 1;
    served->generation = 1;
    return served;
}

/* A file's text is lowered by its dialect and parts alone. */
static ServedFile *file_to_keep(ServedDatabase *served, const ProjectDatabase *database,
                                const StrMap *old_sources, const ProjectSource *source)
{
    const ProjectSource *old = map_get(old_sources, source->path);
    if (!old || old->parts != source->parts || served->database->dialect != database->dialect)
        return NULL;
    return &served->files[old - served->database->sources.items];
}

void served_adopt(ServedDatabase *served, Project *project, const ProjectDatabase *database)
{
    Arena scratch = {0};
    StrMap old_sources = {0};
    for (uint32_t i = 0; i < served->database->sources.n; i++) {
        ProjectSource *source = &served->database->sources.items[i];
        map_set(&scratch, &old_sources, source->path, source);
    }
    Arena arena = {0};
    ServedFile *files = ARENA_ARRAY(&arena, ServedFile, database->sources.n);
    for (uint32_t i = 0; i < database->sources.n; i++) {
        ServedFile *kept =
            file_to_keep(served, database, &old_sources, &database->sources.items[i]);
        if (kept) {
            files[i] = *kept;
            *kept = (ServedFile){0};
        }
    }
    arena_release(&scratch);
    release_files(served);
    served->files = files;
    served->files_arena = arena;
    Project *old = served->project;
    served->project = project_retain(project);
    project_release(old);
    served->database = database;
    served->generation++;
    served->revision++;
}

void served_remove(ServedDatabase *served)
{
    hints_forget(served);
    if (served->job) {
        job_cancel(&served->job->job);
        served->is_removed = true;
        return;
    }
    free_served(served);
}

void served_source_changed(ServedDatabase *served, uint32_t source)
{
    served->files[source].changed_at = ++served->revision;
}

bool served_is_current(const ServedDatabase *served)
{
    return served->analysed == served->revision;
}

/* Sets open[i] to the open text of source i, where there is one. */
static void find_open_texts(const ServedDatabase *served, AnalyseJob *job)
{
    for (Document *document = served->server->documents.first; document;
         document = document->next) {
        if (!served->project) {
            if (str_equal(document->uri, served->loose_uri))
                job->open[0] = text_retain(document->text);
            continue;
        }
        if (str_is_absent(document->path))
            continue;
        ProjectUse use = {0};
        while (project_find(served->project, document->path, &use)) {
            if (&served->project->databases.items[use.database] != served->database ||
                job->open[use.source])
                continue;
            job->open[use.source] = text_retain(document->text);
            /* A large text is not read a second time for each character typed. */
            job->must_fit[use.source] =
                !document->is_changed || text_bytes(document->text).length <= QUICKLY_SEEN_BYTES;
        }
    }
}

static bool is_stale(const ServedFile *file, const Text *open)
{
    return file->lowered_at == 0 || file->document != open || file->changed_at > file->lowered_at;
}

static void start(ServedDatabase *served)
{
    uint32_t n = served->database->sources.n;
    Arena arena = {0};
    AnalyseJob *job = ARENA_NEW(&arena, AnalyseJob);
    *job = (AnalyseJob){
        .job = {.run = run, .done = done, .drop = drop},
        .served = served,
        .project = served->project ? project_retain(served->project) : NULL,
        .database = served->database,
        .revision = served->revision,
        .generation = served->generation,
        .n = n,
        .files = ARENA_ARRAY(&arena, LoweredFile *, n),
        .open = ARENA_ARRAY(&arena, Text *, n),
        .must_lower = ARENA_ARRAY(&arena, bool, n),
        .is_lowered = ARENA_ARRAY(&arena, bool, n),
        .must_fit = ARENA_ARRAY(&arena, bool, n),
    };
    find_open_texts(served, job);
    uint32_t n_to_lower = 0;
    for (uint32_t i = 0; i < n; i++) {
        ServedFile *file = &served->files[i];
        if (file->lowered)
            job->files[i] = lowered_file_retain(file->lowered);
        job->must_lower[i] = is_stale(file, job->open[i]);
        n_to_lower += job->must_lower[i];
    }
    job->job.is_background = n_to_lower > MANY_FILES;
    job->arena = arena;
    served->job = job;
    served->n_lowered = 0;
    served->n_to_lower = n_to_lower;
    loop_submit(served->server->loop, &job->job);
}

void served_update(ServedDatabase *served)
{
    if (served->job) {
        if (served->job->revision != served->revision)
            job_cancel(&served->job->job);
    } else if (!served_is_current(served)) {
        start(served);
    }
}

uint64_t served_fingerprint(ServedDatabase *served)
{
    if (served->fingerprint_of != served->n_snapshots) {
        Arena scratch = {0};
        served->fingerprint = schema_fingerprint(&served->snapshot->database, &scratch);
        served->fingerprint_of = served->n_snapshots;
        arena_release(&scratch);
    }
    return served->fingerprint;
}

uint32_t served_snapshot_source(const ServedDatabase *served, uint32_t source)
{
    const LoweredFile *file = served->files[source].lowered;
    const SourceVec *sources = &served->snapshot->sources;
    /* Sources that could not be read are left out, so it stands there or before. */
    uint32_t i = source < sources->n ? source + 1 : sources->n;
    while (file && i-- > 0) {
        if (sources->items[i].file == file)
            return i;
    }
    return UINT32_MAX;
}
