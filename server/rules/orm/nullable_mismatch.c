/* O09: the annotation and nullable= say opposite things; the database believes nullable=. */
#include "rules/orm/relation.h"

/* Before it is written, an object of the program may well lack what something else fills in. */
static bool is_filled_in(const OrmField *field, const Column *column)
{
    return field->default_value.kind != CLIENT_VALUE_NONE ||
           (column && (column->default_value || column->is_serial || column->auto_increment ||
                       column->identity != IDENTITY_NONE || column->generated != GENERATED_NONE));
}

static bool is_in_key(const Table *table, const Column *column)
{
    for (uint32_t i = 0; table && table->primary_key && i < table->primary_key->columns.n; i++) {
        if (table->primary_key->columns.items[i] == column)
            return true;
    }
    return false;
}

static void check_field(RuleContext *context, const Table *table, const OrmModel *model,
                        const OrmField *field)
{
    if (!field->has_annotation || field->optional == WRITTEN_NOT || field->nullable == WRITTEN_NOT)
        return;
    const Column *column = table ? table_column(table, field->column.text) : NULL;
    bool is_optional = field->optional == WRITTEN_TRUE;
    bool is_nullable = field->nullable == WRITTEN_TRUE;
    if (is_optional == is_nullable || is_in_key(table, column))
        return;
    Place place = place_is_set(field->nullable_place) ? field->nullable_place : field->place;
    Finding *finding = NULL;
    if (is_nullable) {
        finding = report(context, place,
                         "the database may hold NULL in " STR_FMT
                         ", and its annotation says that there is always a value",
                         STR_ARG(field_title(rule_arena(context), model, field)));
    } else if (!is_filled_in(field, column)) {
        finding = report(context, place,
                         "the annotation of " STR_FMT
                         " allows None, and the database refuses it: the column is NOT NULL",
                         STR_ARG(field_title(rule_arena(context), model, field)));
        report_at_most(finding, SEVERITY_INFO);
    }
    if (!finding)
        return;
    report_field(context, finding, table, field);
    report_related(context, finding, field->type, "the annotation");
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_SQLALCHEMY)
        return;
    const Table *table = model_table(database->declared, model);
    for (uint32_t i = 0; i < model->fields.n; i++)
        check_field(context, table, model, &model->fields.items[i]);
}

const Rule rule_nullable_mismatch = {
    .id = "nullable-mismatch",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a column whose annotation and nullable= contradict each other",
    .why = "nullable= decides what the database allows, the annotation what the type checker "
           "believes. With `Mapped[str]` and `nullable=True` nothing warns of the None that a row "
           "may hold; with `Mapped[Optional[str]]` and `nullable=False` code that the checker "
           "accepts fails when it is written.",
    .instead = "Say it once, in the annotation: `Mapped[Optional[str]]` is NULL, `Mapped[str]` is "
               "NOT NULL.",
    .bad = "from sqlalchemy import String\n"
           "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
           "\n"
           "class Base(DeclarativeBase):\n"
           "    pass\n"
           "\n"
           "class Customer(Base):\n"
           "    __tablename__ = \"customers\"\n"
           "    id: Mapped[int] = mapped_column(primary_key=True)\n"
           "    phone: Mapped[str] = mapped_column(String(20), nullable=True)\n",
    .good = "from typing import Optional\n"
            "\n"
            "from sqlalchemy import String\n"
            "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
            "\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n"
            "\n"
            "class Customer(Base):\n"
            "    __tablename__ = \"customers\"\n"
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    phone: Mapped[Optional[str]] = mapped_column(String(20))\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html",
    .on_model = on_model,
};
