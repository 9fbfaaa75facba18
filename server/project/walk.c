/* Walking a folder
 *
 * Depth first, names sorted, so that what is found does not depend on the disk's order. The
 * walk carries what is in force at each folder: the patterns to ignore (they pile up and are
 * cut back on the way up) and the configuration (the nearest one upwards). With a focus, only
 * the folders on the way to it and those below it are entered, but the files beside the way
 * are seen: a provider or a lock file may stand there.
 *
 * Folders behind links are not entered, so there are no cycles. Bounds: depth, number of
 * entries; both are far above real projects and keep a mistake (walking "/") finite. */
#define _XOPEN_SOURCE 700 /* realpath */

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "project/files.h"
#include "project/path.h"

enum {
    MAX_DEPTH = 40,
    MAX_ENTRIES = 400000,
    MAX_CONFIG_BYTES = 1 << 20,
    MAX_IGNORE_BYTES = 1 << 20,
};

/* Folders that hold what was installed or built; hidden ones are left out anyway. */
static const char *const left_out[] = {
    "node_modules", "bower_components", "site-packages", "venv",  "__pycache__", "dist",
    "build",        "target",           "coverage",      "vendor"};

typedef struct {
    Project *project;
    const ProjectOptions *options;
    const atomic_bool *cancel;
    Arena *scratch;
    Found found;
    IgnorePatternVec ignored;
    Str focus; /* relative to the root; "" for all */
    uint32_t n_entries;
    bool is_full;
} Walk;

typedef struct {
    Str name;
    bool is_folder;
} Entry;
typedef Vec(Entry) EntryVec;

static int compare_entries(const void *left, const void *right)
{
    const Entry *a = left, *b = right;
    return str_compare(a->name, b->name);
}

static int compare_found(const void *left, const void *right)
{
    const FoundFile *a = left, *b = right;
    int order = str_compare(a->folder, b->folder);
    return order ? order : str_compare(a->path, b->path);
}

static void add_problem(Walk *w, Str path, Str message)
{
    VEC_PUSH(&w->project->arena, &w->project->problems,
             ((ProjectProblem){.path = str_copy(&w->project->arena, path), .message = message}));
}

static Str absolute(Walk *w, Str path)
{
    return path_join(w->scratch, w->project->root, path);
}

static bool is_left_out(Str name)
{
    if (name.length == 0 || name.data[0] == '.')
        return true;
    return str_is_among(name, left_out, sizeof left_out / sizeof *left_out);
}

/* A link counts where what it leads to lies below the root. */
static bool link_stays_inside(Walk *w, Str path, struct stat *info)
{
    char *name = str_to_c(w->scratch, absolute(w, path));
    char target[PATH_MAX];
    if (stat(name, info) != 0 || !S_ISREG(info->st_mode) || !realpath(name, target))
        return false;
    char root[PATH_MAX];
    Str rest;
    return realpath(str_to_c(w->scratch, w->project->root), root) &&
           path_is_below(str_from(root), str_from(target), &rest);
}

static EntryVec read_folder(Walk *w, Str folder)
{
    EntryVec entries = {0};
    Str path = absolute(w, folder);
    DIR *directory = opendir(str_to_c(w->scratch, path));
    if (!directory) {
        add_problem(w, folder,
                    str_format(&w->project->arena, "cannot read " STR_FMT ": %s", STR_ARG(path),
                               strerror(errno)));
        return entries;
    }
    for (struct dirent *d; (d = readdir(directory)) != NULL;) {
        Str name = str_from(d->d_name);
        if (str_equal(name, STR(".")) || str_equal(name, STR("..")))
            continue;
        if (++w->n_entries > MAX_ENTRIES) {
            if (!w->is_full)
                add_problem(w, folder,
                            str_format(&w->project->arena,
                                       STR_FMT
                                       " holds more than %d files; the rest is not looked at",
                                       STR_ARG(w->project->root), (int)MAX_ENTRIES));
            w->is_full = true;
            break;
        }
        Str relative = path_join(w->scratch, folder, str_copy(w->scratch, name));
        struct stat info;
        if (lstat(str_to_c(w->scratch, absolute(w, relative)), &info) != 0)
            continue;
        if (S_ISLNK(info.st_mode) && !link_stays_inside(w, relative, &info))
            continue;
        if (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))
            VEC_PUSH(w->scratch, &entries,
                     ((Entry){.name = path_name(relative), .is_folder = S_ISDIR(info.st_mode)}));
    }
    closedir(directory);
    if (entries.n)
        qsort(entries.items, entries.n, sizeof(Entry), compare_entries);
    return entries;
}

static bool has_entry(const EntryVec *entries, Str name)
{
    Entry key = {.name = name};
    return entries->n && bsearch(&key, entries->items, entries->n, sizeof(Entry), compare_entries);
}

/* ---- what is in force ---- */

/* Where the configuration's patterns are relative to, seen from the root. A file above the
 * root: its patterns are told without the parts that lead here. */
static void add_config_patterns(Walk *w, const Config *config)
{
    Str folder;
    if (!path_is_below(w->project->root, config->folder, &folder))
        folder = STR("");
    for (uint32_t i = 0; i < config->ignore.n; i++)
        ignore_add(w->scratch, &w->ignored, str_copy(w->scratch, folder), config->ignore.items[i]);
}

static Config *load_config(Walk *w, Str path)
{
    Error err = {0};
    Text *text = files_read(path, w->options->open, MAX_CONFIG_BYTES, &err);
    if (!text) {
        add_problem(w, path, str_copy(&w->project->arena, str_from(err.text)));
        return NULL;
    }
    Config *config = config_new(path, text, w->options->settings);
    text_release(text);
    VEC_PUSH(&w->project->arena, &w->project->configs, config);
    add_config_patterns(w, config);
    return config;
}

static bool is_open(const Walk *w, Str path)
{
    for (uint32_t i = 0; w->options->open && i < w->options->open->n; i++) {
        if (str_equal(w->options->open->items[i].path, path))
            return true;
    }
    return false;
}

/* The configuration of the root: its own, or the nearest one above it, or none. */
static Config *root_config(Walk *w)
{
    for (Str folder = w->project->root;; folder = path_folder(folder)) {
        Str path = path_join(w->scratch, folder, STR(CONFIG_FILE_NAME));
        Config *config = files_exists(path) || is_open(w, path) ? load_config(w, path) : NULL;
        if (config)
            return config;
        if (str_equal(folder, STR("/")) || str_is_empty(folder))
            break;
    }
    Config *config = config_new((Str){0}, NULL, w->options->settings);
    VEC_PUSH(&w->project->arena, &w->project->configs, config);
    return config;
}

static void load_ignore_file(Walk *w, Str folder)
{
    Str path = absolute(w, path_join(w->scratch, folder, STR(".gitignore")));
    Text *text = files_read(path, NULL, MAX_IGNORE_BYTES, NULL);
    if (!text)
        return;
    Str lines = str_copy(w->scratch, text_bytes(text));
    ignore_add_lines(w->scratch, &w->ignored, folder, lines);
    text_release(text);
}

/* ---- the walk ---- */

static bool is_entered(const Walk *w, Str folder, uint32_t depth)
{
    Str rest;
    bool is_on_the_way = path_is_below(folder, w->focus, &rest);
    bool is_inside = path_is_below(w->focus, folder, &rest);
    if (!is_inside)
        return is_on_the_way;
    if (w->options->max_depth == 0)
        return true;
    uint32_t below = 0;
    for (Str part; path_next_part(&rest, &part);)
        below++;
    return below <= w->options->max_depth && depth < MAX_DEPTH;
}

static void keep(Walk *w, FoundFileVec *files, Str path, Str folder, Config *config)
{
    VEC_PUSH(w->scratch, files,
             ((FoundFile){.path = str_copy(&w->project->arena, path),
                          .folder = str_copy(&w->project->arena, folder),
                          .config = config}));
}

static void walk_folder(Walk *w, Str folder, Config *config, uint32_t depth)
{
    if (w->cancel && atomic_load_explicit(w->cancel, memory_order_relaxed)) {
        w->found.is_cancelled = true;
        return;
    }
    EntryVec entries = read_folder(w, folder);
    uint32_t n_ignored = w->ignored.n;
    if (has_entry(&entries, STR(".gitignore")))
        load_ignore_file(w, folder);
    if (folder.length && has_entry(&entries, STR(CONFIG_FILE_NAME))) {
        Config *own =
            load_config(w, absolute(w, path_join(w->scratch, folder, STR(CONFIG_FILE_NAME))));
        config = own ? own : config;
    }
    Str rest;
    bool is_inside = path_is_below(w->focus, folder, &rest);
    for (uint32_t i = 0; i < entries.n; i++) {
        const Entry *entry = &entries.items[i];
        Str path = path_join(w->scratch, folder, entry->name);
        if (entry->is_folder) {
            bool is_led = w->focus.length && path_is_below(path, w->focus, &rest);
            bool is_skipped =
                !is_led && (is_left_out(entry->name) || ignore_fits(&w->ignored, path, true));
            if (!is_skipped && depth < MAX_DEPTH && is_entered(w, path, depth))
                walk_folder(w, path, config, depth + 1);
        } else if (files_is_marker(entry->name)) {
            keep(w, &w->found.others, path, folder, config);
        } else if (files_is_prisma(entry->name) && !ignore_fits(&w->ignored, path, false)) {
            keep(w, &w->found.prisma, path, folder, config);
        } else if (is_inside && files_is_schema(entry->name) &&
                   !ignore_fits(&w->ignored, path, false)) {
            keep(w, &w->found.schemas, path, folder, config);
        } else if (is_inside && files_is_program(entry->name) &&
                   !ignore_fits(&w->ignored, path, false)) {
            keep(w, &w->found.programs, path, folder, config);
        }
    }
    w->ignored.n = n_ignored;
}

FoundFileVec *found_of(Found *found, Str name)
{
    if (files_is_prisma(name))
        return &found->prisma;
    if (files_is_program(name))
        return &found->programs;
    return files_is_schema(name) ? &found->schemas : NULL;
}

/* Open texts that are not on the disk yet, in folders that were walked. */
static void add_unsaved(Walk *w)
{
    for (uint32_t i = 0; w->options->open && i < w->options->open->n; i++) {
        Str path = w->options->open->items[i].path, relative;
        FoundFileVec *files = found_of(&w->found, path_name(path));
        if (!path_is_below(w->project->root, path, &relative) || !files || files_exists(path))
            continue;
        Str folder = path_folder(relative);
        Config *config = w->project->configs.items[0];
        for (uint32_t j = 0; j < files->n; j++) {
            if (str_equal(files->items[j].folder, folder))
                config = files->items[j].config;
        }
        keep(w, files, relative, folder, config);
    }
}

Config *files_config_above(Project *project, const ProjectOptions *options, Arena *scratch)
{
    Walk w = {.project = project, .options = options, .scratch = scratch};
    return root_config(&w);
}

Found files_walk(Project *project, const ProjectOptions *options, const atomic_bool *cancel,
                 Arena *scratch)
{
    Walk w = {.project = project, .options = options, .cancel = cancel, .scratch = scratch};
    w.focus = STR("");
    if (!str_is_absent(options->focus) && !path_is_below(project->root, options->focus, &w.focus))
        w.focus = STR("");
    Config *config = root_config(&w);
    walk_folder(&w, STR(""), config, 0);
    add_unsaved(&w);
    if (w.found.schemas.n)
        qsort(w.found.schemas.items, w.found.schemas.n, sizeof(FoundFile), compare_found);
    if (w.found.programs.n)
        qsort(w.found.programs.items, w.found.programs.n, sizeof(FoundFile), compare_found);
    if (w.found.prisma.n)
        qsort(w.found.prisma.items, w.found.prisma.n, sizeof(FoundFile), compare_found);
    if (w.found.others.n)
        qsort(w.found.others.items, w.found.others.n, sizeof(FoundFile), compare_found);
    return w.found;
}
