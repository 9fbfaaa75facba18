/* D06: PostgreSQL's char(n) pads with spaces and is no faster. */
#include "rules/advice.h"

static Str replacement(Arena *out, const ColumnType *type)
{
    return type->length > 0 ? str_format(out, "varchar(%u)", type->length) : STR("varchar(1)");
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of)
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        /* "char" with quotes is another type, of one byte; its family is not TYPE_CHAR. */
        if (column->type.family != TYPE_CHAR || column->is_inherited || !column->is_type_exact ||
            !str_starts_with(column->type.canonical, STR("character(")))
            continue;
        Arena *out = rule_arena(context);
        Str type = replacement(out, &column->type);
        Finding *finding =
            report(context, place_is_set(column->type.place) ? column->type.place : column->place,
                   STR_FMT "." STR_FMT " is " STR_FMT
                           ": shorter values are padded with spaces, and it saves nothing",
                   STR_ARG(table_title(out, schema, table)), STR_ARG(column->name.text),
                   STR_ARG(column->type.written));
        report_table(context, finding, table, column);
        if (column->type.array_dims > 0)
            continue;
        if (advice_can_edit_type(context, column)) {
            Fix *fix = report_fix(context, finding, "Make it " STR_FMT, STR_ARG(type));
            fix_replace(context, fix, column->type.place, type);
        }
        if (rule_wants_remedies(context) && advice_can_change_type(schema, column))
            advise_type(context, finding, schema, column, type, (Str){0});
    }
}

const Rule rule_char_type = {
    .id = "char-type",
    .squawk = "ban-char-field",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a char(n) column in PostgreSQL",
    .why = "PostgreSQL pads char(n) with spaces that some operators ignore and others do not, "
           "stores them, and is no faster for it than with varchar or text. A plain char is "
           "char(1).",
    .instead = "text, with CHECK (length(code) = 2) where the length is part of the meaning; or "
               "varchar(n).",
    .bad = "CREATE TABLE countries (\n"
           "    id bigint PRIMARY KEY,\n"
           "    code char(2) NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE countries (\n"
            "    id bigint PRIMARY KEY,\n"
            "    code text NOT NULL CHECK (length(code) = 2)\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-character.html",
    .on_table = on_table,
};
