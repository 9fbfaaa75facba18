#include "engine/input.h"

static ServerVersion configured_version(const Config *config, Dialect dialect)
{
    ServerVersion version = server_version_default(dialect);
    if (!config)
        return version;
    ConfigVersion wanted = {0};
    if (dialect == DIALECT_POSTGRESQL)
        wanted = config->postgresql_version;
    else if (dialect == DIALECT_MYSQL)
        wanted = config->mysql_version;
    if (wanted.major)
        version = (ServerVersion){.major = wanted.major, .minor = wanted.minor};
    return version;
}

AnalysisInput *analysis_input(Arena *out, const ProjectDatabase *database,
                              LoweredFile *const *files)
{
    SourceVec *sources = ARENA_NEW(out, SourceVec);
    TransactionMode transactions = TRANSACTION_UNKNOWN;
    for (uint32_t i = 0; i < database->sources.n; i++) {
        const ProjectSource *source = &database->sources.items[i];
        if (!files[i])
            continue;
        if (source->role == SOURCE_MIGRATION)
            transactions = source->transactions;
        VEC_PUSH(out, sources,
                 ((Source){.path = source->path,
                           .role = source->role,
                           .transactions = source->transactions,
                           .file = files[i]}));
    }
    AnalysisInput *input = ARENA_NEW(out, AnalysisInput);
    *input = (AnalysisInput){.name = database->name,
                             .dialect = database->dialect,
                             .version = configured_version(database->config, database->dialect),
                             .transactions = transactions,
                             .is_supabase = database->is_supabase,
                             .sources = sources,
                             .rules = {.levels = rule_levels(out, database->config)}};
    return input;
}
