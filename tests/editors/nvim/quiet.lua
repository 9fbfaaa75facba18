-- quiet.lua - where there is no schema, nothing starts and nothing is said.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait = tap.check, tap.wait

local n_asked, n_answered = 0, 0
local jobstart = vim.fn.jobstart
vim.fn.jobstart = function(command, options)
  if command[2] == 'root' then
    n_asked = n_asked + 1
    local on_exit = options.on_exit
    options.on_exit = function(...)
      on_exit(...)
      n_answered = n_answered + 1
    end
  end
  return jobstart(command, options)
end

check('the program is asked about a plain Python project, once for each folder, and nothing starts', function()
  vim.cmd.edit(vim.env.HOME .. '/plain/report.py')
  wait('the answer', function() return n_answered == 1 end)
  vim.cmd.edit(vim.env.HOME .. '/plain/other.py')
  assert(n_asked == 1, n_asked)
  vim.wait(50)
  assert(#vim.lsp.get_clients() == 0 and #tap.messages == 0, vim.inspect(tap.messages))
end)
check('nor for what is no file, or another language', function()
  vim.cmd.enew()
  vim.bo.filetype = 'sql'
  vim.cmd.edit('scratch://schema.sql')
  vim.bo.filetype = 'sql'
  vim.cmd.edit(vim.env.HOME .. '/plain/notes.md')
  vim.wait(50)
  assert(n_asked == 1 and #vim.lsp.get_clients() == 0 and #tap.messages == 0)
end)
check('without the program, Python files are left in peace', function()
  require('lintel').setup({ cmd = { '/nowhere/lintel', 'lsp' } })
  vim.cmd.edit('shop/models.py')
  vim.wait(50)
  assert(n_asked == 1 and #vim.lsp.get_clients() == 0 and #tap.messages == 0)
  require('lintel').setup({})
end)
check('a command says why it cannot work', function()
  vim.cmd('Lintel consult')
  tap.message('the server is not running here')
end)
check('the status line is empty', function() assert(require('lintel').status() == '') end)
check('lintel.yaml is judged while it is edited, other YAML is left in peace', function()
  local folder = vim.env.HOME .. '/configured'
  vim.fn.mkdir(folder)
  vim.fn.writefile({ 'CREATE TABLE a (id bigint PRIMARY KEY);' }, folder .. '/schema.sql')
  vim.fn.writefile({ 'rulez: {}' }, folder .. '/lintel.yaml')
  vim.cmd.edit(folder .. '/compose.yaml')
  vim.wait(50)
  assert(#vim.lsp.get_clients() == 0)
  tap.open(folder .. '/lintel.yaml')
  tap.has(tap.codes(), 'config-unknown-key')
  require('lintel.client').stop(tap.client(0), true)
  wait('the end', function() return #vim.lsp.get_clients() == 0 end)
end)
check('what the program answers is never lost', function()
  local root = require('lintel.root')
  vim.cmd.edit('migrations/0001_customers.sql')
  for _ = 1, 200 do
    root.forget()
    local found
    root.find(0, function(folder) found = folder or 'none' end)
    wait('the answer', function() return found end)
    assert(found == vim.uv.fs_realpath('.'), found)
  end
end)
check('SQL outside of any project starts the server, and gives it no folder to read', function()
  vim.cmd.edit(vim.env.HOME .. '/alone.sql')
  local client = tap.client(vim.api.nvim_get_current_buf())
  assert(client.root_dir == nil and client.workspace_folders == nil, vim.inspect(client.workspace_folders))
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'CREATE TABLE prices (id bigint PRIMARY KEY, price real);' })
  wait('its findings', function() return tap.codes():find('float%-money') end)
end)
tap.done()
