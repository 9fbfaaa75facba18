/* O08: in a class with annotations, a column that has none. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    (void)database;
    if (model->kind != ORM_SQLALCHEMY)
        return;
    bool has_annotated = false;
    for (uint32_t i = 0; i < model->fields.n; i++)
        has_annotated = has_annotated || model->fields.items[i].has_annotation;
    for (uint32_t i = 0; has_annotated && i < model->fields.n; i++) {
        const OrmField *field = &model->fields.items[i];
        if (!field->is_mapped_column || field->has_annotation || field->is_inherited)
            continue;
        Finding *finding = report(context, field->name.place,
                                  STR_FMT " has no Mapped[…] annotation, unlike its neighbours: a "
                                          "type checker knows nothing of it",
                                  STR_ARG(field_title(rule_arena(context), model, field)));
        finding->column = field->column.text;
    }
}

const Rule rule_unannotated_column = {
    .id = "unannotated-column",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_HINT,
    .by_default = false,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "mapped_column() without a Mapped[…] annotation in a class that has them",
    .why = "The column works, but type checkers and editors do not know its type, and whether it "
           "is NULL is said in another way than for the columns beside it.",
    .instead = "Annotate it: `name: Mapped[str] = mapped_column(String(50))`.",
    .bad = "from sqlalchemy import String\n"
           "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
           "\n"
           "class Base(DeclarativeBase):\n"
           "    pass\n"
           "\n"
           "class Customer(Base):\n"
           "    __tablename__ = \"customers\"\n"
           "    id: Mapped[int] = mapped_column(primary_key=True)\n"
           "    name = mapped_column(String(50))\n",
    .good = "from sqlalchemy import String\n"
            "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
            "\n"
            "class Base(DeclarativeBase):\n"
            "    pass\n"
            "\n"
            "class Customer(Base):\n"
            "    __tablename__ = \"customers\"\n"
            "    id: Mapped[int] = mapped_column(primary_key=True)\n"
            "    name: Mapped[str] = mapped_column(String(50))\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html",
    .on_model = on_model,
};
