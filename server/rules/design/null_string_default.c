/* D36: DEFAULT 'NULL' is a word of four letters. */
#include "rules/advice.h"

/* A type in which the word is surely not meant: 'null' is a value in JSON, and may be a label. */
static bool cannot_mean_null(const Column *column)
{
    const ColumnType *type = &column->type;
    if (column->user_type || type->array_dims > 0)
        return false;
    return type_is_text(type->family) || type_is_integer(type->family) ||
           type_is_float(type->family) || type->family == TYPE_NUMERIC ||
           type->family == TYPE_BOOLEAN || type->family == TYPE_DATE || type->family == TYPE_TIME ||
           type->family == TYPE_TIMESTAMP || type->family == TYPE_UUID;
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->partition_of)
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        const Expression *value = column->default_value;
        if (!value || value->kind != EXPRESSION_STRING || column->is_inherited ||
            !str_equal_ignore_case(value->constant, STR("null")) || !cannot_mean_null(column))
            continue;
        Arena *out = rule_arena(context);
        Finding *finding = report(context, value->place,
                                  "the default of " STR_FMT "." STR_FMT " is the word '" STR_FMT
                                  "', not the absence of a value",
                                  STR_ARG(table_title(out, schema, table)),
                                  STR_ARG(column->name.text), STR_ARG(value->constant));
        report_table(context, finding, table, column);
        if (rule_can_edit(context, value->place) && column->is_nullable) {
            Fix *fix = report_fix(context, finding, "Make it NULL");
            fix_replace(context, fix, value->place, STR("NULL"));
        }
        if (rule_dialect(context) != DIALECT_POSTGRESQL && rule_dialect(context) != DIALECT_MYSQL)
            continue;
        Str on = sql_table_name(out, schema, table);
        Str name = sql_identifier(out, rule_dialect(context), column->name.text);
        Remedy *remedy = report_remedy(
            context, finding, STR("Drop the default"),
            str_format(out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " DROP DEFAULT;",
                       STR_ARG(on), STR_ARG(name)));
        remedy->undo = str_format(
            out, "ALTER TABLE " STR_FMT " ALTER COLUMN " STR_FMT " SET DEFAULT " STR_FMT ";",
            STR_ARG(on), STR_ARG(name), STR_ARG(value->text));
        if (type_is_text(column->type.family))
            remedy->verify = str_format(out,
                                        "SELECT count(*) FROM " STR_FMT " WHERE " STR_FMT
                                        " = " STR_FMT "; -- rows to repair",
                                        STR_ARG(on), STR_ARG(name), STR_ARG(value->text));
        remedy->risk = column->is_nullable
                           ? STR("takes an instant; rows that hold the word already keep it")
                           : STR("inserts that do not name the column fail: it is NOT NULL");
    }
}

const Rule rule_null_string_default = {
    .id = "null-string-default",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "DEFAULT 'NULL': the word where the absence of a value was meant",
    .why = "Rows get the text 'NULL'. IS NULL does not find them, and they reach people's "
           "screens and letters. In a number or a date it fails at the first insert.",
    .instead = "DEFAULT NULL, or no default at all.",
    .bad = "CREATE TABLE customers (\n"
           "    id bigint PRIMARY KEY,\n"
           "    nickname text DEFAULT 'NULL'\n"
           ");\n",
    .good = "CREATE TABLE customers (\n"
            "    id bigint PRIMARY KEY,\n"
            "    nickname text DEFAULT NULL\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-default.html",
    .on_table = on_table,
};
