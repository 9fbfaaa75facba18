#!/bin/sh
# headers.sh - each header compiles alone, and has a head comment and a guard made from its path.
set -eu
cd "${1:-$(dirname "$0")/../..}" # the repository, or a folder laid out like it
failed=0
cflags=$(pkg-config --cflags libcjson yaml-0.1)
runtime=grammars/node_modules/tree-sitter/vendor/tree-sitter/lib/include
for header in $(find server -name '*.h' | LC_ALL=C sort); do
    # Twice, as a second inclusion must be harmless.
    # shellcheck disable=SC2086
    printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "${header#server/}" "${header#server/}" |
        ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Iserver -Igrammars -isystem "$runtime" $cflags \
            -Wall -Wextra -Wpedantic -Wundef -Wstrict-prototypes -Werror -Wno-unused-function \
            -fsyntax-only -x c - || { echo "$header: does not compile alone"; failed=1; }
    guard=$(printf '%s' "${header#server/}" | tr 'a-z/.-' 'A-Z___')
    grep -q "^#ifndef $guard\$" "$header" || { echo "$header: its guard should be $guard"; failed=1; }
    name=$(basename "$header")
    head -n 1 "$header" | grep -q "^/\* $name " || { echo "$header: starts with no comment '/* $name — what it is'"; failed=1; }
done
exit $failed
