-- A consultation's progress in the command line, for who has nothing else that shows $/progress.
--
-- Neovim keeps what servers report (vim.lsp.status(), the event LspProgress) and shows nothing. A consultation may take
-- minutes and can be cancelled; a person should see both.
local M = {}

---True where another plugin or the person's own configuration listens.
---@return boolean
local function is_shown_otherwise()
  for _, listener in ipairs(vim.api.nvim_get_autocmds({ event = 'LspProgress' })) do
    if listener.group_name ~= 'lintel.progress' then
      return true
    end
  end
  return false
end

---@param text string
local function show(text)
  local width = math.max(vim.v.echospace, 10)
  vim.api.nvim_echo({ { vim.fn.strcharpart(text:gsub('%s+', ' '), 0, width) } }, false, {})
end

---@param event { data: { client_id: integer, params: lsp.ProgressParams } }
local function on_progress(event)
  local client = vim.lsp.get_client_by_id(event.data.client_id)
  if not client or client.name ~= 'lintel' then
    return
  end
  local value = event.data.params.value
  local is_consultation = require('lintel.status').on_progress(client.id, event.data.params.token, value)
  local wanted = require('lintel.options').get().progress
  if not is_consultation or wanted == false or (wanted == 'auto' and is_shown_otherwise()) then
    return
  elseif value.kind == 'end' then
    show('Lintel: ' .. (value.message or 'done'))
  else
    show(('Lintel: %s (:Lintel cancel stops it)'):format(value.message or 'consulting'))
  end
end

---Listens from now on. Once is enough; another time changes nothing.
function M.watch()
  vim.api.nvim_create_autocmd('LspProgress', {
    group = vim.api.nvim_create_augroup('lintel.progress', {}),
    desc = "Show a consultation's progress",
    callback = on_progress,
  })
end

return M
