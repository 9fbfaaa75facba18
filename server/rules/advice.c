#include "rules/advice.h"

#include "base/buf.h"
#include "model/generated_name.h"

Str advice_index_name(Arena *out, const Schema *schema, const Table *table,
                      const ColumnVec *columns, const char *label)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++)
        VEC_PUSH(out, &names, columns->items[i]->name.text);
    Str joined = str_join(out, names.items, names.n, STR("_"));
    for (unsigned attempt = 0;; attempt++) {
        Str tail = attempt == 0 ? str_from(label) : str_format(out, "%s%u", label, attempt);
        Str name = generated_name_make(out, table->name.text, joined, tail);
        QualifiedName qualified = {.schema = {.text = table->schema}, .name = {.text = name}};
        if (!schema_find_index(schema, &qualified, table) &&
            !schema_relation_exists(schema, table->schema, name))
            return name;
    }
}

Str advice_constraint_name(Arena *out, const Table *table, Str table_name, const StrVec *columns,
                           const char *label)
{
    Str joined = str_join(out, columns->items, columns->n, STR("_"));
    for (unsigned attempt = 0;; attempt++) {
        Str tail = attempt == 0 ? str_from(label) : str_format(out, "%s%u", label, attempt);
        Str name = generated_name_make(out, table_name, joined, tail);
        if (!table || (!table_key(table, name) && !table_foreign_key(table, name) &&
                       !table_check(table, name)))
            return name;
    }
}

Str advice_beside(Arena *out, const Schema *schema, const Table *table, Str name_space, Str name)
{
    Str quoted = sql_identifier(out, schema->dialect, name);
    Str bare = sql_identifier(out, schema->dialect, table->name.text);
    if (sql_table_name(out, schema, table).length == bare.length)
        return quoted;
    return str_format(out, STR_FMT "." STR_FMT,
                      STR_ARG(sql_identifier(out, schema->dialect, name_space)), STR_ARG(quoted));
}

Str advice_names(Arena *out, const ColumnVec *columns, uint32_t shown)
{
    Buf buf = buf_with_max(4096);
    uint32_t n = columns->n <= shown + 1 ? columns->n : shown; /* "and 1 more" is no shorter */
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add(&buf, i + 1 == columns->n ? STR(" and ") : STR(", "));
        buf_add(&buf, columns->items[i]->name.text);
    }
    if (n < columns->n)
        buf_format(&buf, " and %u more", columns->n - n);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static bool is_partitioned(const Table *table)
{
    return !str_is_absent(table->partition_by.strategy);
}

/* ---- indexes ---- */

ColumnVec advice_columns_in(Arena *out, const Table *table, const ColumnVec *columns)
{
    ColumnVec found = {0};
    for (uint32_t i = 0; table && i < columns->n; i++) {
        Column *column = table_column(table, columns->items[i]->name.text);
        if (!column)
            return (ColumnVec){0};
        VEC_PUSH(out, &found, column);
    }
    return found;
}

static void advise_one_index(RuleContext *context, Finding *finding, const Schema *schema,
                             const Table *table, const ColumnVec *columns, bool unique,
                             bool concurrently)
{
    Arena *out = context->arena;
    Dialect dialect = context->dialect;
    Str bare = advice_index_name(out, schema, table, columns, unique ? "key" : "idx");
    Str name = sql_identifier(out, dialect, bare);
    Str on = sql_table_name(out, schema, table);
    Str list = sql_column_list(out, dialect, columns);
    Remedy *remedy =
        report_remedy(context, finding,
                      str_format(out, "Index " STR_FMT " (" STR_FMT ")",
                                 STR_ARG(table_title(out, schema, table)), STR_ARG(list)),
                      str_format(out, "CREATE %sINDEX %s" STR_FMT " ON " STR_FMT " (" STR_FMT ");",
                                 unique ? "UNIQUE " : "", concurrently ? "CONCURRENTLY " : "",
                                 STR_ARG(name), STR_ARG(on), STR_ARG(list)));
    remedy->outside_transaction = concurrently;
    switch (dialect) {
    case DIALECT_POSTGRESQL: {
        /* DROP INDEX takes the schema's name, CREATE INDEX must not. */
        Str full = advice_beside(out, schema, table, table->schema, bare);
        remedy->verify = str_format(
            out, "SELECT indisvalid FROM pg_index WHERE indexrelid = '" STR_FMT "'::regclass;",
            STR_ARG(full));
        /* IF EXISTS: a parent's index and a constraint take their index with them. */
        remedy->undo = str_format(out, "DROP INDEX %sIF EXISTS " STR_FMT ";",
                                  concurrently ? "CONCURRENTLY " : "", STR_ARG(full));
        remedy->risk =
            concurrently ? str_format(out,
                                      "a build that is interrupted leaves " STR_FMT
                                      " invalid: drop it and build again",
                                      STR_ARG(name))
                         : STR("short: the partitions' indexes are there already and are attached");
        break;
    }
    case DIALECT_MYSQL:
        remedy->verify = str_format(out, "SHOW INDEX FROM " STR_FMT ";", STR_ARG(on));
        remedy->undo =
            str_format(out, "DROP INDEX " STR_FMT " ON " STR_FMT ";", STR_ARG(name), STR_ARG(on));
        remedy->risk =
            STR("InnoDB builds it online; a long transaction on the table delays its end");
        break;
    case DIALECT_SQLITE:
        remedy->verify = str_format(out, "PRAGMA index_list(" STR_FMT ");", STR_ARG(on));
        remedy->undo = str_format(out, "DROP INDEX " STR_FMT ";", STR_ARG(name));
        remedy->risk = STR("other writers wait until it is built");
        break;
    case DIALECT_SQLSERVER:
        remedy->verify = str_format(out, "EXEC sp_helpindex '" STR_FMT "';", STR_ARG(on));
        remedy->undo =
            str_format(out, "DROP INDEX " STR_FMT " ON " STR_FMT ";", STR_ARG(name), STR_ARG(on));
        remedy->risk = STR("blocks writes while it builds, unless the edition has ONLINE = ON");
        break;
    }
    if (unique) {
        remedy->risk = str_format(out, "fails where two rows of " STR_FMT " agree in (" STR_FMT ")",
                                  STR_ARG(table->name.text), STR_ARG(list));
    }
}

static void add_leaves(Arena *out, const Table *table, unsigned depth, TableVec *leaves)
{
    enum { MAX_LEVELS = 16 };
    for (uint32_t i = 0; depth < MAX_LEVELS && i < table->partitions.n; i++) {
        Table *partition = table->partitions.items[i];
        if (is_partitioned(partition))
            add_leaves(out, partition, depth + 1, leaves);
        else
            VEC_PUSH(out, leaves, partition);
    }
}

TableVec advice_leaves(Arena *out, const Table *table)
{
    TableVec leaves = {0};
    add_leaves(out, table, 0, &leaves);
    return leaves;
}

void advise_index(RuleContext *context, Finding *finding, const Schema *schema, const Table *table,
                  const ColumnVec *columns, bool unique)
{
    if (!context->wants_remedies)
        return;
    bool concurrently = context->dialect == DIALECT_POSTGRESQL;
    if (concurrently && is_partitioned(table)) {
        /* CONCURRENTLY is refused on the parent; built on the partitions first, their indexes are
         * taken over by the parent's. */
        TableVec leaves = advice_leaves(context->arena, table);
        for (uint32_t i = 0; i < leaves.n; i++) {
            ColumnVec own = advice_columns_in(context->arena, leaves.items[i], columns);
            if (own.n && !table_index_covering(leaves.items[i], &own))
                advise_one_index(context, finding, schema, leaves.items[i], &own, unique, true);
        }
        concurrently = false;
    }
    advise_one_index(context, finding, schema, table, columns, unique, concurrently);
}

/* ---- types ---- */

static bool mentions(const Expression *expression, Str column)
{
    for (uint32_t i = 0; expression && i < expression->columns.n; i++) {
        if (str_equal_ignore_case(expression->columns.items[i].column.text, column))
            return true;
    }
    return false;
}

static bool is_in_foreign_key(const Column *column)
{
    const Table *table = column->table;
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        for (uint32_t j = 0; j < table->foreign_keys.items[i]->columns.n; j++) {
            if (table->foreign_keys.items[i]->columns.items[j] == column)
                return true;
        }
    }
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        for (uint32_t j = 0; j < table->referenced_by.items[i]->target_columns.n; j++) {
            if (table->referenced_by.items[i]->target_columns.items[j] == column)
                return true;
        }
    }
    return false;
}

static bool something_depends_on(const Column *column)
{
    const Table *table = column->table;
    Str name = column->name.text;
    if (table->dependents.n > 0) /* views; which of their columns is not always known */
        return true;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (mentions(table->columns.items[i]->generated_expression, name))
            return true;
    }
    for (uint32_t i = 0; i < table->policies.n; i++) {
        if (mentions(table->policies.items[i]->using_expression, name) ||
            mentions(table->policies.items[i]->check_expression, name))
            return true;
    }
    for (uint32_t i = 0; i < table->partition_by.parts.n; i++) {
        const IndexPart *part = &table->partition_by.parts.items[i];
        if (str_equal(part->column.text, name) || mentions(part->expression, name))
            return true;
    }
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        const TriggerDef *trigger = table->triggers.items[i]->definition;
        for (uint32_t j = 0; trigger && j < trigger->update_columns.n; j++) {
            if (str_equal_ignore_case(trigger->update_columns.items[j].text, name))
                return true;
        }
        if (trigger && mentions(trigger->when, name))
            return true;
    }
    return false;
}

bool advice_can_change_type(const Schema *schema, const Column *column)
{
    const Table *table = column->table;
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->partition_of ||
        column->is_inherited || column->generated != GENERATED_NONE || something_depends_on(column))
        return false;
    switch (schema->dialect) {
    case DIALECT_POSTGRESQL:
        return true;
    case DIALECT_MYSQL: /* refused on both sides of a foreign key */
        return !is_in_foreign_key(column) && !column->on_update &&
               (!column->default_value || column->default_value->kind != EXPRESSION_OTHER);
    case DIALECT_SQLITE:
    case DIALECT_SQLSERVER: /* refused where an index, key or default is on it */
        return false;
    }
    return false;
}

Remedy *advise_type(RuleContext *context, Finding *finding, const Schema *schema,
                    const Column *column, Str type, Str using_expression)
{
    if (!context->wants_remedies)
        return report_remedy(context, finding, STR(""), STR(""));
    Arena *out = context->arena;
    Dialect dialect = context->dialect;
    Str on = sql_table_name(out, schema, column->table);
    Str name = sql_identifier(out, dialect, column->name.text);
    Str was = column->type.written;
    Str title = str_format(out, "Change " STR_FMT "." STR_FMT " to " STR_FMT,
                           STR_ARG(table_title(out, schema, column->table)),
                           STR_ARG(column->name.text), STR_ARG(type));
    if (dialect == DIALECT_MYSQL) {
        Str value = column->default_value
                        ? str_format(out, " DEFAULT " STR_FMT, STR_ARG(column->default_value->text))
                        : STR("");
        Str rest = str_format(out, "%s%s" STR_FMT, column->is_nullable ? "" : " NOT NULL",
                              column->auto_increment ? " AUTO_INCREMENT" : "", STR_ARG(value));
        Remedy *remedy = report_remedy(
            context, finding, title,
            str_format(out, "ALTER TABLE " STR_FMT " MODIFY " STR_FMT " " STR_FMT STR_FMT ";",
                       STR_ARG(on), STR_ARG(name), STR_ARG(type), STR_ARG(rest)));
        remedy->verify = str_format(out, "SHOW COLUMNS FROM " STR_FMT ";", STR_ARG(on));
        remedy->undo =
            str_format(out, "ALTER TABLE " STR_FMT " MODIFY " STR_FMT " " STR_FMT STR_FMT ";",
                       STR_ARG(on), STR_ARG(name), STR_ARG(was), STR_ARG(rest));
        remedy->risk = str_format(out, "copies " STR_FMT " and blocks writes to it meanwhile",
                                  STR_ARG(column->table->name.text));
        return remedy;
    }
    Str using_clause = str_is_absent(using_expression)
                           ? STR("")
                           : str_format(out, " USING " STR_FMT, STR_ARG(using_expression));
    Remedy *remedy = report_remedy(
        context, finding, title,
        str_format(out,
                   "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " TYPE " STR_FMT STR_FMT ";",
                   STR_ARG(on), STR_ARG(name), STR_ARG(type), STR_ARG(using_clause)));
    remedy->verify = str_format(out, "SELECT pg_typeof(" STR_FMT ") FROM " STR_FMT " LIMIT 1;",
                                STR_ARG(name), STR_ARG(on));
    remedy->undo =
        str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " TYPE " STR_FMT ";",
                   STR_ARG(on), STR_ARG(name), STR_ARG(column->type.canonical));
    remedy->risk = str_format(out,
                              "rewrites " STR_FMT " and its indexes under ACCESS EXCLUSIVE: nobody "
                              "reads or writes it meanwhile",
                              STR_ARG(column->table->name.text));
    return remedy;
}

bool advice_can_edit_type(const RuleContext *context, const Column *column)
{
    return place_is_set(column->type.place) && !column->is_inherited &&
           column->type.place.fragment == column->place.fragment &&
           rule_can_edit(context, column->type.place);
}

/* ---- texts ---- */

void fix_add_after(RuleContext *context, Fix *fix, Place statement, Str sql)
{
    /* The statement's own terminator comes to stand after what is added. */
    fix_replace(context, fix, place_after(statement),
                str_format(context->arena, ";\n" STR_FMT, STR_ARG(sql)));
}

void fix_add_before(RuleContext *context, Fix *fix, Place statement, Str sql)
{
    fix_replace(context, fix, place_before(statement),
                str_format(context->arena, STR_FMT ";\n", STR_ARG(sql)));
}

Str advice_written_name(Arena *out, Dialect dialect, const QualifiedName *name)
{
    Str bare = sql_identifier(out, dialect, name->name.text);
    if (name_is_absent(name->schema))
        return bare;
    return str_format(out, STR_FMT "." STR_FMT,
                      STR_ARG(sql_identifier(out, dialect, name->schema.text)), STR_ARG(bare));
}

Str advice_title(Arena *out, const QualifiedName *name)
{
    if (name_is_absent(name->schema) || identifier_is_template(name->schema.text))
        return name->name.text;
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(name->schema.text),
                      STR_ARG(name->name.text));
}
