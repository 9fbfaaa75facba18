#include "consult/state_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "consult/files.h"

static Str state_folder(Arena *out)
{
    Str folder = str_from(getenv("XDG_STATE_HOME"));
    if (str_starts_with(folder, STR("/")))
        return str_format(out, STR_FMT "/lintel", STR_ARG(folder));
    Str home = str_from(getenv("HOME"));
    if (str_starts_with(home, STR("/")))
        return str_format(out, STR_FMT "/.local/state/lintel", STR_ARG(home));
    return (Str){0};
}

static bool make_folders(char *path)
{
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        int result = mkdir(path, 0700);
        *p = '/';
        if (result != 0 && errno != EEXIST && errno != EISDIR && errno != EROFS)
            return false;
    }
    return true;
}

/* One folder and one file name, of harmless characters. */
static Str clean(Arena *out, Str name)
{
    char *copy = arena_alloc_raw(out, name.length + 1u);
    bool has_folder = false;
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                        (c == '.' && i > 0 && copy[i - 1] != '.' && copy[i - 1] != '/');
        bool is_first_slash = c == '/' && !has_folder && i > 0;
        has_folder |= c == '/';
        copy[i] = is_plain || is_first_slash ? c : '_';
    }
    return str_of(copy, name.length);
}

static bool write_all(int file, Str text)
{
    while (text.length > 0) {
        ssize_t n = write(file, text.data, text.length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        text = str_slice(text, (uint32_t)n, text.length);
    }
    return true;
}

/* ---- old reports ---- */

typedef struct {
    Str name;
    time_t changed;
} Entry;
typedef Vec(Entry) EntryVec;

static int compare_age(const void *left, const void *right)
{
    const Entry *a = left, *b = right;
    if (a->changed != b->changed)
        return a->changed > b->changed ? -1 : 1; /* the newest first */
    return str_compare(a->name, b->name);
}

/* Regular files that end in `suffix`, the newest first. */
static EntryVec list_files(Arena *out, Str path, Str suffix)
{
    EntryVec entries = {0};
    DIR *folder = opendir(str_to_c(out, path));
    if (!folder)
        return entries;
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        Str name = str_from(entry->d_name);
        struct stat status;
        if (!str_ends_with(name, suffix) ||
            fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        VEC_PUSH(out, &entries, ((Entry){.name = str_copy(out, name), .changed = status.st_mtime}));
    }
    closedir(folder);
    if (entries.n > 1)
        qsort(entries.items, entries.n, sizeof(Entry), compare_age);
    return entries;
}

/* Removes what is beyond the newest STATE_REPORTS_MAX; what cannot be removed stays. Only files
 * that are named like ours. */
static void prune(Arena *scratch, Str path)
{
    EntryVec entries = list_files(scratch, path, STR(""));
    uint32_t n_kept = 0;
    for (uint32_t i = 0; i < entries.n; i++) {
        Str name = entries.items[i].name;
        if (!str_ends_with(name, STR(".md")) && !str_ends_with(name, STR(".json")))
            continue;
        if (n_kept++ >= STATE_REPORTS_MAX)
            unlink(str_to_c(
                scratch, str_format(scratch, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(name))));
    }
}

StrVec state_files_list(Arena *out, Str folder, Str suffix)
{
    StrVec names = {0};
    Str path = state_file_path(out, folder);
    if (str_is_absent(path))
        return names;
    EntryVec entries = list_files(out, path, suffix);
    for (uint32_t i = 0; i < entries.n; i++)
        VEC_PUSH(out, &names, entries.items[i].name);
    return names;
}

/* ---- one file ---- */

Str state_file_path(Arena *out, Str name)
{
    Str folder = state_folder(out);
    if (str_is_absent(folder))
        return folder;
    return str_format(out, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(clean(out, name)));
}

bool state_file_write(Arena *out, Str name, Str text, Str *path, Error *err)
{
    Str full = state_file_path(out, name);
    if (str_is_absent(full))
        return error_set(err, ERR_NOT_FOUND, "neither XDG_STATE_HOME nor HOME is set");
    char *target = str_to_c(out, full);
    char *part = str_to_c(out, str_format(out, STR_FMT ".%ld", STR_ARG(full), (long)getpid()));
    if (!make_folders(target))
        return error_set(err, ERR_FAILED, "cannot make the folder of %s: error %d", target, errno);
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return error_set(err, ERR_FAILED, "cannot write %s: error %d", part, errno);
    bool is_written = write_all(file, text);
    is_written &= close(file) == 0;
    if (!is_written || rename(part, target) != 0) {
        unlink(part);
        return error_set(err, ERR_FAILED, "cannot write %s: error %d", target, errno);
    }
    if (str_starts_with(name, STR("reports/")))
        prune(out, state_file_path(out, STR("reports")));
    *path = full;
    return true;
}

bool state_file_read(Arena *out, Str name, uint32_t max_bytes, Str *text, Error *err)
{
    Str path = state_file_path(out, name);
    if (str_is_absent(path))
        return error_set(err, ERR_NOT_FOUND, "neither XDG_STATE_HOME nor HOME is set");
    return file_read(out, path, max_bytes, text, err);
}
