/* Which .prisma files are one schema
 *
 *     schema.prisma                       with the datasource: a schema of one file, or
 *     schema/, several .prisma files      all files below the folder with the datasource
 *     package.json: "prisma": {"schema": "db/schema.prisma" or "db"}
 *     prisma.config.ts: schema: "…"       which of the two, where it is said
 *
 * A file without a datasource belongs to the nearest folder upwards that has one; where that
 * folder has several (a schema for each provider), each is alone and the others are nobody's.
 * Migrations stand beside the schema file, or beside the folder of files. Providers that are no
 * SQL database are left out. */
#include "project/prisma_files.h"

#include "base/hash.h"
#include "project/path.h"

typedef struct {
    Candidate *main; /* with the datasource */
    bool is_alone;   /* other files are not its */
    Dialect dialect;
    bool is_sql;
} PrismaSchema;
typedef Vec(PrismaSchema) PrismaSchemaVec;

static Str next_word(Str text, uint32_t *at)
{
    while (*at < text.length && strchr(" \t", text.data[*at]))
        ++*at;
    uint32_t start = *at;
    while (*at < text.length && !strchr(" \t\r\n={}\"/", text.data[*at]))
        ++*at;
    return str_slice(text, start, *at);
}

/* `provider = "x"` of a line. */
static bool provider_of_line(Str line, Str *provider)
{
    uint32_t at = 0;
    if (!str_equal(next_word(line, &at), STR("provider")))
        return false;
    while (at < line.length && strchr(" \t=", line.data[at]))
        at++;
    if (at >= line.length || line.data[at] != '"')
        return false;
    uint32_t end = str_find(line, STR("\""), at + 1);
    *provider = str_slice(line, at + 1, end < line.length ? end : at + 1);
    return end != UINT32_MAX;
}

bool prisma_provider_in(Str text, Str *provider)
{
    bool is_inside = false;
    for (Str line; str_next_line(&text, &line);) {
        uint32_t at = 0;
        if (str_equal(next_word(line, &at), STR("datasource")))
            is_inside = true;
        else if (is_inside && str_starts_with(str_trim(line), STR("}")))
            is_inside = false;
        if (is_inside && provider_of_line(line, provider))
            return true;
    }
    return false;
}

uint64_t prisma_fingerprint(Str text)
{
    Str provider;
    return prisma_provider_in(text, &provider) ? hash_str(provider) | 1 : 2;
}

static Str read_text(Discovery *d, const Candidate *candidate)
{
    return discover_marker_text(d, &candidate->found);
}

/* ---- schemas ---- */

static PrismaSchemaVec find_schemas(Discovery *d)
{
    PrismaSchemaVec schemas = {0};
    for (uint32_t i = 0; i < d->n_prisma; i++) {
        Candidate *candidate = &d->prisma[i];
        Str provider;
        if (candidate->is_taken || !prisma_provider_in(read_text(d, candidate), &provider))
            continue;
        PrismaSchema schema = {.main = candidate};
        schema.is_sql = dialect_from_name(provider, &schema.dialect);
        candidate->is_taken = true;
        VEC_PUSH(d->scratch, &schemas, schema);
    }
    for (uint32_t i = 0; i < schemas.n; i++) {
        for (uint32_t j = 0; j < schemas.n; j++) {
            if (i != j &&
                str_equal(schemas.items[i].main->found.folder, schemas.items[j].main->found.folder))
                schemas.items[i].is_alone = true;
        }
    }
    return schemas;
}

static uint32_t skip_blanks(Str text, uint32_t at)
{
    while (at < text.length && strchr(" \t\r\n", text.data[at]))
        at++;
    return at;
}

/* The string behind `key` and a colon: "schema": "x", schema: 'x'. Absent where it is none: what
 * a program computes is not guessed. */
static Str string_after(Str text, uint32_t from, Str key)
{
    uint32_t at = from;
    while ((at = str_find(text, key, at)) != UINT32_MAX) {
        at += key.length;
        uint32_t behind = at + (at < text.length && strchr("\"'", text.data[at]) != NULL);
        behind = skip_blanks(text, behind);
        if (behind >= text.length || text.data[behind] != ':')
            continue;
        behind = skip_blanks(text, behind + 1);
        if (behind >= text.length || !strchr("\"'", text.data[behind]))
            continue;
        uint32_t end = str_find(text, str_slice(text, behind, behind + 1), behind + 1);
        return end == UINT32_MAX ? (Str){0} : str_slice(text, behind + 1, end);
    }
    return (Str){0};
}

/* The path that the project's settings name; absent: none does. */
static Str named_schema(Discovery *d, const FoundFile *file)
{
    Str name = path_name(file->path);
    bool is_manifest = str_equal(name, STR("package.json"));
    if (!is_manifest && !str_starts_with(name, STR("prisma.config.")))
        return (Str){0};
    Str text = discover_marker_text(d, file);
    uint32_t from = is_manifest ? str_find(text, STR("\"prisma\":"), 0) : 0;
    Str written = from == UINT32_MAX ? (Str){0} : string_after(text, from, STR("schema"));
    if (str_is_empty(written))
        return (Str){0};
    Str path = path_join(d->scratch, path_join(d->scratch, STR("/"), file->folder), written);
    path = path_normal(d->scratch, path);
    return str_slice(path, 1, path.length);
}

/* A schema that is named as a file is that file. */
static void read_settings(Discovery *d, PrismaSchemaVec *schemas)
{
    for (uint32_t i = 0; i < d->others.n && schemas->n; i++) {
        Str named = named_schema(d, &d->others.items[i]);
        for (uint32_t j = 0; !str_is_absent(named) && j < schemas->n; j++) {
            if (str_equal(schemas->items[j].main->found.path, named))
                schemas->items[j].is_alone = true;
        }
    }
}

/* The schema whose folder is nearest above the file; NULL: none, or it is another file's alone. */
static const PrismaSchema *schema_around(const PrismaSchemaVec *schemas, Str folder)
{
    const PrismaSchema *best = NULL;
    for (uint32_t i = 0; i < schemas->n; i++) {
        const PrismaSchema *schema = &schemas->items[i];
        Str rest;
        if (path_is_below(schema->main->found.folder, folder, &rest) &&
            (!best || best->main->found.folder.length < schema->main->found.folder.length))
            best = schema;
    }
    return best && !best->is_alone ? best : NULL;
}

/* ---- databases ---- */

/* How well a history fits: of its dialect, in the folder of the schema, or just above it. */
static uint32_t fit_of(const ProjectDatabase *database, const PrismaSchema *schema)
{
    if (database->layout != LAYOUT_PRISMA || !database->has_migrations)
        return 0;
    for (uint32_t i = 0; i < database->sources.n; i++) {
        if (database->sources.items[i].role == SOURCE_MODEL)
            return 0; /* another schema's already */
    }
    Str folder = schema->main->found.folder, above = path_folder(database->folder);
    if (str_equal(above, folder))
        return 2;
    return folder.length && str_equal(above, path_folder(folder)) ? 1 : 0;
}

static ProjectDatabase *database_of(Discovery *d, const PrismaSchema *schema)
{
    uint32_t best = UINT32_MAX, best_fit = 0;
    for (uint32_t i = 0; i < d->project->databases.n; i++) {
        uint32_t fit = fit_of(&d->project->databases.items[i], schema);
        if (fit > best_fit) {
            best_fit = fit;
            best = i;
        }
    }
    if (best != UINT32_MAX)
        return &d->project->databases.items[best];
    const FoundFile *found = &schema->main->found;
    return discover_add(d, LAYOUT_PRISMA, found->folder, found->config);
}

static void take_file(Discovery *d, ProjectDatabase *database, Candidate *candidate)
{
    discover_take(d, database, candidate, SOURCE_MODEL);
    VEC_LAST(&database->sources)->shape = prisma_fingerprint(read_text(d, candidate));
}

static void take_schema(Discovery *d, const PrismaSchemaVec *schemas, const PrismaSchema *schema)
{
    if (!schema->is_sql)
        return;
    ProjectDatabase *database = database_of(d, schema);
    take_file(d, database, schema->main);
    for (uint32_t i = 0; i < d->n_prisma && !schema->is_alone; i++) {
        Candidate *candidate = &d->prisma[i];
        if (!candidate->is_taken && schema_around(schemas, candidate->found.folder) == schema)
            take_file(d, database, candidate);
    }
    if (!database->has_migrations) {
        database->dialect = schema->dialect;
        database->dialect_evidence = DIALECT_FROM_LAYOUT;
    }
}

void discover_prisma(Discovery *d)
{
    PrismaSchemaVec schemas = find_schemas(d);
    read_settings(d, &schemas);
    for (uint32_t i = 0; i < schemas.n; i++)
        take_schema(d, &schemas, &schemas.items[i]);
}

void discover_prisma_file(Discovery *d)
{
    PrismaSchemaVec schemas = find_schemas(d);
    for (uint32_t i = 0; i < schemas.n; i++)
        take_schema(d, &schemas, &schemas.items[i]);
    for (uint32_t i = 0; i < d->n_prisma; i++) { /* one of several files: what it says by itself */
        Candidate *candidate = &d->prisma[i];
        if (candidate->is_taken)
            continue;
        const FoundFile *found = &candidate->found;
        ProjectDatabase *database = discover_add(d, LAYOUT_PRISMA, found->folder, found->config);
        take_file(d, database, candidate);
    }
}

void prisma_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        take_file(d, database, files[i]);
}
