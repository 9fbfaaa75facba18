-- :checkhealth lintel: whether Lintel can work here, and what it works with.
local M = {}

local root = require('lintel.root')
local server = require('lintel.server')

local PATIENCE_MS = 5000 -- for each answer

---What the server says of a buffer, a line for each fact.
---@param client vim.lsp.Client
---@param status lintel.Status
---@return string[]
function M.describe(client, status)
  local lines = { ('Lintel %s in %s'):format(status.version, client.root_dir or 'no project: this file alone') }
  for _, database in ipairs(status.databases) do
    table.insert(lines, ('database %s: %s, %d tables'):format(database.name, database.dialect, database.tables))
  end
  if #status.databases == 0 then
    table.insert(lines, 'no database holds this file')
  end
  table.insert(lines, ('consultant: %s%s'):format(status.provider or 'offline', status.model and (', ' .. status.model) or ''))
  if status.trusted == false then
    table.insert(lines, 'not trusted: local analysis and offline consultations only')
  end
  return lines
end

local function check_neovim()
  vim.health.start('Neovim')
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.10') == 1 then
    vim.health.ok(('%s; 0.10 or later is needed'):format(version))
  else
    vim.health.error(('%s is too old'):format(version), { 'Install Neovim 0.10 or later.' })
  end
  if pcall(vim.treesitter.language.add, 'markdown') then
    vim.health.ok('reports and hovers are highlighted: the Markdown parser is there')
  else
    vim.health.warn('there is no parser for Markdown: reports and hovers are plain text', { 'Neovim\'s own packages have it.' })
  end
  local mistakes = require('lintel.options').mistakes()
  if #mistakes > 0 then
    vim.health.error('options: ' .. table.concat(mistakes, '; '), { 'See :help lintel-options.' })
  end
end

---@return boolean is_good
local function check_program()
  vim.health.start('Program')
  local program = root.program()
  local path = vim.fn.exepath(program)
  if path == '' then
    vim.health.error(('there is no program %s'):format(program), {
      'Build and install it: make && sudo make install.',
      'Or say where it is: vim.g.lintel = { cmd = { "/path/to/lintel", "lsp" } }',
    })
    return false
  end
  local result = root.run({ '--version' }, PATIENCE_MS)
  local version = result.stdout:match('^lintel (%S+)')
  if not version then
    vim.health.error(('%s is not Lintel: %s'):format(path, vim.trim(result.stderr or '')), { 'Set vim.g.lintel.cmd.' })
    return false
  elseif not server.is_new_enough(version) then
    vim.health.error(('%s is %s; this plugin needs %s or newer'):format(path, version, server.NEEDED_VERSION), { 'Update it.' })
    return false
  end
  vim.health.ok(('%s is Lintel %s'):format(path, version))
  return true
end

---@param client vim.lsp.Client
local function check_client(client)
  vim.health.ok(('attached to %d buffer(s) of %s'):format(vim.tbl_count(client.attached_buffers), client.root_dir or 'no project: files by themselves'))
  if require('lintel.neighbours').has_squawk(client) then
    vim.health.info('squawk is there too: what it reports of SQL files is left to it')
  end
  local buffer = next(client.attached_buffers)
  local status = buffer and require('lintel.client').execute_now(client, 'lintel.status', { uri = vim.uri_from_bufnr(buffer) }, PATIENCE_MS)
  for _, line in ipairs(type(status) == 'table' and M.describe(client, status) or {}) do
    vim.health.info(line)
  end
end

local function check_clients()
  vim.health.start('Server')
  local clients = vim.lsp.get_clients({ name = server.NAME })
  if #clients == 0 then
    vim.health.info('not running: it starts with the first SQL, Prisma or Python file of a project with a schema')
  end
  for _, client in ipairs(clients) do
    check_client(client)
  end
  if server.restarts() > 0 then
    vim.health.warn(('it has stopped and was started again %d time(s)'):format(server.restarts()), { ':Lintel log shows what it said.' })
  end
end

local function check_agent()
  vim.health.start('Consultant')
  local client = vim.lsp.get_clients({ name = server.NAME })[1]
  local folder = client and client.root_dir or vim.fn.getcwd()
  local result = root.run({ 'agents' }, PATIENCE_MS, folder)
  if result.code == 0 then
    for line in vim.gsplit(vim.trim(result.stdout), '\n') do
      vim.health.info(line)
    end
  else
    vim.health.error('no agent can be used: ' .. vim.trim(result.stderr))
  end
end

---Called by :checkhealth.
function M.check()
  check_neovim()
  if check_program() then
    check_clients()
    check_agent()
  end
end

return M
