/* O02: relationMode = "prisma": no foreign key in the database, and no index either. With foreign
 * keys, missing-fk-index says it. */
#include "rules/advice.h"
#include "rules/model_edit.h"
#include "rules/orm/relation.h"

/* The columns behind the fields; empty where one is not known. */
static ColumnVec columns_of(Arena *out, const OrmModel *model, const Table *table,
                            const NameVec *fields)
{
    ColumnVec columns = {0};
    for (uint32_t i = 0; i < fields->n; i++) {
        const OrmField *field = model_field(model, fields->items[i].text);
        Column *column = field ? table_column(table, field->column.text) : NULL;
        if (!column)
            return (ColumnVec){0};
        VEC_PUSH(out, &columns, column);
    }
    return columns;
}

static bool is_foreign_key(const Table *table, const ColumnVec *columns)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        for (uint32_t j = 0; j < key->columns.n; j++) {
            if (key->columns.items[j] == columns->items[0])
                return true;
        }
    }
    return false;
}

static bool is_indexed_by_migrations(Arena *out, const Database *database, const Table *table,
                                     const ColumnVec *columns)
{
    const Table *migrated = schema_counterpart(database->migrated, table);
    ColumnVec theirs = advice_columns_in(out, migrated, columns);
    return theirs.n && table_index_covering(migrated, &theirs);
}

static void on_model(RuleContext *context, const OrmModel *model, const Database *database)
{
    const Table *table = model_table(database->declared, model);
    if (model->kind != ORM_PRISMA || !table)
        return;
    Arena *out = rule_arena(context);
    for (uint32_t i = 0; i < model->relations.n; i++) {
        const OrmRelation *relation = &model->relations.items[i];
        ColumnVec columns = columns_of(out, model, table, &relation->fields);
        if (columns.n == 0 || is_foreign_key(table, &columns) ||
            table_index_covering(table, &columns) ||
            is_indexed_by_migrations(out, database, table, &columns))
            continue;
        Finding *finding =
            report(context, relation->place,
                   STR_FMT "." STR_FMT " is a relation by " STR_FMT ", but no index starts with %s",
                   STR_ARG(model_title(model)), STR_ARG(relation->name.text),
                   STR_ARG(advice_names(out, &columns, 4)), columns.n == 1 ? "it" : "them");
        report_table(context, finding, table, columns.n == 1 ? columns.items[0] : NULL);
        fix_model_index(context, finding, table, &columns);
        advise_index(context, finding, database->declared, table, &columns, false);
    }
}

const Rule rule_relation_without_index = {
    .id = "relation-without-index",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = false,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PRISMA,
    .what = "a relation of a Prisma schema with relationMode = \"prisma\" that no index serves",
    .why = "In this mode there is no foreign key, and no index that would come with it: every "
           "include, and every check that Prisma makes instead of the database, reads the whole "
           "table. Off unless asked for, because Prisma's own language server says it in the "
           "editor; switch it on for the command line.",
    .instead = "`@@index([…])` on the fields of the relation.",
    .bad = "datasource db {\n"
           "  provider     = \"mysql\"\n"
           "  relationMode = \"prisma\"\n"
           "}\n"
           "\n"
           "model Customer {\n"
           "  id     Int     @id @default(autoincrement())\n"
           "  orders Order[]\n"
           "}\n"
           "\n"
           "model Order {\n"
           "  id         Int      @id @default(autoincrement())\n"
           "  customerId Int\n"
           "  customer   Customer @relation(fields: [customerId], references: [id])\n"
           "}\n",
    .good = "datasource db {\n"
            "  provider     = \"mysql\"\n"
            "  relationMode = \"prisma\"\n"
            "}\n"
            "\n"
            "model Customer {\n"
            "  id     Int     @id @default(autoincrement())\n"
            "  orders Order[]\n"
            "}\n"
            "\n"
            "model Order {\n"
            "  id         Int      @id @default(autoincrement())\n"
            "  customerId Int\n"
            "  customer   Customer @relation(fields: [customerId], references: [id])\n"
            "\n"
            "  @@index([customerId])\n"
            "}\n",
    .sources =
        "https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/relation-mode#indexes",
    .on_model = on_model,
};
