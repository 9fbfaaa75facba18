-- :Lintel and its words. Each is a request to the server; what it does is the server's.
local M = {}

local execute = require('lintel.client').execute
local wanted = require('lintel.client').wanted

local SCOPES = { 'selection', 'table', 'file', 'database' }
local RPC_INVALID_PARAMS = -32602

---@class lintel.Call how :Lintel was called
---@field range integer how many lines were given: 0, 1, 2
---@field line1 integer
---@field line2 integer

-- ---- consulting ----

---What is selected, or the cursor's place, as the protocol has it. Of whole lines, whole lines.
---@param client vim.lsp.Client
---@param call lintel.Call
---@return lsp.Range
local function range_of(client, call)
  local util = vim.lsp.util
  if call.range == 0 then
    local start = util.make_position_params(0, client.offset_encoding).position
    return { start = start, ['end'] = start }
  end
  local from, to = { call.line1, 0 }, { call.line2, math.max(#vim.fn.getline(call.line2) - 1, 0) }
  local first, last = vim.api.nvim_buf_get_mark(0, '<'), vim.api.nvim_buf_get_mark(0, '>')
  if vim.fn.visualmode() == 'v' and first[1] == call.line1 and last[1] == call.line2 then
    from, to = first, { last[1], math.min(last[2], to[2]) }
  end
  return util.make_given_range_params(from, to, 0, client.offset_encoding).range
end

---@param call lintel.Call
---@param scope string? nil: the selection, else the table under the cursor, else the file
---@param question string?
local function consult(call, scope, question)
  local client = wanted(0)
  if not client then
    return
  end
  local argument = {
    uri = vim.uri_from_bufnr(0),
    range = range_of(client, call),
    scope = scope or (call.range > 0 and 'selection' or 'table'),
    question = question ~= '' and question or nil,
  }
  execute(client, 'lintel.consult', argument, nil, function(err)
    if scope or argument.scope ~= 'table' or err.code ~= RPC_INVALID_PARAMS then
      return false
    end
    argument.scope = 'file' -- no table stands at the cursor
    execute(client, 'lintel.consult', argument)
    return true
  end)
end

---@param call lintel.Call
---@param words string[]
local function run_consult(call, words)
  local scope
  if vim.list_contains(SCOPES, words[1]) then
    scope = table.remove(words, 1)
  end
  consult(call, scope, table.concat(words, ' '))
end

---@param call lintel.Call
---@param words string[]
local function run_ask(call, words)
  local scope = vim.list_contains(SCOPES, words[1]) and words[1] or nil
  vim.ui.input({ prompt = 'Ask the database architect: ' }, function(question)
    if question and vim.trim(question) ~= '' then
      consult(call, scope, question)
    end
  end)
end

-- ---- the others ----

local function run_report(_, words)
  local client = wanted(0)
  if client then
    execute(client, 'lintel.openReport', { id = words[1] or 'latest' })
  end
end

local function run_reports()
  local client = wanted(0)
  if not client then
    return
  end
  execute(client, 'lintel.listReports', nil, function(result)
    if #result.reports == 0 then
      vim.notify('Lintel: there are no reports yet; :Lintel consult makes one.')
      return
    end
    vim.ui.select(result.reports, {
      prompt = 'Reports',
      kind = 'lintel.report',
      format_item = function(report)
        return ('%s  %s'):format(report.time, report.title)
      end,
    }, function(report)
      if report then
        execute(client, 'lintel.openReport', { id = report.id })
      end
    end)
  end)
end

---The buffer that is meant: the current one, or from a page, one of the code that is looked at.
---@param client vim.lsp.Client
---@return integer
local function code_buffer(client)
  local current = vim.api.nvim_get_current_buf()
  local seen = vim.tbl_map(vim.api.nvim_win_get_buf, vim.api.nvim_tabpage_list_wins(0))
  local candidates = vim.list_extend({ current, vim.fn.bufnr('#') }, seen)
  return vim.iter(vim.list_extend(candidates, vim.tbl_keys(client.attached_buffers))):find(function(buffer)
    return client.attached_buffers[buffer] ~= nil
  end) or current
end

local function run_schema()
  local client = wanted(0)
  if client then
    execute(client, 'lintel.showSchema', { uri = vim.uri_from_bufnr(code_buffer(client)) })
  end
end

---The rules of the findings at the cursor, then those of the buffer; each once.
---@return string[]
local function rules_here()
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local rules, seen = {}, {}
  for _, list in ipairs({ vim.diagnostic.get(0, { lnum = line }), vim.diagnostic.get(0) }) do
    for _, diagnostic in ipairs(list) do
      if diagnostic.source == 'lintel' and diagnostic.code and not seen[diagnostic.code] then
        seen[diagnostic.code] = true
        table.insert(rules, tostring(diagnostic.code))
      end
    end
  end
  return rules
end

local function run_explain(_, words)
  local client = wanted(0)
  local rule = words[1] or rules_here()[1]
  if client and not rule then
    vim.notify('Lintel: there is no finding here; name a rule: :Lintel explain RULE', vim.log.levels.WARN)
  elseif client then
    execute(client, 'lintel.explainRule', { rule = rule })
  end
end

local function run_cancel()
  local client = wanted(0)
  if client then
    execute(client, 'lintel.cancelConsultation', nil, function(was_any)
      if not was_any then
        vim.notify('Lintel: no consultation is going on.')
      end
    end)
  end
end

local function run_roadmap(_, words)
  local client = wanted(0)
  if not client then
    return
  end
  local shown = vim.api.nvim_buf_get_name(0):match('^lintel:/reports/(.+)%.%w+$')
  execute(client, 'lintel.copyRoadmap', { id = words[1] or shown }, function(result)
    vim.fn.setreg('"', result.text)
    local has_clipboard = vim.fn.has('clipboard') == 1
    if has_clipboard then
      pcall(vim.fn.setreg, '+', result.text)
    end
    local _, n_lines = result.text:gsub('\n', '\n')
    vim.notify(('Lintel: the roadmap (%d lines) is %s; give it to your coding agent.'):format(n_lines,
      has_clipboard and 'in the clipboard' or 'in the unnamed register'))
  end)
end

local function run_status()
  local client = wanted(0)
  if not client then
    return
  end
  require('lintel.status').ask(code_buffer(client), function(status)
    vim.notify(table.concat(require('lintel.health').describe(client, status), '\n'))
  end, function()
    vim.notify('Lintel: this buffer is part of no database.')
  end)
end

local function run_restart()
  require('lintel.server').restart()
end

local function run_log()
  vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
  vim.cmd('normal! G')
end

-- ---- words ----

---@return string[]
local function all_rules()
  local result = require('lintel.root').run({ 'rules', '--format', 'json' }, 2000)
  local is_read, page = pcall(vim.json.decode, result.stdout)
  local rules = rules_here()
  for _, rule in ipairs(is_read and page.rules or {}) do
    if not vim.list_contains(rules, rule.id) then
      table.insert(rules, rule.id)
    end
  end
  return rules
end

---@param client vim.lsp.Client?
---@return string[]
local function report_ids(client)
  local result = client and require('lintel.client').execute_now(client, 'lintel.listReports', {}, 500)
  return vim.tbl_map(function(report)
    return report.id
  end, type(result) == 'table' and result.reports or {})
end

local function scopes()
  return SCOPES
end

---@type table<string, { run: fun(call: lintel.Call, words: string[]), complete: (fun(client: vim.lsp.Client?): string[])? }>
local words = {
  consult = { run = run_consult, complete = scopes },
  ask = { run = run_ask, complete = scopes },
  report = { run = run_report, complete = report_ids },
  reports = { run = run_reports },
  schema = { run = run_schema },
  explain = { run = run_explain, complete = all_rules },
  cancel = { run = run_cancel },
  roadmap = { run = run_roadmap, complete = report_ids },
  status = { run = run_status },
  restart = { run = run_restart },
  log = { run = run_log },
}

---@param arguments table of nvim_create_user_command
function M.run(arguments)
  local given = vim.list_slice(arguments.fargs)
  local name = table.remove(given, 1) or 'consult'
  local word = words[name]
  if not word then
    vim.notify(('Lintel: there is no :Lintel %s. There are: %s.'):format(name, table.concat(vim.fn.sort(vim.tbl_keys(words)), ', ')),
      vim.log.levels.ERROR)
    return
  end
  word.run({ range = arguments.range, line1 = arguments.line1, line2 = arguments.line2 }, given)
end

---@param lead string
---@param line string
---@param cursor integer
---@return string[]
function M.complete(lead, line, cursor)
  local before = line:sub(1, cursor):gsub('^.-Lintel!?%s+', '')
  local name, rest = before:match('^(%S+)%s+(.*)$')
  local choices = {}
  if not name then
    choices = vim.fn.sort(vim.tbl_keys(words))
  elseif words[name] and words[name].complete and not rest:find('%s') then
    choices = words[name].complete(require('lintel.client').of(0))
  end
  return vim.tbl_filter(function(choice)
    return vim.startswith(choice, lead)
  end, choices)
end

return M
