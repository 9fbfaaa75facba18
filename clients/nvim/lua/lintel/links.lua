-- Following what stands under the cursor in a page: a Markdown link, an address, a place like migrations/1.sql:12.
local M = {}

---The match of `pattern` in `line` that holds byte `column` (1-based).
---@param line string
---@param pattern string with one capture
---@param column integer
---@return string?
local function match_at(line, pattern, column)
  local from = 1
  while true do
    local first, last, capture = line:find(pattern, from)
    if not first then
      return nil
    elseif first <= column and column <= last then
      return capture
    end
    from = last + 1
  end
end

---@param line string
---@param column integer
---@return string?
local function target_at(line, column)
  return match_at(line, '%[[^%]]*%]%(<?([^)%s>]+)>?%)', column)
    or match_at(line, '<(%a[%w+.-]+:[^>%s]+)>', column)
    or match_at(line, '(lintel:[%w/%%._-]*[%w])', column)
    or match_at(line, '(https?://[^%s)>]*[%w/])', column)
    or match_at(line, '([%w_@+~%%./-]+%.%w+:%d+)', column)
    or match_at(line, '([%w_@+~%%.-]+/[%w_@+~%%./-]+%.%w+)', column)
end

---@param target string
---@return string path, integer? line
local function split_place(target)
  local path, line = target:match('^(.-)#L(%d+)')
  if not path then
    path, line = target:match('^(.-):(%d+)$')
  end
  return path or target, tonumber(line)
end

---@param path string
---@return string? absolute the file, where there is one
local function find_file(path)
  if vim.startswith(path, 'file:') then
    return vim.uri_to_fname(path)
  end
  local client = require('lintel.client').of(0)
  for _, folder in ipairs({ client and client.root_dir or false, vim.fn.getcwd() }) do
    local candidate = folder and vim.fs.joinpath(folder, path)
    if candidate and vim.uv.fs_stat(candidate) then
      return candidate
    end
  end
  return vim.uv.fs_stat(path) and path or nil
end

---A window of this tab with code, or a new one.
local function go_to_code()
  local previous = vim.fn.win_getid(vim.fn.winnr('#'))
  local windows = vim.list_extend({ previous }, vim.api.nvim_tabpage_list_wins(0))
  for _, window in ipairs(windows) do
    if window ~= 0 and vim.bo[vim.api.nvim_win_get_buf(window)].buftype == '' and vim.api.nvim_win_get_config(window).relative == '' then
      vim.api.nvim_set_current_win(window)
      return
    end
  end
  vim.cmd('topleft split')
end

---@param target string
local function open_place(target)
  local path, line = split_place(target)
  local file = find_file(path)
  if not file then
    vim.notify(('Lintel: there is no file %s.'):format(path), vim.log.levels.WARN)
    return
  end
  go_to_code()
  vim.cmd("normal! m'")
  vim.cmd.edit(vim.fn.fnameescape(vim.fn.fnamemodify(file, ':.')))
  if line then
    vim.api.nvim_win_set_cursor(0, { math.min(line, vim.api.nvim_buf_line_count(0)), 0 })
    vim.cmd('normal! ^zv')
  end
end

---Follows what is under the cursor.
function M.follow()
  local target = target_at(vim.api.nvim_get_current_line(), vim.api.nvim_win_get_cursor(0)[2] + 1)
  if not target then
    vim.notify('Lintel: there is no link here.')
  elseif vim.startswith(target, 'lintel:') then
    require('lintel.pages').show(target, vim.b.lintel_client, true)
  elseif target:match('^https?:') then
    vim.ui.open(target)
  else
    open_place(target)
  end
end

return M
