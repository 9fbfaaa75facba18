#!/bin/sh
# fetch-editor.sh - an editor newer than this Debian's, in a folder of its own.
#
# Usage: tests/editors/fetch-editor.sh FOLDER SUITE PACKAGE PROGRAM     FOLDER trixie neovim usr/bin/nvim
#
# The program's interpreter and library path are set to the unpacked ones, in place, so that it finds
# its runtime files beside itself and the programs that it starts keep the system's libraries. FOLDER
# must not be moved afterwards. Needs patchelf.
set -eu
sh "$(dirname "$0")/../fetch-packages.sh" --with-dependencies "$1" "$2" "$3"
folder=$(cd "$1" && pwd)
libraries=$(dirname "$(find "$folder/usr/lib" -name 'libc.so.6' | head -n 1)")
loader=$(find "$folder" -type f -name 'ld-linux*.so.*' | head -n 1)
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$folder/$4"
"$folder/$4" --version | head -n 1
