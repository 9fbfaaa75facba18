#!/bin/sh
# check.sh - is symbols.h that of the Python parser which the lock file names?
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp)
trap 'rm -f "$work"' EXIT INT TERM
"$here/generate.sh" "$work"
echo 1..1
if cmp -s "$here/symbols.h" "$work"; then
    echo "ok 1 - symbols.h is that of the fetched Python parser"
else
    echo "not ok 1 - symbols.h is that of the fetched Python parser (run grammars/python/generate.sh)"
    exit 1
fi
