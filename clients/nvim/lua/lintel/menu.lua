-- Entries of the context menu (|popup-menu|). They are there only where Lintel is.
local M = {}

local TITLE = [[PopUp.Consult\ Database\ Architect]]
local is_added = false

local function update()
  local is_here = #vim.lsp.get_clients({ name = 'lintel', bufnr = 0 }) > 0
  pcall(vim.cmd.aunmenu, TITLE)
  if not is_here then
    return
  end
  vim.cmd(([[
    nnoremenu %s.Table\ or\ Model <Cmd>Lintel consult table<CR>
    vnoremenu %s.Selection :Lintel consult selection<CR>
    anoremenu %s.File <Cmd>Lintel consult file<CR>
    anoremenu %s.Database <Cmd>Lintel consult database<CR>
    anoremenu %s.Ask\ a\ Question\.\.\. <Cmd>Lintel ask<CR>
    anoremenu %s.Show\ Schema <Cmd>Lintel schema<CR>
  ]]):gsub('%%s', function()
    return TITLE
  end))
end

---Adds the entries, once.
function M.add()
  if is_added then
    return
  end
  is_added = true
  vim.api.nvim_create_autocmd('MenuPopup', {
    group = vim.api.nvim_create_augroup('lintel.menu', {}),
    desc = "Show Lintel's entries where Lintel is",
    callback = update,
  })
end

return M
