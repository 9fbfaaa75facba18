/* What the shape of a table says: states in free text, deleted rows that stay, references to
 * several tables, constraints that were never checked, times that nobody keeps. */
#include "consult/offline/data_model.h"

/* ---- states in free text ---- */

static bool is_checked(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->checks.n; i++) {
        const Check *check = table->checks.items[i];
        if (check->column == column)
            return true;
        for (uint32_t k = 0; check->expression && k < check->expression->columns.n; k++)
            if (str_equal_ignore_case(check->expression->columns.items[k].column.text,
                                      column->name.text))
                return true;
    }
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        for (uint32_t k = 0; k < table->foreign_keys.items[i]->columns.n; k++)
            if (table->foreign_keys.items[i]->columns.items[k] == column)
                return true;
    return false;
}

static bool is_state(Offline *o, const Column *column)
{
    StrVec words = name_words(o->scratch, column->name.text);
    if (words.n == 0 || !type_is_text(column->type.family) || column->user_type ||
        column->type.array_dims > 0)
        return false;
    Str last = words.items[words.n - 1];
    return str_equal(last, STR("status")) || str_equal(last, STR("state")) ||
           str_equal(last, STR("stage")) || str_equal(last, STR("role"));
}

static void add_value(Offline *o, StrVec *values, Str value)
{
    if (str_is_empty(value) || value.length > 40)
        return;
    Str code = report_code(o->scratch, value);
    for (uint32_t i = 0; i < values->n; i++)
        if (str_equal(values->items[i], code))
            return;
    VEC_PUSH(o->scratch, values, code);
}

/* The values that the sources name: the default, and what live queries compare with. */
static StrVec known_values(Offline *o, const Column *column)
{
    StrVec values = {0};
    if (column->default_value && column->default_value->kind == EXPRESSION_STRING)
        add_value(o, &values, column->default_value->constant);
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        if (!access->query || access->table->table != column->table)
            continue;
        for (uint32_t k = 0; k < access->query->filters.n; k++) {
            const ColumnUse *use = &access->query->filters.items[k];
            if (use->comparison == COMPARE_EQUAL && !use->is_wrapped &&
                str_equal_ignore_case(use->column.text, column->name.text))
                add_value(o, &values, use->constant);
        }
    }
    return values;
}

static void advise_states(Offline *o)
{
    ColumnVec columns = {0};
    StrVec names = {0};
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const Table *table = o->tables.items[t]->table;
        for (uint32_t i = 0; o->tables.items[t]->is_consulted && i < table->columns.n; i++) {
            Column *column = table->columns.items[i];
            if (!is_state(o, column) || is_checked(table, column) || known_values(o, column).n == 0)
                continue;
            VEC_PUSH(o->scratch, &columns, column);
            VEC_PUSH(o->scratch, &names, column_code(o, column));
        }
    }
    if (columns.n == 0)
        return;
    ItemDraft *item = item_new(
        o, SECTION_DATA_MODEL, PRIORITY_LOW,
        columns.n == 1 ? str_format(o->scratch, STR_FMT " is free text", STR_ARG(names.items[0]))
                       : str_format(o->scratch, STR_FMT " are free text",
                                    STR_ARG(first_and_others(o, &names, "state"))));
    item->topics = STR("check constraint enum status state");
    StrVec known = {0};
    for (uint32_t i = 0; i < columns.n; i++) {
        StrVec values = known_values(o, columns.items[i]);
        VEC_PUSH(o->scratch, &known,
                 str_format(o->scratch, STR_FMT " for " STR_FMT, STR_ARG(list_codes(o, &values, 6)),
                            STR_ARG(names.items[i])));
    }
    item_say(o, item,
             "The sources name " STR_FMT "; a misspelt state would be stored as well. On " STR_FMT
             ", a CHECK over the complete list%s would refuse it.",
             STR_ARG(list_phrases(o, &known, 6)), STR_ARG(list_codes(o, &names, 4)),
             o->schema->dialect == DIALECT_POSTGRESQL ? " (NOT VALID first, then VALIDATE)" : "");
    for (uint32_t i = 0; i < columns.n; i++) {
        item_cite(o, item, columns.items[i]->name.place);
        item_about(o, item, facts_of(o, columns.items[i]->table));
    }
}

/* ---- rows that are deleted and stay ---- */

static const Column *deletion_mark(const Table *table)
{
    static const char *const names[] = {"deleted_at", "deletedat", "deleted_on", "removed_at"};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (column->is_nullable && str_equal_ignore_case(column->name.text, str_from(names[k])))
                return column;
    }
    return NULL;
}

static bool is_referenced(const Table *table, const Key *key)
{
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ColumnVec *columns = &table->referenced_by.items[i]->target_columns;
        if (columns->n == key->columns.n && columns->n > 0 &&
            columns->items[0] == key->columns.items[0])
            return true;
    }
    return false;
}

/* A unique index over something people type, that counts deleted rows too. */
static bool keeps_taken(Offline *o, const Table *table, const Index *index, const Column *mark,
                        StrVec *names)
{
    if (!index->unique || index->where || index->parts.n == 0 ||
        (index->constraint &&
         (index->constraint->is_primary || is_referenced(table, index->constraint))))
        return false;
    bool has_mark = false, has_text = false;
    for (uint32_t k = 0; k < index->parts.n; k++) {
        const Column *column = index->parts.items[k].column;
        has_mark = has_mark || !column || column == mark;
        has_text = has_text || (column && type_is_text(column->type.family));
        if (column)
            VEC_PUSH(o->scratch, names, column->name.text);
    }
    return !has_mark && has_text;
}

static void advise_soft_deletes(Offline *o)
{
    ItemDraft *item = NULL;
    StrVec keys = {0};
    const Column *first_mark = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        const Column *mark = facts->is_consulted ? deletion_mark(facts->table) : NULL;
        for (uint32_t i = 0; mark && i < facts->table->indexes.n; i++) {
            const Index *index = facts->table->indexes.items[i];
            StrVec names = {0};
            if (!keeps_taken(o, facts->table, index, mark, &names))
                continue;
            if (!item)
                item = item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW, STR("x"));
            VEC_PUSH(o->scratch, &keys,
                     report_code(o->out, str_format(o->scratch, STR_FMT " (" STR_FMT ")",
                                                    STR_ARG(facts->title),
                                                    STR_ARG(str_join(o->scratch, names.items,
                                                                     names.n, STR(", "))))));
            first_mark = first_mark ? first_mark : mark;
            item_cite(o, item, place_is_set(index->name_place) ? index->name_place : index->place);
            item_about(o, item, facts);
        }
    }
    if (!item)
        return;
    item->topics = STR("soft delete unique partial index");
    item->item.title = keys.n == 1
                           ? str_format(o->out, "A deleted row keeps its place in " STR_FMT,
                                        STR_ARG(keys.items[0]))
                           : str_format(o->out, "Deleted rows keep their place in " STR_FMT,
                                        STR_ARG(first_and_others(o, &keys, "unique index")));
    item_say(
        o, item,
        "A row with " STR_FMT " set stays, and %s it: " STR_FMT
        ". Where a value may be used again after a delete, %s.",
        STR_ARG(report_code(o->scratch, first_mark->name.text)),
        keys.n == 1 ? "this index counts" : "these indexes count", STR_ARG(list_codes(o, &keys, 6)),
        o->schema->dialect == DIALECT_MYSQL
            ? "a generated column that is NULL in deleted rows has to take its part in the index"
            : str_to_c(
                  o->scratch,
                  str_format(o->scratch, "the index needs " STR_FMT,
                             STR_ARG(report_code(
                                 o->scratch,
                                 str_format(o->scratch, "WHERE " STR_FMT " IS NULL",
                                            STR_ARG(sql_identifier(o->scratch, o->schema->dialect,
                                                                   first_mark->name.text))))))));
}

/* ---- tables that need each other ---- */

static bool is_strict(const ForeignKey *key)
{
    for (uint32_t i = 0; i < key->columns.n; i++)
        if (key->columns.items[i]->is_nullable)
            return false;
    return key->columns.n > 0 && !key->deferrable;
}

static void advise_circles(Offline *o)
{
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *a = o->tables.items[t];
        for (uint32_t i = 0; a->is_consulted && i < a->table->foreign_keys.n; i++) {
            const ForeignKey *there = a->table->foreign_keys.items[i];
            const TableFacts *b = facts_of(o, there->target);
            for (uint32_t k = 0; b && b != a && is_strict(there) && k < b->table->foreign_keys.n;
                 k++) {
                const ForeignKey *back = b->table->foreign_keys.items[k];
                /* each pair once */
                if (facts_of(o, back->target) != a || !is_strict(back) ||
                    str_compare(a->key, b->key) > 0)
                    continue;
                ItemDraft *item =
                    item_new(o, SECTION_DATA_MODEL, PRIORITY_MEDIUM,
                             str_format(o->scratch, STR_FMT " and " STR_FMT " need each other",
                                        STR_ARG(a->code), STR_ARG(b->code)));
                item->topics = STR("cycle circular deferrable foreign key");
                item_say(o, item,
                         STR_FMT " and " STR_FMT
                                 " are both NOT NULL, so neither table takes a first row; one "
                                 "of them nullable%s would.",
                         STR_ARG(column_code(o, there->columns.items[0])),
                         STR_ARG(column_code(o, back->columns.items[0])),
                         o->schema->dialect == DIALECT_POSTGRESQL ||
                                 o->schema->dialect == DIALECT_SQLITE
                             ? ", or a constraint that is DEFERRABLE,"
                             : "");
                item_cite(o, item, there->place);
                item_cite(o, item, back->place);
                item_about(o, item, a);
                item_about(o, item, b);
            }
        }
    }
}

/* ---- references to several tables ---- */

/* True where a table is called by the word, alone or at the end of its name. */
static bool is_table_word(Offline *o, Str word)
{
    for (uint32_t t = 0; t < o->tables.n; t++) {
        StrVec own = name_words(o->scratch, o->tables.items[t]->table->name.text);
        if (own.n > 0 && str_starts_with(own.items[own.n - 1], word) &&
            own.items[own.n - 1].length <= word.length + 2)
            return true;
    }
    return false;
}

/* The x_id beside x_type, or NULL. */
static const Column *polymorphic_id(Offline *o, const Table *table, const Column *type)
{
    StrVec words = name_words(o->scratch, type->name.text);
    if (words.n < 2 || !str_equal(words.items[words.n - 1], STR("type")))
        return NULL;
    /* The kind of a thing that has a table of its own is not a choice between tables. */
    if (!type_is_text(type->type.family) || type->user_type ||
        is_table_word(o, words.items[words.n - 2]))
        return NULL;
    Str stem = str_slice(type->name.text, 0, type->name.text.length - 4);
    const Column *id = table_column(table, str_format(o->scratch, STR_FMT "id", STR_ARG(stem)));
    if (!id)
        id = table_column(table, str_format(o->scratch, STR_FMT "Id", STR_ARG(stem)));
    return id && !is_checked(table, id) ? id : NULL;
}

static void advise_polymorphic(Offline *o)
{
    ItemDraft *item = NULL;
    StrVec pairs = {0};
    uint32_t n_keys = 0;
    for (uint32_t t = 0; t < o->tables.n; t++)
        n_keys += o->tables.items[t]->table->foreign_keys.n;
    if (n_keys == 0)
        return; /* this project does without foreign keys */
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        for (uint32_t i = 0; facts->is_consulted && i < facts->table->columns.n; i++) {
            const Column *type = facts->table->columns.items[i];
            const Column *id = polymorphic_id(o, facts->table, type);
            if (!id)
                continue;
            if (!item)
                item = item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW, STR("x"));
            VEC_PUSH(o->scratch, &pairs,
                     str_format(o->out, STR_FMT " by " STR_FMT, STR_ARG(column_code(o, id)),
                                STR_ARG(report_code(o->scratch, type->name.text))));
            item_cite(o, item, id->name.place);
            item_about(o, item, facts);
        }
    }
    if (!item)
        return;
    item->topics = STR("polymorphic association foreign key");
    item->item.title =
        pairs.n == 1
            ? str_format(o->out, "What is referenced depends on a type: " STR_FMT,
                         STR_ARG(pairs.items[0]))
            : str_format(o->out, "What is referenced depends on a type beside it: " STR_FMT,
                         STR_ARG(list_codes(o, &pairs, 2)));
    if (pairs.n == 1)
        item_say(o, item,
                 "No foreign key can hold " STR_FMT
                 ", so rows outlive what they point at; one nullable "
                 "reference per target, with a CHECK that exactly one is set, could be enforced.",
                 STR_ARG(pairs.items[0]));
    else
        item_say(o, item,
                 STR_FMT
                 ": no foreign key can hold them, so rows outlive what they point at; one "
                 "nullable reference per target, with a CHECK that exactly one is set, could "
                 "be enforced.",
                 STR_ARG(list_codes(o, &pairs, 6)));
}

/* ---- constraints that were never checked ---- */

static void run_validation(Offline *o, StepDraft *step, const TableFacts *facts, Str constraint)
{
    step_run(o, step,
             str_format(o->scratch, "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT ";",
                        STR_ARG(sql_table_name(o->scratch, o->schema, facts->table)),
                        STR_ARG(sql_identifier(o->scratch, o->schema->dialect, constraint))),
             false, NULL);
    step_about(o, step, facts);
}

static void advise_unvalidated(Offline *o)
{
    ItemDraft *item = NULL;
    StepDraft *step = NULL;
    StrVec names = {0};
    for (uint32_t t = 0; t < o->tables.n && o->schema->dialect == DIALECT_POSTGRESQL; t++) {
        const TableFacts *facts = o->tables.items[t];
        const Table *table = facts->table;
        if (!facts->is_consulted)
            continue;
        uint32_t n = table->foreign_keys.n + table->checks.n;
        for (uint32_t i = 0; i < n; i++) {
            bool is_key = i < table->foreign_keys.n;
            const ForeignKey *key = is_key ? table->foreign_keys.items[i] : NULL;
            const Check *check = is_key ? NULL : table->checks.items[i - table->foreign_keys.n];
            if (is_key ? key->is_validated : (check->is_validated || check->not_enforced))
                continue;
            if (!item) {
                item = item_new(o, SECTION_DATA_MODEL, PRIORITY_MEDIUM, STR("x"));
                item->topics = STR("validate constraint not valid");
                step = step_new(o, item, CLASS_CONSTRAINT, STR("x"));
            }
            Str name = is_key ? key->name.text : check->name.text;
            VEC_PUSH(o->scratch, &names,
                     str_format(o->out, STR_FMT " on " STR_FMT,
                                STR_ARG(report_code(o->scratch, name)), STR_ARG(facts->code)));
            item_cite(o, item, is_key ? key->place : check->place);
            item_about(o, item, facts);
            run_validation(o, step, facts, name);
        }
    }
    if (!item)
        return;
    item->item.title = names.n == 1
                           ? str_format(o->out, "The constraint " STR_FMT " was never validated",
                                        STR_ARG(names.items[0]))
                           : str_format(o->out, "%u constraints were never validated", names.n);
    item_say(o, item,
             "Rows that were there before " STR_FMT
             " may break %s, and the planner cannot rely on it.",
             STR_ARG(list_codes(o, &names, 6)), names.n == 1 ? "it" : "them");
    step->title = names.n == 1 ? str_format(o->out, "Validate " STR_FMT, STR_ARG(names.items[0]))
                               : str_format(o->out, "Validate %u constraints", names.n);
    step->verify =
        STR("`SELECT conname FROM pg_constraint WHERE NOT convalidated;` returns none of them");
    step->undo = STR("nothing to undo");
    step->risk = STR("fails where a row breaks the constraint: repair those first");
}

/* ---- foreign keys that only some partitions have ---- */

static void advise_partial_keys(Offline *o)
{
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        const TableVec *partitions = &facts->table->partitions;
        uint32_t n_with = 0;
        const ForeignKey *first = NULL;
        for (uint32_t i = 0; i < partitions->n; i++) {
            const ForeignKeyVec *keys = &partitions->items[i]->foreign_keys;
            n_with += keys->n > 0;
            first = !first && keys->n > 0 ? keys->items[0] : first;
        }
        if (!facts->is_consulted || n_with == 0 || n_with == partitions->n ||
            facts->table->foreign_keys.n > 0 || first->columns.n == 0)
            continue;
        ItemDraft *item = item_new(
            o, SECTION_DATA_MODEL, PRIORITY_MEDIUM,
            str_format(o->scratch, "Foreign keys are on %u of the %u partitions of " STR_FMT,
                       n_with, partitions->n, STR_ARG(facts->code)));
        item->topics = STR("foreign key partition");
        item_say(o, item,
                 "Rows of %u more may point at nothing, as with " STR_FMT "; one on " STR_FMT
                 " itself holds for all of its partitions, and for those to "
                 "come.",
                 partitions->n - n_with,
                 STR_ARG(report_code(o->scratch, first->columns.items[0]->name.text)),
                 STR_ARG(facts->code));
        item_cite(o, item, first->place);
        item_about(o, item, facts);
    }
}

/* ---- times of the last change ---- */

static const Column *update_time(const Table *table)
{
    for (uint32_t i = 0; i < table->columns.n; i++)
        if (str_equal_ignore_case(table->columns.items[i]->name.text, STR("updated_at")) &&
            table->columns.items[i]->type.family == TYPE_TIMESTAMP)
            return table->columns.items[i];
    return NULL;
}

static bool has_update_trigger(const Table *table)
{
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        const TriggerDef *trigger = table->triggers.items[i]->definition;
        if (trigger && (trigger->events & TRIGGER_UPDATE) &&
            str_equal(trigger->timing, STR("before")))
            return true;
    }
    return false;
}

/* Only where this schema does it with triggers, and mostly does. */
static void advise_update_times(Offline *o)
{
    StrVec without = {0};
    ColumnVec columns = {0};
    uint32_t n_with = 0;
    const Table *example = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        const Column *column = update_time(facts->table);
        if (!column)
            continue;
        if (has_update_trigger(facts->table)) {
            n_with++;
            example = example ? example : facts->table;
        } else if (facts->is_consulted) {
            VEC_PUSH(o->scratch, &without, facts->code);
            VEC_PUSH(o->scratch, &columns, table_column(facts->table, column->name.text));
        }
    }
    if (without.n == 0 || n_with <= without.n)
        return;
    ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_MEDIUM,
                               str_format(o->scratch, "`updated_at` of " STR_FMT " is not kept",
                                          STR_ARG(list_codes(o, &without, 4))));
    item->topics = STR("trigger updated_at");
    item_say(o, item,
             "%u tables set it in a BEFORE UPDATE trigger, as " STR_FMT " does; " STR_FMT
             " %s none.",
             n_with, STR_ARG(facts_of(o, example)->code), STR_ARG(list_codes(o, &without, 4)),
             without.n == 1 ? "has" : "have");
    for (uint32_t i = 0; i < columns.n; i++) {
        item_cite(o, item, columns.items[i]->name.place);
        item_about(o, item, facts_of(o, columns.items[i]->table));
    }
}

void advise_shapes(Offline *o)
{
    advise_unvalidated(o);
    advise_partial_keys(o);
    advise_circles(o);
    advise_update_times(o);
    advise_states(o);
    advise_polymorphic(o);
    advise_soft_deletes(o);
}
