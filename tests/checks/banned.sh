#!/bin/sh
# banned.sh - functions that our sources must not call, and two that only one place may.
#
# Comments and string literals are taken out first, so a comment may name what it avoids.
# A line that must be an exception says so: /* allowed: reason */
set -eu
cd "${1:-$(dirname "$0")/../..}" # the repository, or a folder laid out like it
# shellcheck disable=SC2046
awk '
    BEGIN {
        n = split("strcpy strcat strncpy strncat stpcpy strtok sprintf vsprintf gets atoi atol atoll " \
                  "atof scanf fscanf sscanf vscanf vsscanf vfscanf strdup strndup system popen " \
                  "setlocale localtime gmtime asctime ctime alloca assert tmpnam mktemp rand", names, " ")
        for (i = 1; i <= n; i++) everywhere[names[i]] = "banned"
        n = split("malloc calloc realloc free reallocarray aligned_alloc posix_memalign", names, " ")
        for (i = 1; i <= n; i++) outside_base[names[i]] = "only in base/: use an arena"
        n = split("exit abort _exit quick_exit", names, " ")
        for (i = 1; i <= n; i++) outside_main[names[i]] = "only in main.c and base/panic.c"
    }
    FNR == 1 { in_comment = 0 }
    {
        line = $0
        is_allowed = line ~ /\/\* allowed: /
        # Take out strings, character constants and comments.
        code = ""
        while (line != "") {
            if (in_comment) {
                end = index(line, "*/")
                if (!end) { line = ""; break }
                line = substr(line, end + 2); in_comment = 0
            } else if (match(line, /\/\*|\/\/|"([^"\\]|\\.)*"|\047([^\047\\]|\\.)+\047/)) {
                code = code substr(line, 1, RSTART - 1) " "
                found = substr(line, RSTART, 2)
                if (found == "//") { line = ""; break }
                if (found == "/*") { in_comment = 1; line = substr(line, RSTART + 2) }
                else line = substr(line, RSTART + RLENGTH)
            } else { code = code line; line = "" }
        }
        if (is_allowed) next
        while (match(code, /[A-Za-z_][A-Za-z_0-9]*[ \t]*\(/)) {
            before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
            name = substr(code, RSTART, RLENGTH - 1); sub(/[ \t]+$/, "", name)
            code = substr(code, RSTART + RLENGTH)
            if (before == "." || before == ">") continue # a member of that name
            why = ""
            if (name in everywhere) why = everywhere[name]
            else if ((name in outside_base) && FILENAME !~ /^server\/base\//) why = outside_base[name]
            else if ((name in outside_main) && FILENAME != "server/main.c" && FILENAME != "server/base/panic.c")
                why = outside_main[name]
            if (why != "") { printf "%s:%d: %s(): %s\n", FILENAME, FNR, name, why; failed = 1 }
        }
    }
    END { exit failed }
' $(find server -name '*.[ch]' | LC_ALL=C sort)
