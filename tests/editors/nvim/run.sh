#!/bin/sh
# run.sh - the suites of this folder in one real Neovim.
#
# Usage: tests/editors/nvim/run.sh EDITOR [SUITE...]     EDITOR: a folder in build/editors
#
# Each suite gets an editor, a home and a copy of the projects of its own. SCREENS=folder keeps what the terminal showed.
set -eu
suites=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$suites/../../.." && pwd)
editor=$1
shift
nvim=$top/build/editors/$editor/usr/bin/nvim
if [ ! -x "$nvim" ]; then
    echo "1..0 # SKIP no $editor here: tests/setup.sh editors gets it"
    exit 0
fi
[ $# -gt 0 ] || set -- plugin company model quiet failures setup configuration screen
folder=$(mktemp -d)
trap '[ -z "$model" ] || kill "$model" 2>/dev/null || true; tmux -L "lintel-$$" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
model=
. "$suites/../home.sh"
export LINTEL SUITES="$suites" PLUGIN="$top/clients/nvim" PEERS="$top/tests/peers/node_modules" NVIM_LOG_FILE="$folder/nvim.log" TERM=xterm-256color
unset NVIM VIM VIMRUNTIME TMUX || true

# start_model - a language model on this machine, where MODEL_URL says
start_model() {
    python3 "$top/tests/consult/mock_server.py" >"$folder/model.address" &
    model=$!
    tries=0
    until grep -q scenarios "$folder/model.address" 2>/dev/null || [ $tries -ge 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    MODEL_URL=$(sed 's/ .*//' "$folder/model.address")
    export MODEL_URL
}

# ended STATUS - the suite, in a bad way: an editor may also crash when all is done
ended() {
    echo "# $suite ended with status $1"
    status=1
}

status=0
for suite; do
    make_home "$folder/$suite"
    [ "$suite" != model ] || start_model
    echo "# $suite in $("$nvim" --version | head -n 1)"
    case $suite in
    screen) sh "$suites/screen.sh" "$nvim" "lintel-$$" || ended $? ;;
    configuration)
        timeout 120 "$nvim" --headless --clean -n -i NONE -u "$suites/init.lua" -S "$suites/$suite.lua" </dev/null || ended $? ;;
    *)
        [ $suite = setup ] && options="lua vim.g.lintel = { enable = false, split = 'tab' }" || options=
        timeout 120 "$nvim" --headless --clean -n -i NONE --cmd "let g:loaded_python3_provider = 0 | set rtp^=$PLUGIN" --cmd "$options" -S "$suites/$suite.lua" </dev/null || ended $? ;;
    esac
done >"$folder/tap" 2>"$folder/messages"
cat "$folder/tap"
echo "1..$(grep -c -E '^(not )?ok\b' "$folder/tap")"
[ $status -eq 0 ] || sed 's/^/# /' "$folder/messages"
exit $status
