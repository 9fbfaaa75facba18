#!/bin/sh
# emacs.t - a real Emacs with Eglot and clients/emacs/lintel-eglot.el, in batch mode.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$tests/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
. "$tests/home.sh"
make_home "$folder"
if ! emacs -q --no-site-file --batch --eval '(progn (unless (locate-library "eglot") (require (quote package)) (package-initialize)) (require (quote eglot)))' >/dev/null 2>&1; then
    echo '1..0 # SKIP no Emacs with Eglot here: tests/setup.sh test gets it'
    exit 0
fi
status=0
timeout 120 emacs -q --no-site-file --batch -L "$top/clients/emacs" -l "$tests/emacs/test.el" >"$folder/tap" 2>"$folder/messages" </dev/null || status=$?
cat "$folder/tap"
[ $status -eq 0 ] || sed 's/^/# /' "$folder/messages"
exit $status
