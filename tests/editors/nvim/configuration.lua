-- configuration.lua - without the plugin: the few lines that clients/README.md gives, in init.lua.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait, has = tap.check, tap.wait, tap.has

check('findings know the migrations before', function()
  tap.open('migrations/0002_age.sql')
  has(tap.codes(), 'add-not-null-column', 'create-index-not-concurrently')
end)
check('a hover shows the table', function()
  tap.at('customers')
  has(tap.hover('customers'), '3 columns')
end)
check('typing changes the findings', function()
  vim.api.nvim_buf_set_lines(0, 0, 1, false, { 'ALTER TABLE customers ADD COLUMN age int;' })
  wait('none', function() return not tap.codes():find('add%-not%-null%-column') end)
end)
check('references are listed', function()
  local found
  tap.at('customers')
  vim.lsp.buf.references({ includeDeclaration = false }, { on_list = function(list) found = list.items end })
  wait('the list', function() return found end)
  local places = table.concat(vim.tbl_map(function(item)
    return vim.fs.basename(item.filename) .. ':' .. item.lnum .. ':' .. item.col
  end, found), ' ')
  has(places, '0001_customers.sql:8:44', '0002_age.sql:1:13')
end)
check('the consult action opens the report, as a file', function()
  vim.lsp.buf.code_action({ apply = true, filter = function(action)
    return action.title == 'Consult database architect about customers'
  end })
  wait('the report', function() return vim.api.nvim_buf_get_name(0):find('/lintel/reports/[^/]+%.md$') end)
  has(tap.text(), '# Database Architecture Analysis Report', 'customers')
end)
check('the server stops', function()
  for _, client in ipairs(vim.lsp.get_clients()) do
    if vim.fn.has('nvim-0.11') == 1 then client:stop() else client.stop() end
  end
  wait('the end', function() return #vim.lsp.get_clients() == 0 end)
end)
tap.done()
