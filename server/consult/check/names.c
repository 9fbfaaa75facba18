#include "consult/check/names.h"

#include "base/nearest.h"
#include "consult/check/words.h"

static char is_there; /* what maps that are sets point to */

static void put(Names *names, StrMap *map, Str name)
{
    if (!str_is_empty(name))
        map_set(names->arena, map, str_lower(names->arena, name), &is_there);
}

static bool holds(const StrMap *map, Str lower)
{
    return map_get(map, lower) != NULL;
}

/* The longest name that any dialect allows, with room for a schema. */
enum { MAX_NAME = 260 };

typedef struct {
    char bytes[MAX_NAME];
    Str text; /* absent: longer than any name */
} LowerName;

/* Without quotes, in lower case. */
static void lower_name(LowerName *lower, Str name)
{
    uint32_t n = 0;
    *lower = (LowerName){0};
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (strchr("\"`[]", c))
            continue;
        if (n == MAX_NAME)
            return;
        lower->bytes[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    lower->text = str_of(lower->bytes, n);
}

static bool set_holds(const StrMap *map, Str name)
{
    LowerName lower;
    lower_name(&lower, name);
    return !str_is_absent(lower.text) && holds(map, lower.text);
}

/* ---- tables ---- */

static NamedTable *table_of(Names *names, Str schema, Str name)
{
    Str lower = str_lower(names->arena, name);
    Str full = str_is_empty(schema)
                   ? lower
                   : str_format(names->arena, STR_FMT "." STR_FMT,
                                STR_ARG(str_lower(names->arena, schema)), STR_ARG(lower));
    NamedTable *table = map_get(&names->tables, full);
    if (!table)
        table = map_get(&names->tables, lower);
    if (!table)
        table = ARENA_NEW(names->arena, NamedTable);
    map_set(names->arena, &names->tables, full, table);
    /* Two schemas may have a table of that name: what only one of them has is then accepted. */
    if (!map_get(&names->tables, lower))
        map_set(names->arena, &names->tables, lower, table);
    return table;
}

/* Of a table that is not there (NULL), the name alone is noted. */
static void put_column(Names *names, NamedTable *table, Str name)
{
    if (table)
        put(names, &table->columns, name);
    put(names, &names->columns, name);
}

static void put_part(Names *names, NamedTable *table, Str name)
{
    if (table)
        put(names, &table->parts, name);
    put(names, &names->others, name);
}

/* The table that an operation changes: it makes none. */
static NamedTable *changed_table(Names *names, const QualifiedName *target)
{
    return names_table(names, target->name.text)
               ? table_of(names, target->schema.text, target->name.text)
               : NULL;
}

static void add_table(Names *names, const Table *table)
{
    NamedTable *named = table_of(names, table->schema, table->name.text);
    named->is_open = named->is_open || table->has_unknown_columns;
    for (uint32_t i = 0; i < table->columns.n; i++)
        put_column(names, named, table->columns.items[i]->name.text);
    for (uint32_t i = 0; i < table->indexes.n; i++)
        put_part(names, named, table->indexes.items[i]->name.text);
    if (table->primary_key)
        put_part(names, named, table->primary_key->name.text);
    for (uint32_t i = 0; i < table->uniques.n; i++)
        put_part(names, named, table->uniques.items[i]->name.text);
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        put_part(names, named, table->foreign_keys.items[i]->name.text);
    for (uint32_t i = 0; i < table->checks.n; i++)
        put_part(names, named, table->checks.items[i]->name.text);
    for (uint32_t i = 0; i < table->exclusions.n; i++)
        put_part(names, named, table->exclusions.items[i]->name.text);
    for (uint32_t i = 0; i < table->policies.n; i++)
        put_part(names, named, table->policies.items[i]->name.text);
    for (uint32_t i = 0; i < table->triggers.n; i++)
        put_part(names, named, table->triggers.items[i]->name.text);
}

static void add_schema(Names *names, const Schema *schema)
{
    if (!schema)
        return;
    for (MapEntry *e = map_next(&schema->schemas, NULL); e; e = map_next(&schema->schemas, e))
        put(names, &names->schemas, e->key);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        put(names, &names->schemas, table->schema);
        add_table(names, table);
    }
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        const Type *type = e->value;
        put(names, &names->others, type->name.text);
        for (uint32_t i = 0; i < type->labels.n; i++)
            put(names, &names->others, type->labels.items[i].text);
        for (uint32_t i = 0; i < type->attributes.n; i++)
            put(names, &names->others, type->attributes.items[i]->name.text);
    }
    for (MapEntry *e = map_next(&schema->sequences, NULL); e; e = map_next(&schema->sequences, e))
        put(names, &names->others, ((const Sequence *)e->value)->name.text);
    for (MapEntry *e = map_next(&schema->indexes, NULL); e; e = map_next(&schema->indexes, e))
        put(names, &names->others, ((const Index *)e->value)->name.text);
    for (uint32_t i = 0; i < schema->functions.n; i++)
        put(names, &names->others, schema->functions.items[i]->name.text);
    for (uint32_t i = 0; i < schema->extensions.n; i++)
        put(names, &names->others, schema->extensions.items[i].name);
}

/* A class's name leads to its table; its attributes are names of the table's columns. */
static void add_model(Names *names, const OrmModel *model)
{
    NamedTable *table = table_of(names, model->schema, model->table.text);
    table->is_model = true;
    table->is_open = table->is_open || model->is_partial;
    for (const OrmModel *m = model; m; m = m->parent) {
        for (uint32_t i = 0; i < m->fields.n; i++) {
            put_column(names, table, m->fields.items[i].name.text);
            put_column(names, table, m->fields.items[i].column.text);
        }
        for (uint32_t i = 0; i < m->relations.n; i++) {
            put(names, &table->columns, m->relations.items[i].name.text);
            put(names, &names->others, m->relations.items[i].name.text);
        }
    }
    if (!str_is_empty(model->name.text)) {
        Str lower = str_lower(names->arena, model->name.text);
        if (!map_get(&names->tables, lower))
            map_set(names->arena, &names->tables, lower, table);
    }
}

/* ---- operations ---- */

static void add_definition(Names *names, NamedTable *table, const TableDef *definition)
{
    for (uint32_t i = 0; i < definition->columns.n; i++)
        put_column(names, table, definition->columns.items[i].name.text);
    for (uint32_t i = 0; i < definition->constraints.n; i++)
        put_part(names, table, definition->constraints.items[i].name.text);
    for (uint32_t i = 0; i < definition->indexes.n; i++)
        put_part(names, table, definition->indexes.items[i].name.text);
    table->is_open = table->is_open || definition->is_partial || definition->as_query ||
                     definition->likes.n > 0 || definition->inherits.n > 0 ||
                     !str_is_empty(definition->partition_of.name.text);
}

static void add_type(Names *names, const Operation *operation)
{
    const TypeDef *type = &operation->as.create_type;
    put(names, &names->others, operation->target.name.text);
    for (uint32_t i = 0; i < type->labels.n; i++)
        put(names, &names->others, type->labels.items[i].text);
    for (uint32_t i = 0; i < type->attributes.n; i++)
        put(names, &names->others, type->attributes.items[i].name.text);
}

/* What an operation makes. The names that it only mentions are not added: they must be there. */
static void add_made(Names *names, const Operation *operation)
{
    const QualifiedName *target = &operation->target;
    Str schema = target->schema.text, name = target->name.text;
    switch ((unsigned)operation->kind) { /* the rest makes nothing */
    case OP_CREATE_TABLE:
        add_definition(names, table_of(names, schema, name), &operation->as.create_table);
        break;
    case OP_CREATE_VIEW:
        table_of(names, schema, name)->is_open = true;
        break;
    case OP_RENAME_TABLE:
    case OP_RENAME_VIEW: {
        NamedTable *before = changed_table(names, target);
        if (before)
            map_set(names->arena, &names->tables,
                    str_lower(names->arena, operation->as.rename.to.text), before);
        break;
    }
    case OP_ADD_COLUMN:
        put_column(names, changed_table(names, target), operation->as.add_column.name.text);
        break;
    case OP_REPLACE_COLUMN:
        put_column(names, changed_table(names, target),
                   operation->as.replace_column.column.name.text);
        break;
    case OP_RENAME_COLUMN:
        put_column(names, changed_table(names, target), operation->as.rename.to.text);
        break;
    case OP_ADD_CONSTRAINT:
        put_part(names, changed_table(names, target), operation->as.add_constraint.name.text);
        break;
    case OP_RENAME_CONSTRAINT:
        put_part(names, changed_table(names, target), operation->as.rename.to.text);
        break;
    case OP_RENAME_INDEX:
    case OP_RENAME_TYPE:
    case OP_RENAME_ENUM_VALUE:
    case OP_RENAME_SEQUENCE:
    case OP_RENAME_FUNCTION:
    case OP_RENAME_SCHEMA:
        put(names, &names->others, operation->as.rename.to.text);
        break;
    case OP_CREATE_INDEX:
        put_part(names, changed_table(names, target), operation->as.create_index.name.text);
        break;
    case OP_CREATE_TYPE:
        add_type(names, operation);
        break;
    case OP_ADD_ENUM_VALUE:
        put(names, &names->others, operation->as.add_enum_value.label.text);
        break;
    case OP_CREATE_TRIGGER:
        put_part(names, changed_table(names, target), operation->as.create_trigger.name.text);
        break;
    case OP_CREATE_POLICY:
        put_part(names, changed_table(names, target), operation->as.create_policy.name.text);
        break;
    case OP_CREATE_SCHEMA:
        put(names, &names->schemas, name);
        break;
    case OP_CREATE_SEQUENCE:
    case OP_CREATE_FUNCTION:
    case OP_CREATE_EXTENSION:
        put(names, &names->others, name);
        break;
    default:
        break;
    }
}

/* In the history also what is renamed or dropped: a report may speak of it. */
static void add_past(Names *names, const Operation *operation)
{
    const QualifiedName *target = &operation->target;
    add_made(names, operation);
    switch ((unsigned)operation->kind) { /* the rest names nothing that goes */
    case OP_DROP_COLUMN:
        put_column(names, changed_table(names, target), operation->as.drop_column.column.text);
        break;
    case OP_RENAME_COLUMN:
        put_column(names, changed_table(names, target), operation->as.rename.from.text);
        break;
    case OP_DROP_INDEX:
    case OP_RENAME_INDEX:
    case OP_DROP_TYPE:
    case OP_DROP_FUNCTION:
        put(names, &names->others, target->name.text);
        break;
    case OP_DROP_CONSTRAINT:
    case OP_VALIDATE_CONSTRAINT:
        put(names, &names->others, operation->as.constraint.name.text);
        break;
    case OP_GRANT:
        for (uint32_t i = 0; i < operation->as.grant.grantees.n; i++)
            put(names, &names->others, operation->as.grant.grantees.items[i].text);
        break;
    default:
        break;
    }
}

static void add_operations(Names *names, const OperationVec *operations)
{
    for (uint32_t i = 0; i < operations->n; i++)
        add_past(names, &operations->items[i]);
}

void names_collect(Names *names, const Snapshot *snapshot, Arena *arena)
{
    const Database *database = &snapshot->database;
    *names = (Names){.arena = arena, .snapshot = snapshot};
    add_schema(names, database->schema);
    if (database->migrated != database->schema)
        add_schema(names, database->migrated);
    if (database->declared != database->schema)
        add_schema(names, database->declared);
    for (uint32_t i = 0; i < database->models.n; i++)
        add_model(names, database->models.items[i]);
    add_operations(names, &snapshot->linked.operations);
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        const LoweredFile *file = snapshot->sources.items[i].file;
        for (uint32_t k = 0; k < file->fragments.n; k++) {
            const Fragment *fragment = file->fragments.items[k].fragment;
            add_operations(names, &fragment->operations);
            if (fragment->migration)
                add_operations(names, &fragment->migration->downgrade_operations);
        }
    }
    for (uint32_t i = 0; i < database->unmade_tables.n; i++)
        table_of(names, (Str){0}, database->unmade_tables.items[i])->is_open = true;
}

void names_propose(Names *names, const Operation *operation)
{
    add_made(names, operation);
}

void names_propose_column(Names *names, Str table, Str column)
{
    put_column(names, table_of(names, (Str){0}, table), column);
}

void names_propose_word(Names *names, Str word)
{
    put(names, &names->new_ones, word);
}

/* ---- asking ---- */

const NamedTable *names_table(const Names *names, Str name)
{
    LowerName lower;
    lower_name(&lower, name);
    return str_is_absent(lower.text) ? NULL : map_get(&names->tables, lower.text);
}

static bool is_system_column(Str name)
{
    static const char *const columns[] = {"ctid", "xmin", "xmax", "tableoid", "oid", "rowid", "*"};
    return str_is_among_ignore_case(name, columns, sizeof columns / sizeof *columns);
}

bool names_has_column(const NamedTable *table, Str name)
{
    return table->is_open || set_holds(&table->columns, name) || is_system_column(name);
}

bool names_has_part(const NamedTable *table, Str name)
{
    return names_has_column(table, name) || set_holds(&table->parts, name);
}

bool names_knows(const Names *names, Str name)
{
    return names_table(names, name) || set_holds(&names->columns, name) ||
           set_holds(&names->others, name) || set_holds(&names->schemas, name) ||
           set_holds(&names->new_ones, name);
}

static void add_word(void *context, Str word)
{
    Names *names = context;
    LowerName lower;
    lower_name(&lower, word);
    if (!str_is_absent(lower.text) && !holds(&names->words, lower.text))
        put(names, &names->words, word);
}

bool names_in_sources(Names *names, Str word)
{
    if (!names->has_words)
        for (uint32_t i = 0; i < names->snapshot->sources.n; i++)
            words_visit(text_bytes(names->snapshot->sources.items[i].file->text), add_word, names);
    names->has_words = true;
    return set_holds(&names->words, word);
}

bool names_is_catalog(Str name)
{
    static const char *const beginnings[] = {
        "pg_",   "information_schema", "sqlite_", "mysql.", "performance_schema", "sys.", "innodb",
        "cron.", "extensions."};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        Str beginning = str_from(beginnings[i]);
        if (str_equal_ignore_case(str_slice(name, 0, beginning.length), beginning))
            return true;
    }
    return false;
}

/* ---- what was meant ---- */

static Str nearest_key(Arena *scratch, const StrMap *map, Str name)
{
    enum { MAX_COMPARED = 5000 };
    StrVec keys = {0};
    for (MapEntry *e = map_next(map, NULL); e && keys.n < MAX_COMPARED; e = map_next(map, e))
        VEC_PUSH(scratch, &keys, e->key);
    return nearest_name(name, keys.items, keys.n);
}

Str names_nearest_column(Arena *scratch, const NamedTable *table, Str name)
{
    return nearest_key(scratch, &table->columns, name);
}

Str names_nearest_table(Arena *scratch, const Names *names, Str name)
{
    return nearest_key(scratch, &names->tables, name);
}
