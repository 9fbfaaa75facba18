#include "lsp/warm_up.h"

#include "engine/input.h"
#include "loop/job.h"

/* A little of what most migrations are made of: each kind of statement touches its own tables. */
static const Str text_of_most_kinds = STR_INIT(
    "SET lock_timeout = '2s';\n"
    "CREATE TABLE parents (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
    "    name varchar(40) NOT NULL DEFAULT 'x', amount numeric(12,2) CHECK (amount >= 0),\n"
    "    made_at timestamptz NOT NULL DEFAULT now(), CONSTRAINT one_name UNIQUE (name));\n"
    "CREATE TABLE children (id serial PRIMARY KEY, is_open boolean DEFAULT true, notes jsonb,\n"
    "    parent_id int NOT NULL REFERENCES parents (id) ON DELETE CASCADE, other_id bigint);\n"
    "CREATE INDEX ON children (lower(notes::text), id DESC) WHERE is_open;\n"
    "ALTER TABLE children ADD COLUMN rank double precision NOT NULL;\n"
    "ALTER TABLE children ADD CONSTRAINT c CHECK (rank > 0) NOT VALID;\n"
    "COMMENT ON TABLE children IS 'comment';\n"
    "CREATE OR REPLACE VIEW v AS SELECT c.id, p.name FROM children c JOIN parents p\n"
    "    ON p.id = c.parent_id WHERE c.is_open ORDER BY p.name LIMIT 10;\n"
    "UPDATE children SET rank = 1 WHERE parent_id IN (SELECT id FROM parents);\n"
    "INSERT INTO parents (name, amount) VALUES ('a', 1), ('b', 2);\n"
    "DROP TABLE IF EXISTS parents CASCADE;\n");

typedef struct {
    Job job;
    Arena arena;
} WarmUp;

static void run(Job *job)
{
    Arena scratch = {0};
    Text *text = text_new(text_of_most_kinds);
    LoweredFile *file = lower_file(text, FILE_SQL, DIALECT_POSTGRESQL, NULL);
    SourceVec sources = {0};
    VEC_PUSH(&scratch, &sources,
             ((Source){.path = STR("warm_up.sql"), .role = SOURCE_MIGRATION, .file = file}));
    AnalysisInput input = {.name = STR("warm_up"),
                           .dialect = DIALECT_POSTGRESQL,
                           .sources = &sources,
                           .rules = {.levels = rule_levels(&scratch, NULL)},
                           .without_remedies = true};
    snapshot_release(analyse(&input, &job->is_cancelled));
    lowered_file_release(file);
    text_release(text);
    arena_release(&scratch);
}

static void forget(Job *job)
{
    Arena arena = ((WarmUp *)job)->arena;
    arena_release(&arena);
}

void warm_up(Server *server)
{
    Arena arena = arena_with_capacity(sizeof(WarmUp));
    WarmUp *warm = ARENA_NEW(&arena, WarmUp);
    *warm = (WarmUp){.job = {.run = run, .done = forget, .drop = forget}, .arena = arena};
    loop_submit(server->loop, &warm->job);
}
