-- The client's configuration, and what is said when the server is not there, too old, or stops.
--
-- A server that ends while it starts is not started again: it would end again. One that ends in use is, with growing pauses,
-- at most MAX_RESTARTS times until :Lintel restart. One message says so and what to do, in place of Neovim's own at each end.
local M = {}

M.NAME = 'lintel'
M.FILETYPES = { 'sql', 'mysql', 'prisma', 'python', 'yaml' } -- of YAML, lintel.yaml alone
M.NEEDED_VERSION = '0.1.0' -- of the server: the first with `lintel root`

local MAX_RESTARTS = 5
local PAUSE_MS = 100 -- before the first restart; doubled each time

local n_restarts = 0
---@type table<integer, boolean> clients by id whose server has answered `initialize`
local has_started = {}
---@type { code: integer, signal: integer }? how the process whose end is being told ended
local ended

---@param text string
---@param level integer?
local function say(text, level)
  vim.notify('Lintel: ' .. text, level or vim.log.levels.ERROR)
end

---@param text string
local function say_once(text)
  vim.notify_once('Lintel: ' .. text, vim.log.levels.ERROR)
end

---@param program string
function M.complain_of_absence(program)
  say_once(('there is no program %s. Install it, or say where it is: vim.g.lintel = { cmd = { "/path/to/lintel", "lsp" } }. '):format(program)
    .. ':checkhealth lintel says more.')
end

---@param program string
---@param reason string
function M.complain_of_version(program, reason)
  say_once(('%s is no Lintel of version %s or newer, which this plugin needs%s. Update it; :checkhealth lintel says more.'):format(
    program, M.NEEDED_VERSION, reason ~= '' and (' (' .. reason .. ')') or ''))
end

---@param version string?
---@return boolean
function M.is_new_enough(version)
  local parsed = version and vim.version.parse(version)
  return parsed ~= nil and vim.version.ge(parsed, vim.version.parse(M.NEEDED_VERSION))
end

-- ---- stopping ----

---@param code integer
---@param signal integer
---@return string
local function how_it_ended(code, signal)
  return signal ~= 0 and ('signal %d'):format(signal) or ('exit status %d'):format(code)
end

---@param config vim.lsp.ClientConfig
---@param buffers integer[]
local function start_again(config, buffers)
  for _, buffer in ipairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      vim.lsp.start(config, { bufnr = buffer })
    end
  end
end

---@param client_id integer
local function on_exit(_, _, client_id)
  local how = ended
  ended = nil
  local was_started = has_started[client_id]
  has_started[client_id] = nil
  local client = vim.lsp.get_client_by_id(client_id)
  if not how or not client then
    return
  end
  local is_wanted = how.code == 0 and (how.signal == 0 or how.signal == 15)
  local config, buffers = client.config, vim.tbl_keys(client.attached_buffers)
  vim.schedule(function()
    if is_wanted and was_started or vim.v.exiting ~= vim.NIL then
      return
    elseif not was_started then
      say(('the server ended while it started (%s). :Lintel log shows what it said; :Lintel restart tries again.'):format(
        how_it_ended(how.code, how.signal)))
    elseif n_restarts >= MAX_RESTARTS then
      say(('the server has stopped for the sixth time (%s) and is not started again. :Lintel log shows what it said; :Lintel restart tries again.'):format(
        how_it_ended(how.code, how.signal)))
    else
      vim.defer_fn(function()
        start_again(config, buffers)
      end, PAUSE_MS * 2 ^ n_restarts)
      n_restarts = n_restarts + 1
    end
  end)
end

---How often a server that stopped was started again.
---@return integer
function M.restarts()
  return n_restarts
end

---Stops the servers and starts them for the buffers that they had, and for those that have none, as if nothing had happened before.
function M.restart()
  n_restarts = 0
  require('lintel.root').forget()
  local clients = vim.lsp.get_clients({ name = M.NAME })
  for _, client in ipairs(clients) do
    require('lintel.client').stop(client, false)
  end
  local function is_over()
    return #vim.lsp.get_clients({ name = M.NAME }) == 0
  end
  if not vim.wait(2000, is_over, 10) then
    for _, client in ipairs(vim.lsp.get_clients({ name = M.NAME })) do
      require('lintel.client').stop(client, true)
    end
    vim.wait(2000, is_over, 10)
  end
  require('lintel.start').all()
end

-- ---- starting ----

---Starts the process. Its end is told to Neovim as a good one, because the message about a bad one is ours.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
local function run(dispatchers)
  local tell = dispatchers.on_exit
  dispatchers.on_exit = function(code, signal)
    ended = { code = code, signal = signal }
    tell(0, 0)
  end
  return vim.lsp.rpc.start(require('lintel.options').get().cmd, dispatchers)
end

---@param parameters lsp.InitializeParams
---@param config vim.lsp.ClientConfig
local function before_init(parameters, config)
  -- Without this capability the server sends the findings. With it, Neovim asks for them when a text changes, and misses what
  -- else changes them (saving, other files, settings): 0.10 knows no refresh, 0.12 answers it by asking about closed files.
  parameters.capabilities.textDocument.diagnostic = nil
  local options = require('lintel.options').get()
  -- In place: the client has this table already, and answers workspace/configuration from it.
  local settings = config.settings --[[@as table]]
  settings.lintel = vim.tbl_deep_extend('force', options.settings, settings.lintel or {})
  local trusted = options.trusted
  if type(trusted) == 'function' then
    trusted = trusted(config.root_dir)
  end
  if vim.tbl_isempty(settings.lintel) then
    settings.lintel = vim.empty_dict() -- an empty table is an empty list to others
  end
  -- So that the first findings are right already.
  local initial = { lintel = require('lintel.neighbours').first_settings(settings.lintel, config.root_dir) }
  if trusted == false then
    initial.trusted = false
  end
  parameters.initializationOptions = vim.tbl_extend('force', parameters.initializationOptions or {}, initial)
end

---@param client vim.lsp.Client
---@param result lsp.InitializeResult
local function on_init(client, result)
  has_started[client.id] = true
  require('lintel.neighbours').on_init(client)
  local info = result.serverInfo or {}
  if info.name ~= M.NAME or not M.is_new_enough(info.version) then
    M.complain_of_version(require('lintel.root').program(), info.name == M.NAME and ('it is ' .. tostring(info.version)) or 'it is something else')
    vim.schedule(function()
      require('lintel.client').stop(client, true)
    end)
  end
end

---@return lsp.ClientCapabilities
local function capabilities()
  return vim.tbl_deep_extend('force', vim.lsp.protocol.make_client_capabilities(), {
    -- What the other servers of these files count in. Neovim warns where two of a buffer differ.
    general = { positionEncodings = { 'utf-16' } },
    textDocument = { documentLink = { dynamicRegistration = false } },
    workspace = { textDocumentContent = vim.empty_dict() },
    experimental = { commands = { commands = { 'lintel.showReferences' } } },
  })
end

---The client's configuration, without its root.
---@return vim.lsp.Config
function M.config()
  local handlers = {
    ['window/showDocument'] = function(...)
      return require('lintel.pages').on_show_document(...)
    end,
    ['workspace/textDocumentContent/refresh'] = function(...)
      return require('lintel.pages').on_refresh(...)
    end,
    ['workspace/configuration'] = function(...)
      return require('lintel.neighbours').on_configuration(...)
    end,
  }
  if vim.fn.has('nvim-0.11') == 0 then
    handlers = vim.tbl_extend('error', handlers, require('lintel.answers').handlers)
  end
  return {
    name = M.NAME,
    cmd = run,
    filetypes = M.FILETYPES,
    root_dir = function(buffer, on_root)
      require('lintel.root').find(buffer, on_root)
    end,
    get_language_id = function(_, filetype)
      return filetype == 'mysql' and 'sql' or filetype
    end,
    capabilities = capabilities(),
    settings = { lintel = vim.empty_dict() },
    before_init = before_init,
    on_init = on_init,
    on_exit = on_exit,
    handlers = handlers,
    commands = {
      ['lintel.showReferences'] = function(command, context)
        require('lintel.references').show(command, context)
      end,
    },
  }
end

return M
