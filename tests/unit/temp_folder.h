/* temp_folder.h — a folder of files for a test that reads them. */
#ifndef TESTS_TEMP_FOLDER_H
#define TESTS_TEMP_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/unit.h"

typedef struct {
    char path[64]; /* absolute */
} TempFolder;

static const char temp_prefix[] = "/tmp/lintel-test-";

static inline TempFolder temp_folder(void)
{
    TempFolder folder;
    snprintf(folder.path, sizeof folder.path, "%sXXXXXX", temp_prefix);
    assert_non_null(mkdtemp(folder.path));
    return folder;
}

/* Makes the file and the folders that lead to it. */
static inline void temp_write(const TempFolder *folder, const char *name, const char *text)
{
    char path[512];
    for (const char *at = name; (at = strchr(at, '/')); at++) {
        snprintf(path, sizeof path, "%s/%.*s", folder->path, (int)(at - name), name);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* Removes only what temp_folder made. */
static inline void temp_remove(const TempFolder *folder)
{
    assert_true(strncmp(folder->path, temp_prefix, sizeof temp_prefix - 1) == 0);
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", folder->path, (char *)NULL);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

#endif
