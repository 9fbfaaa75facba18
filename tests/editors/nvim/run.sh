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
[ $# -gt 0 ] || set -- plugin model quiet failures setup configuration screen
folder=$(mktemp -d)
trap '[ -z "$model" ] || kill "$model" 2>/dev/null || true; tmux -L "lintel-$$" kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
model=
: "${LINTEL:=$top/build/debug/lintel}"
export LINTEL SUITES="$suites" PLUGIN="$top/clients/nvim" NVIM_LOG_FILE="$folder/nvim.log" TERM=xterm-256color LANG=C.UTF-8
unset NVIM VIM VIMRUNTIME TMUX || true

# prepare NAME - an empty home, the projects, and the program on the path as a person has it
prepare() {
    export HOME="$folder/$1" XDG_CONFIG_HOME="$folder/$1/config" XDG_DATA_HOME="$folder/$1/data"
    export XDG_CACHE_HOME="$folder/$1/cache" XDG_STATE_HOME="$folder/$1/state"
    mkdir -p "$HOME/bin"
    cp -r "$suites/project" "$suites/plain" "$HOME/"
    ln -s "$LINTEL" "$HOME/bin/lintel"
    export PATH="$HOME/bin:$system_path"
    for project in "$HOME/project" "$HOME/plain"; do
        git -C "$project" init -q
        git -C "$project" add .
        git -C "$project" -c user.name=t -c user.email=t@localhost -c commit.gpgsign=false commit -qm start
    done
    cd "$HOME/project"
}
system_path=$PATH

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

status=0
for suite; do
    prepare "$suite"
    [ "$suite" != model ] || start_model
    echo "# $suite in $("$nvim" --version | head -n 1)"
    case $suite in
    screen) sh "$suites/screen.sh" "$nvim" "lintel-$$" || status=1 ;;
    configuration)
        timeout 120 "$nvim" --headless --clean -n -i NONE -u "$suites/init.lua" -S "$suites/$suite.lua" </dev/null || status=1 ;;
    *)
        [ $suite = setup ] && options="lua vim.g.lintel = { enable = false, split = 'tab' }" || options=
        timeout 120 "$nvim" --headless --clean -n -i NONE --cmd "let g:loaded_python3_provider = 0 | set rtp^=$PLUGIN" --cmd "$options" -S "$suites/$suite.lua" </dev/null || status=1 ;;
    esac
done >"$folder/tap" 2>"$folder/messages"
cat "$folder/tap"
echo "1..$(grep -c -E '^(not )?ok\b' "$folder/tap")"
[ $status -eq 0 ] || sed 's/^/# /' "$folder/messages"
exit $status
