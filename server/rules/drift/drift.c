#include "rules/drift/drift.h"

#include <stdarg.h>

#include "model/print_sql.h"
#include "rules/model_edit.h"

enum { MAX_STATEMENT_BYTES = 1 << 20 };

/* ---- what counts ---- */

static bool is_tool_table(const Table *table)
{
    static const char *const names[] = {
        "_prisma_migrations",    "alembic_version",       "schema_migrations",
        "flyway_schema_history", "goose_db_version",      "atlas_schema_revisions",
        "databasechangelog",     "databasechangeloglock", "__diesel_schema_migrations",
        "_sqlx_migrations",      "__drizzle_migrations",  "migrations",
        "spatial_ref_sys",       "sqlite_sequence",       "pgmigrations"};
    return str_is_among_ignore_case(table->name.text, names, sizeof names / sizeof *names);
}

/* The language of the declaration: of the first declared table that stands in a file. */
static FileLanguage declaring_language(const RuleContext *context, const Database *database)
{
    const StrMap *tables = &database->declared->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        if (place_is_set(table->place))
            return rule_language(context, table->place);
    }
    return FILE_SQL;
}

/* True where the declaration has tables in that schema: others are somebody else's. */
static bool declares_in(const Database *database, Str name_space)
{
    const StrMap *tables = &database->declared->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        const Table *table = e->value;
        if (str_equal(table->schema, name_space))
            return true;
    }
    return false;
}

static bool is_partial_index(const Index *index)
{
    bool is_partial = index->where || index->include.n;
    for (uint32_t i = 0; i < index->parts.n; i++)
        is_partial = is_partial || !index->parts.items[i].column;
    return is_partial;
}

/* The program fills the column in: then it is no matter that the database could, too. */
static bool is_filled_by_client(const OrmModel *model, const Column *column)
{
    for (uint32_t i = 0; model && i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        if (str_equal(field->column.text, column->name.text))
            return field->default_value.kind != CLIENT_VALUE_NONE ||
                   field->on_update.kind != CLIENT_VALUE_NONE;
    }
    return false;
}

/* What only the migrations have. */
static bool extra_counts(RuleContext *context, const Database *database,
                         const Difference *difference, FileLanguage language)
{
    const OrmModel *model =
        language == FILE_PYTHON ? model_of_table(context, difference->to.table) : NULL;
    if (model && model->is_partial)
        return false;
    switch (difference->kind) {
    case DIFFERENCE_TABLE: /* of Python, a module may not have been found */
        return language != FILE_PYTHON && declares_in(database, difference->from.table->schema);
    case DIFFERENCE_INDEX:
        return language == FILE_SQL || !is_partial_index(difference->from.index);
    case DIFFERENCE_CHECK:
        return language == FILE_SQL;
    case DIFFERENCE_ENUM:
        return false; /* an unused type is nobody's problem */
    case DIFFERENCE_COLUMN:
    case DIFFERENCE_TYPE:
    case DIFFERENCE_NULLABILITY:
    case DIFFERENCE_DEFAULT:
    case DIFFERENCE_PRIMARY_KEY:
    case DIFFERENCE_UNIQUE:
    case DIFFERENCE_FOREIGN_KEY:
    case DIFFERENCE_ACTIONS:
    case DIFFERENCE_ENUM_VALUE:
        return true;
    }
    return true;
}

static bool default_counts(RuleContext *context, const Difference *difference)
{
    const Column *declared = difference->to.column;
    return declared->default_value ||
           !is_filled_by_client(model_of_table(context, difference->to.table), declared);
}

/* ---- what could not be read ---- */

static bool is_inside(const OperationVec *operations, const Fragment *fragment, uint32_t at)
{
    for (uint32_t i = 0; i < operations->n; i++) {
        Place place = operations->items[i].place;
        if (place.fragment == fragment && range_touches(place.range, at))
            return true;
    }
    return false;
}

/* True where a revision names it in quotes, outside of every call that was understood: in a list
 * that a loop goes through, in a helper. What happens to it there, only the running program knows.
 */
static bool is_named_by_program(const MigrationFile *migration, Str name)
{
    const Fragment *fragment = migration->fragment;
    Str text = fragment->text;
    for (uint32_t at = str_find(text, name, 0); at != UINT32_MAX;
         at = str_find(text, name, at + 1)) {
        uint32_t end = at + name.length;
        bool is_quoted = at > 0 && end < text.length && text.data[at - 1] == text.data[end] &&
                         (text.data[end] == '"' || text.data[end] == '\'');
        if (is_quoted && !is_inside(&fragment->operations, fragment, at) &&
            !is_inside(&migration->downgrade_operations, fragment, at))
            return true;
    }
    return false;
}

static Str name_of(const DifferencePart *part)
{
    if (part->column)
        return part->column->name.text;
    if (part->index)
        return part->index->name.text;
    if (part->key)
        return part->key->name.text;
    if (part->foreign_key)
        return part->foreign_key->name.text;
    return part->table ? part->table->name.text : (Str){0};
}

static bool is_obscure(const Database *database, const Difference *difference)
{
    Str name = name_of(&difference->to);
    if (difference->way == DIFFERENCE_EXTRA || str_is_empty(name))
        name = name_of(&difference->from);
    for (uint32_t i = 0; i < database->migrations.n && name.length; i++) {
        if (is_named_by_program(database->migrations.items[i], name))
            return true;
    }
    return false;
}

/* The history does not begin with an empty database: its first steps use tables that were there, or
 * that a program makes. Programs make them in ways that cannot be read more often than files of SQL
 * do, of which many tables must be missing. */
static bool has_past(const Database *database)
{
    uint32_t n_missing = 0;
    if (database->unmade_tables.n == 0 || database->migrations.n)
        return database->unmade_tables.n > 0;
    for (uint32_t i = 0; i < database->differences.n; i++)
        n_missing += database->differences.items[i].kind == DIFFERENCE_TABLE &&
                     database->differences.items[i].way == DIFFERENCE_MISSING;
    return n_missing * 3 >= database->declared->tables.n;
}

/* A table that such a history does not make is no news; nor is one that any history only uses. */
static bool is_from_before(const Database *database, const Difference *difference, bool is_late)
{
    if (difference->kind != DIFFERENCE_TABLE || difference->way != DIFFERENCE_MISSING)
        return false;
    for (uint32_t i = 0; i < database->unmade_tables.n && !is_late; i++) {
        if (str_equal_ignore_case(database->unmade_tables.items[i],
                                  difference->to.table->name.text))
            return true;
    }
    return is_late;
}

static bool counts(RuleContext *context, const Database *database, const Difference *difference,
                   FileLanguage language)
{
    const Table *table = difference->from.table ? difference->from.table : difference->to.table;
    if (table && is_tool_table(table))
        return false;
    /* A list is never null to Prisma, whatever its column says. */
    if (difference->kind == DIFFERENCE_NULLABILITY && language == FILE_PRISMA &&
        difference->to.column->type.array_dims)
        return false;
    if (difference->way == DIFFERENCE_EXTRA)
        return extra_counts(context, database, difference, language);
    return difference->kind != DIFFERENCE_DEFAULT || default_counts(context, difference);
}

void drift_each(RuleContext *context, const Database *database, DifferenceKind kind,
                DriftVisit visit)
{
    FileLanguage language = declaring_language(context, database);
    bool is_late = has_past(database);
    for (uint32_t i = 0; i < database->differences.n; i++) {
        const Difference *difference = &database->differences.items[i];
        if (difference->kind == kind && counts(context, database, difference, language) &&
            !is_from_before(database, difference, is_late) && !is_obscure(database, difference))
            visit(context, database, difference);
    }
}

/* ---- reporting ---- */

Finding *drift_report(RuleContext *context, Place declared, Place migrated, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Str message = str_format_list(context->arena, format, arguments);
    va_end(arguments);
    bool is_declared = place_is_set(declared);
    Finding *finding =
        report(context, is_declared ? declared : migrated, STR_FMT, STR_ARG(message));
    if (is_declared)
        report_related(context, finding, migrated, "as migrated");
    return finding;
}

void drift_relate_table(RuleContext *context, Finding *finding, const Difference *difference)
{
    bool is_missing = difference->way == DIFFERENCE_MISSING;
    const Table *table = is_missing ? difference->from.table : difference->to.table;
    report_related(context, finding, table->name.place, "the table as %s",
                   is_missing ? "migrated" : "declared");
}

Str drift_table_title(RuleContext *context, const Database *database, const Difference *difference)
{
    return difference->to.table
               ? table_title(context->arena, database->declared, difference->to.table)
               : table_title(context->arena, database->migrated, difference->from.table);
}

Str drift_column_title(RuleContext *context, const Database *database, const Difference *difference)
{
    const Column *column = difference->to.column ? difference->to.column : difference->from.column;
    return str_format(context->arena, STR_FMT "." STR_FMT,
                      STR_ARG(drift_table_title(context, database, difference)),
                      STR_ARG(column->name.text));
}

/* ---- statements ---- */

static Str take(RuleContext *context, Buf *buf)
{
    Str text = str_trim(str_copy(context->arena, buf_str(buf)));
    buf_free(buf);
    return text;
}

Str drift_print_table(RuleContext *context, const Schema *schema, const Table *table)
{
    Buf buf = buf_with_max(MAX_STATEMENT_BYTES);
    print_sql_table(&buf, schema, table, context->arena);
    return take(context, &buf);
}

Str drift_print_index(RuleContext *context, const Schema *schema, const Index *index,
                      bool concurrently)
{
    Buf buf = buf_with_max(MAX_STATEMENT_BYTES);
    print_sql_index(&buf, schema, index, context->arena);
    Str text = take(context, &buf);
    uint32_t at = str_find(text, STR("INDEX "), 0);
    if (!concurrently || at == UINT32_MAX)
        return text;
    return str_format(context->arena, STR_FMT "INDEX CONCURRENTLY " STR_FMT,
                      STR_ARG(str_slice(text, 0, at)),
                      STR_ARG(str_slice(text, at + 6, text.length)));
}
