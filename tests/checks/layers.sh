#!/bin/sh
# layers.sh - every #include line of server/ against server/LAYERS.
set -eu
cd "${1:-$(dirname "$0")/../..}" # the repository, or a folder laid out like it
# shellcheck disable=SC2046  # no file name of ours has a space
awk '
    FILENAME == "server/LAYERS" {
        sub(/#.*/, "")
        if ($0 !~ /:/) next
        split($0, half, ":")
        n = split(half[2], names, " ")
        if (half[1] ~ /^only /) {
            header = substr(half[1], 6); only[header] = " "
            for (i = 1; i <= n; i++) only[header] = only[header] names[i] " "
        } else {
            known[half[1]] = 1
            for (i = 1; i <= n; i++) may[half[1], names[i]] = 1
        }
        next
    }
    FNR == 1 {
        split(FILENAME, part, "/"); folder = part[2]
        if (!(folder in known)) { complain(folder " is not in server/LAYERS") }
    }
    /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
        is_ours = $0 ~ /"/
        included = $0; sub(/^[^<"]*[<"]/, "", included); sub(/[>"].*/, "", included)
        for (header in only) {
            covers = header ~ /\/$/ ? index(included, header) == 1 : included == header
            if (covers && !index(only[header], " " folder " "))
                complain("only" (only[header] == " " ? " nobody " : only[header]) "may include " included)
        }
        if (!is_ours) next
        if (!index(included, "/")) { complain("write \"" folder "/" included "\": includes start at server/"); next }
        split(included, part, "/"); target = part[1]
        if (target == "sql" || target == "python") next # the grammars, covered by "only"
        if (!(target in known)) complain("includes " included ", which is in no layer")
        else if (target != folder && !((folder, target) in may)) complain(folder "/ may not include " included)
    }
    function complain(what) { printf "%s:%d: %s\n", FILENAME, FNR, what; failed = 1 }
    END { exit failed }
' server/LAYERS $(find server -name '*.[ch]' | LC_ALL=C sort)
