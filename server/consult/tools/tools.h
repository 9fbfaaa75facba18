/* tools.h — what a model may do while it consults: look at files of the project, and at the web.
 *
 * Nothing here writes. Every tool is confined (confine.h, a guarded request), bounded (named limits
 * beside each), and what it returns is redacted. A tool never fails as a program: what went wrong
 * is a result that the model reads. For a thread that may wait; a Toolbox belongs to one
 * consultation. */
#ifndef CONSULT_TOOLS_TOOLS_H
#define CONSULT_TOOLS_TOOLS_H

#include <stdatomic.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "consult/providers/chat.h"
#include "consult/tools/confine.h"
#include "loop/http.h"
#include "project/project.h"

enum { TOOL_MAX_RESULT_BYTES = 200 * 1024 };

/* Where the web is searched; from the environment, as a key is (endpoint.h). */
typedef struct {
    Str searxng_url; /* LINTEL_SEARXNG_URL: the base of a SearXNG that answers in JSON; absent: none
                      */
    Str brave_key;   /* BRAVE_API_KEY; absent: none */
    Str brave_url;   /* BRAVE_BASE_URL; absent: Brave's own */
} SearchBackend;

SearchBackend search_backend(void);

typedef struct {
    Arena arena; /* of what is kept from call to call */
    Confine confine;
    const OpenTextVec *open; /* unsaved texts, which win over the disk; may be NULL */
    Http *http;
    const atomic_bool *cancel; /* may be NULL */
    SearchBackend search;
    uint32_t max_searches, max_fetches;
    uint32_t n_searches, n_fetches;
    StrMap known_urls; /* that the person, the rules or an earlier result have named */
    StrMap pages;      /* URL -> what was fetched */
    /* Answers `question` from a page that the consulted model itself never sees; NULL: it sees the
     * page. False: `err` says why. */
    bool (*read_apart)(void *context, Arena *out, Str url, Str page, Str question, Str *answer,
                       Error *err);
    void *read_apart_context;
    uint16_t loopback_port; /* tests: the one port of this machine that WebFetch may ask */
} Toolbox;

/* Opens the folder. `http` may be NULL: then the web is not there. */
WARN_UNUSED bool toolbox_open(Toolbox *toolbox, Str folder, Http *http, Error *err);
void toolbox_close(Toolbox *toolbox);

/* From now on the URLs that stand in the text may be fetched. */
void toolbox_know_urls(Toolbox *toolbox, Str text);

typedef struct {
    Str text;
    bool is_error;
} ToolResult;

/* Runs the tool of that name; `input` is the JSON of an object. The result lives in `out`. */
ToolResult toolbox_run(Toolbox *toolbox, Arena *out, Str name, Str input);

/* What a model is told of the tools. */
typedef struct Tool Tool;
extern const Tool *const all_tools[];
extern const uint32_t n_tools;

struct Tool {
    const char *name;        /* as agent files name it */
    const char *description; /* for the model */
    const char *schema;      /* JSON Schema of its input */
    bool is_of_the_web;
    /* `input` is an object. */
    ToolResult (*run)(Toolbox *toolbox, Arena *out, const cJSON *input);
};

const Tool *tool_find(Str name); /* NULL: none */

/* ---- for tools ---- */

ToolResult tool_error(Arena *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
ToolResult tool_failed(Arena *out, const Error *err);
/* A result as it goes to the model: no secrets, nothing hidden, nothing that ends our own mark, and
 * at most TOOL_MAX_RESULT_BYTES. */
Str tool_finished(Arena *out, Str text);
bool toolbox_is_cancelled(const Toolbox *toolbox);

/* The text of a file: the editor's, where it is open there, else the disk's first `max_bytes`. Of a
 * file with secret values only the names are there. */
WARN_UNUSED bool toolbox_text(Toolbox *toolbox, Arena *out, Str relative, uint32_t max_bytes,
                              Str *text, bool *is_cut, Error *err);
bool text_is_binary(Str text);

/* Every file below a folder that is not ignored (.gitignore, installed and built things, hidden
 * folders, secrets), sorted by name; `visit` returns false to stop. Links to folders are not
 * followed. False where the folder cannot be read. */
typedef struct {
    Str path; /* relative to the root */
    Str name;
    int64_t changed; /* seconds since 1970 */
} WalkedFile;
WARN_UNUSED bool toolbox_walk(Toolbox *toolbox, Arena *scratch, Str folder,
                              bool (*visit)(void *context, const WalkedFile *file), void *context,
                              Error *err);

/* Adds each "http(s)://…" that stands in the text. */
void urls_in_text(Arena *out, Str text, StrMap *urls);

#endif
