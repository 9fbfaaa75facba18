#!/bin/sh
# run.sh - run tests (programs and scripts that speak TAP) under prove.
#
# Usage: BUILD=build/asan tests/run.sh TEST...
#
# What a test may count on: it starts at the top of the repository; LINTEL is the binary's absolute
# path; LINTEL_BUILD the build folder's; HOME is an empty folder; no network, no locale but C.UTF-8.
set -eu
cd "$(dirname "$0")/.."
build=$(cd "${BUILD:-build/asan}" && pwd)

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT INT TERM

export LINTEL="$build/lintel" LINTEL_BUILD="$build" HOME="$home"
export LC_ALL=C.UTF-8 TZ=UTC
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_DATA_HOME NO_COLOR || true
# Nobody's key, nobody's model.
unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL ANTHROPIC_MODEL OPENAI_API_KEY \
    OPENAI_BASE_URL OPENAI_MODEL BRAVE_API_KEY LINTEL_API_KEY_COMMAND LINTEL_SEARXNG_URL || true
export CMOCKA_MESSAGE_OUTPUT=TAP PYTHONDONTWRITEBYTECODE=1
export ASAN_OPTIONS="${ASAN_OPTIONS:-allow_user_segv_handler=0:detect_stack_use_after_return=1:strict_string_checks=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
export TSAN_OPTIONS="${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}"

# A test that hangs is a test that fails. RUNNER is put before each test, e.g. valgrind.
prove --jobs "${JOBS:-2}" --timer --failures --comments --exec "timeout ${LIMIT:-900} ${RUNNER:-}" "$@"
