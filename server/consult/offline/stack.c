/* Which facts of the project are about this database. */
#include "consult/offline/data_model.h"
#include "consult/offline/technology.h"

static Str folder_of(Str path)
{
    uint32_t end = path.length;
    while (end > 0 && path.data[end - 1] != '/')
        end--;
    return str_slice(path, 0, end);
}

/* In a repository of many packages only those count whose folder holds the database's, or the
 * other way round. */
static bool is_near(const Offline *o, const StackFact *fact)
{
    const ProjectDatabase *database = o->input->database;
    Str folder = folder_of(fact->path);
    if (!database || str_is_empty(database->folder) || str_is_empty(folder))
        return true;
    Str own = str_format(o->scratch, STR_FMT "/", STR_ARG(database->folder));
    return str_starts_with(own, folder) || str_starts_with(folder, own);
}

const StackFact *stack_fact(const Offline *o, const char *name)
{
    const StackFact *best = NULL;
    for (uint32_t i = 0; o->input->stack && i < o->input->stack->facts.n; i++) {
        const StackFact *fact = &o->input->stack->facts.items[i];
        if (!str_equal(fact->name, str_from(name)) || !is_near(o, fact))
            continue;
        if (!best || (best->is_development && !fact->is_development) ||
            folder_of(fact->path).length > folder_of(best->path).length)
            best = fact;
    }
    return best;
}

const StackFact *stack_any(const Offline *o, const char *const *names)
{
    for (; *names; names++) {
        const StackFact *fact = stack_fact(o, *names);
        if (fact)
            return fact;
    }
    return NULL;
}

Str stack_cite(Offline *o, const StackFact *fact)
{
    return str_format(o->out, STR_FMT " (" STR_FMT ":%u)",
                      STR_ARG(report_code(o->scratch, fact->name)),
                      STR_ARG(short_path(o, shown_path(o, fact->path))), fact->line);
}

bool offline_orm(const Offline *o, Orm *orm)
{
    static const struct {
        const char *package, *title, *models;
        Layout layout;
    } known[] = {
        {"prisma", "Prisma", "schema.prisma", LAYOUT_PRISMA},
        {"@prisma/client", "Prisma", "schema.prisma", LAYOUT_PRISMA},
        {"drizzle-orm", "Drizzle", "its schema files", LAYOUT_DRIZZLE},
        {"typeorm", "TypeORM", "its entities", LAYOUT_FILE},
        {"@mikro-orm/core", "MikroORM", "its entities", LAYOUT_FILE},
        {"sequelize", "Sequelize", "its models", LAYOUT_FILE},
        {"sqlalchemy", "SQLAlchemy", "its models", LAYOUT_FILE},
        {"flask-sqlalchemy", "SQLAlchemy", "its models", LAYOUT_FILE},
        {"sqlmodel", "SQLModel", "its models", LAYOUT_FILE},
        {"django", "Django", "its models", LAYOUT_FILE},
    };
    Layout layout = o->input->database ? o->input->database->layout : LAYOUT_FILE;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        bool by_layout = known[i].layout != LAYOUT_FILE && known[i].layout == layout;
        const StackFact *fact = stack_fact(o, known[i].package);
        /* A package alone does not say that this database is its. */
        bool by_package = fact && (known[i].layout == LAYOUT_FILE || by_layout);
        if (!by_layout && !by_package)
            continue;
        *orm = (Orm){.title = known[i].title, .models = known[i].models, .fact = fact};
        return true;
    }
    return false;
}

bool offline_types_are_declared(const Offline *o)
{
    Orm orm;
    return offline_orm(o, &orm);
}

Str offline_orm_title(const Offline *o)
{
    Orm orm;
    return offline_orm(o, &orm) ? str_from(orm.title) : STR("the ORM");
}
