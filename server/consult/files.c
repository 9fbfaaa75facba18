#define _XOPEN_SOURCE 700 /* realpath */

#include "consult/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "consult/tools/confine.h"
#include "project/path.h"

WARN_UNUSED bool file_read(Arena *out, Str path, uint32_t max_bytes, Str *text, Error *err)
{
    /* Non-blocking, so that opening a pipe returns; then only a regular file is read. */
    int file = open(str_to_c(out, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return error_set(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_FAILED,
                         "cannot read " STR_FMT ": %s", STR_ARG(path), strerror(errno));
    struct stat status;
    bool is_ok = false;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        error_set(err, ERR_FAILED, STR_FMT " is not a file", STR_ARG(path));
        goto out;
    }
    if (status.st_size > (off_t)max_bytes) {
        error_set(err, ERR_FAILED, STR_FMT " is larger than %u KiB", STR_ARG(path),
                  max_bytes / 1024);
        goto out;
    }
    size_t size = (size_t)status.st_size, length = 0;
    char *bytes = arena_alloc_raw(out, size + 1);
    while (length < size) {
        ssize_t n = read(file, bytes + length, size - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            error_set(err, ERR_FAILED, "cannot read " STR_FMT ": %s", STR_ARG(path),
                      strerror(errno));
            goto out;
        }
        if (n == 0)
            break;
        length += (size_t)n;
    }
    *text = str_of(bytes, length);
    is_ok = true;
out:
    close(file);
    return is_ok;
}

bool file_read_inside(Arena *out, Str root, Str path, uint32_t max_bytes, Str *text, Error *err)
{
    char real_root[PATH_MAX], real_path[PATH_MAX];
    bool is_there =
        realpath(str_to_c(out, root), real_root) && realpath(str_to_c(out, path), real_path);
    Str relative = {0};
    bool is_inside = is_there &&
                     path_is_below(str_from(real_root), str_from(real_path), &relative) &&
                     confine_secrecy(relative) == SECRET_NOT;
    if (!is_there)
        return error_set(err, ERR_NOT_FOUND, "cannot read " STR_FMT, STR_ARG(path));
    if (!is_inside)
        return error_set(err, ERR_FAILED,
                         STR_FMT " was not read: it leads out of the project, or to secrets",
                         STR_ARG(path));
    return file_read(out, str_copy(out, str_from(real_path)), max_bytes, text, err);
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static void list_folder(Arena *out, Str folder, Str suffix, int depth, StrVec *paths)
{
    DIR *handle = opendir(str_to_c(out, folder));
    if (!handle)
        return;
    StrVec names = {0};
    for (struct dirent *entry; names.n < FILES_MAX_LISTED && (entry = readdir(handle));)
        if (entry->d_name[0] != '.')
            VEC_PUSH(out, &names, str_copy(out, str_from(entry->d_name)));
    closedir(handle);
    if (names.n > 0)
        qsort(names.items, names.n, sizeof *names.items, compare_names);
    for (uint32_t i = 0; i < names.n && paths->n < FILES_MAX_LISTED; i++) {
        Str path = path_join(out, folder, names.items[i]);
        /* A link to a file counts; a link to a folder could lead round in circles. */
        struct stat status;
        if (lstat(str_to_c(out, path), &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth < FILES_MAX_DEPTH)
            list_folder(out, path, suffix, depth + 1, paths);
        else if (!S_ISDIR(status.st_mode) && str_ends_with(path, suffix))
            VEC_PUSH(out, paths, path);
    }
}

void files_list(Arena *out, Str folder, Str suffix, StrVec *paths)
{
    list_folder(out, folder, suffix, 0, paths);
}

static Str absolute_path(Arena *out, Str path)
{
    char current[4096];
    Str folder = str_from(getcwd(current, sizeof current) ? current : "/");
    return path_normal(out, path_join(out, folder, path));
}

StrVec files_up_to_root(Arena *out, Str folder)
{
    StrVec folders = {0};
    for (Str path = absolute_path(out, folder);; path = path_folder(path)) {
        VEC_PUSH(out, &folders, path);
        struct stat status;
        if (stat(str_to_c(out, path_join(out, path, STR(".git"))), &status) == 0)
            return folders;
        if (str_equal(path_folder(path), STR("/")))
            break;
    }
    folders.n = 1; /* no repository: nothing above the folder is the project's */
    return folders;
}
