-- The program, and what it is asked before there is a server: where a buffer's project begins, and whether it has a schema
-- (`lintel root`).
local M = {}

local ASK_AGAIN_MS = 30000 -- a project without a schema may get one
local PATIENCE_MS = 20000 -- twelve thousand Python files on a slow disk take a few seconds

---@class lintel.RootAnswer
---@field has_schema boolean
---@field root string? nil: nothing says where the project begins
---@field time number

---@type table<string, lintel.RootAnswer> by language and folder
local known = {}
---@type table<string, fun(answer: lintel.RootAnswer)[]> questions on their way
local waiting = {}

---The program, as the options or vim.lsp.config('lintel', { cmd = ... }) name it.
---@return string
function M.program()
  local configured = vim.lsp.config and vim.lsp.config.lintel and vim.lsp.config.lintel.cmd
  if type(configured) == 'table' then
    return configured[1]
  end
  return require('lintel.options').get().cmd[1]
end

---Runs the program and waits for its end. One that cannot be run ends with -1 and says why.
---@param arguments string[]
---@param patience_ms integer
---@param folder string? in which it runs; nil: the current one
---@return vim.SystemCompleted
function M.run(arguments, patience_ms, folder)
  local is_run, result = pcall(function()
    return vim.system({ M.program(), unpack(arguments) }, { text = true, timeout = patience_ms, cwd = folder }):wait()
  end)
  return is_run and result or { code = -1, signal = 0, stdout = '', stderr = tostring(result) }
end

---@param key string
---@param answer lintel.RootAnswer
local function give(key, answer)
  local callbacks = waiting[key] or {}
  waiting[key] = nil
  for _, callback in ipairs(callbacks) do
    callback(answer)
  end
end

---@param key string
---@param program string
---@param result vim.SystemCompleted
local function take(key, program, result)
  local answer = { has_schema = result.code == 0, time = vim.uv.now() }
  local root = (result.stdout or ''):gsub('\n$', '')
  if root ~= '' then
    answer.root = root
  end
  if result.code == 0 or result.code == 1 or result.code == 124 then -- 124: it took too long
    known[key] = answer
  else
    require('lintel.server').complain_of_version(program, vim.trim(result.stderr or ''))
  end
  give(key, answer)
end

---@param buffer integer
---@return boolean
function M.is_file(buffer)
  local name = vim.api.nvim_buf_get_name(buffer)
  return vim.bo[buffer].buftype == '' and name ~= '' and not name:match('^%a[%w+.-]+:')
end

---Calls `on_root` with the project's folder, or nil where there is none, if the buffer or its project has a schema;
---else never.
---@param buffer integer
---@param on_root fun(root: string?)
function M.find(buffer, on_root)
  if not M.is_file(buffer) then
    return
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  local is_python = vim.bo[buffer].filetype == 'python'
  if vim.bo[buffer].filetype == 'yaml' and vim.fs.basename(name) ~= 'lintel.yaml' then
    return
  end
  local program = M.program()
  if vim.fn.executable(program) == 0 then
    if not is_python then -- which may have nothing to do with databases
      require('lintel.server').complain_of_absence(program)
    end
    return
  end
  local function answered(answer)
    if answer.has_schema and vim.api.nvim_buf_is_valid(buffer) then
      on_root(answer.root)
    end
  end
  local key = (is_python and 'python ' or 'schema ') .. vim.fs.dirname(name)
  local answer = known[key]
  if answer and (answer.has_schema or vim.uv.now() - answer.time < ASK_AGAIN_MS) then
    answered(answer)
    return
  end
  if waiting[key] then
    table.insert(waiting[key], answered)
    return
  end
  waiting[key] = { answered }
  local is_started, message = pcall(vim.system, { program, 'root', name }, { text = true, timeout = PATIENCE_MS }, function(result)
    vim.schedule(function()
      take(key, program, result)
    end)
  end)
  if not is_started then
    waiting[key] = nil
    require('lintel.server').complain_of_version(program, tostring(message))
  end
end

---Forgets all answers.
function M.forget()
  known = {}
end

return M
