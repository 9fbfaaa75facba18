-- Other language servers in the same buffers. Squawk's reports on migrations what Lintel reports as well: while both are in a
-- buffer, the settings that Lintel is sent say so, and it leaves out what would be there twice. The server cannot see that by
-- itself. Where the user has set `neighbours.squawk`, that holds.
local M = {}

---@type table<integer, boolean> clients by id that were told of squawk
local is_told = {}

---By any name, started by whatever runs it: { 'squawk', 'server' }, { 'npx', 'squawk-cli', 'server' }.
---@param client vim.lsp.Client
---@return boolean
local function is_squawk(client)
  local words = { client.name }
  if type(client.config.cmd) == 'table' then
    vim.list_extend(words, client.config.cmd --[[@as string[] ]])
  end
  return vim.iter(words):any(function(word)
    return vim.fs.basename(word):match('^squawk') ~= nil
  end)
end

---@param client vim.lsp.Client ours
---@return boolean is_there in a buffer that ours is in
function M.has_squawk(client)
  return vim.iter(pairs(client.attached_buffers)):any(function(buffer)
    return vim.iter(vim.lsp.get_clients({ bufnr = buffer })):any(is_squawk)
  end)
end

---@param settings table of Lintel
---@return table the same, or a copy that says that squawk is there
local function with_squawk(settings)
  local set = vim.tbl_get(settings, 'neighbours', 'squawk')
  if set ~= nil and set ~= 'automatic' then
    return settings
  end
  return vim.tbl_deep_extend('force', settings, { neighbours = { squawk = 'on' } })
end

---Whether squawk is in a file of the project, so that Lintel will probably be beside it once it has started.
---@param root string? nil: a file by itself
---@return boolean
local function expects_squawk(root)
  local folder = root and vim.fs.normalize(root) .. '/' or ''
  return vim.iter(vim.lsp.get_clients()):filter(is_squawk):any(function(client)
    return vim.iter(pairs(client.attached_buffers)):any(function(buffer)
      return vim.startswith(vim.api.nvim_buf_get_name(buffer), folder)
    end)
  end)
end

---What the server is told first. Nothing is there twice then, not even while it starts.
---@param settings table of Lintel
---@param root string?
---@return table
function M.first_settings(settings, root)
  return expects_squawk(root) and with_squawk(settings) or settings
end

---Called when the server has started. `watch` corrects it, when it is in its first buffer.
---@param client vim.lsp.Client
function M.on_init(client)
  is_told[client.id] = expects_squawk(client.root_dir)
end

---Answers the server's question for its settings.
---@param parameters lsp.ConfigurationParams
---@param context lsp.HandlerContext
function M.on_configuration(err, parameters, context, config)
  local values = vim.lsp.handlers['workspace/configuration'](err, parameters, context, config)
  if is_told[context.client_id] and type(values) == 'table' then
    for i, item in ipairs(parameters.items) do
      if item.section == 'lintel' and type(values[i]) == 'table' then
        values[i] = with_squawk(values[i])
      end
    end
  end
  return values
end

---Tells the servers that have got squawk beside them, or no longer have.
local function look()
  for id in pairs(is_told) do
    if not vim.lsp.get_client_by_id(id) then
      is_told[id] = nil
    end
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'lintel' })) do
    local has_squawk = M.has_squawk(client)
    if has_squawk ~= (is_told[client.id] or false) then
      is_told[client.id] = has_squawk
      -- It asks for its settings then.
      require('lintel.client').notify(client, 'workspace/didChangeConfiguration', { settings = client.settings })
    end
  end
end

local is_watching = false

---Looks who is there, and watches who comes and goes. Called when Lintel is attached to a buffer.
function M.watch()
  look()
  if is_watching then
    return
  end
  is_watching = true
  vim.api.nvim_create_autocmd({ 'LspAttach', 'LspDetach' }, {
    group = vim.api.nvim_create_augroup('lintel.neighbours', {}),
    desc = 'Leave to squawk what Lintel would say too',
    callback = function(event)
      if event.event == 'LspAttach' then
        look()
      else
        vim.schedule(look) -- during the event the client is still there
      end
    end,
  })
end

return M
