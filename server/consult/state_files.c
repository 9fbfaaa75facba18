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

/* Removes what is beyond the newest STATE_REPORTS_MAX; what cannot be removed stays. Only files
 * that are named like ours. */
static void prune(Arena *scratch, Str path)
{
    DIR *folder = opendir(str_to_c(scratch, path));
    if (!folder)
        return;
    int at = dirfd(folder);
    EntryVec entries = {0};
    for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        Str name = str_from(entry->d_name);
        struct stat status;
        if ((!str_ends_with(name, STR(".md")) && !str_ends_with(name, STR(".json"))) ||
            fstatat(at, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        VEC_PUSH(scratch, &entries,
                 ((Entry){.name = str_copy(scratch, name), .changed = status.st_mtime}));
    }
    if (entries.n > STATE_REPORTS_MAX)
        qsort(entries.items, entries.n, sizeof(Entry), compare_age);
    for (uint32_t i = STATE_REPORTS_MAX; i < entries.n; i++)
        unlinkat(at, str_to_c(scratch, entries.items[i].name), 0);
    closedir(folder);
}

bool state_file_write(Arena *out, Str name, Str text, Str *path, Error *err)
{
    Str folder = state_folder(out);
    if (str_is_absent(folder))
        return error_set(err, ERR_NOT_FOUND, "neither XDG_STATE_HOME nor HOME is set");
    Str full = str_format(out, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(clean(out, name)));
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
        prune(out, str_format(out, STR_FMT "/reports", STR_ARG(folder)));
    *path = full;
    return true;
}

bool state_file_read(Arena *out, Str name, uint32_t max_bytes, Str *text, Error *err)
{
    Str folder = state_folder(out);
    if (str_is_absent(folder))
        return error_set(err, ERR_NOT_FOUND, "neither XDG_STATE_HOME nor HOME is set");
    Str path = str_format(out, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(clean(out, name)));
    return file_read(out, path, max_bytes, text, err);
}
