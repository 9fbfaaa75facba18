/* O09: two collections that are joined into one query multiply each other's rows. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    const OrmRelation *first = NULL;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (!str_equal(relation->lazy, STR("joined")))
            continue;
        const ForeignKey *key = NULL;
        RelationShape shape = relation_shape(database, model, relation, &key);
        if (!relation_is_list(relation, shape) || (key && relation_key_is_unique(key)))
            continue;
        if (!first) {
            first = relation;
            continue;
        }
        Finding *finding = report(context, relation_place(relation, relation->lazy_place),
                                  "reading " STR_FMT " joins " STR_FMT " and " STR_FMT
                                  " at once: every row of one comes once for each row of the other",
                                  STR_ARG(model_phrase(rule_arena(context), model)),
                                  STR_ARG(first->name.text), STR_ARG(relation->name.text));
        report_table(context, finding, model_table(database->declared, model), NULL);
        report_related(context, finding, relation_place(first, first->lazy_place),
                       "the other collection that is joined");
    }
}

const Rule rule_joined_collections = {
    .id = "joined-collections",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a class with two collections that are both loaded with lazy=\"joined\"",
    .why = "The joins of one query multiply: 30 posts and 40 comments of a user come as 1,200 "
           "rows, for every user that any query reads.",
    .instead = "`lazy=\"selectin\"`, one more query per collection for all parents together; or "
               "leave it to the queries that need it: `options(selectinload(User.posts))`.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class User(Base):\n"
           "    __tablename__ = \"users\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    posts = relationship(\"Post\", lazy=\"joined\")\n"
           "    comments = relationship(\"Comment\", lazy=\"joined\")\n"
           "\n"
           "class Post(Base):\n"
           "    __tablename__ = \"posts\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n"
           "\n"
           "class Comment(Base):\n"
           "    __tablename__ = \"comments\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer\n"
            "from sqlalchemy.orm import declarative_base, relationship\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class User(Base):\n"
            "    __tablename__ = \"users\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    posts = relationship(\"Post\", lazy=\"selectin\")\n"
            "    comments = relationship(\"Comment\", lazy=\"selectin\")\n"
            "\n"
            "class Post(Base):\n"
            "    __tablename__ = \"posts\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n"
            "\n"
            "class Comment(Base):\n"
            "    __tablename__ = \"comments\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
    .on_model = on_model,
};
