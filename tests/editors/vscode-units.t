#!/bin/sh
# vscode-units.t - the VS Code extension without an editor: its types, its units, and whether its package.json says what
# the server's options and its own sources say.
set -eu
cd "$(dirname "$0")/../../clients/vscode"
: "${LINTEL:=../../build/debug/lintel}"
export LINTEL
if [ ! -d node_modules ]; then
    echo '1..0 # SKIP no npm packages in clients/vscode: tests/setup.sh test gets them'
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0
status=0
# try NAME COMMAND... - one test: the command succeeds
try() {
    name=$1; shift; n=$((n + 1))
    if "$@" >"$work/output" 2>&1; then echo "ok $n - $name"; else
        status=1
        echo "not ok $n - $name"
        sed 's/^/#   /' "$work/output"
    fi
}
# Without a network: the two are asked for by their files.
try 'the extension type-checks' node node_modules/typescript/lib/tsc.js -p .
try 'the page type-checks' node node_modules/typescript/lib/tsc.js -p src/page
try "settings are those of the server's options" node scripts/settings.mjs --check "$LINTEL"
try 'package.json agrees with the sources, and bundles are small' node test/manifest.mjs "$LINTEL" "$work/dist"
try 'units bundle' node node_modules/esbuild/bin/esbuild test/units.test.ts --bundle --platform=node --format=cjs \
    --alias:vscode=./test/vscode-stub.ts --outfile="$work/units.test.cjs" --log-level=warning
try 'units' node --test "$work/units.test.cjs"
echo "1..$n"
exit $status
