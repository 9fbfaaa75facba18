/* `git cat-file --batch` answers each line of its input, "HEAD:./a.sql", by one of
 *
 *     <object> blob <size> LF <bytes> LF
 *     HEAD:./a.sql missing LF
 *
 * One question is asked at a time, so nothing piles up on either side. */
#include "lsp/git_head.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/vec.h"
#include "loop/child.h"
#include "project/files.h"
#include "project/path.h"

enum {
    PATIENCE_MS = 10000, /* for one answer: a cold disk, a huge pack */
    MAX_HEADER_BYTES = 8192,
};

struct GitHead {
    Arena arena;
    Child *child;
    const atomic_bool *cancel;
    Str commit;
    Buf unread; /* what has come and was not taken yet */
};

extern char **environ;

/* ---- starting ---- */

static bool is_in_repository(Str folder)
{
    Arena scratch = {0};
    bool is_found = false;
    for (Str path = folder; !is_found; path = path_folder(path)) {
        is_found = files_exists(path_join(&scratch, path, STR(".git")));
        if (path.length <= 1)
            break;
    }
    arena_release(&scratch);
    return is_found;
}

/* Ours, without what would lead git elsewhere: an editor may have been started by git itself. */
static const char *const *environment(Arena *out)
{
    static const char *const ours[] = {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
                                       "GIT_NO_LAZY_FETCH=1", "LC_ALL=C"};
    Vec(const char *) list = {0};
    for (char **entry = environ; entry && *entry; entry++) {
        if (!str_starts_with(str_from(*entry), STR("GIT_")) &&
            !str_starts_with(str_from(*entry), STR("LC_ALL=")))
            VEC_PUSH(out, &list, *entry);
    }
    for (unsigned i = 0; i < sizeof ours / sizeof *ours; i++)
        VEC_PUSH(out, &list, ours[i]);
    VEC_PUSH(out, &list, NULL);
    return list.items;
}

static Child *start(Arena *scratch, Str folder)
{
    const char *const arguments[] = {"git",
                                     "-C",
                                     str_to_c(scratch, folder),
                                     "-c",
                                     "core.fsmonitor=false",
                                     "-c",
                                     "protocol.allow=never",
                                     "cat-file",
                                     "--batch",
                                     NULL};
    Error err;
    Child *child = child_start(arguments, environment(scratch), &err);
    if (!child)
        LOG_DEBUG("lsp", "%s", err.text);
    return child;
}

/* ---- asking ---- */

/* More of what it says; false where nothing more comes. */
static bool read_more(GitHead *head)
{
    Str bytes;
    ChildWait wait = {.timeout_ms = PATIENCE_MS, .cancel = head->cancel};
    if (child_read(head->child, wait, &bytes) != CHILD_SAID)
        return false;
    buf_add(&head->unread, bytes);
    return true;
}

/* The first line, which stays until it is taken. */
static bool read_line(GitHead *head, Str *line)
{
    uint32_t from = 0;
    for (;;) {
        Str unread = buf_str(&head->unread);
        uint32_t end = str_find(unread, STR("\n"), from);
        if (end != UINT32_MAX) {
            *line = str_slice(unread, 0, end);
            return true;
        }
        from = unread.length;
        if (unread.length > MAX_HEADER_BYTES || !read_more(head))
            return false;
    }
}

static Str word(Str *rest)
{
    uint32_t end = str_find(*rest, STR(" "), 0);
    Str first = str_slice(*rest, 0, end);
    *rest = end == UINT32_MAX ? STR("") : str_slice(*rest, end + 1, rest->length);
    return first;
}

static bool read_size(Str digits, size_t *size)
{
    *size = 0;
    if (str_is_empty(digits) || digits.length > 12)
        return false;
    for (uint32_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        *size = *size * 10 + (size_t)(digits.data[i] - '0');
    }
    return *size <= FILES_MAX_BYTES;
}

/* The object of that name, if it is of the kind. */
static GitFile ask(GitHead *head, Arena *out, Str name, Str kind, Str *object, Str *text)
{
    Error err;
    Arena scratch = {0};
    Str question = str_format(&scratch, STR_FMT "\n", STR_ARG(name));
    ChildWait wait = {.timeout_ms = PATIENCE_MS, .cancel = head->cancel};
    bool is_asked = child_write(head->child, question, wait, &err);
    arena_release(&scratch);
    Str line;
    size_t size;
    if (!is_asked || !read_line(head, &line))
        return GIT_FILE_BROKEN;
    size_t header = (size_t)line.length + 1;
    Str rest = line, id = word(&rest), found = word(&rest);
    if (str_ends_with(line, STR(" missing")) || str_ends_with(line, STR(" ambiguous"))) {
        buf_consume(&head->unread, header);
        return GIT_FILE_NONE;
    }
    if (!read_size(rest, &size))
        return GIT_FILE_BROKEN; /* too large, or an answer that we do not know */
    bool is_wanted = str_equal(found, kind);
    *object = str_copy(out, id);
    while (head->unread.length < header + size + 1) {
        if (!read_more(head))
            return GIT_FILE_BROKEN;
    }
    Str all = buf_str(&head->unread);
    if (is_wanted)
        *text = str_copy(out, str_slice(all, (uint32_t)header, (uint32_t)(header + size)));
    buf_consume(&head->unread, header + size + 1);
    return is_wanted ? GIT_FILE_READ : GIT_FILE_NONE;
}

GitHead *git_head_open(Str folder, const atomic_bool *cancel)
{
    if (!is_in_repository(folder))
        return NULL;
    Arena scratch = {0};
    Child *child = start(&scratch, folder);
    arena_release(&scratch);
    if (!child)
        return NULL;
    GitHead *head = ARENA_OWNER_NEW(GitHead);
    head->child = child;
    head->cancel = cancel;
    head->unread = buf_with_max(FILES_MAX_BYTES + MAX_HEADER_BYTES * 2 + 65536);
    Str text;
    if (ask(head, &head->arena, STR("HEAD"), STR("commit"), &head->commit, &text) == GIT_FILE_READ)
        return head;
    git_head_close(head);
    return NULL;
}

Str git_head_commit(const GitHead *head)
{
    return head->commit;
}

GitFile git_head_read(GitHead *head, Arena *out, Str path, Str *text)
{
    if (str_contains(path, STR("\n")))
        return GIT_FILE_NONE; /* the question could not be asked */
    Arena scratch = {0};
    Str object;
    Str name = str_format(&scratch, "HEAD:./" STR_FMT, STR_ARG(path));
    GitFile state = ask(head, out, name, STR("blob"), &object, text);
    arena_release(&scratch);
    return state;
}

void git_head_close(GitHead *head)
{
    if (!head)
        return;
    enum { PATIENCE_AT_END_MS = 200 };
    child_end(head->child, PATIENCE_AT_END_MS);
    buf_free(&head->unread);
    arena_owner_free(&head->arena);
}
