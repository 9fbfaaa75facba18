/* O09: default=[] is one list for all rows that the program ever makes. */
#include "rules/orm/relation.h"

/* The function that makes a new one for each row; absent where the value is made elsewhere. */
static Str maker_of(Arena *out, Str written)
{
    if (str_equal(written, STR("[]")) || str_equal(written, STR("list()")))
        return STR("list");
    if (str_equal(written, STR("{}")) || str_equal(written, STR("dict()")))
        return STR("dict");
    bool is_literal = str_starts_with(written, STR("[")) || str_starts_with(written, STR("{"));
    bool is_one_line = str_find(written, STR("\n"), 0) == UINT32_MAX;
    if (!is_literal || !is_one_line)
        return (Str){0};
    return str_format(out, "lambda: " STR_FMT, STR_ARG(written));
}

static void check_value(RuleContext *context, const Database *database, const OrmModel *model,
                        const OrmField *field, const ClientValue *value)
{
    if (value->kind != CLIENT_VALUE_MUTABLE || !place_is_set(value->place) || field->is_pydantic)
        return;
    Str text = str_trim(value->text);
    Finding *finding = report(context, value->place,
                              "all rows share this one default of " STR_FMT
                              ": what is changed in one shows in the others",
                              STR_ARG(field_title(rule_arena(context), model, field)));
    report_field(context, finding, model_table(database->declared, model), field);
    Str maker = maker_of(rule_arena(context), text);
    if (str_is_absent(maker))
        return;
    Fix *fix = report_fix(context, finding, "Make a new one for each row");
    fix->language = FILE_PYTHON;
    fix_replace(context, fix, value->place, maker);
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    for (uint32_t i = 0; i < model->fields.n; i++) {
        check_value(context, database, model, &model->fields.items[i],
                    &model->fields.items[i].default_value);
        check_value(context, database, model, &model->fields.items[i],
                    &model->fields.items[i].on_update);
    }
}

const Rule rule_mutable_default = {
    .id = "mutable-default",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a column whose default is one list, dictionary or set that all rows share",
    .why = "The object is made once, when the class is defined, and every new row is given that "
           "same object. A program that appends to one row's list changes the default itself: "
           "rows made later start with it.",
    .instead = "Pass what makes a new one: `default=list`, `default=dict`, or a lambda.",
    .bad = "from sqlalchemy import JSON, Column, Integer\n"
           "from sqlalchemy.orm import declarative_base\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Order(Base):\n"
           "    __tablename__ = \"orders\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    lines = Column(JSON, nullable=False, default=[])\n",
    .good = "from sqlalchemy import JSON, Column, Integer\n"
            "from sqlalchemy.orm import declarative_base\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Order(Base):\n"
            "    __tablename__ = \"orders\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    lines = Column(JSON, nullable=False, default=list)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/core/defaults.html",
    .on_model = on_model,
};
