/* A server that is a program: one message a line on its pipes. */
#include <stdlib.h>

#include "base/json.h"
#include "base/log.h"
#include "consult/mcp/link.h"
#include "consult/mcp/messages.h"
#include "loop/child.h"
#include "loop/loop.h"

enum {
    WRITE_MS = 10 * 1000,   /* for the program to read what we say */
    FAREWELL_MS = 50,       /* for a notification that nobody waits for */
    PATIENCE_MS = 2000,     /* at the end, before and after it is asked to end */
    HASTY_PATIENCE_MS = 40, /* the editor's server waits 300 ms for all of a job's end */
    MAX_ARGUMENTS = 256,
};

typedef struct {
    McpLink link; /* first */
    Child *child;
    Lines lines;
    bool is_gone;
} ProgramLink;

/* ---- starting ---- */

/* What every program may know; the rest of our environment is nobody's business. */
static const char *const passed_on[] = {
    "PATH",    "HOME", "LANG",  "LC_ALL", "LC_CTYPE", "TMPDIR",          "XDG_CACHE_HOME",
    "LOGNAME", "USER", "SHELL", "TERM",   "TZ",       "XDG_CONFIG_HOME", "XDG_DATA_HOME"};

static bool is_set_by(const McpServer *server, Str name)
{
    for (uint32_t i = 0; i < server->environment.n; i++)
        if (str_equal(server->environment.items[i].name, name))
            return true;
    return false;
}

static const char **environment_of(Arena *out, const McpServer *server)
{
    size_t n_passed = sizeof passed_on / sizeof *passed_on, n = 0;
    const char **environment = ARENA_ARRAY(out, const char *, n_passed + server->environment.n + 2);
    for (size_t i = 0; i < n_passed; i++) {
        const char *value = getenv(passed_on[i]);
        if (value && !is_set_by(server, str_from(passed_on[i])))
            environment[n++] = str_to_c(out, str_format(out, "%s=%s", passed_on[i], value));
    }
    environment[n++] =
        str_to_c(out, str_format(out, "CLAUDE_PROJECT_DIR=" STR_FMT, STR_ARG(server->folder)));
    for (uint32_t i = 0; i < server->environment.n; i++) {
        const McpPair *pair = &server->environment.items[i];
        environment[n++] = str_to_c(
            out, str_format(out, STR_FMT "=" STR_FMT, STR_ARG(pair->name), STR_ARG(pair->value)));
    }
    return environment;
}

/* A child starts where we are, so a shell takes it to its folder first. Nothing of the server's is
 * read by the shell: it comes as arguments. */
static const char **arguments_of(Arena *out, const McpServer *server)
{
    const char **arguments = ARENA_ARRAY(out, const char *, server->arguments.n + 7);
    uint32_t n = 0;
    arguments[n++] = "/bin/sh";
    arguments[n++] = "-c";
    arguments[n++] = "cd \"$1\" && shift && exec \"$@\"";
    arguments[n++] = "sh";
    arguments[n++] = str_to_c(out, server->folder);
    arguments[n++] = str_to_c(out, server->command);
    for (uint32_t i = 0; i < server->arguments.n; i++)
        arguments[n++] = str_to_c(out, server->arguments.items[i]);
    return arguments;
}

/* ---- speaking ---- */

/* The last line of what it said on standard error, for the one who looks for the reason. */
static Str last_complaint(Arena *out, const ProgramLink *program)
{
    Str rest = child_complaints(program->child), line, last = {0};
    while (str_next_line(&rest, &line))
        if (!str_is_empty(str_trim(line)))
            last = str_trim(line);
    return link_quote(out, last);
}

static void set_gone(ProgramLink *program, const char *what, Error *err)
{
    Arena scratch = {0};
    Str complaint = last_complaint(&scratch, program);
    program->is_gone = true;
    error_set(err, ERR_NOT_FOUND, "%s%s" STR_FMT "%s", what, str_is_empty(complaint) ? "" : " (",
              STR_ARG(complaint), str_is_empty(complaint) ? "" : ")");
    arena_release(&scratch);
}

static bool write_message(ProgramLink *program, const cJSON *message, uint32_t timeout_ms,
                          const atomic_bool *cancel, Error *err)
{
    Arena scratch = {0};
    Str text = message_text(&scratch, message);
    Str line = str_format(&scratch, STR_FMT "\n", STR_ARG(text));
    bool is_written = child_write(program->child, line,
                                  (ChildWait){.timeout_ms = timeout_ms, .cancel = cancel}, err);
    arena_release(&scratch);
    return is_written;
}

static void notify(McpLink *link, const cJSON *message)
{
    ProgramLink *program = (ProgramLink *)link;
    Error ignored = {0};
    if (!program->is_gone && !write_message(program, message, FAREWELL_MS, NULL, &ignored))
        LOG_DEBUG("mcp", "a notification did not arrive: %s", ignored.text);
}

/* ---- asking ---- */

/* A request that waits for its answer. */
typedef struct {
    ProgramLink *program;
    const LinkRequest *request;
    const LinkWait *wait;
    uint64_t start_ms, last_ms; /* of the last sign that it works on it */
    uint64_t n_bytes;
    uint32_t n_asked;
    cJSON *answer;
} Waiting;

/* False where it is over without an answer. */
static bool take_line(Waiting *waiting, Str line, Error *err)
{
    cJSON *message = json_read(line), *ours;
    bool goes_on = true;
    switch (link_take(waiting->request, waiting->wait, message)) {
    case TAKEN_ANSWER:
        waiting->answer = message;
        message = NULL;
        break;
    case TAKEN_PROGRESS:
        waiting->last_ms = loop_now_ms();
        break;
    case TAKEN_REQUEST:
        ours = link_answer_to(message);
        if (waiting->n_asked++ >= LINK_MAX_ASKED)
            goes_on = error_set(err, ERR_FAILED, "it asks without end");
        else
            goes_on = write_message(waiting->program, ours, WRITE_MS, waiting->wait->cancel, err);
        cJSON_Delete(ours);
        break;
    case TAKEN_RUBBISH:
        LOG_DEBUG("mcp", "a line of %u bytes was not what was waited for", line.length);
        break;
    }
    cJSON_Delete(message);
    return goes_on;
}

static bool take_lines(Waiting *waiting, Error *err)
{
    Str line;
    while (!waiting->answer) {
        switch (lines_next(&waiting->program->lines, &line)) {
        case LINE_NONE:
            return true;
        case LINE_TOO_LONG:
            return error_set(err, ERR_FAILED, "it sent a message of more than %d MiB",
                             MCP_MAX_MESSAGE_BYTES / 1024 / 1024);
        case LINE_WHOLE:
            if (!take_line(waiting, line, err))
                return false;
        }
    }
    return true;
}

/* Milliseconds until one of the two limits; 0: reached. */
static uint32_t time_left(const Waiting *waiting)
{
    uint64_t now = loop_now_ms();
    uint64_t idle_end = waiting->last_ms + waiting->wait->idle_ms;
    uint64_t end = waiting->start_ms + waiting->wait->total_ms;
    end = idle_end < end ? idle_end : end;
    return end > now ? (uint32_t)(end - now) : 0;
}

/* Waits for more; false where it is over. */
static bool take_output(Waiting *waiting, Error *err)
{
    ProgramLink *program = waiting->program;
    Str bytes;
    uint32_t left_ms = time_left(waiting);
    ChildWait wait = {.timeout_ms = left_ms, .cancel = waiting->wait->cancel};
    switch (left_ms == 0 ? CHILD_SILENT : child_read(program->child, wait, &bytes)) {
    case CHILD_SAID:
        waiting->n_bytes += bytes.length;
        lines_feed(&program->lines, bytes);
        return waiting->n_bytes <= LINK_MAX_ANSWER_BYTES ||
               error_set(err, ERR_FAILED, "it says too much without answering");
    case CHILD_ENDED:
        set_gone(program, "its program has ended", err);
        return false;
    case CHILD_BROKEN:
        set_gone(program, "it says too much", err);
        return false;
    case CHILD_CANCELLED:
        return error_set(err, ERR_CANCELLED, "cancelled");
    case CHILD_SILENT:
        return error_set(err, ERR_FAILED, "it does not answer in time");
    }
    return false;
}

static cJSON *ask(McpLink *link, const LinkRequest *request, const LinkWait *wait, Error *err)
{
    ProgramLink *program = (ProgramLink *)link;
    uint64_t now = loop_now_ms();
    Waiting waiting = {
        .program = program, .request = request, .wait = wait, .start_ms = now, .last_ms = now};
    if (program->is_gone) {
        error_set(err, ERR_NOT_FOUND, "its program has ended");
        return NULL;
    }
    uint32_t write_ms = wait->idle_ms < WRITE_MS ? wait->idle_ms : (uint32_t)WRITE_MS;
    Error unwritten = {0};
    bool goes_on = write_message(program, request->message, write_ms, wait->cancel, &unwritten);
    if (!goes_on && unwritten.code == ERR_CANCELLED)
        error_set(err, ERR_CANCELLED, "cancelled");
    else if (!goes_on)
        set_gone(program, unwritten.text, err);
    while (goes_on && !waiting.answer)
        goes_on = take_lines(&waiting, err) && (waiting.answer || take_output(&waiting, err));
    if (!waiting.answer && !program->is_gone && !str_is_absent(link->version)) {
        cJSON *cancellation = link_cancellation(request->id);
        notify(link, cancellation);
        cJSON_Delete(cancellation);
    }
    return waiting.answer;
}

static void close_program(McpLink *link, bool is_hasty)
{
    ProgramLink *program = (ProgramLink *)link;
    child_end(program->child, is_hasty ? HASTY_PATIENCE_MS : PATIENCE_MS);
    lines_free(&program->lines);
    arena_owner_free(&link->arena);
}

static const LinkKind program_kind = {.request = ask, .notify = notify, .close = close_program};

McpLink *link_to_program(const McpServer *server, Error *err)
{
    Arena scratch = {0};
    if (server->arguments.n > MAX_ARGUMENTS) {
        error_set(err, ERR_FAILED, "it has too many arguments");
        return NULL;
    }
    Child *child =
        child_start(arguments_of(&scratch, server), environment_of(&scratch, server), err);
    arena_release(&scratch);
    if (!child)
        return NULL;
    ProgramLink *program = ARENA_OWNER_NEW(ProgramLink);
    program->link.kind = &program_kind;
    program->link.server = server;
    program->child = child;
    program->lines = lines_new();
    return &program->link;
}
