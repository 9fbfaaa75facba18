/* Section 8: only for the technologies that were found. */
#include "consult/offline/technology.h"

#include "consult/offline/data_model.h"

enum { N_LISTED = 8 };

/* ---- row level security ---- */

static bool is_exposed(const Table *table)
{
    return str_equal(table->schema, STR("public"));
}

static bool is_bare_call(const Expression *expression, Str *name)
{
    for (uint32_t i = 0; expression && i < expression->functions.n; i++) {
        const FunctionCall *call = &expression->functions.items[i];
        bool is_auth =
            str_equal(call->schema, STR("auth")) &&
            (str_equal(call->name.text, STR("uid")) || str_equal(call->name.text, STR("jwt")) ||
             str_equal(call->name.text, STR("role")) || str_equal(call->name.text, STR("email")));
        bool is_setting = str_equal(call->name.text, STR("current_setting"));
        if ((is_auth || is_setting) && !call->in_subselect) {
            *name = call->name.text;
            return true;
        }
    }
    return false;
}

/* The expression with each auth.uid() in a subselect; absent where its text is not that plain. */
static Str once_per_statement(Offline *o, const Expression *expression)
{
    static const char *const calls[] = {"auth.uid()", "auth.jwt()", "auth.role()", "auth.email()"};
    Str text = expression->text;
    for (uint32_t i = 0; i < expression->functions.n; i++)
        if (expression->functions.items[i].in_subselect)
            return (Str){0};
    if (expression->has_subquery)
        return (Str){0};
    bool is_changed = false;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        Str call = str_from(calls[i]);
        for (uint32_t at = 0; (at = str_find(text, call, at)) != UINT32_MAX;
             at += call.length + 9) {
            text = str_format(o->scratch, STR_FMT "(SELECT " STR_FMT ")" STR_FMT,
                              STR_ARG(str_slice(text, 0, at)), STR_ARG(call),
                              STR_ARG(str_slice(text, at + call.length, text.length)));
            is_changed = true;
        }
    }
    return is_changed ? text : (Str){0};
}

/* ALTER POLICY with both expressions rewritten; absent where one of them is not plain. */
static Str alter_policy(Offline *o, const TableFacts *facts, const Policy *policy)
{
    Str call, clauses = {0};
    const Expression *expressions[] = {policy->using_expression, policy->check_expression};
    static const char *const keywords[] = {"USING", "WITH CHECK"};
    for (int i = 0; i < 2; i++) {
        if (!is_bare_call(expressions[i], &call))
            continue;
        Str rewritten = once_per_statement(o, expressions[i]);
        if (str_is_absent(rewritten))
            return (Str){0};
        clauses = str_format(o->scratch, STR_FMT " %s (" STR_FMT ")", STR_ARG(clauses), keywords[i],
                             STR_ARG(rewritten));
    }
    return str_format(o->scratch, "ALTER POLICY " STR_FMT " ON " STR_FMT STR_FMT ";",
                      STR_ARG(sql_identifier(o->scratch, o->schema->dialect, policy->name.text)),
                      STR_ARG(sql_table_name(o->scratch, o->schema, facts->table)),
                      STR_ARG(clauses));
}

static void advise_policies_per_row(Offline *o)
{
    ItemDraft *item = NULL;
    StepDraft *step = NULL;
    StrVec names = {0};
    Str first = {0};
    uint32_t n = 0;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        for (uint32_t i = 0; facts->is_consulted && i < facts->table->policies.n; i++) {
            const Policy *policy = facts->table->policies.items[i];
            Str call = {0};
            if (!is_bare_call(policy->using_expression, &call) &&
                !is_bare_call(policy->check_expression, &call))
                continue;
            if (!item)
                item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_MEDIUM, STR("x"));
            item_cite(o, item, policy->place);
            item_about(o, item, facts);
            first = n++ == 0 ? str_copy(o->scratch, call) : first;
            if (names.n == 0 || !str_equal(VEC_LAST(&names)[0], facts->code))
                VEC_PUSH(o->scratch, &names, facts->code);
            Str sql = alter_policy(o, facts, policy);
            if (str_is_absent(sql))
                continue;
            if (!step)
                step = step_new(o, item, CLASS_SECURITY, STR("x"));
            step_run(o, step, sql, false, NULL);
            step_about(o, step, facts);
        }
    }
    if (!item)
        return;
    item->topics = STR("policy row level security performance");
    item->item.title = str_format(
        o->out, "%s of %s ask%s who is there once for each row", n == 1 ? "The policy" : "Policies",
        str_to_c(o->scratch, list_codes(o, &names, 2)), n == 1 ? "s" : "");
    item_say(o, item,
             "On " STR_FMT " the bare call of " STR_FMT
             " is evaluated for every row that is read; in a subselect, once for the statement.",
             STR_ARG(list_codes(o, &names, N_LISTED)),
             STR_ARG(report_code(o->scratch,
                                 str_format(o->scratch, "auth." STR_FMT "()", STR_ARG(first)))));
    if (!step)
        return;
    step->title =
        str_format(o->out, "Ask once for each statement in %s",
                   str_to_c(o->scratch, count_of(o, step->statements.n, "policy", "policies")));
    step->verify = STR("EXPLAIN of a SELECT as a signed-in user shows an InitPlan instead of the "
                       "call in the filter");
    step->undo = STR("the same statements without the subselect");
    step->risk = step->statements.n == 1
                     ? STR("the policy means the same as before; its table is locked for a moment")
                     : str_format(o->out,
                                  "the policies mean the same as before; each of the %u statements "
                                  "locks its table for a moment",
                                  step->statements.n);
}

static void advise_row_security(Offline *o)
{
    uint32_t n_on = 0, n_policies = 0, n_tables = 0;
    StrVec off = {0};
    TableFactsVec bare = {0};
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        if (!facts->is_consulted || !is_exposed(facts->table))
            continue;
        n_tables++;
        n_on += facts->table->row_security;
        n_policies += facts->table->policies.n;
        if (!facts->table->row_security && facts->table->policies.n == 0) {
            VEC_PUSH(o->scratch, &off, facts->code);
            VEC_PUSH(o->scratch, &bare, o->tables.items[t]);
        }
    }
    ItemDraft *remark = item_new(o, SECTION_TECHNOLOGY, PRIORITY_NONE, (Str){0});
    item_say(o, remark,
             "Supabase: the API exposes %s of the schema public; %s row level security, with %s.",
             str_to_c(o->scratch, count_of(o, n_tables, "table", NULL)),
             n_on == 0 ? "none has" : str_to_c(o->scratch, count_of(o, n_on, "has", "have")),
             str_to_c(o->scratch, count_of(o, n_policies, "policy", "policies")));
    if (off.n == 0)
        return;
    ItemDraft *item = item_new(
        o, SECTION_TECHNOLOGY, PRIORITY_HIGH,
        off.n == 1
            ? str_format(o->scratch, "Everybody with the public key reads and writes " STR_FMT,
                         STR_ARG(off.items[0]))
            : str_format(o->scratch, "Everybody with the public key reads and writes %u tables",
                         off.n));
    item->topics = STR("row level security rls policy");
    item_say(o, item,
             STR_FMT
             " %s no row level security; enabling it without a policy closes %s to the API, so "
             "both belong in one migration; which rows of %s a user may see has to come from you.",
             STR_ARG(list_codes(o, &off, N_LISTED)), off.n == 1 ? "has" : "have",
             off.n == 1 ? "it" : "them", off.n == 1 ? "it" : "each");
    for (uint32_t i = 0; i < bare.n; i++) {
        item_cite(o, item, bare.items[i]->table->name.place);
        item_about(o, item, bare.items[i]);
    }
}

static void advise_security_rule(Offline *o, const char *rule, Priority priority, const char *one,
                                 const char *many)
{
    FindingPointerVec findings = findings_of(o, rule);
    if (findings.n == 0)
        return;
    StrVec names = {0};
    for (uint32_t i = 0; i < findings.n; i++) {
        const TableFacts *facts = facts_of_key(o, findings.items[i]->table);
        bool is_known = !facts;
        for (uint32_t k = 0; facts && k < names.n && !is_known; k++)
            is_known = str_equal(names.items[k], facts->code);
        if (!is_known)
            VEC_PUSH(o->scratch, &names, facts->code);
    }
    ItemDraft *item =
        item_new(o, SECTION_TECHNOLOGY, priority,
                 fill(o, findings.n == 1 ? one : many, list_codes(o, &names, 3), findings.n));
    item->item.rule = str_from(rule);
    item->topics = STR("row level security rls policy");
    if (findings.n <= 3)
        say_messages(o, item, &findings, 3);
    else
        item_say(o, item, "They are " STR_FMT ".", STR_ARG(list_codes(o, &names, 20)));
    cite_findings(o, item, &findings);
    steps_for(o, item, CLASS_SECURITY, &findings, NULL, "Repair row level security in {n} places");
}

static void advise_security_findings(Offline *o)
{
    advise_security_rule(o, "policy-without-rls", PRIORITY_HIGH,
                         "The policies of {} are not in force",
                         "Policies of {n} tables are not in force");
    advise_security_rule(o, "rls-without-policy", PRIORITY_LOW,
                         "Row level security shuts everybody but the owner out of {}",
                         "Row level security shuts everybody but the owner out of {n} tables");
}

/* ---- functions with their owner's rights ---- */

static void advise_definers(Offline *o)
{
    ItemDraft *item = NULL;
    StrVec names = {0};
    for (uint32_t i = 0; i < o->schema->functions.n; i++) {
        const Function *function = o->schema->functions.items[i];
        if (!function->definition || !function->definition->security_definer ||
            function->definition->has_search_path || o->schema->dialect != DIALECT_POSTGRESQL ||
            !place_in_scope(o, function->place))
            continue;
        if (!item)
            item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_MEDIUM, STR("x"));
        VEC_PUSH(o->scratch, &names, report_code(o->out, function->name.text));
        item_cite(o, item, function->name.place);
    }
    if (!item)
        return;
    item->topics = STR("security definer search_path function");
    item->item.title =
        str_format(o->out, "%s run%s with the owner's rights and the caller's search path",
                   str_to_c(o->scratch, list_codes(o, &names, 3)), names.n == 1 ? "s" : "");
    item_say(o, item,
             "Whoever may create objects in a schema of that path can put a table or function of "
             "their own "
             "under " STR_FMT
             "; `SET search_path = ''` in the definition, and qualified names in the "
             "body, close it.",
             STR_ARG(list_codes(o, &names, N_LISTED)));
}

/* ---- SQLite ---- */

static void advise_sqlite(Offline *o)
{
    uint32_t n_keys = 0;
    const ForeignKey *first = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const Table *table = o->tables.items[t]->table;
        n_keys += o->tables.items[t]->is_consulted ? table->foreign_keys.n : 0;
        first = !first && table->foreign_keys.n > 0 ? table->foreign_keys.items[0] : first;
    }
    if (o->schema->dialect != DIALECT_SQLITE || n_keys == 0)
        return;
    ItemDraft *item =
        item_new(o, SECTION_TECHNOLOGY, PRIORITY_MEDIUM,
                 n_keys == 1 ? str_format(o->scratch,
                                          "SQLite enforces the foreign key of " STR_FMT
                                          " only where it is told to",
                                          STR_ARG(facts_of(o, first->table)->code))
                             : str_format(o->scratch,
                                          "SQLite enforces the %u foreign keys only where it is "
                                          "told to",
                                          n_keys));
    item->topics = STR("sqlite pragma foreign keys");
    item_say(
        o, item,
        "Each connection has to run `PRAGMA foreign_keys = ON` first; without it, rows of " STR_FMT
        " may point at nothing.",
        STR_ARG(facts_of(o, first->table)->code));
    item_cite(o, item, first->place);
}

/* ---- identifiers from an extension that is no longer needed ---- */

static void advise_uuid_extension(Offline *o)
{
    StrVec names = {0};
    ItemDraft *item = NULL;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        for (uint32_t i = 0; facts->is_consulted && i < facts->table->columns.n; i++) {
            const Column *column = facts->table->columns.items[i];
            const Expression *value = column->default_value;
            bool is_generated =
                value && value->functions.n > 0 &&
                str_equal(value->functions.items[0].name.text, STR("uuid_generate_v4"));
            if (!is_generated)
                continue;
            if (!item)
                item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_LOW, STR("x"));
            VEC_PUSH(o->scratch, &names, column_code(o, column));
            item_cite(o, item, column->place);
            item_about(o, item, facts);
        }
    }
    if (!item)
        return;
    item->topics = STR("uuid extension");
    item->item.title = str_format(
        o->out, "%s from the extension uuid-ossp",
        names.n == 1
            ? str_to_c(o->scratch, str_format(o->scratch, "The default of " STR_FMT " comes",
                                              STR_ARG(names.items[0])))
            : str_to_c(o->scratch, str_format(o->scratch, "The defaults of " STR_FMT " come",
                                              STR_ARG(list_codes(o, &names, 2)))));
    item_say(o, item,
             "PostgreSQL has had `gen_random_uuid()` built in since version 13, and it is faster; "
             "new columns "
             "beside " STR_FMT " need no extension.",
             STR_ARG(list_codes(o, &names, 4)));
}

/* ---- ORMs ---- */

/* Steps whose statements a schema declared in models must also be told. */
static uint32_t count_steps(const Offline *o, StepClass kind)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->steps.n; i++)
        n += o->steps.items[i]->kind == kind;
    return n;
}

static void advise_orm(Offline *o)
{
    Orm orm;
    if (!offline_orm(o, &orm))
        return;
    ItemDraft *item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_NONE, (Str){0});
    if (orm.fact)
        item_say(o, item, "%s declares this schema in %s, as " STR_FMT " shows.", orm.title,
                 orm.models, STR_ARG(stack_cite(o, orm.fact)));
    else
        item_say(o, item, "%s declares this schema in %s and writes its %s.", orm.title, orm.models,
                 str_to_c(o->scratch,
                          count_of(o, count_sources(o, SOURCE_MIGRATION), "migration", NULL)));
    uint32_t n_indexes = 0;
    for (uint32_t i = 0; i < o->steps.n; i++)
        if (o->steps.items[i]->kind == CLASS_INDEX)
            n_indexes += o->steps.items[i]->statements.n;
    if (o->steps.n == 0)
        return;
    bool is_prisma = str_equal(str_from(orm.title), STR("Prisma"));
    if (n_indexes > 0)
        item_say(o, item,
                 "The %s of the roadmap %s in %s as well%s, or its next migration drops %s again.",
                 str_to_c(o->scratch, count_of(o, n_indexes, "index", "indexes")),
                 n_indexes == 1 ? "belongs" : "belong", orm.models,
                 is_prisma ? " (`@@index`, with `map:` for the name)" : "",
                 n_indexes == 1 ? "it" : "them");
    uint32_t n_others =
        count_steps(o, CLASS_KEY) + count_steps(o, CLASS_TYPE) + count_steps(o, CLASS_CONSTRAINT);
    if (n_others == 0)
        return;
    Str steps = n_others == 1 ? STR("1 step") : str_format(o->scratch, "%u steps", n_others);
    if (n_indexes > 0)
        item_say(o, item, "So do the changes of keys, types and constraints in " STR_FMT ".",
                 STR_ARG(steps));
    else
        item_say(o, item,
                 "The changes of keys, types and constraints in " STR_FMT " belong there "
                 "as well, or its next migration takes them back.",
                 STR_ARG(steps));
}

static void advise_connections(Offline *o)
{
    static const char *const drivers[] = {
        "pg",      "postgres", "mysql2",  "mysql",           "better-sqlite3", "sqlite3",
        "psycopg", "psycopg2", "asyncpg", "psycopg2-binary", "pymysql",        NULL};
    static const char *const poolers[] = {"pgbouncer", "pgcat", "supabase.db.pooler.enabled", NULL};
    static const char *const serverless[] = {"next", "@neondatabase/serverless", NULL};
    static const char *const flask[] = {"flask", NULL};
    const StackFact *driver = stack_any(o, drivers), *pooler = stack_any(o, poolers);
    const StackFact *functions = stack_any(o, serverless), *web = stack_any(o, flask);
    Orm orm;
    if (!driver && offline_orm(o, &orm))
        driver = orm.fact;
    if (driver && !driver->is_development && o->schema->dialect != DIALECT_SQLITE) {
        ItemDraft *item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_NONE, (Str){0});
        if (pooler)
            item_say(o, item, STR_FMT " opens the connections and " STR_FMT " pools them.",
                     STR_ARG(stack_cite(o, driver)), STR_ARG(stack_cite(o, pooler)));
        else if (functions)
            item_say(o, item,
                     STR_FMT
                     " opens the connections, and with " STR_FMT
                     " each running copy opens its own: count copies times pool size against "
                     "max_connections, or put a pooler between.",
                     STR_ARG(stack_cite(o, driver)), STR_ARG(stack_cite(o, functions)));
        else
            item_say(o, item,
                     STR_FMT
                     " opens the connections; no pooler was found, so processes times pool size "
                     "have to stay below the server's max_connections.",
                     STR_ARG(stack_cite(o, driver)));
    }
    if (web) {
        ItemDraft *item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_NONE, (Str){0});
        const StackFact *alembic = stack_fact(o, "flask-migrate");
        item_say(o, item, STR_FMT ": the session ends with the request%s%s%s.",
                 STR_ARG(stack_cite(o, web)), alembic ? "; " : "",
                 alembic ? str_to_c(o->scratch, stack_cite(o, alembic)) : "",
                 alembic
                     ? " writes the migrations, whose generated steps know nothing of CONCURRENTLY"
                     : "");
    }
}

void offline_technology(Offline *o)
{
    uint32_t before = o->items.n;
    if (o->snapshot->database.is_supabase)
        advise_row_security(o);
    advise_security_findings(o);
    advise_policies_per_row(o);
    advise_definers(o);
    advise_sqlite(o);
    advise_uuid_extension(o);
    advise_orm(o);
    advise_connections(o);
    if (o->items.n > before)
        return;
    ItemDraft *item = item_new(o, SECTION_TECHNOLOGY, PRIORITY_NONE, (Str){0});
    item_say(o, item,
             "No Supabase, Prisma, TypeORM, Sequelize, Drizzle, Flask or SQLAlchemy beside %s: "
             "nothing to say.",
             str_to_c(o->scratch, consulted_tables(o)));
}
