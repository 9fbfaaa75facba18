/* Keys, indexes, foreign keys and checks, inside of a table and by themselves. */
#include "model/print_sql_parts.h"

/* ---- keys, indexes ---- */

static void print_part(const Printer *p, const KeyPart *part)
{
    const IndexPart *written = part->part;
    if (part->column)
        print_name(p, part->column->name.text);
    else if (written && written->expression)
        print_in_parentheses(p, written->expression);
    if (!written)
        return;
    if (written->prefix_length > 0)
        buf_format(p->out, "(%u)", written->prefix_length);
    print_collation(p, written->collation);
    if (written->opclass.length > 0)
        buf_format(p->out, " " STR_FMT, STR_ARG(written->opclass));
    if (written->order == ORDER_DESCENDING)
        buf_add(p->out, STR(" DESC"));
    if (written->nulls == NULLS_FIRST)
        buf_add(p->out, STR(" NULLS FIRST"));
    else if (written->nulls == NULLS_LAST)
        buf_add(p->out, STR(" NULLS LAST"));
}

static void print_parts(const Printer *p, const KeyPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        if (i > 0)
            buf_add(p->out, STR(", "));
        print_part(p, &parts->items[i]);
    }
}

static void print_include(const Printer *p, const ColumnVec *include)
{
    if (include->n == 0)
        return;
    buf_add(p->out, STR(" INCLUDE ("));
    print_columns(p, include);
    buf_add_char(p->out, ')');
}

static void print_deferral(const Printer *p, bool deferrable, bool initially_deferred)
{
    if (deferrable)
        buf_add(p->out, STR(" DEFERRABLE"));
    if (initially_deferred)
        buf_add(p->out, STR(" INITIALLY DEFERRED"));
}

/* "CONSTRAINT name PRIMARY KEY (a, b)". */
void print_key(const Printer *p, const Key *key)
{
    bool is_mysql = p->dialect == DIALECT_MYSQL;
    bool has_name = key->name.text.length > 0 && !(is_mysql && key->is_primary);
    if (has_name) {
        buf_add(p->out, STR("CONSTRAINT "));
        print_name(p, key->name.text);
        buf_add_char(p->out, ' ');
    }
    buf_add(p->out, key->is_primary ? STR("PRIMARY KEY") : STR("UNIQUE"));
    if (key->nulls_not_distinct)
        buf_add(p->out, STR(" NULLS NOT DISTINCT"));
    if (p->dialect == DIALECT_SQLSERVER && key->is_primary && key->index &&
        !key->index->is_clustered)
        buf_add(p->out, STR(" NONCLUSTERED"));
    buf_add(p->out, STR(" ("));
    if (key->index)
        print_parts(p, &key->index->parts);
    else
        print_columns(p, &key->columns);
    if (p->dialect == DIALECT_SQLITE && key->is_primary && key->columns.n == 1 &&
        key->columns.items[0]->auto_increment)
        buf_add(p->out, STR(" AUTOINCREMENT"));
    buf_add_char(p->out, ')');
    print_include(p, &key->include);
    print_deferral(p, key->deferrable, key->initially_deferred);
}

static void print_exclusion(const Printer *p, const Exclusion *exclusion)
{
    buf_add(p->out, STR("CONSTRAINT "));
    print_name(p, exclusion->name.text);
    buf_format(p->out, " EXCLUDE USING " STR_FMT " (", STR_ARG(exclusion->method));
    for (uint32_t i = 0; i < exclusion->parts.n; i++) {
        if (i > 0)
            buf_add(p->out, STR(", "));
        print_part(p, &exclusion->parts.items[i]);
        if (exclusion->parts.items[i].part)
            buf_format(p->out, " WITH " STR_FMT,
                       STR_ARG(exclusion->parts.items[i].part->exclude_operator));
    }
    buf_add_char(p->out, ')');
    if (exclusion->definition->where) {
        buf_add(p->out, STR(" WHERE "));
        print_in_parentheses(p, exclusion->definition->where);
    }
    print_deferral(p, exclusion->definition->deferrable, exclusion->definition->initially_deferred);
}

static bool is_of_exclusion(const Table *table, const Index *index)
{
    for (uint32_t i = 0; i < table->exclusions.n; i++) {
        if (str_equal(table->exclusions.items[i]->name.text, index->name.text))
            return true;
    }
    return false;
}

void print_index(const Printer *p, const Table *table, const Index *index)
{
    buf_add(p->out, STR("CREATE "));
    if (index->unique)
        buf_add(p->out, STR("UNIQUE "));
    if (index->kind == INDEX_FULLTEXT)
        buf_add(p->out, STR("FULLTEXT "));
    else if (index->kind == INDEX_SPATIAL)
        buf_add(p->out, STR("SPATIAL "));
    if (p->dialect == DIALECT_SQLSERVER && index->is_clustered)
        buf_add(p->out, STR("CLUSTERED "));
    buf_add(p->out, STR("INDEX "));
    print_name(p, index->name.text);
    buf_add(p->out, STR(" ON "));
    print_table_name(p, table);
    if (p->dialect == DIALECT_POSTGRESQL)
        buf_format(p->out, " USING " STR_FMT, STR_ARG(index->method));
    buf_add(p->out, STR(" ("));
    print_parts(p, &index->parts);
    buf_add_char(p->out, ')');
    print_include(p, &index->include);
    if (index->nulls_not_distinct)
        buf_add(p->out, STR(" NULLS NOT DISTINCT"));
    if (index->storage.length > 0)
        buf_format(p->out, " " STR_FMT, STR_ARG(index->storage));
    if (index->where) {
        buf_add(p->out, STR(" WHERE "));
        print_in_parentheses(p, index->where);
    }
    buf_add(p->out, STR(";\n"));
}

void print_table_indexes(const Printer *p, const Table *table)
{
    for (uint32_t i = 0; i < table->partitions.n; i++)
        print_table_indexes(p, table->partitions.items[i]);
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (is_of_exclusion(table, index))
            continue;
        if (!index->constraint) {
            print_index(p, table, index);
        } else if (p->dialect == DIALECT_POSTGRESQL) {
            buf_add(p->out, STR("ALTER TABLE "));
            print_table_name(p, table);
            buf_add(p->out, STR(" ADD "));
            print_key(p, index->constraint);
            buf_add(p->out, STR(";\n"));
        }
    }
}

/* ---- foreign keys, checks ---- */

void print_foreign_key(const Printer *p, const ForeignKey *foreign_key)
{
    if (foreign_key->name.text.length > 0) {
        buf_add(p->out, STR("CONSTRAINT "));
        print_name(p, foreign_key->name.text);
        buf_add_char(p->out, ' ');
    }
    buf_add(p->out, STR("FOREIGN KEY ("));
    print_columns(p, &foreign_key->columns);
    buf_add(p->out, STR(") REFERENCES "));
    if (foreign_key->target)
        print_table_name(p, foreign_key->target);
    else
        print_qualified(p, foreign_key->target_name.schema.text,
                        foreign_key->target_name.name.text);
    if (foreign_key->target_columns.n > 0) {
        buf_add(p->out, STR(" ("));
        print_columns(p, &foreign_key->target_columns);
        buf_add_char(p->out, ')');
    } else if (foreign_key->target_column_names.n > 0) {
        buf_add(p->out, STR(" ("));
        for (uint32_t i = 0; i < foreign_key->target_column_names.n; i++) {
            if (i > 0)
                buf_add(p->out, STR(", "));
            print_name(p, foreign_key->target_column_names.items[i].text);
        }
        buf_add_char(p->out, ')');
    }
    if (foreign_key->match_full)
        buf_add(p->out, STR(" MATCH FULL"));
    if (foreign_key->on_update > ACTION_NO_ACTION)
        buf_format(p->out, " ON UPDATE " STR_FMT,
                   STR_ARG(referential_action_name(foreign_key->on_update)));
    if (foreign_key->on_delete > ACTION_NO_ACTION)
        buf_format(p->out, " ON DELETE " STR_FMT,
                   STR_ARG(referential_action_name(foreign_key->on_delete)));
    for (uint32_t i = 0; i < foreign_key->on_delete_columns.n; i++) {
        buf_add(p->out, i == 0 ? STR(" (") : STR(", "));
        print_name(p, foreign_key->on_delete_columns.items[i].text);
        if (i + 1 == foreign_key->on_delete_columns.n)
            buf_add_char(p->out, ')');
    }
    print_deferral(p, foreign_key->deferrable, foreign_key->initially_deferred);
}

void print_table_foreign_keys(const Printer *p, const Table *table)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *foreign_key = table->foreign_keys.items[i];
        if (foreign_key->inherited_from)
            continue;
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" ADD "));
        print_foreign_key(p, foreign_key);
        if (!foreign_key->is_validated && p->dialect == DIALECT_POSTGRESQL)
            buf_add(p->out, STR(" NOT VALID"));
        buf_add(p->out, STR(";\n"));
    }
}

void print_check(const Printer *p, const Check *check)
{
    if (check->name.text.length > 0) {
        buf_add(p->out, STR("CONSTRAINT "));
        print_name(p, check->name.text);
        buf_add_char(p->out, ' ');
    }
    buf_add(p->out, STR("CHECK "));
    print_in_parentheses(p, check->expression);
    if (check->no_inherit)
        buf_add(p->out, STR(" NO INHERIT"));
    if (check->not_enforced)
        buf_add(p->out, STR(" NOT ENFORCED"));
}

void print_table_late(const Printer *p, const Table *table)
{
    for (uint32_t i = 0; p->dialect == DIALECT_POSTGRESQL && i < table->checks.n; i++) {
        const Check *check = table->checks.items[i];
        if (check->is_validated || check->is_inherited)
            continue;
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" ADD "));
        print_check(p, check);
        buf_add(p->out, STR(" NOT VALID;\n"));
    }
    for (uint32_t i = 0; i < table->exclusions.n; i++) {
        buf_add(p->out, STR("ALTER TABLE "));
        print_table_name(p, table);
        buf_add(p->out, STR(" ADD "));
        print_exclusion(p, table->exclusions.items[i]);
        buf_add(p->out, STR(";\n"));
    }
}
