#!/bin/sh
# check.sh - does the committed parser come from the committed grammar, and do the corpus
# tests pass? Without the tree-sitter command (see generate.sh) it says so and exits 0.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
if ! tool=$("$here/generate.sh" --tool 2>/dev/null); then
    echo "1..0 # skip grammars/sql: no tree-sitter command here"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
status=0

echo "1..2"
"$here/generate.sh" "$work" >/dev/null
if diff -rq -x scanner.c "$here/src" "$work/src" >"$work/diff"; then
    echo "ok 1 - grammar.js gives the committed parser"
else
    echo "not ok 1 - grammar.js gives the committed parser (run grammars/sql/generate.sh)"
    sed 's/^/# /' "$work/diff"
    status=1
fi

# The command compiles the grammar itself; its own folders stay out of the home directory.
cp "$here/src/scanner.c" "$work/src/"
cp -r "$here/test" "$here/queries" "$work/"
if (cd "$work" && XDG_CACHE_HOME="$work/cache" XDG_CONFIG_HOME="$work/config" HOME="$work" "$tool" test) >"$work/log" 2>&1; then
    echo "ok 2 - test/corpus ($(grep -c '^====' "$work"/test/corpus/*.txt | awk -F: '{ n += $2 / 2 } END { print n }') cases)"
else
    echo "not ok 2 - test/corpus"
    sed 's/^/# /' "$work/log"
    status=1
fi
exit $status
