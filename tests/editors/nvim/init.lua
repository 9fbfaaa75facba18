-- The whole configuration that a person needs.
vim.lsp.set_log_level('off')
vim.api.nvim_create_autocmd('FileType', { pattern = 'sql', callback = function(event)
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.workspace.textDocumentContent = {}
  vim.lsp.start({ name = 'lintel', cmd = { vim.env.LINTEL or 'lintel', 'lsp' }, capabilities = capabilities,
    root_dir = vim.fs.root(event.buf, { 'lintel.yaml', '.git', 'migrations' }) }, { bufnr = event.buf })
end })
vim.api.nvim_create_autocmd('BufReadCmd', { pattern = 'lintel:/*', callback = function(event)
  local answer = vim.lsp.get_clients({ name = 'lintel' })[1].request_sync('workspace/textDocumentContent', { uri = event.match }, 5000)
  vim.api.nvim_buf_set_lines(event.buf, 0, -1, false, vim.split(answer.result.text, '\n'))
  vim.bo[event.buf].buftype, vim.bo[event.buf].modifiable, vim.bo[event.buf].filetype = 'nofile', false, 'markdown'
end })
