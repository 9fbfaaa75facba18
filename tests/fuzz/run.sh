#!/bin/sh
# run.sh SECONDS [TARGET] - fuzz each target that long with libFuzzer. What it finds is kept in build/fuzz/found/.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
build=build/fuzz
targets=${2:-$(find tests/fuzz -maxdepth 1 -name '*.c' -not -name replay.c | sed 's#.*/##; s#\.c$##' | LC_ALL=C sort)}

${MAKE:-make} --no-print-directory -j2 MODE=asan BUILD=$build CC=clang \
    CFLAGS='-fsanitize=fuzzer-no-link' LDFLAGS='' $build/liblintel.a $(for t in $targets; do echo "$build/tests/fuzz/$t.o"; done)
libraries="$(pkg-config --libs libcjson yaml-0.1 libpcre2-8) -ldl"

failed=
for target in $targets; do
    # shellcheck disable=SC2086
    clang -fsanitize=fuzzer,address,undefined -o "$build/$target" "$build/tests/fuzz/$target.o" $build/liblintel.a $libraries -pthread
    mkdir -p "$build/corpus/$target" "$build/found"
    seeds=tests/fuzz/corpus/$target
    if [ "$target" = sql ] || [ "$target" = edits ]; then
        # Every fixture is a seed as well, behind the bytes that such an input starts with.
        seeds="$seeds $build/seeds/$target"
        mkdir -p "$build/seeds/$target"
        find tests/fixtures -name '*.sql' 2>/dev/null | while read -r file; do
            name=$(echo "$file" | tr / _)
            if [ "$target" = sql ]; then printf '\000'; else printf '\000\017\377'; fi | cat - "$file" >"$build/seeds/$target/$name"
        done
    fi
    dictionary=
    [ ! -e "tests/fuzz/$target.dict" ] || dictionary="-dict=tests/fuzz/$target.dict"
    printf '== %s: %s seconds\n' "$target" "$seconds"
    # shellcheck disable=SC2086
    if ! ASAN_OPTIONS=detect_stack_use_after_return=1 "$build/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=8192 -print_final_stats=1 -verbosity=1 $dictionary -artifact_prefix="$build/found/$target-" \
        "$build/corpus/$target" $seeds >"$build/$target.log" 2>&1; then
        failed="$failed $target"
        tail -n 60 "$build/$target.log"
    else
        grep -E 'stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$build/$target.log" || true
    fi
done
[ -z "$failed" ] || { echo "fuzzing found something:$failed (build/fuzz/found)"; exit 1; }
