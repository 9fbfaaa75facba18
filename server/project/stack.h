/* stack.h — what a project is built with: facts with their place, for the consultant.
 *
 * Names and versions from package.json, requirements files, pyproject.toml, compose files,
 * supabase/config.toml, schema.prisma, and the names (never the values) in .env files.
 * In the project's arena. */
#ifndef PROJECT_STACK_H
#define PROJECT_STACK_H

#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"

typedef enum {
    STACK_PACKAGE, /* a dependency that has to do with databases: "prisma", "pg", "sqlalchemy" */
    STACK_IMAGE,   /* a container: "postgres", "redis" */
    STACK_FILE,    /* a file that says it by being there: supabase/config.toml */
    STACK_SETTING, /* a key that matters: Supabase's db.major_version, Prisma's provider */
    STACK_ENVIRONMENT, /* the name of a variable: DATABASE_URL, REDIS_URL */
} StackKind;

typedef struct {
    StackKind kind;
    Str name;            /* lower case for packages and images; as written for variables */
    Str version;         /* as written, or absent */
    Str path;            /* relative to the project's root */
    uint32_t line;       /* 1-based */
    bool is_development; /* devDependencies, requirements-dev.txt */
} StackFact;
typedef Vec(StackFact) StackFactVec;

typedef struct {
    StackFactVec facts; /* by path and line */
} Stack;

/* The first fact with that name; NULL: none. */
const StackFact *stack_find(const Stack *stack, Str name);

#endif
