#!/bin/sh
# generate.sh - writes src/parser.c, src/node-types.json, src/grammar.json,
# src/tree_sitter/*.h and src/symbols.h from grammar.js.
#
# Needs node, and the tree-sitter command, 0.25 or newer: the one named by TREE_SITTER,
# else the one on PATH, else Debian's package, which is unpacked (never installed) into
# a cache folder. That package is in a newer Debian release than the oldest one we
# build on, so its C library comes along and the program is started with it.
#
#   generate.sh            regenerate in place
#   generate.sh DIR        write DIR/src/... and leave the committed files alone
#   generate.sh --tool     only print the command that runs tree-sitter; exit 3 when
#                          there is none to be had
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${LINTEL_TREE_SITTER_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/lintel-tree-sitter}

# Unpacks the packages named by the arguments from the suite $suite of the mirror this
# machine's apt is configured with, using a private apt state.
fetch_packages() {
    mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN) $(CODENAME)' 'Created-By: Packages' 2>/dev/null |
        awk '$2 == "Debian" && $3 !~ /-/ { print $1; exit }')
    [ -n "$mirror" ] || return 1
    state=$cache/apt
    mkdir -p "$state/lists/partial" "$state/archives/partial" "$cache/packages"
    printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" >"$state/sources.list"
    apt_private() {
        apt-get -qq -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
            -o Dir::State::Lists="$state/lists" -o Dir::Cache="$state" -o APT::Sandbox::User=root \
            -o Acquire::Languages=none "$@"
    }
    apt_private update >/dev/null 2>&1 || return 1
    (cd "$cache/packages" && apt_private download "$@" >/dev/null 2>&1) || return 1
}

# Before 0.25 the command cannot write a parser of the interface that we use (ABI 15).
can_generate() {
    "$1" --version 2>/dev/null | awk '{ split($2, part, "."); exit !(part[1] > 0 || part[2] >= 25) }'
}

# Unpacks what was fetched into $root, and makes $run start it.
unpack_tool() {
    ls "$cache"/packages/tree-sitter-cli_*.deb >/dev/null 2>&1 || return 1
    mkdir -p "$root"
    for package in "$cache"/packages/*.deb; do
        dpkg -x "$package" "$root" || return 1
    done
    loader=$(find "$root" -name 'ld-linux*.so.*' | head -n 1)
    library=$(dirname "$(find "$root" -name libc.so.6 | head -n 1)")
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$library" "$root/usr/bin/tree-sitter" >"$run.new"
    chmod +x "$run.new"
    can_generate "$run.new" || return 1
    mv "$run.new" "$run"
}

find_tool() {
    if [ -n "${TREE_SITTER:-}" ]; then
        echo "$TREE_SITTER"
        return 0
    fi
    if command -v tree-sitter >/dev/null 2>&1 && can_generate tree-sitter; then
        echo tree-sitter
        return 0
    fi
    root=$cache/root
    run=$cache/tree-sitter
    if [ ! -x "$run" ] || ! can_generate "$run"; then
        command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || return 1
        mkdir -p "$cache" 2>/dev/null || return 1
        rm -f "$run"
        for suite in sid forky; do # trixie's is too old
            rm -rf "$cache/packages" "$root"
            fetch_packages tree-sitter-cli libc6 libgcc-s1 && unpack_tool && break
        done
        [ -x "$run" ] || return 1
    fi
    echo "$run"
}

if ! tool=$(find_tool); then
    echo "generate.sh: no tree-sitter command here (set TREE_SITTER to one)" >&2
    exit 3
fi
if [ "${1:-}" = --tool ]; then
    echo "$tool"
    exit 0
fi

target=${1:-$here}
if [ "$target" != "$here" ]; then
    mkdir -p "$target/src/tree_sitter"
    cp "$here/grammar.js" "$here/tree-sitter.json" "$target/"
fi
cd "$target"
$tool generate --abi 15 grammar.js
node "$here/../symbols.mjs" src/parser.c SQL >src/symbols.h
