-- The configuration without the plugin: what clients/README.md says, for both kinds of Neovim.
if vim.lsp.config then
  vim.lsp.config('lintel', {
    cmd = { 'lintel', 'lsp' },
    filetypes = { 'sql', 'prisma', 'python' },
    root_markers = { 'lintel.yaml', '.git' },
  })
  vim.lsp.enable('lintel')
else
  vim.api.nvim_create_autocmd('FileType', {
    pattern = { 'sql', 'prisma', 'python' },
    callback = function(event)
      vim.lsp.start({
        name = 'lintel',
        cmd = { 'lintel', 'lsp' },
        root_dir = vim.fs.root(event.buf, { 'lintel.yaml', '.git' }),
      })
    end,
  })
end
