/* O09: default=datetime.utcnow() is the time at which the program was started. */
#include "rules/orm/relation.h"

typedef enum { GIVES_TIME, GIVES_RANDOM } Gives;

/* Functions that are called for a new value each time. A module alone: all of it. */
static const struct {
    const char *function;
    Gives gives;
} fresh[] = {
    {"datetime.datetime.now", GIVES_TIME},
    {"datetime.datetime.utcnow", GIVES_TIME},
    {"datetime.datetime.today", GIVES_TIME},
    {"datetime.date.today", GIVES_TIME},
    {"time.time", GIVES_TIME},
    {"time.time_ns", GIVES_TIME},
    {"arrow.now", GIVES_TIME},
    {"arrow.utcnow", GIVES_TIME},
    {"pendulum.now", GIVES_TIME},
    {"pendulum.today", GIVES_TIME},
    {"django.utils.timezone.now", GIVES_TIME},
    {"oslo_utils.timeutils.utcnow", GIVES_TIME},
    {"uuid.uuid1", GIVES_RANDOM},
    {"uuid.uuid4", GIVES_RANDOM},
    {"uuid.uuid6", GIVES_RANDOM},
    {"uuid.uuid7", GIVES_RANDOM},
    {"os.urandom", GIVES_RANDOM},
    {"secrets.", GIVES_RANDOM},
    {"random.", GIVES_RANDOM},
    {"shortuuid.uuid", GIVES_RANDOM},
    {"oslo_utils.uuidutils.generate_uuid", GIVES_RANDOM},
};

static bool is_fresh(Str function, Gives *gives)
{
    for (size_t i = 0; i < sizeof fresh / sizeof fresh[0]; i++) {
        Str known = str_from(fresh[i].function);
        bool is_module = str_ends_with(known, STR("."));
        if (is_module ? str_starts_with(function, known) : str_equal(function, known)) {
            *gives = fresh[i].gives;
            return true;
        }
    }
    return false;
}

/* The name itself where it is called with nothing, else a function around it. */
static Str callable_of(Arena *out, Str written)
{
    uint32_t open = str_find(written, STR("("), 0);
    if (open != UINT32_MAX && open + 2 == written.length && str_ends_with(written, STR("()")))
        return str_slice(written, 0, open);
    return str_format(out, "lambda: " STR_FMT, STR_ARG(written));
}

static void check_value(RuleContext *context, const Database *database, const OrmModel *model,
                        const OrmField *field, const ClientValue *value)
{
    Gives gives = GIVES_TIME;
    if (value->kind != CLIENT_VALUE_CALLED_ONCE || !place_is_set(value->place) ||
        !is_fresh(value->function, &gives))
        return;
    Str text = str_trim(value->text);
    Finding *finding =
        report(context, value->place,
               gives == GIVES_TIME
                   ? "this is called once, when the program starts: every row gets that one time "
                     "in " STR_FMT
                   : "this is called once, when the program starts: every row gets that one value "
                     "in " STR_FMT,
               STR_ARG(field_title(rule_arena(context), model, field)));
    report_field(context, finding, model_table(database->declared, model), field);
    if (field->is_pydantic || str_find(text, STR("\n"), 0) != UINT32_MAX)
        return;
    Fix *fix = report_fix(context, finding, "Pass the function, to be called for each row");
    fix->language = FILE_PYTHON;
    fix_replace(context, fix, value->place, callable_of(rule_arena(context), text));
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

const Rule rule_default_called_once = {
    .id = "default-called-once",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a default that is computed when the program starts, not for each row",
    .why = "`default=datetime.utcnow()` calls the function while the class is defined. Every row "
           "that this process inserts gets the time at which it was started; a random identifier "
           "made so is the same in all rows, and the second insert breaks a unique key.",
    .instead = "Pass the function itself, without the parentheses, or a lambda around the call; "
               "or let the database do it: `server_default=func.now()`.",
    .bad = "import uuid\n"
           "\n"
           "from sqlalchemy import Column, Integer, String\n"
           "from sqlalchemy.orm import declarative_base\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class Ticket(Base):\n"
           "    __tablename__ = \"tickets\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    token = Column(String(32), nullable=False, default=uuid.uuid4())\n",
    .good = "import uuid\n"
            "\n"
            "from sqlalchemy import Column, Integer, String\n"
            "from sqlalchemy.orm import declarative_base\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class Ticket(Base):\n"
            "    __tablename__ = \"tickets\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    token = Column(String(32), nullable=False, default=uuid.uuid4)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/core/defaults.html#python-executed-functions",
    .on_model = on_model,
};
