#include "project/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "project/path.h"

static bool ends_with_any(Str name, const char *const *endings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str ending = str_from(endings[i]);
        if (name.length >= ending.length &&
            str_equal_ignore_case(str_slice(name, name.length - ending.length, name.length),
                                  ending))
            return true;
    }
    return false;
}

bool files_is_schema(Str name)
{
    static const char *const endings[] = {".sql", ".psql", ".pgsql", ".mysql", ".ddl"};
    return name.data && name.length > 0 && name.data[0] != '.' &&
           ends_with_any(name, endings, sizeof endings / sizeof *endings);
}

bool files_is_program(Str name)
{
    return name.data && name.length > 3 && name.data[0] != '.' && str_ends_with(name, STR(".py")) &&
           !files_is_marker(name);
}

bool files_is_prisma(Str name)
{
    return name.data && name.length > 7 && name.data[0] != '.' &&
           str_ends_with(name, STR(".prisma"));
}

bool files_is_marker(Str name)
{
    static const char *const names[] = {
        "migration_lock.toml",
        "_journal.json",
        "atlas.sum",
        "atlas.hcl",
        "package.json",
        "pyproject.toml",
        "config.toml",
        "Cargo.toml",
        "diesel.toml",
        "flyway.conf",
        "flyway.toml",
        "metadata.toml",
        "Pipfile",
        "go.mod",
        "alembic.ini",
        "env.py",
    };
    if (str_is_among(name, names, sizeof names / sizeof *names))
        return true;
    static const char *const yaml[] = {".yml", ".yaml"};
    static const char *const text[] = {".txt"};
    return (ends_with_any(name, yaml, 2) && (str_starts_with(name, STR("docker-compose")) ||
                                             str_starts_with(name, STR("compose")))) ||
           str_starts_with(name, STR("prisma.config.")) ||
           (str_starts_with(name, STR("requirements")) && ends_with_any(name, text, 1)) ||
           str_equal(name, STR(".env")) || str_starts_with(name, STR(".env."));
}

static bool is_kind(Str path, mode_t kind)
{
    Arena scratch = {0};
    struct stat info;
    bool result = stat(str_to_c(&scratch, path), &info) == 0 && (info.st_mode & S_IFMT) == kind;
    arena_release(&scratch);
    return result;
}

bool files_is_folder(Str path)
{
    return is_kind(path, S_IFDIR);
}

bool files_exists(Str path)
{
    Arena scratch = {0};
    struct stat info;
    bool result = stat(str_to_c(&scratch, path), &info) == 0;
    arena_release(&scratch);
    return result;
}

typedef enum { READ_WHOLE, READ_HEAD } ReadHow;

/* Reads until the end, because a file may be longer or shorter than it was a moment ago. */
static Text *read_all(int file, Str path, size_t size_hint, size_t max_bytes, ReadHow how,
                      Error *err)
{
    Arena arena = arena_with_capacity(size_hint + 64);
    size_t capacity = size_hint + 1, length = 0;
    char *bytes = arena_alloc_raw(&arena, capacity);
    Text *text = NULL;
    for (;;) {
        ssize_t n = read(file, bytes + length, capacity - length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            error_set(err, ERR_FAILED, "cannot read " STR_FMT ": %s", STR_ARG(path),
                      strerror(errno));
            break;
        }
        length += (size_t)n;
        if (n == 0 || (how == READ_HEAD && length >= max_bytes)) {
            text = text_new(str_of(bytes, length < max_bytes ? length : max_bytes));
            break;
        }
        if (length > max_bytes) {
            error_set(err, ERR_FAILED, STR_FMT " is larger than %zu MB and is not read",
                      STR_ARG(path), max_bytes >> 20);
            break;
        }
        if (length == capacity) {
            bytes = arena_grow(&arena, bytes, capacity, capacity * 2);
            capacity *= 2;
        }
    }
    arena_release(&arena);
    return text;
}

static Text *find_open(Str path, const OpenTextVec *open_texts)
{
    for (uint32_t i = 0; open_texts && i < open_texts->n; i++) {
        if (str_equal(open_texts->items[i].path, path))
            return open_texts->items[i].text;
    }
    return NULL;
}

static Text *read_file(Str path, size_t max_bytes, ReadHow how, Error *err)
{
    Arena scratch = {0};
    Text *text = NULL;
    /* Without O_NONBLOCK opening a pipe would wait for its writer. */
    int file = open(str_to_c(&scratch, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    if (file < 0 || fstat(file, &info) != 0)
        error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_FAILED, "cannot read " STR_FMT ": %s",
                  STR_ARG(path), errno == ENOENT ? "there is no such file" : strerror(errno));
    else if (!S_ISREG(info.st_mode))
        error_set(err, ERR_FAILED, "cannot read " STR_FMT ": it is not a regular file",
                  STR_ARG(path));
    else if (how == READ_WHOLE && (uintmax_t)info.st_size > max_bytes)
        error_set(err, ERR_FAILED, STR_FMT " is larger than %zu MB and is not read", STR_ARG(path),
                  max_bytes >> 20);
    else
        text = read_all(file, path,
                        (uintmax_t)info.st_size < max_bytes ? (size_t)info.st_size : max_bytes,
                        max_bytes, how, err);
    if (file >= 0)
        close(file);
    arena_release(&scratch);
    return text;
}

Text *files_read(Str path, const OpenTextVec *open_texts, size_t max_bytes, Error *err)
{
    Text *text = find_open(path, open_texts);
    return text ? text_retain(text) : read_file(path, max_bytes, READ_WHOLE, err);
}

Text *files_read_head(Str path, const OpenTextVec *open_texts, size_t max_bytes, Error *err)
{
    Text *text = find_open(path, open_texts);
    return text ? text_new(str_slice(text_bytes(text), 0, (uint32_t)max_bytes))
                : read_file(path, max_bytes, READ_HEAD, err);
}
