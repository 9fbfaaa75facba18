-- tap.lua - what the suites share: TAP on standard output, waiting, finding things.
local M = {}

local failed = 0
---@type string[] what vim.notify was called with
M.messages = {}

local function say(text)
  io.stdout:write(text .. '\n')
end

vim.notify = function(text)
  table.insert(M.messages, text)
end
local notified = {}
vim.notify_once = function(text)
  if not notified[text] then
    notified[text] = true
    vim.notify(text)
  end
end

---@param name string
---@param body fun()
function M.check(name, body)
  local ok, message = xpcall(body, debug.traceback)
  say((ok and 'ok - ' or 'not ok - ') .. name)
  if not ok then
    failed = failed + 1
    for line in tostring(message):gmatch('[^\n]+') do
      say('#   ' .. line)
    end
    for _, text in ipairs(M.messages) do
      say('#   message: ' .. text)
    end
  end
end

---@param name string
---@param reason string
function M.skip(name, reason)
  say(('ok - %s # SKIP %s'):format(name, reason))
end

---@param what string
---@param condition fun(): any
---@return any the condition's value
function M.wait(what, condition)
  local value
  if not vim.wait(tonumber(vim.env.PATIENCE or 30000), function()
    value = condition()
    return value
  end, 10) then
    error('waited in vain for ' .. what, 2)
  end
  return value
end

---@param buffer integer?
---@return string
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

---The text holds all the others, plainly.
---@param text string
---@param ... string
function M.has(text, ...)
  for _, part in ipairs({ ... }) do
    assert(text:find(part, 1, true), ('no %q in:\n%s'):format(part, text:sub(1, 4000)))
  end
end

---@return vim.lsp.Client
function M.client(buffer)
  return M.wait('the client', function()
    local client = vim.lsp.get_clients({ name = 'lintel', bufnr = buffer })[1]
    return client and client.initialized and client
  end)
end

---Opens a file and waits for its findings.
---@param path string
---@return integer buffer
function M.open(path)
  vim.cmd.edit(path)
  local buffer = vim.api.nvim_get_current_buf()
  M.client(buffer)
  M.wait('findings', function()
    return #vim.diagnostic.get(buffer) > 0
  end)
  return buffer
end

---Puts the cursor on the first character of `part`.
---@param part string
function M.at(part)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local column = line:find(part, 1, true)
    if column then
      vim.api.nvim_win_set_cursor(0, { number, column - 1 })
      return
    end
  end
  error('no ' .. part .. ' in the buffer', 2)
end

---@param buffer integer?
---@return string the codes of a buffer's findings
function M.codes(buffer)
  return table.concat(vim.tbl_map(function(diagnostic)
    return diagnostic.code
  end, vim.diagnostic.get(buffer or 0)), ' ')
end

---The window and the text of a float that holds `part`.
---@param part string
---@return { window: integer, text: string }?
local function float_with(part)
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local text = M.text(vim.api.nvim_win_get_buf(window))
    if vim.api.nvim_win_get_config(window).relative ~= '' and text:find(part, 1, true) then
      return { window = window, text = text }
    end
  end
end

---The text of the float that hovering opens, which holds `part`. Asks again: a float goes when the cursor moves, which it
---may have done just before.
---@param part string
---@return string
function M.hover(part)
  local asked = -math.huge
  local float = M.wait('a hover with ' .. part, function()
    if vim.uv.now() - asked > 2000 then
      asked = vim.uv.now()
      vim.lsp.buf.hover()
    end
    return float_with(part)
  end)
  vim.api.nvim_win_close(float.window, true)
  return float.text
end

---Waits until a page is shown and read, and gives its text.
---@param pattern string of its address
---@return string
function M.page(pattern)
  return M.wait('the page ' .. pattern, function()
    local text = M.text()
    return vim.api.nvim_buf_get_name(0):find(pattern) and #text > 0 and text
  end)
end

---The message that holds `part`.
---@param part string
---@return string
function M.message(part)
  return M.wait('the message ' .. part, function()
    return vim.iter(M.messages):find(function(text)
      return text:find(part, 1, true) ~= nil
    end)
  end)
end

---Ends the editor with what the checks came to.
function M.done()
  M.check('no error was shown', function()
    assert(vim.v.errmsg == '', vim.v.errmsg)
  end)
  io.stdout:flush()
  vim.cmd(failed > 0 and 'cquit 1' or 'qall!')
end

return M
