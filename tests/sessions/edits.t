#!/bin/sh
# edits.t - edited or opened afresh, the findings are the same: see edits.mjs.
exec node "$(dirname "$0")/edits.mjs" "$@"
