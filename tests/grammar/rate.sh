#!/bin/sh
# rate.sh [FOLDER] [OPTION...] - how well the SQL grammar reads the SQL files of FOLDER
# (default: ../shared/corpus beside the repository, when it is there). Options: see rate.mjs;
# --failures 50 shows what was not read in full.
#
# Builds into build/grammar-rate/ and installs PostgreSQL's parser there, from the lock file here.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$root/../shared/corpus
if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
    folder=$1
    shift
fi
if [ ! -d "$folder" ]; then
    echo "rate.sh: no folder $folder; nothing was measured"
    exit 0
fi

runtime=$root/grammars/node_modules/tree-sitter/vendor/tree-sitter/lib
if [ ! -f "$runtime/src/lib.c" ]; then
    echo "rate.sh: the tree-sitter runtime is missing: run the set-up first" >&2
    exit 2
fi
out=$root/build/grammar-rate
grammar=$root/grammars/sql/src
mkdir -p "$out/oracle"

compile() {
    ${CC:-cc} -std=c11 -O2 -w -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -I"$runtime/include" -I"$runtime/src" -I"$grammar" -c "$2" -o "$1"
}
newer() { [ ! -f "$1" ] || [ -n "$(find "$2" -newer "$1")" ]; }
if newer "$out/runtime.o" "$runtime/src/lib.c"; then compile "$out/runtime.o" "$runtime/src/lib.c"; fi
if newer "$out/parser.o" "$grammar/parser.c"; then compile "$out/parser.o" "$grammar/parser.c"; fi
compile "$out/scanner.o" "$grammar/scanner.c"
compile "$out/tree_dump.o" "$here/tree_dump.c"
${CC:-cc} -o "$out/tree_dump" "$out/tree_dump.o" "$out/runtime.o" "$out/parser.o" "$out/scanner.o"

if ! cmp -s "$here/package-lock.json" "$out/oracle/package-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$out/oracle/"
    (cd "$out/oracle" && npm ci --ignore-scripts --no-audit --no-fund >/dev/null 2>&1) ||
        rm -f "$out/oracle/package-lock.json"
fi
LINTEL_ORACLE=$out/oracle exec node "$here/rate.mjs" "$out/tree_dump" "$folder" "$@"
