#!/bin/sh
# generate.sh - makes symbols.h from the fetched Python parser.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
node "$here/../symbols.mjs" "$here/../node_modules/tree-sitter-python/src/parser.c" PYTHON >"${1:-$here/symbols.h}"
