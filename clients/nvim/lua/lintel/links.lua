-- The links of a page: places like migrations/1.sql:12, which the server knows (textDocument/documentLink), and those that
-- Markdown has. The first are underlined; both are followed.
local M = {}

local namespace = vim.api.nvim_create_namespace('lintel.links')

---@type table<integer, table<integer, string>> by buffer and extmark: where it leads
local targets = {}
---@type table<integer, integer> by buffer: how often its links were asked for; an answer to an older question is for an older text
local turns = {}

---@param line string
---@param character integer in the server's units
---@param encoding string
---@return integer
local function byte_of(line, character, encoding)
  if encoding == 'utf-8' then
    return math.min(character, #line)
  end
  local is_in_line, byte = pcall(vim.str_byteindex, line, character, encoding == 'utf-16')
  return is_in_line and byte or #line
end

---@param buffer integer
---@param client vim.lsp.Client
---@param links lsp.DocumentLink[]
local function mark(buffer, client, links)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  targets[buffer] = {}
  for _, link in ipairs(links) do
    local row = link.range.start.line
    local line = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1] or ''
    local first = byte_of(line, link.range.start.character, client.offset_encoding)
    local after = byte_of(line, link.range['end'].character, client.offset_encoding)
    local is_marked, id = pcall(vim.api.nvim_buf_set_extmark, buffer, namespace, row, first, { end_col = after, hl_group = 'Underlined' })
    if is_marked then
      targets[buffer][id] = link.target
    end
  end
end

---Asks the server for the links of a page and shows them.
---@param buffer integer
---@param client vim.lsp.Client
function M.update(buffer, client)
  local uri = vim.api.nvim_buf_get_name(buffer)
  local turn = (turns[buffer] or 0) + 1
  turns[buffer] = turn
  require('lintel.client').request(client, 'textDocument/documentLink', { textDocument = { uri = uri } }, function(err, links)
    if not err and type(links) == 'table' and vim.api.nvim_buf_is_valid(buffer) and turns[buffer] == turn then
      mark(buffer, client, links)
    end
  end, buffer)
end

-- ---- following ----

---The place under the cursor.
---@return string?
local function marked_target()
  local buffer, cursor = vim.api.nvim_get_current_buf(), vim.api.nvim_win_get_cursor(0)
  local at = { cursor[1] - 1, cursor[2] }
  for _, found in ipairs(vim.api.nvim_buf_get_extmarks(buffer, namespace, { at[1], 0 }, at, { details = true })) do
    if found[3] <= at[2] and at[2] < found[4].end_col then
      return targets[buffer][found[1]]
    end
  end
end

---What Markdown calls a link.
---@return string?
local function written_target()
  local line, column = vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2] + 1
  for _, pattern in ipairs({ '()%[[^%]]*%]%(<?([^)%s>]+)>?%)()', '()<(%a[%w+.-]+:[^>%s]+)>()' }) do
    for first, target, after in line:gmatch(pattern) do
      if first <= column and column < after then
        return target
      end
    end
  end
end

---Goes to a window of this tab that has code, the previous one if it does; makes one where there is none.
local function go_to_code()
  local windows = vim.list_extend({ vim.fn.win_getid(vim.fn.winnr('#')) }, vim.api.nvim_tabpage_list_wins(0))
  for _, window in ipairs(windows) do
    if window ~= 0 and vim.bo[vim.api.nvim_win_get_buf(window)].buftype == '' and vim.api.nvim_win_get_config(window).relative == '' then
      vim.api.nvim_set_current_win(window)
      return
    end
  end
  vim.cmd('topleft split')
end

---@param target string file:///...#L12
local function open_file(target)
  local address, line = target:match('^(.-)#L(%d+)')
  go_to_code()
  vim.cmd("normal! m'")
  local buffer = vim.uri_to_bufnr(address or target)
  vim.bo[buffer].buflisted = true
  vim.api.nvim_set_current_buf(buffer)
  if line then
    vim.api.nvim_win_set_cursor(0, { math.min(tonumber(line) --[[@as integer]], vim.api.nvim_buf_line_count(0)), 0 })
    vim.cmd('normal! ^zv')
  end
end

---Follows what is under the cursor.
function M.follow()
  local target = marked_target() or written_target()
  if not target then
    vim.notify('Lintel: there is no link here.')
  elseif vim.startswith(target, 'lintel:') then
    require('lintel.pages').show(target, vim.b.lintel_client, true)
  elseif vim.startswith(target, 'file:') then
    open_file(target)
  else
    vim.ui.open(target)
  end
end

return M
