#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static LogLevel max_level = LOG_LEVEL_WARN;

void log_set_level(LogLevel level)
{
    max_level = level;
}

void log_write(LogLevel level, const char *area, const char *format, ...)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    if (level > max_level)
        return;
    char line[1024]; /* longer lines are cut */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "lintel %s %s: %s\n", names[level], area, line);
}
