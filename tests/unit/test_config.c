#include "config/config.h"
#include "unit/unit.h"

static Config *read_yaml(const char *yaml, const SettingVec *editor)
{
    Text *text = text_new(str_from(yaml));
    Config *config = config_new(STR("/project/lintel.yaml"), text, editor);
    text_release(text);
    return config;
}

/* "rule@start-end message" of every problem, one a line. */
static Str problems_of(Arena *arena, const Config *config)
{
    Str result = STR("");
    for (uint32_t i = 0; i < config->problems.n; i++) {
        const ConfigProblem *p = &config->problems.items[i];
        Str written = str_slice(text_bytes(config->text), p->range.start, p->range.end);
        result = str_format(arena, STR_FMT STR_FMT " <" STR_FMT "> " STR_FMT "\n", STR_ARG(result),
                            STR_ARG(p->rule), STR_ARG(written), STR_ARG(p->message));
    }
    return result;
}

static void every_key_is_read(void **state)
{
    (void)state;
    Config *c = read_yaml("\xEF\xBB\xBF" /* a byte order mark */
                          "dialect: postgres\n"
                          "databases:\n"
                          "  - name: shop\n"
                          "    dialect: mysql\n"
                          "    kind: migrations\n"
                          "    paths: [db/migrations, \"extra/*.sql\"]\n"
                          "    queries: queries.sql\n"
                          "  - paths: other.sql\n"
                          "rules:\n"
                          "  missing-fk-index: error\n"
                          "  naming: off\n"
                          "ignore:\n"
                          "  - vendor/**\n"
                          "  - '*.dump.sql'\n"
                          "postgresql: {version: 13.4}\n"
                          "mysql:\n"
                          "  version: 8.0.36\n"
                          "assume:\n"
                          "  sales.orders: {rows: 2.5M, growth_per_month: 100_000}\n"
                          "  '*': {rows: 10k}\n"
                          "diagnostics:\n"
                          "  run: on-save\n"
                          "consult:\n"
                          "  agent: my-architect\n",
                          NULL);
    Arena arena = {0};
    assert_str(problems_of(&arena, c), "");
    assert_str(c->folder, "/project");
    assert_true(c->has_dialect);
    assert_int_equal(c->dialect, DIALECT_POSTGRESQL);
    assert_int_equal(c->databases.n, 2);
    const ConfigDatabase *shop = &c->databases.items[0];
    assert_str(shop->name, "shop");
    assert_int_equal(shop->dialect, DIALECT_MYSQL);
    assert_int_equal(shop->kind, KIND_MIGRATIONS);
    assert_int_equal(shop->paths.n, 2);
    assert_str(shop->paths.items[1], "extra/*.sql");
    assert_str(shop->queries.items[0], "queries.sql");
    assert_false(c->databases.items[1].has_dialect);
    assert_int_equal(c->rules.n, 2);
    assert_int_equal(c->rules.items[0].level, SEVERITY_ERROR);
    assert_int_equal(c->rules.items[1].level, SEVERITY_OFF);
    Range name = c->rules.items[1].range;
    assert_str(str_slice(text_bytes(c->text), name.start, name.end), "naming");
    assert_int_equal(c->ignore.n, 2);
    assert_int_equal(c->postgresql_version.major, 13);
    assert_int_equal(c->postgresql_version.minor, 4);
    assert_int_equal(c->mysql_version.major, 8);
    assert_int_equal(config_assumption(c, STR("sales.orders"))->rows, 2500000);
    assert_int_equal(config_assumption(c, STR("sales.orders"))->growth_per_month, 100000);
    assert_int_equal(config_assumption(c, STR("public.users"))->rows, 10000);
    assert_int_equal(c->diagnostics_run, RUN_ON_SAVE);
    assert_str(c->consult_agent, "my-architect");
    config_release(c);
    arena_release(&arena);
}

static void what_is_wrong_is_said_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *problems;
    } cases[] = {
        {"", ""},
        {"# nothing but a comment\n", ""},
        {"ignore:\n", ""},
        {"rulez:\n  a: off\n",
         "config-unknown-key <rulez> there is no key rulez; did you mean rules\n"},
        {"postgresql: {verison: 15}\n",
         "config-unknown-key <verison> there is no key verison; did you mean version\n"},
        {"zzz: 1\n", "config-unknown-key <zzz> there is no key zzz; here are: dialect, databases, "
                     "rules, ignore, postgresql, mysql, assume, diagnostics, completion, "
                     "inlay_hints, neighbours, consult\n"},
        {"rules:\n  float-money: warn\n",
         "config-bad-value <warn> warn is not one of off, hint, info, warning, error; did you mean "
         "warning\n"},
        {"dialect: oracle\n",
         "config-bad-value <oracle> dialect is one of postgresql, mysql, sqlite, sqlserver\n"},
        {"postgresql: {version: 3}\n",
         "config-bad-value <3> version is a version from 9 on, such as 15\n"},
        {"postgresql: {version: x}\n",
         "config-bad-value <x> version is a version from 9 on, such as 15\n"},
        {"assume: {a: {rows: many}}\n",
         "config-bad-value <many> rows is a number, such as 250000, 250k or 2M\n"},
        {"rules: [a, b]\n", "config-bad-value <[> rules is a map of keys\n"},
        {"databases: x\n", "config-bad-value <x> databases is a list\n"},
        {"databases: [x]\n", "config-bad-value <x> this is a map: name: …, paths: …\n"},
        {"ignore: {a: b}\n", "config-bad-value <{> ignore is a list of texts\n"},
        {"- a\n", "config-bad-value <-> a configuration is a map of keys\n"},
        {"a: &x [1]\nb: *x\n",
         "config-syntax <*x> aliases are not read here; write the value out\n"
         "config-unknown-key <a> there is no key a; here are: dialect, databases, "
         "rules, ignore, postgresql, mysql, assume, diagnostics, completion, inlay_hints, "
         "neighbours, consult\n"
         "config-unknown-key <b> there is no key b; here are: dialect, databases, "
         "rules, ignore, postgresql, mysql, assume, diagnostics, completion, inlay_hints, "
         "neighbours, consult\n"},
        /* columns are counted in bytes, whatever stands before */
        {"consult: {agent: \"\xc3\xa9\xc3\xa9\", agant: b}\n",
         "config-unknown-key <agant> there is no key agant; did you mean agent\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Config *c = read_yaml(cases[i].yaml, NULL);
        Arena arena = {0};
        assert_str(problems_of(&arena, c), cases[i].problems);
        config_release(c);
        arena_release(&arena);
    }
}

static void broken_yaml_keeps_what_stands_before(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "rules:\n  float-money: off\n  : : {\n",
        "rules: {float-money: off}\nignore: [\"\n",
        "rules: {float-money: off}\n\tx: y\n",
        "rules: {float-money: off}\nignore: \xff\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        Config *c = read_yaml(texts[i], NULL);
        assert_true(c->problems.n > 0);
        assert_str(c->problems.items[0].rule, "config-syntax");
        assert_true(c->problems.items[0].range.end <= text_bytes(c->text).length);
        config_release(c);
    }
}

static void deep_nesting_ends(void **state)
{
    (void)state;
    static char deep[40001];
    for (size_t i = 0; i < 20000; i++)
        deep[i] = '[';
    deep[20000] = '\0';
    Config *c = read_yaml(deep, NULL);
    assert_true(c->problems.n > 0);
    config_release(c);
}

/* Who writes a report: the editor's word and the file's stay apart, and a file names no command. */
static void who_writes_a_report_is_known_by_who_said_it(void **state)
{
    (void)state;
    Arena arena = {0};
    static const Setting settings[] = {
        {STR_INIT("consult.provider"), STR_INIT("openai")},
        {STR_INIT("consult.model"), STR_INIT("mine")},
        {STR_INIT("consult.api_key_command"), STR_INIT("print-key")},
    };
    SettingVec editor = {0};
    for (size_t i = 0; i < COUNT(settings); i++)
        VEC_PUSH(&arena, &editor, settings[i]);
    Config *c = read_yaml("consult: {provider: anthropic, base_url: 'https://x.example', model: "
                          "theirs, api_key_command: touch pwned}\n",
                          &editor);
    assert_str(c->consult_own.provider, "openai");
    assert_str(c->consult_own.model, "mine");
    assert_str(c->consult_own.key_command, "print-key");
    assert_true(str_is_absent(c->consult_own.base_url));
    assert_str(c->consult_project.provider, "anthropic");
    assert_str(c->consult_project.base_url, "https://x.example");
    assert_str(c->consult_project.model, "theirs");
    assert_true(str_is_absent(c->consult_project.key_command));
    assert_str(
        problems_of(&arena, c),
        "config-bad-value <api_key_command> api_key_command counts only in your own settings "
        "of the editor: a repository cannot name a command to run\n");
    config_release(c);
    arena_release(&arena);
}

static void the_file_wins_over_the_editor(void **state)
{
    (void)state;
    Arena arena = {0};
    static const Setting settings[] = {
        {STR_INIT("postgresql.version"), STR_INIT("12")},
        {STR_INIT("rules.float-money"), STR_INIT("hint")},
        {STR_INIT("rules.naming"), STR_INIT("off")},
        {STR_INIT("ignore"), STR_INIT("a")},
        {STR_INIT("ignore"), STR_INIT("b")},
        {STR_INIT("databases.0.name"), STR_INIT("main")},
        {STR_INIT("databases.0.paths"), STR_INIT("main.sql")},
        {STR_INIT("nonsense"), STR_INIT("1")},
        {STR_INIT("nonsense.deeper"), STR_INIT("1")},
        {STR_INIT("...."), STR_INIT("1")},
        {STR_INIT(""), STR_INIT("1")},
    };
    SettingVec editor = {0};
    for (size_t i = 0; i < COUNT(settings); i++)
        VEC_PUSH(&arena, &editor, settings[i]);
    Config *c = read_yaml("postgresql: {version: 16}\nrules: {float-money: error}\n", &editor);
    assert_int_equal(c->postgresql_version.major, 16);
    assert_int_equal(c->ignore.n, 2);
    assert_int_equal(c->databases.n, 1);
    assert_str(c->databases.items[0].name, "main");
    assert_int_equal(c->rules.n, 3);
    assert_int_equal(c->rules.items[2].level, SEVERITY_ERROR); /* the last one counts */
    config_release(c);
    c = config_new((Str){0}, NULL, NULL);
    assert_true(str_is_absent(c->path));
    assert_int_equal(c->problems.n, 0);
    config_release(c);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(what_is_wrong_is_said_where_it_stands),
        cmocka_unit_test(broken_yaml_keeps_what_stands_before),
        cmocka_unit_test(deep_nesting_ends),
        cmocka_unit_test(the_file_wins_over_the_editor),
        cmocka_unit_test(who_writes_a_report_is_known_by_who_said_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
