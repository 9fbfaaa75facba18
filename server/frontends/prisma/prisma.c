#include "frontends/prisma/prisma.h"

#include "base/hash.h"
#include "frontends/prisma/link.h"
#include "frontends/sql/sql.h"

/* What a schema reads to, for each byte of its text: measured on real schemas. */
enum { READ_GROWTH = 10, READ_OVERHEAD = 1024 };

/* ---- read ---- */

typedef struct {
    Parser *parser; /* made when the first SQL is met */
    Fragment *fragment;
    PrismaFile *file;
    Dialect dialect;
} SqlReader;

static void read_sql_string(SqlReader *r, const PrismaValue *string)
{
    if (string->kind != PRISMA_STRING || string->text.length == 0)
        return;
    if (!r->parser)
        r->parser = parser_new();
    PrismaSql sql = {.string = string};
    sql.expression =
        sql_expression(r->parser, r->fragment, string->text, string->range.start + 1, r->dialect);
    if (sql.expression)
        VEC_PUSH(&r->fragment->arena, &r->file->sql, sql);
}

/* dbgenerated("…") as a default, raw("…") as an index's condition: each the argument of its
 * attribute, so no deeper walk is needed. */
static void read_attribute_sql(SqlReader *r, const PrismaAttribute *attribute)
{
    for (uint32_t i = 0; i < attribute->arguments.n; i++) {
        const PrismaValue *value = attribute->arguments.items[i].value;
        if (value->kind == PRISMA_CALL && value->arguments.n > 0 &&
            (str_equal(value->text, STR("dbgenerated")) || str_equal(value->text, STR("raw"))))
            read_sql_string(r, value->arguments.items[0].value);
    }
}

static void read_sql(SqlReader *r)
{
    const PrismaBlockVec *blocks = &r->file->syntax.blocks;
    for (uint32_t i = 0; i < blocks->n; i++) {
        const PrismaEntryVec *entries = &blocks->items[i].entries;
        for (uint32_t j = 0; j < entries->n; j++) {
            const PrismaAttributeVec *attributes = &entries->items[j].attributes;
            for (uint32_t k = 0; k < attributes->n; k++)
                read_attribute_sql(r, &attributes->items[k]);
        }
    }
    if (r->parser)
        parser_free(r->parser);
}

Fragment *prisma_read(Str text, Dialect dialect)
{
    uint64_t hash = hash_bytes(text.data, text.length, (uint64_t)dialect + 1);
    Fragment *fragment =
        fragment_new_sized(text, hash, READ_OVERHEAD + (size_t)text.length * READ_GROWTH);
    PrismaFile *file = ARENA_NEW(&fragment->arena, PrismaFile);
    Arena scratch = {0};
    file->syntax = prisma_parse(&fragment->arena, &scratch, fragment->text);
    arena_release(&scratch);
    SqlReader reader = {.fragment = fragment, .file = file, .dialect = dialect};
    read_sql(&reader);
    fragment->prisma = file;
    return fragment;
}

/* ---- what the linking files share ---- */

Name link_string(const Fragment *fragment, const PrismaAttribute *attribute, const char *label,
                 uint32_t position)
{
    if (!attribute)
        return (Name){0};
    const PrismaValue *value = prisma_argument(&attribute->arguments, str_from(label), position);
    if (!value || value->kind != PRISMA_STRING || value->text.length == 0)
        return (Name){0};
    return (Name){.text = value->text, .place = link_place(fragment, value->range)};
}

const PrismaAttribute *link_block_attribute(const PrismaBlock *block, const char *name)
{
    Str wanted = str_from(name);
    for (uint32_t i = 0; i < block->entries.n; i++) {
        const PrismaEntry *entry = &block->entries.items[i];
        if (entry->kind == PRISMA_BLOCK_ATTRIBUTE && str_equal(entry->name.text, wanted))
            return &entry->attributes.items[0];
    }
    return NULL;
}

LinkedField *link_field(const LinkedModel *model, Str name)
{
    return map_get(&model->fields_by_name, name);
}

Operation *link_operation(Link *link, OperationKind kind, Place place)
{
    Operation *operation = VEC_EXTEND(link->out, &link->declared->operations);
    operation->kind = kind;
    operation->dialect = link->dialect;
    operation->place = operation->statement = place;
    operation->statement_index = link->declared->operations.n - 1;
    return operation;
}

QualifiedName link_table_name(const LinkedModel *model)
{
    return (QualifiedName){.schema = {.text = model->schema, .place = model->table.place},
                           .name = model->table,
                           .place = model->table.place};
}

/* ---- the datasource ---- */

static Str string_property(const PrismaBlock *block, const char *name)
{
    const PrismaEntry *entry = prisma_property(block, str_from(name));
    bool is_string = entry && entry->value && entry->value->kind == PRISMA_STRING;
    return is_string ? entry->value->text : (Str){0};
}

/* False for a database that is none of SQL's. The dialect is given: it may come from the settings,
 * and the provider only says more about it. */
static bool read_provider(Link *link, Str provider)
{
    static const Provider providers[] = {
        [DIALECT_POSTGRESQL] = PROVIDER_POSTGRESQL,
        [DIALECT_MYSQL] = PROVIDER_MYSQL,
        [DIALECT_SQLITE] = PROVIDER_SQLITE,
        [DIALECT_SQLSERVER] = PROVIDER_SQLSERVER,
    };
    link->provider = providers[link->dialect];
    if (link->dialect == DIALECT_POSTGRESQL && str_equal(provider, STR("cockroachdb")))
        link->provider = PROVIDER_COCKROACHDB;
    return !str_equal(provider, STR("mongodb"));
}

static void create_schema(Link *link, const Fragment *fragment, const PrismaValue *value)
{
    Place place = link_place(fragment, value->range);
    Operation *operation = link_operation(link, OP_CREATE_SCHEMA, place);
    operation->target.name = (Name){.text = value->text, .place = place};
    operation->target.place = place;
    operation->if_not_exists = true;
}

/* extensions = [hstore, pgcrypto(map: "…", schema: "…")] */
static void create_extension(Link *link, const Fragment *fragment, const PrismaValue *value)
{
    Place place = link_place(fragment, value->range);
    Str name = value->text;
    const PrismaValue *map = prisma_argument(&value->arguments, STR("map"), UINT32_MAX);
    if (map && map->kind == PRISMA_STRING)
        name = map->text;
    Operation *operation = link_operation(link, OP_CREATE_EXTENSION, place);
    operation->target.name = (Name){.text = name, .place = place};
    operation->target.place = place;
    operation->if_not_exists = true;
}

static void create_listed(Link *link, const Fragment *fragment, const PrismaBlock *block,
                          const char *property,
                          void (*create)(Link *, const Fragment *, const PrismaValue *))
{
    const PrismaEntry *entry = prisma_property(block, str_from(property));
    if (!entry || !entry->value || entry->value->kind != PRISMA_ARRAY)
        return;
    for (uint32_t i = 0; i < entry->value->arguments.n; i++) {
        const PrismaValue *value = entry->value->arguments.items[i].value;
        if (value->text.length > 0)
            create(link, fragment, value);
    }
}

static bool read_datasource(Link *link, const Fragment *fragment, const PrismaBlock *block)
{
    if (!read_provider(link, string_property(block, "provider")))
        return false;
    link->datasource = block->name.text;
    Str mode = string_property(block, "relationMode");
    if (str_is_empty(mode))
        mode = string_property(block, "referentialIntegrity"); /* its name before Prisma 4.5 */
    link->has_foreign_keys = !str_equal(mode, STR("prisma"));
    create_listed(link, fragment, block, "schemas", create_schema);
    if (link->dialect == DIALECT_POSTGRESQL)
        create_listed(link, fragment, block, "extensions", create_extension);
    return true;
}

/* ---- collecting ---- */

static Str block_schema(const Fragment *fragment, const PrismaBlock *block)
{
    return link_string(fragment, link_block_attribute(block, "schema"), "map", 0).text;
}

/* The name in the database: that of @@map, placed at the block's own. */
static Name block_name(const Fragment *fragment, const PrismaBlock *block)
{
    Name name = link_name(fragment, block->name);
    Name map = link_string(fragment, link_block_attribute(block, "map"), "name", 0);
    if (!name_is_absent(map))
        name.text = map.text;
    return name;
}

static void add_enum(Link *link, const Fragment *fragment, const PrismaBlock *block)
{
    if (map_get(&link->enums_by_name, block->name.text))
        return;
    LinkedEnum *added = ARENA_NEW(link->scratch, LinkedEnum);
    added->block = block;
    added->fragment = fragment;
    added->schema = block_schema(fragment, block);
    added->name = block_name(fragment, block);
    for (uint32_t i = 0; i < block->entries.n; i++) {
        const PrismaEntry *entry = &block->entries.items[i];
        if (entry->kind != PRISMA_FIELD)
            continue;
        Name label = link_name(fragment, entry->name);
        Name map = link_string(fragment, prisma_attribute(entry, STR("map")), "name", 0);
        if (!name_is_absent(map))
            label.text = map.text;
        VEC_PUSH(link->out, &added->labels, label);
        Name *kept = ARENA_NEW(link->scratch, Name);
        *kept = label;
        map_set(link->scratch, &added->labels_by_value, entry->name.text, kept);
    }
    VEC_PUSH(link->scratch, &link->enums, added);
    map_set(link->scratch, &link->enums_by_name, block->name.text, added);
}

static void add_model(Link *link, const Fragment *fragment, const PrismaBlock *block)
{
    if (map_get(&link->models_by_name, block->name.text))
        return;
    LinkedModel *model = ARENA_NEW(link->scratch, LinkedModel);
    model->block = block;
    model->fragment = fragment;
    model->file = fragment->prisma;
    model->schema = block_schema(fragment, block);
    model->table = block_name(fragment, block);
    model->index = link->models.n;
    model->operation = UINT32_MAX;
    VEC_PUSH(link->scratch, &link->models, model);
    map_set(link->scratch, &link->models_by_name, block->name.text, model);
}

static void collect(Link *link, const Fragment *fragment)
{
    const PrismaBlockVec *blocks = &fragment->prisma->syntax.blocks;
    for (uint32_t i = 0; i < blocks->n; i++) {
        const PrismaBlock *block = &blocks->items[i];
        switch (block->kind) {
        case PRISMA_MODEL:
        case PRISMA_VIEW:
            add_model(link, fragment, block);
            break;
        case PRISMA_ENUM:
            add_enum(link, fragment, block);
            break;
        case PRISMA_DATASOURCE: /* read before */
        case PRISMA_GENERATOR:
        case PRISMA_TYPE: /* composite types: MongoDB's alone */
            break;
        }
    }
}

/* ---- fields ---- */

static void resolve_kind(Link *link, LinkedField *field)
{
    const PrismaEntry *entry = field->entry;
    if (!str_is_absent(entry->unsupported.text)) {
        field->kind = FIELD_UNSUPPORTED;
        return;
    }
    if (str_is_absent(entry->type.text))
        return;
    field->target = map_get(&link->models_by_name, entry->type.text);
    field->enumeration = map_get(&link->enums_by_name, entry->type.text);
    if (field->target)
        field->kind = FIELD_RELATION;
    else if (field->enumeration)
        field->kind = FIELD_ENUM;
    else if (scalar_from_name(entry->type.text, &field->scalar))
        field->kind = FIELD_SCALAR;
}

static Name field_column(const LinkedField *field)
{
    const Fragment *fragment = field->model->fragment;
    Name column = link_name(fragment, field->entry->name);
    Name map = link_string(fragment, prisma_attribute(field->entry, STR("map")), "name", 0);
    if (!name_is_absent(map))
        column.text = map.text;
    return column;
}

static void add_fields(Link *link, LinkedModel *model)
{
    const PrismaEntryVec *entries = &model->block->entries;
    model->fields = ARENA_ARRAY(link->scratch, LinkedField, entries->n);
    for (uint32_t i = 0; i < entries->n; i++) {
        const PrismaEntry *entry = &entries->items[i];
        if (entry->kind != PRISMA_FIELD || map_get(&model->fields_by_name, entry->name.text))
            continue;
        LinkedField *field = &model->fields[model->n_fields];
        *field = (LinkedField){.entry = entry, .model = model};
        resolve_kind(link, field);
        if (field->kind == FIELD_UNKNOWN)
            continue;
        if (field->kind != FIELD_RELATION) {
            field->column = field_column(field);
            field->type = link_column_type(link, field);
        }
        model->n_fields++;
        map_set(link->scratch, &model->fields_by_name, entry->name.text, field);
    }
}

/* ---- models as the program sees them ---- */

static OrmField orm_field(const LinkedField *field)
{
    const PrismaEntry *entry = field->entry;
    const Fragment *fragment = field->model->fragment;
    OrmField orm = {.name = link_name(fragment, entry->name),
                    .column = field->column,
                    .type = link_place(fragment, entry->type.range),
                    .optional = entry->is_optional ? WRITTEN_TRUE : WRITTEN_FALSE,
                    .is_list = entry->is_list,
                    .is_ignored = prisma_attribute(entry, STR("ignore")) != NULL,
                    .insertion = place_after(link_place(fragment, entry->range)),
                    .place = link_place(fragment, entry->range)};
    Name map = link_string(fragment, prisma_attribute(entry, STR("map")), "name", 0);
    if (!name_is_absent(map))
        orm.column = map;
    link_client_values(field, &orm);
    return orm;
}

static void add_orm_model(Link *link, LinkedModel *model)
{
    const PrismaBlock *block = model->block;
    const Fragment *fragment = model->fragment;
    OrmModel *orm = ARENA_NEW(link->out, OrmModel);
    orm->kind = ORM_PRISMA;
    orm->name = link_name(fragment, block->name);
    orm->schema = model->schema;
    orm->table = link_string(fragment, link_block_attribute(block, "map"), "name", 0);
    if (name_is_absent(orm->table))
        orm->table = model->table;
    orm->is_view = block->kind == PRISMA_VIEW;
    orm->is_ignored = link_block_attribute(block, "ignore") != NULL;
    orm->place = link_place(fragment, block->range);
    orm->insertion =
        link_place(fragment, (Range){.start = block->insert_at, .end = block->insert_at});
    orm->indent = block->indent;
    orm->fields.capacity = link_n_scalars(model);
    orm->fields.items = ARENA_ARRAY(link->out, OrmField, orm->fields.capacity);
    for (uint32_t i = 0; i < model->n_fields; i++) {
        if (model->fields[i].kind != FIELD_RELATION)
            VEC_PUSH(link->out, &orm->fields, orm_field(&model->fields[i]));
    }
    model->orm = orm;
    VEC_PUSH(link->out, &link->declared->models, orm);
}

/* ---- link ---- */

/* Operations are large, and growing an array of them would copy them again and again: each model
 * and enum is one, and each attribute that may become one. Join tables are rare enough to grow. */
static void reserve_operations(Link *link)
{
    uint32_t n = link->declared->operations.n + link->enums.n + link->models.n;
    for (uint32_t i = 0; i < link->models.n; i++) {
        const LinkedModel *model = link->models.items[i];
        for (uint32_t j = 0; j < model->block->entries.n; j++) {
            const PrismaEntry *entry = &model->block->entries.items[j];
            n += entry->kind == PRISMA_BLOCK_ATTRIBUTE || prisma_attribute(entry, STR("unique")) ||
                 prisma_attribute(entry, STR("relation"));
        }
    }
    OperationVec reserved = {.items = ARENA_ARRAY(link->out, Operation, n + 1), .capacity = n + 1};
    for (uint32_t i = 0; i < link->declared->operations.n; i++)
        reserved.items[reserved.n++] = link->declared->operations.items[i];
    link->declared->operations = reserved;
}

/* The first datasource counts: there is one, in any of the files. False: nothing of SQL. */
static bool find_datasource(Link *link, const ModelFile *files, uint32_t n_files)
{
    for (uint32_t i = 0; i < n_files; i++) {
        const Fragment *fragment = files[i].fragment;
        if (!fragment->prisma)
            continue;
        const PrismaBlockVec *blocks = &fragment->prisma->syntax.blocks;
        for (uint32_t j = 0; j < blocks->n; j++) {
            if (blocks->items[j].kind == PRISMA_DATASOURCE)
                return read_datasource(link, fragment, &blocks->items[j]);
        }
    }
    return read_provider(link, (Str){0});
}

static void point_at_operations(Link *link)
{
    for (uint32_t i = 0; i < link->models.n; i++) {
        const LinkedModel *model = link->models.items[i];
        if (model->operation != UINT32_MAX)
            model->orm->operation = &link->declared->operations.items[model->operation];
    }
}

void prisma_link(const ModelFile *files, uint32_t n_files, Dialect dialect, Arena *out,
                 Declared *declared)
{
    Arena scratch = {0};
    *declared = (Declared){0};
    Link link = {.out = out,
                 .scratch = &scratch,
                 .dialect = dialect,
                 .datasource = STR("db"),
                 .has_foreign_keys = true,
                 .declared = declared};
    if (find_datasource(&link, files, n_files)) {
        link_scalar_types(&link);
        for (uint32_t i = 0; i < n_files; i++)
            if (files[i].fragment->prisma)
                collect(&link, files[i].fragment);
        reserve_operations(&link);
        for (uint32_t i = 0; i < link.models.n; i++)
            add_fields(&link, link.models.items[i]);
        for (uint32_t i = 0; i < link.models.n; i++)
            add_orm_model(&link, link.models.items[i]);
        link_tables(&link);
        link_relations(&link);
        point_at_operations(&link);
    }
    arena_release(&scratch);
}
