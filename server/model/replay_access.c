/* Functions, triggers, policies, grants, comments. */
#include "model/replay_steps.h"

enum { FUNCTIONS_MAX = 20000, GRANTS_MAX = 512 };

/* ---- functions ---- */

static Str argument_types(Arena *out, const FunctionDef *definition)
{
    StrVec types = {0};
    for (uint32_t i = 0; i < definition->parameters.n; i++) {
        const Parameter *parameter = &definition->parameters.items[i];
        if (parameter->mode != PARAMETER_OUT && parameter->mode != PARAMETER_TABLE)
            VEC_PUSH(out, &types, parameter->type.canonical);
    }
    return str_join(out, types.items, types.n, STR(", "));
}

static Function *find_exact(const Schema *schema, Str name_space, Str name, Str arguments)
{
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        Function *function = schema->functions.items[i];
        if (str_equal(function->name.text, name) && str_equal(function->arguments, arguments) &&
            str_equal(function->schema, name_space))
            return function;
    }
    return NULL;
}

bool replay_create_function(Replay *r)
{
    const FunctionDef *definition = &r->operation->as.create_function;
    const QualifiedName *name = &r->operation->target;
    Str name_space = schema_creation_namespace(r->schema, name->schema.text, false);
    Str arguments = argument_types(r->arena, definition);
    Function *function = find_exact(r->schema, name_space, name->name.text, arguments);
    if (function && !definition->or_replace && !r->operation->if_not_exists)
        return replay_fail(r, REPLAY_EXISTS, name->name,
                           "function \"" STR_FMT "\" already exists with the same arguments",
                           STR_ARG(name->name.text));
    if (!function) {
        if (r->schema->functions.n >= FUNCTIONS_MAX)
            return true;
        function = ARENA_NEW(r->arena, Function);
        function->schema = name_space;
        function->name = name->name;
        function->arguments = arguments;
        VEC_PUSH(r->arena, &r->schema->functions, function);
    }
    function->definition = definition;
    function->place = r->operation->statement;
    function->origin = r->operation;
    return true;
}

static Function *dropped_function(Replay *r, bool *ok)
{
    const QualifiedName *name = &r->operation->target;
    const StrVec *types = &r->operation->as.drop_function.argument_types;
    Function *found = NULL;
    for (uint32_t i = 0; i < r->schema->functions.n; i++) {
        Function *function = r->schema->functions.items[i];
        if (!identifier_equal(r->schema->dialect, function->name.text, name->name.text))
            continue;
        if (name->schema.text.length > 0 && !str_equal(function->schema, name->schema.text))
            continue;
        found = function;
        if (!r->operation->as.drop_function.has_arguments)
            break;
        StrVec canonical = {0};
        for (uint32_t j = 0; j < types->n; j++) {
            ColumnType type = type_parse(r->arena, r->schema->dialect, types->items[j]);
            schema_resolve_column_type(r->schema, r->arena, &type);
            VEC_PUSH(r->arena, &canonical, type.canonical);
        }
        Str wanted = str_join(r->arena, canonical.items, canonical.n, STR(", "));
        if (str_equal(function->arguments, wanted))
            break;
    }
    *ok = true;
    if (!found && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_OTHER, name->name,
                          "function \"" STR_FMT "\" does not exist", STR_ARG(name->name.text));
    return found;
}

static bool calls(const Expression *expression, const Function *function)
{
    for (uint32_t i = 0; expression && i < expression->functions.n; i++) {
        const FunctionCall *call = &expression->functions.items[i];
        if (str_equal(call->name.text, function->name.text) &&
            (call->schema.length == 0 || str_equal(call->schema, function->schema)))
            return true;
    }
    return false;
}

/* What CASCADE takes along. */
static void remove_callers(const Replay *r, const Function *function)
{
    const StrMap *tables = &r->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        Table *table = e->value;
        for (uint32_t i = table->triggers.n; i > 0; i--) {
            const TriggerDef *trigger = table->triggers.items[i - 1]->definition;
            if (str_equal(trigger->function.name.text, function->name.text))
                VEC_REMOVE(&table->triggers, i - 1);
        }
        for (uint32_t i = table->policies.n; i > 0; i--) {
            const Policy *policy = table->policies.items[i - 1];
            if (calls(policy->using_expression, function) ||
                calls(policy->check_expression, function))
                VEC_REMOVE(&table->policies, i - 1);
        }
        for (uint32_t i = 0; i < table->columns.n; i++) {
            if (calls(table->columns.items[i]->default_value, function))
                table->columns.items[i]->default_value = NULL;
        }
    }
}

bool replay_drop_function(Replay *r)
{
    bool ok;
    Function *function = dropped_function(r, &ok);
    if (!function)
        return ok;
    if (!replay_may_drop(r, r->operation->target.name))
        return false;
    schema_remove_function(r->schema, function);
    if (r->operation->cascade)
        remove_callers(r, function);
    return true;
}

bool replay_rename_function(Replay *r)
{
    Function *function = schema_find_function(r->schema, &r->operation->target);
    if (!function)
        return replay_fail(r, REPLAY_MISSING_OTHER, r->operation->target.name,
                           "function \"" STR_FMT "\" does not exist",
                           STR_ARG(r->operation->target.name.text));
    function->name = r->operation->as.rename.to;
    return true;
}

/* ---- triggers ---- */

static uint32_t trigger_position(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        if (identifier_equal(table->ignores_case ? DIALECT_MYSQL : DIALECT_POSTGRESQL,
                             table->triggers.items[i]->name.text, name))
            return i;
    }
    return UINT32_MAX;
}

bool replay_create_trigger(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    const TriggerDef *definition = &r->operation->as.create_trigger;
    uint32_t at = trigger_position(table, definition->name.text);
    if (at != UINT32_MAX && !definition->or_replace && !r->operation->if_not_exists)
        return replay_fail(r, REPLAY_EXISTS, definition->name,
                           "trigger \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(definition->name.text), STR_ARG(table->name.text));
    replay_touch(r, table);
    Trigger *trigger = at != UINT32_MAX ? table->triggers.items[at] : NULL;
    if (!trigger) {
        if (table->triggers.n >= TABLE_PARTS_MAX)
            return true;
        trigger = ARENA_NEW(r->arena, Trigger);
        VEC_PUSH(r->arena, &table->triggers, trigger);
    }
    trigger->name = definition->name;
    trigger->definition = definition;
    trigger->is_enabled = true;
    trigger->place = r->operation->statement;
    trigger->origin = r->operation;
    return true;
}

/* In MySQL and SQLite a trigger's name alone says which. */
static Table *table_of_trigger(const Replay *r, Str name)
{
    const StrMap *tables = &r->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        if (trigger_position(e->value, name) != UINT32_MAX)
            return e->value;
    }
    return NULL;
}

bool replay_drop_trigger(Replay *r)
{
    bool ok = true;
    Name name = r->operation->as.trigger.name;
    bool names_table =
        r->operation->target.name.text.length > 0 && r->schema->dialect == DIALECT_POSTGRESQL;
    Table *table = names_table ? replay_table(r, &ok) : table_of_trigger(r, name.text);
    if (names_table && !table)
        return ok;
    uint32_t at = table ? trigger_position(table, name.text) : UINT32_MAX;
    if (at == UINT32_MAX) {
        if (r->operation->if_exists)
            return true;
        return replay_fail(r, REPLAY_MISSING_OTHER, name, "trigger \"" STR_FMT "\" does not exist",
                           STR_ARG(name.text));
    }
    replay_touch(r, table);
    VEC_REMOVE(&table->triggers, at);
    return true;
}

bool replay_set_trigger_enabled(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    replay_touch(r, table);
    for (uint32_t i = 0; i < table->triggers.n; i++) {
        Trigger *trigger = table->triggers.items[i];
        if (r->operation->as.trigger.all ||
            str_equal(trigger->name.text, r->operation->as.trigger.name.text))
            trigger->is_enabled = r->operation->as.trigger.enable;
    }
    return true;
}

/* ---- policies ---- */

bool replay_create_policy(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    const PolicyDef *definition = &r->operation->as.create_policy;
    if (table_policy(table, definition->name.text))
        return replay_fail(r, REPLAY_EXISTS, definition->name,
                           "policy \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(definition->name.text), STR_ARG(table->name.text));
    if (table->policies.n >= TABLE_PARTS_MAX)
        return true;
    replay_touch(r, table);
    Policy *policy = ARENA_NEW(r->arena, Policy);
    policy->name = definition->name;
    policy->command = definition->command;
    policy->is_restrictive = definition->is_restrictive;
    policy->roles = definition->roles;
    policy->using_expression = definition->using_expression;
    policy->check_expression = definition->check_expression;
    policy->place = r->operation->statement;
    policy->roles_place = definition->roles_place;
    policy->origin = r->operation;
    VEC_PUSH(r->arena, &table->policies, policy);
    return true;
}

static Policy *named_policy(Replay *r, const Table *table, Name name, bool *ok)
{
    Policy *policy = table_policy(table, name.text);
    *ok = true;
    if (!policy && !r->operation->if_exists)
        *ok = replay_fail(r, REPLAY_MISSING_OTHER, name,
                          "policy \"" STR_FMT "\" of table \"" STR_FMT "\" does not exist",
                          STR_ARG(name.text), STR_ARG(table->name.text));
    return policy;
}

bool replay_alter_policy(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    const PolicyDef *definition = &r->operation->as.create_policy;
    Policy *policy = named_policy(r, table, definition->name, &ok);
    if (!policy)
        return ok;
    Name new_name = definition->new_name;
    if (!name_is_absent(new_name) && table_policy(table, new_name.text))
        return replay_fail(r, REPLAY_EXISTS, new_name,
                           "policy \"" STR_FMT "\" of table \"" STR_FMT "\" already exists",
                           STR_ARG(new_name.text), STR_ARG(table->name.text));
    replay_touch(r, table);
    if (!name_is_absent(new_name))
        policy->name = new_name;
    if (definition->roles.n > 0) {
        policy->roles = definition->roles;
        policy->roles_place = definition->roles_place;
    }
    if (definition->using_expression)
        policy->using_expression = definition->using_expression;
    if (definition->check_expression)
        policy->check_expression = definition->check_expression;
    return true;
}

bool replay_drop_policy(Replay *r)
{
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    Policy *policy = named_policy(r, table, r->operation->as.drop_policy.name, &ok);
    if (!policy)
        return ok;
    replay_touch(r, table);
    VEC_TAKE_OUT(&table->policies, policy);
    return true;
}

/* ---- grants ---- */

static Grant *grant_of(Replay *r, GrantVec *grants, Str grantee)
{
    for (uint32_t i = 0; i < grants->n; i++) {
        if (str_equal(grants->items[i].grantee, grantee))
            return &grants->items[i];
    }
    if (grants->n >= GRANTS_MAX)
        return NULL;
    Grant grant = {.grantee = grantee, .origin = r->operation};
    VEC_PUSH(r->arena, grants, grant);
    return VEC_LAST(grants);
}

static uint32_t privilege_position(const StrVec *privileges, Str privilege)
{
    for (uint32_t i = 0; i < privileges->n; i++) {
        if (str_equal(privileges->items[i], privilege))
            return i;
    }
    return UINT32_MAX;
}

static bool is_all(const StrVec *privileges)
{
    return privilege_position(privileges, STR("all")) != UINT32_MAX ||
           privilege_position(privileges, STR("all privileges")) != UINT32_MAX;
}

static void change_grants(Replay *r, GrantVec *grants, bool revokes)
{
    const GrantDef *definition = &r->operation->as.grant;
    for (uint32_t i = 0; i < definition->grantees.n; i++) {
        Grant *grant = grant_of(r, grants, definition->grantees.items[i].text);
        if (!grant)
            continue;
        if (revokes && is_all(&definition->privileges))
            grant->privileges.n = 0;
        for (uint32_t j = 0; j < definition->privileges.n && j < 32; j++) {
            Str privilege = definition->privileges.items[j];
            uint32_t at = privilege_position(&grant->privileges, privilege);
            if (revokes && at != UINT32_MAX)
                VEC_REMOVE(&grant->privileges, at);
            else if (!revokes && at == UINT32_MAX)
                VEC_PUSH(r->arena, &grant->privileges, privilege);
        }
    }
    for (uint32_t i = grants->n; revokes && i > 0; i--) {
        if (grants->items[i - 1].privileges.n == 0)
            VEC_REMOVE(grants, i - 1);
    }
}

/* GRANT … ON ALL TABLES IN SCHEMA. */
static void change_all_in_schema(Replay *r, Str name_space, bool revokes)
{
    bool for_functions = r->operation->as.grant.object == OBJECT_FUNCTION ||
                         r->operation->as.grant.object == OBJECT_PROCEDURE;
    for (uint32_t i = 0; for_functions && i < r->schema->functions.n; i++) {
        if (str_equal(r->schema->functions.items[i]->schema, name_space))
            change_grants(r, &r->schema->functions.items[i]->grants, revokes);
    }
    if (r->operation->as.grant.object != OBJECT_TABLE)
        return;
    const StrMap *tables = &r->schema->tables;
    for (MapEntry *e = map_next(tables, NULL); e; e = map_next(tables, e)) {
        Table *table = e->value;
        if (str_equal(table->schema, name_space))
            change_grants(r, &table->grants, revokes);
    }
}

static bool change_access(Replay *r, bool revokes)
{
    const GrantDef *definition = &r->operation->as.grant;
    if (definition->is_default_privileges)
        return true;
    for (uint32_t i = 0; i < definition->names.n; i++) {
        const QualifiedName *name = &definition->names.items[i];
        if (definition->all_in_schema) {
            change_all_in_schema(r, name->name.text, revokes);
            continue;
        }
        if (definition->object == OBJECT_TABLE || definition->object == OBJECT_VIEW) {
            Table *table = schema_find_table(r->schema, name);
            if (table)
                change_grants(r, &table->grants, revokes);
        } else if (definition->object == OBJECT_FUNCTION ||
                   definition->object == OBJECT_PROCEDURE) {
            Function *function = schema_find_function(r->schema, name);
            if (function)
                change_grants(r, &function->grants, revokes);
        }
    }
    return true; /* roles and most objects are not in the model: silence */
}

bool replay_grant(Replay *r)
{
    return change_access(r, false);
}

bool replay_revoke(Replay *r)
{
    return change_access(r, true);
}

/* ---- comments ---- */

bool replay_comment(Replay *r)
{
    const QualifiedName *name = &r->operation->target;
    Str text = r->operation->as.comment.is_null ? (Str){0} : r->operation->as.comment.text;
    ObjectKind object = r->operation->as.comment.object;
    bool is_relation = object == OBJECT_TABLE || object == OBJECT_VIEW ||
                       object == OBJECT_MATERIALIZED_VIEW || object == OBJECT_COLUMN;
    if (object == OBJECT_TYPE || object == OBJECT_DOMAIN) {
        Type *type = schema_find_type(r->schema, name->schema.text, name->name.text);
        if (type)
            type->comment = text;
        return true;
    }
    if (object == OBJECT_SEQUENCE) {
        Sequence *sequence = schema_find_sequence(r->schema, name);
        if (sequence)
            sequence->comment = text;
        return true;
    }
    if (!is_relation)
        return true;
    bool ok;
    Table *table = replay_table(r, &ok);
    if (!table)
        return ok;
    if (object != OBJECT_COLUMN) {
        table->comment = text;
        return true;
    }
    Column *column = replay_column(r, table, r->operation->as.comment.column, &ok);
    if (column)
        column->comment = text;
    return ok;
}
