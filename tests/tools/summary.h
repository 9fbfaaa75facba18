/* summary.h — operations and queries as one line of text each, for tests and the lower tool.
 *
 * Terse and complete: what is absent is not printed. Everything is static: a test program is
 * one source file. */
#ifndef TESTS_TOOLS_SUMMARY_H
#define TESTS_TOOLS_SUMMARY_H

#include "model/fragment.h"

typedef struct {
    Arena *arena;
    Str text;
} Line;

static inline void line_add(Line *line, Str s)
{
    Str parts[] = {line->text, s};
    line->text = str_join(line->arena, parts, 2, STR(""));
}

static inline void line_word(Line *line, const char *before, Str s, const char *after)
{
    line_add(line, str_from(before));
    line_add(line, s);
    line_add(line, str_from(after));
}

static inline void line_flag(Line *line, bool value, const char *word)
{
    if (value)
        line_add(line, str_from(word));
}

static inline void line_qualified(Line *line, const QualifiedName *name)
{
    if (!name_is_absent(name->schema))
        line_word(line, "", name->schema.text, ".");
    line_add(line, name->name.text);
}

static inline void line_names(Line *line, const char *before, const NameVec *names,
                              const char *after)
{
    if (names->n == 0)
        return;
    line_add(line, str_from(before));
    for (uint32_t i = 0; i < names->n; i++)
        line_word(line, i ? "," : "", names->items[i].text, "");
    line_add(line, str_from(after));
}

static inline void line_strings(Line *line, const char *before, const StrVec *items,
                                const char *after)
{
    if (items->n == 0)
        return;
    line_add(line, str_from(before));
    line_add(line, str_join(line->arena, items->items, items->n, STR(",")));
    line_add(line, str_from(after));
}

static inline void line_expression(Line *line, const char *before, const Expression *e)
{
    static const char *const kinds[] = {"none",    "null", "number", "string", "boolean",
                                        "current", "call", "column", "other"};
    if (!e)
        return;
    line_add(line, str_from(before));
    line_add(line, str_from(kinds[e->kind]));
    line_word(line, ":", e->text, "");
}

static inline void line_parts(Line *line, const IndexPartVec *parts)
{
    line_add(line, STR("("));
    for (uint32_t i = 0; i < parts->n; i++) {
        const IndexPart *part = &parts->items[i];
        line_flag(line, i > 0, ",");
        if (part->expression)
            line_word(line, "<", part->expression->text, ">");
        else
            line_add(line, part->column.text);
        if (part->prefix_length)
            line_add(line, str_format(line->arena, "(%u)", part->prefix_length));
        if (part->collation.length)
            line_word(line, " collate ", part->collation, "");
        if (part->opclass.length)
            line_word(line, " ", part->opclass, "");
        line_flag(line, part->order == ORDER_ASCENDING, " asc");
        line_flag(line, part->order == ORDER_DESCENDING, " desc");
        line_flag(line, part->nulls == NULLS_FIRST, " nulls first");
        line_flag(line, part->nulls == NULLS_LAST, " nulls last");
        if (part->exclude_operator.length)
            line_word(line, " with ", part->exclude_operator, "");
    }
    line_add(line, STR(")"));
}

static inline void line_constraint(Line *line, const ConstraintDef *c)
{
    static const char *const kinds[] = {"primary", "unique",  "foreign",
                                        "check",   "exclude", "notnull"};
    if (!name_is_absent(c->name))
        line_word(line, "", c->name.text, ":");
    line_add(line, str_from(kinds[c->kind]));
    if (c->method.length)
        line_word(line, " using ", c->method, "");
    if (c->parts.n && !c->is_inline)
        line_parts(line, &c->parts);
    line_expression(line, " ", c->check);
    if (c->kind == CONSTRAINT_FOREIGN_KEY) {
        line_add(line, STR("->"));
        line_qualified(line, &c->references);
        line_names(line, "(", &c->references_columns, ")");
        if (c->on_delete != ACTION_UNSPECIFIED)
            line_word(line, " delete ", referential_action_name(c->on_delete), "");
        line_names(line, "(", &c->on_delete_columns, ")");
        if (c->on_update != ACTION_UNSPECIFIED)
            line_word(line, " update ", referential_action_name(c->on_update), "");
    }
    line_names(line, " include(", &c->include, ")");
    if (!name_is_absent(c->using_index))
        line_word(line, " index ", c->using_index.text, "");
    line_expression(line, " where ", c->where);
    if (c->conflict.length)
        line_word(line, " conflict ", c->conflict, "");
    line_flag(line, c->match_full, " full");
    line_flag(line, c->deferrable, " deferrable");
    line_flag(line, c->initially_deferred, " deferred");
    line_flag(line, c->not_valid, " notvalid");
    line_flag(line, c->not_enforced, " notenforced");
    line_flag(line, c->no_inherit, " noinherit");
    line_flag(line, c->nulls_not_distinct, " nullsnotdistinct");
    line_flag(line, c->has_auto_increment, " autoincrement");
    line_flag(line, c->is_clustered, " clustered");
}

static inline void line_index(Line *line, const IndexDef *index)
{
    line_flag(line, index->unique, "unique ");
    line_flag(line, index->kind == INDEX_FULLTEXT, "fulltext ");
    line_flag(line, index->kind == INDEX_SPATIAL, "spatial ");
    line_flag(line, index->is_clustered, "clustered ");
    line_add(line, str_is_absent(index->name.text) ? STR("?") : index->name.text);
    if (index->method.length)
        line_word(line, " using ", index->method, "");
    line_parts(line, &index->parts);
    line_names(line, " include(", &index->include, ")");
    line_expression(line, " where ", index->where);
    line_flag(line, index->nulls_not_distinct, " nullsnotdistinct");
    line_flag(line, index->is_invisible, " invisible");
}

static inline void line_column(Line *line, const ColumnDef *column)
{
    line_word(line, "", column->name.text, " ");
    line_add(line, column->type.family == TYPE_UNKNOWN ? STR("?") : column->type.canonical);
    line_flag(line, column->type.is_serial, " serial");
    line_flag(line, column->not_null, " notnull");
    line_flag(line, column->explicit_null, " null");
    line_expression(line, " default ", column->default_value);
    line_flag(line, column->identity == IDENTITY_ALWAYS, " identity always");
    line_flag(line, column->identity == IDENTITY_BY_DEFAULT, " identity default");
    line_flag(line, column->auto_increment, " auto");
    line_flag(line, column->generated == GENERATED_STORED, " stored");
    line_flag(line, column->generated == GENERATED_VIRTUAL, " virtual");
    line_expression(line, " as ", column->generated_expression);
    line_expression(line, " onupdate ", column->on_update);
    if (column->collation.length)
        line_word(line, " collate ", column->collation, "");
    if (column->character_set.length)
        line_word(line, " charset ", column->character_set, "");
    if (column->comment.length)
        line_word(line, " comment '", column->comment, "'");
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        line_add(line, STR(" "));
        line_constraint(line, &column->constraints.items[i]);
    }
    line_flag(line, column->is_first, " first");
    if (!name_is_absent(column->after))
        line_word(line, " after ", column->after.text, "");
}

static inline void line_table(Line *line, const TableDef *table)
{
    line_flag(line, table->unlogged, " unlogged");
    line_flag(line, table->is_foreign, " foreign");
    for (uint32_t i = 0; i < table->columns.n; i++) {
        line_add(line, STR(" | "));
        line_column(line, &table->columns.items[i]);
    }
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        line_add(line, STR(" | "));
        line_constraint(line, &table->constraints.items[i]);
    }
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        line_add(line, STR(" | index "));
        line_index(line, &table->indexes.items[i]);
    }
    for (uint32_t i = 0; i < table->likes.n; i++) {
        const LikeClause *like = &table->likes.items[i];
        line_add(line, STR(" | like "));
        line_qualified(line, &like->table);
        line_flag(line, like->defaults, " defaults");
        line_flag(line, like->indexes, " indexes");
        line_flag(line, like->comments, " comments");
    }
    for (uint32_t i = 0; i < table->inherits.n; i++) {
        line_add(line, STR(" inherits "));
        line_qualified(line, &table->inherits.items[i]);
    }
    if (table->partition_by.strategy.length) {
        line_word(line, " partition by ", table->partition_by.strategy, "");
        line_parts(line, &table->partition_by.parts);
    }
    if (!name_is_absent(table->partition_of.name)) {
        line_add(line, STR(" partition of "));
        line_qualified(line, &table->partition_of);
        line_word(line, " [", table->partition_bound, "]");
    }
    line_flag(line, table->as_query != NULL, " as query");
    line_flag(line, table->with_no_data, " nodata");
    line_flag(line, table->without_rowid, " withoutrowid");
    line_flag(line, table->strict, " strict");
    if (table->engine.length)
        line_word(line, " engine ", table->engine, "");
    if (table->character_set.length)
        line_word(line, " charset ", table->character_set, "");
    if (table->collation.length)
        line_word(line, " collate ", table->collation, "");
    if (table->comment.length)
        line_word(line, " comment '", table->comment, "'");
}

static inline void line_function(Line *line, const FunctionDef *function)
{
    static const char *const modes[] = {"", "out ", "inout ", "variadic ", "table "};
    line_add(line, STR("("));
    for (uint32_t i = 0; i < function->parameters.n; i++) {
        const Parameter *parameter = &function->parameters.items[i];
        line_flag(line, i > 0, ", ");
        line_add(line, str_from(modes[parameter->mode]));
        if (!name_is_absent(parameter->name))
            line_word(line, "", parameter->name.text, " ");
        line_add(line, parameter->type.canonical);
        line_expression(line, " default ", parameter->default_value);
    }
    line_add(line, STR(")"));
    line_flag(line, function->is_procedure, " procedure");
    if (function->returns.canonical.length)
        line_word(line, " returns ", function->returns.canonical, "");
    line_flag(line, function->returns_set, " set");
    line_word(line, " language ", function->language, "");
    line_flag(line, function->security_definer, " definer");
    if (function->has_search_path)
        line_word(line, " search_path=", function->search_path, "");
    if (function->volatility.length)
        line_word(line, " ", function->volatility, "");
    line_flag(line, function->is_strict, " strict");
}

static inline void line_details(Line *line, const Operation *op)
{
    const NameVec *roles = &op->as.create_policy.roles;
    switch (op->kind) {
    case OP_CREATE_TABLE:
        line_table(line, &op->as.create_table);
        break;
    case OP_ADD_COLUMN:
        line_add(line, STR(" | "));
        line_column(line, &op->as.add_column);
        break;
    case OP_REPLACE_COLUMN:
        line_word(line, " ", op->as.replace_column.old_name.text, " | ");
        line_column(line, &op->as.replace_column.column);
        break;
    case OP_DROP_COLUMN:
    case OP_SET_NOT_NULL:
    case OP_DROP_NOT_NULL:
    case OP_DROP_EXPRESSION:
        line_word(line, " ", op->as.drop_column.column.text, "");
        break;
    case OP_RENAME_COLUMN:
    case OP_RENAME_CONSTRAINT:
    case OP_RENAME_INDEX:
    case OP_RENAME_ENUM_VALUE:
    case OP_RENAME_TABLE:
    case OP_RENAME_TYPE:
    case OP_RENAME_VIEW:
    case OP_RENAME_SEQUENCE:
    case OP_RENAME_FUNCTION:
    case OP_RENAME_SCHEMA:
        line_word(line, " ", op->as.rename.from.text, "->");
        line_add(line, op->as.rename.to.text);
        break;
    case OP_SET_COLUMN_TYPE:
        line_word(line, " ", op->as.set_type.column.text, " ");
        line_add(line, op->as.set_type.type.canonical);
        line_expression(line, " using ", op->as.set_type.using_expression);
        if (op->as.set_type.collation.length)
            line_word(line, " collate ", op->as.set_type.collation, "");
        break;
    case OP_SET_COLUMN_DEFAULT:
        line_word(line, " ", op->as.set_default.column.text, "");
        line_expression(line, " ", op->as.set_default.value);
        break;
    case OP_SET_IDENTITY:
        line_word(line, " ", op->as.set_identity.column.text, "");
        line_flag(line, op->as.set_identity.kind == IDENTITY_ALWAYS, " always");
        line_flag(line, op->as.set_identity.kind == IDENTITY_BY_DEFAULT, " default");
        break;
    case OP_ADD_CONSTRAINT:
        line_add(line, STR(" "));
        line_constraint(line, &op->as.add_constraint);
        break;
    case OP_DROP_CONSTRAINT:
    case OP_VALIDATE_CONSTRAINT:
    case OP_ALTER_CONSTRAINT:
        line_word(line, " ", op->as.constraint.name.text, "");
        line_flag(line, op->as.constraint.kind == CONSTRAINT_PRIMARY_KEY, " primary");
        line_flag(line, op->as.constraint.kind == CONSTRAINT_FOREIGN_KEY, " foreign");
        line_flag(line, op->as.constraint.deferrable, " deferrable");
        line_flag(line, op->as.constraint.initially_deferred, " deferred");
        break;
    case OP_CREATE_INDEX:
        line_add(line, STR(" "));
        line_index(line, &op->as.create_index);
        break;
    case OP_DROP_INDEX:
        if (!name_is_absent(op->as.drop_index.table.name)) {
            line_add(line, STR(" on "));
            line_qualified(line, &op->as.drop_index.table);
        }
        break;
    case OP_CREATE_TYPE: {
        static const char *const kinds[] = {" enum", " composite", " range", " domain", " shell"};
        const TypeDef *type = &op->as.create_type;
        line_add(line, str_from(kinds[type->kind]));
        line_names(line, "(", &type->labels, ")");
        for (uint32_t i = 0; i < type->attributes.n; i++) {
            line_add(line, STR(" | "));
            line_column(line, &type->attributes.items[i]);
        }
        if (type->base.canonical.length)
            line_word(line, " ", type->base.canonical, "");
        line_flag(line, type->not_null, " notnull");
        line_expression(line, " default ", type->default_value);
        for (uint32_t i = 0; i < type->constraints.n; i++) {
            line_add(line, STR(" "));
            line_constraint(line, &type->constraints.items[i]);
        }
        break;
    }
    case OP_ADD_ENUM_VALUE:
        line_word(line, " '", op->as.add_enum_value.label.text, "'");
        line_flag(line, op->as.add_enum_value.is_before, " before");
        line_flag(line, op->as.add_enum_value.is_after, " after");
        if (!name_is_absent(op->as.add_enum_value.neighbour))
            line_word(line, " '", op->as.add_enum_value.neighbour.text, "'");
        break;
    case OP_ALTER_DOMAIN:
        line_flag(line, op->as.alter_domain.set_not_null, " setnotnull");
        line_flag(line, op->as.alter_domain.drop_not_null, " dropnotnull");
        line_flag(line, op->as.alter_domain.drop_default, " dropdefault");
        line_expression(line, " default ", op->as.alter_domain.default_value);
        if (op->as.alter_domain.has_constraint) {
            line_add(line, STR(" "));
            line_constraint(line, &op->as.alter_domain.constraint);
        }
        if (!name_is_absent(op->as.alter_domain.drop_constraint))
            line_word(line, " drop ", op->as.alter_domain.drop_constraint.text, "");
        break;
    case OP_ALTER_COMPOSITE:
        if (op->as.alter_composite.add) {
            line_add(line, STR(" add "));
            line_column(line, op->as.alter_composite.add);
        }
        if (!name_is_absent(op->as.alter_composite.drop))
            line_word(line, " drop ", op->as.alter_composite.drop.text, "");
        if (!name_is_absent(op->as.alter_composite.rename_from))
            line_word(line, " ", op->as.alter_composite.rename_from.text, "->");
        line_add(line, op->as.alter_composite.rename_to.text);
        if (!name_is_absent(op->as.alter_composite.alter)) {
            line_word(line, " ", op->as.alter_composite.alter.text, " ");
            line_add(line, op->as.alter_composite.type.canonical);
        }
        break;
    case OP_CREATE_SEQUENCE:
    case OP_ALTER_SEQUENCE: {
        const SequenceDef *sequence = &op->as.sequence;
        if (sequence->type.canonical.length)
            line_word(line, " as ", sequence->type.canonical, "");
        line_expression(line, " start ", sequence->start);
        line_expression(line, " increment ", sequence->increment);
        line_expression(line, " min ", sequence->minimum);
        line_expression(line, " max ", sequence->maximum);
        line_expression(line, " cache ", sequence->cache);
        line_flag(line, sequence->cycle, " cycle");
        line_flag(line, sequence->owned_by_none, " owned by none");
        if (!name_is_absent(sequence->owned_by_column)) {
            line_add(line, STR(" owned by "));
            line_qualified(line, &sequence->owned_by_table);
            line_word(line, ".", sequence->owned_by_column.text, "");
        }
        break;
    }
    case OP_CREATE_VIEW: {
        const ViewDef *view = &op->as.create_view;
        line_flag(line, view->or_replace, " replace");
        line_flag(line, view->is_materialized, " materialized");
        line_flag(line, view->recursive, " recursive");
        line_flag(line, view->security_invoker, " invoker");
        line_flag(line, view->check_option, " checkoption");
        line_flag(line, view->with_no_data, " nodata");
        line_names(line, "(", &view->columns, ")");
        break;
    }
    case OP_CREATE_FUNCTION:
        line_function(line, &op->as.create_function);
        break;
    case OP_DROP_FUNCTION:
        line_strings(line, "(", &op->as.drop_function.argument_types, ")");
        line_flag(line,
                  op->as.drop_function.has_arguments && !op->as.drop_function.argument_types.n,
                  "()");
        line_flag(line, op->as.drop_function.is_procedure, " procedure");
        break;
    case OP_CREATE_TRIGGER: {
        const TriggerDef *trigger = &op->as.create_trigger;
        line_word(line, " ", trigger->name.text, " ");
        line_add(line, trigger->timing);
        line_flag(line, trigger->events & TRIGGER_INSERT, " insert");
        line_flag(line, trigger->events & TRIGGER_UPDATE, " update");
        line_names(line, "(", &trigger->update_columns, ")");
        line_flag(line, trigger->events & TRIGGER_DELETE, " delete");
        line_flag(line, trigger->events & TRIGGER_TRUNCATE, " truncate");
        line_flag(line, trigger->for_each_row, " row");
        line_flag(line, trigger->is_constraint, " constraint");
        line_expression(line, " when ", trigger->when);
        if (!name_is_absent(trigger->function.name)) {
            line_add(line, STR(" calls "));
            line_qualified(line, &trigger->function);
        }
        break;
    }
    case OP_DROP_TRIGGER:
    case OP_SET_TRIGGER_ENABLED:
        line_word(line, " ", op->as.trigger.name.text, "");
        line_flag(line, op->as.trigger.enable, " enable");
        line_flag(line, op->as.trigger.all, " all");
        break;
    case OP_CREATE_POLICY:
    case OP_ALTER_POLICY: {
        static const char *const commands[] = {" all", " select", " insert", " update", " delete"};
        line_word(line, " ", op->as.create_policy.name.text, "");
        if (!name_is_absent(op->as.create_policy.new_name))
            line_word(line, "->", op->as.create_policy.new_name.text, "");
        line_flag(line, op->as.create_policy.is_restrictive, " restrictive");
        line_add(line, str_from(commands[op->as.create_policy.command]));
        line_names(line, " to ", roles, "");
        line_expression(line, " using ", op->as.create_policy.using_expression);
        line_expression(line, " check ", op->as.create_policy.check_expression);
        break;
    }
    case OP_DROP_POLICY:
        line_word(line, " ", op->as.drop_policy.name.text, "");
        break;
    case OP_GRANT:
    case OP_REVOKE:
        line_strings(line, " ", &op->as.grant.privileges, "");
        line_add(line, str_format(line->arena, " kind%d", (int)op->as.grant.object));
        line_flag(line, op->as.grant.all_in_schema, " all");
        line_flag(line, op->as.grant.is_default_privileges, " default");
        for (uint32_t i = 0; i < op->as.grant.names.n; i++) {
            line_add(line, i ? STR(",") : STR(" on "));
            line_qualified(line, &op->as.grant.names.items[i]);
        }
        line_names(line, " to ", &op->as.grant.grantees, "");
        line_flag(line, op->as.grant.with_grant_option, " option");
        break;
    case OP_COMMENT:
        line_add(line, str_format(line->arena, " kind%d", (int)op->as.comment.object));
        if (!name_is_absent(op->as.comment.column))
            line_word(line, " ", op->as.comment.column.text, "");
        line_word(line, " '", op->as.comment.text, "'");
        line_flag(line, op->as.comment.is_null, " null");
        break;
    case OP_SET:
        line_word(line, " ", op->as.set.name.text, "");
        line_word(line, " = ", op->as.set.value, "");
        line_strings(line, " [", &op->as.set.items, "]");
        line_flag(line, op->as.set.is_local, " local");
        break;
    case OP_ATTACH_INDEX:
    case OP_ATTACH_PARTITION:
    case OP_DETACH_PARTITION:
        line_add(line, STR(" "));
        line_qualified(line, &op->as.partition.partition);
        line_word(line, " [", op->as.partition.bound, "]");
        line_flag(line, op->as.partition.is_finalize, " finalize");
        break;
    case OP_SET_INHERIT:
        line_flag(line, !op->as.inherit.add, " no");
        line_add(line, STR(" "));
        line_qualified(line, &op->as.inherit.parent);
        break;
    case OP_SET_TABLE_SCHEMA:
    case OP_SET_TYPE_SCHEMA:
        line_word(line, " ", op->as.set_schema.schema, "");
        break;
    case OP_SET_ROW_SECURITY:
        line_flag(line, op->as.row_security.sets_enabled,
                  op->as.row_security.enabled ? " enable" : " disable");
        line_flag(line, op->as.row_security.sets_forced,
                  op->as.row_security.forced ? " force" : " noforce");
        break;
    case OP_SET_TABLE_OPTIONS:
        if (op->as.table_options.engine.length)
            line_word(line, " engine ", op->as.table_options.engine, "");
        if (op->as.table_options.character_set.length)
            line_word(line, " charset ", op->as.table_options.character_set, "");
        if (op->as.table_options.comment.length)
            line_word(line, " comment '", op->as.table_options.comment, "'");
        break;
    case OP_UNKNOWN:
    case OP_OPAQUE:
    case OP_QUERY:
    case OP_DROP_TABLE:
    case OP_SET_OWNER:
    case OP_TRUNCATE:
    case OP_REINDEX:
    case OP_DROP_TYPE:
    case OP_DROP_SEQUENCE:
    case OP_DROP_VIEW:
    case OP_REFRESH_VIEW:
    case OP_CREATE_SCHEMA:
    case OP_DROP_SCHEMA:
    case OP_CREATE_EXTENSION:
    case OP_DROP_EXTENSION:
    case OP_USE:
    case OP_BEGIN:
    case OP_COMMIT:
    case OP_ROLLBACK:
    case OP_SAVEPOINT:
        break;
    }
}

/* "add-column users if-not-exists | age integer notnull" */
static inline Str operation_summary(Arena *arena, const Operation *op)
{
    Line line = {.arena = arena, .text = operation_kind_name(op->kind)};
    if (!name_is_absent(op->target.name)) {
        line_add(&line, STR(" "));
        line_qualified(&line, &op->target);
    }
    line_flag(&line, op->if_exists, " if-exists");
    line_flag(&line, op->if_not_exists, " if-not-exists");
    line_flag(&line, op->is_temporary, " temporary");
    line_flag(&line, op->concurrently, " concurrently");
    line_flag(&line, op->only, " only");
    line_flag(&line, op->cascade, " cascade");
    line_flag(&line, op->is_restrict, " restrict");
    line_flag(&line, op->in_do_block, " do");
    line_flag(&line, op->is_conditional, " conditional");
    line_details(&line, op);
    line_flag(&line, op->is_batch, " batch");
    return line.text;
}

/* A line for each. */
static inline Str operations_summary(Arena *arena, const OperationVec *operations)
{
    StrVec lines = {0};
    for (uint32_t i = 0; i < operations->n; i++)
        VEC_PUSH(arena, &lines, operation_summary(arena, &operations->items[i]));
    return str_join(arena, lines.items, lines.n, STR("\n"));
}

static inline void line_use(Line *line, const Query *query, const ColumnUse *use)
{
    static const char *const comparisons[] = {"",         " =",           " range", " <>",
                                              " in",      " like-prefix", " like",  " null",
                                              " notnull", " contains",    " other"};
    if (use->table != NO_TABLE_USE)
        line_add(line, str_format(line->arena, "%u.", use->table));
    else if (!name_is_absent(use->qualifier))
        line_word(line, "?", use->qualifier.text, ".");
    line_add(line, use->column.text);
    line_flag(line, use->is_wrapped, " wrapped");
    if (use->wrapper.length)
        line_word(line, ":", use->wrapper, "");
    line_add(line, str_from(comparisons[use->comparison]));
    if (use->other_table != NO_TABLE_USE)
        line_add(line, str_format(line->arena, " %u.", use->other_table));
    if (!name_is_absent(use->other_column))
        line_add(line, use->other_column.text);
    if (!str_is_absent(use->constant))
        line_word(line, " '", use->constant, "'");
    line_flag(line, use->is_in_disjunction, " or");
    line_flag(line, use->order == ORDER_DESCENDING, " desc");
    line_flag(line, use->order == ORDER_ASCENDING, " asc");
    (void)query;
}

static inline void line_uses(Line *line, const char *before, const Query *query,
                             const ColumnUseVec *uses)
{
    for (uint32_t i = 0; i < uses->n; i++) {
        line_add(line, str_from(i ? ", " : before));
        line_use(line, query, &uses->items[i]);
    }
}

/* "select from t a, left u b; where 0.x = '1'; join …; order …; out …; {subquery}" */
static inline void line_query(Line *line, const Query *query)
{
    static const char *const kinds[] = {"select", "insert", "update", "delete", "merge"};
    static const char *const joins[] = {"",       "comma ", "inner ", "left ",
                                        "right ", "full ",  "cross "};
    static const char *const uses[] = {"", "(subquery)", "()", "(values)"};
    line_add(line, str_from(kinds[query->kind]));
    line_flag(line, query->in_function, " in-function");
    line_flag(line, query->in_view, " in-view");
    line_flag(line, query->inside_loop, " in-loop");
    line_flag(line, query->has_distinct, " distinct");
    line_flag(line, query->is_set_operation, " set");
    line_flag(line, query->inserts_values, " values");
    for (uint32_t i = 0; i < query->tables.n; i++) {
        const TableUse *use = &query->tables.items[i];
        line_add(line, i ? STR(", ") : STR(" from "));
        line_add(line, str_from(joins[use->join]));
        line_qualified(line, &use->table);
        line_add(line, str_from(uses[use->kind]));
        if (!name_is_absent(use->alias))
            line_word(line, " ", use->alias.text, "");
        line_flag(line, use->is_cte, " cte");
        line_flag(line, use->is_target, " target");
        line_flag(line, use->has_condition, " on");
    }
    line_names(line, "; write ", &query->written_columns, "");
    line_uses(line, "; join ", query, &query->joins);
    line_flag(line, query->has_where, "; where");
    line_uses(line, " ", query, &query->filters);
    line_uses(line, "; group ", query, &query->groups);
    line_uses(line, "; order ", query, &query->orders);
    line_flag(line, query->has_limit, "; limit");
    for (uint32_t i = 0; i < query->outputs.n; i++) {
        const OutputColumn *output = &query->outputs.items[i];
        line_add(line, i ? STR(", ") : STR("; out "));
        if (!name_is_absent(output->qualifier))
            line_word(line, "", output->qualifier.text, ".");
        line_add(line, output->is_star ? STR("*") : output->name.text);
        if (output->type.length)
            line_word(line, "::", output->type, "");
    }
    for (uint32_t i = 0; i < query->subqueries.n; i++) {
        line_add(line, STR("; {"));
        if (i < query->cte_names.n)
            line_word(line, "", query->cte_names.items[i].text, ": ");
        line_query(line, query->subqueries.items[i]);
        line_add(line, STR("}"));
    }
}

static inline Str query_summary(Arena *arena, const Query *query)
{
    Line line = {.arena = arena, .text = STR("")};
    line_query(&line, query);
    return line.text;
}

#endif
