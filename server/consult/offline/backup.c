/* Section 7: what must be kept, how a mistaken delete spreads, what to check after a restore. */
#include "consult/offline/data_model.h"

enum { N_LISTED = 8 };

/* ---- what can be rebuilt ---- */

static void remark_records(Offline *o)
{
    StrVec rebuilt = {0}, unlogged = {0};
    Table *example = NULL;
    for (MapEntry *e = map_next(&o->schema->tables, NULL); e; e = map_next(&o->schema->tables, e)) {
        Table *table = e->value;
        Str code = report_code(o->out, title_of(o, table));
        if (table->kind == TABLE_MATERIALIZED_VIEW) {
            VEC_PUSH(o->scratch, &rebuilt, code);
            example = example ? example : table;
        } else if (table->is_unlogged) {
            VEC_PUSH(o->scratch, &unlogged, code);
        }
    }
    ItemDraft *item = item_new(o, SECTION_BACKUP, PRIORITY_NONE, (Str){0});
    if (rebuilt.n > 0) {
        item_say(o, item,
                 STR_FMT " can be refreshed from the tables; the %s %s business record%s and "
                         "need%s point-in-time "
                         "recovery.",
                 STR_ARG(list_codes(o, &rebuilt, N_LISTED)),
                 str_to_c(o->scratch, count_of(o, o->tables.n, "table", NULL)),
                 o->tables.n == 1 ? "is" : "are", o->tables.n == 1 ? "" : "s",
                 o->tables.n == 1 ? "s" : "");
        item_cite(o, item, example->name.place);
    } else {
        item_say(o, item,
                 "%s of the %s can be rebuilt from another: all need point-in-time recovery%s.",
                 o->tables.n == 1 ? "Nothing" : "None",
                 str_to_c(o->scratch, count_of(o, o->tables.n, "table", NULL)),
                 o->schema->dialect == DIALECT_POSTGRESQL ? " (archived WAL and a base backup)"
                 : o->schema->dialect == DIALECT_MYSQL    ? " (the binary log and a full backup)"
                 : o->schema->dialect == DIALECT_SQLITE
                     ? " (a stream of the write-ahead log, or copies made with `.backup`: a plain "
                       "copy of an open file may be torn)"
                     : "");
    }
    if (unlogged.n > 0) {
        ItemDraft *lost = item_new(o, SECTION_BACKUP, PRIORITY_HIGH,
                                   str_format(o->scratch, STR_FMT " %s emptied by a crash",
                                              STR_ARG(list_codes(o, &unlogged, 4)),
                                              unlogged.n == 1 ? "is" : "are"));
        item_say(o, lost,
                 "UNLOGGED tables are not in the WAL: no replica and no point-in-time recovery has "
                 "the rows of " STR_FMT ".",
                 STR_ARG(list_codes(o, &unlogged, N_LISTED)));
    }
}

/* ---- how a delete spreads ---- */

/* The tables that lose rows with one row of `root`, by ON DELETE CASCADE. */
static TableVec cascade_of(Offline *o, Table *root)
{
    TableVec reached = {0};
    StrMap seen = {0};
    TableVec queue = {0};
    VEC_PUSH(o->scratch, &queue, root);
    for (uint32_t at = 0; at < queue.n; at++) {
        const Table *table = queue.items[at];
        for (uint32_t i = 0; i < table->referenced_by.n; i++) {
            const ForeignKey *key = table->referenced_by.items[i];
            const TableFacts *facts = facts_of(o, key->table);
            if (key->on_delete != ACTION_CASCADE || !facts || facts->table == root ||
                map_get(&seen, facts->key))
                continue;
            map_set(o->scratch, &seen, facts->key, root);
            VEC_PUSH(o->scratch, &reached, key->table);
            VEC_PUSH(o->scratch, &queue, key->table);
        }
    }
    return reached;
}

static void remark_cascades(Offline *o)
{
    enum { MIN_REACHED = 3, MAX_ROOTS = 2 };
    StrMap covered = {0};
    for (uint32_t said = 0; said < MAX_ROOTS; said++) {
        const TableFacts *best = NULL;
        TableVec best_reached = {0};
        for (uint32_t t = 0; t < o->tables.n; t++) {
            const TableFacts *facts = o->tables.items[t];
            if (!facts->is_consulted || map_get(&covered, facts->key))
                continue;
            TableVec reached = cascade_of(
                o, facts->table->columns.n > 0 ? facts->table->columns.items[0]->table : NULL);
            if (reached.n > best_reached.n) {
                best = facts;
                best_reached = reached;
            }
        }
        if (!best || best_reached.n < MIN_REACHED)
            return;
        map_set(o->scratch, &covered, best->key, o);
        StrVec names = {0};
        for (uint32_t i = 0; i < best_reached.n; i++) {
            const TableFacts *facts = facts_of(o, best_reached.items[i]);
            VEC_PUSH(o->scratch, &names, facts->code);
            map_set(o->scratch, &covered, facts->key, o);
        }
        ItemDraft *item = item_new(o, SECTION_BACKUP, PRIORITY_NONE, (Str){0});
        item_say(o, item,
                 "One mistaken DELETE in " STR_FMT " takes rows of %u tables with it (" STR_FMT
                 "): restoring " STR_FMT
                 " alone does not bring them back, a recovery to the minute before does.",
                 STR_ARG(best->code), best_reached.n, STR_ARG(list_codes(o, &names, N_LISTED)),
                 STR_ARG(best->code));
        item_cite(o, item, best->table->name.place);
        item_about(o, item, best);
    }
}

/* ---- checks after a restore ---- */

static Column *column_with(Offline *o, const Table *table, const char *const *words)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        StrVec own = name_words(o->scratch, table->columns.items[i]->name.text);
        bool is_number = table->columns.items[i]->type.family == TYPE_NUMERIC ||
                         type_is_integer(table->columns.items[i]->type.family) ||
                         type_is_float(table->columns.items[i]->type.family);
        for (const char *const *word = words; *word && is_number && own.n > 0; word++)
            if (str_equal(own.items[own.n - 1], str_from(*word)))
                return table->columns.items[i];
    }
    return NULL;
}

/* A parent with a total whose lines have a quantity and a price. */
static bool say_totals(Offline *o, ItemDraft *item)
{
    static const char *const totals[] = {"total", "amount", "sum", NULL};
    static const char *const quantities[] = {"quantity", "qty", NULL};
    static const char *const prices[] = {"price", "amount", NULL};
    bool is_any = false;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *lines = o->tables.items[t];
        Column *quantity = column_with(o, lines->table, quantities),
               *price = column_with(o, lines->table, prices);
        for (uint32_t i = 0; quantity && price && i < lines->table->foreign_keys.n; i++) {
            const ForeignKey *key = lines->table->foreign_keys.items[i];
            const TableFacts *parent = facts_of(o, key->target);
            Column *total =
                parent && parent != lines ? column_with(o, parent->table, totals) : NULL;
            if (!total || (!parent->is_consulted && !lines->is_consulted))
                continue;
            item_say(o, item,
                     "After a restore, " STR_FMT " of each row must equal the sum of " STR_FMT
                     " times " STR_FMT " over its lines.",
                     STR_ARG(column_code(o, total)), STR_ARG(column_code(o, quantity)),
                     STR_ARG(column_code(o, price)));
            item_cite(o, item, total->name.place);
            item_cite(o, item, quantity->name.place);
            is_any = true;
            break;
        }
    }
    return is_any;
}

/* comments_count beside a table comments that references its table. */
static bool say_counters(Offline *o, ItemDraft *item)
{
    bool is_any = false;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        for (uint32_t i = 0; facts->is_consulted && i < facts->table->columns.n; i++) {
            const Column *column = facts->table->columns.items[i];
            StrVec words = name_words(o->scratch, column->name.text);
            if (words.n != 2 || !str_equal(words.items[1], STR("count")))
                continue;
            for (uint32_t r = 0; r < facts->table->referenced_by.n; r++) {
                const TableFacts *child = facts_of(o, facts->table->referenced_by.items[r]->table);
                StrVec own = {0};
                if (child)
                    own = name_words(o->scratch, child->table->name.text);
                if (own.n == 0 || !str_starts_with(own.items[own.n - 1], words.items[words.n - 2]))
                    continue;
                item_say(o, item,
                         "After a restore, " STR_FMT
                         " must equal the number of its rows in " STR_FMT ".",
                         STR_ARG(column_code(o, column)), STR_ARG(child->code));
                item_cite(o, item, column->name.place);
                is_any = true;
                break;
            }
        }
    }
    return is_any;
}

static void remark_checks(Offline *o)
{
    ItemDraft *item = item_new(o, SECTION_BACKUP, PRIORITY_NONE, (Str){0});

    bool is_any = say_totals(o, item);
    is_any = say_counters(o, item) || is_any;
    FindingPointerVec loose = findings_of(o, "missing-foreign-key");
    StrVec names = {0};
    for (uint32_t i = 0; i < loose.n; i++) {
        const TableFacts *facts = facts_of_key(o, loose.items[i]->table);
        const Column *column = facts ? table_column(facts->table, loose.items[i]->column) : NULL;
        if (column)
            VEC_PUSH(o->scratch, &names, column_code(o, column));
    }
    if (names.n > 0)
        item_say(o, item,
                 "After a restore, look for rows whose " STR_FMT
                 " %s at nothing: the database does not "
                 "watch %s.",
                 STR_ARG(list_codes(o, &names, 5)), names.n == 1 ? "points" : "point",
                 names.n == 1 ? "it" : "them");
    uint32_t n_keys = 0;
    for (uint32_t t = 0; t < o->tables.n; t++)
        n_keys += o->tables.items[t]->table->foreign_keys.n;
    if (n_keys > 0 && o->schema->dialect == DIALECT_SQLITE)
        item_say(o, item,
                 "After a restore, `PRAGMA integrity_check` and `PRAGMA foreign_key_check` go over "
                 "the file and its %s.",
                 str_to_c(o->scratch, count_of(o, n_keys, "foreign key", NULL)));
    else if (n_keys > 0)
        item_say(o, item,
                 "A restore of data only can leave constraints out: see that the %s there.",
                 str_to_c(o->scratch, count_of(o, n_keys, "foreign key is", "foreign keys are")));
    else if (!is_any)
        item_say(
            o, item,
            "After a restore, only the counts of rows can be compared: no foreign key, total or "
            "counter ties the %s together.",
            str_to_c(o->scratch, count_of(o, o->tables.n, "table", NULL)));
}

void offline_backup(Offline *o)
{
    if (o->tables.n == 0) {
        ItemDraft *item = item_new(o, SECTION_BACKUP, PRIORITY_NONE, (Str){0});
        item_say(o, item, "There are 0 tables here: nothing to keep.");
        return;
    }
    remark_records(o);
    remark_cascades(o);
    remark_checks(o);
}
