#include "consult/project_rules.h"

#include "base/log.h"
#include "base/sha256.h"
#include "consult/files.h"
#include "consult/front_matter.h"
#include "project/path.h"
#include "rules/rule.h"

enum { MAX_RULES_FILE_BYTES = FRONT_MATTER_MAX_BYTES, MAX_DIRECTIVES = 1000 };

/* ---- globs ---- */

/* Backtracking is bounded: a hostile pattern gives up and does not match. */
static bool match_from(Str pattern, Str path, uint32_t *budget)
{
    if ((*budget)-- == 0) {
        *budget = 1;
        return false;
    }
    if (pattern.length == 0)
        return path.length == 0;
    Str rest = str_slice(pattern, 1, pattern.length);
    switch (pattern.data[0]) {
    case '*': {
        bool crosses = pattern.length > 1 && pattern.data[1] == '*';
        rest = str_slice(pattern, crosses ? 2 : 1, pattern.length);
        if (crosses && rest.length > 0 && rest.data[0] == '/' &&
            match_from(str_slice(rest, 1, rest.length), path, budget))
            return true; /* the two stars and the slash stand for nothing */
        for (uint32_t i = 0; i <= path.length; i++) {
            if (match_from(rest, str_slice(path, i, path.length), budget))
                return true;
            if (!crosses && i < path.length && path.data[i] == '/')
                return false;
        }
        return false;
    }
    case '?':
        return path.length > 0 && path.data[0] != '/' &&
               match_from(rest, str_slice(path, 1, path.length), budget);
    default:
        return path.length > 0 && path.data[0] == pattern.data[0] &&
               match_from(rest, str_slice(path, 1, path.length), budget);
    }
}

/* Tries each choice of the first {a,b}; nested braces are not choices. */
static bool match_choices(Str pattern, Str path, uint32_t *budget, int depth)
{
    uint32_t open = str_find(pattern, STR("{"), 0);
    uint32_t close = open == UINT32_MAX ? UINT32_MAX : str_find(pattern, STR("}"), open);
    if (close == UINT32_MAX || depth == 4)
        return match_from(pattern, path, budget);
    uint32_t start = open + 1;
    for (uint32_t i = start; i <= close; i++) {
        if (i < close && pattern.data[i] != ',')
            continue;
        Arena arena = {0};
        Str choice = str_slice(pattern, start, i), head = str_slice(pattern, 0, open),
            tail = str_slice(pattern, close + 1, pattern.length);
        Str tried = str_format(&arena, STR_FMT STR_FMT STR_FMT, STR_ARG(head), STR_ARG(choice),
                               STR_ARG(tail));
        bool is_match = match_choices(tried, path, budget, depth + 1);
        arena_release(&arena);
        if (is_match)
            return true;
        start = i + 1;
    }
    return false;
}

bool glob_matches(Str pattern, Str path)
{
    uint32_t budget = 20000;
    return match_choices(pattern, path, &budget, 0);
}

/* ---- directives ---- */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           (unsigned char)c >= 0x80;
}

/* Cuts the next word off; marks of Markdown and punctuation lie between words. */
static bool next_word(Str *rest, Str *word)
{
    uint32_t start = 0;
    while (start < rest->length && (!is_word_byte(rest->data[start]) || rest->data[start] == '-'))
        start++; /* a hyphen before a word is a list's */
    uint32_t end = start;
    while (end < rest->length && (is_word_byte(rest->data[end]) || rest->data[end] == '\''))
        end++;
    *word = str_slice(*rest, start, end);
    *rest = str_slice(*rest, end, rest->length);
    return !str_is_empty(*word);
}

static bool skip_words(Str *line, const char *const *words)
{
    Str rest = *line;
    for (; *words; words++) {
        Str word;
        if (!next_word(&rest, &word) || !str_equal(word, str_from(*words)))
            return false;
    }
    *line = rest;
    return true;
}

static const char *const forbidding[][4] = {
    {"do", "not", "recommend"}, {"don't", "recommend"},    {"never", "recommend"},
    {"do", "not", "suggest"},   {"don't", "suggest"},      {"never", "suggest"},
    {"do", "not", "propose"},   {"no", "recommendations"},
};

static void add_directive(Arena *out, ProjectRules *rules, Directive directive)
{
    if (rules->directives.n < MAX_DIRECTIVES)
        VEC_PUSH(out, &rules->directives, directive);
}

static void parse_ignored_rules(Arena *out, ProjectRules *rules, Str path, uint32_t number,
                                Str rest)
{
    static const char *const fillers[] = {"the", "rule", "rules", "lintel", "and", "s", NULL};
    bool is_first = true;
    Str word;
    while (next_word(&rest, &word)) {
        bool is_filler = false;
        for (const char *const *filler = fillers; *filler && !is_filler; filler++)
            is_filler = str_equal(word, str_from(*filler));
        if (is_filler)
            continue;
        const Rule *rule = rule_find(word);
        if (rule)
            add_directive(out, rules,
                          (Directive){.kind = DIRECTIVE_IGNORE_RULE,
                                      .subject = str_from(rule->id),
                                      .path = path,
                                      .line = number});
        else if (is_first && str_contains(word, STR("-")) &&
                 rules->misunderstood.n < MAX_DIRECTIVES)
            VEC_PUSH(out, &rules->misunderstood,
                     str_format(out, STR_FMT ":%u: no rule is called " STR_FMT, STR_ARG(path),
                                number, STR_ARG(word)));
        if (!rule)
            return; /* the reason why, in words */
        is_first = false;
    }
}

/* "partitioning, sharding or caches: we are small" forbids three things; what follows a
 * colon, a full stop, a parenthesis or "because" is the reason. */
static void parse_forbidden(Arena *out, ProjectRules *rules, Str path, uint32_t number, Str rest)
{
    static const char *const reasons[] = {": ", ". ", "; ", "(", " because", " since ", " -- "};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        rest = str_slice(rest, 0, str_find(rest, str_from(reasons[i]), 0));
    Directive directive = {.kind = DIRECTIVE_DO_NOT_RECOMMEND, .path = path, .line = number};
    const char *start = NULL, *end = NULL;
    Str word;
    for (;;) {
        const char *before = rest.data;
        bool has_word = next_word(&rest, &word);
        bool has_comma = has_word && start &&
                         str_contains(str_of(before, (size_t)(word.data - before)), STR(","));
        bool is_joint = has_word && (str_equal(word, STR("or")) || str_equal(word, STR("and")) ||
                                     str_equal(word, STR("nor")));
        if (start && (!has_word || has_comma || is_joint)) {
            directive.subject = str_of(start, (size_t)(end - start));
            add_directive(out, rules, directive);
            start = NULL;
        }
        if (!has_word)
            return;
        if (is_joint)
            continue;
        if (!start)
            start = word.data;
        end = word.data + word.length;
    }
}

static void parse_line(Arena *out, ProjectRules *rules, Str path, uint32_t number, Str line)
{
    static const char *const ignoring[] = {"ignore", NULL};
    Str rest = str_trim(str_lower(out, line));
    uint32_t n_digits = 0; /* of a numbered list */
    while (n_digits < rest.length && rest.data[n_digits] >= '0' && rest.data[n_digits] <= '9')
        n_digits++;
    rest = str_slice(rest, n_digits, rest.length);
    if (skip_words(&rest, ignoring)) {
        parse_ignored_rules(out, rules, path, number, rest);
        return;
    }
    for (size_t i = 0; i < sizeof forbidding / sizeof *forbidding; i++) {
        if (!skip_words(&rest, forbidding[i]))
            continue;
        parse_forbidden(out, rules, path, number, rest);
        return;
    }
}

void project_rules_parse(Arena *out, ProjectRules *rules, Str path, Str text)
{
    Str line;
    bool in_code = false;
    for (uint32_t number = 1; str_next_line(&text, &line); number++) {
        if (str_starts_with(str_trim(line), STR("```")))
            in_code = !in_code;
        else if (!in_code && line.length < 500)
            parse_line(out, rules, path, number, line);
    }
}

/* ---- files ---- */

/* Where rules may be: from `folder` (at or below the first of `above`) up to the outermost folder
 * of the repository, closest first. */
static StrVec folders_from(Arena *out, Str folder, const StrVec *above)
{
    StrVec folders = {0};
    Str root = above->items[0], rest;
    for (; !str_equal(folder, root) && path_is_below(root, folder, &rest);
         folder = path_folder(folder))
        VEC_PUSH(out, &folders, folder);
    for (uint32_t i = 0; i < above->n; i++)
        VEC_PUSH(out, &folders, above->items[i]);
    return folders;
}

/* "../../.claude/rules.md": as seen from `root`. */
static Str seen_from(Arena *out, Str root, Str path)
{
    Str shown;
    for (uint32_t n_up = 0;; n_up++, root = path_folder(root)) {
        if (!path_is_below(root, path, &shown))
            continue;
        for (; n_up > 0; n_up--)
            shown = str_format(out, "../" STR_FMT, STR_ARG(shown));
        return shown;
    }
}

typedef struct {
    Arena *out;
    ProjectRules *rules;
    Str root, outermost; /* absolute: what paths are seen from; what nothing is read above */
    Str consulted;       /* absolute; absent: the whole database */
} Reading;

/* `folder`: the one that .claude is in; its rules name paths as they are seen from there. */
static bool applies(const Reading *reading, Str folder, const StrVec *globs)
{
    Str consulted;
    if (globs->n == 0 || str_is_empty(reading->consulted))
        return true;
    if (!path_is_below(folder, reading->consulted, &consulted))
        return false;
    for (uint32_t i = 0; i < globs->n; i++)
        if (glob_matches(globs->items[i], consulted))
            return true;
    return false;
}

static void add_file(const Reading *reading, Str folder, Str path, bool is_paramount)
{
    Arena *out = reading->out;
    Error err = {0};
    Str text;
    if (!file_read_inside(out, reading->outermost, path, MAX_RULES_FILE_BYTES, &text, &err)) {
        if (err.code != ERR_NOT_FOUND)
            LOG_WARN("rules", "%s", err.text);
        return;
    }
    FrontMatter matter = front_matter_parse(out, text);
    StrVec globs = front_matter_list(out, &matter, "paths");
    if (!is_paramount && !applies(reading, folder, &globs))
        return;
    RulesFile file = {.path = seen_from(out, reading->root, path),
                      .text = text,
                      .sha256 = sha256_hex(out, text),
                      .is_paramount = is_paramount};
    Str rest = text, line;
    while (str_next_line(&rest, &line))
        file.n_lines++;
    VEC_PUSH(out, &reading->rules->files, file);
    project_rules_parse(out, reading->rules, file.path, text);
}

ProjectRules project_rules_read(Arena *out, Str root, Str folder, Str consulted)
{
    ProjectRules rules = {0};
    StrVec above = files_up_to_root(out, root);
    Reading reading = {
        .out = out, .rules = &rules, .root = above.items[0], .outermost = *VEC_LAST(&above)};
    if (!str_is_empty(consulted)) {
        reading.consulted = path_normal(out, path_join(out, reading.root, consulted));
        folder = path_folder(reading.consulted);
    }
    StrVec folders =
        folders_from(out, path_normal(out, path_join(out, reading.root, folder)), &above);
    for (uint32_t i = 0; i < folders.n; i++)
        add_file(&reading, folders.items[i],
                 path_join(out, folders.items[i], STR(".claude/rules.md")), true);
    for (uint32_t i = 0; i < folders.n; i++) {
        StrVec paths = {0};
        files_list(out, path_join(out, folders.items[i], STR(".claude/rules")), STR(".md"), &paths);
        for (uint32_t k = 0; k < paths.n; k++)
            add_file(&reading, folders.items[i], paths.items[k], false);
    }
    return rules;
}

/* ---- matching ---- */

/* Words that carry no meaning in "do not recommend any changes to the audit_log table". */
static bool is_empty_word(Str word)
{
    static const char *const words[] = {
        "a",        "an",    "the",     "any",    "to",     "of",      "on",     "for",
        "in",       "use",   "using",   "adding", "add",    "or",      "and",    "at",
        "all",      "about", "changes", "change", "table",  "tables",  "column", "columns",
        "changing", "with",  "our",     "this",   "making", "creating"};
    return str_is_among(word, words, sizeof words / sizeof *words);
}

static Str stem(Str word)
{
    static const char *const endings[] = {"ing", "es", "ed", "s", "e"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        Str ending = str_from(endings[i]);
        if (word.length >= ending.length + 3 && str_ends_with(word, ending))
            return str_slice(word, 0, word.length - ending.length);
    }
    return word;
}

/* True where `text` holds a word with the same stem. */
static bool holds_word(Str text, Str wanted)
{
    Str word;
    while (next_word(&text, &word))
        if (str_equal_ignore_case(stem(word), stem(wanted)))
            return true;
    return false;
}

static bool names_table(const StrVec *tables, Str word)
{
    for (uint32_t i = 0; i < tables->n; i++)
        if (str_equal_ignore_case(tables->items[i], word))
            return true;
    return false;
}

/* Every word with a meaning must be about the advice. */
static bool subject_matches(Str subject, Str text, const StrVec *tables)
{
    Str word;
    uint32_t n_words = 0;
    while (next_word(&subject, &word)) {
        if (is_empty_word(word))
            continue;
        n_words++;
        if (!holds_word(text, word) && !names_table(tables, word))
            return false;
    }
    return n_words > 0;
}

bool project_rules_forbid(const ProjectRules *rules, Str rule, Str title, Str topics,
                          const StrVec *tables, const Directive **by)
{
    Arena scratch = {0};
    bool is_forbidden = false;
    Str text = str_lower(&scratch, str_format(&scratch, STR_FMT " " STR_FMT " " STR_FMT,
                                              STR_ARG(title), STR_ARG(topics), STR_ARG(rule)));
    for (uint32_t i = 0; i < rules->directives.n && !is_forbidden; i++) {
        const Directive *directive = &rules->directives.items[i];
        is_forbidden = (!str_is_empty(rule) && str_equal(directive->subject, rule)) ||
                       (directive->kind == DIRECTIVE_DO_NOT_RECOMMEND &&
                        subject_matches(directive->subject, text, tables));
        if (is_forbidden)
            *by = directive;
    }
    arena_release(&scratch);
    return is_forbidden;
}
