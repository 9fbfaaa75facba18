#!/bin/sh
# neovim.t - a real Neovim with the ten lines of nvim/init.lua: headless checks, then one screen.
#
# Needs the editor of `tests/setup.sh editors`; without it the test says so and is skipped.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
nvim=$top/build/editors/neovim/usr/bin/nvim
if [ ! -x "$nvim" ]; then
    echo '1..0 # SKIP no Neovim here: tests/setup.sh editors gets one'
    exit 0
fi
folder=$(mktemp -d)
trap 'tmux -L "lintel-$$" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
: "${LINTEL:=$top/build/debug/lintel}"
export LINTEL HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/data" XDG_CACHE_HOME="$folder/cache"
export XDG_STATE_HOME="$folder/state" NVIM_LOG_FILE="$folder/nvim.log" TERM=xterm-256color LANG=C.UTF-8
unset NVIM VIM VIMRUNTIME TMUX || true
cp -r "$top/tests/editors/nvim/project" "$folder/project"
cd "$folder/project"

run() { timeout 120 "$nvim" --headless --clean -n -i NONE -u "$top/tests/editors/nvim/init.lua" "$@" </dev/null; }
status=0
run -S "$top/tests/editors/nvim/e2e.lua" || status=$?

# The same on a screen, as a person sees it.
if command -v tmux >/dev/null 2>&1; then
    cp -r "$top/tests/editors/nvim/project/." .
    screen() { tmux -L "lintel-$$" -f /dev/null "$@"; }
    screen new-session -d -x 110 -y 24 "$nvim --clean -n -i NONE -u $top/tests/editors/nvim/init.lua migrations/0002_age.sql"
    tries=0
    until screen capture-pane -p -t 0 >"$folder/screen" 2>/dev/null && grep -q 'fails when the table has rows' "$folder/screen"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || break
        sleep 0.1
    done
    if [ $tries -lt 300 ]; then echo 'ok 12 - the screen shows the finding'; else
        echo 'not ok 12 - the screen shows the finding'
        sed 's/^/#   /' "$folder/screen"
        status=1
    fi
    if [ -n "${SCREENS:-}" ]; then cp "$folder/screen" "$SCREENS/neovim.txt"; fi
else
    echo 'ok 12 - the screen shows the finding # SKIP no tmux'
fi
exit $status
