/* log.h — lines on stderr for the person who runs the server.
 *
 * error: someone must act; warn: degraded; info: lifecycle; debug: all else. Document text,
 * prompts, answers and keys are never logged; names of tables and columns only at debug.
 * Any thread may log: a line is written with one call. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

typedef enum { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG } LogLevel;

/* Set once, before threads start. Default: warn. */
void log_set_level(LogLevel level);

void log_write(LogLevel level, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define LOG_ERROR(area, ...) log_write(LOG_LEVEL_ERROR, area, __VA_ARGS__)
#define LOG_WARN(area, ...)  log_write(LOG_LEVEL_WARN, area, __VA_ARGS__)
#define LOG_INFO(area, ...)  log_write(LOG_LEVEL_INFO, area, __VA_ARGS__)
#define LOG_DEBUG(area, ...) log_write(LOG_LEVEL_DEBUG, area, __VA_ARGS__)

#endif
