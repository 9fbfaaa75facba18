#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(Error *err, ErrorCode code, const char *format, ...)
{
    if (!err)
        return false;
    err->code = code;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    return false;
}
