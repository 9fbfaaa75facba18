-- model.lua - consultations that a language model writes (a mock on this machine, MODEL_URL): the report grows, is cancelled, is done;
-- a person is asked before a project's own choice of model gets anything.
local tap = dofile(vim.env.SUITES .. '/tap.lua')
local check, wait, has = tap.check, tap.wait, tap.has

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
  table.insert(progress, event.data.params.value)
end })
local function ended()
  return vim.iter(progress):find(function(value) return value.kind == 'end' end)
end

---@param model string the scenario that is played
local function use(model)
  require('lintel').setup({
    progress = true,
    settings = { consult = { provider = 'anthropic', base_url = vim.env.MODEL_URL, model = model } },
  })
  progress = {}
end

local code, code_window
local function go_back()
  vim.api.nvim_set_current_win(code_window)
  vim.api.nvim_set_current_buf(code)
end

check('the report opens at once, and grows with what the model writes', function()
  use('stalls')
  code, code_window = tap.open('migrations/0001_customers.sql'), vim.api.nvim_get_current_win()
  vim.cmd('Lintel consult database')
  tap.page('^lintel:/reports/')
  local half = wait('half of what the model writes', function()
    local text = tap.text()
    return text:find('größer', 1, true) and text
  end)
  has(half, 'Current State Assessment')
  assert(not half:find('REPORT ENDS', 1, true) and not ended())
end)
check('its progress is told meanwhile, and the status line has it', function()
  assert(progress[1].kind == 'begin' and progress[1].cancellable, vim.inspect(progress[1]))
  has(require('lintel').status(code), 'Lintel: consulting')
end)
check('findings and hovers are answered meanwhile', function()
  go_back()
  tap.at('orders')
  has(tap.hover('orders'), '4 columns')
end)
check(':Lintel cancel ends it', function()
  vim.cmd('Lintel cancel')
  wait('the end', ended)
  assert(ended().message:find('cancel'), vim.inspect(ended()))
  wait('the status line', function() return not require('lintel').status(code):find('consulting') end)
  assert(not vim.iter(tap.messages):find(function(text) return text:find('rror') end), vim.inspect(tap.messages))
end)
check('a server that is gone consults no more', function()
  go_back()
  progress = {}
  vim.cmd('Lintel consult database')
  wait('the consultation', function() return require('lintel').status(code):find('consulting') end)
  tap.page('^lintel:/reports/')
  go_back()
  require('lintel.client').stop(tap.client(code), true)
  wait('the end', function() return #vim.lsp.get_clients() == 0 end)
  assert(not ended() and require('lintel').status(code) == '', require('lintel').status(code))
end)
check('a report that is done says who wrote it', function()
  use('late')
  vim.cmd('Lintel restart')
  tap.client(code)
  vim.cmd('Lintel consult database')
  wait('the end', ended)
  -- The last words are there before the report is checked and done.
  has(wait('the report that is done', function()
    return tap.text():find('written by `mock-model`', 1, true) and tap.text()
  end), 'REPORT ENDS')
end)
check("a model that the project's own lintel.yaml names is asked about first", function()
  go_back()
  require('lintel').setup({})
  vim.fn.writefile({ ('consult: {provider: anthropic, base_url: "%s", model: report}'):format(vim.env.MODEL_URL) }, 'lintel.yaml')
  progress = {}
  vim.cmd('Lintel restart')
  tap.client(code)
  local asked, choices
  vim.ui.select = function(items, options, on_choice)
    asked, choices = options.prompt, vim.tbl_map(options.format_item, items)
    on_choice(vim.iter(items):find(function(item) return item.title == 'Stay offline' end))
  end
  vim.cmd('Lintel consult database')
  local text = wait('the computed report', function()
    return tap.text():find('You did not agree', 1, true) and tap.text()
  end)
  has(text, '# Database Architecture Analysis Report')
  has(asked, "the project's lintel.yaml")
  assert(vim.deep_equal(choices, { 'Send it', 'Stay offline' }), vim.inspect(choices))
end)
check('agreed, it is sent', function()
  go_back()
  vim.ui.select = function(items, _, on_choice)
    on_choice(vim.iter(items):find(function(item) return item.title == 'Send it' end))
  end
  vim.cmd('Lintel consult database')
  wait('the whole report', function() return tap.text():find('REPORT ENDS', 1, true) end)
end)
tap.done()
