/* The files below a folder, for Glob and Grep: depth first, names sorted, each folder opened from
 * the one above it without following links. */
#define _XOPEN_SOURCE 700 /* fdopendir with fstatat and its constants */

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consult/tools/tools.h"
#include "project/ignore.h"
#include "project/path.h"

enum {
    MAX_DEPTH = 40,
    MAX_ENTRIES = 100000, /* of all folders together */
    MAX_IGNORE_BYTES = 256 * 1024,
};

/* What was installed or built. */
static const char *const left_out[] = {"node_modules", "bower_components", "site-packages",
                                       "venv",         "__pycache__",      "dist",
                                       "build",        "target",           "coverage"};

typedef struct {
    Toolbox *toolbox;
    Arena *scratch;
    bool (*visit)(void *context, const WalkedFile *file);
    void *context;
    IgnorePatternVec ignored;
    uint32_t n_entries;
    bool is_over;
} Walk;

static bool is_left_out(Str name)
{
    if (str_is_among(name, left_out, sizeof left_out / sizeof *left_out))
        return true;
    /* Hidden folders are tools' own, but for the rules and what runs in CI. */
    return str_starts_with(name, STR(".")) && !str_equal(name, STR(".claude")) &&
           !str_equal(name, STR(".github"));
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

/* Takes the descriptor over. */
static StrVec names_in(Walk *walk, int folder)
{
    StrVec names = {0};
    DIR *handle = fdopendir(folder);
    if (!handle) {
        close(folder);
        return names;
    }
    for (struct dirent *entry; walk->n_entries < MAX_ENTRIES && (entry = readdir(handle));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            VEC_PUSH(walk->scratch, &names, str_copy(walk->scratch, str_from(entry->d_name)));
            walk->n_entries++;
        }
    closedir(handle);
    if (names.n > 0)
        qsort(names.items, names.n, sizeof *names.items, compare_names);
    return names;
}

static void read_ignore_file(Walk *walk, Str folder)
{
    Str bytes, path = path_join(walk->scratch, folder, STR(".gitignore"));
    bool is_cut;
    Error err;
    if (confine_read(walk->scratch, &walk->toolbox->confine, path, MAX_IGNORE_BYTES, &bytes,
                     &is_cut, &err))
        ignore_add_lines(walk->scratch, &walk->ignored, folder, bytes);
}

static void walk_folder(Walk *walk, int folder, Str path, int depth);

static void walk_entry(Walk *walk, int folder, Str path, Str name, int depth)
{
    struct stat status;
    const char *c_name = str_to_c(walk->scratch, name);
    if (fstatat(folder, c_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    /* A link to a file counts; whether it leads out shows when it is opened. */
    if (S_ISLNK(status.st_mode) &&
        (fstatat(folder, c_name, &status, 0) != 0 || S_ISDIR(status.st_mode)))
        return;
    bool is_folder = S_ISDIR(status.st_mode);
    if ((!is_folder && !S_ISREG(status.st_mode)) || ignore_fits(&walk->ignored, path, is_folder) ||
        confine_secrecy(path) != SECRET_NOT)
        return;
    if (!is_folder) {
        WalkedFile file = {.path = path, .name = name, .changed = (int64_t)status.st_mtime};
        walk->is_over = !walk->visit(walk->context, &file);
    } else if (depth < MAX_DEPTH && !is_left_out(name)) {
        int below =
            openat(folder, c_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
        if (below >= 0)
            walk_folder(walk, below, path, depth + 1);
    }
}

/* Takes the descriptor over. */
static void walk_folder(Walk *walk, int folder, Str path, int depth)
{
    uint32_t n_ignored = walk->ignored.n;
    int listed = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    StrVec names = {0};
    if (listed >= 0)
        names = names_in(walk, listed);
    read_ignore_file(walk, path);
    for (uint32_t i = 0; i < names.n && !walk->is_over; i++) {
        walk->is_over = toolbox_is_cancelled(walk->toolbox);
        if (!walk->is_over)
            walk_entry(walk, folder, path_join(walk->scratch, path, names.items[i]), names.items[i],
                       depth);
    }
    walk->ignored.n = n_ignored;
    close(folder);
}

/* The patterns of the folders above count as well. */
static void read_ignore_files_above(Walk *walk, Str folder)
{
    Str rest = folder, part, at = STR("");
    while (path_next_part(&rest, &part)) {
        read_ignore_file(walk, at);
        at = path_join(walk->scratch, at, part);
    }
}

bool toolbox_walk(Toolbox *toolbox, Arena *scratch, Str folder,
                  bool (*visit)(void *context, const WalkedFile *file), void *context, Error *err)
{
    int opened = confine_folder(&toolbox->confine, folder, err);
    if (opened < 0)
        return false;
    Walk walk = {.toolbox = toolbox, .scratch = scratch, .visit = visit, .context = context};
    read_ignore_files_above(&walk, folder);
    walk_folder(&walk, opened, folder, 0);
    return true;
}
