#!/bin/sh
# helix.t - a real Helix with clients/helix/languages.toml, on a terminal's screen.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$tests/../.." && pwd)
helix=$top/build/editors/helix/usr/lib/hx/hx
if [ ! -x "$helix" ] || ! command -v tmux >/dev/null 2>&1; then
    echo '1..0 # SKIP no Helix or no tmux here: tests/setup.sh test gets them'
    exit 0
fi
socket=lintel-helix-$$
editor=helix
status=0
. "$tests/terminal.sh"
folder=$(mktemp -d)
trap 'terminal kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM
. "$tests/home.sh"
make_home "$folder"
export TERM=xterm-256color COLORTERM=truecolor
unset TMUX || true
mkdir -p "$XDG_CONFIG_HOME/helix"
cp "$top/clients/helix/languages.toml" "$XDG_CONFIG_HOME/helix/"
cat >"$XDG_CONFIG_HOME/helix/config.toml" <<'TOML'
[editor]
end-of-line-diagnostics = "hint"
[editor.lsp]
display-messages = true
TOML

echo 1..10
if "$helix" --health sql 2>&1 | grep -q 'lintel'; then echo 'ok - health names the server'; else
    echo 'not ok - health names the server'
    status=1
fi
# Escape and what follows at once is a key with Alt.
escape() { press Escape; sleep 0.3; }

terminal new-session -d -x 200 -y 34 "$helix migrations/0001_customers.sql"
shows 'findings' 'but no index starts with it' 'looks like money'
press 'gg' 'w' 'w' 'e' Space 'k'
shows 'a hover' '3 columns' 'primary key'
escape
press ':o migrations/0002_age.sql' Enter
shows 'findings that know the migrations before' 'existing rows would have no value' 'blocks every write'
press '3ggw' Space 'a'
shows 'code actions' 'Build the index concurrently' 'Consult database architect'
press Enter
shows 'the fix applied' 'CREATE INDEX CONCURRENTLY'
escape
press 'gg' 'w' 'w' 'w' Space 'a'
shows 'the consultation offered' 'Consult database architect about customers'
press Enter
shows 'where the report is' 'Written to' 'lintel/reports/'
if grep -q 'customers' "$XDG_STATE_HOME"/lintel/reports/*.md; then echo 'ok - the report is there'; else
    echo 'not ok - the report is there'
    status=1
fi
press ':qa!' Enter
over
exit $status
