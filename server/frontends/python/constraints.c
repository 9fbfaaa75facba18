/* Constraints and indexes that are objects of their own. */
#include "frontends/python/lower.h"
#include "frontends/python/sql_literal.h"

enum { PARTS_MAX = 64 };

/* --- options --- */

void python_constraint_options(PythonScope *scope, const PythonTerm *call,
                               ConstraintDef *constraint)
{
    Name name = term_name(scope, call_argument(call, NO_POSITION, "name"));
    if (!name_is_absent(name))
        constraint->name = name;
    constraint->on_delete = python_action(scope, call_argument(call, NO_POSITION, "ondelete"));
    constraint->on_update = python_action(scope, call_argument(call, NO_POSITION, "onupdate"));
    constraint->deferrable = call_flag(scope, call, "deferrable");
    Str text;
    if (term_string(scope, call_argument(call, NO_POSITION, "initially"), &text) &&
        str_equal_ignore_case(text, STR("deferred"))) {
        constraint->initially_deferred = true;
        constraint->deferrable = true;
    }
    if (term_string(scope, call_argument(call, NO_POSITION, "match"), &text))
        constraint->match_full = str_equal_ignore_case(text, STR("full"));
    if (scope->dialect == DIALECT_POSTGRESQL) {
        constraint->not_valid = call_flag(scope, call, "postgresql_not_valid");
        constraint->nulls_not_distinct = call_flag(scope, call, "postgresql_nulls_not_distinct");
    }
}

/* --- columns of a key --- */

static bool add_part(PythonScope *scope, const PythonTerm *term, IndexPartVec *parts)
{
    Name name = python_column_name(scope, term);
    if (name_is_absent(name) || parts->n >= PARTS_MAX)
        return false;
    VEC_PUSH(scope->out, parts, ((IndexPart){.column = name, .place = name.place}));
    return true;
}

static bool add_parts(PythonScope *scope, const PythonTerm *list, IndexPartVec *parts)
{
    PythonTermVec items = {0};
    if (!term_items(scope, list, &items) || items.n == 0)
        return false;
    for (uint32_t i = 0; i < items.n; i++) {
        if (!add_part(scope, items.items[i], parts))
            return false;
    }
    return true;
}

/* UniqueConstraint("a", "b"), PrimaryKeyConstraint(*columns) */
static bool positional_parts(PythonScope *scope, const PythonTerm *call, IndexPartVec *parts)
{
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_KEYWORD)
            continue;
        bool is_known = item->kind == TERM_SPLAT ? add_parts(scope, item->left, parts)
                                                 : add_part(scope, item, parts);
        if (!is_known)
            return false;
    }
    return parts->n > 0;
}

static bool foreign_key(PythonScope *scope, const PythonTerm *call, ConstraintDef *constraint)
{
    PythonTermVec targets = {0};
    if (!add_parts(scope, call_argument(call, 0, "columns"), &constraint->parts) ||
        !term_items(scope, call_argument(call, 1, "refcolumns"), &targets))
        return false;
    for (uint32_t i = 0; i < targets.n; i++) {
        QualifiedName table;
        Name column;
        if (!python_reference(scope, targets.items[i], &table, &column))
            return false;
        if (i == 0)
            constraint->references = table;
        if (!name_is_absent(column))
            VEC_PUSH(scope->out, &constraint->references_columns, column);
    }
    Name name = term_name(scope, call_argument(call, 2, "name"));
    if (!name_is_absent(name))
        constraint->name = name;
    return targets.n > 0;
}

/* ExcludeConstraint(("room", "="), (func.tstzrange(…), "&&"), using="gist", where=…) */
static bool exclude(PythonScope *scope, const PythonTerm *call, ConstraintDef *constraint)
{
    uint32_t n = call_n_positional(call);
    for (uint32_t i = 0; i < n && i < PARTS_MAX; i++) {
        const PythonTerm *pair = call_argument(call, i, NULL);
        IndexPart part = {.place = pair->place};
        if (pair->kind != TERM_TUPLE || pair->items.n < 2 ||
            !term_string(scope, pair->items.items[1], &part.exclude_operator))
            return false;
        const PythonTerm *element = python_value(scope, pair->items.items[0]);
        bool is_expression = element->kind == TERM_CALL && !call_is(scope, element, "Column");
        if (is_expression)
            part.expression = python_sql_expression(scope, element);
        else
            part.column = python_column_name(scope, pair->items.items[0]);
        if (!part.expression && name_is_absent(part.column))
            return false;
        VEC_PUSH(scope->out, &constraint->parts, part);
    }
    Str method = STR("gist");
    (void)term_string(scope, call_argument(call, NO_POSITION, "using"), &method);
    constraint->method = method;
    constraint->where = python_sql_expression(scope, call_argument(call, NO_POSITION, "where"));
    return constraint->parts.n > 0;
}

bool python_exclude_constraint(PythonScope *scope, const PythonTerm *call,
                               ConstraintDef *constraint)
{
    return exclude(scope, call, constraint);
}

bool python_constraint(PythonScope *scope, const PythonTerm *call, ConstraintDef *constraint)
{
    *constraint = (ConstraintDef){0};
    if (!call || call->kind != TERM_CALL)
        return false;
    Str class = python_sqlalchemy_name(scope, call->left);
    constraint->place = call->place;
    constraint->kind_place = call->left ? call->left->place : call->place;
    python_constraint_options(scope, call, constraint);
    if (str_equal(class, STR("PrimaryKeyConstraint"))) {
        constraint->kind = CONSTRAINT_PRIMARY_KEY;
        return positional_parts(scope, call, &constraint->parts);
    }
    if (str_equal(class, STR("UniqueConstraint"))) {
        constraint->kind = CONSTRAINT_UNIQUE;
        return positional_parts(scope, call, &constraint->parts);
    }
    if (str_equal(class, STR("ForeignKeyConstraint"))) {
        constraint->kind = CONSTRAINT_FOREIGN_KEY;
        return foreign_key(scope, call, constraint);
    }
    if (str_equal(class, STR("CheckConstraint"))) {
        constraint->kind = CONSTRAINT_CHECK;
        constraint->check = python_sql_expression(scope, call_argument(call, 0, "sqltext"));
        return constraint->check != NULL;
    }
    if (str_equal(class, STR("ExcludeConstraint"))) {
        constraint->kind = CONSTRAINT_EXCLUDE;
        return scope->dialect == DIALECT_POSTGRESQL && exclude(scope, call, constraint);
    }
    return false;
}

/* --- indexes --- */

static const PythonTerm *dict_value(PythonScope *scope, const PythonTerm *dict, Str key)
{
    dict = python_value(scope, dict);
    for (uint32_t i = 0; dict && dict->kind == TERM_DICT && i < dict->items.n; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str name;
        if (pair->kind == TERM_PAIR && term_string(scope, pair->left, &name) &&
            str_equal(name, key))
            return pair->right;
    }
    return NULL;
}

static void postgresql_options(PythonScope *scope, const PythonTerm *call, IndexDef *index)
{
    Str method;
    if (term_string(scope, call_argument(call, NO_POSITION, "postgresql_using"), &method))
        index->method = str_lower(scope->out, method);
    index->where =
        python_sql_expression(scope, call_argument(call, NO_POSITION, "postgresql_where"));
    index->concurrently = call_flag(scope, call, "postgresql_concurrently");
    index->nulls_not_distinct = call_flag(scope, call, "postgresql_nulls_not_distinct");
    const PythonTerm *keyword = call_keyword(call, "postgresql_concurrently");
    if (keyword)
        index->concurrently_place = keyword->place;
    PythonTermVec include = {0};
    if (term_items(scope, call_argument(call, NO_POSITION, "postgresql_include"), &include)) {
        for (uint32_t i = 0; i < include.n; i++) {
            Name name = python_column_name(scope, include.items[i]);
            if (!name_is_absent(name))
                VEC_PUSH(scope->out, &index->include, name);
        }
    }
    const PythonTerm *ops = call_argument(call, NO_POSITION, "postgresql_ops");
    for (uint32_t i = 0; ops && i < index->parts.n; i++) {
        IndexPart *part = &index->parts.items[i];
        const PythonTerm *opclass = dict_value(scope, ops, part->column.text);
        if (opclass)
            (void)term_string(scope, opclass, &part->opclass);
    }
}

static void mysql_options(PythonScope *scope, const PythonTerm *call, IndexDef *index)
{
    Str text;
    if (term_string(scope, call_argument(call, NO_POSITION, "mysql_using"), &text))
        index->method = str_lower(scope->out, text);
    if (term_string(scope, call_argument(call, NO_POSITION, "mysql_prefix"), &text)) {
        if (str_equal_ignore_case(text, STR("fulltext")))
            index->kind = INDEX_FULLTEXT;
        else if (str_equal_ignore_case(text, STR("spatial")))
            index->kind = INDEX_SPATIAL;
    }
    const PythonTerm *length = call_argument(call, NO_POSITION, "mysql_length");
    for (uint32_t i = 0; length && i < index->parts.n; i++) {
        IndexPart *part = &index->parts.items[i];
        const PythonTerm *own = dict_value(scope, length, part->column.text);
        (void)term_unsigned(scope, own ? own : length, &part->prefix_length);
    }
}

/* postgresql_using, postgresql_where, mysql_length … */
static void index_options(PythonScope *scope, const PythonTerm *call, IndexDef *index)
{
    index->unique = call_flag(scope, call, "unique");
    index->if_not_exists = call_flag(scope, call, "if_not_exists");
    switch (scope->dialect) {
    case DIALECT_POSTGRESQL:
        postgresql_options(scope, call, index);
        break;
    case DIALECT_MYSQL:
        mysql_options(scope, call, index);
        break;
    case DIALECT_SQLITE:
        index->where =
            python_sql_expression(scope, call_argument(call, NO_POSITION, "sqlite_where"));
        break;
    case DIALECT_SQLSERVER:
        index->where =
            python_sql_expression(scope, call_argument(call, NO_POSITION, "mssql_where"));
        index->is_clustered = call_flag(scope, call, "mssql_clustered");
        break;
    }
}

/* column.desc().nulls_last(), desc(column), desc("column"): the order; returns what is ordered. */
static const PythonTerm *without_order(PythonScope *scope, const PythonTerm *term, IndexPart *part)
{
    for (uint32_t i = 0; i < 4 && term && term->kind == TERM_CALL && term->left; i++) {
        Str word = term->left->text;
        bool is_method = term->left->kind == TERM_ATTRIBUTE && term->items.n == 0;
        bool is_function = !is_method && term->items.n == 1 &&
                           !str_is_absent(python_sqlalchemy_name(scope, term->left));
        if (!is_method && !is_function)
            break;
        if (str_equal(word, STR("desc")))
            part->order = ORDER_DESCENDING;
        else if (str_equal(word, STR("asc")))
            part->order = ORDER_ASCENDING;
        else if (str_equal(word, STR("nulls_last")) || str_equal(word, STR("nullslast")))
            part->nulls = NULLS_LAST;
        else if (str_equal(word, STR("nulls_first")) || str_equal(word, STR("nullsfirst")))
            part->nulls = NULLS_FIRST;
        else
            break;
        term = is_method ? term->left->left : term->items.items[0];
    }
    return term;
}

/* text("created_at DESC NULLS LAST"): the order that is written in the SQL. */
static void order_in_text(PythonScope *scope, const PythonTerm *value, IndexPart *part)
{
    Str text;
    if (call_is(scope, value, "text") && term_string(scope, call_argument(value, 0, NULL), &text))
        (void)sql_without_order(text, &part->order, &part->nulls);
}

/* text("created_at DESC"), and column names in strings. */
static bool index_part(PythonScope *scope, const PythonTerm *term, IndexPart *part)
{
    part->place = term->place;
    const PythonTerm *inner = without_order(scope, term, part);
    const PythonTerm *value = python_value(scope, inner);
    if (!value)
        return false;
    bool is_column = call_is(scope, value, "Column") || call_is(scope, value, "mapped_column");
    if ((value->kind == TERM_CALL && !is_column) || value->kind == TERM_BINARY) {
        part->expression = python_sql_expression(scope, value);
        order_in_text(scope, value, part);
        if (part->expression && part->expression->kind == EXPRESSION_COLUMN &&
            part->expression->columns.n == 1) {
            part->column = part->expression->columns.items[0].column;
            part->expression = NULL;
            return true;
        }
        return part->expression != NULL;
    }
    part->column = python_column_name(scope, inner);
    return !name_is_absent(part->column);
}

bool python_index(PythonScope *scope, const PythonTerm *call, uint32_t first, IndexDef *index)
{
    *index = (IndexDef){0};
    if (!call || call->kind != TERM_CALL)
        return false;
    index->place = call->place;
    index->name =
        term_name(scope, call_argument(call, first > 0 ? first - 1 : NO_POSITION, "name"));
    uint32_t position = 0;
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        PythonTermVec items = {0};
        if (item->kind == TERM_KEYWORD)
            continue;
        if (item->kind == TERM_DOUBLE_SPLAT)
            return false;
        if (item->kind != TERM_SPLAT) {
            if (position++ < first)
                continue;
            VEC_PUSH(scope->out, &items, item);
        } else if (!term_items(scope, item->left, &items)) {
            return false;
        }
        for (uint32_t k = 0; k < items.n; k++) {
            IndexPart part = {0};
            if (index->parts.n >= PARTS_MAX || !index_part(scope, items.items[k], &part))
                return false;
            VEC_PUSH(scope->out, &index->parts, part);
        }
    }
    index_options(scope, call, index);
    return index->parts.n > 0;
}
