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

---@class lintel.Ended
---@field code integer -1: it cannot be run; 124: it took too long
---@field stdout string
---@field stderr string

---Starts the program. As a job, because vim.system() of 0.10 may lose what a program has written when it ends.
---@param arguments string[]
---@param patience_ms integer
---@param folder string? in which it runs; nil: the current one
---@param on_end fun(result: lintel.Ended)
local function start(arguments, patience_ms, folder, on_end)
  local result = { code = -1, stdout = '', stderr = '' }
  local timer = assert(vim.uv.new_timer())
  local is_late = false
  local function keep(name)
    return function(_, lines)
      result[name] = table.concat(lines, '\n')
    end
  end
  local is_started, job = pcall(vim.fn.jobstart, { M.program(), unpack(arguments) }, {
    cwd = folder,
    stdin = 'null',
    stdout_buffered = true,
    stderr_buffered = true,
    on_stdout = keep('stdout'),
    on_stderr = keep('stderr'),
    on_exit = function(_, code)
      timer:stop()
      timer:close()
      result.code = is_late and 124 or code
      on_end(result)
    end,
  })
  if not is_started or job <= 0 then
    timer:close()
    result.stderr = is_started and 'it cannot be run' or tostring(job)
    on_end(result)
    return
  end
  timer:start(patience_ms, 0, vim.schedule_wrap(function()
    is_late = true
    vim.fn.jobstop(job)
  end))
end

---Runs the program and waits for its end.
---@param arguments string[]
---@param patience_ms integer
---@param folder string? in which it runs; nil: the current one
---@return lintel.Ended
function M.run(arguments, patience_ms, folder)
  local ended
  start(arguments, patience_ms, folder, function(result)
    ended = result
  end)
  vim.wait(patience_ms + 2000, function()
    return ended ~= nil
  end, 5)
  return ended or { code = 124, stdout = '', stderr = '' }
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
---@param result lintel.Ended
local function take(key, program, result)
  local answer = { has_schema = result.code == 0, time = vim.uv.now() }
  local root = result.stdout:gsub('\n$', '')
  if root ~= '' then
    answer.root = root
  end
  if result.code == 0 or result.code == 1 or result.code == 124 then
    known[key] = answer
  else
    require('lintel.server').complain_of_version(program, vim.trim(result.stderr))
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
  start({ 'root', name }, PATIENCE_MS, nil, function(result)
    take(key, program, result)
  end)
end

---Forgets all answers.
function M.forget()
  known = {}
end

return M
