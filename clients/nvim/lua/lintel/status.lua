-- The text for a status line. What it needs is asked for when a buffer is entered or saved, and kept.
local M = {}

---@class lintel.Database
---@field name string
---@field dialect string
---@field tables integer

---@class lintel.Status of a buffer, as `lintel.status` answers
---@field version string
---@field databases lintel.Database[]
---@field provider string?
---@field model string?
---@field trusted boolean

---@type table<integer, lintel.Status>
local known = {}
---@type table<integer, table<string|integer, string>> consultations going on, by client and token; a client may be gone
local going_on = {}

---@param buffer integer
---@param on_status fun(status: lintel.Status)?
---@param on_error fun()?
function M.ask(buffer, on_status, on_error)
  local client = vim.lsp.get_clients({ name = 'lintel', bufnr = buffer })[1]
  if not client then
    known[buffer] = nil
    return
  end
  require('lintel.client').execute(client, 'lintel.status', { uri = vim.uri_from_bufnr(buffer) }, function(status)
    known[buffer] = status
    vim.cmd.redrawstatus({ bang = true })
    if on_status then
      on_status(status)
    end
  end, function()
    known[buffer] = nil -- not analysed yet
    if on_error then
      on_error()
    end
    return true
  end)
end

---@param buffer integer
function M.watch(buffer)
  local group = vim.api.nvim_create_augroup('lintel.status.' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'BufEnter', 'BufWritePost', 'DiagnosticChanged', 'LspDetach' }, {
    group = group,
    buffer = buffer,
    desc = "Ask for the status of Lintel's server",
    callback = function(event)
      if event.event == 'LspDetach' then
        known[buffer] = nil
      elseif not known[buffer] or event.event ~= 'DiagnosticChanged' then
        M.ask(buffer)
      end
    end,
  })
  M.ask(buffer)
end

---@param client_id integer
---@param token string|integer
---@param value { kind: string, percentage: integer?, cancellable: boolean? }
---@return boolean whether it is about a consultation, which alone can be cancelled
function M.on_progress(client_id, token, value)
  local texts = going_on[client_id] or {}
  if not (texts[token] or value.cancellable) then
    return false
  end
  going_on[client_id] = texts
  if value.kind == 'end' then
    texts[token] = nil
  else
    texts[token] = value.percentage and ('consulting %d%%%%'):format(value.percentage) or 'consulting'
  end
  vim.cmd.redrawstatus({ bang = true })
  return true
end

---@return string?
local function consultation()
  for client_id, texts in pairs(going_on) do
    local _, text = next(texts)
    if text and vim.lsp.get_client_by_id(client_id) then
      return text
    end
  end
end

---@param buffer integer
---@return string
function M.text(buffer)
  local consulting = consultation()
  if consulting then
    return 'Lintel: ' .. consulting
  end
  if #vim.lsp.get_clients({ name = 'lintel', bufnr = buffer }) == 0 then
    return ''
  end
  local status = known[buffer]
  local database = status and status.databases[1]
  if not database then
    return 'Lintel'
  end
  -- A status line reads % as the beginning of an item.
  return ('Lintel: %s (%s)'):format((database.name:gsub('%%', '%%%%')), database.dialect)
end

return M
