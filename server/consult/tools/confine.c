#define _GNU_SOURCE /* syscall, O_PATH */

#include "consult/tools/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__linux__) && defined(SYS_openat2)
#include <linux/openat2.h>
#define HAS_OPENAT2 1
#else
#define HAS_OPENAT2 0
#endif

#include "project/path.h"

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

enum { FLAGS = O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

/* ---- names ---- */

static bool ends_with_one_of(Str name, const char *const *ends, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str end = str_from(ends[i]);
        if (name.length >= end.length &&
            str_equal_ignore_case(str_slice(name, name.length - end.length, name.length), end))
            return true;
    }
    return false;
}

static bool starts_with_one_of(Str name, const char *const *starts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal_ignore_case(str_slice(name, 0, (uint32_t)strlen(starts[i])),
                                  str_from(starts[i])))
            return true;
    return false;
}

#define ANY(function, name, list) function((name), (list), sizeof(list) / sizeof *(list))

static Secrecy secrecy_of_name(Str name, bool is_last)
{
    static const char *const folders[] = {".git", ".ssh", ".aws", ".gnupg", ".kube", ".docker"};
    static const char *const files[] = {
        ".npmrc",       ".pgpass",          ".netrc",           "_netrc",
        ".pypirc",      ".git-credentials", ".my.cnf",          ".htpasswd",
        "credentials",  "credentials.json", "secrets.json",     "secrets.yml",
        "secrets.yaml", "credentials.yml",  "credentials.yaml", "master.key"};
    static const char *const ends[] = {".pem",      ".key",  ".p12",     ".pfx",    ".jks",
                                       ".keystore", ".kdbx", ".tfstate", ".tfvars", ".ppk"};
    static const char *const starts[] = {"id_rsa",     "id_dsa",          "id_ecdsa",
                                         "id_ed25519", "service-account", "service_account"};
    if (ANY(str_is_among_ignore_case, name, folders))
        return SECRET_ALL;
    if (!is_last)
        return SECRET_NOT;
    if (ANY(str_is_among_ignore_case, name, files) || ANY(ends_with_one_of, name, ends) ||
        ANY(starts_with_one_of, name, starts))
        return SECRET_ALL;
    return str_equal_ignore_case(str_slice(name, 0, 4), STR(".env")) ||
                   str_equal_ignore_case(str_slice(name, 0, 6), STR(".envrc"))
               ? SECRET_VALUES
               : SECRET_NOT;
}

Secrecy confine_secrecy(Str relative)
{
    Secrecy worst = SECRET_NOT;
    Str rest = relative, part;
    while (path_next_part(&rest, &part)) {
        Secrecy secrecy = secrecy_of_name(part, str_is_empty(rest));
        worst = secrecy > worst ? secrecy : worst;
    }
    return worst;
}

bool confine_path(Arena *out, const Confine *confine, Str path, Str *relative, Error *err)
{
    if (path.length > 0 && memchr(path.data, 0, path.length))
        return error_set(err, ERR_FAILED, "a path cannot hold a NUL");
    if (path.length >= PATH_MAX)
        return error_set(err, ERR_FAILED, "the path is too long");
    Str absolute = path_normal(
        out, str_starts_with(path, STR("/")) ? path : path_join(out, confine->root, path));
    Str rest;
    if (!path_is_below(confine->root, absolute, &rest) &&
        !path_is_below(confine->real_root, absolute, &rest))
        return error_set(err, ERR_FAILED, STR_FMT " is outside of the project", STR_ARG(path));
    *relative = str_copy(out, rest);
    return true;
}

/* ---- opening ---- */

/* Where a descriptor leads, links followed; absent where the system does not say. */
static Str real_path(char *buffer, size_t size, int descriptor)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, buffer, size);
    return length > 0 && (size_t)length < size && buffer[0] == '/' ? str_of(buffer, (size_t)length)
                                                                   : (Str){0};
}

void confine_close(Confine *confine)
{
    if (confine->folder >= 0)
        close(confine->folder);
    confine->folder = -1;
}

/* Part by part, following no link. */
static int open_plainly(int folder, Str relative, int flags)
{
    Arena scratch = {0};
    int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    Str rest = relative, part;
    while (at >= 0 && path_next_part(&rest, &part)) {
        bool is_last = str_is_empty(rest);
        int next = openat(at, str_to_c(&scratch, part),
                          O_NOFOLLOW | (is_last ? flags : O_PATH | O_DIRECTORY | O_CLOEXEC));
        int failure = errno;
        close(at);
        errno = failure;
        at = next;
    }
    arena_release(&scratch);
    if (at >= 0 && str_is_empty(relative)) { /* the folder itself, to be read */
        int again = openat(at, ".", flags);
        close(at);
        at = again;
    }
    return at;
}

/* -1 with errno ENOSYS where the kernel cannot. */
static int open_beneath(int folder, Str relative, int flags)
{
#if HAS_OPENAT2
    Arena scratch = {0};
    struct open_how how = {.flags = (uint64_t)(uint32_t)flags,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    const char *path = str_is_empty(relative) ? "." : str_to_c(&scratch, relative);
    long opened = syscall(SYS_openat2, folder, path, &how, sizeof how);
    int failure = errno;
    arena_release(&scratch);
    /* Some sandboxes answer EPERM for calls that they do not know. */
    errno = failure == EPERM ? ENOSYS : failure;
    return (int)opened;
#else
    (void)folder, (void)relative, (void)flags;
    errno = ENOSYS;
    return -1;
#endif
}

bool confine_open(Arena *out, Str root, Confine *confine, Error *err)
{
    while (root.length > 1 && str_ends_with(root, STR("/")))
        root.length--;
    int folder = open(str_to_c(out, root), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return error_set(err, ERR_FAILED, "cannot open the folder " STR_FMT ": %s", STR_ARG(root),
                         strerror(errno));
    char buffer[PATH_MAX];
    Str real = real_path(buffer, sizeof buffer, folder);
    *confine =
        (Confine){.root = str_copy(out, root),
                  .real_root = str_is_absent(real) ? str_copy(out, root) : str_copy(out, real),
                  .folder = folder};
    int probe = open_beneath(folder, STR(""), O_RDONLY | O_DIRECTORY | FLAGS);
    confine->without_links = probe < 0 && errno == ENOSYS;
    if (probe >= 0)
        close(probe);
    return true;
}

/* A link may lead to a secret under another name: where it led is what counts. */
static bool leads_to_secret(const Confine *confine, Str relative, int opened, bool *is_known)
{
    char buffer[PATH_MAX];
    Str real = real_path(buffer, sizeof buffer, opened), rest;
    *is_known = !str_is_absent(real) && path_is_below(confine->real_root, real, &rest);
    return *is_known && confine_secrecy(rest) > confine_secrecy(relative);
}

static int open_confined(const Confine *confine, Str relative, int flags, Error *err)
{
    if (confine_secrecy(relative) == SECRET_ALL) {
        error_set(err, ERR_FAILED, STR_FMT " may hold secrets and is not read", STR_ARG(relative));
        return -1;
    }
    int opened = -1;
    bool is_plain = confine->without_links;
    if (!is_plain) {
        opened = open_beneath(confine->folder, relative, flags | FLAGS);
        bool is_known = true;
        if (opened >= 0 && leads_to_secret(confine, relative, opened, &is_known)) {
            close(opened);
            error_set(err, ERR_FAILED, STR_FMT " leads to what may hold secrets and is not read",
                      STR_ARG(relative));
            return -1;
        }
        if (opened >= 0 && !is_known) {
            close(opened);
            is_plain = true;
        }
    }
    if (is_plain)
        opened = open_plainly(confine->folder, relative, flags | FLAGS);
    if (opened < 0) {
        int failure = errno;
        error_set(err, failure == ENOENT || failure == ENOTDIR ? ERR_NOT_FOUND : ERR_FAILED,
                  failure == EXDEV || failure == ELOOP ? "%.*s leads out of the project"
                                                       : "cannot read %.*s: %s",
                  STR_ARG(str_is_empty(relative) ? STR(".") : relative), strerror(failure));
    }
    return opened;
}

int confine_file(const Confine *confine, Str relative, Error *err)
{
    int opened = open_confined(confine, relative, O_RDONLY, err);
    struct stat status;
    if (opened >= 0 && (fstat(opened, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(opened);
        error_set(err, ERR_FAILED, STR_FMT " is %s", STR_ARG(relative),
                  S_ISDIR(status.st_mode) ? "a folder" : "not a regular file");
        return -1;
    }
    return opened;
}

int confine_folder(const Confine *confine, Str relative, Error *err)
{
    return open_confined(confine, relative, O_RDONLY | O_DIRECTORY, err);
}

bool confine_read(Arena *out, const Confine *confine, Str relative, uint32_t max_bytes, Str *bytes,
                  bool *is_cut, Error *err)
{
    int file = confine_file(confine, relative, err);
    if (file < 0)
        return false;
    struct stat status;
    size_t size = fstat(file, &status) == 0 && status.st_size < (off_t)max_bytes
                      ? (size_t)status.st_size
                      : max_bytes;
    char *buffer = arena_alloc_raw(out, size + 1);
    size_t length = 0;
    bool is_read = true;
    while (is_read && length <= size) {
        ssize_t n = read(file, buffer + length, size + 1 - length);
        if (n == 0)
            break;
        if (n > 0)
            length += (size_t)n;
        else if (errno != EINTR)
            is_read = error_set(err, ERR_FAILED, "cannot read " STR_FMT ": %s", STR_ARG(relative),
                                strerror(errno));
    }
    close(file);
    if (!is_read)
        return false;
    *is_cut = length > size;
    *bytes = str_of(buffer, length < size ? length : size);
    return true;
}
