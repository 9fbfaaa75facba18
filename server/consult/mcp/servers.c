#define _XOPEN_SOURCE 700 /* realpath */

#include "consult/mcp/servers.h"

#include <limits.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/sha256.h"
#include "consult/files.h"
#include "consult/mcp/agent_servers.h"
#include "consult/redact.h"
#include "loop/url.h"
#include "project/path.h"

enum {
    MAX_ITEMS = 256,            /* arguments, variables or headers of one server */
    MAX_TEXT_BYTES = 64 * 1024, /* of one of them, variables put in */
    MIN_TIMEOUT_MS = 1000,      /* less is a mistake of units */
    MAX_TIMEOUT_MS = 30 * 60 * 1000,
};

/* An entry that is being read. */
typedef struct {
    Arena *out;
    McpServer *server;
    Buf shown;
    Buf decided; /* all that decides what is run, each part with its length */
} Reading;

static void set_problem(Reading *reading, Str problem)
{
    if (str_is_absent(reading->server->problem))
        reading->server->problem = problem;
}

/* ---- variables ---- */

static bool is_name_char(char c, bool is_first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c >= '0' && c <= '9' && !is_first);
}

/* The value of a "${NAME}" or "${NAME:-value}" that stands at `at`, and where it ends; false where
 * there is none. One that is not set stays as it is written. */
static bool variable_at(Reading *reading, Str text, uint32_t at, Str *value, uint32_t *end)
{
    if (!str_starts_with(str_slice(text, at, text.length), STR("${")))
        return false;
    uint32_t name_end = at + 2;
    while (name_end < text.length && is_name_char(text.data[name_end], name_end == at + 2))
        name_end++;
    uint32_t close = str_find(text, STR("}"), name_end);
    if (name_end == at + 2 || close == UINT32_MAX)
        return false;
    Str rest = str_slice(text, name_end, close);
    bool has_default = str_starts_with(rest, STR(":-"));
    if (!has_default && !str_is_empty(rest))
        return false;
    const char *set = getenv(str_to_c(reading->out, str_slice(text, at + 2, name_end)));
    *end = close + 1;
    if (set && (set[0] || !has_default))
        *value = str_copy(reading->out, str_from(set));
    else if (has_default)
        *value = str_slice(rest, 2, rest.length);
    else
        *value = str_slice(text, at, *end);
    return true;
}

static Str expand(Reading *reading, Str text)
{
    Buf buf = buf_with_max(MAX_TEXT_BYTES);
    for (uint32_t at = 0; at < text.length;) {
        Str value;
        uint32_t end = 0;
        if (text.data[at] == '$' && variable_at(reading, text, at, &value, &end)) {
            buf_add(&buf, value);
            at = end;
        } else {
            uint32_t next = str_find(text, STR("$"), at + 1);
            next = next == UINT32_MAX ? text.length : next;
            buf_add(&buf, str_slice(text, at, next));
            at = next;
        }
    }
    if (buf.overflowed)
        set_problem(reading, STR("one of its texts is too long"));
    Str expanded = str_copy(reading->out, buf_str(&buf));
    buf_free(&buf);
    return str_is_absent(expanded) ? STR("") : expanded;
}

/* ---- texts ---- */

/* Counted among what decides; "12:the text itself". */
static void decide(Reading *reading, Str text)
{
    buf_format(&reading->decided, "%u:", text.length);
    buf_add(&reading->decided, text);
}

/* Shown so that nothing hides: a control character or a bidirectional one as "?". */
static void show(Reading *reading, Str text)
{
    Str plain = plain_text(reading->out, text);
    bool needs_quotes = str_is_empty(plain) || plain.length != text.length;
    for (uint32_t i = 0; i < plain.length && !needs_quotes; i++)
        needs_quotes = strchr(" \t\n\"'\\|&;<>()$`*?", plain.data[i]) != NULL;
    if (!needs_quotes) {
        buf_add(&reading->shown, plain);
        return;
    }
    buf_add_char(&reading->shown, '\'');
    for (uint32_t i = 0; i < plain.length; i++) {
        if (plain.data[i] == '\n')
            buf_add(&reading->shown, STR("\\n"));
        else
            buf_add_char(&reading->shown, plain.data[i]);
    }
    buf_add_char(&reading->shown, '\'');
    if (plain.length != text.length)
        buf_add(&reading->shown, STR(" (with characters that cannot be seen)"));
}

static bool has_line_break(Str text)
{
    return text.length > 0 &&
           (memchr(text.data, '\n', text.length) || memchr(text.data, '\r', text.length));
}

/* One text of the entry: shown as written, returned as it is run. */
static Str take_text(Reading *reading, const cJSON *value)
{
    Str written = json_as_str(value);
    if (str_is_absent(written)) {
        set_problem(reading, STR("something in its entry is not a text"));
        return STR("");
    }
    if (has_line_break(written))
        set_problem(reading, STR("a text of its entry has more than one line"));
    show(reading, written);
    Str expanded = expand(reading, written);
    decide(reading, expanded);
    return expanded;
}

/* An object of names and texts, such as `env`. */
static void take_pairs(Reading *reading, const cJSON *object, const char *what, McpPairVec *pairs)
{
    if (object && !cJSON_IsObject(object))
        set_problem(reading, str_format(reading->out, "its %s is not an object", what));
    const cJSON *item = NULL;
    decide(reading, str_from(what));
    cJSON_ArrayForEach(item, object)
    {
        Str name = str_copy(reading->out, str_from(item->string));
        if (str_is_empty(name) || str_contains(name, STR("=")) || str_contains(name, STR(":")) ||
            str_contains(name, STR("\n")) || str_contains(name, STR("\r")) ||
            pairs->n == MAX_ITEMS) {
            set_problem(reading, str_format(reading->out, "its %s has an impossible name", what));
            return;
        }
        buf_format(&reading->shown, "%s ",
                   pairs->n == 0 ? (strcmp(what, "env") == 0 ? " with" : " sending") : ",");
        show(reading, name);
        buf_add_char(&reading->shown, '=');
        decide(reading, name);
        McpPair pair = {.name = name, .value = take_text(reading, item)};
        VEC_PUSH(reading->out, pairs, pair);
    }
}

/* ---- one entry ---- */

static void take_program(Reading *reading, const cJSON *entry)
{
    McpServer *server = reading->server;
    const cJSON *arguments = json_get(entry, "args"), *item = NULL;
    decide(reading, STR("program"));
    server->command = take_text(reading, json_get(entry, "command"));
    if (str_is_empty(server->command))
        set_problem(reading, STR("it has neither a command nor a URL"));
    if (arguments && !cJSON_IsArray(arguments))
        set_problem(reading, STR("its args are not a list"));
    else
        cJSON_ArrayForEach(item, arguments)
        {
            if (server->arguments.n == MAX_ITEMS) {
                set_problem(reading, STR("it has too many arguments"));
                break;
            }
            buf_add_char(&reading->shown, ' ');
            Str argument = take_text(reading, item);
            VEC_PUSH(reading->out, &server->arguments, argument);
        }
    take_pairs(reading, json_get(entry, "env"), "env", &server->environment);
}

static void take_url(Reading *reading, const cJSON *entry)
{
    McpServer *server = reading->server;
    UrlParts parts;
    decide(reading, STR("url"));
    server->url = take_text(reading, json_get(entry, "url"));
    if (!url_split(reading->out, server->url, &parts))
        set_problem(reading, STR("its url is not one of http or https"));
    else if (parts.has_user)
        set_problem(reading, STR("its url holds a name or a password; a header is the place"));
    if (json_get(entry, "headersHelper"))
        set_problem(reading, STR("its headers come from a command, which Lintel does not run"));
    take_pairs(reading, json_get(entry, "headers"), "headers", &server->headers);
    for (uint32_t i = 0; i < server->headers.n; i++)
        if (has_line_break(server->headers.items[i].value))
            set_problem(reading, STR("the value of a header has more than one line"));
}

static void take_entry(Reading *reading, const cJSON *entry)
{
    Str type = json_str(entry, "type");
    bool has_url = json_get(entry, "url") != NULL;
    if (!cJSON_IsObject(entry))
        set_problem(reading, STR("its entry is not an object"));
    else if (str_is_absent(type) && has_url)
        set_problem(reading, STR("it has a url but no type: add \"type\": \"http\""));
    else if (str_is_absent(type) || str_equal(type, STR("stdio")))
        take_program(reading, entry);
    else if (str_equal(type, STR("http")) || str_equal(type, STR("streamable-http")))
        take_url(reading, entry);
    else
        set_problem(reading, str_format(reading->out, "its type " STR_FMT " is not supported",
                                        STR_ARG(plain_text(reading->out, str_slice(type, 0, 40)))));
    int32_t timeout = 0;
    if (json_int(entry, "timeout", &timeout) && timeout >= MIN_TIMEOUT_MS)
        reading->server->timeout_ms =
            timeout < MAX_TIMEOUT_MS ? (uint32_t)timeout : (uint32_t)MAX_TIMEOUT_MS;
    Str negotiation = json_str(entry, "mcpNegotiation");
    if (str_equal(negotiation, STR("auto")))
        reading->server->negotiation = NEGOTIATE_NEWER;
    else if (str_equal(negotiation, STR("legacy-first")))
        reading->server->negotiation = NEGOTIATE_OLDER;
}

static Str real_path(Arena *out, Str path)
{
    char real[PATH_MAX];
    return realpath(str_to_c(out, path), real) ? str_copy(out, str_from(real)) : path;
}

static McpServer read_entry(Arena *out, Str name, Str from, Str folder, const cJSON *entry)
{
    McpServer server = {.name = str_copy(out, name), .from = from, .folder = folder};
    Reading reading = {.out = out,
                       .server = &server,
                       .shown = buf_with_max(MAX_TEXT_BYTES * 4),
                       .decided = buf_with_max(MAX_TEXT_BYTES * 4)};
    decide(&reading, real_path(out, from));
    decide(&reading, folder);
    decide(&reading, name);
    if (str_is_empty(name) || name.length > 100 || !str_equal(plain_text(out, name), name))
        set_problem(&reading, STR("its name is impossible"));
    take_entry(&reading, entry);
    if (reading.shown.overflowed || reading.decided.overflowed)
        set_problem(&reading, STR("its entry is too long"));
    server.shown = str_copy(out, buf_str(&reading.shown));
    server.sha256 = sha256_hex(out, buf_str(&reading.decided));
    buf_free(&reading.shown);
    buf_free(&reading.decided);
    return server;
}

/* ---- all of them ---- */

const McpServer *servers_named(const McpServerVec *servers, Str name)
{
    for (uint32_t i = 0; i < servers->n; i++)
        if (str_equal(servers->items[i].name, name))
            return &servers->items[i];
    return NULL;
}

static void add_entries(Arena *out, const cJSON *entries, Str from, Str folder,
                        McpServerVec *servers)
{
    const cJSON *entry = NULL;
    if (!cJSON_IsObject(entries))
        return;
    cJSON_ArrayForEach(entry, entries)
    {
        Str name = str_from(entry->string);
        if (servers->n < SERVERS_MAX && !servers_named(servers, name))
            VEC_PUSH(out, servers, read_entry(out, name, from, folder, entry));
    }
}

/* NULL where there is no such file, or none that can be read. The caller frees it. */
static cJSON *read_json(Arena *out, Str path, StrVec *problems)
{
    Str text;
    Error err = {0};
    if (!file_read(out, path, SERVERS_MAX_FILE_BYTES, &text, &err)) {
        if (err.code != ERR_NOT_FOUND)
            VEC_PUSH(out, problems, str_copy(out, str_from(err.text)));
        return NULL;
    }
    cJSON *tree = json_read(text);
    if (!tree)
        VEC_PUSH(out, problems, str_format(out, STR_FMT " is not JSON", STR_ARG(path)));
    return tree;
}

McpServerVec servers_find(Arena *out, const McpPlaces *places, StrVec *problems)
{
    McpServerVec servers = {0};
    StrVec folders = {0};
    if (!str_is_absent(places->folder))
        folders = files_up_to_root(out, places->folder);
    /* What is not of one folder starts in the project's. */
    Str folder = folders.n > 0 ? folders.items[folders.n - 1] : STR("/");
    if (places->agent) {
        cJSON *entries = agent_servers(places->agent);
        Str from = str_is_absent(places->agent_path) ? STR("the agent") : places->agent_path;
        add_entries(out, entries, from, folder, &servers);
        cJSON_Delete(entries);
    }
    Str home_path = {0};
    cJSON *home = NULL;
    if (!str_is_absent(places->home)) {
        home_path = path_join(out, places->home, STR(".claude.json"));
        home = read_json(out, home_path, problems);
    }
    const cJSON *projects = json_get(home, "projects");
    for (uint32_t i = 0; i < folders.n; i++)
        add_entries(out,
                    json_get(json_get(projects, str_to_c(out, folders.items[i])), "mcpServers"),
                    home_path, folders.items[i], &servers);
    for (uint32_t i = 0; i < folders.n; i++) {
        Str path = path_join(out, folders.items[i], STR(".mcp.json"));
        cJSON *project = read_json(out, path, problems);
        if (project && !cJSON_IsObject(json_get(project, "mcpServers")))
            VEC_PUSH(out, problems,
                     str_format(out, STR_FMT " has no object mcpServers", STR_ARG(path)));
        add_entries(out, json_get(project, "mcpServers"), path, folders.items[i], &servers);
        cJSON_Delete(project);
    }
    add_entries(out, json_get(home, "mcpServers"), home_path, folder, &servers);
    cJSON_Delete(home);
    return servers;
}

McpServer server_at_url(Arena *out, Str url)
{
    cJSON *entry = cJSON_CreateObject();
    json_add_str(entry, "type", STR("http"));
    json_add_str(entry, "url", url);
    McpServer server = read_entry(out, STR("url"), STR("the command line"), STR("/"), entry);
    server.url = str_copy(out, url); /* as given: a person writes no ${…} here */
    cJSON_Delete(entry);
    return server;
}
