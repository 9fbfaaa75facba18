/* D07: a timestamp without a zone does not say when. One finding per table: where one column
 * has it, all of them usually do. */
#include "rules/advice.h"

enum {
    SHOWN_COLUMNS = 3,
    SHOWN_PLACES = 10,
    ENOUGH_TABLES = 3,             /* with times: fewer show no convention */
    VERSION_WITH_FREE_CHANGE = 12, /* the first that need not rewrite between the two */
};

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

/* One statement for all columns: the table is locked once. In a session in UTC, PostgreSQL 12 and
 * later keep the rows as they are; before, a conversion rewrites them. */
static void add_remedy(RuleContext *context, Finding *finding, const Schema *schema,
                       const Table *table, const ColumnVec *columns)
{
    Arena *out = rule_arena(context);
    bool keeps_rows = rule_server_version(context).major >= VERSION_WITH_FREE_CHANGE;
    StrVec there = {0};
    StrVec back = {0};
    for (uint32_t i = 0; i < columns->n; i++) {
        const Column *column = columns->items[i];
        if (!advice_can_change_type(schema, column))
            return;
        Str name = sql_identifier(out, DIALECT_POSTGRESQL, column->name.text);
        /* A precision would have to be rounded to, row by row. */
        Str type = keeps_rows ? STR("timestamptz") : zoned(out, &column->type);
        Str how = keeps_rows
                      ? STR("")
                      : str_format(out, " USING " STR_FMT " AT TIME ZONE 'UTC'", STR_ARG(name));
        VEC_PUSH(out, &there,
                 str_format(out, "ALTER COLUMN " STR_FMT " TYPE " STR_FMT STR_FMT, STR_ARG(name),
                            STR_ARG(type), STR_ARG(how)));
        VEC_PUSH(out, &back,
                 str_format(out, "ALTER COLUMN " STR_FMT " TYPE " STR_FMT STR_FMT, STR_ARG(name),
                            STR_ARG(column->type.canonical), STR_ARG(how)));
    }
    const char *before = keeps_rows ? "SET timezone = 'UTC';\n" : "";
    Str on = sql_table_name(out, schema, table);
    Remedy *remedy =
        report_remedy(context, finding,
                      str_format(out, "Give the times of " STR_FMT " their zone",
                                 STR_ARG(table_title(out, schema, table))),
                      str_format(out, "%sALTER TABLE " STR_FMT " " STR_FMT ";", before, STR_ARG(on),
                                 STR_ARG(str_join(out, there.items, there.n, STR(", ")))));
    remedy->undo = str_format(out, "%sALTER TABLE " STR_FMT " " STR_FMT ";", before, STR_ARG(on),
                              STR_ARG(str_join(out, back.items, back.n, STR(", "))));
    Str first = sql_identifier(out, DIALECT_POSTGRESQL, columns->items[0]->name.text);
    remedy->verify = str_format(out, "SELECT pg_typeof(" STR_FMT ") FROM " STR_FMT " LIMIT 1;",
                                STR_ARG(first), STR_ARG(on));
    remedy->risk =
        keeps_rows
            ? str_format(out,
                         "its statements belong in one session; reads the stored times as UTC: "
                         "make sure that they are; rebuilds the indexes on them under an ACCESS "
                         "EXCLUSIVE lock on " STR_FMT,
                         STR_ARG(table->name.text))
            : str_format(out,
                         "reads the stored times as UTC: make sure that they are; while nobody "
                         "else can use it, rewrites " STR_FMT,
                         STR_ARG(table->name.text));
}

static void check_table(RuleContext *context, const Schema *schema, const Table *table,
                        bool is_usual)
{
    Arena *out = rule_arena(context);
    ColumnVec columns = {0};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (is_zoneless(table->columns.items[i]))
            VEC_PUSH(out, &columns, table->columns.items[i]);
    }
    if (columns.n == 0)
        return;
    const Column *first = columns.items[0];
    Place place = place_is_set(first->type.place) ? first->type.place : first->place;
    Str names = advice_names(out, &columns, SHOWN_COLUMNS);
    Str title = table_title(out, schema, table);
    Finding *finding =
        columns.n == 1
            ? report(context, place,
                     STR_FMT "." STR_FMT
                             " has no time zone: what instant it means is left to the reader",
                     STR_ARG(title), STR_ARG(names))
            : report(context, place,
                     STR_FMT " of " STR_FMT
                             " have no time zone: what instants they mean is left to the reader",
                     STR_ARG(names), STR_ARG(title));
    if (is_usual)
        report_at_most(finding, SEVERITY_HINT);
    report_table(context, finding, table, columns.n == 1 ? first : NULL);
    for (uint32_t i = 1; i < columns.n && i < SHOWN_PLACES; i++)
        report_related(context, finding, columns.items[i]->place, STR_FMT " too",
                       STR_ARG(columns.items[i]->name.text));
    add_fix(context, finding, &columns);
    if (rule_wants_remedies(context))
        add_remedy(context, finding, schema, table, &columns);
}

static bool is_judged(const Table *table)
{
    return table_is_base(table) && table->kind != TABLE_FOREIGN && !table->is_temporary &&
           !table->partition_of;
}

/* A database of several tables that knows no zone anywhere has a convention, usually UTC. */
static bool is_convention(const Schema *schema)
{
    uint32_t n_tables = 0;
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        if (!is_judged(table))
            continue;
        bool has_time = false;
        for (uint32_t i = 0; i < table->columns.n; i++) {
            const ColumnType *type = &table->columns.items[i]->type;
            if (type->family == TYPE_TIMESTAMP && type->with_time_zone)
                return false;
            has_time = has_time || type->family == TYPE_TIMESTAMP;
        }
        n_tables += has_time;
    }
    return n_tables >= ENOUGH_TABLES;
}

static void on_database(RuleContext *context, const Database *database)
{
    const Schema *schema = database->schema;
    bool is_usual = is_convention(schema);
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        if (is_judged(table))
            check_table(context, schema, table, is_usual);
    }
}

const Rule rule_prefer_timestamptz = {
    .id = "prefer-timestamptz",
    .squawk = "prefer-timestamp-tz",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "timestamp without time zone",
    .why = "A plain timestamp stores what a clock showed, not an instant: whether 02:30 meant "
           "UTC, the server's or the user's zone is known only to the program that wrote it, and "
           "once a year it happens twice. now() is cut to the session's zone when it is stored. "
           "timestamptz takes the same eight bytes.",
    .instead = "timestamptz for anything that happened or will happen at an instant. Keep "
               "timestamp for times on a wall clock, such as opening hours, and suppress this "
               "with that reason.",
    .bad = "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    placed_at timestamp NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    placed_at timestamptz NOT NULL\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-datetime.html",
    .on_database = on_database,
};
