#!/bin/sh
# neovim.t - the plugin in the Neovim of the next Debian release (0.10), and Neovim without it.
exec "$(dirname "$0")/nvim/run.sh" neovim
