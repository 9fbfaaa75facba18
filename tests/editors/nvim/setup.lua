-- setup.lua - the options. The editor was started with vim.g.lintel = { enable = false, split = 'tab' }.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait, has = tap.check, tap.wait, tap.has

check('enable = false starts nothing', function()
  vim.cmd.edit('migrations/0001_customers.sql')
  vim.wait(200)
  assert(#vim.lsp.get_clients() == 0)
end)
check('setup() adds to vim.g.lintel, and says what it does not know', function()
  require('lintel').setup({
    codelens = false,
    menu = false,
    progress = false,
    trusted = function(root) return root == nil end,
    settings = { rules = { ['float-money'] = 'off' } },
    progres = true,
  })
  local options = require('lintel.options').get()
  assert(options.split == 'tab' and not options.enable and not options.codelens and options.progres == nil)
  has(tap.message('there is no option progres'), ':help lintel-options')
  require('lintel').setup(vim.tbl_extend('force', options, { enable = true }))
end)
check('started by hand, it works', function()
  require('lintel.start').enable(vim.api.nvim_create_augroup('lintel.test', {}))
  vim.cmd.edit()
  tap.client(vim.api.nvim_get_current_buf())
end)
check('settings reach the server', function()
  wait('findings', function() return tap.codes():find('missing%-fk%-index') end)
  assert(not tap.codes():find('float%-money'), tap.codes())
end)
check('an untrusted project is told so', function()
  local buffer, status = vim.api.nvim_get_current_buf(), nil
  require('lintel.status').ask(buffer, function(answer) status = answer end)
  wait('the status', function() return status end)
  assert(status.trusted == false, vim.inspect(status))
end)
check('no lenses, no menu', function()
  vim.wait(200)
  local list = vim.lsp.codelens.get(vim.lsp.codelens.enable and { bufnr = 0 } or 0)
  assert(#list == 0)
  vim.api.nvim_exec_autocmds('MenuPopup', { pattern = 'n' })
  assert(not vim.inspect(vim.fn.menu_get('PopUp', 'n')):find('Consult'))
end)
check('reports open in a tab', function()
  vim.cmd('Lintel consult file')
  tap.page('^lintel:/reports/')
  assert(#vim.api.nvim_list_tabpages() == 2 and #vim.api.nvim_tabpage_list_wins(0) == 1)
end)
check('health names wrong options', function()
  require('lintel').setup({ split = 'left' })
  vim.cmd('checkhealth lintel')
  has(tap.text(), 'split is "left"; it is one of: auto, right, below, tab')
end)
tap.done()
