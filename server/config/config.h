/* config.h — lintel.yaml and the editor's settings as one checked struct.
 *
 * A Config is immutable and counted by reference; any thread may hold one. Making one never
 * fails: what is unknown or out of bounds is left out and listed in `problems`, with its
 * range in the file. Where the file and the editor both say something, the file wins: a
 * project's rules hold in every editor. Only who writes a report is the user's affair first, and
 * the command that gives a key the user's alone. Ids of rules are not checked here (config/ does
 * not know the rules): engine/settings.h does. Keys, types, defaults and help stand in one table
 * (config/options.h). */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdatomic.h>

#include "base/buf.h"
#include "base/vec.h"
#include "findings/finding.h"
#include "text/dialect.h"
#include "text/text.h"

/* The name of the configuration file. */
#define CONFIG_FILE_NAME "lintel.yaml"

typedef Vec(Str) PatternVec;

/* One key from the editor: "postgresql.version" = "15", "rules.float-money" = "off". Items
 * of a list are the same key several times; of a list of maps, "databases.0.name". */
typedef struct {
    Str key, value;
} Setting;
typedef Vec(Setting) SettingVec;

typedef struct {
    uint32_t major, minor; /* 0.0: not configured */
} ConfigVersion;

/* rules: {missing-fk-index: error, naming: off}. Later entries win; ids win over groups. */
typedef struct {
    Str name; /* a rule's id, an alias, or a group */
    Severity level;
    Range range; /* of the name in the file; empty: from the editor */
} RuleLevel;
typedef Vec(RuleLevel) RuleLevelVec;

typedef enum { KIND_AUTOMATIC, KIND_MIGRATIONS, KIND_SCHEMA, KIND_QUERIES, KIND_SEED } DatabaseKind;

/* An entry of `databases`. */
typedef struct {
    Str name; /* absent: made from the path */
    bool has_dialect;
    Dialect dialect;
    DatabaseKind kind;
    PatternVec paths;   /* files, folders or globs, relative to the configuration's folder */
    PatternVec queries; /* the same: files that only hold queries */
    PatternVec models;  /* the same: model files, or definitions, of the declared side */
    Range range;
} ConfigDatabase;
typedef Vec(ConfigDatabase) ConfigDatabaseVec;

/* assume: {tables: {orders: {rows: 2M, growth: 100k}}}: what the consultant may count with. */
typedef struct {
    Str table;                 /* "orders" or "sales.orders"; "*" for every other table */
    uint64_t rows;             /* 0: not said */
    uint64_t growth_per_month; /* rows; 0: not said */
    uint64_t reads_per_second, writes_per_second; /* 0: not said */
    Range range;
} Assumption;
typedef Vec(Assumption) AssumptionVec;

typedef enum { RUN_ON_TYPE, RUN_ON_SAVE } DiagnosticsRun;

/* Of a consultation that a model writes; 0: not said. */
typedef struct {
    uint64_t turns, minutes, tokens, searches, fetches;
} ConsultLimits;

typedef struct {
    Str rule; /* "config-syntax", "config-unknown-key", "config-bad-value" */
    Str message;
    Range range; /* in the file; empty: from the editor */
} ConfigProblem;
typedef Vec(ConfigProblem) ConfigProblemVec;

/* Who writes a report, and where that is. What a repository says here must not be able to send code
 * or keys anywhere by itself: so it is known who said it. */
typedef struct {
    Str provider; /* "automatic", "offline", "anthropic", "openai" */
    Str base_url;
    Str model;
    Str key_command; /* prints the key; never from a file of a project */
} ConsultService;    /* absent: not said */

typedef struct {
    Arena arena;
    Str path;   /* absolute, of the file; absent: there is none */
    Str folder; /* absolute: what patterns are relative to; absent: there is no file */
    Text *text; /* the file, held; NULL: there is none */

    PatternVec ignore; /* globs of files and folders to leave out */
    RuleLevelVec rules;
    ConfigDatabaseVec databases;
    bool has_dialect; /* `dialect`: for every database that does not say its own */
    Dialect dialect;
    ConfigVersion postgresql_version, mysql_version;
    AssumptionVec assume;
    DiagnosticsRun diagnostics_run;
    bool has_no_schema_hints, checks_open_files_only, has_no_completion, shows_types;
    bool is_beside_squawk;          /* its language server runs in the same editor */
    Str consult_agent;              /* absent: database-architect */
    ConsultService consult_own;     /* from the editor: the user's own settings */
    ConsultService consult_project; /* from the file */
    ConsultLimits consult_limits;

    ConfigProblemVec problems; /* in the order of the file */
    atomic_uint references;
} Config;

/* `text` NULL: no file (then `path` is the folder's and only names it). `editor` may be
 * NULL. Keeps a reference to `text`. */
Config *config_new(Str path, Text *text, const SettingVec *editor);
Config *config_retain(Config *config);
void config_release(Config *config); /* NULL is allowed */

/* What is assumed of a table; NULL where nothing is. `key` is "schema.name" or "name". */
const Assumption *config_assumption(const Config *config, Str key);

/* The version of the library that reads YAML. */
const char *config_yaml_version(void);

/* The JSON Schema of lintel.yaml. `rules` are the ids and groups that `rules` may name. */
void config_schema(Buf *out, const Str *rules, uint32_t n_rules);

#endif
