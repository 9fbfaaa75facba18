-- What a buffer gets beside what Neovim does by itself once the server is attached.
local M = {}

---@param client vim.lsp.Client
---@param buffer integer
local function show_lenses(client, buffer)
  if vim.lsp.codelens.enable then -- 0.12
    vim.lsp.codelens.enable(true, { bufnr = buffer, client_id = client.id })
    return
  end
  local group = vim.api.nvim_create_augroup('lintel.lenses.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'InsertLeave', 'TextChanged', 'BufWritePost' }, {
    group = group,
    buffer = buffer,
    desc = "Ask for Lintel's lenses",
    callback = function()
      if #vim.lsp.get_clients({ name = 'lintel', bufnr = buffer }) > 0 then
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
    end,
  })
  vim.lsp.codelens.refresh({ bufnr = buffer })
end

---@param client vim.lsp.Client
---@param buffer integer
function M.buffer(client, buffer)
  local options = require('lintel.options').get()
  if options.codelens then
    show_lenses(client, buffer)
  end
  if options.menu then
    require('lintel.menu').add()
  end
  require('lintel.progress').watch()
  require('lintel.status').watch(buffer)
end

return M
