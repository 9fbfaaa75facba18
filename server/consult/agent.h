/* agent.h — who is consulted: an agent file, and which of those found is used.
 *
 * An agent file is Markdown with a YAML front matter (agents/README.md). Border code: reads
 * the disk. Everything lives in the arena given. A file that is wrong is not an error: it is
 * listed with what is wrong with it. */
#ifndef CONSULT_AGENT_H
#define CONSULT_AGENT_H

#include "base/error.h"
#include "consult/front_matter.h"

extern const char embedded_agent[]; /* agents/database-architect.md, by the build */
extern const unsigned embedded_agent_length;

#define DEFAULT_AGENT "database-architect"

typedef struct {
    Str name, description;
    Str model, color, effort; /* absent where not written */
    StrVec tools;             /* as written; see has_tools */
    bool has_tools;           /* false: all of them */
    StrVec disallowed_tools;
    uint32_t max_turns; /* 0: not written */
    Str head;           /* the front matter as written */
    Str body;           /* the instructions */
    Str problem;        /* what is wrong with the file, one sentence, or absent */
    uint32_t problem_line;
    bool is_usable; /* has a valid name and a description */
    StrVec ignored; /* keys that mean nothing to Lintel */
} Agent;

/* Reads one file's text. */
Agent agent_parse(Arena *out, Str text);

typedef enum {
    AGENT_FROM_FILE,      /* named by the user */
    AGENT_FROM_PROJECT,   /* .claude/agents/ */
    AGENT_FROM_HOME,      /* ~/.claude/agents/ */
    AGENT_FROM_INSTALLED, /* share/lintel/agents/ */
    AGENT_FROM_BINARY,
} AgentOrigin;

typedef struct {
    Agent agent;
    AgentOrigin origin;
    Str path; /* absent for the one in the binary */
    bool is_used;
    Str why; /* one phrase: why it is used or not */
} AgentCandidate;
typedef Vec(AgentCandidate) AgentCandidateVec;

typedef struct {
    Str folder;    /* the consulted folder; absent: no project */
    Str home;      /* absent: no home */
    Str installed; /* share/lintel/agents, or absent */
    Str file;      /* an agent file to use whatever its name; absent: none */
    Str name;      /* absent: DEFAULT_AGENT */
} AgentSearch;

/* All agents found, in the order in which they are considered; at most one is used. Fails
 * where `file` cannot be read, or nothing has the wanted name. */
WARN_UNUSED bool agent_search(Arena *out, const AgentSearch *search, AgentCandidateVec *found,
                              Error *err);
/* share/lintel/agents beside the folder of this program; absent where it cannot be told. */
Str agent_installed_folder(Arena *out);
/* The used one, or NULL. */
const AgentCandidate *agent_used(const AgentCandidateVec *found);
Str agent_origin_name(AgentOrigin origin);

#endif
