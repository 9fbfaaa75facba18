/* O09: the program reads and deletes one by one what the database would delete by itself. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        const ForeignKey *key = NULL;
        if (!relation_cascades(relation, "delete") || relation->passive_deletes != WRITTEN_NOT ||
            relation->viewonly == WRITTEN_TRUE ||
            relation_shape(database, model, relation, &key) != SHAPE_ONE_TO_MANY ||
            relation_key_is_unique(key) || relation_on_delete(database, key) != ACTION_CASCADE)
            continue;
        Finding *finding =
            report(context, relation_place(relation, relation->cascade_place),
                   "deleting " STR_FMT " reads all its " STR_FMT
                   " and deletes them one by one, although the database would do it",
                   STR_ARG(model_phrase(rule_arena(context), model)), STR_ARG(relation->name.text));
        report_table(context, finding, key->table, NULL);
        report_related(context, finding, key->place, "the foreign key with ON DELETE CASCADE");
        if (!relation->is_inherited)
            fix_add_argument(context, finding, relation->insertion, relation->has_arguments,
                             "Leave it to the database", STR("passive_deletes=True"));
    }
}

const Rule rule_cascade_loads_children = {
    .id = "cascade-loads-children",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects =
        IN_POSTGRESQL | IN_MYSQL | IN_SQLSERVER, /* SQLite does not enforce keys by itself */
    .language = FILE_PYTHON,
    .what = "a delete cascade without passive_deletes, where the database cascades by itself",
    .why = "Without passive_deletes, SQLAlchemy loads every child of a deleted object, and theirs, "
           "to delete them one by one. A parent with many children takes minutes and much memory, "
           "for what ON DELETE CASCADE does in one statement.",
    .instead =
        "Add passive_deletes=True, unless events of the program must see each deleted child.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Order(Base):\n"
           "    __tablename__ = \"orders\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    lines = relationship(\"OrderLine\", cascade=\"all, delete-orphan\")\n"
           "\n"
           "class OrderLine(Base):\n"
           "    __tablename__ = \"order_lines\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    order_id = Column(ForeignKey(\"orders.id\", ondelete=\"CASCADE\"), index=True)\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer\n"
            "from sqlalchemy.orm import declarative_base, relationship\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Order(Base):\n"
            "    __tablename__ = \"orders\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    lines = relationship(\"OrderLine\", cascade=\"all, delete-orphan\",\n"
            "                         passive_deletes=True)\n"
            "\n"
            "class OrderLine(Base):\n"
            "    __tablename__ = \"order_lines\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    order_id = Column(ForeignKey(\"orders.id\", ondelete=\"CASCADE\"), index=True)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/cascades.html#passive-deletes",
    .on_model = on_model,
};
