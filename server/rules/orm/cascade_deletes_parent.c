/* O09: a delete cascade on the side that has one parent: it deletes the parent. */
#include "rules/orm/relation.h"

static void check_many_to_one(RuleContext *context, const OrmModel *model,
                              const OrmRelation *relation, const ForeignKey *key)
{
    if (relation_key_is_unique(key))
        return; /* one to one: the parent is its own */
    Finding *finding =
        report(context, relation_place(relation, relation->cascade_place),
               "deleting one " STR_FMT " deletes its " STR_FMT " too, which others may share",
               STR_ARG(model_title(model)), STR_ARG(model_title(relation->target_model)));
    report_table(context, finding, key->table, NULL);
    report_related(context, finding, key->place, "many rows may reference the same one");
}

static void check_many_to_many(RuleContext *context, const OrmModel *model,
                               const OrmRelation *relation)
{
    const OrmRelation *other = relation->inverse;
    if (!other || other->is_partial || !relation_cascades(other, "delete"))
        return;
    Finding *finding = report(context, relation_place(relation, relation->cascade_place),
                              "deleting one " STR_FMT " deletes its " STR_FMT
                              ", and with each of them every other " STR_FMT " it belongs to",
                              STR_ARG(model_title(model)), STR_ARG(relation->name.text),
                              STR_ARG(model_title(model)));
    report_related(context, finding, relation_place(other, other->cascade_place),
                   "the cascade back");
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (!relation_cascades(relation, "delete") || relation->single_parent == WRITTEN_TRUE ||
            relation->viewonly == WRITTEN_TRUE)
            continue;
        const ForeignKey *key = NULL;
        RelationShape shape = relation_shape(database, model, relation, &key);
        if (shape == SHAPE_MANY_TO_ONE)
            check_many_to_one(context, model, relation, key);
        else if (shape == SHAPE_MANY_TO_MANY)
            check_many_to_many(context, model, relation);
    }
}

const Rule rule_cascade_deletes_parent = {
    .id = "cascade-deletes-parent",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a delete cascade on the many side of a relationship",
    .why = "A cascade works from the class it is written on: on the side that holds the foreign "
           "key, deleting one child deletes the parent. Its other children lose it, are deleted "
           "with it, or make the delete fail.",
    .instead = "Write `cascade=` on the parent's collection and leave it out on the child's side. "
               "Where a child owns its parent alone, say so with single_parent=True.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Customer(Base):\n"
           "    __tablename__ = \"customers\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "\n"
           "class Order(Base):\n"
           "    __tablename__ = \"orders\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    customer_id = Column(ForeignKey(\"customers.id\"), index=True)\n"
           "    customer = relationship(\"Customer\", cascade=\"all\")\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer\n"
            "from sqlalchemy.orm import declarative_base, relationship\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Customer(Base):\n"
            "    __tablename__ = \"customers\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    orders = relationship(\"Order\", cascade=\"all, delete-orphan\")\n"
            "\n"
            "class Order(Base):\n"
            "    __tablename__ = \"orders\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey(\"customers.id\"), index=True)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/cascades.html",
    .on_model = on_model,
};
