-- failures.lua - a server that is not there, too old, or stops: one message that says what to do, and an end to restarts.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait = tap.check, tap.wait

local starts = vim.env.HOME .. '/starts'

---Makes a program that writes its process id to `starts` when it is run as a server.
---@param body string shell: what it does as a server
---@param root string? shell: what it answers to `root`
local function use(body, root)
  local path = vim.env.HOME .. '/bin/fake'
  local script = ('#!/bin/sh\nif [ "$1" = root ]; then %s; fi\necho $$ >>"%s"\n%s\n'):format(
    root or ('exec "' .. vim.env.LINTEL .. '" "$@"'), starts, body)
  vim.fn.writefile(vim.split(script, '\n'), path)
  assert(vim.uv.fs_chmod(path, 493))
  vim.fn.delete(starts)
  tap.messages = {}
  require('lintel').setup({ cmd = { path, 'lsp' } })
  vim.cmd('Lintel restart')
end

local function pids()
  return vim.fn.filereadable(starts) == 1 and vim.fn.readfile(starts) or {}
end

---@param part string
local function only_message(part)
  tap.message(part)
  vim.wait(200)
  assert(#tap.messages == 1, vim.inspect(tap.messages))
  assert(tap.messages[1]:find('Lintel: ', 1, true) == 1)
end

check('no program: one message', function()
  require('lintel').setup({ cmd = { '/nowhere/lintel', 'lsp' } })
  vim.cmd.edit('migrations/0001_customers.sql')
  vim.cmd.edit('migrations/0002_age.sql')
  only_message('there is no program /nowhere/lintel. Install it')
  assert(#vim.lsp.get_clients() == 0)
end)
check('no program: health says so', function()
  vim.cmd('checkhealth lintel')
  local health = tap.text()
  tap.has(health, 'there is no program /nowhere/lintel', 'make install')
  vim.cmd.bwipeout()
end)
check('it ends while it starts: one message, no second try', function()
  use('exit 3')
  only_message('ended while it started (exit status 3). :Lintel log')
  vim.wait(500)
  assert(#pids() == 1, vim.inspect(pids()))
end)
check('a program that knows nothing of us: one message', function()
  use('exit 1', 'echo "fake: there is no command root" >&2; exit 2')
  only_message('needs (fake: there is no command root). Update it')
  assert(#pids() == 0 and #vim.lsp.get_clients() == 0)
end)
check('an older version: one message, and it is stopped', function()
  local body = '{"jsonrpc":"2.0","id":1,"result":{"capabilities":{},"serverInfo":{"name":"lintel","version":"0.0.1"}}}'
  use(("printf 'Content-Length: %d\\r\\n\\r\\n%%s' '%s'; exec cat >/dev/null"):format(#body, body))
  only_message('(it is 0.0.1). Update it')
  wait('the end', function() return #vim.lsp.get_clients() == 0 end)
end)
check('another program: one message', function()
  local body = '{"jsonrpc":"2.0","id":1,"result":{"capabilities":{}}}'
  use(("printf 'Content-Length: %d\\r\\n\\r\\n%%s' '%s'; exec cat >/dev/null"):format(#body, body))
  only_message('(it is something else). Update it')
end)
check('it crashes in use: five restarts in silence, findings and all, then one message', function()
  use('exec "' .. vim.env.LINTEL .. '" lsp')
  for round = 1, 6 do
    wait('start ' .. round, function()
      local client = vim.lsp.get_clients({ name = 'lintel', bufnr = 0 })[1]
      return #pids() == round and client and client.initialized
    end)
    wait('findings', function() return tap.codes():find('add%-not%-null%-column') end)
    assert(#tap.messages == 0, vim.inspect(tap.messages))
    vim.uv.kill(tonumber(pids()[round]), 'sigkill')
    wait('its end', function() return #vim.diagnostic.get(0) == 0 end)
  end
  only_message('stopped for the sixth time (signal 9) and is not started again')
  assert(#pids() == 6 and require('lintel.server').restarts() == 5)
end)
check(':Lintel restart begins anew', function()
  require('lintel').setup({})
  vim.cmd('Lintel restart')
  wait('findings', function() return tap.codes():find('add%-not%-null%-column') end)
  assert(require('lintel.server').restarts() == 0)
end)
tap.done()
