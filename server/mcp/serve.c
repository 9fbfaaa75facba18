/* The bytes: lines in, lines out. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "base/log.h"
#include "consult/mcp/messages.h"
#include "mcp/mcp.h"
#include "mcp/session.h"

enum { READ_BYTES = 64 * 1024, MAX_ANSWER_BYTES = 64 * 1024 * 1024 };

/* False where nobody reads any more. Takes `answer`. */
static bool write_answer(cJSON *answer)
{
    if (!answer)
        return true;
    Buf line = buf_with_max(MAX_ANSWER_BYTES);
    json_print(answer, &line);
    buf_add_char(&line, '\n');
    Str left = buf_str(&line);
    bool is_written = !line.overflowed;
    while (is_written && left.length > 0) {
        ssize_t n = write(STDOUT_FILENO, left.data, left.length);
        if (n > 0)
            left = str_slice(left, (uint32_t)n, left.length);
        else
            is_written = n < 0 && errno == EINTR;
    }
    buf_free(&line);
    cJSON_Delete(answer);
    return is_written;
}

static cJSON *answer_line(McpSession *session, Str line)
{
    if (str_is_empty(str_trim(line)))
        return NULL;
    cJSON *message = json_read(line);
    cJSON *answer = session_answer(session, message);
    cJSON_Delete(message);
    return answer;
}

/* Everything that has come; false where nobody reads the answers. */
static bool take_lines(McpSession *session, Lines *lines)
{
    for (;;) {
        Str line;
        cJSON *answer = NULL;
        switch (lines_next(lines, &line)) {
        case LINE_NONE:
            return true;
        case LINE_TOO_LONG:
            answer = message_error(NULL, MCP_PARSE_ERROR, STR("the message is too long"), NULL);
            break;
        case LINE_WHOLE:
            answer = answer_line(session, line);
            break;
        }
        if (!write_answer(answer))
            return false;
    }
}

int mcp_main(void)
{
    static char bytes[READ_BYTES];
    McpSession session = {0};
    Lines lines = lines_new();
    bool is_heard = true;
    signal(SIGPIPE, SIG_IGN);
    while (is_heard) {
        ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        lines_feed(&lines, str_of(bytes, (size_t)n));
        is_heard = take_lines(&session, &lines);
    }
    if (is_heard) /* a last message without a line end */
        is_heard = write_answer(answer_line(&session, lines_rest(&lines)));
    if (!is_heard)
        LOG_WARN("mcp", "the client no longer reads");
    lines_free(&lines);
    return is_heard ? 0 : 2;
}
