#include "model/diff.h"

#include "model/diff_column.h"

enum { MAX_PARTS_TO_COMPARE = 300 }; /* indexes or keys of one table: pairs grow with the square */

typedef struct {
    Arena *out;
    const Schema *from, *to;
    DifferenceVec differences;
} Diff;

static Difference *add(Diff *d, const Difference *base, DifferenceKind kind, DifferenceWay way)
{
    VEC_PUSH(d->out, &d->differences, *base);
    Difference *difference = VEC_LAST(&d->differences);
    difference->kind = kind;
    difference->way = way;
    return difference;
}

static bool same_name(const Diff *d, Str a, Str b)
{
    return identifier_equal(d->to->dialect, a, b);
}

/* ---- keys ---- */

static bool same_columns(const Diff *d, const ColumnVec *a, const ColumnVec *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        if (!same_name(d, a->items[i]->name.text, b->items[i]->name.text))
            return false;
    }
    return true;
}

/* In any order: for what is unique. */
static bool same_set(const Diff *d, const ColumnVec *a, const ColumnVec *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < b->n && !is_there; j++)
            is_there = same_name(d, a->items[i]->name.text, b->items[j]->name.text);
        if (!is_there)
            return false;
    }
    return true;
}

static bool has_required_unique(const Diff *d, const Table *table, const ColumnVec *columns);

static void diff_primary_key(Diff *d, const Difference *base)
{
    const Key *from = base->from.table->primary_key, *to = base->to.table->primary_key;
    if ((!from && !to) || (from && to && same_columns(d, &from->columns, &to->columns)))
        return;
    /* Prisma's tables between two models had a unique index before they had a primary key. */
    if (!from && has_required_unique(d, base->from.table, &to->columns))
        return;
    Difference *difference = add(d, base, DIFFERENCE_PRIMARY_KEY,
                                 !from ? DIFFERENCE_MISSING
                                 : !to ? DIFFERENCE_EXTRA
                                       : DIFFERENCE_CHANGED);
    difference->from.key = from;
    difference->to.key = to;
}

/* A unique constraint or a unique index over whole rows, by its columns. */
typedef struct {
    ColumnVec columns;
    const Key *key;
    const Index *index;
} Unique;
typedef Vec(Unique) UniqueVec;

static bool is_plain(const Index *index)
{
    bool is_plain = !index->where && index->kind == INDEX_NORMAL;
    for (uint32_t i = 0; i < index->parts.n; i++)
        is_plain = is_plain && index->parts.items[i].column;
    return is_plain;
}

static ColumnVec columns_of(Arena *out, const Index *index)
{
    ColumnVec columns = {0};
    for (uint32_t i = 0; i < index->parts.n; i++)
        VEC_PUSH(out, &columns, index->parts.items[i].column);
    return columns;
}

static UniqueVec uniques_of(Arena *out, const Table *table)
{
    UniqueVec uniques = {0};
    for (uint32_t i = 0; i < table->uniques.n && i < MAX_PARTS_TO_COMPARE; i++)
        VEC_PUSH(out, &uniques,
                 ((Unique){.columns = table->uniques.items[i]->columns,
                           .key = table->uniques.items[i]}));
    for (uint32_t i = 0; i < table->indexes.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Index *index = table->indexes.items[i];
        if (index->unique && !index->constraint && is_plain(index))
            VEC_PUSH(out, &uniques, ((Unique){.columns = columns_of(out, index), .index = index}));
    }
    return uniques;
}

static bool has_unique(const Diff *d, const Table *table, const UniqueVec *uniques,
                       const ColumnVec *columns)
{
    if (table->primary_key && same_set(d, &table->primary_key->columns, columns))
        return true;
    for (uint32_t i = 0; i < uniques->n; i++) {
        if (same_set(d, &uniques->items[i].columns, columns))
            return true;
    }
    return false;
}

/* Unique and never null: a primary key but for its name. */
static bool has_required_unique(const Diff *d, const Table *table, const ColumnVec *columns)
{
    UniqueVec uniques = uniques_of(d->out, table);
    for (uint32_t i = 0; i < uniques.n; i++) {
        const ColumnVec *own = &uniques.items[i].columns;
        bool is_required = same_set(d, own, columns);
        for (uint32_t j = 0; j < own->n; j++)
            is_required = is_required && !own->items[j]->is_nullable;
        if (is_required)
            return true;
    }
    return false;
}

static void diff_uniques(Diff *d, const Difference *base)
{
    UniqueVec from = uniques_of(d->out, base->from.table);
    UniqueVec to = uniques_of(d->out, base->to.table);
    for (uint32_t i = 0; i < to.n; i++) {
        if (has_unique(d, base->from.table, &from, &to.items[i].columns))
            continue;
        Difference *difference = add(d, base, DIFFERENCE_UNIQUE, DIFFERENCE_MISSING);
        difference->to.key = to.items[i].key;
        difference->to.index = to.items[i].index;
    }
    for (uint32_t i = 0; i < from.n; i++) {
        if (has_unique(d, base->to.table, &to, &from.items[i].columns))
            continue;
        Difference *difference = add(d, base, DIFFERENCE_UNIQUE, DIFFERENCE_EXTRA);
        difference->from.key = from.items[i].key;
        difference->from.index = from.items[i].index;
    }
}

/* ---- indexes ---- */

static bool is_descending(const KeyPart *part)
{
    return part->part && part->part->order == ORDER_DESCENDING;
}

static bool same_part(Diff *d, const KeyPart *a, const KeyPart *b)
{
    if (a->column && b->column)
        return same_name(d, a->column->name.text, b->column->name.text);
    const Expression *left = a->part ? a->part->expression : NULL;
    const Expression *right = b->part ? b->part->expression : NULL;
    return left && right &&
           str_equal(diff_expression_key(d->out, left), diff_expression_key(d->out, right));
}

/* Read backwards, (a DESC, b DESC) is (a, b): only orders that are mixed count. */
static bool same_orders(const Index *a, const Index *b)
{
    bool is_equal = true, is_opposite = true;
    for (uint32_t i = 0; i < a->parts.n; i++) {
        bool is_same = is_descending(&a->parts.items[i]) == is_descending(&b->parts.items[i]);
        is_equal = is_equal && is_same;
        is_opposite = is_opposite && !is_same;
    }
    return is_equal || is_opposite;
}

static bool same_where(Diff *d, const Index *a, const Index *b)
{
    if (!a->where || !b->where)
        return a->where == b->where;
    return str_equal(diff_expression_key(d->out, a->where), diff_expression_key(d->out, b->where));
}

static bool same_index(Diff *d, const Index *a, const Index *b)
{
    if (a->kind != b->kind || a->parts.n != b->parts.n || !str_equal(a->method, b->method) ||
        !same_orders(a, b) || !same_where(d, a, b))
        return false;
    for (uint32_t i = 0; i < a->parts.n; i++) {
        if (!same_part(d, &a->parts.items[i], &b->parts.items[i]))
            return false;
    }
    return true;
}

/* Both sides may write one expression differently: then the name is all there is to go by. */
static bool is_alike(Diff *d, const Index *a, const Index *b)
{
    if (same_index(d, a, b))
        return true;
    return (!is_plain(a) || !is_plain(b)) && same_name(d, a->name.text, b->name.text);
}

/* Keys are compared as keys; partitions and foreign keys bring indexes of their own. */
static bool is_compared(const Index *index)
{
    return !index->constraint && !index->is_implicit && !index->inherited_from &&
           !(index->unique && is_plain(index));
}

static bool has_index(Diff *d, const Table *table, const Index *wanted)
{
    for (uint32_t i = 0; i < table->indexes.n && i < MAX_PARTS_TO_COMPARE; i++) {
        if (is_alike(d, table->indexes.items[i], wanted))
            return true;
    }
    return false;
}

static void diff_indexes(Diff *d, const Difference *base)
{
    const Table *from = base->from.table, *to = base->to.table;
    for (uint32_t i = 0; i < to->indexes.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Index *index = to->indexes.items[i];
        if (is_compared(index) && !has_index(d, from, index))
            add(d, base, DIFFERENCE_INDEX, DIFFERENCE_MISSING)->to.index = index;
    }
    for (uint32_t i = 0; i < from->indexes.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Index *index = from->indexes.items[i];
        if (is_compared(index) && !has_index(d, to, index))
            add(d, base, DIFFERENCE_INDEX, DIFFERENCE_EXTRA)->from.index = index;
    }
}

/* ---- foreign keys ---- */

static bool same_target(const Diff *d, const ForeignKey *a, const ForeignKey *b)
{
    Str left = a->target ? a->target->name.text : a->target_name.name.text;
    Str right = b->target ? b->target->name.text : b->target_name.name.text;
    return same_name(d, left, right);
}

static const ForeignKey *counterpart_key(const Diff *d, const Table *table, const ForeignKey *key)
{
    for (uint32_t i = 0; i < table->foreign_keys.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const ForeignKey *other = table->foreign_keys.items[i];
        if (same_set(d, &other->columns, &key->columns) && same_target(d, other, key))
            return other;
    }
    return NULL;
}

static ReferentialAction meant_action(const Diff *d, ReferentialAction action)
{
    if (action == ACTION_UNSPECIFIED)
        return ACTION_NO_ACTION;
    /* MySQL knows no difference. */
    return action == ACTION_RESTRICT && d->to->dialect == DIALECT_MYSQL ? ACTION_NO_ACTION : action;
}

static bool same_actions(const Diff *d, const ForeignKey *a, const ForeignKey *b)
{
    return meant_action(d, a->on_delete) == meant_action(d, b->on_delete) &&
           meant_action(d, a->on_update) == meant_action(d, b->on_update);
}

static void diff_foreign_keys(Diff *d, const Difference *base)
{
    const Table *from = base->from.table, *to = base->to.table;
    for (uint32_t i = 0; i < to->foreign_keys.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const ForeignKey *key = to->foreign_keys.items[i];
        const ForeignKey *other = counterpart_key(d, from, key);
        if (key->columns.n == 0 || (other && same_actions(d, other, key)))
            continue;
        Difference *difference = add(d, base, other ? DIFFERENCE_ACTIONS : DIFFERENCE_FOREIGN_KEY,
                                     other ? DIFFERENCE_CHANGED : DIFFERENCE_MISSING);
        difference->from.foreign_key = other;
        difference->to.foreign_key = key;
    }
    for (uint32_t i = 0; i < from->foreign_keys.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const ForeignKey *key = from->foreign_keys.items[i];
        if (key->columns.n && !counterpart_key(d, to, key))
            add(d, base, DIFFERENCE_FOREIGN_KEY, DIFFERENCE_EXTRA)->from.foreign_key = key;
    }
}

/* ---- checks ---- */

/* One of the same name, of the same text, or of the same columns: the database rewrites a check's
 * text, so that what a dump says is not what was written. */
static bool has_check(const Diff *d, const Table *table, const Check *wanted)
{
    for (uint32_t i = 0; i < table->checks.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Check *check = table->checks.items[i];
        if (!check->expression)
            continue;
        const ColumnReferenceVec *a = &check->expression->columns;
        const ColumnReferenceVec *b = &wanted->expression->columns;
        if (same_name(d, check->name.text, wanted->name.text) ||
            (a->n && b->n && same_name(d, a->items[0].column.text, b->items[0].column.text)) ||
            str_equal(diff_expression_key(d->out, check->expression),
                      diff_expression_key(d->out, wanted->expression)))
            return true;
    }
    return false;
}

static void diff_checks(Diff *d, const Difference *base)
{
    const Table *from = base->from.table, *to = base->to.table;
    for (uint32_t i = 0; i < to->checks.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Check *check = to->checks.items[i];
        if (check->expression && !has_check(d, from, check))
            add(d, base, DIFFERENCE_CHECK, DIFFERENCE_MISSING)->to.check = check;
    }
    for (uint32_t i = 0; i < from->checks.n && i < MAX_PARTS_TO_COMPARE; i++) {
        const Check *check = from->checks.items[i];
        if (check->expression && !has_check(d, to, check))
            add(d, base, DIFFERENCE_CHECK, DIFFERENCE_EXTRA)->from.check = check;
    }
}

/* ---- tables ---- */

static void diff_columns(Diff *d, const Difference *base)
{
    const Table *from = base->from.table, *to = base->to.table;
    for (uint32_t i = 0; i < to->columns.n; i++) {
        const Column *column = to->columns.items[i];
        const Column *other = table_column(from, column->name.text);
        if (other)
            diff_column(d->out, &d->differences, base, other, column);
        else if (!from->has_unknown_columns)
            add(d, base, DIFFERENCE_COLUMN, DIFFERENCE_MISSING)->to.column = column;
    }
    for (uint32_t i = 0; i < from->columns.n && !to->has_unknown_columns; i++) {
        const Column *column = from->columns.items[i];
        if (!table_column(to, column->name.text))
            add(d, base, DIFFERENCE_COLUMN, DIFFERENCE_EXTRA)->from.column = column;
    }
}

static bool is_comparable(const Table *table)
{
    return table_is_base(table) && !table->is_temporary && table->kind == TABLE_TABLE;
}

static void diff_table(Diff *d, const Table *to)
{
    const Table *from = schema_counterpart(d->from, to);
    Difference base = {.from.table = from, .to.table = to};
    if (!from) {
        add(d, &base, DIFFERENCE_TABLE, DIFFERENCE_MISSING);
        return;
    }
    if (!is_comparable(from))
        return; /* a model of a view */
    diff_columns(d, &base);
    diff_primary_key(d, &base);
    diff_uniques(d, &base);
    diff_indexes(d, &base);
    diff_foreign_keys(d, &base);
    diff_checks(d, &base);
}

/* ---- enums ---- */

static bool has_label(const Type *type, Str label)
{
    for (uint32_t i = 0; i < type->labels.n; i++) {
        if (str_equal(type->labels.items[i].text, label))
            return true;
    }
    return false;
}

static void diff_labels(Diff *d, const Type *from, const Type *to)
{
    enum { MAX_LABELS = 2000 };
    Difference base = {.from.type = from, .to.type = to};
    if (from->labels.n > MAX_LABELS || to->labels.n > MAX_LABELS)
        return;
    for (uint32_t i = 0; i < to->labels.n; i++) {
        if (!has_label(from, to->labels.items[i].text))
            add(d, &base, DIFFERENCE_ENUM_VALUE, DIFFERENCE_MISSING)->to.label =
                to->labels.items[i];
    }
    for (uint32_t i = 0; i < from->labels.n; i++) {
        if (!has_label(to, from->labels.items[i].text))
            add(d, &base, DIFFERENCE_ENUM_VALUE, DIFFERENCE_EXTRA)->from.label =
                from->labels.items[i];
    }
}

static void diff_enums(Diff *d)
{
    for (MapEntry *e = map_next(&d->to->types, NULL); e; e = map_next(&d->to->types, e)) {
        const Type *to = e->value;
        if (to->kind != TYPE_DEF_ENUM)
            continue;
        const Type *from = schema_type_counterpart(d->from, to);
        Difference base = {.to.type = to};
        if (!from)
            add(d, &base, DIFFERENCE_ENUM, DIFFERENCE_MISSING);
        else if (from->kind == TYPE_DEF_ENUM)
            diff_labels(d, from, to);
    }
    for (MapEntry *e = map_next(&d->from->types, NULL); e; e = map_next(&d->from->types, e)) {
        const Type *from = e->value;
        if (from->kind == TYPE_DEF_ENUM && !schema_type_counterpart(d->to, from)) {
            Difference base = {.from.type = from};
            add(d, &base, DIFFERENCE_ENUM, DIFFERENCE_EXTRA);
        }
    }
}

/* ---- all of it ---- */

DifferenceVec schema_diff(Arena *out, const Schema *from, const Schema *to)
{
    Diff d = {.out = out, .from = from, .to = to};
    for (MapEntry *e = map_next(&to->tables, NULL); e; e = map_next(&to->tables, e)) {
        if (is_comparable(e->value))
            diff_table(&d, e->value);
    }
    for (MapEntry *e = map_next(&from->tables, NULL); e; e = map_next(&from->tables, e)) {
        const Table *table = e->value;
        if (!is_comparable(table) || table->partition_of || schema_counterpart(to, table))
            continue;
        Difference base = {.from.table = table};
        add(&d, &base, DIFFERENCE_TABLE, DIFFERENCE_EXTRA);
    }
    diff_enums(&d);
    return d.differences;
}
