#!/bin/sh
# hostile.t - texts that nobody should write: see hostile.mjs.
exec node "$(dirname "$0")/hostile.mjs" "$@"
