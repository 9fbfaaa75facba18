#!/bin/sh
# screen.sh - the plugin on a terminal's screen, as a person sees it.
#
# Usage: screen.sh NVIM SOCKET      in a copy of project/; SCREENS=folder keeps what was shown, colours and all
set -eu
nvim=$1
socket=$2
status=0
if ! command -v tmux >/dev/null 2>&1; then
    echo 'ok - the screen # SKIP no tmux'
    exit 0
fi
terminal() { tmux -L "$socket" -f /dev/null "$@"; }
press() { terminal send-keys -t 0 "$@"; }

# click BUTTON TEXT - on the middle of what the screen shows; BUTTON: 0 left, 2 right
click() {
    at=$(awk -v text="$2" 'index($0, text) { print index($0, text) + int(length(text) / 2) ";" NR; exit }' "$HOME/screen")
    for end in M m; do terminal send-keys -t 0 -l "$(printf '\033[<%d;%s%s' "$1" "$at" $end)"; done
}

# shows NAME TEXT... - waits until the screen has all the texts
shows() {
    name=$1
    shift
    tries=0
    while [ $tries -lt 300 ]; do
        terminal capture-pane -p -t 0 >"$HOME/screen" 2>/dev/null || true
        missing=
        for text; do grep -qF -- "$text" "$HOME/screen" || missing=$text; done
        [ -n "$missing" ] || break
        tries=$((tries + 1))
        sleep 0.1
    done
    if [ -z "$missing" ]; then
        echo "ok - the screen shows $name"
        if [ -n "${SCREENS:-}" ]; then
            mkdir -p "$SCREENS"
            terminal capture-pane -p -e -t 0 >"$SCREENS/$(basename "${nvim%/usr/bin/nvim}")-$(echo "$name" | tr ' ' '-').ansi"
        fi
    else
        echo "not ok - the screen shows $name"
        echo "#   no '$missing' in:"
        sed 's/^/#   /' "$HOME/screen"
        status=1
    fi
}

cat >"$HOME/init.lua" <<'LUA'
vim.diagnostic.config({ virtual_text = true })
vim.o.laststatus, vim.o.ruler, vim.o.number = 2, false, true
vim.o.statusline = "%f %m%= %{%v:lua.require'lintel'.status()%} "
LUA
terminal new-session -d -x 150 -y 40 \
    "$nvim --clean -n -i NONE --cmd 'set rtp^=$PLUGIN' -u $HOME/init.lua migrations/0001_customers.sql"
shows 'findings' 'looks like money' 'Lintel: project (postgresql)'
shows 'lenses' 'Consult database architect' '1 reference'
press '/total' Enter ':lua vim.lsp.buf.hover()' Enter
shows 'a hover' 'double precision' 'float-money'
press Escape
sleep 0.3 # or the terminal takes what follows for a key with Alt
press ":Lintel sch" Tab
shows 'completion' ':Lintel schema'
press C-c
click 2 'orders ('
shows 'the context menu' 'Consult Database Architect'
click 0 'Consult Database Architect'
shows 'a report beside the code' 'Database Architecture Analysis Report' 'CREATE TABLE customers'
press ':Lintel schema' Enter
shows 'the schema' 'erDiagram' 'CREATE TABLE customers'
press ':wincmd p' Enter ':Lintel status' Enter
shows 'the status' 'consultant: offline' '2 tables'
press Enter ':qa!' Enter
tries=0
while terminal has-session 2>/dev/null && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
if terminal has-session 2>/dev/null; then
    echo 'not ok - it ends when it is told to'
    status=1
else
    echo 'ok - it ends when it is told to'
fi
exit $status
