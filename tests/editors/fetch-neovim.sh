#!/bin/sh
# fetch-neovim.sh - a Neovim newer than this Debian's, in a folder of its own.
#
# Usage: tests/editors/fetch-neovim.sh FOLDER [SUITE]       SUITE: trixie
#
# The editor's interpreter and library path are set to the unpacked ones, in place, so that it finds
# its runtime files beside itself and the programs that it starts keep the system's libraries. FOLDER
# must not be moved afterwards. Needs patchelf.
set -eu
sh "$(dirname "$0")/../fetch-packages.sh" --with-dependencies "$1" "${2:-trixie}" neovim
folder=$(cd "$1" && pwd)
libraries=$(dirname "$(find "$folder/usr/lib" -name 'libuv.so.1' | head -n 1)")
loader=$(find "$folder" -type f -name 'ld-linux*.so.*' | head -n 1)
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$folder/usr/bin/nvim"
"$folder/usr/bin/nvim" --version | head -n 1
