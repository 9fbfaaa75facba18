/* O09: the program and the database answer the deletion of a parent in two ways. */
#include "rules/orm/relation.h"

/* True where the rows of a collection are read when their parent is deleted. */
static bool is_loaded_for_delete(const OrmRelation *relation)
{
    return relation->viewonly != WRITTEN_TRUE && !str_equal(relation->lazy, STR("write_only")) &&
           !str_equal(relation->lazy, STR("noload"));
}

static bool is_required(const ForeignKey *key)
{
    for (uint32_t i = 0; i < key->columns.n; i++) {
        if (!key->columns.items[i]->is_nullable)
            return true;
    }
    return false;
}

static Str key_columns(Arena *out, const Schema *schema, const ForeignKey *key)
{
    return str_format(out, STR_FMT "." STR_FMT, STR_ARG(table_title(out, schema, key->table)),
                      STR_ARG(key->columns.items[0]->name.text));
}

/* SQLAlchemy takes the children from their parent before the database can cascade. */
static void report_nulled(RuleContext *context, const Database *database, const OrmModel *model,
                          const OrmRelation *relation, const ForeignKey *key)
{
    Str columns = key_columns(rule_arena(context), database->declared, key);
    Finding *finding =
        is_required(key)
            ? report(context, relation->name.place,
                     "deleting " STR_FMT " fails: SQLAlchemy first sets " STR_FMT
                     " to NULL, which it must not be; ON DELETE CASCADE never comes to work",
                     STR_ARG(model_phrase(rule_arena(context), model)), STR_ARG(columns))
            : report(context, relation->name.place,
                     "deleting " STR_FMT " leaves its " STR_FMT ": SQLAlchemy first sets " STR_FMT
                     " to NULL, so ON DELETE CASCADE finds nothing",
                     STR_ARG(model_phrase(rule_arena(context), model)),
                     STR_ARG(relation->name.text), STR_ARG(columns));
    report_table(context, finding, key->table, key->columns.items[0]);
    report_related(context, finding, key->place, "the foreign key with ON DELETE CASCADE");
}

static void report_left_to_database(RuleContext *context, const Database *database,
                                    const OrmModel *model, const OrmRelation *relation,
                                    const ForeignKey *key, ReferentialAction action)
{
    Str columns = key_columns(rule_arena(context), database->declared, key);
    Place place = relation_place(relation, relation->passive_deletes_place);
    Finding *finding =
        action == ACTION_SET_NULL || action == ACTION_SET_DEFAULT
            ? report(context, place,
                     "deleting " STR_FMT " deletes those " STR_FMT
                     " that happen to be loaded; the database only empties " STR_FMT
                     " in the others",
                     STR_ARG(model_phrase(rule_arena(context), model)),
                     STR_ARG(relation->name.text), STR_ARG(columns))
            : report(context, place,
                     "passive_deletes leaves " STR_FMT " to the database, and " STR_FMT
                     " has no ON DELETE CASCADE: deleting " STR_FMT " that has some fails",
                     STR_ARG(relation->name.text), STR_ARG(columns),
                     STR_ARG(model_phrase(rule_arena(context), model)));
    report_table(context, finding, key->table, key->columns.items[0]);
    report_related(context, finding, key->place, "the foreign key");
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        const ForeignKey *key = NULL;
        if (!is_loaded_for_delete(relation) ||
            relation_shape(database, model, relation, &key) != SHAPE_ONE_TO_MANY ||
            key->columns.n == 0)
            continue;
        ReferentialAction action = relation_on_delete(database, key);
        bool deletes = relation_cascades(relation, "delete");
        bool is_passive = relation->passive_deletes == WRITTEN_TRUE;
        if (action == ACTION_CASCADE && !deletes && !is_passive)
            report_nulled(context, database, model, relation, key);
        else if (action != ACTION_CASCADE && deletes && is_passive &&
                 rule_dialect(context) != DIALECT_SQLITE) /* which enforces no key by itself */
            report_left_to_database(context, database, model, relation, key, action);
    }
}

const Rule rule_cascade_mismatch = {
    .id = "cascade-mismatch",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a relationship and its foreign key that disagree on what deleting the parent does",
    .why = "Without a delete cascade on the relationship, SQLAlchemy loads the children of a "
           "deleted object and sets their foreign key to NULL, before the database can carry out "
           "ON DELETE CASCADE. The other way round, passive_deletes=True leaves the children to a "
           "database that was not told to delete them.",
    .instead = "Say the same twice: `ForeignKey(…, ondelete=\"CASCADE\")` with "
               "`relationship(…, cascade=\"all, delete-orphan\", passive_deletes=True)`.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Order(Base):\n"
           "    __tablename__ = \"orders\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    lines = relationship(\"OrderLine\")\n"
           "\n"
           "class OrderLine(Base):\n"
           "    __tablename__ = \"order_lines\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    order_id = Column(ForeignKey(\"orders.id\", ondelete=\"CASCADE\"),\n"
           "                      nullable=False, index=True)\n",
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
            "    order_id = Column(ForeignKey(\"orders.id\", ondelete=\"CASCADE\"),\n"
            "                      nullable=False, index=True)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/cascades.html#passive-deletes",
    .on_model = on_model,
};
