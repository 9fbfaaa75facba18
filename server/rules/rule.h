/* rule.h — what a rule is, and how it reports.
 *
 * One file per rule under server/rules/<group>/, exporting one `const Rule rule_<name>`; one line
 * in rules.def. A rule sees operations, tables and queries, never text, trees, JSON or LSP.
 * It is a pure function: no state between calls. Prefer silence to a guess. */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "findings/finding.h"
#include "model/database.h"

typedef enum {
    GROUP_MIGRATION,
    GROUP_DESIGN,
    GROUP_INDEX,
    GROUP_QUERY,
    GROUP_SECURITY,
    GROUP_NAMING,
    GROUP_ORM,
    GROUP_DRIFT,
    GROUP_LINTEL, /* about the files themselves: suppressions, encoding, unterminated quotes */
} RuleGroup;

typedef struct RuleContext RuleContext;

/* The examples are executed by the tests: the rule must report `bad` and be silent on `good`.
 * Several statements are one migration; a line "-- next migration" starts another. One in Prisma or
 * Python is a model file, or several: a comment that is nothing but a file's name ("# models.py",
 * "# 0002_add_country.py", a revision) starts that file. */
typedef struct Rule {
    const char *id;     /* kebab-case, forever */
    const char *squawk; /* squawk's names for it, a space-separated list; NULL: it has none */
    const char *since;  /* version */
    RuleGroup group;
    Severity severity;
    bool by_default;
    DialectSet dialects;
    const char *what;    /* one line: what is flagged */
    const char *why;     /* what goes wrong, in one to three sentences */
    const char *instead; /* what to do */
    const char *bad, *good;
    FileLanguage language; /* of the examples */
    const char *sources;   /* manual pages, space-separated URLs */

    /* Any may be NULL. `before`: the schema before the operation. */
    void (*on_operation)(RuleContext *, const Operation *, const Schema *before,
                         const Transaction *);
    void (*on_table)(RuleContext *, const Table *, const Schema *);
    void (*on_query)(RuleContext *, const Query *, const Schema *);
    /* Once for each side that the database has: `database->schema` is the side to judge. A rule of
     * the drift group: once, where there are both sides. */
    void (*on_database)(RuleContext *, const Database *);
    /* Each model of an ORM. `database->schema` is the migrated side, where there is one;
     * `database->declared` is the models' own. */
    void (*on_model)(RuleContext *, const OrmModel *, const Database *);
    /* Each thing that a program does with models and sessions (model/orm.h). */
    void (*on_use)(RuleContext *, const ProgramUse *, const Database *);
} Rule;

/* ---- for rules: what is known beside the arguments ---- */

Dialect rule_dialect(const RuleContext *context);
ServerVersion rule_server_version(const RuleContext *context);
/* False for a definition file (schema.sql), where nothing runs against live data. */
bool rule_in_migration(const RuleContext *context);
/* Scratch and result memory of this analysis. */
Arena *rule_arena(RuleContext *context);

/* Whether the SQL at `place` may still be changed to repair a finding: it is a definition, or the
 * newest migration. An older migration has run somewhere; a remedy repairs what it made. False for
 * places in files of another language. */
bool rule_can_edit(const RuleContext *context, Place place);
/* The language of the file around the place. A rule that can write it offers a fix there, with the
 * fix's `language` set; other fixes are dropped. FILE_SQL where the place is none. */
FileLanguage rule_language(const RuleContext *context, Place place);
/* True where both stand in one source: made by the same migration. */
bool rule_same_source(const RuleContext *context, Place a, Place b);

/* ---- for rules: reporting ---- */

/* Starts a finding; the pointer is valid until the next report(). The message is one sentence
 * without a full stop. */
Finding *report(RuleContext *context, Place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Lowers the severity, where this case is milder than the rule's usual one. */
void report_at_most(Finding *finding, Severity severity);
/* The table (or NULL) and column (or NULL) that the finding is about. */
void report_table(RuleContext *context, Finding *finding, const Table *table, const Column *column);
/* Does nothing where the place is not set. */
void report_related(RuleContext *context, Finding *finding, Place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A fix with no edits yet; the pointer is valid until the next report_fix on this finding. */
Fix *report_fix(RuleContext *context, Finding *finding, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void fix_replace(RuleContext *context, Fix *fix, Place place, Str text);
/* The pointer is valid until the next report_remedy. */
Remedy *report_remedy(RuleContext *context, Finding *finding, Str title, Str sql);
/* False where nobody will read them: most analyses are for an editor. A rule need not ask, but one
 * that writes much into a remedy saves doing it. */
bool rule_wants_remedies(const RuleContext *context);

/* ---- the registry ---- */

extern const Rule *const all_rules[];
extern const unsigned n_rules;

/* By id or squawk's name; NULL where there is none. */
const Rule *rule_find(Str id);
Str rule_group_name(RuleGroup group);
/* "https://…" page of the rule, or its lintel: URI. */

#endif
