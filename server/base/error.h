/* error.h — why border code failed: a code and one line of text.
 *
 * Filled once, where the failure is understood, and passed up unchanged. The text is one
 * sentence without a full stop and names the thing. Owns nothing: the text is inside. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

#define WARN_UNUSED __attribute__((warn_unused_result))

typedef enum {
    ERR_NONE,
    ERR_FAILED,
    ERR_NOT_FOUND, /* the named thing does not exist */
    ERR_CANCELLED,
} ErrorCode;

typedef struct {
    ErrorCode code;
    char text[512];
} Error;

/* Fills `err` (which may be NULL) and returns false, so that callers can return it. */
bool error_set(Error *err, ErrorCode code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
