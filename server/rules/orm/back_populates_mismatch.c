/* O09: the two sides of a relationship must name each other. */
#include "rules/orm/relation.h"

/* It may be a column, or an attribute of another kind, which is no relationship either. */
static void report_missing(RuleContext *context, const OrmRelation *relation)
{
    const OrmModel *target = relation->target_model;
    Finding *finding = report(context, relation->back_populates.place,
                              STR_FMT " has no relationship " STR_FMT
                                      ": SQLAlchemy stops when the models are first used",
                              STR_ARG(model_title(target)), STR_ARG(relation->back_populates.text));
    report_related(context, finding, target->name.place, "the class that " STR_FMT " leads to",
                   STR_ARG(relation->name.text));
}

static void check_named(RuleContext *context, const OrmModel *model, const OrmRelation *relation)
{
    const OrmModel *target = relation->target_model;
    const OrmRelation *other = model_relation(target, relation->back_populates.text);
    if (!other) {
        if (!model_may_have_more(target))
            report_missing(context, relation);
        return;
    }
    if (other->is_partial)
        return;
    Str here = model_title(model), there = model_title(target);
    if (other->target_model && !model_is_akin(other->target_model, model)) {
        Finding *finding = report(context, relation->back_populates.place,
                                  STR_FMT "." STR_FMT " leads to " STR_FMT ", not back to " STR_FMT
                                          ": SQLAlchemy stops when the models are first used",
                                  STR_ARG(there), STR_ARG(other->name.text),
                                  STR_ARG(model_title(other->target_model)), STR_ARG(here));
        report_related(context, finding, other->name.place, "the attribute it names");
        return;
    }
    if (!name_is_absent(other->backref) || relation->viewonly == WRITTEN_TRUE ||
        other->viewonly == WRITTEN_TRUE)
        return; /* the former is reported there */
    if (str_equal(other->back_populates.text, relation->name.text))
        return;
    bool is_absent = name_is_absent(other->back_populates);
    if (!is_absent && !model_relation(model, other->back_populates.text))
        return; /* which is reported there */
    Finding *finding =
        is_absent
            ? report(context, relation->back_populates.place,
                     STR_FMT "." STR_FMT " does not name " STR_FMT "." STR_FMT
                             " back: what is set there is not seen here until both are read again",
                     STR_ARG(there), STR_ARG(other->name.text), STR_ARG(here),
                     STR_ARG(relation->name.text))
            : report(context, relation->back_populates.place,
                     STR_FMT "." STR_FMT " names " STR_FMT " back, not " STR_FMT
                             ": the two sides are not kept equal",
                     STR_ARG(there), STR_ARG(other->name.text), STR_ARG(other->back_populates.text),
                     STR_ARG(relation->name.text));
    report_at_most(finding, SEVERITY_WARNING);
    report_related(context, finding, is_absent ? other->name.place : other->back_populates.place,
                   "the other side");
    if (is_absent && !other->is_inherited && !relation->is_inherited)
        fix_add_argument(context, finding, other->insertion, other->has_arguments,
                         "Name this side on the other one",
                         str_format(rule_arena(context), "back_populates=\"" STR_FMT "\"",
                                    STR_ARG(relation->name.text)));
}

/* backref makes the attribute on the other class by itself. */
static void check_made(RuleContext *context, const OrmRelation *relation)
{
    const OrmModel *target = relation->target_model;
    const OrmRelation *other = model_relation(target, relation->backref.text);
    const OrmField *field = other ? NULL : model_field(target, relation->backref.text);
    if ((!other && !field) || other == relation)
        return;
    Finding *finding =
        report(context, relation->backref.place,
               "backref makes " STR_FMT "." STR_FMT
               ", which is there already: SQLAlchemy stops when the models are first used",
               STR_ARG(model_title(target)), STR_ARG(relation->backref.text));
    report_related(context, finding, other ? other->name.place : field->name.place,
                   other ? "written here; name it with back_populates on both sides"
                         : "a column of that name");
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    (void)database;
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (!relation->target_model || relation->is_partial)
            continue;
        if (!name_is_absent(relation->back_populates))
            check_named(context, model, relation);
        if (!name_is_absent(relation->backref))
            check_made(context, relation);
    }
}

const Rule rule_back_populates_mismatch = {
    .id = "back-populates-mismatch",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a relationship whose back_populates or backref does not fit the other side",
    .why = "back_populates names an attribute that must exist on the other class and lead back. "
           "Where it does not, SQLAlchemy raises an error when the first query or object "
           "configures the models. Where only one side names the other, a change on one is not "
           "seen on the other until both are loaded again. backref makes the attribute on the "
           "other class, and clashes with one that is written there.",
    .instead = "Write both attributes, and back_populates on both.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Customer(Base):\n"
           "    __tablename__ = \"customers\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    orders = relationship(\"Order\", back_populates=\"buyer\")\n"
           "\n"
           "class Order(Base):\n"
           "    __tablename__ = \"orders\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    customer_id = Column(ForeignKey(\"customers.id\"), index=True)\n"
           "    customer = relationship(\"Customer\", back_populates=\"orders\")\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer\n"
            "from sqlalchemy.orm import declarative_base, relationship\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Customer(Base):\n"
            "    __tablename__ = \"customers\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    orders = relationship(\"Order\", back_populates=\"customer\")\n"
            "\n"
            "class Order(Base):\n"
            "    __tablename__ = \"orders\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    customer_id = Column(ForeignKey(\"customers.id\"), index=True)\n"
            "    customer = relationship(\"Customer\", back_populates=\"orders\")\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/backref.html",
    .on_model = on_model,
};
