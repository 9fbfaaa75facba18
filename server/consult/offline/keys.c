/* Tables whose rows nothing tells apart. */
#include "consult/offline/data_model.h"
#include "rules/advice.h"

static bool ends_in_id(Offline *o, const Column *column)
{
    StrVec words = name_words(o->scratch, column->name.text);
    return words.n > 1 && str_equal(words.items[words.n - 1], STR("id"));
}

/* The columns that say what a row joins: its foreign keys, and those that look like one. Empty
 * where they are not two or three, or much else is in the row. They may be null where there is
 * nothing else: such a row says nothing, and becoming a key makes them NOT NULL (but in SQL
 * Server, which wants it said). */
static ColumnVec natural_key(Offline *o, const Table *table)
{
    enum { MAX_OTHER_COLUMNS = 3 };
    ColumnVec columns = {0};
    bool has_foreign_key = false, has_nullable = false;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        Column *column = table->columns.items[i];
        bool is_reference = false;
        for (uint32_t k = 0; k < table->foreign_keys.n && !is_reference; k++)
            is_reference = table->foreign_keys.items[k]->columns.n == 1 &&
                           table->foreign_keys.items[k]->columns.items[0] == column;
        has_foreign_key = has_foreign_key || is_reference;
        if (!is_reference && !ends_in_id(o, column))
            continue;
        has_nullable = has_nullable || column->is_nullable;
        VEC_PUSH(o->scratch, &columns, column);
    }
    if (has_nullable && (columns.n < table->columns.n || o->schema->dialect == DIALECT_SQLSERVER))
        return (ColumnVec){0};
    bool is_link = has_foreign_key && columns.n >= 2 && columns.n <= 3 &&
                   table->columns.n - columns.n <= MAX_OTHER_COLUMNS;
    return is_link ? columns : (ColumnVec){0};
}

static Str plain_list(Offline *o, const ColumnVec *columns)
{
    return sql_column_list(o->scratch, o->schema->dialect, columns);
}

/* Built without blocking, then made the key in a moment. */
static void run_key(Offline *o, ItemDraft *item, TableFacts *facts, const ColumnVec *columns,
                    const Finding *finding)
{
    const Table *table = facts->table;
    Str on = sql_table_name(o->scratch, o->schema, table), list = plain_list(o, columns);
    StepDraft *step =
        step_new(o, item, CLASS_KEY,
                 str_format(o->scratch, "Give " STR_FMT " the key (" STR_FMT ")",
                            STR_ARG(facts->code), STR_ARG(report_prose(o->scratch, list))));
    facts->planned_key = *columns;
    facts->key_step = step;
    step_about(o, step, facts);
    Str nulls = STR("");
    for (uint32_t i = 0; i < columns->n; i++)
        if (columns->items[i]->is_nullable)
            nulls = str_format(o->scratch, STR_FMT " OR " STR_FMT " IS NULL", STR_ARG(nulls),
                               STR_ARG(sql_identifier(o->scratch, o->schema->dialect,
                                                      columns->items[i]->name.text)));
    Str doubled = str_format(o->scratch,
                             "SELECT " STR_FMT " FROM " STR_FMT " GROUP BY " STR_FMT
                             " HAVING count(*) > 1" STR_FMT ";",
                             STR_ARG(list), STR_ARG(on), STR_ARG(list), STR_ARG(nulls));
    if (o->schema->dialect == DIALECT_POSTGRESQL) {
        ColumnVec none = {0};
        Str name = sql_identifier(o->scratch, o->schema->dialect,
                                  advice_index_name(o->scratch, o->schema, table, &none, "pkey"));
        step_run(o, step,
                 str_format(o->scratch,
                            "CREATE UNIQUE INDEX CONCURRENTLY " STR_FMT " ON " STR_FMT " (" STR_FMT
                            ");",
                            STR_ARG(name), STR_ARG(on), STR_ARG(list)),
                 true, finding);
        step_run(o, step,
                 str_format(o->scratch,
                            "ALTER TABLE " STR_FMT " ADD CONSTRAINT " STR_FMT
                            " PRIMARY KEY USING INDEX " STR_FMT ";",
                            STR_ARG(on), STR_ARG(name), STR_ARG(name)),
                 false, finding);
        step->undo = report_code(
            o->out, str_format(o->scratch, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";",
                               STR_ARG(on), STR_ARG(name)));
    } else {
        step_run(o, step,
                 str_format(o->scratch, "ALTER TABLE " STR_FMT " ADD PRIMARY KEY (" STR_FMT ");",
                            STR_ARG(on), STR_ARG(list)),
                 false, finding);
        if (o->schema->dialect == DIALECT_MYSQL)
            step->undo = report_code(
                o->out,
                str_format(o->scratch, "ALTER TABLE " STR_FMT " DROP PRIMARY KEY;", STR_ARG(on)));
    }
    step->verify = str_format(o->out, "a second row with the same (" STR_FMT ") is refused",
                              STR_ARG(report_prose(o->scratch, list)));
    step->risk = str_format(o->out, "fails where a row is doubled%s; find them first: " STR_FMT,
                            nulls.length > 0 ? " or has a null" : "",
                            STR_ARG(report_code(o->scratch, doubled)));
}

/* Foreign keys whose index the new key is as well. */
static void say_what_it_serves(Offline *o, ItemDraft *item, const TableFacts *facts,
                               const ColumnVec *columns)
{
    for (uint32_t i = 0; i < facts->table->foreign_keys.n; i++) {
        const ForeignKey *key = facts->table->foreign_keys.items[i];
        if (key->columns.n == 1 && key->columns.items[0] == columns->items[0] &&
            !table_index_covering(facts->table, &key->columns) &&
            o->schema->dialect != DIALECT_MYSQL)
            item_say(o, item, "It is also the index that " STR_FMT " lacks.",
                     STR_ARG(column_code(o, columns->items[0])));
    }
}

static bool is_made_by_prisma(const Table *table)
{
    return table->columns.n == 2 && str_equal(table->columns.items[0]->name.text, STR("A")) &&
           str_equal(table->columns.items[1]->name.text, STR("B")) &&
           str_starts_with(table->name.text, STR("_"));
}

/* A unique key over columns that may be null: rows with a null are outside of it. */
static bool say_nullable_key(Offline *o, ItemDraft *item, const Table *table)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        ColumnVec columns = {0};
        StrVec nullable = {0};
        for (uint32_t k = 0; k < index->parts.n && index->parts.items[k].column; k++) {
            const Column *column = index->parts.items[k].column;
            VEC_PUSH(o->scratch, &columns, index->parts.items[k].column);
            if (column->is_nullable)
                VEC_PUSH(o->scratch, &nullable, report_code(o->scratch, column->name.text));
        }
        if (!index->unique || index->nulls_not_distinct || index->where ||
            columns.n < index->parts.n || nullable.n == 0)
            continue;
        item_say(o, item, "Its unique key %s lets equal rows in where " STR_FMT " is null.",
                 str_to_c(o->scratch,
                          report_code(o->scratch, str_format(o->scratch, "(" STR_FMT ")",
                                                             STR_ARG(plain_list(o, &columns))))),
                 STR_ARG(list_codes(o, &nullable, 3)));
        return true;
    }
    return false;
}

static void advise_key(Offline *o, TableFacts *facts, const Finding *finding)
{
    const Table *table = facts->table;
    ColumnVec columns = natural_key(o, table);
    bool can_run = columns.n > 0 && o->schema->dialect != DIALECT_SQLITE &&
                   str_is_absent(table->partition_by.strategy) && finding->remedies.n > 0;
    ItemDraft *item =
        item_new(o, SECTION_DATA_MODEL, PRIORITY_HIGH,
                 str_format(o->scratch, STR_FMT " has no primary key", STR_ARG(facts->code)));
    item->item.rule = finding->rule;
    item_cite_finding(o, item, finding);
    item_about(o, item, facts);
    if (columns.n > 0) {
        item_say(o, item,
                 "Nothing stops the same " STR_FMT " twice in " STR_FMT
                 ", and logical replication cannot tell which row an update means.",
                 STR_ARG(report_code(o->scratch, str_format(o->scratch, "(" STR_FMT ")",
                                                            STR_ARG(plain_list(o, &columns))))),
                 STR_ARG(facts->code));
        say_what_it_serves(o, item, facts, &columns);
        if (can_run)
            run_key(o, item, facts, &columns, finding);
        return;
    }
    const Column *id = finding->remedies.n > 1 ? table_column(table, STR("id")) : NULL;
    if (id)
        item_say(o, item, "Nothing stops the same " STR_FMT " twice.", STR_ARG(column_code(o, id)));
    else if (!say_nullable_key(o, item, table))
        item_say(o, item,
                 "Two equal rows of " STR_FMT " cannot be told apart by any of its %u columns.",
                 STR_ARG(facts->code), table->columns.n);
    if (finding->remedies.n == 0)
        return;
    StepDraft *step = step_new(
        o, item, CLASS_KEY,
        id ? str_format(o->scratch, "Make " STR_FMT " the primary key", STR_ARG(column_code(o, id)))
           : str_format(o->scratch, "Number the rows of " STR_FMT, STR_ARG(facts->code)));
    step_apply(o, step, finding);
}

/* Nothing in the row could be its key. */
static bool needs_number(Offline *o, const Table *table, const Finding *finding)
{
    return natural_key(o, table).n == 0 && finding->remedies.n == 1;
}

static StrVec codes_of(Offline *o, const FindingPointerVec *findings)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < findings->n; i++)
        VEC_PUSH(o->scratch, &names, facts_of_key(o, findings->items[i]->table)->code);
    return names;
}

/* Many tables without a key are one thing to decide, not one each. */
static void advise_numbers(Offline *o, const FindingPointerVec *findings)
{
    StrVec names = codes_of(o, findings);
    ItemDraft *item = item_new(
        o, SECTION_DATA_MODEL, PRIORITY_HIGH,
        str_format(o->scratch, STR_FMT " have no primary key", STR_ARG(list_codes(o, &names, 2))));
    item->item.rule = findings->items[0]->rule;
    item_say(o, item,
             "Two equal rows of " STR_FMT
             " cannot be told apart: an UPDATE or DELETE cannot name one of them, nothing can "
             "reference it, and logical replication refuses its updates. Where the rows have a "
             "short key that never changes, it is better than a number.",
             STR_ARG(list_codes(o, &names, 12)));
    cite_findings(o, item, findings);
    steps_for(o, item, CLASS_KEY, findings, NULL, "Number the rows of {n} tables");
}

static Str unique_title(Offline *o, const FindingPointerVec *findings)
{
    StrVec names = codes_of(o, findings);
    return str_format(o->scratch, "A unique key of " STR_FMT " could be the primary key",
                      STR_ARG(list_codes(o, &names, 3)));
}

void advise_keys(Offline *o)
{
    enum { MAX_SINGLE_TABLES = 3 };
    FindingPointerVec findings = findings_of(o, "missing-primary-key");
    FindingPointerVec unique = {0}, prisma = {0}, numbers = {0};
    for (uint32_t i = 0; i < findings.n; i++) {
        TableFacts *facts = map_get(&o->by_key, findings.items[i]->table);
        if (!facts)
            continue;
        if (is_made_by_prisma(facts->table))
            VEC_PUSH(o->scratch, &prisma, findings.items[i]);
        else if (findings.items[i]->severity <= SEVERITY_HINT)
            VEC_PUSH(o->scratch, &unique, findings.items[i]);
        else if (needs_number(o, facts->table, findings.items[i]))
            VEC_PUSH(o->scratch, &numbers, findings.items[i]);
        else
            advise_key(o, facts, findings.items[i]);
    }
    if (numbers.n > MAX_SINGLE_TABLES)
        advise_numbers(o, &numbers);
    for (uint32_t i = 0; i < numbers.n && numbers.n <= MAX_SINGLE_TABLES; i++)
        advise_key(o, map_get(&o->by_key, numbers.items[i]->table), numbers.items[i]);
    if (unique.n > 0) {
        ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW, unique_title(o, &unique));
        item->item.rule = STR("missing-primary-key");
        say_messages(o, item, &unique, 4);
        cite_findings(o, item, &unique);
    }
    if (prisma.n > 0) {
        ItemDraft *item = item_new(
            o, SECTION_DATA_MODEL, PRIORITY_LOW,
            prisma.n == 1
                ? STR("Prisma's join table has a unique index, but no primary key")
                : str_format(o->scratch,
                             "%u join tables of Prisma have a unique index, but no primary key",
                             prisma.n));
        item->item.rule = STR("missing-primary-key");
        StrVec names = codes_of(o, &prisma);
        item_say(o, item,
                 "Prisma makes " STR_FMT " for its implicit many-to-many relations, so the change "
                 "belongs in the models (an explicit relation), and only matters with "
                 "logical replication.",
                 STR_ARG(list_codes(o, &names, 6)));
        cite_findings(o, item, &prisma);
    }
}
