#!/bin/sh
# fetch-packages.sh - packages newer than this Debian's, unpacked into a folder of their own.
#
# Usage: tests/fetch-packages.sh [--with-dependencies] FOLDER SUITE PACKAGE...
#
# They come from the machine's own Debian mirror by apt, with lists and states of their own below
# FOLDER, which are gone afterwards; nothing is installed into the system. With dependencies means
# all of them, down to the C library.
set -eu
dependencies=false
[ "$1" = --with-dependencies ] && { dependencies=true; shift; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
suite=$2
shift 2
apt=$folder/.apt

mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' 2>/dev/null | sort -u | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo "fetch-packages: this machine's apt knows no Debian mirror" >&2; exit 1; }

mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
: > "$apt/status" # nothing counts as installed
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$apt/sources.list"
own_apt() {
    apt-get -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
        -o Dir::Cache="$apt/cache" -o APT::Install-Recommends=false \
        -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false "$@"
}
own_apt -qq update
if $dependencies; then
    own_apt -qq -y --download-only install "$@"
else
    (cd "$apt/cache/archives" && own_apt -qq download "$@")
fi
for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$folder"; done
rm -rf "$apt"
