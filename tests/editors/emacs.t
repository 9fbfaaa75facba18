#!/bin/sh
# emacs.t - a real Emacs with Eglot and clients/emacs/lintel-eglot.el, in batch mode.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$tests/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
: "${LINTEL:=$top/build/debug/lintel}"
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_CACHE_HOME="$folder/cache" XDG_STATE_HOME="$folder/state" LANG=C.UTF-8
if ! emacs -q --no-site-file --batch --eval '(progn (unless (locate-library "eglot") (require (quote package)) (package-initialize)) (require (quote eglot)))' >/dev/null 2>&1; then
    echo '1..0 # SKIP no Emacs with Eglot here: tests/setup.sh editors gets it'
    exit 0
fi
mkdir -p "$folder/bin"
ln -s "$LINTEL" "$folder/bin/lintel"
export PATH="$folder/bin:$PATH"
cp -r "$tests/nvim/project" "$tests/nvim/plain" "$folder/"
git -C "$folder/project" init -q
git -C "$folder/plain" init -q
cd "$folder/project"
status=0
timeout 120 emacs -q --no-site-file --batch -L "$top/clients/emacs" -l "$tests/emacs/test.el" >"$folder/tap" 2>"$folder/messages" </dev/null || status=$?
cat "$folder/tap"
[ $status -eq 0 ] || sed 's/^/# /' "$folder/messages"
exit $status
