/* What happens when the parent is deleted depends on a question mark. */
#include "rules/orm/relation.h"

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    if (model->kind != ORM_PRISMA)
        return;
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        if (relation->fields.n == 0 || relation->on_delete != ACTION_UNSPECIFIED)
            continue;
        const ForeignKey *key = NULL;
        if (relation_shape(database, model, relation, &key) != SHAPE_MANY_TO_ONE)
            continue;
        Finding *finding = NULL;
        const char *action = NULL;
        Arena *out = rule_arena(context);
        Str here = model_phrase(out, model);
        Str there = model_phrase(out, relation->target_model);
        switch (key->on_delete) {
        case ACTION_SET_NULL:
            action = "onDelete: SetNull";
            finding = report(context, relation->place,
                             "onDelete is not written: deleting " STR_FMT " leaves each " STR_FMT
                             " that belonged to it without one",
                             STR_ARG(there), STR_ARG(model_title(model)));
            break;
        case ACTION_RESTRICT:
        case ACTION_NO_ACTION:
        case ACTION_UNSPECIFIED:
            action =
                key->on_delete == ACTION_RESTRICT ? "onDelete: Restrict" : "onDelete: NoAction";
            finding = report(context, relation->place,
                             "onDelete is not written: " STR_FMT " cannot be deleted while " STR_FMT
                             " references it",
                             STR_ARG(there), STR_ARG(here));
            break;
        case ACTION_CASCADE: /* never without being written */
        case ACTION_SET_DEFAULT:
            continue;
        }
        report_table(context, finding, key->table, NULL);
        fix_add_argument(context, finding, relation->insertion, relation->has_arguments,
                         "Write what happens now", str_from(action));
    }
}

const Rule rule_implicit_on_delete = {
    .id = "implicit-on-delete",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_HINT,
    .by_default = false,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PRISMA,
    .what = "a relation of a Prisma schema that does not say what onDelete does",
    .why = "Unwritten, it depends on whether the relation is optional: SetNull with a question "
           "mark, Restrict without one (NoAction on SQL Server). Making a field optional so "
           "changes what a delete does.",
    .instead = "Write `onDelete: Restrict`, `SetNull` or `Cascade` for each relation.",
    .bad = "datasource db {\n"
           "  provider = \"postgresql\"\n"
           "}\n"
           "\n"
           "model Customer {\n"
           "  id     Int     @id @default(autoincrement())\n"
           "  orders Order[]\n"
           "}\n"
           "\n"
           "model Order {\n"
           "  id         Int       @id @default(autoincrement())\n"
           "  customerId Int?\n"
           "  customer   Customer? @relation(fields: [customerId], references: [id])\n"
           "}\n",
    .good = "datasource db {\n"
            "  provider = \"postgresql\"\n"
            "}\n"
            "\n"
            "model Customer {\n"
            "  id     Int     @id @default(autoincrement())\n"
            "  orders Order[]\n"
            "}\n"
            "\n"
            "model Order {\n"
            "  id         Int       @id @default(autoincrement())\n"
            "  customerId Int?\n"
            "  customer   Customer? @relation(fields: [customerId], references: [id], onDelete: "
            "SetNull)\n"
            "}\n",
    .sources = "https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/"
               "referential-actions",
    .on_model = on_model,
};
