# terminal.sh - what a terminal shows: for tests that source it. Needs tmux; $socket names a server of the test's own, $status
# becomes 1 where something is not shown. SCREENS=folder keeps the screens, colours and all, as $editor-NAME.ansi.
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
            terminal capture-pane -p -e -t 0 >"$SCREENS/$editor-$(echo "$name" | tr ' ' '-').ansi"
        fi
    else
        echo "not ok - the screen shows $name"
        echo "#   no '$missing' in:"
        sed 's/^/#   /' "$HOME/screen"
        status=1
    fi
}

# over - waits until the editor has ended
over() {
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
}
