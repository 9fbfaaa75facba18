/* The tables of a query: what is selected, joined, and meant by a column. */
#include "frontends/python/queries.h"

enum { TABLES_MAX = 40, PARENTS_MAX = 16, OUTPUTS_MAX = 200 };

/* --- tables --- */

static bool same_subject(const Subject *a, const Subject *b)
{
    return a->table == b->table && str_equal(a->alias, b->alias);
}

uint32_t query_table(Queries *q, QueryDraft *draft, Subject subject, JoinKind join, Place place)
{
    for (uint32_t i = 0; i < draft->subjects.n; i++) {
        if (same_subject(&draft->subjects.items[i], &subject))
            return i;
    }
    if (draft->subjects.n >= TABLES_MAX)
        return NO_TABLE_USE;
    const LinkedTable *table = subject.table;
    TableUse use = {.kind = TABLE_USE_TABLE,
                    .table = {.name = {table->name.text, place}, .place = place},
                    .join = draft->subjects.n == 0 ? JOIN_NONE : join,
                    .place = place};
    if (!str_is_absent(table->schema))
        use.table.schema = (Name){table->schema, place};
    if (!str_is_absent(subject.alias))
        use.alias = (Name){subject.alias, place};
    VEC_PUSH(q->out, &draft->subjects, subject);
    VEC_PUSH(q->out, &draft->query.tables, use);
    draft->query.has_from |= draft->query.kind != QUERY_SELECT && draft->subjects.n > 1;
    return draft->subjects.n - 1;
}

/* --- columns --- */

/* The column behind a class's attribute, of its own table or of a parent's. */
static bool find_column(const Subject *subject, Str attribute, LinkedTable **table, Str *column)
{
    const LinkedClass *class = subject->class;
    *table = subject->table;
    for (uint32_t i = 0; i < PARENTS_MAX; i++) {
        const Name *name = *table ? map_get(&(*table)->attributes, attribute) : NULL;
        if (name) {
            *column = name->text;
            return true;
        }
        class = class ? class->parent : NULL;
        if (!class)
            return false;
        *table = class->table;
    }
    return false;
}

bool query_own_column(QueryDraft *draft, uint32_t table, Str attribute, Place place, ColumnUse *use)
{
    LinkedTable *holder = NULL;
    Str column = {0};
    if (table >= draft->subjects.n)
        return false;
    const Subject *subject = &draft->subjects.items[table];
    if (!find_column(subject, attribute, &holder, &column))
        return false;
    bool is_here = holder == subject->table;
    *use = (ColumnUse){.table = is_here ? table : NO_TABLE_USE,
                       .other_table = NO_TABLE_USE,
                       .column = {column, place},
                       .place = place};
    if (!is_here) /* of a class that it inherits from by a join: that one is not in the text */
        use->qualifier = (Name){holder->name.text, place};
    return true;
}

/* `users.c.id` has the collection between the table and the column. */
static const PythonTerm *holder_of(const PythonTerm *term)
{
    const PythonTerm *left = term->left;
    bool is_collection = left && left->kind == TERM_ATTRIBUTE &&
                         (str_equal(left->text, STR("c")) || str_equal(left->text, STR("columns")));
    return is_collection ? left->left : left;
}

bool query_column(Queries *q, QueryDraft *draft, const PythonTerm *term, ColumnUse *use)
{
    Subject subject;
    LinkedTable *holder = NULL;
    Str column = {0};
    if (!term || term->kind != TERM_ATTRIBUTE || !query_subject(q, holder_of(term), &subject) ||
        !find_column(&subject, term->text, &holder, &column))
        return false;
    uint32_t table = query_table(q, draft, subject, JOIN_COMMA, term->place);
    return query_own_column(draft, table, term->text, term->place, use);
}

/* --- what is selected --- */

static void add_output(Queries *q, QueryDraft *draft, OutputColumn output)
{
    if (draft->query.outputs.n < OUTPUTS_MAX)
        VEC_PUSH(q->out, &draft->query.outputs, output);
    else
        draft->is_selected_unknown = true;
}

/* The columns within a function: they decide what is read from. */
static void add_tables_of(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    ColumnUse use;
    Subject subject;
    if (!term || queries_are_spent(q) || term->kind == TERM_LAMBDA ||
        term->kind == TERM_COMPREHENSION || query_column(q, draft, term, &use))
        return;
    if (query_subject(q, term, &subject)) {
        (void)query_table(q, draft, subject, JOIN_COMMA, term->place);
        return;
    }
    add_tables_of(q, draft, term->left);
    add_tables_of(q, draft, term->right);
    for (uint32_t i = 0; i < term->items.n; i++)
        add_tables_of(q, draft, term->items.items[i]);
}

void query_select(Queries *q, QueryDraft *draft, const PythonTerm *term)
{
    Subject subject;
    ColumnUse use;
    LinkedClass *class = NULL;
    if (term->kind == TERM_SPLAT || term->kind == TERM_DOUBLE_SPLAT) {
        draft->is_selected_unknown = true;
        return;
    }
    if (query_subject(q, term, &subject)) {
        (void)query_table(q, draft, subject, JOIN_COMMA, term->place);
        class = subject.class;
        bool is_aliased = !str_is_absent(subject.alias);
        Name name = {is_aliased ? subject.alias : subject.table->name.text, term->place};
        add_output(q, draft, (OutputColumn){.is_star = true, .qualifier = name});
    } else if (query_column(q, draft, term, &use)) {
        add_output(q, draft, (OutputColumn){.name = use.column});
    } else {
        Value value = query_value(q, term);
        if (value.kind == VALUE_QUERY)
            value.draft->is_used = true; /* a subquery, an EXISTS */
        else
            add_tables_of(q, draft, term);
        add_output(q, draft, (OutputColumn){0});
    }
    VEC_PUSH(q->out, &draft->selected, class);
    if (draft->newest == NO_TABLE_USE && draft->subjects.n > 0)
        draft->newest = 0;
}

/* --- relations --- */

const OrmRelation *query_relation(const Queries *q, const LinkedClass *class, Str name)
{
    const OrmModel *model = class ? class->model : NULL;
    for (uint32_t depth = 0; model && depth < PARENTS_MAX; model = model->parent, depth++) {
        for (uint32_t i = 0; i < model->relations.n; i++) {
            if (str_equal(model->relations.items[i].name.text, name))
                return &model->relations.items[i];
        }
        const OrmRelation *backref =
            q->backrefs->n ? map_get(q->backrefs, orm_key(q->out, model, name)) : NULL;
        if (backref)
            return backref;
    }
    return NULL;
}

/* The relation that backref="customer" of another one makes. */
static void add_backref(Queries *q, const LinkedClass *class, const OrmRelation *relation)
{
    const LinkedClass *target = orm_relation_target(q->link, relation);
    bool is_many_to_one =
        !relation->is_list && target && orm_key_to(class->table, target->table, NULL);
    bool is_plain = is_many_to_one || relation->is_list;
    OrmRelation *made = ARENA_NEW(q->out, OrmRelation);
    *made = (OrmRelation){.name = relation->backref,
                          .target = class->definition->name,
                          .target_model = class->model,
                          .is_list = !relation->is_list || !name_is_absent(relation->secondary),
                          .inverse = relation,
                          .secondary = relation->secondary,
                          .has_own_join = relation->has_own_join,
                          .is_partial = !is_plain || relation->is_partial ||
                                        relation->has_own_join || relation->has_backref_options ||
                                        relation->uselist != WRITTEN_NOT,
                          .place = relation->place};
    map_set(q->out, q->backrefs, orm_key(q->out, relation->target_model, relation->backref.text),
            made);
}

void query_find_backrefs(Queries *q)
{
    const LinkedClassVec *classes = &q->link->class_list;
    for (uint32_t i = 0; i < classes->n; i++) {
        const LinkedClass *class = classes->items[i];
        for (uint32_t k = 0; class->model && k < class->model->relations.n; k++) {
            const OrmRelation *relation = &class->model->relations.items[k];
            if (!name_is_absent(relation->backref) && relation->target_model)
                add_backref(q, class, relation);
        }
    }
}

LinkedClass *query_target(Queries *q, const OrmRelation *relation)
{
    LinkedClass *class = orm_relation_target(q->link, relation);
    return class && class->kind == CLASS_MAPPED && class->table ? class : NULL;
}

/* --- keys --- */

/* The one foreign key between two tables; false where there is none, or several. */
static bool key_between(const LinkedTable *from, const LinkedTable *to, const ConstraintDef **key)
{
    *key = orm_key_to(from, to, NULL);
    return *key && !orm_key_to(from, to, *key);
}

bool query_own_key_column(Queries *q, QueryDraft *draft, uint32_t table, Str attribute, Place place,
                          ColumnUse *use)
{
    if (table >= draft->subjects.n)
        return false;
    const Subject *subject = &draft->subjects.items[table];
    const OrmRelation *relation = query_relation(q, subject->class, attribute);
    const LinkedClass *target = relation ? query_target(q, relation) : NULL;
    const ConstraintDef *key = NULL;
    if (!target || relation->is_list || relation->has_own_join || relation->fields.n > 0 ||
        !key_between(subject->table, target->table, &key) || key->parts.n != 1)
        return false;
    *use = (ColumnUse){.table = table,
                       .other_table = NO_TABLE_USE,
                       .column = {key->parts.items[0].column.text, place},
                       .place = place};
    return true;
}

bool query_key_column(Queries *q, QueryDraft *draft, const PythonTerm *term, ColumnUse *use)
{
    Subject subject;
    if (!term || term->kind != TERM_ATTRIBUTE || !query_subject(q, term->left, &subject) ||
        !query_relation(q, subject.class, term->text))
        return false;
    uint32_t table = query_table(q, draft, subject, JOIN_COMMA, term->place);
    return query_own_key_column(q, draft, table, term->text, term->place, use);
}

/* --- joins --- */

static void add_key(Queries *q, QueryDraft *draft, uint32_t from, uint32_t to,
                    const ConstraintDef *key, Place place)
{
    for (uint32_t i = 0; i < key->parts.n && i < key->references_columns.n; i++) {
        ColumnUse use = {.table = from,
                         .column = {key->parts.items[i].column.text, place},
                         .comparison = COMPARE_EQUAL,
                         .other_table = to,
                         .other_column = {key->references_columns.items[i].text, place},
                         .place = place};
        VEC_PUSH(q->out, &draft->query.joins, use);
    }
}

/* What SQLAlchemy joins on where nothing is written: the foreign key between the two. */
static void join_by_key(Queries *q, QueryDraft *draft, uint32_t joined, Place place)
{
    const ConstraintDef *key = NULL;
    const LinkedTable *to = draft->subjects.items[joined].table;
    for (uint32_t i = draft->subjects.n; i > 0; i--) {
        const LinkedTable *from = draft->subjects.items[i - 1].table;
        if (i - 1 == joined || from == to)
            continue;
        if (key_between(from, to, &key))
            add_key(q, draft, i - 1, joined, key, place);
        else if (key_between(to, from, &key))
            add_key(q, draft, joined, i - 1, key, place);
        else
            continue;
        return;
    }
}

/* The class that .join(Order.customer) leads to. */
static LinkedClass *class_of_path(Queries *q, const PythonTerm *term, const OrmRelation **relation)
{
    Subject from;
    while (term->kind == TERM_CALL && term->left && term->left->kind == TERM_ATTRIBUTE)
        term = term->left->left; /* Order.customer.of_type(…), .and_(…) */
    if (term->kind != TERM_ATTRIBUTE || !query_subject(q, term->left, &from))
        return NULL;
    *relation = query_relation(q, from.class, term->text);
    return *relation ? query_target(q, *relation) : NULL;
}

void query_join(Queries *q, QueryDraft *draft, const PythonTerm *call, bool is_outer)
{
    const PythonTerm *target = call_argument(call, 0, "target");
    const PythonTerm *condition = call_argument(call, 1, "onclause");
    JoinKind join =
        is_outer || call_flag(&q->link->scope, call, "isouter") ? JOIN_LEFT : JOIN_INNER;
    const OrmRelation *relation = NULL;
    Subject subject;
    draft->newest = NO_TABLE_USE;
    if (!target)
        return;
    if (!query_subject(q, target, &subject)) {
        LinkedClass *class = class_of_path(q, target, &relation);
        subject = (Subject){class ? class->table : NULL, class, {0}};
        if (!class) { /* a subquery, a name in a string */
            Value value = query_value(q, target);
            if (value.kind == VALUE_QUERY)
                value.draft->is_used = true;
            if (condition)
                query_condition(q, draft, condition);
            return;
        }
    }
    uint32_t n_before = draft->subjects.n;
    uint32_t index = query_table(q, draft, subject, join, target->place);
    if (index == NO_TABLE_USE)
        return;
    draft->newest = index;
    if (index < n_before && draft->query.tables.items[index].join != JOIN_COMMA)
        return; /* it is there already */
    draft->query.tables.items[index].join = index == 0 ? JOIN_NONE : join;
    draft->query.tables.items[index].has_condition = true;
    const OrmRelation *other = NULL;
    bool is_path = condition && class_of_path(q, condition, &other); /* join(B, A.rel) */
    if (condition && !is_path) {
        bool had_where = draft->query.has_where; /* ON decides which rows meet, not which count */
        query_condition(q, draft, condition);
        draft->query.has_where = had_where;
    } else {
        join_by_key(q, draft, index, target->place);
    }
}
