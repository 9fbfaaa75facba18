/* @id, @unique and their block forms, @@index and @@fulltext. */
#include "frontends/prisma/link.h"

/* ---- what a key is over ---- */

static SortOrder sort_order(const PrismaArgumentVec *options)
{
    const PrismaValue *sort = prisma_argument(options, STR("sort"), UINT32_MAX);
    if (!sort)
        return ORDER_UNSPECIFIED;
    return str_equal(sort->text, STR("Desc")) ? ORDER_DESCENDING : ORDER_ASCENDING;
}

static uint32_t prefix_length(const PrismaArgumentVec *options)
{
    const PrismaValue *length = prisma_argument(options, STR("length"), UINT32_MAX);
    uint32_t number = 0;
    for (uint32_t i = 0; length && length->kind == PRISMA_NUMBER && i < length->text.length; i++) {
        char c = length->text.data[i];
        if (c < '0' || c > '9' || number > 100000)
            return 0;
        number = number * 10 + (uint32_t)(c - '0');
    }
    return number;
}

/* "JsonbPathOps" is jsonb_path_ops, "Float8MinMaxMultiOps" float8_minmax_multi_ops: these words
 * begin anew, all others go on. */
static Str opclass_of_name(Link *link, Str name)
{
    static const Str words[] = {STR_INIT("MinMax"),    STR_INIT("Multi"), STR_INIT("Bloom"),
                                STR_INIT("Inclusion"), STR_INIT("Path"),  STR_INIT("Ops")};
    char *out = arena_alloc_raw(link->out, (size_t)name.length * 2 + 1);
    uint32_t n = 0;
    for (uint32_t i = 0; i < name.length; i++) {
        Str rest = str_slice(name, i, name.length);
        for (size_t j = 0; i > 0 && j < sizeof words / sizeof *words; j++) {
            if (str_starts_with(rest, words[j]))
                out[n++] = '_';
        }
        char c = name.data[i];
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return str_of(out, n);
}

static Str opclass(Link *link, const PrismaArgumentVec *options)
{
    const PrismaValue *ops = prisma_argument(options, STR("ops"), UINT32_MAX);
    if (!ops)
        return (Str){0};
    if (ops->kind != PRISMA_CALL)
        return opclass_of_name(link, ops->text);
    bool is_raw = ops->arguments.n > 0 && ops->arguments.items[0].value->kind == PRISMA_STRING;
    return is_raw ? ops->arguments.items[0].value->text : (Str){0};
}

static IndexPart part_of(Link *link, const LinkedField *field, Place place, Range name_range,
                         const PrismaArgumentVec *options)
{
    const Fragment *fragment = field->model->fragment;
    return (IndexPart){
        .column = {.text = field->column.text, .place = link_place(fragment, name_range)},
        .order = sort_order(options),
        .opclass = opclass(link, options),
        .prefix_length = prefix_length(options),
        .place = place};
}

/* The items of a list of fields. Empty where one of them is no column: half-typed. */
static IndexPartVec list_parts(Link *link, const LinkedModel *model, const PrismaValue *list)
{
    IndexPartVec parts = {0};
    if (!list || list->kind != PRISMA_ARRAY)
        return parts;
    for (uint32_t i = 0; i < list->arguments.n; i++) {
        const PrismaValue *item = list->arguments.items[i].value;
        const LinkedField *field = link_field(model, item->text);
        bool is_field = item->kind == PRISMA_NAME || item->kind == PRISMA_CALL;
        if (!is_field || !field || field->kind == FIELD_RELATION || !link_has_column(field))
            return (IndexPartVec){0};
        Range name = {.start = item->range.start, .end = item->range.start + item->text.length};
        IndexPart part =
            part_of(link, field, link_place(model->fragment, item->range), name, &item->arguments);
        VEC_PUSH(link->out, &parts, part);
    }
    return parts;
}

/* ---- a key or index as it is declared ---- */

typedef struct {
    const PrismaAttribute *attribute;
    const LinkedField *field; /* of @id and @unique; NULL for a block attribute */
    IndexPartVec parts;
    Name name;
    Place place, keyword;
} Key;

static Key field_key(Link *link, const LinkedField *field, const PrismaAttribute *attribute)
{
    Place place = link_place(field->model->fragment, attribute->range);
    Key key = {.attribute = attribute, .field = field, .place = place};
    key.keyword = link_place(field->model->fragment, attribute->name.range);
    IndexPart part = part_of(link, field, link_place(field->model->fragment, field->entry->range),
                             field->entry->name.range, &attribute->arguments);
    VEC_PUSH(link->out, &key.parts, part);
    return key;
}

static Key block_key(Link *link, const LinkedModel *model, const PrismaAttribute *attribute)
{
    const PrismaValue *list = prisma_argument(&attribute->arguments, STR("fields"), 0);
    return (Key){.attribute = attribute,
                 .parts = list_parts(link, model, list),
                 .place = link_place(model->fragment, attribute->range),
                 .keyword = link_place(model->fragment, attribute->name.range)};
}

/* `map` says it; an index's `name` does too, which it was called once. */
static void name_key(Link *link, const LinkedModel *model, Key *key, Str suffix, bool takes_name)
{
    key->name = link_string(model->fragment, key->attribute, "map", UINT32_MAX);
    if (name_is_absent(key->name) && takes_name)
        key->name = link_string(model->fragment, key->attribute, "name", UINT32_MAX);
    if (!name_is_absent(key->name))
        return;
    NameVec columns = {0};
    for (uint32_t i = 0; i < key->parts.n; i++)
        VEC_PUSH(link->scratch, &columns, key->parts.items[i].column);
    key->name.text = link_constraint_name(link, model->table.text, &columns, suffix);
    key->name.place = key->keyword;
}

static bool is_clustered(const Key *key, bool otherwise)
{
    const PrismaValue *value =
        prisma_argument(&key->attribute->arguments, STR("clustered"), UINT32_MAX);
    return value ? str_equal(value->text, STR("true")) : otherwise;
}

static ConstraintDef key_constraint(const Link *link, const Key *key, ConstraintKind kind)
{
    return (ConstraintDef){
        .kind = kind,
        .name = key->name,
        .parts = key->parts,
        .is_inline = key->field != NULL,
        .is_clustered = link->provider == PROVIDER_SQLSERVER &&
                        is_clustered(key, kind == CONSTRAINT_PRIMARY_KEY),
        .place = key->place,
        .kind_place = key->keyword,
    };
}

/* ---- the primary key ---- */

/* The field with @id; NULL where there is none. */
static const LinkedField *id_field(const LinkedModel *model)
{
    for (uint32_t i = 0; i < model->n_fields; i++) {
        const LinkedField *field = &model->fields[i];
        if (field->kind != FIELD_RELATION && link_has_column(field) &&
            prisma_attribute(field->entry, STR("id")))
            return field;
    }
    return NULL;
}

const LinkedField *link_single_key(const LinkedModel *model)
{
    const LinkedField *field = id_field(model);
    if (field)
        return field;
    const PrismaAttribute *attribute = link_block_attribute(model->block, "id");
    const PrismaValue *list =
        attribute ? prisma_argument(&attribute->arguments, STR("fields"), 0) : NULL;
    if (!list || list->arguments.n != 1)
        return NULL;
    field = link_field(model, list->arguments.items[0].value->text);
    return field && field->kind != FIELD_RELATION && link_has_column(field) ? field : NULL;
}

/* MySQL's and SQLite's have no name. */
static void name_primary_key(Link *link, const LinkedModel *model, Key *key)
{
    if (link->provider == PROVIDER_MYSQL || link->provider == PROVIDER_SQLITE)
        return;
    key->name = link_string(model->fragment, key->attribute, "map", UINT32_MAX);
    if (!name_is_absent(key->name))
        return;
    key->name.text = link_constraint_name(link, model->table.text, NULL, STR("_pkey"));
    key->name.place = key->keyword;
}

static ColumnDef *column_named(TableDef *table, Str name)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (str_equal(table->columns.items[i].name.text, name))
            return &table->columns.items[i];
    }
    return NULL;
}

/* SQLite's row number: Prisma lets every single integer key count, asked or not. */
static void count_rows(const Link *link, TableDef *table, ConstraintDef *constraint)
{
    if (link->dialect != DIALECT_SQLITE || constraint->parts.n != 1)
        return;
    ColumnDef *column = column_named(table, constraint->parts.items[0].column.text);
    if (!column || !str_equal(column->type.canonical, STR("INTEGER")))
        return;
    column->auto_increment = true;
    constraint->has_auto_increment = true;
}

void link_primary_key(Link *link, const LinkedModel *model, TableDef *table)
{
    const LinkedField *field = id_field(model);
    const PrismaAttribute *attribute = link_block_attribute(model->block, "id");
    Key key = {0};
    if (field)
        key = field_key(link, field, prisma_attribute(field->entry, STR("id")));
    else if (attribute)
        key = block_key(link, model, attribute);
    if (key.parts.n == 0)
        return;
    name_primary_key(link, model, &key);
    ConstraintDef constraint = key_constraint(link, &key, CONSTRAINT_PRIMARY_KEY);
    count_rows(link, table, &constraint);
    ColumnDef *column = field ? column_named(table, field->column.text) : NULL;
    if (column)
        VEC_PUSH(link->out, &column->constraints, constraint);
    else
        VEC_PUSH(link->out, &table->constraints, constraint);
}

/* ---- unique constraints and indexes ---- */

typedef void AddUnique(Link *link, const LinkedModel *model, const Key *key, TableDef *table);

static void each_unique(Link *link, const LinkedModel *model, TableDef *table, AddUnique *add)
{
    for (uint32_t i = 0; i < model->n_fields; i++) {
        const LinkedField *field = &model->fields[i];
        const PrismaAttribute *attribute = prisma_attribute(field->entry, STR("unique"));
        if (!attribute || field->kind == FIELD_RELATION || !link_has_column(field))
            continue;
        Key key = field_key(link, field, attribute);
        name_key(link, model, &key, STR("_key"), false);
        add(link, model, &key, table);
    }
    for (uint32_t i = 0; i < model->block->entries.n; i++) {
        const PrismaEntry *entry = &model->block->entries.items[i];
        if (entry->kind != PRISMA_BLOCK_ATTRIBUTE || !str_equal(entry->name.text, STR("unique")))
            continue;
        Key key = block_key(link, model, &entry->attributes.items[0]);
        if (key.parts.n == 0)
            continue;
        name_key(link, model, &key, STR("_key"), false);
        add(link, model, &key, table);
    }
}

static void add_unique_constraint(Link *link, const LinkedModel *model, const Key *key,
                                  TableDef *table)
{
    (void)model;
    ConstraintDef constraint = key_constraint(link, key, CONSTRAINT_UNIQUE);
    constraint.is_inline = false;
    VEC_PUSH(link->out, &table->constraints, constraint);
}

void link_unique_constraints(Link *link, const LinkedModel *model, TableDef *table)
{
    each_unique(link, model, table, add_unique_constraint);
}

static IndexDef *add_index(Link *link, const LinkedModel *model, const Key *key)
{
    Operation *operation = link_operation(link, OP_CREATE_INDEX, key->place);
    operation->target = link_table_name(model);
    operation->as.create_index =
        (IndexDef){.name = key->name,
                   .parts = key->parts,
                   .is_clustered = link->provider == PROVIDER_SQLSERVER && is_clustered(key, false),
                   .where = link_where(link, model, &key->attribute->arguments),
                   .place = key->place,
                   .index_keyword = key->keyword};
    return &operation->as.create_index;
}

static void add_unique_index(Link *link, const LinkedModel *model, const Key *key, TableDef *table)
{
    (void)table;
    add_index(link, model, key)->unique = true;
}

/* "Gin", "SpGist": PostgreSQL's names in capitals. */
static Str index_method(Link *link, const PrismaAttribute *attribute)
{
    const PrismaValue *type = prisma_argument(&attribute->arguments, STR("type"), UINT32_MAX);
    bool is_named = type && type->kind == PRISMA_NAME && link->dialect == DIALECT_POSTGRESQL;
    return is_named ? str_lower(link->out, type->text) : (Str){0};
}

static void add_block_index(Link *link, const LinkedModel *model, const PrismaAttribute *attribute,
                            IndexKind kind)
{
    Key key = block_key(link, model, attribute);
    if (key.parts.n == 0)
        return;
    name_key(link, model, &key, STR("_idx"), true);
    IndexDef *index = add_index(link, model, &key);
    index->kind = kind;
    index->method = index_method(link, attribute);
}

void link_indexes(Link *link, const LinkedModel *model)
{
    if (link->provider != PROVIDER_SQLSERVER)
        each_unique(link, model, NULL, add_unique_index);
    for (uint32_t i = 0; i < model->block->entries.n; i++) {
        const PrismaEntry *entry = &model->block->entries.items[i];
        if (entry->kind != PRISMA_BLOCK_ATTRIBUTE)
            continue;
        if (str_equal(entry->name.text, STR("index")))
            add_block_index(link, model, &entry->attributes.items[0], INDEX_NORMAL);
        else if (str_equal(entry->name.text, STR("fulltext")) && link->dialect == DIALECT_MYSQL)
            add_block_index(link, model, &entry->attributes.items[0], INDEX_FULLTEXT);
    }
}
