/* Column(…) and mapped_column(…): the call as a column. */
#include "frontends/python/lower.h"

enum { ARGUMENTS_MAX = 64 }; /* no column has more */

/* --- references --- */

bool python_reference(PythonScope *scope, const PythonTerm *term, QualifiedName *table,
                      Name *column)
{
    Name whole = term_name(scope, term);
    *column = (Name){0};
    *table = (QualifiedName){0};
    if (name_is_absent(whole))
        return scope->reference_of && scope->reference_of(scope->link, term, table, column);
    Str text = whole.text;
    bool is_exact = whole.place.fragment &&
                    range_length(whole.place.range) == text.length; /* no escapes, no pieces */
    uint32_t cuts[2], n_cuts = 0;
    for (uint32_t i = text.length; i > 0 && n_cuts < 2; i--) {
        if (text.data[i - 1] == '.')
            cuts[n_cuts++] = i - 1;
    }
    uint32_t column_start = n_cuts > 0 ? cuts[0] + 1 : text.length;
    uint32_t table_end = n_cuts > 0 ? cuts[0] : text.length;
    uint32_t table_start = n_cuts > 1 ? cuts[1] + 1 : 0;
    Place place = whole.place;
#define PART(from, to)                                                                             \
    ((Name){str_slice(text, (from), (to)),                                                         \
            is_exact                                                                               \
                ? (Place){place.fragment, {place.range.start + (from), place.range.start + (to)}}  \
                : place})
    if (n_cuts > 0)
        *column = PART(column_start, text.length);
    table->name = PART(table_start, table_end);
    table->place = table->name.place;
    if (n_cuts > 1) {
        table->schema = PART(0, cuts[1]);
        table->place =
            is_exact ? (Place){place.fragment, {place.range.start, place.range.start + table_end}}
                     : place;
    }
#undef PART
    return !str_is_empty(table->name.text);
}

ReferentialAction python_action(PythonScope *scope, const PythonTerm *term)
{
    static const struct {
        const char *name;
        ReferentialAction action;
    } table[] = {
        {"cascade", ACTION_CASCADE},         {"set null", ACTION_SET_NULL},
        {"restrict", ACTION_RESTRICT},       {"no action", ACTION_NO_ACTION},
        {"set default", ACTION_SET_DEFAULT},
    };
    Str text;
    if (!term || !term_string(scope, term, &text))
        return ACTION_UNSPECIFIED;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (str_equal_ignore_case(str_trim(text), str_from(table[i].name)))
            return table[i].action;
    }
    return ACTION_UNSPECIFIED;
}

/* --- what a column holds besides its type --- */

static void add_foreign_key(PythonScope *scope, const PythonTerm *call, PythonColumn *column)
{
    ConstraintDef constraint = {.kind = CONSTRAINT_FOREIGN_KEY, .is_inline = true};
    Name target = {0};
    constraint.place = call->place;
    constraint.kind_place = call->left->place;
    if (!python_reference(scope, call_argument(call, 0, "column"), &constraint.references,
                          &target)) {
        column->is_partial = true;
        return;
    }
    if (!name_is_absent(target))
        VEC_PUSH(scope->out, &constraint.references_columns, target);
    python_constraint_options(scope, call, &constraint);
    if (!name_is_absent(column->column.name)) {
        IndexPart part = {.column = column->column.name, .place = column->column.name.place};
        VEC_PUSH(scope->out, &constraint.parts, part);
    }
    VEC_PUSH(scope->out, &column->column.constraints, constraint);
}

static void add_identity(PythonScope *scope, const PythonTerm *call, ColumnDef *column)
{
    if (scope->dialect == DIALECT_MYSQL || scope->dialect == DIALECT_SQLITE)
        return; /* they have no such thing; the key counts by itself */
    bool always = false;
    (void)term_boolean(scope, call_argument(call, NO_POSITION, "always"), &always);
    column->identity = always ? IDENTITY_ALWAYS : IDENTITY_BY_DEFAULT;
    column->identity_place = call->place;
    column->not_null = true;
}

static void add_computed(PythonScope *scope, const PythonTerm *call, PythonColumn *column)
{
    const PythonTerm *persisted = call_argument(call, 1, "persisted");
    bool is_stored = scope->dialect == DIALECT_POSTGRESQL;
    (void)term_boolean(scope, persisted, &is_stored);
    column->column.generated = is_stored ? GENERATED_STORED : GENERATED_VIRTUAL;
    column->column.generated_expression =
        python_sql_expression(scope, call_argument(call, 0, "sqltext"));
    column->is_partial |= !column->column.generated_expression;
}

/* A positional argument that is no name and no type; false: it is none of these. */
static bool add_item(PythonScope *scope, const PythonTerm *item, PythonColumn *column)
{
    const PythonTerm *value = python_value(scope, item);
    if (!value || value->kind != TERM_CALL)
        return false;
    Str name = python_sqlalchemy_name(scope, value->left);
    if (str_equal(name, STR("ForeignKey"))) {
        add_foreign_key(scope, value, column);
    } else if (str_equal(name, STR("Identity"))) {
        add_identity(scope, value, &column->column);
    } else if (str_equal(name, STR("Computed"))) {
        add_computed(scope, value, column);
    } else if (str_equal(name, STR("Sequence"))) {
        column->has_sequence = true;
        column->sequence = value;
    } else if (str_equal(name, STR("CheckConstraint"))) {
        ConstraintDef check;
        if (python_constraint(scope, value, &check)) {
            check.is_inline = true;
            VEC_PUSH(scope->out, &column->column.constraints, check);
        }
    } else if (str_equal(name, STR("ColumnDefault")) || str_equal(name, STR("FetchedValue")) ||
               str_equal(name, STR("DefaultClause"))) {
        if (str_equal(name, STR("DefaultClause")))
            column->column.default_value =
                python_server_default(scope, call_argument(value, 0, NULL), NULL);
    } else {
        return false;
    }
    return true;
}

static void read_default(PythonScope *scope, const PythonTerm *call, PythonColumn *column)
{
    const PythonTerm *keyword = call_keyword(call, "server_default");
    const PythonTerm *value = keyword ? python_value(scope, keyword->left) : NULL;
    ColumnDef *def = &column->column;
    if (call_is(scope, value, "Identity")) {
        add_identity(scope, value, def);
    } else if (call_is(scope, value, "Computed")) {
        add_computed(scope, value, column);
    } else if (keyword) {
        bool is_unknown = false;
        def->default_value = python_server_default(scope, keyword->left, &is_unknown);
        def->default_place = keyword->place;
        def->default_is_unknown = column->default_is_unknown = is_unknown;
    }
    /* one text says both on MySQL */
    bool has_update =
        scope->dialect == DIALECT_MYSQL && def->default_value && value && value->kind == TERM_CALL;
    Str text = {0};
    if (has_update && term_string(scope, call_argument(value, 0, "text"), &text) &&
        str_contains(str_lower(scope->out, text), STR(" on update "))) {
        Expression *update = ARENA_NEW(scope->out, Expression);
        *update = (Expression){
            .kind = EXPRESSION_CURRENT, .text = STR("CURRENT_TIMESTAMP"), .place = value->place};
        def->on_update = update;
    }
    const PythonTerm *client = call_argument(call, NO_POSITION, "default");
    column->has_default = client && client->kind != TERM_NONE;
    if (call_is(scope, python_value(scope, client), "Sequence")) {
        column->has_sequence = true;
        column->sequence = python_value(scope, client);
    }
}

static void read_flags(PythonScope *scope, const PythonTerm *call, PythonColumn *column)
{
    ColumnDef *def = &column->column;
    column->is_primary_key = call_flag(scope, call, "primary_key");
    column->is_unique = call_flag(scope, call, "unique");
    column->is_index = call_flag(scope, call, "index");
    column->nullable = call_written(scope, call, "nullable");
    column->autoincrement = call_written(scope, call, "autoincrement");
    const PythonTerm *keyword;
    if ((keyword = call_keyword(call, "nullable"))) {
        column->nullable_place = keyword->place;
        bool is_constant = column->nullable != WRITTEN_NOT;
        column->is_partial |= !is_constant && !term_is_none(keyword->left);
    }
    if ((keyword = call_keyword(call, "unique")))
        column->unique_place = keyword->place;
    if ((keyword = call_keyword(call, "index")))
        column->index_place = keyword->place;
    def->not_null |= column->nullable == WRITTEN_FALSE ||
                     (column->is_primary_key && column->nullable == WRITTEN_NOT);
    if (column->nullable == WRITTEN_FALSE)
        def->not_null_place = column->nullable_place;
    def->explicit_null = column->nullable == WRITTEN_TRUE && !column->is_primary_key;
    Str comment;
    if (term_string(scope, call_argument(call, NO_POSITION, "comment"), &comment))
        def->comment = comment;
}

bool python_column(PythonScope *scope, const PythonTerm *call, PythonColumn *column)
{
    *column = (PythonColumn){.call = call};
    if (!call || call->kind != TERM_CALL)
        return false;
    ColumnDef *def = &column->column;
    def->place = call->place;
    const PythonTerm *type = call_argument(call, NO_POSITION, "type_");
    column->is_partial = call_has_splat(call);
    uint32_t n = call_n_positional(call);
    uint32_t first = 0;
    if (n > ARGUMENTS_MAX) {
        n = ARGUMENTS_MAX;
        column->is_partial = true;
    }
    Str text;
    const PythonTerm *name = call_argument(call, NO_POSITION, "name");
    if (!name && n > 0 && term_string(scope, call_argument(call, 0, NULL), &text)) {
        name = call_argument(call, 0, NULL);
        first = 1;
    } else if (!name && n > 0 && call_argument(call, 0, NULL)->kind == TERM_NONE) {
        first = 1; /* Column(None, ForeignKey(…)) */
    }
    def->name = term_name(scope, name);
    for (uint32_t i = first; i < n; i++) {
        const PythonTerm *argument = call_argument(call, i, NULL);
        if (add_item(scope, argument, column))
            continue;
        if (!type && i <= first)
            type = argument;
        else
            column->is_partial = true;
    }
    column->type_term = type;
    column->type = python_type(scope, type);
    def->type = column->type.type;
    Str collation;
    if (type && type->kind == TERM_CALL &&
        term_string(scope, call_argument(type, NO_POSITION, "collation"), &collation))
        def->collation = collation;
    read_flags(scope, call, column);
    read_default(scope, call, column);
    if (def->identity != IDENTITY_NONE && column->nullable == WRITTEN_TRUE)
        def->not_null = false;
    return true;
}
