#!/bin/sh
# fetch-neovim.sh - a Neovim newer than this Debian's, in a folder of its own.
#
# Usage: tests/editors/fetch-neovim.sh FOLDER [SUITE]       SUITE: trixie
#
# The packages come from the machine's own Debian mirror by apt, with lists and states of their own
# below FOLDER, and are unpacked there; nothing is installed into the system. The editor's
# interpreter and library path are then set to the unpacked ones, in place, so that it finds its
# runtime files beside itself and the programs that it starts keep the system's libraries. FOLDER
# must not be moved afterwards. Needs patchelf.
set -eu
folder=$1
suite=${2:-trixie}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
apt=$folder/.apt

mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' 2>/dev/null | sort -u | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo "fetch-neovim: this machine's apt knows no Debian mirror" >&2; exit 1; }

mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
: > "$apt/status" # nothing counts as installed: the C library comes along
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$apt/sources.list"
set -- -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
    -o Dir::Cache="$apt/cache" -o APT::Install-Recommends=false -o APT::Sandbox::User=root
apt-get "$@" -qq update
apt-get "$@" -qq -y --download-only install neovim
for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$folder"; done
rm -rf "$apt/lists" "$apt/cache"

libraries=$(dirname "$(find "$folder/usr/lib" -name 'libuv.so.1' | head -n 1)")
loader=$(find "$folder" -type f -name 'ld-linux*.so.*' | head -n 1)
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$folder/usr/bin/nvim"
"$folder/usr/bin/nvim" --version | head -n 1
