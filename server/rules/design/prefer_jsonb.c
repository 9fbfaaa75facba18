/* D09: json keeps the text and parses it anew at every use. */
#include "rules/advice.h"

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of)
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (column->type.family != TYPE_JSON || column->type.array_dims > 0 ||
            column->is_inherited || !column->is_type_exact)
            continue;
        Arena *out = rule_arena(context);
        Finding *finding =
            report(context, place_is_set(column->type.place) ? column->type.place : column->place,
                   STR_FMT "." STR_FMT
                           " is json: it cannot be indexed or compared, and is parsed at every use",
                   STR_ARG(table_title(out, schema, table)), STR_ARG(column->name.text));
        report_table(context, finding, table, column);
        if (advice_can_edit_type(context, column)) {
            Fix *fix = report_fix(context, finding, "Make it jsonb");
            fix_replace(context, fix, column->type.place, STR("jsonb"));
        }
        if (!rule_wants_remedies(context) || !advice_can_change_type(schema, column))
            continue;
        Remedy *remedy = advise_type(context, finding, schema, column, STR("jsonb"), (Str){0});
        remedy->risk =
            str_format(out,
                       "rewrites " STR_FMT
                       " while nobody else can use it; spaces, the order of keys and doubled "
                       "keys are lost",
                       STR_ARG(table->name.text));
    }
}

const Rule rule_prefer_jsonb = {
    .id = "prefer-jsonb",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a json column where jsonb would do",
    .why = "json stores the text and parses it whenever a key is read. It has no equality, so "
           "DISTINCT, GROUP BY and UNION fail on it, and no index can look inside.",
    .instead = "jsonb. Keep json only where the exact text matters, such as a signed payload, "
               "and suppress this with that reason.",
    .bad = "CREATE TABLE events (\n"
           "    id bigint PRIMARY KEY,\n"
           "    payload json NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE events (\n"
            "    id bigint PRIMARY KEY,\n"
            "    payload jsonb NOT NULL\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-json.html",
    .on_table = on_table,
};
