#include "rules/index/compare.h"

#include "base/buf.h"
#include "model/fragment.h"
#include "rules/advice.h"

/* A partition's index that looks like one of the parent's may be attached to it, and then cannot be
 * dropped; the files do not always say which one is. */
static bool may_be_attached(const Index *index)
{
    const Table *parent = index->table->partition_of;
    for (uint32_t i = 0; parent && i < parent->indexes.n; i++) {
        const Index *other = parent->indexes.items[i];
        bool is_same = other->parts.n == index->parts.n;
        for (uint32_t j = 0; is_same && j < other->parts.n; j++) {
            const Column *a = other->parts.items[j].column;
            const Column *b = index->parts.items[j].column;
            is_same = a && b ? str_equal(a->name.text, b->name.text) : !a && !b;
        }
        if (is_same)
            return true;
    }
    return false;
}

bool index_is_own(const Index *index)
{
    return !index->inherited_from && !index->is_implicit && index->kind == INDEX_NORMAL &&
           index->parts.n > 0 && !may_be_attached(index);
}

static bool is_descending(const IndexPart *part)
{
    return part && part->order == ORDER_DESCENDING;
}

static bool puts_nulls_first(const IndexPart *part)
{
    if (!part || part->nulls == NULLS_UNSPECIFIED)
        return is_descending(part);
    return part->nulls == NULLS_FIRST;
}

static bool same_part(const KeyPart *a, const KeyPart *b)
{
    if (a->column != b->column)
        return false;
    if (!a->column) {
        if (!a->part || !b->part || !a->part->expression || !b->part->expression ||
            !str_equal(str_trim(a->part->expression->text), str_trim(b->part->expression->text)))
            return false;
    }
    if (is_descending(a->part) != is_descending(b->part) ||
        puts_nulls_first(a->part) != puts_nulls_first(b->part))
        return false;
    Str a_class = a->part ? a->part->opclass : (Str){0};
    Str b_class = b->part ? b->part->opclass : (Str){0};
    Str a_collation = a->part ? a->part->collation : (Str){0};
    Str b_collation = b->part ? b->part->collation : (Str){0};
    uint32_t a_prefix = a->part ? a->part->prefix_length : 0;
    uint32_t b_prefix = b->part ? b->part->prefix_length : 0;
    return str_equal_ignore_case(a_class, b_class) && str_equal(a_collation, b_collation) &&
           a_prefix == b_prefix;
}

bool index_same_parts(const Index *a, const Index *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!same_part(&a->parts.items[i], &b->parts.items[i]))
            return false;
    }
    return true;
}

bool index_same_kind(const Index *a, const Index *b)
{
    if (!str_equal_ignore_case(a->method, b->method) || (a->where == NULL) != (b->where == NULL))
        return false;
    return !a->where || str_equal(str_trim(a->where->text), str_trim(b->where->text));
}

Str index_parts_text(Arena *out, const Index *index)
{
    Buf buf = buf_with_max(2048);
    for (uint32_t i = 0; i < index->parts.n; i++) {
        const KeyPart *part = &index->parts.items[i];
        if (i > 0)
            buf_add(&buf, STR(", "));
        if (part->column)
            buf_add(&buf, part->column->name.text);
        else if (part->part && part->part->expression)
            buf_add(&buf, part->part->expression->text);
        if (is_descending(part->part))
            buf_add(&buf, STR(" desc"));
    }
    Str text = str_format(out, "(" STR_FMT ")", STR_ARG(buf_str(&buf)));
    buf_free(&buf);
    return text;
}

Str index_key_title(Arena *out, const Index *index)
{
    const char *kind = !index->constraint              ? ""
                       : index->constraint->is_primary ? "the primary key "
                                                       : "the unique constraint ";
    bool is_named = !index->constraint || !index->constraint->is_name_generated;
    return str_format(out, "%s" STR_FMT "%s" STR_FMT, kind,
                      STR_ARG(is_named ? index->name.text : STR("")), is_named ? " " : "",
                      STR_ARG(index_parts_text(out, index)));
}

/* The statement that made it, as it stands in the file. */
static Str statement_text(Arena *out, const Operation *origin)
{
    if (!origin || origin->kind != OP_CREATE_INDEX || !origin->statement.fragment)
        return (Str){0};
    Str text = str_slice(origin->statement.fragment->text, origin->statement.range.start,
                         origin->statement.range.end);
    return str_format(out, STR_FMT ";", STR_ARG(text));
}

void advise_drop(RuleContext *context, Finding *finding, const Schema *schema, const Index *index,
                 const Index *kept)
{
    if (!rule_wants_remedies(context))
        return;
    Arena *out = rule_arena(context);
    Dialect dialect = rule_dialect(context);
    Str on = sql_table_name(out, schema, index->table);
    Str name = sql_identifier(out, dialect, index->name.text);
    if (str_is_empty(name))
        return;
    Str sql = {0};
    bool concurrently = false;
    if (index->constraint) {
        if (index->table->referenced_by.n > 0 || dialect == DIALECT_SQLITE)
            return; /* a foreign key may rest on it */
        sql = dialect == DIALECT_MYSQL
                  ? str_format(out, "ALTER TABLE " STR_FMT " DROP INDEX " STR_FMT ";", STR_ARG(on),
                               STR_ARG(name))
                  : str_format(out, "ALTER TABLE " STR_FMT " DROP CONSTRAINT " STR_FMT ";",
                               STR_ARG(on), STR_ARG(name));
    } else if (dialect == DIALECT_POSTGRESQL) {
        name = advice_beside(out, schema, index->table, index->schema, index->name.text);
        concurrently = str_is_absent(index->table->partition_by.strategy);
        sql = str_format(out, "DROP INDEX %s" STR_FMT ";", concurrently ? "CONCURRENTLY " : "",
                         STR_ARG(name));
    } else if (dialect == DIALECT_SQLITE) {
        sql = str_format(out, "DROP INDEX " STR_FMT ";", STR_ARG(name));
    } else {
        sql = str_format(out, "DROP INDEX " STR_FMT " ON " STR_FMT ";", STR_ARG(name), STR_ARG(on));
    }
    Remedy *remedy = report_remedy(
        context, finding, str_format(out, "Drop " STR_FMT, STR_ARG(index->name.text)), sql);
    remedy->outside_transaction = concurrently;
    remedy->undo = statement_text(out, index->origin);
    if (dialect == DIALECT_POSTGRESQL)
        remedy->verify = str_format(out,
                                    "SELECT indexrelname, idx_scan FROM pg_stat_user_indexes WHERE "
                                    "relname = '" STR_FMT "';",
                                    STR_ARG(index->table->name.text));
    else if (dialect == DIALECT_MYSQL)
        remedy->verify = str_format(out, "SHOW INDEX FROM " STR_FMT ";", STR_ARG(on));
    else if (dialect == DIALECT_SQLITE)
        remedy->verify = str_format(out, "PRAGMA index_list(" STR_FMT ");", STR_ARG(on));
    remedy->risk = str_format(out, "plans that used it use " STR_FMT " from then on",
                              STR_ARG(kept->name.text));
}
