/* project_rules.h — what the project's .claude/rules.md and .claude/rules/ say.
 *
 * Read before anything else of a consultation. The rules are paramount over the agent's text,
 * never over what Lintel can do: they can silence advice, not grant a tool. A program follows
 * only directives (below); the rest is for a language model. Of each file the report names
 * path, length and SHA-256. Border code: reads the
 * disk; everything lives in the arena given. */
#ifndef CONSULT_PROJECT_RULES_H
#define CONSULT_PROJECT_RULES_H

#include "model/type.h" /* StrVec */

typedef struct {
    Str path; /* seen from the root: "../.claude/rules.md" above it */
    Str text;
    uint32_t n_lines;
    Str sha256;
    bool is_paramount; /* rules.md itself, not a file of rules/ */
} RulesFile;
typedef Vec(RulesFile) RulesFileVec;

typedef enum {
    DIRECTIVE_IGNORE_RULE,      /* ignore missing-fk-index */
    DIRECTIVE_DO_NOT_RECOMMEND, /* do not recommend partitioning */
} DirectiveKind;

typedef struct {
    DirectiveKind kind;
    Str subject; /* the rule's id; or what not to recommend, lower case */
    Str path;
    uint32_t line;
} Directive;
typedef Vec(Directive) DirectiveVec;

typedef struct {
    RulesFileVec files; /* in order of weight: rules.md closest first, then rules/ likewise */
    DirectiveVec directives;
    StrVec misunderstood; /* "path:line: …": directives that name no known rule */
} ProjectRules;

/* Those that hold for `consulted`, a file, or where it is absent for the database in `folder`: of
 * its folder and of every folder above that, up to the repository's. Both are seen from `root`, or
 * absolute. A file of rules/ whose `paths:` do not match `consulted` does not apply; to a whole
 * database all apply. */
ProjectRules project_rules_read(Arena *out, Str root, Str folder, Str consulted);

/* Adds the directives of one text; for tests and for rules that are not in files. */
void project_rules_parse(Arena *out, ProjectRules *rules, Str path, Str text);

/* True where a directive forbids the advice: `rule` is the finding's id (or absent), `title`
 * what is recommended, `topics` more words for it, `tables` whom it is about. *by is the directive.
 */
bool project_rules_forbid(const ProjectRules *rules, Str rule, Str title, Str topics,
                          const StrVec *tables, const Directive **by);

/* "src" matches itself; * and ? stay within a folder, ** crosses, {a,b} chooses. */
bool glob_matches(Str pattern, Str path);

#endif
