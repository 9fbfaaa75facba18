-- What a buffer gets beside what Neovim does by itself once the server is attached.
local M = {}

---@param buffer integer
local function show_lenses(buffer)
  if vim.lsp.codelens.enable then -- 0.12
    -- Not for this client alone: what is enabled so, 0.12 does not clean up behind the client. And after attaching, which asks
    -- for lenses where they are enabled: of two answers, it waits for the references of the first and shows the second.
    vim.schedule(function()
      if vim.api.nvim_buf_is_valid(buffer) then
        vim.lsp.codelens.enable(true, { bufnr = buffer })
      end
    end)
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

---@param buffer integer
function M.buffer(buffer)
  require('lintel.neighbours').watch()
  local options = require('lintel.options').get()
  if options.codelens then
    show_lenses(buffer)
  end
  if options.menu then
    require('lintel.menu').add()
  end
  require('lintel.progress').watch()
  require('lintel.status').watch(buffer)
end

return M
