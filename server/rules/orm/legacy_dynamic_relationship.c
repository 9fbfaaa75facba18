/* O08: lazy="dynamic" in models of SQLAlchemy 2 style. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    (void)database;
    if (model->kind != ORM_SQLALCHEMY)
        return;
    bool is_modern = false;
    for (uint32_t i = 0; i < model->fields.n && !is_modern; i++)
        is_modern =
            model->fields.items[i].has_annotation || model->fields.items[i].is_mapped_column;
    for (uint32_t i = 0; is_modern && i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (!str_equal(relation->lazy, STR("dynamic")))
            continue;
        report(context, relation_place(relation, relation->lazy_place),
               STR_FMT " is loaded by the legacy Query, which async sessions and select() do not "
                       "work with",
               STR_ARG(relation->name.text));
    }
}

const Rule rule_legacy_dynamic_relationship = {
    .id = "legacy-dynamic-relationship",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "lazy=\"dynamic\" or DynamicMapped in models of SQLAlchemy 2 style",
    .why = "A dynamic relationship gives a Query of the 1.x style: it cannot be awaited, does not "
           "mix with select(), and iterating it reads all rows each time.",
    .instead = "`WriteOnlyMapped[…]`, or `lazy=\"write_only\"`: `session.scalars(user.posts"
               ".select().limit(10))`.",
    .bad = "from sqlalchemy import ForeignKey\n"
           "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n"
           "\n"
           "class Base(DeclarativeBase):\n"
           "    pass\n"
           "\n"
           "class Author(Base):\n"
           "    __tablename__ = \"authors\"\n"
           "    id: Mapped[int] = mapped_column(primary_key=True)\n"
           "    posts = relationship(\"Post\", lazy=\"dynamic\")\n"
           "\n"
           "class Post(Base):\n"
           "    __tablename__ = \"posts\"\n"
           "    id: Mapped[int] = mapped_column(primary_key=True)\n"
           "    author_id: Mapped[int] = mapped_column(ForeignKey(\"authors.id\"), index=True)\n",
    .good = "from sqlalchemy import ForeignKey\n"
            "from sqlalchemy.orm import DeclarativeBase, Mapped, WriteOnlyMapped\n"
            "from sqlalchemy.orm import mapped_column, relationship\n"
            "\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n"
            "\n"
            "class Author(Base):\n"
            "    __tablename__ = \"authors\"\n"
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    posts: WriteOnlyMapped[\"Post\"] = relationship()\n"
            "\n"
            "class Post(Base):\n"
            "    __tablename__ = \"posts\"\n"
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    author_id: Mapped[int] = mapped_column(ForeignKey(\"authors.id\"), index=True)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/large_collections.html",
    .on_model = on_model,
};
