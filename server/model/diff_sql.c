#include "model/diff_sql.h"

#include "model/identifier.h"
#include "model/print_sql.h"

enum { MAX_STATEMENT_BYTES = 1 << 16 };

typedef struct {
    Arena *out;
    const Schema *to;
    const Difference *difference;
    Dialect dialect;
    Str table;  /* as SQL */
    Str column; /* likewise; absent where it is of none */
} Writer;

static Str finish(Arena *out, Buf *buf)
{
    Str text = buf->overflowed ? (Str){0} : str_copy(out, buf_str(buf));
    buf_free(buf);
    return text;
}

static Str column_text(const Writer *w)
{
    Buf buf = buf_with_max(MAX_STATEMENT_BYTES);
    print_sql_column(&buf, w->to, w->difference->to.column, w->out);
    return finish(w->out, &buf);
}

static Str alter(const Writer *w, const char *action, Str rest)
{
    if (str_is_absent(rest))
        return rest;
    return str_format(w->out, "ALTER TABLE " STR_FMT " %s" STR_FMT ";", STR_ARG(w->table), action,
                      STR_ARG(rest));
}

/* "ALTER COLUMN x SET NOT NULL" and the like. */
static Str alter_column(const Writer *w, const char *action, Str rest)
{
    return alter(
        w, "ALTER COLUMN ",
        str_format(w->out, STR_FMT " %s" STR_FMT, STR_ARG(w->column), action, STR_ARG(rest)));
}

static Str column_sql(const Writer *w)
{
    if (w->difference->way == DIFFERENCE_EXTRA)
        return alter(w, "DROP COLUMN ", w->column);
    return alter(w, w->dialect == DIALECT_SQLSERVER ? "ADD " : "ADD COLUMN ", column_text(w));
}

static Str type_sql(const Writer *w)
{
    Str type = w->difference->to.column->type.canonical;
    switch (w->dialect) {
    case DIALECT_POSTGRESQL:
        return alter_column(w, "TYPE ", type);
    case DIALECT_MYSQL:
        return alter(w, "MODIFY COLUMN ", column_text(w));
    case DIALECT_SQLSERVER:
    case DIALECT_SQLITE:
        break;
    }
    return (Str){0};
}

static Str nullability_sql(const Writer *w)
{
    if (w->dialect == DIALECT_MYSQL)
        return alter(w, "MODIFY COLUMN ", column_text(w));
    if (w->dialect != DIALECT_POSTGRESQL)
        return (Str){0};
    return alter_column(w, w->difference->to.column->is_nullable ? "DROP NOT NULL" : "SET NOT NULL",
                        STR(""));
}

static Str default_sql(const Writer *w)
{
    if (w->dialect != DIALECT_POSTGRESQL && w->dialect != DIALECT_MYSQL)
        return (Str){0};
    const Expression *value = w->difference->to.column->default_value;
    return value ? alter_column(w, "SET DEFAULT ", value->text)
                 : alter_column(w, "DROP DEFAULT", STR(""));
}

/* Prints end lines and statements as they like: here it is one line, ended once. */
static Str as_statement(Arena *out, Str sql)
{
    sql = str_trim(sql);
    while (str_ends_with(sql, STR(";")))
        sql = str_trim(str_slice(sql, 0, sql.length - 1));
    return str_is_empty(sql) ? (Str){0} : str_format(out, STR_FMT ";", STR_ARG(sql));
}

static Str index_sql(const Writer *w)
{
    Buf buf = buf_with_max(MAX_STATEMENT_BYTES);
    print_sql_index(&buf, w->to, w->difference->to.index, w->out);
    return as_statement(w->out, finish(w->out, &buf));
}

static Str unique_sql(const Writer *w)
{
    const Key *key = w->difference->to.key;
    if (!key)
        return w->difference->to.index ? index_sql(w) : (Str){0};
    if (w->dialect == DIALECT_SQLITE)
        return (Str){0};
    return alter(w, "ADD UNIQUE ",
                 str_format(w->out, "(" STR_FMT ")",
                            STR_ARG(sql_column_list(w->out, w->dialect, &key->columns))));
}

static Str foreign_key_sql(const Writer *w)
{
    if (w->dialect == DIALECT_SQLITE)
        return (Str){0};
    Buf buf = buf_with_max(MAX_STATEMENT_BYTES);
    print_sql_foreign_key(&buf, w->to, w->difference->to.foreign_key, w->out);
    return alter(w, "ADD ", finish(w->out, &buf));
}

Str difference_sql(Arena *out, const Schema *from, const Schema *to, const Difference *difference)
{
    bool is_extra = difference->way == DIFFERENCE_EXTRA;
    const Schema *schema = is_extra ? from : to;
    const DifferencePart *part = is_extra ? &difference->from : &difference->to;
    if (!part->table)
        return (Str){0};
    Writer w = {.out = out,
                .to = to,
                .difference = difference,
                .dialect = to->dialect,
                .table = sql_table_name(out, schema, part->table)};
    if (part->column)
        w.column = sql_identifier(out, w.dialect, part->column->name.text);
    switch (difference->kind) {
    case DIFFERENCE_TABLE:
        return is_extra ? str_format(out, "DROP TABLE " STR_FMT ";", STR_ARG(w.table)) : (Str){0};
    case DIFFERENCE_COLUMN:
        return column_sql(&w);
    case DIFFERENCE_TYPE:
        return type_sql(&w);
    case DIFFERENCE_NULLABILITY:
        return nullability_sql(&w);
    case DIFFERENCE_DEFAULT:
        return default_sql(&w);
    case DIFFERENCE_UNIQUE:
        return is_extra ? (Str){0} : unique_sql(&w);
    case DIFFERENCE_INDEX:
        return is_extra ? (Str){0} : index_sql(&w);
    case DIFFERENCE_FOREIGN_KEY:
        return is_extra ? (Str){0} : foreign_key_sql(&w);
    case DIFFERENCE_PRIMARY_KEY:
    case DIFFERENCE_ACTIONS:
    case DIFFERENCE_CHECK:
    case DIFFERENCE_ENUM:
    case DIFFERENCE_ENUM_VALUE:
        break;
    }
    return (Str){0};
}
