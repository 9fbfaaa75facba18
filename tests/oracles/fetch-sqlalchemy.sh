#!/bin/sh
# fetch-sqlalchemy.sh - a SQLAlchemy newer than this Debian's, in a folder of its own.
#
# Usage: tests/oracles/fetch-sqlalchemy.sh FOLDER [SUITE]       SUITE: trixie
#
# The packages come from the machine's own Debian mirror by apt, with lists and states of their own
# below FOLDER, and are unpacked there; nothing is installed into the system. PYTHONPATH must then
# name FOLDER/usr/lib/python3/dist-packages. What it has compiled is for another Python and is left
# out: SQLAlchemy does without.
set -eu
folder=$1
suite=${2:-trixie}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
apt=$folder/.apt

mirror=$(apt-get indextargets --format '$(SITE)' 'Origin: Debian' 2>/dev/null | sort -u | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo "fetch-sqlalchemy: this machine's apt knows no Debian mirror" >&2; exit 1; }

mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/packages"
: > "$apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$apt/sources.list"
set -- -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status" \
    -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root
apt-get "$@" -qq update
(cd "$apt/packages" && apt-get "$@" -qq download python3-sqlalchemy python3-typing-extensions)
for package in "$apt"/packages/*.deb; do dpkg -x "$package" "$folder"; done
find "$folder" -name '*.so' -delete
rm -rf "$apt"
PYTHONPATH=$folder/usr/lib/python3/dist-packages /usr/bin/python3 -c \
    'import sqlalchemy; print("SQLAlchemy", sqlalchemy.__version__)'
