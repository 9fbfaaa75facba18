-- Asking the server, in Neovim 0.10 and later alike.
local M = {}

---@param client vim.lsp.Client
---@param method string
---@param parameters table
---@param on_answer fun(err: lsp.ResponseError?, result: any)
---@param buffer integer
function M.request(client, method, parameters, on_answer, buffer)
  if vim.fn.has('nvim-0.11') == 1 then
    client:request(method, parameters, on_answer, buffer)
  else
    client.request(method, parameters, on_answer, buffer)
  end
end

---@param client vim.lsp.Client
---@param method string
---@param parameters table
function M.notify(client, method, parameters)
  if vim.fn.has('nvim-0.11') == 1 then
    client:notify(method, parameters)
  else
    client.notify(method, parameters)
  end
end

---@param client vim.lsp.Client
---@param by_force boolean
function M.stop(client, by_force)
  if vim.fn.has('nvim-0.11') == 1 then
    client:stop(by_force)
  else
    client.stop(by_force)
  end
end

---JSON's null is no value.
---@param value any
---@return any
local function without_null(value)
  if value == vim.NIL then
    return nil
  elseif type(value) ~= 'table' then
    return value
  end
  local copy = {}
  for key, member in pairs(value) do
    copy[key] = without_null(member)
  end
  return copy
end

---The client of a buffer; of a page, the one that the page came from; else any.
---@param buffer integer
---@return vim.lsp.Client?
function M.of(buffer)
  local origin = vim.b[buffer].lintel_client
  local own = origin and vim.lsp.get_client_by_id(origin)
  return own or vim.lsp.get_clients({ name = 'lintel', bufnr = buffer })[1] or vim.lsp.get_clients({ name = 'lintel' })[1]
end

---The client of a buffer, or a message.
---@param buffer integer
---@return vim.lsp.Client?
function M.wanted(buffer)
  local client = M.of(buffer)
  if not client then
    vim.notify('Lintel: the server is not running here: it starts for SQL, Prisma and Python files of a project with a schema. '
      .. ':checkhealth lintel says more.', vim.log.levels.WARN)
  end
  return client
end

---Runs a command of the server. Its error is shown, unless `on_error` takes it.
---@param client vim.lsp.Client
---@param command string
---@param argument table?
---@param on_result fun(result: any)?
---@param on_error (fun(err: lsp.ResponseError): boolean)? true: it is dealt with
function M.execute(client, command, argument, on_result, on_error)
  local parameters = { command = command, arguments = argument and { argument } or nil }
  M.request(client, 'workspace/executeCommand', parameters, function(err, result)
    if err and not (on_error and on_error(err)) then
      vim.notify('Lintel: ' .. err.message, vim.log.levels.WARN)
    elseif not err and on_result then
      on_result(without_null(result))
    end
  end, vim.api.nvim_get_current_buf())
end

---The same, waiting at most `patience_ms`. For completion, which cannot wait otherwise.
---@param client vim.lsp.Client
---@param command string
---@param argument table
---@param patience_ms integer
---@return any result nil: none, or an error
function M.execute_now(client, command, argument, patience_ms)
  local is_answered, answer = false, nil
  M.request(client, 'workspace/executeCommand', { command = command, arguments = { argument } }, function(_, result)
    is_answered, answer = true, without_null(result)
  end, vim.api.nvim_get_current_buf())
  vim.wait(patience_ms, function()
    return is_answered
  end, 5)
  return answer
end

return M
