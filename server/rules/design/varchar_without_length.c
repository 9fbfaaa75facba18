/* O04, O09: what is text without a limit elsewhere is no type at all in MySQL. */
#include "rules/advice.h"

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table))
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        TypeFamily family = column->type.family;
        if ((family != TYPE_VARCHAR && family != TYPE_VARBINARY) || column->type.length > 0 ||
            column->is_inherited || !column->is_type_exact)
            continue;
        Place place = place_is_set(column->type.place) ? column->type.place : column->place;
        Finding *finding =
            report(context, place,
                   "MySQL refuses " STR_FMT "." STR_FMT ": " STR_FMT " needs a length there",
                   STR_ARG(table_title(rule_arena(context), schema, table)),
                   STR_ARG(column->name.text), STR_ARG(column->type.written));
        report_table(context, finding, table, column);
    }
}

const Rule rule_varchar_without_length = {
    .id = "varchar-without-length",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_MYSQL,
    .what = "a VARCHAR, or an ORM's string, without a length on MySQL",
    .why = "PostgreSQL and SQLite take a varchar without a length as text. MySQL refuses the "
           "table, and SQLAlchemy refuses to write it: a model that was tried on SQLite fails "
           "when it first meets MySQL.",
    .instead = "A length that fits the longest value, `varchar(255)`; `text` where there is no "
               "limit and no index.",
    .bad = "CREATE TABLE customers (\n"
           "    id bigint PRIMARY KEY AUTO_INCREMENT,\n"
           "    name varchar NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE customers (\n"
            "    id bigint PRIMARY KEY AUTO_INCREMENT,\n"
            "    name varchar(255) NOT NULL\n"
            ");\n",
    .sources = "https://dev.mysql.com/doc/refman/8.0/en/string-type-syntax.html "
               "https://docs.sqlalchemy.org/en/20/core/type_basics.html",
    .on_table = on_table,
};
