#!/bin/sh
# fetch.sh - llama.cpp's server and what it needs, of the next Debian, in a folder of their own.
#
# Usage: tests/live/fetch.sh FOLDER [SUITE]       SUITE: sid
set -eu
[ -x "$1/usr/bin/llama-server" ] && exit 0
sh "$(dirname "$0")/../fetch-packages.sh" --with-dependencies "$1" "${2:-sid}" llama.cpp-tools
