#include "config/options.h"

#define SEVERITIES "off hint info warning error"
#define DIALECTS   "postgresql mysql sqlite sqlserver"
#define PROVIDERS  "automatic offline anthropic openai"

static Dialect dialect_of_choice(uint32_t choice)
{
    return (Dialect)choice; /* DIALECTS is in the order of the enum */
}

static ConfigDatabase *database_of(const OptionTarget *target)
{
    return VEC_LAST(&target->config->databases);
}

static Assumption *assumption_of(const OptionTarget *target)
{
    return VEC_LAST(&target->config->assume);
}

static void set_dialect(const OptionTarget *target, const OptionValue *value)
{
    target->config->has_dialect = true;
    target->config->dialect = dialect_of_choice(value->choice);
}

/* A list in the file replaces the editor's: two lists of databases mixed make no sense. */
static void begin_databases(const OptionTarget *target, const OptionValue *value)
{
    (void)value;
    target->config->databases = (ConfigDatabaseVec){0};
}

static void begin_database(const OptionTarget *target, const OptionValue *value)
{
    (void)value;
    VEC_PUSH(&target->config->arena, &target->config->databases,
             ((ConfigDatabase){.range = target->key_range}));
}

static void set_database_name(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->name = value->text;
}

static void set_database_dialect(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->has_dialect = true;
    database_of(target)->dialect = dialect_of_choice(value->choice);
}

static void set_database_kind(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->kind = (DatabaseKind)value->choice;
}

static void set_database_paths(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->paths = value->texts;
}

static void set_database_queries(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->queries = value->texts;
}

static void set_database_models(const OptionTarget *target, const OptionValue *value)
{
    database_of(target)->models = value->texts;
}

static void set_rule(const OptionTarget *target, const OptionValue *value)
{
    VEC_PUSH(&target->config->arena, &target->config->rules,
             ((RuleLevel){.name = target->key,
                          .level = (Severity)value->choice,
                          .range = target->key_range}));
}

static void add_ignored(const OptionTarget *target, const OptionValue *value)
{
    for (uint32_t i = 0; i < value->texts.n; i++)
        VEC_PUSH(&target->config->arena, &target->config->ignore, value->texts.items[i]);
}

static void set_postgresql_version(const OptionTarget *target, const OptionValue *value)
{
    target->config->postgresql_version = value->version;
}

static void set_mysql_version(const OptionTarget *target, const OptionValue *value)
{
    target->config->mysql_version = value->version;
}

static void begin_assumption(const OptionTarget *target, const OptionValue *value)
{
    (void)value;
    VEC_PUSH(&target->config->arena, &target->config->assume,
             ((Assumption){.table = target->key, .range = target->key_range}));
}

static void set_rows(const OptionTarget *target, const OptionValue *value)
{
    assumption_of(target)->rows = value->count;
}

static void set_growth(const OptionTarget *target, const OptionValue *value)
{
    assumption_of(target)->growth_per_month = value->count;
}

static void set_reads(const OptionTarget *target, const OptionValue *value)
{
    assumption_of(target)->reads_per_second = value->count;
}

static void set_writes(const OptionTarget *target, const OptionValue *value)
{
    assumption_of(target)->writes_per_second = value->count;
}

static void set_run(const OptionTarget *target, const OptionValue *value)
{
    target->config->diagnostics_run = (DiagnosticsRun)value->choice;
}

static void set_schema_hints(const OptionTarget *target, const OptionValue *value)
{
    target->config->has_no_schema_hints = value->choice == 0;
}

static void set_workspace(const OptionTarget *target, const OptionValue *value)
{
    target->config->checks_open_files_only = value->choice == 0;
}

static void set_types(const OptionTarget *target, const OptionValue *value)
{
    target->config->shows_types = value->choice == 1;
}

static void set_completion(const OptionTarget *target, const OptionValue *value)
{
    target->config->has_no_completion = value->choice == 0;
}

static void set_squawk(const OptionTarget *target, const OptionValue *value)
{
    enum { AUTOMATIC, OFF, ON };
    target->config->is_beside_squawk = value->choice == ON;
}

static void set_agent(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_agent = value->text;
}

static ConsultService *service_of(const OptionTarget *target)
{
    return target->is_file ? &target->config->consult_project : &target->config->consult_own;
}

static void set_provider(const OptionTarget *target, const OptionValue *value)
{
    Str rest = STR(PROVIDERS), name = {0};
    for (uint32_t i = 0; i <= value->choice; i++)
        str_next_word(&rest, &name);
    service_of(target)->provider = name;
}

static void set_model(const OptionTarget *target, const OptionValue *value)
{
    service_of(target)->model = value->text;
}

static void set_base_url(const OptionTarget *target, const OptionValue *value)
{
    service_of(target)->base_url = value->text;
}

static void set_key_command(const OptionTarget *target, const OptionValue *value)
{
    service_of(target)->key_command = value->text;
}

static void set_turns(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_limits.turns = value->count;
}

static void set_minutes(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_limits.minutes = value->count;
}

static void set_tokens(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_limits.tokens = value->count;
}

static void set_searches(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_limits.searches = value->count;
}

static void set_fetches(const OptionTarget *target, const OptionValue *value)
{
    target->config->consult_limits.fetches = value->count;
}

const Option options[] = {
    {.key = "dialect",
     .type = OPTION_CHOICE,
     .choices = DIALECTS,
     .help = "The dialect of every database that does not say its own. Without it, the layout "
             "and the text decide.",
     .set = set_dialect},
    {.key = "databases",
     .type = OPTION_LIST,
     .help = "The databases of this folder, where the common layouts are not found or not "
             "meant. With this list nothing else is looked for.",
     .set = begin_databases},
    {.key = "databases[]", .type = OPTION_MAP, .help = "A database.", .set = begin_database},
    {.key = "databases[].name",
     .type = OPTION_TEXT,
     .help = "What the database is called in output. Default: its first path.",
     .set = set_database_name},
    {.key = "databases[].dialect",
     .type = OPTION_CHOICE,
     .choices = DIALECTS,
     .help = "The dialect of this database.",
     .set = set_database_dialect},
    {.key = "databases[].kind",
     .type = OPTION_CHOICE,
     .choices = "automatic migrations schema queries seed",
     .default_value = "automatic",
     .help = "What its paths hold: an ordered history, one definition, or only queries.",
     .set = set_database_kind},
    {.key = "databases[].paths",
     .type = OPTION_TEXTS,
     .help = "Files, folders or globs, relative to this file. Migrations are put in version order.",
     .set = set_database_paths},
    {.key = "databases[].queries",
     .type = OPTION_TEXTS,
     .help =
         "Files with the queries that the application sends to this database, in SQL or in Python.",
     .set = set_database_queries},
    {.key = "databases[].models",
     .type = OPTION_TEXTS,
     .help = "What declares this database beside its migrations: a Prisma schema or folder, the "
             "modules of SQLAlchemy models (what they import comes along), or an SQL definition.",
     .set = set_database_models},
    {.key = "rules",
     .type = OPTION_MAP,
     .help = "Levels by rule or group. A rule's own level wins over its group's."},
    {.key = "rules.*",
     .type = OPTION_CHOICE,
     .choices = SEVERITIES,
     .help = "The severity of a rule, or off.",
     .set = set_rule},
    {.key = "ignore",
     .type = OPTION_TEXTS,
     .help = "Globs of files and folders to leave out, beside those of .gitignore.",
     .set = add_ignored},
    {.key = "postgresql", .type = OPTION_MAP, .help = "PostgreSQL."},
    {.key = "postgresql.version",
     .type = OPTION_VERSION,
     .minimum = 9,
     .maximum = 99,
     .default_value = "15",
     .help = "The oldest PostgreSQL that the migrations run on.",
     .set = set_postgresql_version},
    {.key = "mysql", .type = OPTION_MAP, .help = "MySQL and MariaDB."},
    {.key = "mysql.version",
     .type = OPTION_VERSION,
     .minimum = 5,
     .maximum = 99,
     .default_value = "8.0",
     .help = "The oldest MySQL that the migrations run on.",
     .set = set_mysql_version},
    {.key = "assume",
     .type = OPTION_MAP,
     .help = "What the consultant may count with, by table: \"orders\", \"sales.orders\", or "
             "\"*\" for every other table."},
    {.key = "assume.*", .type = OPTION_MAP, .help = "A table.", .set = begin_assumption},
    {.key = "assume.*.rows",
     .type = OPTION_COUNT,
     .help = "Rows now: 2000000 or 2M.",
     .set = set_rows},
    {.key = "assume.*.growth_per_month",
     .type = OPTION_COUNT,
     .help = "Rows that are added in a month.",
     .set = set_growth},
    {.key = "assume.*.reads_per_second",
     .type = OPTION_COUNT,
     .help = "Reads in a busy second.",
     .set = set_reads},
    {.key = "assume.*.writes_per_second",
     .type = OPTION_COUNT,
     .help = "Writes in a busy second.",
     .set = set_writes},
    {.key = "diagnostics", .type = OPTION_MAP, .help = "Findings in the editor."},
    {.key = "diagnostics.run",
     .type = OPTION_CHOICE,
     .choices = "on-type on-save",
     .default_value = "on-type",
     .help = "When findings are brought up to date.",
     .set = set_run},
    {.key = "diagnostics.schema_hints",
     .type = OPTION_CHOICE,
     .choices = "off on",
     .default_value = "on",
     .help = "Hints on saved lines that differ from git's HEAD: what the change means when it is "
             "deployed.",
     .set = set_schema_hints},
    {.key = "diagnostics.workspace",
     .type = OPTION_CHOICE,
     .choices = "off on",
     .default_value = "on",
     .help = "Findings of files that are not open, in editors that ask for them.",
     .set = set_workspace},
    {.key = "completion", .type = OPTION_MAP, .help = "Completion in the editor."},
    {.key = "completion.names",
     .type = OPTION_CHOICE,
     .choices = "off on",
     .default_value = "on",
     .help = "Names of tables and columns, where the words before say that one of them comes. Off "
             "beside another server that completes SQL.",
     .set = set_completion},
    {.key = "inlay_hints", .type = OPTION_MAP, .help = "Notes within lines in the editor."},
    {.key = "inlay_hints.types",
     .type = OPTION_CHOICE,
     .choices = "off on",
     .default_value = "off",
     .help = "The database's type beside each field of a model.",
     .set = set_types},
    {.key = "neighbours", .type = OPTION_MAP, .help = "Other language servers in the same editor."},
    {.key = "neighbours.squawk",
     .type = OPTION_CHOICE,
     .choices = "automatic off on",
     .default_value = "automatic",
     .help =
         "Whether squawk's language server runs in the same editor. Then Lintel leaves out of SQL "
         "files what both would report or answer. automatic: the extension or plugin looks.",
     .set = set_squawk},
    {.key = "consult", .type = OPTION_MAP, .help = "The consultant."},
    {.key = "consult.agent",
     .type = OPTION_TEXT,
     .default_value = "database-architect",
     .help = "The agent that is asked.",
     .set = set_agent},
    {.key = "consult.provider",
     .type = OPTION_CHOICE,
     .choices = PROVIDERS,
     .default_value = "automatic",
     .help =
         "Who writes the report in the editor: Lintel itself (offline), or a language model behind "
         "the API of Anthropic or OpenAI, in the cloud or on this machine. automatic: the one "
         "whose key is in the environment, else offline. Before code leaves the machine "
         "you are asked, once for each workspace, host and model. On the command line, "
         "--provider says it.",
     .is_personal = true,
     .set = set_provider},
    {.key = "consult.base_url",
     .type = OPTION_TEXT,
     .help = "Another server that speaks the provider's API, such as a local one: "
             "http://127.0.0.1:8080. A key goes only to one that your own settings or the "
             "environment name, not to one that lintel.yaml names.",
     .is_personal = true,
     .set = set_base_url},
    {.key = "consult.model",
     .type = OPTION_TEXT,
     .help = "The model that writes the report, where a provider is named.",
     .set = set_model},
    {.key = "consult.api_key_command",
     .type = OPTION_TEXT,
     .help = "A command that prints the provider's key, where it is not in the environment. It "
             "counts only in your own settings of the editor, never in lintel.yaml. Keys "
             "themselves are no setting.",
     .is_personal = true,
     .is_own = true,
     .set = set_key_command},
    {.key = "consult.limits",
     .type = OPTION_MAP,
     .help = "Where a consultation with a model ends."},
    {.key = "consult.limits.turns",
     .type = OPTION_COUNT,
     .default_value = "40",
     .help = "Questions to the model.",
     .set = set_turns},
    {.key = "consult.limits.minutes",
     .type = OPTION_COUNT,
     .default_value = "10",
     .help = "Minutes.",
     .set = set_minutes},
    {.key = "consult.limits.tokens",
     .type = OPTION_COUNT,
     .default_value = "400000",
     .help = "Tokens that are read anew or written, of all turns together.",
     .set = set_tokens},
    {.key = "consult.limits.searches",
     .type = OPTION_COUNT,
     .default_value = "8",
     .help = "Searches of the web.",
     .set = set_searches},
    {.key = "consult.limits.fetches",
     .type = OPTION_COUNT,
     .default_value = "20",
     .help = "Pages of the web.",
     .set = set_fetches},
};

const uint32_t n_options = sizeof options / sizeof options[0];

bool option_is_below(const Option *option, Str parent, Str *name)
{
    Str key = str_from(option->key);
    if (key.length <= parent.length || !str_starts_with(key, parent))
        return false;
    Str rest = str_slice(key, parent.length, key.length);
    if (parent.length && rest.data[0] == '.')
        rest = str_slice(rest, 1, rest.length);
    else if (parent.length && rest.data[0] != '[')
        return false;
    uint32_t bracket = str_find(rest, STR("["), 0);
    if (str_find(rest, STR("."), 0) != UINT32_MAX || (bracket != UINT32_MAX && bracket > 0))
        return false;
    *name = rest;
    return true;
}

const Option *option_below(Str parent, Str key)
{
    for (uint32_t i = 0; i < n_options; i++) {
        Str name;
        if (option_is_below(&options[i], parent, &name) &&
            (str_equal(name, key) || str_equal(name, STR("*"))))
            return &options[i];
    }
    return NULL;
}
