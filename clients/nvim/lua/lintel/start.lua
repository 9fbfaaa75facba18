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

---Starts the server for all loaded buffers that may want it.
function M.all()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.list_contains(server.FILETYPES, vim.bo[buffer].filetype) then
      start(buffer)
    end
  end
end

return M
