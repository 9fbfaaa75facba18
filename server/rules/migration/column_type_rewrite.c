/* M19: most type changes write the whole table anew while nobody can use it; some are free. */
#include "rules/advice.h"
#include "rules/around.h"

/* Reached from no other type without a rewrite: for a column that the files do not show. */
static bool is_never_free(TypeFamily family)
{
    static const TypeFamily families[] = {TYPE_SMALLINT, TYPE_INTEGER, TYPE_BIGINT, TYPE_BOOLEAN,
                                          TYPE_REAL,     TYPE_DOUBLE,  TYPE_DATE,   TYPE_UUID,
                                          TYPE_JSON,     TYPE_JSONB};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (families[i] == family)
            return true;
    }
    return false;
}

/* Labels that are only added at the end change the definition alone. */
static bool appends_values(const ColumnType *from, const ColumnType *to)
{
    if (to->values.n < from->values.n)
        return false;
    for (uint32_t i = 0; i < from->values.n; i++) {
        if (!str_equal(from->values.items[i], to->values.items[i]))
            return false;
    }
    return from->values.n > 0;
}

/* MySQL changes these in place: a longer VARCHAR whose length byte stays one byte or two, and
 * labels at the end of an ENUM or SET. */
static bool is_free_in_mysql(const ColumnType *from, const ColumnType *to)
{
    enum { BYTES_PER_CHARACTER = 4, ONE_LENGTH_BYTE = 255 }; /* utf8mb4 */
    if (type_equal(from, to))
        return true;
    if (from->family != to->family)
        return false;
    if (from->family == TYPE_VARCHAR)
        return to->length >= from->length &&
               (from->length * BYTES_PER_CHARACTER > ONE_LENGTH_BYTE) ==
                   (to->length * BYTES_PER_CHARACTER > ONE_LENGTH_BYTE);
    if (from->family == TYPE_ENUM || from->family == TYPE_SET)
        return appends_values(from, to);
    /* int(11) to int(10): the display width is not the type. */
    return type_is_integer(from->family) && from->is_unsigned == to->is_unsigned;
}

static void on_replaced(RuleContext *context, const Operation *operation, const Schema *before)
{
    const ColumnDef *to = &operation->as.replace_column.column;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table) || !table)
        return;
    Name old = operation->as.replace_column.old_name;
    const Column *from = table_column(table, name_is_absent(old) ? to->name.text : old.text);
    if (!from || is_free_in_mysql(&from->type, &to->type))
        return;
    Finding *finding = report(
        context, place_is_set(to->type.place) ? to->type.place : operation->place,
        "changing " STR_FMT "." STR_FMT " from " STR_FMT " to " STR_FMT
        " copies the table and blocks writes meanwhile",
        STR_ARG(advice_title(rule_arena(context), &operation->target)), STR_ARG(from->name.text),
        STR_ARG(from->type.canonical), STR_ARG(to->type.canonical));
    report_table(context, finding, table, from);
    report_related(context, finding, from->place, "defined as " STR_FMT " here",
                   STR_ARG(from->type.written));
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)transaction;
    if (operation->kind == OP_REPLACE_COLUMN && context->dialect == DIALECT_MYSQL) {
        on_replaced(context, operation, before);
        return;
    }
    if (operation->kind != OP_SET_COLUMN_TYPE || context->dialect != DIALECT_POSTGRESQL)
        return;
    const ColumnType *to = &operation->as.set_type.type;
    const Expression *using_expression = operation->as.set_type.using_expression;
    Str name = operation->as.set_type.column.text;
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table) ||
        around_emptied_before(context, &operation->target))
        return;
    Str on = advice_title(rule_arena(context), &operation->target);
    const Column *column = table ? table_column(table, name) : NULL;
    Place place = place_is_set(operation->place) ? operation->place : to->place;
    if (!column || column->type.family == TYPE_UNKNOWN) {
        if (table || !is_never_free(to->family))
            return;
        report(context, place,
               "changing " STR_FMT "." STR_FMT " to " STR_FMT
               " rewrites the table while nobody else can use it",
               STR_ARG(on), STR_ARG(name), STR_ARG(to->canonical));
        return;
    }
    bool computes = using_expression && using_expression->kind != EXPRESSION_COLUMN;
    bool scans = false;
    bool is_free = type_change_is_free(&column->type, to, &scans) && !computes;
    if (is_free && !scans)
        return;
    Finding *finding =
        report(context, place,
               "changing " STR_FMT "." STR_FMT " from " STR_FMT " to " STR_FMT
               " %s while nobody else can use it",
               STR_ARG(on), STR_ARG(name), STR_ARG(column->type.canonical), STR_ARG(to->canonical),
               is_free ? "reads every row" : "rewrites the table and its indexes");
    report_table(context, finding, table, column);
    report_related(context, finding, column->place, "defined as " STR_FMT " here",
                   STR_ARG(column->type.written));
}

const Rule rule_column_type_rewrite = {
    .id = "column-type-rewrite",
    .alias = "changing-column-type",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL,
    .what = "a change of a column's type that rewrites a table that is in use",
    .why = "PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE: nobody reads "
           "or writes it "
           "meanwhile, and it needs the disk space twice. MySQL copies the table and blocks "
           "writes. The "
           "running program may also not know what to do with the new type. Changes that keep the "
           "stored "
           "bytes, varchar(50) to varchar(100) or to text, are free and are not reported.",
    .instead =
        "Add a column of the new type, keep it filled by a trigger or by the program, fill the old "
        "rows in "
        "batches, switch readers over, drop the old column. For a small table, do it in a quiet "
        "minute with a lock_timeout.",
    .bad = "CREATE TABLE orders (id integer PRIMARY KEY, quantity integer);\n"
           "-- next migration\n"
           "ALTER TABLE orders ALTER COLUMN quantity TYPE bigint;\n",
    .good = "CREATE TABLE orders (id integer PRIMARY KEY, note varchar(50));\n"
            "-- next migration\n"
            "ALTER TABLE orders ALTER COLUMN note TYPE varchar(200);\n",
    .sources = "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES "
               "https://dev.mysql.com/doc/refman/8.0/en/innodb-online-ddl-operations.html",
    .on_operation = on_operation,
};
