/* DEFAULT 'now()' is a constant: the moment at which the table was made. */
#include "rules/advice.h"

/* A type whose values are never written like a call. */
static bool is_no_text(const Column *column)
{
    TypeFamily family = column->type.family;
    if (column->user_type || column->type.array_dims > 0)
        return false;
    return type_is_integer(family) || type_is_float(family) || family == TYPE_NUMERIC ||
           family == TYPE_BOOLEAN || family == TYPE_DATE || family == TYPE_TIME ||
           family == TYPE_TIMESTAMP || family == TYPE_UUID;
}

static bool is_time(TypeFamily family)
{
    return family == TYPE_DATE || family == TYPE_TIME || family == TYPE_TIMESTAMP;
}

/* Words that PostgreSQL reads as a moment: of the day on which the table is made. */
static bool is_moment(Str value)
{
    static const char *const words[] = {"now", "now()", "today", "tomorrow", "yesterday"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_ignore_case(value, str_from(words[i])))
            return true;
    }
    return false;
}

/* "gen_random_uuid()", "nextval('s')", "CURRENT_TIMESTAMP". */
static bool is_call(Str value)
{
    static const char *const words[] = {"current_timestamp", "current_date", "current_time",
                                        "localtimestamp",    "localtime",    "sysdate"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_ignore_case(value, str_from(words[i])))
            return true;
    }
    uint32_t open = 0;
    while (open < value.length &&
           ((value.data[open] >= 'a' && value.data[open] <= 'z') ||
            (value.data[open] >= 'A' && value.data[open] <= 'Z') || value.data[open] == '_' ||
            value.data[open] == '.' ||
            (open > 0 && value.data[open] >= '0' && value.data[open] <= '9')))
        open++;
    return open > 0 && open < value.length && value.data[open] == '(' &&
           str_ends_with(value, STR(")"));
}

/* ('now'::text)::timestamptz is computed anew each time: what old dumps write for now(). */
static bool is_cast_from_text(const Expression *value)
{
    return str_contains(value->text, STR("::text")) || str_contains(value->text, STR("::varchar"));
}

static void add_fix(RuleContext *context, Finding *finding, const Expression *value)
{
    if (!rule_can_edit(context, value->place))
        return;
    Str constant = value->constant;
    Str call =
        is_moment(constant) && !str_ends_with(constant, STR(")"))
            ? (str_equal_ignore_case(constant, STR("now")) ? STR("CURRENT_TIMESTAMP") : (Str){0})
            : constant;
    if (str_is_empty(call) || str_contains(call, STR("'")))
        return;
    Fix *fix = report_fix(context, finding, "Call it for each row");
    fix_replace(context, fix, value->place, call);
}

static void check_column(RuleContext *context, const Table *table, const Schema *schema,
                         const Column *column)
{
    const Expression *value = column->default_value;
    if (!value || value->kind != EXPRESSION_STRING || column->is_inherited || !is_no_text(column) ||
        is_cast_from_text(value))
        return;
    Dialect dialect = rule_dialect(context);
    Str constant = value->constant;
    bool is_frozen =
        dialect == DIALECT_POSTGRESQL && is_time(column->type.family) && is_moment(constant);
    if (!is_frozen && !is_call(constant))
        return;
    Arena *out = rule_arena(context);
    Str name = str_format(out, STR_FMT "." STR_FMT, STR_ARG(table_title(out, schema, table)),
                          STR_ARG(column->name.text));
    Finding *finding = NULL;
    if (is_frozen) {
        finding = report(context, value->place,
                         "every row gets the moment at which the table was made in " STR_FMT
                         ": '" STR_FMT "' is a constant",
                         STR_ARG(name), STR_ARG(constant));
        report_at_most(finding, SEVERITY_WARNING);
    } else if (dialect == DIALECT_SQLITE) {
        finding = report(context, value->place,
                         "rows get the text '" STR_FMT "' in " STR_FMT ", not what it would give",
                         STR_ARG(constant), STR_ARG(name));
        report_at_most(finding, SEVERITY_WARNING);
    } else {
        finding = report(context, value->place,
                         "the default of " STR_FMT " is the text '" STR_FMT
                         "', which is no value of its type: the database refuses it",
                         STR_ARG(name), STR_ARG(constant));
    }
    report_table(context, finding, table, column);
    add_fix(context, finding, value);
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->partition_of)
        return;
    for (uint32_t i = 0; i < table->columns.n; i++)
        check_column(context, table, schema, table->columns.items[i]);
}

const Rule rule_quoted_default = {
    .id = "quoted-default",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a function's name in quotes as the default of a column that is no text",
    .why = "In quotes it is a constant. PostgreSQL reads 'now()' once, when the table is made, and "
           "gives that moment to every row ever after; other functions in quotes are refused, and "
           "SQLite stores the words themselves. ORMs put quotes around a default that is given as "
           "a plain string.",
    .instead = "Without quotes: `DEFAULT now()`. In an ORM, mark it as SQL: "
               "`server_default=func.now()` or `text(\"now()\")`, `@default(now())`.",
    .bad = "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    created_at timestamptz NOT NULL DEFAULT 'now()'\n"
           ");\n",
    .good = "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    created_at timestamptz NOT NULL DEFAULT now()\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/"
               "datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES "
               "https://docs.sqlalchemy.org/en/20/core/defaults.html",
    .on_table = on_table,
};
