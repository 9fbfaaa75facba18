-- The configuration that vim.lsp.config('lintel', ...) extends and vim.lsp.enable('lintel') uses (Neovim 0.11 and later).
return require('lintel.server').config()
