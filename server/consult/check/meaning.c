#include "consult/check/meaning.h"

#include <stddef.h>

#include "consult/check/words.h"

typedef struct {
    const char *words;
    Meaning meaning;
} Phrase;

/* ---- by the words next to it ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static Str without_end(Str text)
{
    while (text.length > 0 && strchr(" *_\"'(", text.data[text.length - 1]))
        text.length--;
    return text;
}

static bool ends_with_word(Str text, Str word)
{
    return str_ends_with(text, word) &&
           (text.length == word.length || !is_letter(text.data[text.length - word.length - 1]));
}

static bool begins_with_word(Str text, Str word)
{
    return str_starts_with(text, word) &&
           (text.length == word.length || !is_letter(text.data[word.length]));
}

Meaning meaning_before(Str text)
{
    static const Phrase phrases[] = {
        {"table", MEANS_TABLE},
        {"tables", MEANS_TABLE},
        {"table named", MEANS_TABLE},
        {"table called", MEANS_TABLE},
        {"view", MEANS_TABLE},
        {"views", MEANS_TABLE},
        {"model", MEANS_TABLE},
        {"models", MEANS_TABLE},
        {"rows of", MEANS_TABLE},
        {"rows in", MEANS_TABLE},
        {"row of", MEANS_TABLE},
        {"row in", MEANS_TABLE},
        {"primary key of", MEANS_TABLE},
        {"all of", MEANS_NOTHING},
        {"column", MEANS_COLUMN},
        {"columns", MEANS_COLUMN},
        {"field", MEANS_COLUMN},
        {"fields", MEANS_COLUMN},
        {"index on", MEANS_THING},
        {"indexes on", MEANS_THING},
        {"foreign key on", MEANS_THING},
        {"foreign key from", MEANS_THING},
        {"foreign key to", MEANS_TABLE},
        {"foreign keys to", MEANS_TABLE},
        {"unique constraint on", MEANS_THING},
        {"constraint on", MEANS_THING},
        {"index", MEANS_THING},
        {"indexes", MEANS_THING},
        {"constraint", MEANS_THING},
        {"foreign key", MEANS_THING},
        {"enum", MEANS_THING},
        {"enum type", MEANS_THING},
        {"trigger", MEANS_THING},
        {"policy", MEANS_THING},
    };
    text = without_end(text);
    if (ends_with_word(text, STR("the")))
        text = without_end(str_slice(text, 0, text.length - 3));
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (ends_with_word(text, str_from(phrases[i].words)))
            return phrases[i].meaning;
    return MEANS_NOTHING;
}

Meaning meaning_behind(Str text)
{
    static const Phrase phrases[] = {
        {"table", MEANS_TABLE},
        {"tables", MEANS_TABLE},
        {"view", MEANS_TABLE},
        {"model", MEANS_TABLE},
        {"models", MEANS_TABLE},
        {"has no primary key", MEANS_TABLE},
        {"has no index", MEANS_TABLE},
        {"has no foreign key", MEANS_TABLE},
        {"has no unique", MEANS_TABLE},
        {"has no key", MEANS_TABLE},
        {"lacks a primary key", MEANS_TABLE},
        {"lacks a foreign key", MEANS_TABLE},
        {"lacks an index", MEANS_TABLE},
        {"has a foreign key", MEANS_TABLE},
        {"has rows", MEANS_TABLE},
        {"column", MEANS_COLUMN},
        {"columns", MEANS_COLUMN},
        {"is nullable", MEANS_COLUMN},
        {"is not indexed", MEANS_COLUMN},
        {"is not null", MEANS_COLUMN},
        {"index", MEANS_THING},
        {"indexes", MEANS_THING},
        {"constraint", MEANS_THING},
        {"foreign key", MEANS_THING},
        {"enum", MEANS_THING},
    };
    while (text.length > 0 && strchr(" *_", text.data[0]))
        text = str_slice(text, 1, text.length);
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (begins_with_word(text, str_from(phrases[i].words)))
            return phrases[i].meaning;
    return MEANS_NOTHING;
}

bool meaning_is_list(Str between)
{
    static const char *const separators[] = {",", "and", "or", ", and", ", or", "/", "&", "+"};
    Str text = str_trim(between);
    return str_is_among(text, separators, sizeof separators / sizeof *separators);
}

static bool has_any(Str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text_has_word(text, str_from(words[i])))
            return true;
    return false;
}

Meaning meaning_of_header(Str title)
{
    static const char *const made[] = {"new", "add", "proposed", "target", "to", "suggested"};
    if (has_any(title, made, sizeof made / sizeof *made))
        return MEANS_NOTHING;
    if (text_has_word(title, STR("table")) || text_has_word(title, STR("tables")))
        return MEANS_TABLE;
    if (text_has_word(title, STR("column")) || text_has_word(title, STR("columns")))
        return MEANS_COLUMN;
    return MEANS_NOTHING;
}

/* ---- to be made ---- */

uint32_t meaning_clause_start(Str text)
{
    for (uint32_t i = text.length; i > 0; i--) {
        char c = text.data[i - 1], next = i < text.length ? text.data[i] : ' ';
        if (c == ';' || c == '|' || ((c == '.' || c == '!' || c == '?') && next == ' '))
            return i;
    }
    return 0;
}

/* "an index on the column": what follows "on" is there already, whatever is added to it. */
static bool is_object(Str clause)
{
    static const char *const ends[] = {
        "on",       "of",       "from",     "over",   "to",      "for",      "by",      "in",
        "on table", "to table", "of table", "column", "columns", "existing", "current", "present"};
    static const char *const moving[] = {"rename",    "renamed", "renaming", "move",
                                         "split",     "change",  "convert",  "migrate",
                                         "migrating", "turn",    "moving",   "splitting"};
    Str text = without_end(clause);
    if (ends_with_word(text, STR("the")))
        text = without_end(str_slice(text, 0, text.length - 3));
    bool is_column = ends_with_word(text, STR("column")) || ends_with_word(text, STR("columns")) ||
                     ends_with_word(text, STR("table"));
    if (is_column) {
        uint32_t n = text.length;
        while (n > 0 && is_letter(text.data[n - 1]))
            n--;
        text = without_end(str_slice(text, 0, n));
        if (ends_with_word(text, STR("the")))
            text = without_end(str_slice(text, 0, text.length - 3));
    }
    if (ends_with_word(text, STR("to")) && has_any(clause, moving, sizeof moving / sizeof *moving))
        return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with_word(text, str_from(ends[i])))
            return true;
    return false;
}

/* "a", "a new", "a separate dedicated": what has this article is not known yet. */
static bool has_article(Str clause)
{
    Str text = without_end(clause);
    for (int n = 0; n < 4 && text.length > 0; n++) {
        uint32_t start = text.length;
        while (start > 0 && is_letter(text.data[start - 1]))
            start--;
        Str word = str_slice(text, start, text.length);
        if (str_equal(word, STR("a")) || str_equal(word, STR("an")) || str_equal(word, STR("no")) ||
            str_equal(word, STR("missing")) || str_equal(word, STR("without")))
            return true;
        if (str_equal(word, STR("the")) || word.length == 0)
            return false;
        text = without_end(str_slice(text, 0, start));
    }
    return false;
}

bool meaning_is_made(Str clause, Str behind, bool is_plain)
{
    static const char *const makes[] = {
        "add",      "adds",      "adding",      "added",      "create",    "creates", "creating",
        "created",  "introduce", "introducing", "introduces", "new",       "rename",  "renaming",
        "renamed",  "called",    "named",       "split",      "splitting", "extract", "propose",
        "proposed", "backfill",  "move",        "moving",     "populate",  "dropped", "removed"};
    static const char *const perhaps[] = {
        "call",       "name",        "into",     "recommend", "dedicated", "separate", "replace",
        "replacing",  "build",       "building", "define",    "become",    "becomes",  "turn",
        "convert",    "consolidate", "merge",    "partition", "generate",  "store",    "keep",
        "use",        "prefer",      "switch",   "would",     "could",     "should",   "may",
        "might",      "if",          "consider", "e.g.",      "example",   "such as",  "like",
        "planned",    "future",      "instead",  "missing",   "lacks",     "lack",     "lacking",
        "no",         "not",         "without",  "absent",    "never",     "none",     "neither",
        "nor",        "needs",       "need",     "want",      "wants",     "suppose",  "unless",
        "later",      "once",        "drop",     "was",       "were",      "former",   "formerly",
        "previously", "old",         "any"};
    static const char *const gone[] = {
        "does not exist", "do not exist", "(new)",     "is missing",   "are missing",
        "is absent",      "was dropped",  "no longer", "is not there", "is not in"};
    static const char *const wished[] = {"would", "could", "should", "to be"};
    uint32_t end = 0;
    while (end < behind.length && end < 40 && !strchr(",;.`:", behind.data[end]))
        end++;
    Str next = str_slice(behind, 0, end);
    if (has_any(next, gone, sizeof gone / sizeof *gone) ||
        (!is_plain && has_any(next, wished, sizeof wished / sizeof *wished)))
        return true;
    if (is_object(clause))
        return false;
    return has_article(clause) || has_any(clause, makes, sizeof makes / sizeof *makes) ||
           (!is_plain && has_any(clause, perhaps, sizeof perhaps / sizeof *perhaps));
}
