/* D07: a timestamp without a zone does not say when. One finding per table: where one column
 * has it, all of them usually do. */
#include "rules/advice.h"

enum { SHOWN_COLUMNS = 3, SHOWN_PLACES = 10 };

static bool is_zoneless(const Column *column)
{
    return column->type.family == TYPE_TIMESTAMP && !column->type.with_time_zone &&
           column->type.array_dims == 0 && !column->is_inherited && column->is_type_exact;
}

static Str zoned(Arena *out, const ColumnType *type)
{
    return type->has_precision ? str_format(out, "timestamptz(%u)", type->precision)
                               : STR("timestamptz");
}

static void add_fix(RuleContext *context, Finding *finding, const ColumnVec *columns)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (!advice_can_edit_type(context, columns->items[i]))
            return;
    }
    Fix *fix = columns->n == 1 ? report_fix(context, finding, "Make it timestamptz")
                               : report_fix(context, finding, "Make them timestamptz");
    for (uint32_t i = 0; i < columns->n; i++)
        fix_replace(context, fix, columns->items[i]->type.place,
                    zoned(rule_arena(context), &columns->items[i]->type));
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of)
        return;
    Arena *out = rule_arena(context);
    ColumnVec columns = {0};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (is_zoneless(table->columns.items[i]))
            VEC_PUSH(out, &columns, table->columns.items[i]);
    }
    if (columns.n == 0)
        return;
    const Column *first = columns.items[0];
    Finding *finding = report(
        context, place_is_set(first->type.place) ? first->type.place : first->place,
        "%s " STR_FMT " of " STR_FMT
        " %s without a time zone: what instant %s is left to the reader",
        columns.n == 1 ? "column" : "columns", STR_ARG(advice_names(out, &columns, SHOWN_COLUMNS)),
        STR_ARG(table_title(out, schema, table)),
        columns.n == 1 ? "is a timestamp" : "are timestamps",
        columns.n == 1 ? "it means" : "they mean");
    report_table(context, finding, table, columns.n == 1 ? first : NULL);
    for (uint32_t i = 1; i < columns.n && i < SHOWN_PLACES; i++)
        report_related(context, finding, columns.items[i]->place, STR_FMT " too",
                       STR_ARG(columns.items[i]->name.text));
    add_fix(context, finding, &columns);
    for (uint32_t i = 0; i < columns.n; i++) {
        const Column *column = columns.items[i];
        if (!advice_can_change_type(schema, column))
            continue;
        Str name = sql_identifier(out, DIALECT_POSTGRESQL, column->name.text);
        Remedy *remedy = advise_type(context, finding, schema, column, zoned(out, &column->type),
                                     str_format(out, STR_FMT " AT TIME ZONE 'UTC'", STR_ARG(name)));
        remedy->undo = str_format(out,
                                  "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " TYPE " STR_FMT
                                  " USING " STR_FMT " AT TIME ZONE 'UTC';",
                                  STR_ARG(sql_table_name(out, schema, table)), STR_ARG(name),
                                  STR_ARG(column->type.canonical), STR_ARG(name));
        remedy->risk =
            str_format(out,
                       "reads the stored times as UTC: make sure that they are; rewrites " STR_FMT
                       " while nobody else can use it",
                       STR_ARG(table->name.text));
    }
}

const Rule rule_prefer_timestamptz = {
    .id = "prefer-timestamptz",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "timestamp without time zone",
    .why = "A plain timestamp stores what a clock showed, not an instant: whether 02:30 meant UTC, "
           "the server's or the "
           "user's zone is known only to the program that wrote it, and once a year it happens "
           "twice. now() is cut "
           "to the session's zone when it is stored. timestamptz takes the same eight bytes.",
    .instead = "timestamptz for anything that happened or will happen at an instant. Keep "
               "timestamp for times on a "
               "wall clock, such as opening hours, and suppress this with that reason.",
    .bad = "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    placed_at timestamp NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    placed_at timestamptz NOT NULL\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-datetime.html",
    .on_table = on_table,
};
