/* relationship(…): what connects classes, beyond the keys. */
#include "frontends/python/link.h"

/* The class's name at the end of "app.models.User", or the whole. */
static Name last_part(Name name)
{
    uint32_t at = name.text.length;
    while (at > 0 && name.text.data[at - 1] != '.')
        at--;
    bool is_exact = range_length(name.place.range) == name.text.length;
    name.text = str_slice(name.text, at, name.text.length);
    if (is_exact)
        name.place.range.start += at;
    return name;
}

static Name target_name(Link *link, const PythonTerm *term)
{
    if (term && term->kind == TERM_LAMBDA)
        term = term->left;
    if (!term)
        return (Name){0};
    if (term->kind == TERM_NAME)
        return (Name){term->text, term->place};
    if (term->kind == TERM_ATTRIBUTE)
        return (Name){term->text, term->text_place};
    Name name = term_name(&link->scope, term);
    return name_is_absent(name) ? name : last_part(name);
}

static void add_names(Link *link, const PythonTerm *term, NameVec *names)
{
    PythonTermVec items = {0};
    if (!term)
        return;
    if (!term_items(&link->scope, term, &items))
        VEC_PUSH(link->out, &items, term);
    for (uint32_t i = 0; i < items.n && i < 64; i++) {
        const PythonTerm *item = items.items[i];
        Name name = term_name(&link->scope, item);
        if (!name_is_absent(name))
            name = last_part(name);
        else if (item->kind == TERM_NAME)
            name = (Name){item->text, item->place};
        else if (item->kind == TERM_ATTRIBUTE)
            name = (Name){item->text, item->text_place};
        if (!name_is_absent(name))
            VEC_PUSH(link->out, names, name);
    }
}

/* A string, or a Table, or a function that gives one. */
static Name secondary_name(Link *link, const PythonTerm *term)
{
    if (term && term->kind == TERM_LAMBDA)
        term = term->left;
    if (term_is_none(term))
        return (Name){0};
    Name name = term_name(&link->scope, term);
    if (!name_is_absent(name))
        return last_part(name);
    const LinkedTable *table = orm_table_of_term(link, term);
    return table ? (Name){table->name.text, term->place} : (Name){0};
}

/* Behind the last argument of a call, where one more can be written; unset where that is not
 * plain to see. */
Place orm_insertion(const PythonTerm *call, bool *has_arguments)
{
    *has_arguments = call && call->items.n > 0;
    if (!call || call->kind != TERM_CALL)
        return (Place){0};
    Str text = call->place.fragment->text;
    uint32_t end = call->place.range.end;
    if (end == 0 || text.data[end - 1] != ')')
        return (Place){0};
    uint32_t at = end - 1;
    if (*has_arguments) {
        const PythonTerm *last = call->items.items[call->items.n - 1];
        if (last->place.fragment != call->place.fragment || last->place.range.end > end - 1)
            return (Place){0};
        at = last->place.range.end;
        uint32_t behind = at;
        while (behind < end - 1 &&
               (text.data[behind] == ' ' || text.data[behind] == '\n' ||
                text.data[behind] == '\t' || text.data[behind] == '\r' || text.data[behind] == ','))
            behind++;
        bool is_plain = behind == end - 1 || text.data[behind] == '#';
        if (!is_plain)
            return (Place){0};
    }
    return (Place){call->place.fragment, {at, at}};
}

static bool is_relation_call(Link *link, const PythonTerm *value)
{
    if (!value || value->kind != TERM_CALL)
        return false;
    Str name = python_sqlalchemy_name(&link->scope, value->left);
    return str_equal(name, STR("relationship")) || str_equal(name, STR("relation")) ||
           str_equal(name, STR("dynamic_loader")) || str_equal(name, STR("Relationship"));
}

static void read_arguments(Link *link, const PythonTerm *call, OrmRelation *relation)
{
    PythonScope *scope = &link->scope;
    const PythonTerm *target = call_argument(call, 0, "argument");
    Name name = target_name(link, target);
    if (!name_is_absent(name))
        relation->target = name;
    relation->back_populates = term_name(scope, call_argument(call, NO_POSITION, "back_populates"));
    const PythonTerm *backref = call_argument(call, NO_POSITION, "backref");
    relation->has_backref_options = backref && backref->kind != TERM_STRING;
    if (call_is(scope, backref, "backref"))
        backref = call_argument(backref, 0, NULL);
    relation->backref = term_name(scope, backref);
    relation->secondary = secondary_name(link, call_argument(call, NO_POSITION, "secondary"));
    const PythonTerm *link_model = call_argument(call, NO_POSITION, "link_model");
    if (link_model && !term_is_none(link_model)) {
        const LinkedTable *table = orm_table_of_term(link, link_model);
        if (table)
            relation->secondary = (Name){table->name.text, link_model->place};
    }
    const PythonTerm *keyword = call_keyword(call, "cascade");
    if (keyword) {
        relation->is_partial |= !term_string(scope, keyword->left, &relation->cascade);
        relation->cascade_place = keyword->place;
    }
    keyword = call_keyword(call, "lazy");
    if (keyword) {
        bool value;
        if (term_boolean(scope, keyword->left, &value))
            relation->lazy = value ? STR("select") : STR("joined");
        else if (!term_is_none(keyword->left))
            relation->is_partial |= !term_string(scope, keyword->left, &relation->lazy);
        else
            relation->lazy = STR("noload");
        relation->lazy_place = keyword->place;
    }
    keyword = call_keyword(call, "passive_deletes");
    if (keyword) {
        relation->passive_deletes_place = keyword->place;
        Str all;
        relation->passive_deletes = term_string(scope, keyword->left, &all)
                                        ? WRITTEN_TRUE
                                        : call_written(scope, call, "passive_deletes");
    }
    relation->single_parent = call_written(scope, call, "single_parent");
    relation->uselist = call_written(scope, call, "uselist");
    relation->viewonly = call_written(scope, call, "viewonly");
    relation->has_own_join = call_keyword(call, "primaryjoin") ||
                             call_keyword(call, "secondaryjoin") ||
                             call_keyword(call, "remote_side");
    add_names(link, call_argument(call, NO_POSITION, "foreign_keys"), &relation->fields);
    relation->is_partial |= call_has_splat(call) || call_keyword(call, "sa_relationship_kwargs") ||
                            call_keyword(call, "sa_relationship");
    relation->insertion = orm_insertion(call, &relation->has_arguments);
}

bool orm_relation(Link *link, LinkedClass *class, const PythonStatement *statement,
                  const PythonTerm *value, const Annotation *annotation, bool is_inherited)
{
    bool is_call = is_relation_call(link, value);
    if (!is_call || !class->model)
        return is_call;
    bool is_function = statement->kind == STATEMENT_FUNCTION;
    OrmRelation relation = {.is_inherited = is_inherited, .place = statement->place};
    relation.name = is_function ? statement->definition->name
                                : (Name){statement->target->text, statement->target->place};
    if (annotation->inner)
        relation.target = target_name(link, annotation->inner);
    read_arguments(link, value, &relation);
    relation.is_optional = annotation->optional == WRITTEN_TRUE;
    relation.is_list = annotation->is_list;
    if (annotation->is_dynamic && str_is_absent(relation.lazy))
        relation.lazy = annotation->is_write_only ? STR("write_only") : STR("dynamic");
    if (relation.uselist == WRITTEN_TRUE)
        relation.is_list = true;
    VEC_PUSH(link->out, &class->model->relations, relation);
    return true;
}

/* --- connecting --- */

const ConstraintDef *orm_key_to(const LinkedTable *from, const LinkedTable *to,
                                const ConstraintDef *previous)
{
    uint32_t first = previous ? (uint32_t)(previous - from->constraints.items) + 1 : 0;
    for (uint32_t i = first; from && to && i < from->constraints.n; i++) {
        const ConstraintDef *key = &from->constraints.items[i];
        if (key->kind == CONSTRAINT_FOREIGN_KEY &&
            str_equal(key->references.name.text, to->name.text))
            return key;
    }
    return NULL;
}

LinkedClass *orm_relation_target(Link *link, const OrmRelation *relation)
{
    Str name = relation->target.text;
    if (str_is_absent(name))
        return NULL;
    if (!map_get(&link->twin_names, name))
        return map_get(&link->class_names, name);
    return map_get(&link->twin_names, orm_key(link->out, relation->place.fragment, name));
}

/* Without an annotation: the many side is the one that the other's key points from. */
static void guess_list(const LinkedClass *class, const LinkedClass *target, OrmRelation *relation)
{
    if (relation->is_list || relation->uselist != WRITTEN_NOT || relation->has_own_join)
        return;
    if (!name_is_absent(relation->secondary))
        relation->is_list = true;
    else if (!relation->is_optional && class->table != target->table)
        relation->is_list = orm_key_to(target->table, class->table, NULL) &&
                            !orm_key_to(class->table, target->table, NULL);
}

static const OrmRelation *find_relation(const OrmModel *model, Str name)
{
    for (const OrmModel *at = model; at; at = at->parent) {
        for (uint32_t i = 0; i < at->relations.n; i++) {
            if (str_equal(at->relations.items[i].name.text, name))
                return &at->relations.items[i];
        }
    }
    return NULL;
}

static void connect(Link *link, const LinkedClass *class, OrmRelation *relation)
{
    LinkedClass *target = orm_relation_target(link, relation);
    if (!target)
        return;
    relation->target_model = target->model;
    bool is_annotated = relation->is_list || relation->is_optional;
    if (!is_annotated)
        guess_list(class, target, relation);
    if (target->model && !name_is_absent(relation->back_populates))
        relation->inverse = find_relation(target->model, relation->back_populates.text);
}

void orm_relations(Link *link)
{
    OrmModelVec *models = &link->declared->models;
    for (uint32_t i = 0; i < link->class_list.n; i++) {
        LinkedClass *class = link->class_list.items[i];
        for (uint32_t k = 0; class->model && k < class->model->relations.n; k++)
            connect(link, class, &class->model->relations.items[k]);
    }
    for (uint32_t i = 0; i < models->n; i++) { /* two that do not mean each other */
        for (uint32_t k = 0; k < models->items[i]->relations.n; k++) {
            OrmRelation *relation = &models->items[i]->relations.items[k];
            const OrmRelation *back = relation->inverse ? relation->inverse->inverse : NULL;
            if (back && back != relation)
                relation->inverse = NULL;
        }
    }
}
