#include "consult/agent.h"

#include <unistd.h>

#include "base/log.h"
#include "base/panic.h"
#include "consult/files.h"
#include "project/path.h"

/* Keys that other runtimes give a meaning and that a consultant without writing tools ignores. */
static const char *const known_keys[] = {"name",      "description", "tools",  "disallowedTools",
                                         "model",     "maxTurns",    "effort", "color",
                                         "mcpServers"};

static Str entry_value(const FrontMatter *matter, const char *key)
{
    const FrontMatterEntry *entry = front_matter_entry(matter, key);
    return entry && !entry->is_list ? str_trim(entry->value) : (Str){0};
}

static bool is_valid_name(Str name)
{
    if (str_is_empty(name) || name.length > 128 || name.data[0] == '-')
        return false;
    for (uint32_t i = 0; i < name.length; i++)
        if (name.data[i] == ':' || (unsigned char)name.data[i] <= ' ')
            return false;
    return true;
}

static uint32_t parse_count(Str digits)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < digits.length; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9' || value > 99999)
            return 0;
        value = value * 10 + (uint32_t)(digits.data[i] - '0');
    }
    return value;
}

static void note_ignored_keys(Arena *out, const FrontMatter *matter, Agent *agent)
{
    for (uint32_t i = 0; i < matter->entries.n; i++) {
        Str key = matter->entries.items[i].key;
        bool is_known = false;
        for (size_t k = 0; k < sizeof known_keys / sizeof *known_keys && !is_known; k++)
            is_known = str_equal(key, str_from(known_keys[k]));
        if (!is_known)
            VEC_PUSH(out, &agent->ignored, key);
    }
}

Agent agent_parse(Arena *out, Str text)
{
    FrontMatter matter = front_matter_parse(out, text);
    Agent agent = {
        .name = entry_value(&matter, "name"),
        .description = entry_value(&matter, "description"),
        .model = entry_value(&matter, "model"),
        .color = entry_value(&matter, "color"),
        .effort = entry_value(&matter, "effort"),
        .tools = front_matter_list(out, &matter, "tools"),
        .has_tools = front_matter_entry(&matter, "tools") != NULL,
        .disallowed_tools = front_matter_list(out, &matter, "disallowedTools"),
        .max_turns = parse_count(entry_value(&matter, "maxTurns")),
        .head = matter.head,
        .body = matter.body,
        .problem = matter.problem,
        .problem_line = matter.problem_line,
    };
    note_ignored_keys(out, &matter, &agent);
    agent.is_usable = is_valid_name(agent.name) && !str_is_empty(agent.description);
    if (agent.is_usable)
        return agent;
    agent.problem_line = 1;
    if (!matter.is_present && str_is_absent(matter.problem))
        agent.problem = STR("it does not start with a front matter between two lines of ---");
    else if (matter.is_present && str_is_empty(agent.name))
        agent.problem = STR("its front matter has no name");
    else if (matter.is_present && !is_valid_name(agent.name))
        agent.problem = STR("its name holds a colon or a space, or starts with a hyphen");
    else if (matter.is_present)
        agent.problem = STR("its front matter has no description");
    return agent;
}

static void add_candidate(Arena *out, AgentCandidateVec *found, AgentOrigin origin, Str path,
                          Str text)
{
    AgentCandidate candidate = {.agent = agent_parse(out, text), .origin = origin, .path = path};
    for (uint32_t i = 0; i < candidate.agent.ignored.n; i++)
        LOG_DEBUG("agent", "key " STR_FMT " of " STR_FMT " means nothing here",
                  STR_ARG(candidate.agent.ignored.items[i]), STR_ARG(path));
    VEC_PUSH(out, found, candidate);
}

/* `root` absent: the folder is the user's own. */
static void add_folder(Arena *out, AgentCandidateVec *found, AgentOrigin origin, Str root,
                       Str folder)
{
    StrVec paths = {0};
    files_list(out, folder, STR(".md"), &paths);
    for (uint32_t i = 0; i < paths.n; i++) {
        Str text;
        Error err = {0};
        Str path = paths.items[i];
        if (str_is_absent(root)
                ? file_read(out, path, FRONT_MATTER_MAX_BYTES, &text, &err)
                : file_read_inside(out, root, path, FRONT_MATTER_MAX_BYTES, &text, &err))
            add_candidate(out, found, origin, path, text);
        else
            LOG_WARN("agent", "%s", err.text);
    }
}

/* The first usable agent of the name is used; the others say why they are not. */
static bool choose(Arena *out, AgentCandidateVec *found, Str name)
{
    const AgentCandidate *used = NULL;
    for (uint32_t i = 0; i < found->n; i++) {
        AgentCandidate *candidate = &found->items[i];
        if (!candidate->agent.is_usable) {
            candidate->why = candidate->agent.problem;
        } else if (!str_equal(candidate->agent.name, name)) {
            candidate->why = STR("has another name");
        } else if (used) {
            candidate->why = str_format(
                out, "the one of %s comes first",
                str_to_c(out, str_is_absent(used->path) ? STR("the binary") : used->path));
        } else {
            candidate->is_used = true;
            candidate->why = str_format(out, "the first that is called " STR_FMT, STR_ARG(name));
            used = candidate;
        }
    }
    return used != NULL;
}

bool agent_search(Arena *out, const AgentSearch *search, AgentCandidateVec *found, Error *err)
{
    AgentCandidateVec all = {0};
    Str name = str_is_empty(search->name) ? STR(DEFAULT_AGENT) : search->name;
    if (!str_is_absent(search->file)) {
        Str text;
        if (!file_read(out, search->file, FRONT_MATTER_MAX_BYTES, &text, err))
            return false;
        add_candidate(out, &all, AGENT_FROM_FILE, search->file, text);
        if (!all.items[0].agent.is_usable)
            return error_set(err, ERR_FAILED, STR_FMT " is not an agent: " STR_FMT,
                             STR_ARG(search->file), STR_ARG(all.items[0].agent.problem));
        name = all.items[0].agent.name;
    }
    if (!str_is_absent(search->folder)) {
        StrVec folders = files_up_to_root(out, search->folder);
        for (uint32_t i = 0; i < folders.n; i++)
            add_folder(out, &all, AGENT_FROM_PROJECT, *VEC_LAST(&folders),
                       str_format(out, STR_FMT "/.claude/agents", STR_ARG(folders.items[i])));
    }
    if (!str_is_absent(search->home))
        add_folder(out, &all, AGENT_FROM_HOME, (Str){0},
                   str_format(out, STR_FMT "/.claude/agents", STR_ARG(search->home)));
    if (!str_is_absent(search->installed))
        add_folder(out, &all, AGENT_FROM_INSTALLED, (Str){0}, search->installed);
    add_candidate(out, &all, AGENT_FROM_BINARY, (Str){0},
                  str_of(embedded_agent, embedded_agent_length));
    if (!choose(out, &all, name))
        return error_set(err, ERR_NOT_FOUND, "no agent is called " STR_FMT, STR_ARG(name));
    *found = all;
    return true;
}

Str agent_installed_folder(Arena *out)
{
    char program[4096];
    /* Linux; elsewhere the agent in the binary does. */
    ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    if (length <= 0 || (size_t)length == sizeof program)
        return (Str){0};
    Str bin = path_folder(str_of(program, (size_t)length));
    return str_copy(out, path_join(out, path_folder(bin), STR("share/lintel/agents")));
}

const AgentCandidate *agent_used(const AgentCandidateVec *found)
{
    for (uint32_t i = 0; i < found->n; i++)
        if (found->items[i].is_used)
            return &found->items[i];
    return NULL;
}

Str agent_origin_name(AgentOrigin origin)
{
    switch (origin) {
    case AGENT_FROM_FILE:
        return STR("named");
    case AGENT_FROM_PROJECT:
        return STR("project");
    case AGENT_FROM_HOME:
        return STR("home");
    case AGENT_FROM_INSTALLED:
        return STR("installed");
    case AGENT_FROM_BINARY:
        return STR("built in");
    }
    UNREACHABLE();
}
