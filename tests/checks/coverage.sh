#!/bin/sh
# coverage.sh BUILD - which share of each folder's lines the tests reached, from a coverage build that has run.
set -eu
cd "$(dirname "$0")/../.."
build=$1
find "$build/server" -name '*.gcda' | LC_ALL=C sort | while read -r data; do
    # gcov prints one block for the source and each header; only the source's own counts here.
    gcov -n -o "$data" "$data" 2>/dev/null
done | awk '
    /^File / { file = $2; gsub(/\047/, "", file) }
    /^Lines executed:/ && file ~ /^server\/.*\.c$/ {
        split($0, part, /[:% ]+/); share = part[3]; total = part[5]
        n = split(file, path, "/"); folder = n > 2 ? path[2] : file
        hit[folder] += total * share / 100; all[folder] += total; sum_hit += total * share / 100; sum_all += total
        if (share < 50) low[file] = share
        file = ""
    }
    END {
        for (folder in all) printf "%-12s %6d lines  %5.1f %%\n", folder, all[folder], 100 * hit[folder] / all[folder] | "sort"
        close("sort")
        if (sum_all) printf "%-12s %6d lines  %5.1f %%\n", "all", sum_all, 100 * sum_hit / sum_all
        for (file in low) printf "below half: %s %.1f %%\n", file, low[file] | "sort"
    }'
