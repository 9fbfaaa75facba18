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
    if (!from || to->type.family == TYPE_UNKNOWN || is_free_in_mysql(&from->type, &to->type))
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

/* True where a session of the source runs in UTC from an earlier SET on. */
static bool is_in_utc(const RuleContext *context)
{
    for (uint32_t i = context->operation_index; context->operations && i > 0; i--) {
        const Operation *earlier = context->operations->items[i - 1];
        if (earlier->kind != OP_SET ||
            !str_equal_ignore_case(earlier->as.set.name.text, STR("timezone")))
            continue;
        Str value =
            earlier->as.set.items.n == 1 ? earlier->as.set.items.items[0] : earlier->as.set.value;
        return str_equal_ignore_case(value, STR("utc")) ||
               str_equal_ignore_case(value, STR("'utc'"));
    }
    return false;
}

/* timestamp and timestamptz are stored alike: in a session in UTC one becomes the other as it is.
 * A precision to round to is another conversion, which rewrites. */
static bool is_zone_change(const RuleContext *context, const ColumnType *from, const ColumnType *to)
{
    enum { VERSION_WITH_FREE_ZONE = 12, FULL_PRECISION = 6 };
    return rule_server_version(context).major >= VERSION_WITH_FREE_ZONE &&
           from->family == TYPE_TIMESTAMP && to->family == TYPE_TIMESTAMP &&
           from->with_time_zone != to->with_time_zone && from->array_dims == 0 &&
           to->array_dims == 0 && (!to->has_precision || to->precision == FULL_PRECISION);
}

typedef enum { COST_NONE, COST_ZONE, COST_SCAN, COST_REWRITE } Cost;

/* What changing a known column costs. */
static Cost cost_of(const RuleContext *context, const Operation *operation, const Column *column)
{
    const ColumnType *to = &operation->as.set_type.type;
    const Expression *using_expression = operation->as.set_type.using_expression;
    if (to->family == TYPE_UNKNOWN)
        return COST_NONE; /* only the running program could tell */
    if (using_expression && using_expression->kind != EXPRESSION_COLUMN)
        return COST_REWRITE;
    if (!using_expression && is_zone_change(context, &column->type, to))
        return is_in_utc(context) ? COST_NONE : COST_ZONE;
    bool scans = false;
    if (!type_change_is_free(&column->type, to, &scans))
        return COST_REWRITE;
    return scans ? COST_SCAN : COST_NONE;
}

static bool is_same_statement(const Operation *a, const Operation *b)
{
    return a->place.fragment == b->place.fragment && a->statement_index == b->statement_index;
}

/* A statement rewrites its table once, however many columns it changes. */
static bool is_told_before(const RuleContext *context, const Operation *operation)
{
    for (uint32_t i = context->operation_index; context->operations && i > 0; i--) {
        const Operation *earlier = context->operations->items[i - 1];
        if (!is_same_statement(earlier, operation))
            return false;
        if (earlier->kind == OP_SET_COLUMN_TYPE)
            return true;
    }
    return false;
}

/* The costliest change of the statement that `operation` begins; *others counts those that cost
 * as much beside it. */
static const Operation *costliest(const RuleContext *context, const Operation *operation,
                                  const Table *table, Cost *cost, uint32_t *others)
{
    const Operation *result = operation;
    *cost = COST_NONE;
    *others = 0;
    const OperationPointerVec *all = context->operations;
    for (uint32_t i = context->operation_index; all && i < all->n; i++) {
        const Operation *one = all->items[i];
        if (!is_same_statement(one, operation))
            break;
        if (one->kind != OP_SET_COLUMN_TYPE)
            continue;
        const Column *column = table_column(table, one->as.set_type.column.text);
        if (!column || column->type.family == TYPE_UNKNOWN)
            continue;
        Cost its = cost_of(context, one, column);
        if (its > *cost) {
            *cost = its;
            *others = 0;
            result = one;
        } else if (its == *cost && its != COST_NONE) {
            (*others)++;
        }
    }
    return result;
}

static void report_change(RuleContext *context, const Operation *operation, const Table *table,
                          Cost cost, uint32_t others)
{
    static const char *const effects[] = {
        [COST_NONE] = "",
        [COST_ZONE] = "rewrites the table while it is locked, unless the session is in UTC",
        [COST_SCAN] = "reads every row while nobody else can use the table",
        [COST_REWRITE] = "rewrites the table and its indexes while nobody else can use it"};
    Arena *out = rule_arena(context);
    const Column *column = table_column(table, operation->as.set_type.column.text);
    Str more = others == 0   ? STR("")
               : others == 1 ? STR(" (and one more column)")
                             : str_format(out, " (and %u more columns)", others);
    Finding *finding =
        report(context, operation->place,
               "changing " STR_FMT "." STR_FMT " from " STR_FMT " to " STR_FMT STR_FMT " %s",
               STR_ARG(advice_title(out, &operation->target)), STR_ARG(column->name.text),
               STR_ARG(column->type.canonical), STR_ARG(operation->as.set_type.type.canonical),
               STR_ARG(more), effects[cost]);
    if (cost == COST_ZONE)
        report_at_most(finding, SEVERITY_INFO);
    report_table(context, finding, table, column);
    report_related(context, finding, column->place, "defined as " STR_FMT " here",
                   STR_ARG(column->type.written));
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
    const Table *table = NULL;
    if (!around_table_in_use(context, operation, before, &table) ||
        is_told_before(context, operation) || around_emptied_before(context, &operation->target))
        return;
    if (table) {
        Cost cost;
        uint32_t others;
        const Operation *worst = costliest(context, operation, table, &cost, &others);
        if (cost != COST_NONE)
            report_change(context, worst, table, cost, others);
        return;
    }
    const ColumnType *to = &operation->as.set_type.type;
    if (is_never_free(to->family))
        report(context, operation->place,
               "changing " STR_FMT "." STR_FMT " to " STR_FMT
               " rewrites the table while nobody else can use it",
               STR_ARG(advice_title(rule_arena(context), &operation->target)),
               STR_ARG(operation->as.set_type.column.text), STR_ARG(to->canonical));
}

const Rule rule_column_type_rewrite = {
    .id = "column-type-rewrite",
    .squawk = "changing-column-type",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL,
    .what = "a change of a column's type that rewrites a table that is in use",
    .why = "PostgreSQL writes the table and its indexes anew under ACCESS EXCLUSIVE: nobody "
           "reads or writes it meanwhile, and it needs the disk space twice. MySQL copies the "
           "table and blocks writes. The running program may also not know what to do with the "
           "new type. Changes that keep the stored bytes, varchar(50) to varchar(100) or to "
           "text, are free and are not reported.",
    .instead = "Add a column of the new type, keep it filled by a trigger or by the program, "
               "fill the old rows in batches, switch readers over, drop the old column. For a "
               "small table, do it in a quiet minute with a lock_timeout. timestamp becomes "
               "timestamptz without a rewrite in a session whose time zone is UTC, where no "
               "precision and no USING is written.",
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
