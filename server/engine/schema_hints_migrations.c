/* Statements of migrations that are new: what they do to tables that were there. */
#include "engine/replay_sources.h"
#include "engine/schema_hints_parts.h"
#include "model/identifier.h"

/* The strongest of the operations of one statement. */
typedef struct {
    Hints *h;
    StrMap locked;              /* "<source> <table>": its lock has been said */
    StrMap was;                 /* of `was_of`: its statements as they were, without white space */
    uint32_t was_of;            /* a source of now's; UINT32_MAX: none yet */
    const Operation *operation; /* NULL: none yet */
    OperationCost cost;
    Location location;
    Str table;
} Walk;

/* ---- what goes away, or gets another name ---- */

static const Table *table_before(const Hints *h, const Operation *operation)
{
    return schema_find_table(h->base->database.schema, &operation->target);
}

static void add_gone(Hints *h, Location location, const Table *table, const Column *column)
{
    RelatedVec users = hints_users(h, table, column, true);
    if (users.n == 0)
        return;
    Str title = table_title(&h->scratch, h->base->database.schema, table);
    SchemaHint *hint = hints_add(
        h, HINT_DROP, location,
        STR_FMT "%s" STR_FMT " is still used at " STR_FMT ": that fails once this is deployed",
        STR_ARG(title), column ? "." : "", STR_ARG(column ? column->name.text : STR("")),
        STR_ARG(hints_places(h, &users)));
    hint->related = users;
}

static void add_renamed(Hints *h, Location location, const Table *table, const Column *column,
                        Str new_name)
{
    Str old_name = column ? column->name.text : table->name.text;
    if (identifier_equal(h->now->database.dialect, old_name, new_name))
        return;
    RelatedVec users = hints_users(h, table, column, true);
    if (users.n == 0)
        return;
    SchemaHint *hint =
        hints_add(h, HINT_RENAME, location,
                  "still called " STR_FMT " at " STR_FMT ": that fails once it is " STR_FMT,
                  STR_ARG(old_name), STR_ARG(hints_places(h, &users)), STR_ARG(new_name));
    hint->related = users;
}

static void add_use(Hints *h, const Operation *operation, Location location)
{
    const Table *table = table_before(h, operation);
    if (!table)
        return;
    const Column *column = NULL;
    switch ((int)operation->kind) {
    case OP_DROP_TABLE:
        add_gone(h, location, table, NULL);
        break;
    case OP_DROP_COLUMN:
        column = table_column(table, operation->as.drop_column.column.text);
        if (column)
            add_gone(h, location, table, column);
        break;
    case OP_RENAME_TABLE:
        add_renamed(h, location, table, NULL, operation->as.rename.to.text);
        break;
    case OP_RENAME_COLUMN:
        column = table_column(table, operation->as.rename.from.text);
        if (column)
            add_renamed(h, location, table, column, operation->as.rename.to.text);
        break;
    case OP_REPLACE_COLUMN:
        column = table_column(table, operation->as.replace_column.old_name.text);
        if (column)
            add_renamed(h, location, table, column, operation->as.replace_column.column.name.text);
        break;
    default: /* the others take nothing away */
        break;
    }
}

/* ---- rows that are there ---- */

static bool has_name(const NameVec *names, Str name, Dialect dialect)
{
    for (uint32_t i = 0; i < names->n; i++) {
        if (identifier_equal(dialect, names->items[i].text, name))
            return true;
    }
    return false;
}

static bool is_filled(const OperationPointerVec *operations, const Operation *set, Dialect dialect)
{
    for (uint32_t i = 0; i < operations->n; i++) {
        const Query *query =
            operations->items[i]->kind == OP_QUERY ? operations->items[i]->as.query : NULL;
        if (!query || query->kind != QUERY_UPDATE || query->tables.n == 0)
            continue;
        if (identifier_equal(dialect, query->tables.items[0].table.name.text,
                             set->target.name.text) &&
            has_name(&query->written_columns, set->as.set_default.column.text, dialect))
            return true;
    }
    return false;
}

static void add_default(Hints *h, const OperationPointerVec *operations, const Operation *operation,
                        Location location, const Table *table)
{
    const Expression *value = operation->as.set_default.value;
    const Column *column = table_column(table, operation->as.set_default.column.text);
    if (!value || value->kind == EXPRESSION_NULL || !column || !column->is_nullable ||
        column->default_value || is_filled(operations, operation, h->now->database.dialect))
        return;
    hints_add(h, HINT_DEFAULT, location,
              "rows of " STR_FMT " that are there keep NULL in " STR_FMT
              ": a default is for new rows, and nothing here fills the others",
              STR_ARG(table_title(&h->scratch, h->now->database.schema, table)),
              STR_ARG(column->name.text));
}

/* ---- locks ---- */

/* A lock for an instant is said once in a file of each table, and not where more is said. */
static bool is_first_lock(Walk *walk)
{
    Hints *h = walk->h;
    Str key = str_format(&h->scratch, "%u " STR_FMT, walk->location.source, STR_ARG(walk->table));
    bool is_first = !map_get(&walk->locked, key);
    map_set(&h->scratch, &walk->locked, key, walk);
    for (uint32_t i = 0; i < h->hints.n && is_first; i++)
        is_first = h->hints.items[i].location.source != walk->location.source ||
                   h->hints.items[i].location.range.start != walk->location.range.start;
    return is_first;
}

static void flush(Walk *walk)
{
    if (!walk->operation)
        return;
    bool is_long = false;
    Str said = hints_cost(walk->h, &walk->cost, walk->table, &is_long);
    Location statement = walk->location;
    snapshot_locate(walk->h->now, walk->operation->statement, &statement);
    if (!str_is_absent(said) && !hints_is_found(walk->h, statement, GROUP_MIGRATION) &&
        (is_long || is_first_lock(walk)))
        hints_add(walk->h, is_long ? HINT_REWRITE : HINT_LOCK, walk->location, STR_FMT,
                  STR_ARG(said));
    walk->operation = NULL;
}

static bool is_stronger(const OperationCost *a, const OperationCost *b)
{
    int work_a = a->rewrites * 4 + a->scans * 2 + a->builds_index;
    int work_b = b->rewrites * 4 + b->scans * 2 + b->builds_index;
    if (a->blocks_writes != b->blocks_writes)
        return a->blocks_writes;
    return work_a != work_b ? work_a > work_b : a->lock > b->lock;
}

static void weigh(Walk *walk, const Operation *operation, Location location, const Schema *before,
                  const Table *table)
{
    OperationCost cost = operation_cost(operation, before, walk->h->now->database.version);
    bool is_same = walk->operation &&
                   walk->operation->place.fragment == operation->place.fragment &&
                   walk->operation->statement_index == operation->statement_index;
    if (!is_same)
        flush(walk);
    if (is_same && !is_stronger(&cost, &walk->cost))
        return;
    walk->operation = operation;
    walk->cost = cost;
    walk->location = location;
    walk->table = table_title(&walk->h->scratch, before, table);
}

/* ---- what is only written otherwise ---- */

/* The text of a statement without white space. */
static Str essence(Arena *out, const Operation *operation)
{
    Place place = place_is_set(operation->statement) ? operation->statement : operation->place;
    Str text = str_slice(place.fragment->text, place.range.start, place.range.end);
    char *bytes = arena_alloc_raw(out, text.length + 1u);
    uint32_t n = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (!strchr(" \t\r\n\f\v", text.data[i]))
            bytes[n++] = text.data[i];
    }
    return str_of(bytes, n);
}

static void remember(Walk *walk, uint32_t source)
{
    Hints *h = walk->h;
    walk->was = (StrMap){0};
    walk->was_of = source;
    for (uint32_t i = 0; i < h->base->sources.n; i++) {
        const LoweredFile *file = h->base->sources.items[i].file;
        if (h->now_of_base[i] != source)
            continue;
        for (uint32_t j = 0; j < file->fragments.n; j++) {
            const OperationVec *operations = &file->fragments.items[j].fragment->operations;
            for (uint32_t k = 0; k < operations->n; k++)
                map_set(&h->scratch, &walk->was, essence(&h->scratch, &operations->items[k]), walk);
        }
    }
}

/* It stood in the file before, perhaps elsewhere, or broken into other lines. */
static bool was_there(Walk *walk, uint32_t source, const Operation *operation)
{
    if (walk->h->files[source].is_new)
        return false;
    if (walk->was_of != source)
        remember(walk, source);
    return map_get(&walk->was, essence(&walk->h->scratch, operation)) != NULL;
}

/* ---- the walk ---- */

static void visit(void *context, uint32_t source, const OperationPointerVec *operations,
                  uint32_t index, const Schema *before)
{
    Walk *walk = context;
    Hints *h = walk->h;
    const Operation *operation = operations->items[index];
    Location location;
    if (h->now->sources.items[source].role != SOURCE_MIGRATION ||
        !(h->files[source].is_new || h->files[source].is_changed) || !hints_go_on(h) ||
        name_is_absent(operation->target.name) ||
        !snapshot_locate(h->now, operation->place, &location) || !hints_is_changed(h, &location))
        return;
    const Table *table = schema_find_table(before, &operation->target);
    if (operation->kind == OP_DROP_INDEX || !table || !table_is_base(table) ||
        table->is_temporary || table_is_new(before, table) || was_there(walk, source, operation))
        return;
    add_use(h, operation, location);
    if (operation->kind == OP_SET_COLUMN_DEFAULT)
        add_default(h, operations, operation, location, table);
    weigh(walk, operation, location, before, table);
}

void hints_of_migrations(Hints *h)
{
    if (!h->now->database.has_migrations)
        return;
    bool is_any_changed = false;
    for (uint32_t i = 0; i < h->now->sources.n; i++)
        is_any_changed |= (h->files[i].is_new || h->files[i].is_changed) &&
                          h->now->sources.items[i].role == SOURCE_MIGRATION;
    if (!is_any_changed)
        return;
    Arena arena = {0};
    Walk walk = {.h = h, .was_of = UINT32_MAX};
    Schema *schema = schema_new(&arena, h->now->database.dialect);
    replay_judged(h->now, schema, &arena, visit, &walk);
    flush(&walk);
    arena_release(&arena);
}
