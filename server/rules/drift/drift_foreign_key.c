/* Foreign keys, by their columns and target. */
#include "base/buf.h"
#include "model/print_sql.h"
#include "rules/drift/drift.h"

enum { MAX_KEY_BYTES = 1 << 16 };

static Str target_title(RuleContext *context, const Schema *schema, const ForeignKey *key)
{
    Arena *out = rule_arena(context);
    return key->target ? table_title(out, schema, key->target)
                       : advice_title(out, &key->target_name);
}

static bool can_add(const Database *database, const Table *table, const ForeignKey *key)
{
    const Table *target = key->target ? schema_counterpart(database->migrated, key->target) : NULL;
    for (uint32_t i = 0; i < key->columns.n; i++) {
        if (!table_column(table, key->columns.items[i]->name.text))
            return false;
    }
    for (uint32_t i = 0; target && i < key->target_columns.n; i++) {
        if (!table_column(target, key->target_columns.items[i]->name.text))
            return false;
    }
    return target && database->dialect == DIALECT_POSTGRESQL &&
           !table_foreign_key(table, key->name.text);
}

/* In two steps: the second one reads the rows and blocks nobody. */
static void advise(RuleContext *context, const Database *database, Finding *finding,
                   const Table *table, const ForeignKey *key)
{
    if (!can_add(database, table, key))
        return;
    Arena *out = rule_arena(context);
    Buf buf = buf_with_max(MAX_KEY_BYTES);
    print_sql_foreign_key(&buf, database->declared, key, out);
    Str text = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    Str on = sql_table_name(out, database->migrated, table);
    Remedy *add =
        report_remedy(context, finding, STR("Add the foreign key for new rows"),
                      str_format(out, "ALTER TABLE " STR_FMT " ADD " STR_FMT " NOT VALID;",
                                 STR_ARG(on), STR_ARG(text)));
    add->risk = STR("inserts and updates that point at nothing fail from now on");
    Str name = sql_identifier(out, database->dialect, key->name.text);
    add->undo = str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";", STR_ARG(on),
                           STR_ARG(name));
    Remedy *validate =
        report_remedy(context, finding, STR("Check the rows that are there"),
                      str_format(out, "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT ";",
                                 STR_ARG(on), STR_ARG(name)));
    validate->risk = STR("fails while a row points at nothing: clean them before");
}

/* A migration dropped it by name: somebody did not want it in the database. */
static bool was_dropped(const Table *table, const ForeignKey *key)
{
    for (uint32_t i = 0; i < key->columns.n; i++) {
        const Column *column = table_column(table, key->columns.items[i]->name.text);
        if (!column || !column->lost_foreign_key)
            return false;
    }
    return true;
}

static void visit(RuleContext *context, const Database *database, const Difference *difference)
{
    bool is_missing = difference->way == DIFFERENCE_MISSING;
    bool is_dropped = is_missing && was_dropped(difference->from.table, difference->to.foreign_key);
    const ForeignKey *key = is_missing ? difference->to.foreign_key : difference->from.foreign_key;
    Arena *out = rule_arena(context);
    Str title = drift_table_title(context, database, difference);
    Str names = advice_names(out, &key->columns, 4);
    Str target = target_title(context, is_missing ? database->declared : database->migrated, key);
    const char *how = !is_missing  ? "is made by a migration, but not declared"
                      : is_dropped ? "is declared, but a migration dropped it"
                                   : "is declared, but no migration makes it";
    Finding *finding = drift_report(
        context, is_missing ? key->place : (Place){0}, is_missing ? (Place){0} : key->place,
        "the foreign key from " STR_FMT " (" STR_FMT ") to " STR_FMT " %s", STR_ARG(title),
        STR_ARG(names), STR_ARG(target), how);
    if (is_dropped)
        report_at_most(finding, SEVERITY_INFO);
    report_table(context, finding, difference->to.table,
                 key->columns.n == 1 ? key->columns.items[0] : NULL);
    drift_relate_table(context, finding, difference);
    if (is_missing && !is_dropped)
        advise(context, database, finding, difference->from.table, key);
}

static void visit_actions(RuleContext *context, const Database *database,
                          const Difference *difference)
{
    const ForeignKey *declared = difference->to.foreign_key;
    const ForeignKey *migrated = difference->from.foreign_key;
    bool on_delete = declared->on_delete != migrated->on_delete;
    ReferentialAction meant = on_delete ? declared->on_delete : declared->on_update;
    ReferentialAction found = on_delete ? migrated->on_delete : migrated->on_update;
    Finding *finding =
        drift_report(context, declared->place, migrated->place,
                     "the foreign key from " STR_FMT " (" STR_FMT ") is declared ON %s " STR_FMT
                     ", but migrated ON %s " STR_FMT,
                     STR_ARG(drift_table_title(context, database, difference)),
                     STR_ARG(advice_names(rule_arena(context), &declared->columns, 4)),
                     on_delete ? "DELETE" : "UPDATE", STR_ARG(referential_action_name(meant)),
                     on_delete ? "DELETE" : "UPDATE", STR_ARG(referential_action_name(found)));
    report_table(context, finding, difference->to.table,
                 declared->columns.n == 1 ? declared->columns.items[0] : NULL);
}

static void on_database(RuleContext *context, const Database *database)
{
    drift_each(context, database, DIFFERENCE_FOREIGN_KEY, visit);
    drift_each(context, database, DIFFERENCE_ACTIONS, visit_actions);
}

const Rule rule_drift_foreign_key = {
    .id = "drift-foreign-key",
    .since = "0.1",
    .group = GROUP_DRIFT,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_POSTGRESQL | IN_MYSQL | IN_SQLITE | IN_SQLSERVER,
    .what = "a foreign key, or what it does on DELETE, that only one side has",
    .why = "Without the key in the database rows point at nothing sooner or later. With "
           "another ON DELETE the database deletes, refuses or empties what the program does "
           "not expect.",
    .instead = "Make the migration: add the key NOT VALID, clean the rows, VALIDATE it; or declare "
               "what the database does.",
    .bad =
        "-- 0001.sql\n"
        "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
        "-- schema.sql\n"
        "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);\n",
    .good =
        "-- 0001.sql\n"
        "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);\n"
        "-- schema.sql\n"
        "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers);\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/"
               "shadow-database "
               "https://alembic.sqlalchemy.org/en/latest/autogenerate.html",
    .on_database = on_database,
};
