/* O09: delete-orphan where an object may have several parents: SQLAlchemy refuses it. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (!relation_cascades(relation, "delete-orphan") ||
            relation->single_parent == WRITTEN_TRUE)
            continue;
        const ForeignKey *key = NULL;
        RelationShape shape = relation_shape(database, model, relation, &key);
        if (shape != SHAPE_MANY_TO_ONE && shape != SHAPE_MANY_TO_MANY)
            continue;
        report(context, relation_place(relation, relation->cascade_place),
               "delete-orphan on " STR_FMT "." STR_FMT
               ", which is %s: SQLAlchemy stops when the models are first used",
               STR_ARG(model_title(model)), STR_ARG(relation->name.text),
               shape == SHAPE_MANY_TO_ONE ? "many to one" : "many to many");
    }
}

const Rule rule_orphan_without_single_parent = {
    .id = "orphan-without-single-parent",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "delete-orphan on a many-to-one or many-to-many relationship without single_parent",
    .why = "An orphan is an object that its one parent let go. Where an object may have several, "
           "SQLAlchemy cannot tell and raises an error when the models are configured.",
    .instead = "Write `delete-orphan` on the collection of the parent. Where an object really has "
               "one parent only, add single_parent=True.",
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
           "    customer = relationship(\"Customer\", cascade=\"save-update, delete-orphan\")\n",
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
    .sources = "https://docs.sqlalchemy.org/en/20/errors.html#error-bbf0",
    .on_model = on_model,
};
