#include "engine/link.h"

#include "engine/replay_sources.h"
#include "frontends/prisma/prisma.h"
#include "frontends/python/python.h"

typedef Vec(ModelFile) ModelFileVec;

static ModelFileVec files_in(Arena *scratch, const SourceVec *sources, FileLanguage language)
{
    ModelFileVec files = {0};
    for (uint32_t i = 0; i < sources->n; i++) {
        const Source *source = &sources->items[i];
        /* Binary text has no fragment. */
        bool is_program = source_is_program(source);
        if ((source_is_linked(source) || is_program) && source->file->language == language &&
            source->file->fragments.n)
            VEC_PUSH(scratch, &files,
                     ((ModelFile){.fragment = source->file->fragments.items[0].fragment,
                                  .path = source->path,
                                  .is_program = is_program}));
    }
    return files;
}

/* Copies operations to the end of `all`, which has room for them, and takes their models along. */
static void take(Arena *out, Declared *all, const Declared *more)
{
    uint32_t first = all->operations.n;
    for (uint32_t i = 0; i < more->operations.n; i++)
        VEC_PUSH(out, &all->operations, more->operations.items[i]);
    for (uint32_t i = 0; i < more->models.n; i++) {
        OrmModel *model = more->models.items[i];
        if (model->operation)
            model->operation =
                &all->operations.items[first + (model->operation - more->operations.items)];
        VEC_PUSH(out, &all->models, model);
    }
    for (uint32_t i = 0; i < more->queries.n; i++)
        VEC_PUSH(out, &all->queries, more->queries.items[i]);
    for (uint32_t i = 0; i < more->uses.n; i++)
        VEC_PUSH(out, &all->uses, more->uses.items[i]);
    for (uint32_t i = 0; i < more->problems.n; i++)
        VEC_PUSH(out, &all->problems, more->problems.items[i]);
}

/* Models in two languages: rare, but a configuration may say so. Operations are pointed at, so
 * they may not move any more once the models know them. */
static void join(Arena *out, const Declared *a, const Declared *b, Declared *both)
{
    uint32_t n = a->operations.n + b->operations.n;
    both->operations.items = ARENA_ARRAY(out, Operation, n + 1);
    both->operations.capacity = n + 1;
    take(out, both, a);
    take(out, both, b);
}

void link_models(Arena *out, const SourceVec *sources, Dialect dialect, Declared *linked)
{
    Arena scratch = {0};
    ModelFileVec prisma = files_in(&scratch, sources, FILE_PRISMA);
    ModelFileVec python = files_in(&scratch, sources, FILE_PYTHON);
    Declared of_prisma = {0}, of_python = {0};
    if (prisma.n)
        prisma_link(prisma.items, prisma.n, dialect, out, &of_prisma);
    if (python.n)
        python_link(python.items, python.n, dialect, out, &of_python);
    if (prisma.n && python.n)
        join(out, &of_prisma, &of_python, linked);
    else
        *linked = prisma.n ? of_prisma : of_python;
    arena_release(&scratch);
}
