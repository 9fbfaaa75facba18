#!/bin/sh
# neovim-current.t - the same in a current Neovim (0.11 or later, which has vim.lsp.config).
exec "$(dirname "$0")/nvim/run.sh" neovim-current
