/* All modules of a database to operations and models. */
#include "frontends/python/link.h"

#include "frontends/python/queries.h"

/* The model of a Table() that no class is mapped to. */
static void add_table_model(Link *link, LinkedTable *table)
{
    OrmModel *model = ARENA_NEW(link->out, OrmModel);
    *model = (OrmModel){.kind = ORM_SQLALCHEMY,
                        .schema = table->schema,
                        .table = table->name,
                        .place = table->place};
    VEC_PUSH(link->out, &link->declared->models, model);
    table->model = model;
}

/* Columns went to the table; each belongs to the class that declares it. */
static void add_fields(Link *link, OrmModel *model, const LinkedTable *table, uint32_t first,
                       uint32_t end)
{
    for (uint32_t i = first; i < end && i < table->columns.n; i++) {
        OrmField field = orm_field(link, &table->columns.items[i]);
        VEC_PUSH(link->out, &model->fields, field);
    }
}

static void read_classes(Link *link)
{
    for (uint32_t i = 0; i < link->class_list.n; i++) {
        LinkedClass *class = link->class_list.items[i];
        if (class->kind == CLASS_MAPPED && class->table && class->model)
            class->is_due = true;
    }
    for (uint32_t i = 0; i < link->class_list.n; i++) {
        LinkedClass *class = link->class_list.items[i];
        /* a parent's columns come first: a child may share its table */
        LinkedClass *chain[32];
        uint32_t n = 0;
        for (LinkedClass *at = class; at && at->is_due && n < 32; at = at->parent)
            chain[n++] = at;
        while (n > 0) {
            LinkedClass *at = chain[--n];
            at->is_due = false;
            uint32_t first = at->table->columns.n;
            bool is_hybrid = !at->shares_table && at->table->class == at->definition && first > 0;
            orm_attributes(link, at);
            add_fields(link, at->model, at->table, is_hybrid ? 0 : first, at->table->columns.n);
            if (!at->shares_table)
                orm_table_args(link, at);
        }
    }
}

void python_link(const ModelFile *files, uint32_t n_files, Dialect dialect, Arena *out,
                 Declared *declared)
{
    *declared = (Declared){0};
    Link link = {.out = out, .declared = declared};
    link.project = python_project_new(out, files, n_files);
    link.scope = (PythonScope){.project = link.project,
                               .dialect = dialect,
                               .out = out,
                               .known = ARENA_NEW(out, StrMap),
                               .reference_of = orm_reference_of,
                               .link = &link};
    orm_find_classes(&link);
    for (uint32_t i = 0; i < link.project->n_files; i++) {
        if (!link.project->files[i].is_program)
            orm_core_tables(&link, link.project->files[i].module);
    }
    uint32_t n_core = link.tables.n;
    for (uint32_t i = 0; i < link.class_list.n; i++) {
        if (link.class_list.items[i]->kind == CLASS_MAPPED)
            orm_class_table(&link, link.class_list.items[i]);
    }
    for (uint32_t i = 0; i < n_core; i++)
        orm_core_columns(&link, link.tables.items[i]);
    read_classes(&link);
    for (uint32_t i = 0; i < link.project->n_files; i++) {
        if (!link.project->files[i].is_program)
            orm_core_statements(&link, link.project->files[i].module);
    }
    for (uint32_t i = 0; i < n_core; i++) {
        LinkedTable *table = link.tables.items[i];
        if (!table->model) {
            add_table_model(&link, table);
            add_fields(&link, table->model, table, 0, table->columns.n);
        }
    }
    orm_emit(&link);
    orm_relations(&link);
    orm_queries(&link);
    for (uint32_t i = 0; i < link.tables.n; i++) {
        LinkedTable *table = link.tables.items[i];
        if (table->model) {
            if (table->columns.n > 0)
                table->model->operation = &declared->operations.items[table->operation_index];
            table->model->is_partial = table->is_partial || table->columns.n == 0;
        }
    }
}
