#include "project/evidence.h"

enum { MAX_EVIDENCE = 64 * 1024 }; /* a text that has not shown its dialect by then will not */

typedef struct {
    Str text;
    uint32_t at;
    bool at_start; /* of a statement */
    Evidence *evidence;
} Scan;

typedef struct {
    const char *word; /* upper case */
    int dialect;      /* or DIALECT_FOREIGN */
    uint32_t weight;
} Mark;

/* Words that one dialect writes and the others do not, or hardly. In alphabetical order. */
static const Mark marks[] = {
    {"AUTOINCREMENT", DIALECT_SQLITE, 6},
    {"AUTO_INCREMENT", DIALECT_MYSQL, 6},
    {"BIGSERIAL", DIALECT_POSTGRESQL, 4},
    {"BYTEA", DIALECT_POSTGRESQL, 4},
    {"CLUSTERING", DIALECT_FOREIGN, 3},
    {"CONCURRENTLY", DIALECT_POSTGRESQL, 3},
    {"DATETIME2", DIALECT_SQLSERVER, 5},
    {"DATETIME64", DIALECT_FOREIGN, 5},
    {"DBO", DIALECT_SQLSERVER, 2},
    {"DELIMITER", DIALECT_MYSQL, 2},
    {"ENGINE", DIALECT_MYSQL, 3},
    {"EXTENSION", DIALECT_POSTGRESQL, 3},
    {"FIXEDSTRING", DIALECT_FOREIGN, 5},
    {"FLOAT64", DIALECT_FOREIGN, 4},
    {"GEN_RANDOM_UUID", DIALECT_POSTGRESQL, 3},
    {"GETDATE", DIALECT_SQLSERVER, 3},
    {"ILIKE", DIALECT_POSTGRESQL, 3},
    {"INNODB", DIALECT_MYSQL, 5},
    {"INT64", DIALECT_FOREIGN, 4},
    {"JSONB", DIALECT_POSTGRESQL, 4},
    {"LONGBLOB", DIALECT_MYSQL, 4},
    {"LONGTEXT", DIALECT_MYSQL, 4},
    {"LOWCARDINALITY", DIALECT_FOREIGN, 6},
    {"MEDIUMINT", DIALECT_MYSQL, 4},
    {"MEDIUMTEXT", DIALECT_MYSQL, 4},
    {"NEXTVAL", DIALECT_POSTGRESQL, 3},
    {"NONCLUSTERED", DIALECT_SQLSERVER, 5},
    {"NUMBER", DIALECT_FOREIGN, 2},
    {"NVARCHAR", DIALECT_SQLSERVER, 5},
    {"NVARCHAR2", DIALECT_FOREIGN, 6},
    {"PLPGSQL", DIALECT_POSTGRESQL, 6},
    {"POLICY", DIALECT_POSTGRESQL, 3},
    {"PRAGMA", DIALECT_SQLITE, 6},
    {"ROWID", DIALECT_SQLITE, 3},
    {"SERIAL", DIALECT_POSTGRESQL, 2},
    {"STRFTIME", DIALECT_SQLITE, 3},
    {"TIMESTAMP_LTZ", DIALECT_FOREIGN, 6},
    {"TIMESTAMP_NTZ", DIALECT_FOREIGN, 6},
    {"TIMESTAMPTZ", DIALECT_POSTGRESQL, 4},
    {"TINYTEXT", DIALECT_MYSQL, 4},
    {"UINT32", DIALECT_FOREIGN, 4},
    {"UINT64", DIALECT_FOREIGN, 4},
    {"UNIQUEIDENTIFIER", DIALECT_SQLSERVER, 5},
    {"UNIXEPOCH", DIALECT_SQLITE, 3},
    {"UNSIGNED", DIALECT_MYSQL, 4},
    {"UTF8MB4", DIALECT_MYSQL, 4},
    {"VARCHAR2", DIALECT_FOREIGN, 6},
};

static const char *const defining[] = {"CREATE", "ALTER",  "DROP",     "RENAME", "COMMENT",
                                       "GRANT",  "REVOKE", "TRUNCATE", "DO",     "REFRESH"};
static const char *const querying[] = {"SELECT", "UPDATE", "DELETE", "MERGE", "WITH", "REPLACE"};
static const char *const filling[] = {"INSERT", "COPY", "LOAD"};

/* What a byte is, from a table: every file of a project is read for its dialect, byte by byte. */
enum { PLAIN, WORD, SIGN }; /* SIGN: may begin or end something */

#define W  WORD
#define X  SIGN
#define WW W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W
/* clang-format off */
static const unsigned char classes[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, X, X, X, 0, 0, X, 0, 0, 0, 0, 0, X, 0, X, /* " # $ ' - / */
    W, W, W, W, W, W, W, W, W, W, X, X, 0, 0, 0, 0, /* 0 to 9, : ; */
    0, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* A to O */
    W, W, W, W, W, W, W, W, W, W, W, X, X, 0, 0, W, /* P to Z, [ \ _ */
    X, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* ` */
    W, W, W, W, W, W, W, W, W, W, W, 0, 0, 0, 0, 0,
    WW, WW, WW, WW, WW, WW, WW, WW, /* any character beyond ASCII is a letter */
};
/* clang-format on */
#undef W
#undef X
#undef WW

static bool is_word_char(char c)
{
    return classes[(unsigned char)c] == WORD;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static bool word_is(Str word, const char *name)
{
    uint32_t i = 0;
    while (i < word.length && name[i] && upper(word.data[i]) == name[i])
        i++;
    return i == word.length && !name[i];
}

static char byte_at(const Scan *scan, uint32_t at)
{
    return at < scan->text.length ? scan->text.data[at] : '\0';
}

static void skip_to(Scan *scan, Str end)
{
    uint32_t found = str_find(scan->text, end, scan->at);
    scan->at = found == UINT32_MAX ? scan->text.length : found + end.length;
}

static void add(Scan *scan, int dialect, uint32_t weight)
{
    scan->evidence->score[dialect] += weight;
}

/* $$ or $tag$: skips the whole quote. */
static bool skip_dollar_quote(Scan *scan)
{
    uint32_t end = scan->at + 1;
    while (end < scan->text.length && is_word_char(scan->text.data[end]))
        end++;
    bool is_parameter = byte_at(scan, scan->at + 1) >= '0' && byte_at(scan, scan->at + 1) <= '9';
    if (is_parameter || byte_at(scan, end) != '$')
        return false;
    Str tag = str_slice(scan->text, scan->at, end + 1);
    scan->at = end + 1;
    skip_to(scan, tag);
    add(scan, DIALECT_POSTGRESQL, 5);
    return true;
}

/* The lines after COPY … FROM STDIN; are data. */
static void skip_copy_data(Scan *scan, uint32_t statement)
{
    Str words = str_slice(scan->text, statement, scan->at);
    if (words.length > 2000 || !str_starts_with_ignore_case(words, STR("COPY")) ||
        !(str_contains(words, STR("stdin")) || str_contains(words, STR("STDIN"))))
        return;
    add(scan, DIALECT_POSTGRESQL, 5);
    uint32_t end = str_find(scan->text, STR("\n\\."), scan->at);
    scan->at = end == UINT32_MAX ? scan->text.length : end + 3;
}

static int two_letters(char first, char second)
{
    return (unsigned char)first << 8 | (unsigned char)second;
}

static void take_word(Scan *scan)
{
    uint32_t start = scan->at;
    uint32_t end = start + 1;
    while (end < scan->text.length && is_word_char(scan->text.data[end]))
        end++;
    scan->at = end;
    Str word = str_of(scan->text.data + start, end - start);
    Evidence *e = scan->evidence;
    if (scan->at_start) {
        e->defines = e->defines ||
                     str_is_among_ignore_case(word, defining, sizeof defining / sizeof *defining);
        e->queries = e->queries ||
                     str_is_among_ignore_case(word, querying, sizeof querying / sizeof *querying);
        e->fills =
            e->fills || str_is_among_ignore_case(word, filling, sizeof filling / sizeof *filling);
        if (word_is(word, "GO"))
            add(scan, DIALECT_SQLSERVER, 5);
        scan->at_start = false;
    }
    if (word.length < 3)
        return;
    /* ClickHouse's table engines: MergeTree, ReplacingMergeTree, ... */
    if (word.length >= 9 && word_is(str_slice(word, word.length - 9, word.length), "MERGETREE"))
        add(scan, DIALECT_FOREIGN, 9);
    /* Most words are none of them, and the first two letters tell. */
    int key = two_letters(upper(word.data[0]), upper(word.data[1]));
    size_t low = 0, high = sizeof marks / sizeof *marks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (two_letters(marks[middle].word[0], marks[middle].word[1]) < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < sizeof marks / sizeof *marks &&
           two_letters(marks[low].word[0], marks[low].word[1]) == key;
         low++) {
        if (word_is(word, marks[low].word))
            add(scan, marks[low].dialect, marks[low].weight);
    }
}

static void take_bracket(Scan *scan)
{
    char before = scan->at > 0 ? scan->text.data[scan->at - 1] : ' ';
    char after = byte_at(scan, scan->at + 1);
    bool is_name =
        (before == ' ' || before == '.' || before == '(' || before == '\n' || before == '\t') &&
        ((after >= 'a' && after <= 'z') || (after >= 'A' && after <= 'Z'));
    if (is_name)
        add(scan, DIALECT_SQLSERVER, 3);
    scan->at++;
}

static bool is_line_start(const Scan *scan)
{
    return scan->at == 0 || scan->text.data[scan->at - 1] == '\n';
}

void evidence_add(Evidence *evidence, Str text)
{
    text = str_slice(text, 0, MAX_EVIDENCE);
    Scan scan = {.text = text, .at_start = true, .evidence = evidence};
    uint32_t statement = 0;
    while (scan.at < text.length) {
        char c = text.data[scan.at];
        if (classes[(unsigned char)c] == PLAIN) {
            scan.at++;
            continue;
        }
        if (classes[(unsigned char)c] == WORD) {
            if (scan.at_start)
                statement = scan.at;
            take_word(&scan);
            continue;
        }
        char next = byte_at(&scan, scan.at + 1);
        if ((c == '-' && next == '-') || (c == '#' && is_line_start(&scan))) {
            skip_to(&scan, STR("\n"));
        } else if (c == '/' && next == '*') {
            scan.at += 2;
            if (byte_at(&scan, scan.at) == '!') /* MySQL's conditional comments */
                add(&scan, DIALECT_MYSQL, 3);
            skip_to(&scan, STR("*/"));
        } else if (c == '\'') {
            scan.at++;
            skip_to(&scan, STR("'"));
        } else if (c == '"') {
            scan.at++;
            skip_to(&scan, STR("\""));
        } else if (c == '`') {
            scan.at++;
            skip_to(&scan, STR("`"));
            add(&scan, DIALECT_MYSQL, 2);
        } else if (c == ':' && next == ':') {
            add(&scan, DIALECT_POSTGRESQL, 3);
            scan.at += 2;
        } else if (c == '\\' && is_line_start(&scan)) {
            add(&scan, DIALECT_POSTGRESQL, 3);
            skip_to(&scan, STR("\n"));
        } else if (c == '[') {
            take_bracket(&scan);
        } else if (c == ';') {
            scan.at++;
            skip_copy_data(&scan, statement);
            scan.at_start = true;
        } else if (c != '$' || !skip_dollar_quote(&scan)) {
            scan.at++;
        }
    }
}

bool evidence_dialect(const Evidence *evidence, Dialect *dialect)
{
    uint32_t best = 0;
    *dialect = DIALECT_POSTGRESQL;
    for (int i = 0; i < N_DIALECTS; i++) {
        if (evidence->score[i] > best) {
            best = evidence->score[i];
            *dialect = (Dialect)i;
        }
    }
    return best > 0;
}

bool evidence_is_foreign(const Evidence *evidence)
{
    Dialect dialect;
    uint32_t own = evidence_dialect(evidence, &dialect) ? evidence->score[dialect] : 0;
    return evidence->score[DIALECT_FOREIGN] > own;
}
