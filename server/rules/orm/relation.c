#include "rules/orm/relation.h"

enum {
    MAX_PARENTS = 32,     /* deeper than classes are derived; ends a circle */
    MAX_LOOKED_AT = 4096, /* attributes of one class: no class has more, a hostile text might */
    MAX_KEYS = 256,       /* foreign keys of one table, likewise */
};

const Table *model_table(const Schema *schema, const OrmModel *model)
{
    if (!schema || !model || name_is_absent(model->table) || model->is_view)
        return NULL;
    return schema_table(schema, model->schema, model->table.text);
}

Str model_title(const OrmModel *model)
{
    return orm_model_name(model).text;
}

Str model_phrase(Arena *out, const OrmModel *model)
{
    Str title = model_title(model);
    bool has_vowel = title.length > 0 && strchr("AEIOaeio", title.data[0]); /* a User, a Unit */
    return str_format(out, "%s " STR_FMT, has_vowel ? "an" : "a", STR_ARG(title));
}

Str field_title(Arena *out, const OrmModel *model, const OrmField *field)
{
    if (field->is_inherited)
        return field->name.text;
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(model_title(model)),
                      STR_ARG(field->name.text));
}

void report_field(RuleContext *context, Finding *finding, const Table *table, const OrmField *field)
{
    if (table && !field->is_inherited)
        report_table(context, finding, table, table_column(table, field->column.text));
}

Str relation_title(Arena *out, const OrmModel *model, const OrmRelation *relation)
{
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(model_title(model)),
                      STR_ARG(relation->name.text));
}

const OrmField *model_field(const OrmModel *model, Str name)
{
    for (unsigned depth = 0; model && depth < MAX_PARENTS; model = model->parent, depth++) {
        for (uint32_t i = 0; i < model->fields.n && i < MAX_LOOKED_AT; i++) {
            if (str_equal(model->fields.items[i].name.text, name))
                return &model->fields.items[i];
        }
    }
    return NULL;
}

const OrmRelation *model_relation(const OrmModel *model, Str name)
{
    for (unsigned depth = 0; model && depth < MAX_PARENTS; model = model->parent, depth++) {
        for (uint32_t i = 0; i < model->relations.n && i < MAX_LOOKED_AT; i++) {
            if (str_equal(model->relations.items[i].name.text, name))
                return &model->relations.items[i];
        }
    }
    return NULL;
}

bool model_may_have_more(const OrmModel *model)
{
    unsigned depth = 0;
    for (; model && depth < MAX_PARENTS; model = model->parent, depth++) {
        if (model->is_partial || model->fields.n > MAX_LOOKED_AT ||
            model->relations.n > MAX_LOOKED_AT)
            return true;
    }
    return depth == MAX_PARENTS;
}

static bool inherits(const OrmModel *model, const OrmModel *from)
{
    for (unsigned depth = 0; model && depth < MAX_PARENTS; model = model->parent, depth++) {
        if (model == from)
            return true;
    }
    return false;
}

bool model_is_akin(const OrmModel *a, const OrmModel *b)
{
    return inherits(a, b) || inherits(b, a);
}

/* ---- the foreign keys between two tables ---- */

/* "customer_id" of "Order.customer_id". */
static Str last_part(Str dotted)
{
    uint32_t start = dotted.length;
    while (start > 0 && dotted.data[start - 1] != '.')
        start--;
    return str_slice(dotted, start, dotted.length);
}

/* True where one of the names is that of a column of the key, or of the attribute behind it. */
static bool is_named(const ForeignKey *key, const OrmModel *holder, const NameVec *names)
{
    for (uint32_t i = 0; i < names->n; i++) {
        Str name = last_part(names->items[i].text);
        const OrmField *field = model_field(holder, name);
        if (field)
            name = field->column.text;
        for (uint32_t j = 0; j < key->columns.n; j++) {
            if (str_equal(key->columns.items[j]->name.text, name))
                return true;
        }
    }
    return names->n == 0;
}

static uint32_t find_keys(const Table *from, const Table *to, const OrmModel *holder,
                          const NameVec *names, const ForeignKey **key)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < from->foreign_keys.n; i++) {
        const ForeignKey *candidate = from->foreign_keys.items[i];
        if (candidate->target != to || !is_named(candidate, holder, names))
            continue;
        *key = candidate;
        n++;
    }
    return n;
}

RelationShape relation_shape(const Database *database, const OrmModel *model,
                             const OrmRelation *relation, const ForeignKey **key)
{
    *key = NULL;
    const Table *own = model_table(database->declared, model);
    const Table *other = model_table(database->declared, relation->target_model);
    if (!own || !other || relation->has_own_join || relation->is_partial)
        return SHAPE_UNKNOWN;
    if (!name_is_absent(relation->secondary))
        return SHAPE_MANY_TO_MANY;
    if (own == other || own->foreign_keys.n > MAX_KEYS || other->foreign_keys.n > MAX_KEYS)
        return SHAPE_UNKNOWN;
    const ForeignKey *outward = NULL, *inward = NULL;
    uint32_t n_outward = find_keys(own, other, model, &relation->fields, &outward);
    bool is_outward = model->kind == ORM_PRISMA && relation->fields.n > 0;
    uint32_t n_inward =
        is_outward ? 0 : find_keys(other, own, relation->target_model, &relation->fields, &inward);
    if (n_outward + n_inward != 1)
        return SHAPE_UNKNOWN;
    *key = outward ? outward : inward;
    return outward ? SHAPE_MANY_TO_ONE : SHAPE_ONE_TO_MANY;
}

bool relation_key_is_unique(const ForeignKey *key)
{
    return table_is_unique_on(key->table, &key->columns);
}

ReferentialAction relation_on_delete(const Database *database, const ForeignKey *key)
{
    const Table *migrated = schema_counterpart(database->migrated, key->table);
    for (uint32_t i = 0; migrated && i < migrated->foreign_keys.n && i < MAX_KEYS; i++) {
        const ForeignKey *other = migrated->foreign_keys.items[i];
        bool is_same = other->columns.n == key->columns.n;
        for (uint32_t j = 0; is_same && j < key->columns.n; j++)
            is_same =
                str_equal(other->columns.items[j]->name.text, key->columns.items[j]->name.text);
        if (is_same)
            return other->on_delete;
    }
    return key->on_delete;
}

/* ---- arguments ---- */

Place relation_place(const OrmRelation *relation, Place part)
{
    return place_is_set(part) ? part : relation->name.place;
}

bool relation_cascades(const OrmRelation *relation, const char *word)
{
    Str rest = relation->cascade;
    while (!str_is_empty(rest)) {
        uint32_t comma = str_find(rest, STR(","), 0);
        Str part = str_trim(str_slice(rest, 0, comma));
        if (str_equal(part, str_from(word)) ||
            (str_equal(part, STR("all")) && str_equal(str_from(word), STR("delete"))))
            return true;
        rest = comma == UINT32_MAX ? (Str){0} : str_slice(rest, comma + 1, rest.length);
    }
    return false;
}

bool relation_is_list(const OrmRelation *relation, RelationShape shape)
{
    if (relation->uselist == WRITTEN_FALSE)
        return false;
    if (relation->is_list || relation->uselist == WRITTEN_TRUE)
        return true;
    return shape == SHAPE_MANY_TO_MANY || shape == SHAPE_ONE_TO_MANY;
}
