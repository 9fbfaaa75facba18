/* O09: a time without a zone, put into a column that keeps one. */
#include "rules/orm/relation.h"

/* The function gives a time that does not say its zone: utcnow always, now where it is given none.
 */
static bool is_naive(const ClientValue *value, bool *is_local)
{
    if (value->kind != CLIENT_VALUE_CALLABLE || !place_is_set(value->place))
        return false;
    *is_local = str_equal(value->function, STR("datetime.datetime.now"));
    if (*is_local) {
        return str_find(value->text, STR("("), 0) == UINT32_MAX ||
               str_ends_with(str_trim(value->text), STR("now()"));
    }
    return str_equal(value->function, STR("datetime.datetime.utcnow"));
}

static void check_value(RuleContext *context, const Table *table, const OrmModel *model,
                        const OrmField *field, const ClientValue *value)
{
    bool is_local = false;
    const Column *column = table_column(table, field->column.text);
    if (!column || column->type.family != TYPE_TIMESTAMP || !is_naive(value, &is_local))
        return;
    Finding *finding = NULL;
    if (column->type.with_time_zone) {
        finding = report(context, value->place,
                         "this time has no zone: the database takes it for the session's and "
                         "stores another moment in " STR_FMT " wherever that is not %s",
                         STR_ARG(field_title(rule_arena(context), model, field)),
                         is_local ? "the program's" : "UTC");
    } else if (is_local) {
        finding = report(context, value->place,
                         "this is the local time of whatever machine runs the program, and " STR_FMT
                         " does not keep which",
                         STR_ARG(field_title(rule_arena(context), model, field)));
        report_at_most(finding, SEVERITY_INFO);
    }
    if (finding)
        report_field(context, finding, table, field);
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    const Table *table = model_table(database->declared, model);
    if (model->kind != ORM_SQLALCHEMY || !table)
        return;
    for (uint32_t i = 0; i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        check_value(context, table, model, field, &field->default_value);
        check_value(context, table, model, field, &field->on_update);
    }
}

const Rule rule_naive_datetime_default = {
    .id = "naive-datetime-default",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a default that gives a time without a zone: datetime.utcnow, or datetime.now "
            "without one",
    .why = "`datetime.utcnow` gives a time that does not say it is UTC. A column with a time zone "
           "takes it for a time in the session's zone, so the stored moment is hours off on every "
           "server that does not run in UTC; drivers that are strict refuse it. `datetime.now` "
           "gives the local time of the machine, which two machines need not agree on.",
    .instead = "`default=lambda: datetime.now(timezone.utc)`, or let the database say it: "
               "`server_default=func.now()`.",
    .bad = "from datetime import datetime\n"
           "\n"
           "from sqlalchemy import Column, DateTime, Integer\n"
           "from sqlalchemy.orm import declarative_base\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Visit(Base):\n"
           "    __tablename__ = \"visits\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    at = Column(DateTime(timezone=True), default=datetime.utcnow)\n",
    .good = "from datetime import datetime, timezone\n"
            "\n"
            "from sqlalchemy import Column, DateTime, Integer\n"
            "from sqlalchemy.orm import declarative_base\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Visit(Base):\n"
            "    __tablename__ = \"visits\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    at = Column(DateTime(timezone=True), default=lambda: "
            "datetime.now(timezone.utc))\n",
    .sources = "https://docs.python.org/3/library/datetime.html#datetime.datetime.utcnow "
               "https://www.postgresql.org/docs/current/datatype-datetime.html",
    .on_model = on_model,
};
