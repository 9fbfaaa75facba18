#!/bin/sh
# fetch.sh - llama.cpp's server and what it needs, of Debian sid, in a folder of their own.
#
# Usage: tests/live/fetch.sh FOLDER
set -eu
[ -x "$1/usr/bin/llama-server" ] && exit 0
sh "$(dirname "$0")/../fetch-packages.sh" --with-dependencies "$1" sid llama.cpp-tools
