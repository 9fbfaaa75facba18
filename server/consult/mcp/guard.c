#define _XOPEN_SOURCE 700 /* realpath */

#include "consult/mcp/guard.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "project/path.h"

/* consult7 writes its answer there. Whoever else has such a parameter means the same. */
static const char *const writing[] = {"output_file"};

enum { N_WRITING = sizeof writing / sizeof *writing, MAX_SEEN = 20000 };

Str guard_schema(Arena *out, const McpTool *tool)
{
    cJSON *schema = json_read(tool->schema);
    cJSON *properties = cJSON_GetObjectItemCaseSensitive(schema, "properties");
    cJSON *required = cJSON_GetObjectItemCaseSensitive(schema, "required");
    for (size_t i = 0; i < N_WRITING; i++) {
        cJSON_DeleteItemFromObjectCaseSensitive(properties, writing[i]);
        for (int k = cJSON_GetArraySize(required) - 1; k >= 0; k--)
            if (str_equal(json_as_str(cJSON_GetArrayItem(required, k)), str_from(writing[i])))
                cJSON_DeleteItemFromArray(required, k);
    }
    /* Providers refuse these at the top; what they say the server checks itself. */
    cJSON_DeleteItemFromObjectCaseSensitive(schema, "oneOf");
    cJSON_DeleteItemFromObjectCaseSensitive(schema, "anyOf");
    cJSON_DeleteItemFromObjectCaseSensitive(schema, "allOf");
    cJSON_DeleteItemFromObjectCaseSensitive(schema, "type");
    json_add_str(schema, "type", STR("object"));
    Buf buf = buf_with_max(TOOL_SCHEMA_MAX_BYTES * 2);
    json_print(schema, &buf);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    cJSON_Delete(schema);
    return text;
}

/* ---- files ---- */

/* The files that a call may name, as they are gathered. */
typedef struct {
    Arena *out;
    const Confine *confine;
    cJSON *paths;
    int n;
} Gathering;

static bool has_wildcard(Str text)
{
    return str_contains(text, STR("*")) || str_contains(text, STR("?")) ||
           str_contains(text, STR("["));
}

/* Adds one file by where it really is, so that no link leads elsewhere. */
static bool add_file(Gathering *gathering, Str relative, Error *err)
{
    const Confine *confine = gathering->confine;
    char real[PATH_MAX];
    Str path = path_join(gathering->out, confine->root, relative), below;
    struct stat status;
    if (!realpath(str_to_c(gathering->out, path), real))
        return error_set(err, ERR_NOT_FOUND, "there is no " STR_FMT, STR_ARG(relative));
    if (!path_is_below(confine->real_root, str_from(real), &below))
        return error_set(err, ERR_FAILED, STR_FMT " leads out of the project", STR_ARG(relative));
    if (confine_secrecy(relative) != SECRET_NOT || confine_secrecy(below) != SECRET_NOT)
        return error_set(err, ERR_FAILED, STR_FMT " holds secrets and is not shown",
                         STR_ARG(relative));
    if (has_wildcard(str_from(real))) /* whoever gets it would put other files in */
        return error_set(err, ERR_FAILED, STR_FMT " has a wildcard in its name", STR_ARG(relative));
    if (stat(real, &status) != 0 || !S_ISREG(status.st_mode))
        return error_set(err, ERR_FAILED, STR_FMT " is not a file", STR_ARG(relative));
    if (gathering->n++ >= GUARD_MAX_FILES)
        return error_set(err, ERR_FAILED, "these are more than %d files", GUARD_MAX_FILES);
    json_push(gathering->paths, json_string(str_from(real)));
    return true;
}

/* Adds the files of one folder whose names fit; what is secret or no file is passed over. */
static bool add_matching(Gathering *gathering, Str folder, Str pattern, Error *err)
{
    int opened = confine_folder(gathering->confine, folder, err);
    if (opened < 0)
        return false;
    DIR *entries = fdopendir(opened);
    if (!entries) {
        close(opened);
        return error_set(err, ERR_FAILED, "cannot list " STR_FMT, STR_ARG(folder));
    }
    char *wanted = str_to_c(gathering->out, pattern);
    bool is_good = true;
    struct dirent *entry;
    for (uint32_t n = 0; is_good && n < MAX_SEEN && (entry = readdir(entries)) != NULL; n++) {
        Error unfit = {0};
        if (entry->d_name[0] == '.' || fnmatch(wanted, entry->d_name, FNM_NOESCAPE) != 0)
            continue;
        Str name = str_copy(gathering->out, str_from(entry->d_name));
        Str path = str_is_empty(folder) ? name : path_join(gathering->out, folder, name);
        if (!add_file(gathering, path, &unfit) && gathering->n > GUARD_MAX_FILES)
            is_good = error_set(err, unfit.code, "%s", unfit.text);
    }
    closedir(entries);
    return is_good;
}

static bool add_entry(Gathering *gathering, Str entry, Error *err)
{
    Str relative;
    if (!confine_path(gathering->out, gathering->confine, entry, &relative, err))
        return false;
    Str folder = path_folder(relative), name = path_name(relative);
    if (has_wildcard(folder))
        return error_set(err, ERR_FAILED, "a wildcard may stand only in the name of a file");
    return has_wildcard(name) ? add_matching(gathering, folder, name, err)
                              : add_file(gathering, relative, err);
}

/* True where the tool is handed files to read and send on. */
static bool takes_files(const McpTool *tool)
{
    cJSON *schema = json_read(tool->schema);
    const cJSON *properties = json_get(schema, "properties");
    bool takes = json_get(properties, "files") &&
                 (str_equal(tool->name, STR("consultation")) || json_get(properties, writing[0]));
    cJSON_Delete(schema);
    return takes;
}

static bool guard_files(Arena *out, const Confine *confine, cJSON *arguments, Error *err)
{
    const cJSON *files = json_get(arguments, "files"), *file = NULL;
    Gathering gathering = {.out = out, .confine = confine, .paths = cJSON_CreateArray()};
    bool is_good = cJSON_IsArray(files) || error_set(err, ERR_FAILED, "files is not a list");
    if (is_good)
        cJSON_ArrayForEach(file, files)
        {
            Str entry = json_as_str(file);
            if (str_is_empty(entry))
                is_good = error_set(err, ERR_FAILED, "an entry of files is not a path");
            else
                is_good = add_entry(&gathering, entry, err);
            if (!is_good)
                break;
        }
    if (is_good && gathering.n == 0)
        is_good = error_set(err, ERR_FAILED, "files names no file of the project");
    if (!is_good) {
        cJSON_Delete(gathering.paths);
        return false;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(arguments, "files");
    json_add(arguments, "files", gathering.paths);
    return true;
}

bool guard_arguments(Arena *out, const Confine *confine, const McpTool *tool, cJSON *arguments,
                     Error *err)
{
    for (size_t i = 0; i < N_WRITING; i++)
        if (json_get(arguments, writing[i]))
            return error_set(err, ERR_FAILED, "%s writes a file: nothing is written here",
                             writing[i]);
    bool reads = takes_files(tool);
    if (reads && !confine)
        return error_set(err, ERR_FAILED, "files cannot be looked at here");
    if (reads)
        return guard_files(out, confine, arguments, err);
    /* Its first versions read whole folders by a pattern, secrets too. */
    if (str_equal(tool->name, STR("consultation")) && json_get(arguments, "path"))
        return error_set(err, ERR_FAILED,
                         "this version of the tool reads whole folders; a newer one takes files");
    return true;
}
