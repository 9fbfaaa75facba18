#!/bin/sh
# sessions.t - the protocol sessions: see README.md.
exec node "$(dirname "$0")/run.mjs" "$@"
