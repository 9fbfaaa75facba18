/* What a hover says of a model: the class behind a table, the attribute behind a column, what the
 * program fills in by itself, and the key behind a relation. */
#include "lsp/hover.h"

enum { MAX_MODELS = 4 }; /* several classes may share a table */

/* ---- fields ---- */

static const OrmField *field_of(const OrmModel *model, const Column *column)
{
    for (uint32_t i = 0; i < model->fields.n; i++) {
        if (str_equal(model->fields.items[i].column.text, column->name.text))
            return &model->fields.items[i];
    }
    return NULL;
}

static void client_value(Hover *hover, const char *what, const ClientValue *value)
{
    if (value->kind == CLIENT_VALUE_NONE)
        return;
    buf_format(hover->out, ", %s by the program", what);
    enum { MAX_VALUE = 120 };
    if (str_is_empty(value->text) || value->text.length > MAX_VALUE)
        return;
    buf_add(hover->out, STR(": "));
    hover_name(hover, value->text);
}

static void place_of_model(Hover *hover, const char *kind, const OrmModel *model, Str member,
                           Place place)
{
    hover_line(hover);
    buf_format(hover->out, "%s ", kind);
    Str name = orm_model_name(model).text;
    if (!str_is_absent(member))
        name = str_format(&hover->server->scratch, STR_FMT "." STR_FMT, STR_ARG(name),
                          STR_ARG(member));
    hover_name(hover, name);
    buf_add(hover->out, STR(", "));
    hover_cite(hover, place);
}

void hover_model(Hover *hover, const Subject *subject)
{
    const Snapshot *snapshot = hover->view->snapshot;
    const OrmModelVec *models = &snapshot->linked.models;
    const Table *table = subject->declared_table ? subject->declared_table : subject->table;
    uint32_t n = 0;
    for (uint32_t i = 0; i < models->n && n < MAX_MODELS; i++) {
        const OrmModel *model = models->items[i];
        if (database_model_table(&snapshot->database, model) != table)
            continue;
        if (!subject->column) {
            n++;
            place_of_model(hover, "Model", model, (Str){0}, model->name.place);
            continue;
        }
        const OrmField *field = field_of(model, subject->column);
        if (!field)
            continue;
        n++;
        place_of_model(hover, "Field", model, field->name.text, field->name.place);
        client_value(hover, "made", &field->default_value);
        client_value(hover, "renewed", &field->on_update);
    }
}

/* ---- relations ---- */

static const OrmModel *model_of(const OrmModelVec *models, const OrmRelation *relation)
{
    for (uint32_t i = 0; i < models->n; i++) {
        const OrmRelationVec *relations = &models->items[i]->relations;
        for (uint32_t j = 0; j < relations->n; j++) {
            if (&relations->items[j] == relation)
                return models->items[i];
        }
    }
    return NULL;
}

static bool key_uses(const ForeignKey *key, const OrmModel *model, const NameVec *fields)
{
    if (key->columns.n != fields->n)
        return false;
    for (uint32_t i = 0; i < fields->n; i++) {
        const OrmField *field = field_of(model, key->columns.items[i]);
        if (!field || !str_equal(field->name.text, fields->items[i].text))
            return false;
    }
    return true;
}

/* The one foreign key from the model's table to the other that the relation goes by: with its
 * fields where it names some; NULL where several could be meant, or none. */
static const ForeignKey *key_between(const Table *from, const Table *to, const OrmModel *model,
                                     const OrmRelation *relation)
{
    const ForeignKey *found = NULL;
    bool is_named = relation && relation->fields.n > 0;
    for (uint32_t i = 0; from && i < from->foreign_keys.n; i++) {
        const ForeignKey *key = from->foreign_keys.items[i];
        if (key->target != to || (is_named && !key_uses(key, model, &relation->fields)))
            continue;
        if (found)
            return NULL;
        found = key;
    }
    return found;
}

static bool points_at(const Table *table, const Table *target)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        if (table->foreign_keys.items[i]->target == target)
            return true;
    }
    return false;
}

/* The table that Prisma makes for a many-to-many relation; NULL: none, or several could be meant.
 */
static const Table *implicit_table(const Schema *schema, const Table *one, const Table *other)
{
    const Table *found = NULL;
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        const Table *table = e->value;
        const Operation *origin = table->origin;
        if (!origin || origin->kind != OP_CREATE_TABLE || !origin->as.create_table.is_implicit ||
            !points_at(table, one) || !points_at(table, other))
            continue;
        if (found)
            return NULL;
        found = table;
    }
    return found;
}

static void through(Hover *hover, Str table)
{
    buf_add(hover->out, STR(", through "));
    hover_name(hover, table);
}

void hover_relation(Hover *hover, const Thing *thing)
{
    const Snapshot *snapshot = hover->view->snapshot;
    const OrmRelation *relation = thing->relation;
    const OrmModel *model = model_of(&snapshot->linked.models, relation);
    if (!model)
        return;
    Str name = str_format(&hover->server->scratch, STR_FMT "." STR_FMT, STR_ARG(model->name.text),
                          STR_ARG(relation->name.text));
    hover_strong(hover, name);
    buf_add(hover->out, relation->is_list ? STR(" relation to many ") : STR(" relation to "));
    hover_name(hover, relation->target.text);
    if (!name_is_absent(relation->secondary)) {
        through(hover, relation->secondary.text);
        return;
    }
    const OrmModel *other = relation->target_model;
    const Table *target = database_model_table(&snapshot->database, other);
    if (!target)
        return;
    const ForeignKey *out = key_between(thing->table, target, model, relation);
    const ForeignKey *in = key_between(target, thing->table, other, relation->inverse);
    if (out && (!in || !relation->is_list))
        hover_foreign_key(hover, out, true);
    else if (in)
        hover_foreign_key(hover, in, false);
    const Schema *schema = database_model_schema(&snapshot->database);
    const Table *implicit = out || in ? NULL : implicit_table(schema, thing->table, target);
    if (implicit)
        through(hover, implicit->name.text);
}
