-- Entries of the context menu (|popup-menu|), there only where Lintel is. A flat list: the terminal shows no submenus.
local M = {}

---@type { modes: string, title: string, action: string }[]
local entries = {
  { modes = 'a', title = '-lintel-', action = '<Nop>' },
  { modes = 'n', title = 'Consult Database Architect', action = '<Cmd>Lintel consult<CR>' },
  { modes = 'v', title = 'Consult Database Architect', action = ':Lintel consult selection<CR>' },
  { modes = 'a', title = 'Consult about This File', action = '<Cmd>Lintel consult file<CR>' },
  { modes = 'a', title = 'Consult about the Database', action = '<Cmd>Lintel consult database<CR>' },
  { modes = 'n', title = 'Ask Database Architect...', action = '<Cmd>Lintel ask<CR>' },
  { modes = 'v', title = 'Ask Database Architect...', action = ':Lintel ask selection<CR>' },
  { modes = 'a', title = 'Show Database Schema', action = '<Cmd>Lintel schema<CR>' },
}

---@param entry { title: string }
---@return string
local function name(entry)
  return 'PopUp.' .. entry.title:gsub('[ .]', '\\%0')
end

local function update()
  local is_here = #vim.lsp.get_clients({ name = 'lintel', bufnr = 0 }) > 0
  for _, entry in ipairs(entries) do
    pcall(vim.cmd.aunmenu, name(entry))
  end
  for _, entry in ipairs(is_here and entries or {}) do
    vim.cmd(('%snoremenu %s %s'):format(entry.modes, name(entry), entry.action))
  end
end

---Adds the entries. Once is enough; another time changes nothing.
function M.add()
  vim.api.nvim_create_autocmd('MenuPopup', {
    group = vim.api.nvim_create_augroup('lintel.menu', {}),
    desc = "Show Lintel's entries where Lintel is",
    callback = update,
  })
end

return M
