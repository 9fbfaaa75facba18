/* O09: MySQL indexes a TEXT or BLOB column only up to a length that must be written. */
#include "rules/advice.h"

enum { FIRST_MARIADB = 10 }; /* which picks a length by itself, but not for primary keys */

static bool needs_length(const Column *column)
{
    return column->type.family == TYPE_TEXT || column->type.family == TYPE_BLOB;
}

static void check_index(RuleContext *context, const Table *table, const Schema *schema,
                        const Index *index)
{
    bool is_primary = index->constraint && index->constraint->is_primary;
    if (index->kind != INDEX_NORMAL ||
        (rule_server_version(context).major >= FIRST_MARIADB && !is_primary))
        return;
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (!part->column || !needs_length(part->column) || !part->part ||
            part->part->prefix_length > 0)
            continue;
        Place place = place_is_set(part->part->place) ? part->part->place : index->place;
        if (!place_is_set(place))
            place = part->column->place;
        if (rule_language(context, place) == FILE_PRISMA)
            return; /* Prisma's own validation says it */
        Arena *out = rule_arena(context);
        Finding *finding =
            report(context, place,
                   "MySQL refuses this %s on " STR_FMT "." STR_FMT ": a " STR_FMT
                   " column is indexed up to a length only",
                   is_primary ? "primary key" : "index", STR_ARG(table_title(out, schema, table)),
                   STR_ARG(part->column->name.text), STR_ARG(part->column->type.canonical));
        report_table(context, finding, table, part->column);
        if (place.fragment != part->column->place.fragment ||
            place.range.start != part->column->place.range.start)
            report_related(context, finding, part->column->place, "the column");
        return;
    }
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->is_temporary)
        return;
    for (uint32_t i = 0; i < table->indexes.n; i++)
        check_index(context, table, schema, table->indexes.items[i]);
}

const Rule rule_text_key_without_length = {
    .id = "text-key-without-length",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_MYSQL,
    .what = "a key or index on a whole TEXT or BLOB column of MySQL",
    .why = "MySQL stores such columns apart from the row and indexes at most their first bytes; it "
           "must be told how many, and refuses the statement otherwise (error 1170). A unique key "
           "over the first bytes alone is another promise than one over the whole value.",
    .instead = "`varchar(n)` for what is a key; a length, `body(100)`, where the beginning is "
               "enough to search by; FULLTEXT to search for words.",
    .bad = "CREATE TABLE customers (\n"
           "    id bigint PRIMARY KEY AUTO_INCREMENT,\n"
           "    email text NOT NULL,\n"
           "    UNIQUE KEY customers_email (email)\n"
           ");\n",
    .good = "CREATE TABLE customers (\n"
            "    id bigint PRIMARY KEY AUTO_INCREMENT,\n"
            "    email varchar(255) NOT NULL,\n"
            "    UNIQUE KEY customers_email (email)\n"
            ");\n",
    .sources = "https://dev.mysql.com/doc/refman/8.0/en/column-indexes.html",
    .on_table = on_table,
};
