#!/bin/sh
# fetch-code-server.sh - VS Code as a web server (code-server) and the Node.js that it wants, in a folder of its own.
#
# Usage: tests/editors/fetch-code-server.sh FOLDER
#
# Both come from the npm registry. code-server 4.139.1 is Code 1.139.1; three of its parts are compiled here, for
# which it needs a C++ compiler, python3 and Kerberos' headers. Takes two to three minutes and 0.8 GB.
set -eu
node_version=24.21.0
code_server_version=4.139.1
mkdir -p "$1"
folder=$(cd "$1" && pwd)
log=$folder/fetch.log
install() { npm install --prefix "$folder" --no-audit --no-fund --no-save "$@" >>"$log" 2>&1; }
if ! {
    : >"$log"
    install "node@$node_version"
    # Its set-up looks at the version of the Node.js that npm itself runs on. The headers are the system's.
    PATH="$folder/node_modules/node/bin:$PATH" npm_config_nodedir="${npm_config_nodedir:-/usr}" \
        install --foreground-scripts "node@$node_version" "code-server@$code_server_version"
    "$folder/node_modules/node/bin/node" "$folder/node_modules/code-server/out/node/entry.js" --version \
        --config "$folder/config.yaml" >>"$log" 2>&1
}; then
    tail -n 20 "$log" >&2
    exit 1
fi
touch "$folder/complete"
