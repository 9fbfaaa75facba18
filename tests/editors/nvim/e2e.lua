-- e2e.lua - drives a real Neovim with init.lua's configuration through what a person does, and says in TAP how it went.
local n, failed = 0, 0
local function say(text) io.stdout:write(text .. '\n') end
local function check(name, body)
  n = n + 1
  local ok, message = xpcall(body, debug.traceback)
  say((ok and 'ok ' or 'not ok ') .. n .. ' - ' .. name)
  if not ok then
    failed = failed + 1
    for line in tostring(message):gmatch('[^\n]+') do say('#   ' .. line) end
  end
end
local function wait(what, condition)
  if not vim.wait(30000, condition, 10) then error('waited in vain for ' .. what, 2) end
end
local function lines(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') end
local function codes()
  return table.concat(vim.tbl_map(function(d) return d.code end, vim.diagnostic.get(0)), ' ')
end

say('1..12')
vim.cmd.edit('migrations/0002_age.sql')
local buffer = vim.api.nvim_get_current_buf()
check('the server starts', function()
  wait('the client', function() local c = vim.lsp.get_clients({ bufnr = buffer })[1]; return c and c.initialized end)
end)
check('diagnostics know the migrations before', function()
  wait('diagnostics', function() return #vim.diagnostic.get(buffer) > 0 end)
  assert(codes():find('add%-not%-null%-column'), codes())
  assert(codes():find('create%-index%-not%-concurrently') or codes():find('concurrent'), codes())
  local first = vim.diagnostic.get(buffer)[1]
  assert(first.lnum == 0 and first.source == 'lintel', vim.inspect(first))
end)
check('a hover shows the table', function()
  vim.api.nvim_win_set_cursor(0, { 1, 14 })
  vim.lsp.buf.hover()
  local text
  wait('the float', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        text = lines(vim.api.nvim_win_get_buf(window))
        return text ~= ''
      end
    end
  end)
  assert(text:find('customers') and text:find('3 columns') and text:find('orders'), text)
  vim.cmd('silent! fclose!')
end)
check('a quick fix is applied, and its diagnostic goes', function()
  vim.api.nvim_win_set_cursor(0, { 3, 2 })
  vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.kind == 'quickfix' end })
  wait('the edit', function() return lines(buffer):find('CONCURRENTLY') end)
  wait('fewer diagnostics', function() return not codes():find('create%-index%-not%-concurrently') end)
end)
check('typing changes the diagnostics', function()
  vim.api.nvim_buf_set_lines(buffer, 0, 1, false, { 'ALTER TABLE customers ADD COLUMN age int;' })
  wait('none', function() return not codes():find('add%-not%-null%-column') end)
end)
check('a definition is jumped to, from the newest migration to the first', function()
  vim.api.nvim_win_set_cursor(0, { 1, 14 })
  vim.lsp.buf.definition()
  wait('the jump', function() return vim.api.nvim_buf_get_name(0):find('0001_customers.sql$') ~= nil end)
  local cursor = vim.api.nvim_win_get_cursor(0)
  assert(cursor[1] == 1 and cursor[2] == 13, vim.inspect(cursor))
end)
check('references are listed', function()
  local found
  vim.lsp.buf.references({ includeDeclaration = false }, { on_list = function(list) found = list.items end })
  wait('the list', function() return found end)
  local places = table.concat(vim.tbl_map(function(item)
    return vim.fs.basename(item.filename) .. ':' .. item.lnum .. ':' .. item.col
  end, found), ' ')
  assert(places:find('0001_customers.sql:8:44', 1, true) and places:find('0002_age.sql:1:13', 1, true), places)
  assert(#found == 2, places)
  vim.api.nvim_set_current_buf(buffer)
end)
local progress = {}
vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
  progress[#progress + 1] = event.data.params.value.kind
end })
check('the consult action opens the report', function()
  vim.api.nvim_win_set_cursor(0, { 1, 14 })
  vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == 'Consult database architect about customers' end })
  wait('the report', function() return vim.api.nvim_buf_get_name(0):find('^lintel:/reports/') ~= nil end)
  local text = lines(0)
  assert(text:find('^# Database Architecture Analysis Report'), text:sub(1, 300))
  assert(text:find('0001_customers.sql:%d') and text:find('customers'), text:sub(1, 3000))
  assert(vim.bo.filetype == 'markdown' and not vim.bo.modifiable and vim.bo.buftype == 'nofile')
end)
check('the newest report opens by its name', function()
  vim.cmd.edit('lintel:/reports/latest.md')
  assert(lines(0):find('^# Database Architecture Analysis Report'), lines(0):sub(1, 300))
end)
check('the server stops', function()
  for _, client in ipairs(vim.lsp.get_clients()) do client.stop() end
  wait('the end', function() return #vim.lsp.get_clients() == 0 end)
end)
check('no error was shown', function() assert(vim.v.errmsg == '', vim.v.errmsg) end)
io.stdout:flush()
vim.cmd(failed > 0 and 'cquit 1' or 'qall!')
