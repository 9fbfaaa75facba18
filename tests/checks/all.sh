#!/bin/sh
# all.sh - what `make check` runs: every check, then every test, whose summary comes last.
#
# A check that fails does not stop the others: one run shows all that is wrong. Each one's time is
# printed, because the whole must stay below twenty minutes on two cores.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MFLAGS # each step says itself how it is built
MAKE="${MAKE:-make} --no-print-directory -j2"
failed=

step() { # step NAME COMMAND...
    name=$1; shift
    start=$(date +%s)
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        printf '%-24s ok      %4ds\n' "$name" $(($(date +%s) - start))
    else
        printf '%-24s FAILED  %4ds\n' "$name" $(($(date +%s) - start))
        grep -v -E '^(CC|LINK)    ?' "$log" | tail -n 60 | sed 's/^/    /'
        failed="$failed $name"
    fi
    rm -f "$log"
}

check_format() {
    find server tests -name '*.[ch]' -not -path '*/node_modules/*' | xargs clang-format --dry-run -Werror
}
check_scripts() {
    find tests grammars clients .ci -name '*.sh' -not -path '*/node_modules/*' | xargs -n 1 sh -n &&
        find tests -name '*.py' -not -path '*/node_modules/*' | PYTHONPYCACHEPREFIX=build/check/pycache xargs python3 -m py_compile
}
# With optimisation, where gcc sees more.
build_gcc() { $MAKE MODE=release BUILD=build/check/gcc CC=gcc WERROR=1 programs; }
build_clang() { $MAKE MODE=debug BUILD=build/check/clang CC=clang WERROR=1 programs; }
check_install() {
    destination=$(mktemp -d) &&
        $MAKE install DESTDIR="$destination" PREFIX=/opt/lintel BUILD=build/check/gcc CC=gcc WERROR=1 &&
        (cd / && "$destination/opt/lintel/bin/lintel" --version) &&
        (cd / && HOME=/nonexistent "$destination/opt/lintel/bin/lintel" agents | grep '^[*] .*\[installed\]') &&
        $MAKE uninstall DESTDIR="$destination" PREFIX=/opt/lintel &&
        left=$(find "$destination" -type f) && [ -z "$left" ] && rm -rf "$destination"
}
# `make docs` writes it; a rule changes in the same commit as its page.
check_rules_page() {
    build/check/gcc/lintel rules --format markdown | diff server/RULES.md - ||
        { echo 'server/RULES.md is not what the rules say: run make docs'; return 1; }
}
# The tests that have threads: named by what they are about.
check_threads() {
    wanted=$(find tests -type f \( -path 'tests/sessions/*.t' -o -name 'test_*.c' \) \
        -exec grep -l -E 'loop/|worker|session|analyse|snapshot' {} + | sed 's/\.c$//' | LC_ALL=C sort)
    [ -n "$wanted" ] || return 0
    # The sanitizer cannot live with as much address randomisation as newer kernels do.
    # shellcheck disable=SC2086
    setarch -R $MAKE MODE=tsan run-tests TESTS="$(echo $wanted)"
}
check_valgrind() {
    programs=$(find tests/unit -name 'test_*.c' | sed 's/\.c$//' | LC_ALL=C sort)
    # shellcheck disable=SC2086
    RUNNER='valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9' \
        $MAKE MODE=release BUILD=build/check/gcc CC=gcc WERROR=1 run-tests TESTS="$(echo $programs)" &&
        if [ -d tests/projects/shop ]; then
            for command in 'check --fail-on never' 'schema --format json' 'consult --provider offline'; do
                # shellcheck disable=SC2086
                valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 \
                    build/check/gcc/lintel $command tests/projects/shop >/dev/null || return 1
            done
        fi
}
check_grammar() {
    sh grammars/sql/check.sh && sh grammars/python/check.sh
}

step format check_format
step scripts check_scripts
step layers tests/checks/layers.sh
step banned-functions tests/checks/banned.sh
step headers tests/checks/headers.sh
step grammar check_grammar
step gcc-warnings build_gcc
step clang-warnings build_clang
step install check_install
step rules-page check_rules_page
step valgrind check_valgrind
step thread-sanitizer check_threads

[ -z "$failed" ] || printf '\nfailed checks:%s\n\n' "$failed"
$MAKE test
tests_failed=$?
[ -z "$failed" ] && exit $tests_failed
exit 1
