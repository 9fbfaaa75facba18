#!/bin/sh
# fetch-sqlalchemy.sh - a SQLAlchemy newer than this Debian's, in a folder of its own.
#
# Usage: tests/oracles/fetch-sqlalchemy.sh FOLDER [SUITE]       SUITE: trixie
#
# PYTHONPATH must then name FOLDER/usr/lib/python3/dist-packages. What it has compiled is for another
# Python and is left out: SQLAlchemy does without.
set -eu
sh "$(dirname "$0")/../fetch-packages.sh" "$1" "${2:-trixie}" python3-sqlalchemy python3-typing-extensions
folder=$(cd "$1" && pwd)
find "$folder" -name '*.so' -delete
PYTHONPATH=$folder/usr/lib/python3/dist-packages /usr/bin/python3 -c \
    'import sqlalchemy; print("SQLAlchemy", sqlalchemy.__version__)'
