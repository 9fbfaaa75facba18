-- Starting the server for a buffer: by vim.lsp.enable() where there is one, else by an autocommand.
local M = {}

local server = require('lintel.server')

---@param buffer integer
local function start(buffer)
  require('lintel.root').find(buffer, function(root)
    local config = vim.lsp.config and vim.deepcopy(vim.lsp.config[server.NAME]) or server.config()
    config.root_dir = root
    vim.lsp.start(config, { bufnr = buffer })
  end)
end

---@param group integer of autocommands
function M.enable(group)
  if not require('lintel.options').get().enable then
    return
  end
  if vim.lsp.enable then
    vim.lsp.enable(server.NAME)
    return
  end
  vim.api.nvim_create_autocmd('FileType', {
    group = group,
    pattern = server.FILETYPES,
    desc = 'Start Lintel where there is a schema',
    callback = function(event)
      start(event.buf)
    end,
  })
end

---Calls back when a buffer is in a window, at once if it is. Neovim asks for the findings of visible buffers only, and 0.10 not
---again when a hidden one becomes visible.
---@param buffer integer
---@param callback fun()
function M.when_visible(buffer, callback)
  if not vim.api.nvim_buf_is_loaded(buffer) then
    return
  elseif #vim.fn.win_findbuf(buffer) > 0 then
    callback()
    return
  end
  vim.api.nvim_create_autocmd('BufWinEnter', { buffer = buffer, once = true, desc = 'Start Lintel again', callback = function()
    callback()
  end })
end

---Starts the server for all loaded buffers that may want it.
function M.all()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.list_contains(server.FILETYPES, vim.bo[buffer].filetype) then
      M.when_visible(buffer, function()
        start(buffer)
      end)
    end
  end
end

return M
