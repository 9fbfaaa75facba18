#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "base/utf8.h"
#include "base/version.h"
#include "cli/command.h"
#include "config/config.h"
#include "rules/rule.h"
#include "syntax/parser.h"

int output_print(const Buf *buf, int status)
{
    if (buf->overflowed)
        return command_fail("there is too much to print");
    size_t written = buf->length ? fwrite(buf->data, 1, buf->length, stdout) : 0;
    if (written == buf->length && fflush(stdout) == 0)
        return status;
    return errno == EPIPE ? status : command_fail("cannot write the output: %s", strerror(errno));
}

bool output_has_colour(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && terminal &&
           strcmp(terminal, "dumb") != 0;
}

const char *output_severity_colour(Severity severity, bool colour)
{
    if (!colour)
        return "";
    switch (severity) {
    case SEVERITY_ERROR:
        return "\x1b[1;31m";
    case SEVERITY_WARNING:
        return "\x1b[1;33m";
    case SEVERITY_INFO:
        return "\x1b[1;36m";
    case SEVERITY_HINT:
    case SEVERITY_OFF:
        return "\x1b[1;32m";
    }
    return "";
}

const char *output_dim(bool colour)
{
    return colour ? "\x1b[2m" : "";
}

const char *output_bold(bool colour)
{
    return colour ? "\x1b[1m" : "";
}

const char *output_reset(bool colour)
{
    return colour ? "\x1b[0m" : "";
}

void output_version(Buf *out)
{
    buf_format(out, "lintel %s\n", LINTEL_VERSION);
#ifdef LINTEL_COMMIT
    buf_format(out, "commit        %s\n", LINTEL_COMMIT);
#endif
#if defined(__clang__)
    buf_format(out, "compiler      clang %d.%d.%d\n", __clang_major__, __clang_minor__,
               __clang_patchlevel__);
#elif defined(__GNUC__)
    buf_format(out, "compiler      gcc %d.%d.%d\n", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
    buf_format(out, "cJSON         %s\n", cJSON_Version());
    buf_format(out, "libyaml       %s\n", config_yaml_version());
    buf_format(out, "grammar       SQL, tree-sitter ABI %u\n", language_abi(LANGUAGE_SQL));
    buf_format(out, "rules         %u\n", n_rules);
    buf_add(out, STR("dialects      postgresql mysql sqlite sqlserver\n"
                     "agent         database-architect\n"));
}

/* Walks from the last position: a line of two megabytes with a thousand findings is counted
 * once, not a thousand times. */
TextPosition position_at(PositionCursor *cursor, const Text *text, uint32_t at)
{
    uint32_t line = text_line_at(text, at);
    Str bytes = text_bytes(text);
    if (cursor->text != text || cursor->position.line != line + 1)
        cursor->position = text_position(text, at);
    else if (at >= cursor->at)
        cursor->position.column += utf8_count(str_slice(bytes, cursor->at, at));
    else
        cursor->position.column -= utf8_count(str_slice(bytes, at, cursor->at));
    cursor->text = text;
    cursor->at = at;
    return cursor->position;
}
