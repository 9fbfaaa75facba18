-- The pages of the scheme `lintel:` (reports, schemas, rules): read from the server, shown beside the code, kept up to date.
local M = {}

local client_of = require('lintel.client').of
local request = require('lintel.client').request

local PATIENCE_MS = 1000 -- reading a page waits so long, so that it is mostly there when :edit returns
local NARROW = 140 -- columns: below, 'auto' splits below

---@class lintel.Reading of a page that is on its way
---@field is_stale boolean it has changed meanwhile

---@type table<integer, lintel.Reading> by buffer
local readings = {}

---@param uri string
---@return boolean
local function is_page(uri)
  return vim.startswith(uri, 'lintel:')
end

-- ---- filling ----

---Replaces only what differs, so that cursors, folds and marks before it stay. A cursor on the last line stays on the last.
---@param buffer integer
---@param text string
local function fill(buffer, text)
  local lines = vim.split((text:gsub('\n$', '')), '\n', { plain = true })
  local old = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
  local first = 1
  while first <= #lines and first <= #old and lines[first] == old[first] do
    first = first + 1
  end
  local following = vim.tbl_filter(function(window)
    return #old > 1 and vim.api.nvim_win_get_cursor(window)[1] == #old
  end, vim.fn.win_findbuf(buffer))
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, first - 1, -1, false, vim.list_slice(lines, first))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  for _, window in ipairs(following) do
    vim.api.nvim_win_set_cursor(window, { #lines, 0 })
  end
end

---Asks the client for the page, then the other clients in turn.
---@param buffer integer
---@param uri string
---@param on_text fun(text: string?, message: string?)
local function ask(buffer, uri, on_text)
  local first = client_of(buffer)
  local clients = vim.tbl_filter(function(client)
    return client ~= first
  end, vim.lsp.get_clients({ name = 'lintel' }))
  table.insert(clients, 1, first)
  local function ask_next(index, message)
    local client = clients[index]
    if not client then
      on_text(nil, message or 'the server is not running; open an SQL, Prisma or Python file of the project first')
      return
    end
    request(client, 'workspace/textDocumentContent', { uri = uri }, function(err, result)
      if err or type(result) ~= 'table' then
        ask_next(index + 1, err and err.message)
      elseif vim.api.nvim_buf_is_valid(buffer) then
        vim.b[buffer].lintel_client = client.id
        on_text(result.text)
        require('lintel.links').update(buffer, client)
      end
    end, buffer)
  end
  ask_next(1)
end

---@param buffer integer
---@param uri string
local function update(buffer, uri)
  if readings[buffer] then
    readings[buffer].is_stale = true
    return
  end
  readings[buffer] = { is_stale = false }
  ask(buffer, uri, function(text, message)
    local was_stale = readings[buffer] and readings[buffer].is_stale
    readings[buffer] = nil
    if not vim.api.nvim_buf_is_valid(buffer) then
      return
    end
    if text then
      fill(buffer, text)
    else
      fill(buffer, ('This page cannot be shown: %s.'):format(message))
    end
    if was_stale then
      update(buffer, uri)
    end
  end)
end

-- ---- reading ----

---@param buffer integer
local function set_window(buffer)
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    for option, value in pairs({ wrap = true, linebreak = true, breakindent = true, conceallevel = 2, spell = false }) do
      vim.api.nvim_set_option_value(option, value, { win = window, scope = 'local' })
    end
  end
end

---Reads the page that a buffer is named by.
---@param buffer integer
function M.read(buffer)
  local uri = vim.api.nvim_buf_get_name(buffer)
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].swapfile = false
  vim.bo[buffer].undolevels = -1
  vim.bo[buffer].filetype = uri:match('%.json$') and 'json' or 'markdown'
  if vim.bo[buffer].filetype == 'markdown' then
    pcall(vim.treesitter.start, buffer, 'markdown')
  end
  local function follow()
    require('lintel.links').follow()
  end
  vim.keymap.set('n', '<Plug>(lintel-follow)', follow, { buffer = buffer, desc = 'Follow the link or place under the cursor' })
  for _, keys in ipairs({ '<CR>', 'gf', 'gF', 'gd', '<C-]>' }) do
    vim.keymap.set('n', keys, '<Plug>(lintel-follow)', { buffer = buffer, remap = true, desc = 'Follow the link or place under the cursor' })
  end
  set_window(buffer)
  vim.api.nvim_create_autocmd('BufWinEnter', {
    group = vim.api.nvim_create_augroup('lintel.page.' .. buffer, {}),
    buffer = buffer,
    desc = "How a window shows a page of Lintel",
    callback = function()
      set_window(buffer)
    end,
  })
  readings[buffer] = nil
  update(buffer, uri)
  vim.wait(PATIENCE_MS, function()
    return readings[buffer] == nil
  end, 5)
end

---The server says that a page has changed.
---@param parameters { uri: string }
---@return userdata
function M.on_refresh(_, parameters)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == parameters.uri then
      update(buffer, parameters.uri)
    end
  end
  return vim.NIL
end

-- ---- showing ----

---A window of this tab that shows a page.
---@return integer?
local function page_window()
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return is_page(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window)))
  end)
end

---@return string
local function split_command()
  local split = require('lintel.options').get().split
  if split == 'auto' then
    split = vim.o.columns >= NARROW and 'right' or 'below'
  end
  return ({ right = 'botright vsplit', below = 'botright split', tab = 'tab split' })[split]
end

---Shows a page beside the code: in the window that shows one already, else in a new one.
---@param uri string
---@param client_id integer?
---@param takes_focus boolean
function M.show(uri, client_id, takes_focus)
  local before = vim.api.nvim_get_current_win()
  local window = page_window()
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd(split_command())
  end
  local buffer = vim.fn.bufadd(uri)
  vim.bo[buffer].buflisted = true
  vim.b[buffer].lintel_client = client_id
  if vim.api.nvim_get_current_buf() == buffer then
    update(buffer, uri)
  else
    vim.cmd.buffer(buffer)
  end
  if not takes_focus and vim.api.nvim_win_is_valid(before) then
    vim.api.nvim_set_current_win(before)
  end
end

---The server wants a document to be shown. Pages are ours, everything else is Neovim's.
---@param err lsp.ResponseError?
---@param parameters lsp.ShowDocumentParams
---@param context lsp.HandlerContext
---@return table
function M.on_show_document(err, parameters, context, ...)
  if not is_page(parameters.uri) then
    return vim.lsp.handlers['window/showDocument'](err, parameters, context, ...)
  end
  M.show(parameters.uri, context.client_id, parameters.takeFocus ~= false)
  return { success = true }
end

return M
