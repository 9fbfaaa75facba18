#!/bin/sh
# setup.sh - install what is missing to build, test or check Lintel, and nothing else.
#
# Usage: tests/setup.sh [--dry-run] [PART...]        PART: build demo test vsix check fuzz bench editors oracles all
#
# It first says what it will install, then installs it: Debian packages with apt (as root or through
# a sudo that asks no password; otherwise it prints the command for you and exits 1), the npm
# packages exactly as the lock files name them, into folders that git ignores. What is there already
# is not touched, and a command that came from somewhere else than Debian counts as there.
# Running it again when all is there does nothing and takes a moment.
#
#   build    compiler, make, pkg-config, libraries, npm, and the grammar runtime (grammars/)
#   demo     the same as build
#   test     build, the test runner, the databases that the model is compared with, Emacs; and a Neovim and a Helix in build/editors
#   vsix     build, and what the VS Code extension is made with
#   check    test, formatter, second compiler, valgrind
#   fuzz     build, clang with libFuzzer
#   bench    build, and the servers we measure ourselves against (tests/peers)
#   editors  test, vsix, a browser; and a newer Neovim and a VS Code in build/editors (not in the system)
#   oracles  test, and large programs whose models and migrations are compared with ours: hundreds of packages
#   all      all of these but oracles
set -eu
cd "$(dirname "$0")/.."

dry_run=false
[ "${1:-}" = --dry-run ] && { dry_run=true; shift; }
[ $# -gt 0 ] || set -- build

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

packages=
npm_folders=
fetches= # a line for each: what it is, |, the command that fetches it
add() { case " $packages " in *" $1 "*) ;; *) packages="$packages $1" ;; esac }

# need_command COMMAND PACKAGE - PACKAGE is wanted unless COMMAND is on the path
need_command() { command -v "$1" >/dev/null 2>&1 || add "$2"; }
# need_library PKG_CONFIG_NAME PACKAGE
need_library() { pkg-config --exists "$1" >/dev/null 2>&1 || add "$2"; }
# need_file PACKAGE FILE... - any one of the files will do
need_file() {
    package=$1; shift
    for file; do [ -e "$file" ] && return; done
    add "$package"
}
# need_python PACKAGE MODULE - of Debian's Python, whichever is first on the path
need_python() { need_file "$1" "/usr/lib/python3/dist-packages/$2"; }
# need_npm FOLDER - the folder has a package.json and a lock file
need_npm() {
    [ -e "$1/package-lock.json" ] || return 0
    if ! cmp -s "$1/package-lock.json" "$1/node_modules/.lintel-lock"; then
        case " $npm_folders " in *" $1 "*) ;; *) npm_folders="$npm_folders $1" ;; esac
        need_command node nodejs
        need_command npm npm
    fi
}

# need_fetched FILE WHAT COMMAND - COMMAND is run after all else unless FILE is there
need_fetched() {
    [ -e "$1" ] && return
    case "$fetches" in *"|$3
"*) ;; *) fetches="$fetches$2|$3
" ;; esac
}
# need_editor NAME WHAT SUITE PACKAGE PROGRAM - of another Debian than this
need_editor() {
    need_fetched "build/editors/$1/$5" "$2, into build/editors/$1" "fetch_editor build/editors/$1 $3 $4 $5"
}
# Without it the tests that want it say so and go on.
fetch_sqlalchemy() {
    sh tests/oracles/fetch-sqlalchemy.sh build/sqlalchemy2 || { rm -rf build/sqlalchemy2; say "no SQLAlchemy 2"; }
}
fetch_editor() {
    sh tests/editors/fetch-editor.sh "$@" || { rm -rf "$1"; say "no $3 of $2"; }
}

part_build() {
    need_command gcc gcc
    need_file libc6-dev /usr/include/stdio.h
    need_command make make
    need_command pkg-config pkg-config
    need_library libcjson libcjson-dev
    need_library yaml-0.1 libyaml-dev
    need_file uthash-dev /usr/include/uthash.h /usr/local/include/uthash.h
    need_library libcurl libcurl4-openssl-dev
    need_library libpcre2-8 libpcre2-dev
    need_npm grammars
}
part_test() {
    part_build
    need_command prove perl
    need_library cmocka libcmocka-dev
    need_command python3 python3
    need_command node nodejs
    need_command npm npm
    need_command git git
    need_file postgresql-15 /usr/lib/postgresql/15/bin/initdb
    need_file mariadb-server-core /usr/sbin/mariadbd /usr/sbin/mysqld
    need_command mariadb mariadb-client-core
    need_command mariadb-install-db mariadb-server-core
    need_command sqlite3 sqlite3
    need_command strace strace
    need_python python3-alembic alembic
    need_python python3-flask-migrate flask_migrate
    need_python python3-psycopg2 psycopg2
    need_python python3-flask-sqlalchemy flask_sqlalchemy
    need_python python3-sqlmodel sqlmodel
    need_fetched build/sqlalchemy2/usr "SQLAlchemy 2 of the next Debian release, into build/sqlalchemy2" fetch_sqlalchemy
    for folder in tests/*/; do need_npm "${folder%/}"; done
    need_npm tests/oracles/prisma
    need_npm clients/vscode
    need_command patchelf patchelf
    need_command tmux tmux
    need_command emacs emacs-nox
    need_file elpa-eglot /usr/share/emacs/site-lisp/elpa-src/eglot-1.9/eglot.el /usr/share/emacs/29.*/lisp/progmodes/eglot.el.gz \
        /usr/share/emacs/30.*/lisp/progmodes/eglot.el.gz
    need_editor neovim "Neovim of the next Debian release" trixie neovim usr/bin/nvim
    need_editor helix "Helix of the next Debian release" trixie hx usr/lib/hx/hx
}
part_vsix() {
    part_build
    need_command node nodejs
    need_npm clients/vscode
    need_npm clients/vscode/packaging
}
part_check() {
    part_test
    need_command clang clang
    need_command clang-format clang-format
    need_command valgrind valgrind
}
part_fuzz() {
    part_build
    need_command clang clang
    need_file libclang-rt-14-dev /usr/lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.fuzzer-x86_64.a \
        /usr/lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.fuzzer-aarch64.a
}
part_bench() {
    part_build
    need_command python3 python3
    need_npm tests/peers
}
part_editors() {
    part_test
    part_vsix
    need_npm tests/editors/vscode
    need_command chromium-headless-shell chromium-headless-shell
    need_file fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
    need_command g++ g++
    need_file libkrb5-dev /usr/include/krb5.h /usr/include/krb5/krb5.h
    need_fetched build/editors/code-server/complete "VS Code as a web server, of npm, into build/editors/code-server" \
        "sh tests/editors/fetch-code-server.sh build/editors/code-server"
    need_editor neovim-current "Neovim of Debian's unstable" sid neovim usr/bin/nvim
}

part_oracles() {
    part_test
    for program in keystone cinder nova manila neutron ironic glance; do
        need_python "python3-$program" "$program"
    done
    need_python buildbot buildbot
    need_python mailman3 mailman
}

for part; do
    case $part in
    build | demo) part_build ;;
    test) part_test ;;
    vsix) part_vsix ;;
    check) part_check ;;
    fuzz) part_fuzz ;;
    bench) part_bench ;;
    editors) part_editors ;;
    oracles) part_oracles ;;
    all) part_check; part_fuzz; part_bench; part_editors ;;
    -h | --help) sed -n '2,/^set -eu/{/^set -eu/d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
    *) die "unknown part: $part (build demo test vsix check fuzz bench editors oracles all)" ;;
    esac
done

[ -z "$packages" ] || say "Debian packages to install:$packages"
for folder in $npm_folders; do say "npm packages to fetch: those of $folder/package-lock.json"; done
printf '%s' "$fetches" | while IFS='|' read -r what _; do say "$what"; done
if $dry_run; then exit 0; fi

as_root=
if [ "$(id -u)" -ne 0 ]; then as_root='sudo -n'; fi

install_packages() {
    # Servers that packages bring along must not start, nor touch a port: we only want their programs.
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y --no-install-recommends $packages
}

if [ -n "$packages" ]; then
    command="apt-get update && apt-get install -y --no-install-recommends$packages"
    command -v apt-get >/dev/null 2>&1 ||
        die "there is no apt here. Install what these Debian packages hold, then start again:$packages"
    if [ -n "$as_root" ] && ! $as_root true 2>/dev/null; then
        die "not root. Run this, then start again:
    sudo sh -c '$command'"
    fi
    # PostgreSQL's package makes a cluster and starts it unless it is told not to.
    case " $packages " in *" postgresql-15 "*)
        if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
            $as_root mkdir -p /etc/postgresql-common
            echo 'create_main_cluster = false' |
                $as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
        fi ;;
    esac
    log=$(mktemp)
    # The lists may be absent or out of date: refresh them only if the first try fails.
    if ! install_packages >"$log" 2>&1; then
        $as_root apt-get update >"$log" 2>&1 || { cat "$log" >&2; die "apt-get update failed"; }
        install_packages >"$log" 2>&1 || { cat "$log" >&2; die "could not install:$packages"; }
    fi
    rm -f "$log"
    say "installed:$packages"
fi

for folder in $npm_folders; do
    # No package's own script runs: we want files, not builds.
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >/dev/null ||
        die "npm ci failed in $folder"
    cp "$folder/package-lock.json" "$folder/node_modules/.lintel-lock"
    say "fetched the npm packages of $folder"
done

# shellcheck disable=SC2086
printf '%s' "$fetches" | while IFS='|' read -r _ command; do $command </dev/null; done
