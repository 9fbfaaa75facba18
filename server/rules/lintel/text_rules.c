/* What is wrong with a text before any rule can look at what it says, and with the comments and the
 * configuration that steer Lintel. The frontends, the engine and the configuration report these;
 * they are rules so that they can be listed, explained and switched off like all others. */
#include "rules/rule.h"

const Rule rule_unterminated_quote = {
    .id = "unterminated-quote",
    .squawk = "syntax-error",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a quote, dollar quote or comment that never ends",
    .why = "Everything after it is read as part of it, so the database sees another statement "
           "than you do, or none.",
    .instead = "Close it. A quote inside a string is doubled: 'it''s'.",
    .bad = "SELECT 'it;\n",
    .good = "SELECT 'it''s';\n",
    .sources = "https://www.postgresql.org/docs/current/sql-syntax-lexical.html",
};

const Rule rule_unbalanced_parenthesis = {
    .id = "unbalanced-parenthesis",
    .squawk = "syntax-error",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a parenthesis without its partner",
    .why = "The database refuses the statement; in a migration, what came before it may already "
           "have been done.",
    .instead = "Close it, or take it out.",
    .bad = "CREATE TABLE t (id bigint PRIMARY KEY, note varchar(20);\n",
    .good = "CREATE TABLE t (id bigint PRIMARY KEY, note varchar(20));\n",
};

const Rule rule_unknown_statement = {
    .id = "unknown-statement",
    .squawk = "syntax-error",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a statement that begins like none of SQL",
    .why = "It is probably misspelt, and the database will refuse it. Lintel cannot take it into "
           "account either: what it was meant to create is missing from the model.",
    .instead = "Correct the first words.",
    .bad = "CRAETE TABLE t (id bigint PRIMARY KEY);\n",
    .good = "CREATE TABLE t (id bigint PRIMARY KEY);\n",
};

const Rule rule_invalid_utf8 = {
    .id = "invalid-utf8",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "bytes that are not valid UTF-8",
    .why = "Tools that expect UTF-8 refuse the file or replace the bytes: text that is inserted "
           "arrives garbled.",
    .instead = "Save the file as UTF-8.",
};

const Rule rule_utf_16 = {
    .id = "utf-16",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a file in UTF-16",
    .why = "Most tools that run SQL files read UTF-8 and fail on the first byte. Lintel does not "
           "read the file.",
    .instead = "Save the file as UTF-8.",
};

const Rule rule_binary_file = {
    .id = "binary-file",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a file with NUL bytes among the sources",
    .why = "It is no text, or a damaged one; what stands in it is not, or not fully, known to "
           "Lintel.",
    .instead = "Restore the file, or leave it out with `ignore` in lintel.yaml.",
};

const Rule rule_unused_suppression = {
    .id = "unused-suppression",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_HINT,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a lintel-ignore comment that suppresses nothing",
    .why = "What it was for is gone; left in place, it hides the next finding, which nobody has "
           "looked at.",
    .instead = "Delete the comment.",
    .bad = "-- lintel-ignore missing-where: all users are logged out\n"
           "SELECT 1;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, token text);\n"
            "-- next migration\n"
            "-- lintel-ignore missing-where: all users are logged out\n"
            "UPDATE users SET token = NULL;\n",
};

const Rule rule_unknown_rule = {
    .id = "unknown-rule",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a comment or a configuration that names a rule which does not exist",
    .why = "A misspelt name switches nothing off and configures nothing.",
    .instead = "Correct the name; `lintel rules` lists them all.",
    .bad = "-- lintel-ignore mising-where: all users are logged out\n"
           "SELECT 1;\n",
    .good = "CREATE TABLE users (id bigint PRIMARY KEY, token text);\n"
            "-- next migration\n"
            "-- lintel-ignore missing-where: all users are logged out\n"
            "UPDATE users SET token = NULL;\n",
};

const Rule rule_config_syntax = {
    .id = "config-syntax",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a lintel.yaml that cannot be read",
    .why = "Nothing in it holds: the last configuration that could be read, or none, is in "
           "force.",
    .instead = "Correct the line; most often it is the indentation, or a value with a colon that "
               "needs quotes.",
};

const Rule rule_config_unknown_key = {
    .id = "config-unknown-key",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a key of lintel.yaml that Lintel does not know",
    .why = "It has no effect.",
    .instead = "Correct its name; `lintel config --schema` prints all keys.",
};

const Rule rule_config_bad_value = {
    .id = "config-bad-value",
    .since = "0.1",
    .group = GROUP_LINTEL,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "a value in lintel.yaml that its key does not take",
    .why = "The key keeps its default.",
    .instead = "A value of the kind that the message names.",
};
