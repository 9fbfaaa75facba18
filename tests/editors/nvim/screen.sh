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
editor=$(basename "${nvim%/usr/bin/nvim}")
. "$SUITES/../terminal.sh"

cat >"$HOME/init.lua" <<'LUA'
vim.diagnostic.config({ virtual_text = true })
vim.o.laststatus, vim.o.ruler, vim.o.number = 2, false, true
vim.o.statusline = "%f %m%= %{%v:lua.require'lintel'.status()%} "
LUA
terminal new-session -d -x 150 -y 40 \
    "$nvim --clean -n -i NONE --cmd 'set rtp^=$PLUGIN' -u $HOME/init.lua migrations/0001_customers.sql"
shows 'findings' 'looks like money' 'Lintel: project (postgresql)'
shows 'lenses' 'Consult database architect' '2 references'
press '/total' Enter ':lua vim.lsp.buf.hover()' Enter
shows 'a hover' 'double precision' 'float-money'
press Escape
sleep 0.3 # or the terminal takes what follows for a key with Alt
press ":Lintel sch" Tab
shows 'completion' ':Lintel schema'
press C-u BSpace # not C-c: what was pressed behind it, and not read yet, is thrown away
click 2 'orders ('
shows 'the context menu' 'Consult Database Architect'
click 0 'Consult Database Architect'
shows 'a report beside the code' 'Database Architecture Analysis Report' 'CREATE TABLE customers'
press ':Lintel schema' Enter
shows 'the schema' 'erDiagram' 'CREATE TABLE customers'
press ':wincmd p' Enter ':Lintel status' Enter
shows 'the status' 'consultant: offline' '2 tables'
press Enter ':qa!' Enter
over
exit $status
