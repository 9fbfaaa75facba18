/* D17: a foreign key column that is not of the type of the key it points at. */
#include "rules/advice.h"

/* The type that is compared: a domain's base. */
static const ColumnType *compared_type(const Column *column)
{
    if (column->user_type && column->user_type->kind == TYPE_DEF_DOMAIN)
        return &column->user_type->base;
    return &column->type;
}

static bool is_known(const ColumnType *type)
{
    return type->family != TYPE_UNKNOWN && type->family != TYPE_OTHER &&
           type->family != TYPE_DOMAIN;
}

/* SQLite compares by value: only what can never be equal matters. */
static bool differs_in_sqlite(const ColumnType *from, const ColumnType *to)
{
    return (type_is_integer(from->family) && type_is_text(to->family)) ||
           (type_is_text(from->family) && type_is_integer(to->family));
}

/* No comparison between the two: the database refuses the constraint. */
static bool is_refused(Dialect dialect, const ColumnType *from, const ColumnType *to)
{
    if (dialect == DIALECT_SQLITE)
        return false;
    if (dialect == DIALECT_MYSQL || dialect == DIALECT_SQLSERVER)
        return true;
    bool integers = type_is_integer(from->family) && type_is_integer(to->family);
    bool texts = type_is_text(from->family) && type_is_text(to->family);
    bool numbers = (type_is_integer(from->family) || from->family == TYPE_NUMERIC) &&
                   (type_is_integer(to->family) || to->family == TYPE_NUMERIC);
    return !integers && !texts && !numbers && from->family != to->family &&
           from->family != TYPE_TIMESTAMP && from->family != TYPE_DATE;
}

static int integer_rank(TypeFamily family)
{
    static const TypeFamily order[] = {TYPE_TINYINT, TYPE_SMALLINT, TYPE_MEDIUMINT, TYPE_INTEGER,
                                       TYPE_BIGINT};
    for (int i = 0; i < (int)(sizeof order / sizeof order[0]); i++) {
        if (order[i] == family)
            return i;
    }
    return -1;
}

static Str plain_type(const ColumnType *type)
{
    return type->is_serial ? type->canonical : type->written;
}

static void advise(RuleContext *context, Finding *finding, const Schema *schema,
                   const Column *column, const Column *target)
{
    if (column->user_type || target->user_type || column->is_serial ||
        column->identity != IDENTITY_NONE || column->type.array_dims > 0)
        return;
    Str type = plain_type(&target->type);
    if (advice_can_edit_type(context, column) && !column->default_value) {
        Fix *fix = report_fix(context, finding, "Make it " STR_FMT, STR_ARG(type));
        fix_replace(context, fix, column->type.place, type);
    }
    bool widens = integer_rank(column->type.family) >= 0 &&
                  integer_rank(column->type.family) < integer_rank(target->type.family);
    if (widens && advice_can_change_type(schema, column))
        advise_type(context, finding, schema, column, target->type.canonical, (Str){0});
}

static void check_pair(RuleContext *context, const Schema *schema, const ForeignKey *key,
                       const Column *column, const Column *target)
{
    const ColumnType *from = compared_type(column);
    const ColumnType *to = compared_type(target);
    Dialect dialect = rule_dialect(context);
    if (!is_known(from) || !is_known(to) || !column->is_type_exact || !target->is_type_exact)
        return;
    if (dialect == DIALECT_SQLITE ? !differs_in_sqlite(from, to) : type_matches_for_key(from, to))
        return;
    Arena *out = rule_arena(context);
    bool refused = is_refused(dialect, from, to);
    bool is_narrower =
        integer_rank(from->family) >= 0 && integer_rank(from->family) < integer_rank(to->family);
    const char *effect = refused       ? "the database refuses to compare them"
                         : is_narrower ? "it cannot hold every key"
                                       : "every comparison converts";
    Place place = place_is_set(column->type.place) ? column->type.place : key->place;
    Finding *finding =
        report(context, place,
               STR_FMT "." STR_FMT " is " STR_FMT " but references " STR_FMT "." STR_FMT
                       ", which is " STR_FMT ": %s",
               STR_ARG(table_title(out, schema, key->table)), STR_ARG(column->name.text),
               STR_ARG(from->canonical), STR_ARG(table_title(out, schema, key->target)),
               STR_ARG(target->name.text), STR_ARG(to->canonical), effect);
    if (!refused)
        report_at_most(finding, SEVERITY_WARNING);
    report_table(context, finding, key->table, column);
    report_related(context, finding, target->place, STR_FMT "." STR_FMT " is defined here",
                   STR_ARG(table_title(out, schema, key->target)), STR_ARG(target->name.text));
    report_related(context, finding, key->place, "the foreign key");
    advise(context, finding, schema, column, target);
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        if (key->inherited_from || !key->target || key->target_columns.n != key->columns.n)
            continue;
        for (uint32_t j = 0; j < key->columns.n; j++) {
            if (key->columns.items[j] && key->target_columns.items[j])
                check_pair(context, schema, key, key->columns.items[j],
                           key->target_columns.items[j]);
        }
    }
}

const Rule rule_fk_type_mismatch = {
    .id = "fk-type-mismatch",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a foreign key whose column has another type than the key it references",
    .why = "Where the types cannot be compared (text and uuid), the database refuses the "
           "constraint. Where they can, a narrower column fails once the key outgrows it, and "
           "comparing them converts one side in every join. MySQL refuses any difference in size "
           "or sign.",
    .instead = "The referenced key's type, exactly. When a key is widened, widen what references "
               "it first.",
    .bad = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
           "CREATE TABLE orders (\n"
           "    id bigint PRIMARY KEY,\n"
           "    customer_id integer NOT NULL REFERENCES customers (id)\n"
           ");\n",
    .good = "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
            "CREATE TABLE orders (\n"
            "    id bigint PRIMARY KEY,\n"
            "    customer_id bigint NOT NULL REFERENCES customers (id)\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK "
               "https://dev.mysql.com/doc/refman/8.0/en/create-table-foreign-keys.html",
    .on_table = on_table,
};
