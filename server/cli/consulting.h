/* consulting.h — what a consultation needs before it begins: who is asked, by which rules, about
 * which part of which database. For cli/ and mcp/.
 *
 * Everything lives in the workspace's arena. */
#ifndef CLI_CONSULTING_H
#define CLI_CONSULTING_H

#include "cli/workspace.h"
#include "consult/consult.h"

/* What all databases of a consultation have in common. */
typedef struct {
    Str folder;          /* whose agents count: the one named, or that of the file named */
    ProjectRules *rules; /* of each of the workspace's databases */
    const AgentCandidate *agent;
} Consulting;

/* Reads the rules, then finds the agent. `path` as the user wrote it; absent: the working folder.
 * `agent`: a name, or a file that ends in .md; absent: what the configuration says, or the default.
 */
bool consulting_prepare(Workspace *workspace, Str path, Str agent, Consulting *consulting,
                        Error *err) WARN_UNUSED;
/* All agents that count in a folder; the one meant is the used one. */
bool consulting_agents(Workspace *workspace, Str folder, Str agent, AgentCandidateVec *found,
                       Error *err) WARN_UNUSED;

/* A database that is consulted about. */
typedef struct {
    Workspace *workspace;
    const LoadedDatabase *loaded;
} Consulted;

/* False where there is nothing to say anything about. */
bool consulted_has_tables(const LoadedDatabase *loaded);
/* The source that the path names; UINT32_MAX: none of this database. */
uint32_t consulted_source(const Consulted *consulted, Str path);
/* The table where one is named, else the source where there is one and it is not all, else all. */
ConsultScope consulted_scope(const Consulted *consulted, uint32_t source, Str table);
/* Without a question and progress. `consulted` and `consulting` must outlive it. */
Consultation consultation_about(Consulted *consulted, const Consulting *consulting,
                                ConsultScope scope);

#endif
